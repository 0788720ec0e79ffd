//! A `Workflow` with its memo's type erased, so that the engine can keep all kinds in one map.

use crate::table::{Cx, Outcome, StepDef, StepError, Workflow};
use async_trait::async_trait;
use base::Fault;
use serde_json::Value;
use store::Batch;

/// What the engine asks of any kind of workflow.
#[async_trait]
pub(crate) trait Kind: Send + Sync + 'static {
    fn steps(&self) -> &'static [StepDef];
    fn memo_version(&self) -> u32;
    async fn run(
        &self,
        step: &'static str,
        cx: &Cx,
        memo: &mut Value,
    ) -> Result<Outcome, StepError>;
    async fn undo(&self, step: &'static str, cx: &Cx, memo: &mut Value)
    -> Result<Batch, StepError>;
    async fn failed(
        &self,
        cx: &Cx,
        memo: &Value,
        fault: &Fault,
        cancelled: bool,
    ) -> Result<Batch, StepError>;
}

fn read<W: Workflow>(memo: &Value) -> Result<W::Memo, StepError> {
    serde_json::from_value(memo.clone()).map_err(|e| {
        StepError::Final(Fault::internal(format!(
            "memo of {} cannot be read: {e}",
            W::KIND
        )))
    })
}

fn write<W: Workflow>(memo: &W::Memo) -> Result<Value, StepError> {
    serde_json::to_value(memo).map_err(|e| {
        StepError::Final(Fault::internal(format!(
            "memo of {} cannot be written: {e}",
            W::KIND
        )))
    })
}

#[async_trait]
impl<W: Workflow> Kind for W {
    fn steps(&self) -> &'static [StepDef] {
        W::STEPS
    }
    fn memo_version(&self) -> u32 {
        W::MEMO_VERSION
    }
    async fn run(
        &self,
        step: &'static str,
        cx: &Cx,
        memo: &mut Value,
    ) -> Result<Outcome, StepError> {
        let mut typed = read::<W>(memo)?;
        let outcome = Workflow::run(self, step, cx, &mut typed).await;
        // What a step learned before it failed is journalled too.
        *memo = write::<W>(&typed)?;
        outcome
    }
    async fn undo(
        &self,
        step: &'static str,
        cx: &Cx,
        memo: &mut Value,
    ) -> Result<Batch, StepError> {
        let mut typed = read::<W>(memo)?;
        let batch = Workflow::undo(self, step, cx, &mut typed).await;
        *memo = write::<W>(&typed)?;
        batch
    }
    async fn failed(
        &self,
        cx: &Cx,
        memo: &Value,
        fault: &Fault,
        cancelled: bool,
    ) -> Result<Batch, StepError> {
        Workflow::failed(self, cx, &read::<W>(memo)?, fault, cancelled).await
    }
}
