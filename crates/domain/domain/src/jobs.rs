//! Workflows as rows, and as the jobs and steps that oVirt's users know.
//!
//! How they run is not here (`workflow`).

use base::{Call, StepId, Timestamp, WorkflowId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// Where a workflow stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum WorkflowState {
    /// Steps are being done.
    Forward,
    /// Steps are being undone, from the last begun one back.
    Undoing,
    /// All steps are done.
    Finished,
    /// All steps are undone after a failure.
    Failed,
    /// All steps are undone after somebody cancelled it.
    Aborted,
    /// Undoing failed too often; a person must look.
    NeedsOperator,
}

impl WorkflowState {
    /// Will it never move again by itself?
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(
            self,
            WorkflowState::Finished | WorkflowState::Failed | WorkflowState::Aborted
        )
    }
}

/// Where a step stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum StepPhase {
    /// Its turn has not come.
    Pending,
    /// Its effect may or may not have happened.
    Begun,
    /// It is done.
    Done,
    /// It failed, or what it did was undone.
    Undone,
}

/// One step of a workflow.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StepRow {
    /// The API's id.
    pub id: StepId,
    /// Name in the workflow's table.
    pub name: String,
    /// What a person reads.
    pub title: String,
    /// Where it stands.
    pub phase: StepPhase,
    /// How often it was begun.
    pub attempts: u32,
    /// First begun.
    pub started: Option<Timestamp>,
    /// Done or undone.
    pub ended: Option<Timestamp>,
    /// Per cent, if it tells.
    pub progress: Option<u8>,
    /// Why it failed.
    pub fault: Option<base::Fault>,
}

/// A durable workflow with its steps: one row, one generation by compare-and-set on `revision`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct WorkflowRow {
    /// Its id; the API's job id.
    pub id: WorkflowId,
    /// Grows with each journal write; stale writers lose.
    pub revision: u64,
    /// Which table of steps (`vm.start`).
    pub kind: String,
    /// Version of the memo's shape.
    pub memo_version: u32,
    /// The workflow's own variables.
    pub memo: serde_json::Value,
    /// Where it stands.
    pub state: WorkflowState,
    /// Index of the step it is at.
    pub cursor: usize,
    /// Steps in order.
    pub steps: Vec<StepRow>,
    /// What a person reads (`Launching VM web1`).
    pub title: String,
    /// Who asked.
    pub call: Call,
    /// The objects it works on, for the job's subjects and for signals.
    pub subjects: Vec<Uuid>,
    /// The workflow that began this one as a part of its own work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<WorkflowId>,
    /// Somebody wants it to stop.
    pub cancel_requested: bool,
    /// Not to be run before (timer, back-off).
    pub wake_at: Option<Timestamp>,
    /// Why it failed.
    pub fault: Option<base::Fault>,
    /// Accepted.
    pub started: Timestamp,
    /// Over.
    pub ended: Option<Timestamp>,
}

/// A shared workflow row, as the projection keeps it.
pub type SharedWorkflow = Arc<WorkflowRow>;
