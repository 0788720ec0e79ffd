//! How a job stands, at once or when it has ended.

use super::json::{Fallible, answer};
use super::{call, short, wrong};
use crate::Front;
use crate::api::location::form_fields;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use base::{Fault, WorkflowId};
use domain::jobs::{StepPhase, WorkflowRow, WorkflowState};
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;

/// Longest wait of one request, seconds.
const WAIT_MAX: u64 = 600;

#[derive(Serialize)]
struct Job {
    id: String,
    title: String,
    state: &'static str,
    over: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
    steps: Vec<Step>,
}

#[derive(Serialize)]
struct Step {
    title: String,
    phase: &'static str,
    attempts: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    progress: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
}

/// `GET /operator/jobs/{id}?wait=seconds`.
pub async fn job(
    State(front): State<Front>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let answered = found(&front, &id, query.as_deref()).await;
    answer(&call(&front), answered)
}

async fn found(front: &Front, id: &str, query: Option<&str>) -> Fallible<Job> {
    let id: WorkflowId = id.parse().map_err(|_| Fault::not_found("job", short(id)))?;
    let seconds = seconds_of(query)?;
    if seconds > 0 {
        wait(front, id, seconds).await;
    }
    let snapshot = front.rooms.projection.snapshot();
    let row = snapshot
        .workflow(id)
        .ok_or_else(|| Fault::not_found("job", id))?;
    Ok(job_of(row))
}

fn seconds_of(query: Option<&str>) -> Fallible<u64> {
    let fields = form_fields(query.unwrap_or_default())?;
    match fields.iter().rfind(|f| f.name == "wait") {
        None => Ok(0),
        Some(f) => f
            .value
            .parse()
            .map_err(|_| wrong("wait", &f.value, "a whole number of seconds")),
    }
}

/// Waits until a job is over or needs somebody, at most so many seconds.
pub async fn wait(front: &Front, id: WorkflowId, seconds: u64) -> Option<Arc<WorkflowRow>> {
    let span = Duration::from_secs(seconds.min(WAIT_MAX));
    let deadline = front.rooms.clock.now().after(span);
    front.rooms.workflows.wait(id, deadline).await
}

fn job_of(row: &WorkflowRow) -> Job {
    Job {
        id: row.id.to_string(),
        title: row.title.clone(),
        state: match row.state {
            WorkflowState::Forward => "running",
            WorkflowState::Undoing => "undoing",
            WorkflowState::Finished => "finished",
            WorkflowState::Failed => "failed",
            WorkflowState::Aborted => "aborted",
            WorkflowState::NeedsOperator => "needs_operator",
        },
        over: row.state.is_over(),
        fault: row.fault.as_ref().map(ToString::to_string),
        steps: row
            .steps
            .iter()
            .map(|s| Step {
                title: s.title.clone(),
                phase: match s.phase {
                    StepPhase::Pending => "pending",
                    StepPhase::Begun => "begun",
                    StepPhase::Done => "done",
                    StepPhase::Undone => "undone",
                },
                attempts: s.attempts,
                progress: s.progress,
                fault: s.fault.as_ref().map(ToString::to_string),
            })
            .collect(),
    }
}
