//! The engine's failpoints (`ports::failpoint`): around each journal write of a workflow, and after each
//! commit, before anybody hears of it.

use domain::jobs::{WorkflowRow, WorkflowState};
use ports::failpoint;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::{Change, CommitObserver, Committed};
use workflow::{JournalHook, JournalPoint};

/// Whether this process passes any.
pub fn wanted() -> bool {
    failpoint::BUILT_IN && std::env::var_os(failpoint::VARIABLE).is_some()
}

/// Passes `workflow/KIND/STATE/STEP/before` and `.../after`: the state that is written, and the step it
/// has come to.
pub fn journal() -> JournalHook {
    Arc::new(|point, row| {
        let side = match point {
            JournalPoint::Before => "before",
            JournalPoint::After => "after",
        };
        failpoint::pass(format_args!(
            "workflow/{}/{}/{}/{side}",
            row.kind,
            state(row),
            step(row)
        ));
        false
    })
}

fn state(row: &WorkflowRow) -> &'static str {
    match row.state {
        WorkflowState::Forward => "forward",
        WorkflowState::Undoing => "undoing",
        WorkflowState::Finished => "finished",
        WorkflowState::Failed => "failed",
        WorkflowState::Aborted => "aborted",
        WorkflowState::NeedsOperator => "needs-operator",
    }
}

fn step(row: &WorkflowRow) -> &str {
    row.steps.get(row.cursor).map_or("end", |s| &s.name)
}

/// Passes `commit/WHAT/after`, where `WHAT` is everything that the commit holds.
pub struct Commits;

impl CommitObserver for Commits {
    fn committed(&self, commit: &Committed) {
        let what: BTreeSet<String> = commit.changes.iter().map(word).collect();
        let what = Vec::from_iter(what).join("+");
        failpoint::pass(format_args!("commit/{what}/after"));
    }
}

fn word(change: &Change) -> String {
    match change {
        Change::Workflow(row) if row.revision == 1 => format!("accept-{}", row.kind),
        Change::Workflow(row) => row.kind.clone(),
        Change::Put(entity) => format!("{:?}", entity.noun()).to_lowercase(),
        Change::Deleted(key) => format!("no-{:?}", key.noun).to_lowercase(),
        Change::Event(_) => "event".to_owned(),
        Change::WorkflowForgotten(_) => "no-workflow".to_owned(),
    }
}
