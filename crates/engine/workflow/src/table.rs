//! What a workflow is: its table of steps and the functions behind them.

use async_trait::async_trait;
use base::{Call, Fault, Timestamp, WorkflowId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;
use store::Batch;

/// How often a step that fails in passing is tried, and how long it waits in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Tries in all, at least 1.
    pub attempts: u32,
    /// Before the second try; doubles with each further one, at most 60 s.
    pub pause: Duration,
}

impl Retry {
    /// One try.
    pub const NEVER: Retry = Retry {
        attempts: 1,
        pause: Duration::from_secs(1),
    };
    /// Several tries.
    #[must_use]
    pub const fn times(attempts: u32, pause: Duration) -> Self {
        Retry { attempts, pause }
    }
    /// The pause after `attempt` tries.
    #[must_use]
    pub fn pause_after(self, attempt: u32) -> Duration {
        let doubled = self
            .pause
            .saturating_mul(1 << attempt.saturating_sub(1).min(10));
        doubled.min(Duration::from_secs(60))
    }
}

/// One row of a workflow's table.
#[derive(Clone, Copy, Debug)]
pub struct StepDef {
    /// Stable name; part of the journal.
    pub name: &'static str,
    /// What a person reads in the job (`Creating disks`).
    pub title: &'static str,
    /// When it fails in passing.
    pub retry: Retry,
    /// One execution may take this long; a waiting step gives up when it has waited this long.
    pub timeout: Duration,
    /// Once it is done there is only forward: failures later retry for ever.
    pub point_of_no_return: bool,
}

impl StepDef {
    /// A step that is tried once and may take a minute.
    #[must_use]
    pub const fn new(name: &'static str, title: &'static str) -> Self {
        StepDef {
            name,
            title,
            retry: Retry::NEVER,
            timeout: Duration::from_secs(60),
            point_of_no_return: false,
        }
    }
    /// With retries.
    #[must_use]
    pub const fn retry(mut self, attempts: u32, pause: Duration) -> Self {
        self.retry = Retry { attempts, pause };
        self
    }
    /// With another time limit.
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
    /// After it there is no way back.
    #[must_use]
    pub const fn no_return(mut self) -> Self {
        self.point_of_no_return = true;
        self
    }
}

/// What a step is told of its circumstances.
#[derive(Clone, Debug)]
pub struct Cx {
    /// The workflow.
    pub id: WorkflowId,
    /// Who asked for it.
    pub call: Call,
    /// The present moment.
    pub now: Timestamp,
    /// When this step was first begun.
    pub step_started: Timestamp,
    /// Which try this is, from 1.
    pub attempt: u32,
}

/// How a step ended.
#[derive(Debug)]
pub enum Outcome {
    /// It is done; the batch is committed together with that fact.
    Done(Batch),
    /// Not yet: run it again at that moment or when a subject is signalled.
    Wait(Timestamp),
    /// Not yet, and so far it is (per cent): as `Wait`; how far it is, and the memo, are journalled when
    /// either has changed.
    Progress(u8, Timestamp),
    /// Go back to an earlier step (a loop edge): it and all after it are pending again; the batch is
    /// committed together with that fact. Nothing is undone on this way: the step has taken back
    /// itself what it, or an earlier try of it, has done, and steps in between have no effect that
    /// doing them again would not find.
    Back(&'static str, Batch),
}

/// Why a step did not end well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepError {
    /// It may work later: tried again as the table says, then it is a failure.
    Passing(Fault),
    /// It will never work: everything done so far is undone.
    Final(Fault),
}

impl From<Fault> for StepError {
    fn from(fault: Fault) -> Self {
        StepError::Final(fault)
    }
}

/// A kind of durable work. `self` holds the rooms it needs.
#[async_trait]
pub trait Workflow: Send + Sync + 'static {
    /// Its variables, journalled with every step.
    type Memo: Serialize + DeserializeOwned + Clone + Send + Sync + 'static;
    /// Stable name (`vm.start`).
    const KIND: &'static str;
    /// Version of `Memo`.
    const MEMO_VERSION: u32;
    /// In order.
    const STEPS: &'static [StepDef];

    /// Does step `step`. Running it twice must be running it once.
    async fn run(
        &self,
        step: &'static str,
        cx: &Cx,
        memo: &mut Self::Memo,
    ) -> Result<Outcome, StepError>;

    /// Takes back what step `step` did or may have half done; fine if it did nothing. The batch is
    /// committed together with the fact that it is undone.
    async fn undo(
        &self,
        step: &'static str,
        cx: &Cx,
        memo: &mut Self::Memo,
    ) -> Result<Batch, StepError>;

    /// What else is committed when everything is undone (locks freed, an event).
    async fn failed(
        &self,
        cx: &Cx,
        memo: &Self::Memo,
        fault: &Fault,
        cancelled: bool,
    ) -> Result<Batch, StepError>;
}
