//! `jobs` with their steps: what goes on, and what went on lately.

use super::listing;
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{Fault, StepId, WorkflowId};
use domain::jobs::SharedWorkflow;

fn find(ask: &Ask) -> Result<SharedWorkflow, Fault> {
    let id: WorkflowId = ask.id(0, WorkflowId::WHAT)?;
    ask.snapshot
        .workflow(id)
        .cloned()
        .ok_or_else(|| Fault::not_found(WorkflowId::WHAT, id))
}

/// The one search that clients put to jobs: `correlation_id=x`.
fn correlation_of(text: &str) -> Result<Option<String>, Fault> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    match text.split_once('=') {
        Some((field, value)) if field.trim().eq_ignore_ascii_case("correlation_id") => {
            let value = value.trim();
            let bare = value.strip_prefix('"').and_then(|v| v.strip_suffix('"'));
            Ok(Some(bare.unwrap_or(value).to_owned()))
        }
        _ => Err(Fault::not_supported(
            "a search for jobs other than `correlation_id=…`",
        )),
    }
}

/// `GET jobs`, newest first.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    let wanted = correlation_of(ask.parameters.text("search").unwrap_or_default())?;
    let take = listing::max(ask)?.unwrap_or(usize::MAX);
    let found: Vec<SharedWorkflow> = ask
        .snapshot
        .workflows()
        .filter(|w| {
            wanted
                .as_ref()
                .is_none_or(|id| w.call.correlation_id == *id)
        })
        .take(take)
        .cloned()
        .collect();
    Ok(Answer::list(found.into_iter().map(|w| convert::job(&w))))
}

/// `GET jobs/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    Ok(Answer::entity(convert::job(&*find(ask)?)))
}

/// `GET jobs/{}/steps`.
pub fn steps(ask: &Ask) -> Result<Answer, Fault> {
    let job = find(ask)?;
    let steps = job
        .steps
        .iter()
        .enumerate()
        .map(|(n, step)| convert::step(&job, n, step));
    listing::plain(ask, steps.collect())
}

/// `GET jobs/{}/steps/{}`.
pub fn step(ask: &Ask) -> Result<Answer, Fault> {
    let job = find(ask)?;
    let id: StepId = ask.id(1, StepId::WHAT)?;
    job.steps
        .iter()
        .enumerate()
        .find(|(_, step)| step.id == id)
        .map(|(n, step)| Answer::entity(convert::step(&job, n, step)))
        .ok_or_else(|| Fault::not_found(StepId::WHAT, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_searched_by_their_correlation_only() {
        assert_eq!(correlation_of(" ").unwrap(), None);
        assert_eq!(
            correlation_of("correlation_id = \"a b\"").unwrap().unwrap(),
            "a b"
        );
        assert_eq!(
            correlation_of("Correlation_Id=x=y").unwrap().unwrap(),
            "x=y"
        );
        assert!(correlation_of("status=started").is_err());
    }
}
