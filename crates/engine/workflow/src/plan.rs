//! What to do with a row found at start: pure, so that every row can be asked about in tests.

use base::Timestamp;
use domain::jobs::{WorkflowRow, WorkflowState};

/// What becomes of a row that is found after a crash or restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// It is over or waits for a person.
    Leave,
    /// Run the step at the cursor (again).
    Resume,
    /// Undo from the cursor back.
    Undo,
    /// Not before that moment.
    Sleep(Timestamp),
}

/// The plan for one row. O(1).
#[must_use]
pub fn recovery_of(row: &WorkflowRow, now: Timestamp) -> Recovery {
    match row.state {
        WorkflowState::Finished
        | WorkflowState::Failed
        | WorkflowState::Aborted
        | WorkflowState::NeedsOperator => Recovery::Leave,
        WorkflowState::Forward | WorkflowState::Undoing => match row.wake_at {
            Some(at) if at > now => Recovery::Sleep(at),
            _ if row.state == WorkflowState::Undoing => Recovery::Undo,
            _ => Recovery::Resume,
        },
    }
}
