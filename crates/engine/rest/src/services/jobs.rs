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

/// `GET jobs`, newest first.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    listing::everything(ask, |_, job| convert::job(job))
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
