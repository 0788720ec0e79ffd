//! How a row moves: pure functions from one journal state to the next, no I/O.

use crate::table::StepDef;
use base::{Call, Fault, Random, StepId, Timestamp, WorkflowId};
use domain::jobs::{StepPhase, StepRow, WorkflowRow, WorkflowState};
use serde_json::Value;
use uuid::Uuid;

/// What a new row is made of.
pub(crate) struct Draft<'a> {
    pub id: WorkflowId,
    pub kind: &'static str,
    pub memo_version: u32,
    pub memo: Value,
    pub steps: &'static [StepDef],
    pub title: String,
    pub call: &'a Call,
    pub subjects: Vec<Uuid>,
}

/// A row whose first step is begun.
pub(crate) fn new_row(draft: Draft<'_>, random: &dyn Random, now: Timestamp) -> WorkflowRow {
    let steps = draft
        .steps
        .iter()
        .map(|def| StepRow {
            id: StepId::random(random),
            name: def.name.to_owned(),
            title: def.title.to_owned(),
            phase: StepPhase::Pending,
            attempts: 0,
            started: None,
            ended: None,
            progress: None,
            fault: None,
        })
        .collect();
    let mut row = WorkflowRow {
        id: draft.id,
        revision: 1,
        kind: draft.kind.to_owned(),
        memo_version: draft.memo_version,
        memo: draft.memo,
        state: WorkflowState::Forward,
        cursor: 0,
        steps,
        title: draft.title,
        call: draft.call.clone(),
        subjects: draft.subjects,
        parent: None,
        cancel_requested: false,
        wake_at: None,
        fault: None,
        started: now,
        ended: None,
    };
    begin(&mut row, now);
    row
}

fn begin(row: &mut WorkflowRow, now: Timestamp) {
    match row.steps.get_mut(row.cursor) {
        Some(step) => {
            step.phase = StepPhase::Begun;
            step.attempts = 1;
            step.started = Some(now);
            step.ended = None;
            step.fault = None;
        }
        None => {
            row.state = WorkflowState::Finished;
            row.ended = Some(now);
        }
    }
}

/// The step at the cursor is done; the next one is begun, or the workflow is finished.
pub(crate) fn step_done(row: &mut WorkflowRow, now: Timestamp) {
    if let Some(step) = row.steps.get_mut(row.cursor) {
        step.phase = StepPhase::Done;
        step.ended = Some(now);
        step.progress = None;
    }
    row.cursor += 1;
    row.wake_at = None;
    begin(row, now);
}

/// Back to step `to` (an index not above the cursor): it is begun, all after it are pending.
pub(crate) fn step_back(row: &mut WorkflowRow, to: usize, now: Timestamp) {
    for step in row.steps.iter_mut().skip(to) {
        step.phase = StepPhase::Pending;
        step.started = None;
        step.ended = None;
    }
    row.cursor = to;
    row.wake_at = None;
    begin(row, now);
}

/// The step at the cursor failed in passing and is tried again at `at`.
pub(crate) fn step_retry(row: &mut WorkflowRow, fault: Fault, at: Timestamp) {
    if let Some(step) = row.steps.get_mut(row.cursor) {
        step.attempts = step.attempts.saturating_add(1);
        step.fault = Some(fault);
    }
    row.wake_at = Some(at);
}

/// The way back begins at the cursor.
pub(crate) fn turn_back(row: &mut WorkflowRow, fault: Fault) {
    if let Some(step) = row.steps.get_mut(row.cursor) {
        step.fault = Some(fault.clone());
    }
    row.state = WorkflowState::Undoing;
    row.fault = Some(fault);
    row.wake_at = None;
    row.cursor = row.cursor.min(row.steps.len().saturating_sub(1));
}

/// The step at the cursor is undone. Answers whether there is another one before it.
pub(crate) fn step_undone(row: &mut WorkflowRow, now: Timestamp) -> bool {
    if let Some(step) = row.steps.get_mut(row.cursor) {
        if step.phase != StepPhase::Pending {
            step.phase = StepPhase::Undone;
            step.ended = Some(now);
        }
        step.attempts = 1;
    }
    row.wake_at = None;
    if row.cursor == 0 {
        return false;
    }
    row.cursor -= 1;
    true
}

/// Everything is undone.
pub(crate) fn close(row: &mut WorkflowRow, now: Timestamp) {
    row.state = if row.cancel_requested {
        WorkflowState::Aborted
    } else {
        WorkflowState::Failed
    };
    row.ended = Some(now);
    row.wake_at = None;
}

/// Marks steps as done that the accepting verb did itself, in the same commit; the step after them
/// is begun.
pub fn mark_done(row: &mut WorkflowRow, step: &str, now: Timestamp) {
    while row
        .steps
        .get(row.cursor)
        .is_some_and(|s| s.phase == StepPhase::Begun)
    {
        let hit = row.steps[row.cursor].name == step;
        step_done(row, now);
        if hit {
            break;
        }
    }
}

/// Is the row past a step from which there is only forward?
pub(crate) fn past_no_return(row: &WorkflowRow, defs: &[StepDef]) -> bool {
    row.steps
        .iter()
        .zip(defs)
        .any(|(s, d)| d.point_of_no_return && s.phase == StepPhase::Done)
}
