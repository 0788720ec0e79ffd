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

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Call, Fault, StepId, WorkflowId};
    use domain::jobs::{StepPhase, StepRow};
    use proptest::prelude::*;

    fn states() -> impl Strategy<Value = WorkflowState> {
        prop_oneof![
            Just(WorkflowState::Forward),
            Just(WorkflowState::Undoing),
            Just(WorkflowState::Finished),
            Just(WorkflowState::Failed),
            Just(WorkflowState::Aborted),
            Just(WorkflowState::NeedsOperator),
        ]
    }

    fn phases() -> impl Strategy<Value = StepPhase> {
        prop_oneof![
            Just(StepPhase::Pending),
            Just(StepPhase::Begun),
            Just(StepPhase::Done),
            Just(StepPhase::Undone),
        ]
    }

    /// Rows of any make, also such as no journal writes.
    fn rows() -> impl Strategy<Value = WorkflowRow> {
        let steps = proptest::collection::vec((phases(), any::<u32>()), 0..5);
        let rest = (0usize..7, any::<bool>(), any::<bool>(), any::<u32>());
        (states(), steps, proptest::option::of(any::<i64>()), rest).prop_map(
            |(state, steps, wake_at, (cursor, cancel_requested, failed, version))| WorkflowRow {
                id: WorkflowId::known(1),
                revision: 1,
                kind: "any".to_owned(),
                memo_version: version,
                memo: serde_json::Value::Null,
                state,
                cursor,
                steps: steps
                    .into_iter()
                    .map(|(phase, attempts)| StepRow {
                        id: StepId::known(1),
                        name: "step".to_owned(),
                        title: "Step".to_owned(),
                        phase,
                        attempts,
                        started: None,
                        ended: None,
                        progress: None,
                        fault: None,
                    })
                    .collect(),
                title: "Any".to_owned(),
                call: Call::internal("any"),
                subjects: Vec::new(),
                parent: None,
                cancel_requested,
                wake_at: wake_at.map(Timestamp),
                fault: failed.then(|| Fault::internal("any")),
                started: Timestamp(0),
                ended: None,
            },
        )
    }

    proptest! {
        #[test]
        fn every_row_has_one_plan_that_its_state_allows(row in rows(), now in any::<i64>()) {
            let now = Timestamp(now);
            let plan = recovery_of(&row, now);
            match plan {
                Recovery::Leave => {
                    prop_assert!(row.state.is_over() || row.state == WorkflowState::NeedsOperator);
                }
                Recovery::Resume => prop_assert_eq!(row.state, WorkflowState::Forward),
                Recovery::Undo => prop_assert_eq!(row.state, WorkflowState::Undoing),
                // Never woken earlier than it asked for, and never for a moment that has passed.
                Recovery::Sleep(at) => {
                    prop_assert!(at > now);
                    prop_assert_eq!(row.wake_at, Some(at));
                }
            }
            prop_assert_eq!(row.state.is_over() && plan != Recovery::Leave, false);
            // Later, a sleeper goes on in the direction it had.
            if let Recovery::Sleep(at) = plan {
                let later = recovery_of(&row, at);
                let back = row.state == WorkflowState::Undoing;
                prop_assert_eq!(later, if back { Recovery::Undo } else { Recovery::Resume });
            }
            prop_assert_eq!(recovery_of(&row, now), plan);
        }
    }
}
