//! Workflows and their steps as the API's jobs and steps.

use super::{links, numbers::int, references};
use api_v4::{JobStatus, StepEnum, StepStatus};
use domain::jobs::{StepPhase, StepRow, WorkflowRow, WorkflowState};

/// A job.
#[must_use]
pub fn job(row: &WorkflowRow) -> api_v4::Job {
    let updated = row
        .steps
        .iter()
        .filter_map(|step| step.ended.or(step.started))
        .max();
    let mut shown = api_v4::Job {
        description: Some(row.title.clone()),
        auto_cleared: Some(true),
        external: Some(false),
        start_time: Some(row.started),
        end_time: row.ended,
        last_updated: Some(row.ended.or(updated).unwrap_or(row.started)),
        owner: row.call.actor.user_id().map(references::user),
        status: Some(match row.state {
            WorkflowState::Forward | WorkflowState::Undoing => JobStatus::Started,
            WorkflowState::Finished => JobStatus::Finished,
            WorkflowState::Failed | WorkflowState::NeedsOperator => JobStatus::Failed,
            WorkflowState::Aborted => JobStatus::Aborted,
        }),
        ..api_v4::Job::default()
    };
    links::place(&mut shown, "jobs/{}", &[&row.id.to_string()]);
    shown
}

/// The step number `index` of a job.
#[must_use]
pub fn step(row: &WorkflowRow, index: usize, step: &StepRow) -> api_v4::Step {
    let mut shown = api_v4::Step {
        description: Some(step.title.clone()),
        external: Some(false),
        job: Some(references::job(row.id)),
        number: int(index),
        progress: step.progress.and_then(int),
        start_time: step.started,
        end_time: step.ended,
        status: Some(match step.phase {
            // oVirt makes a step when its turn comes; one that waits has no word of its own.
            StepPhase::Pending => StepStatus::Unknown,
            StepPhase::Begun => StepStatus::Started,
            StepPhase::Done => StepStatus::Finished,
            StepPhase::Undone if row.state == WorkflowState::Aborted => StepStatus::Aborted,
            StepPhase::Undone => StepStatus::Failed,
        }),
        type_: Some(StepEnum::Executing),
        ..api_v4::Step::default()
    };
    let ids = [row.id.to_string(), step.id.to_string()];
    links::place(&mut shown, "jobs/{}/steps/{}", &[&ids[0], &ids[1]]);
    shown
}
