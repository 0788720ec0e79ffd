//! What is cleared away.

use crate::lab::Lab;
use base::{Call, StepId, WorkflowId};
use domain::jobs::{StepPhase, StepRow, WorkflowRow, WorkflowState};
use pki::Pki;
use std::sync::Arc;
use std::time::Duration;
use store::Batch;
use testkit::TestDir;

const MINUTE: Duration = Duration::from_secs(60);

async fn job(lab: &Lab, number: u128, state: WorkflowState) -> WorkflowId {
    let id = WorkflowId::known(number);
    let now = lab.rooms.clock.now();
    let step = StepRow {
        id: StepId::known(number),
        name: "step".to_owned(),
        title: "Step".to_owned(),
        phase: StepPhase::Done,
        attempts: 1,
        started: Some(now),
        ended: Some(now),
        progress: None,
        fault: None,
    };
    let mut batch = Batch::new();
    batch.workflow(WorkflowRow {
        id,
        revision: 1,
        kind: "test".to_owned(),
        memo_version: 1,
        memo: serde_json::Value::Null,
        state,
        cursor: 0,
        steps: vec![step],
        title: "A job".to_owned(),
        call: Call::internal("test"),
        subjects: Vec::new(),
        parent: None,
        cancel_requested: false,
        wake_at: None,
        fault: None,
        started: now,
        ended: state.is_over().then_some(now),
    });
    lab.rooms.store.commit(batch).await.unwrap();
    id
}

#[tokio::test]
async fn jobs_are_forgotten_ten_minutes_after_success_and_an_hour_after_failure() {
    let lab = Lab::new().await;
    let finished = job(&lab, 1, WorkflowState::Finished).await;
    let failed = job(&lab, 2, WorkflowState::Failed).await;
    let stuck = job(&lab, 3, WorkflowState::NeedsOperator).await;
    let access = access::Access::new(
        lab.rooms.store.clone(),
        lab.rooms.projection.clone(),
        lab.rooms.clock.clone(),
        lab.rooms.random.clone(),
        access::AccessOptions::default(),
    )
    .unwrap();
    let dir = TestDir::new();
    let pki = Pki::open(
        dir.path(),
        &["localhost".to_owned()],
        lab.rooms.clock.clone(),
        Arc::new(base::OsRandom),
    )
    .unwrap();
    lab.reconciler.upkeep(access, pki);
    // Tokens, jobs, events and certificates each wait for their time.
    lab.clock.wait_for_sleepers(4).await;
    lab.clock.advance(10 * MINUTE);
    lab.until("the finished job is forgotten", |s| {
        s.workflow(finished).is_none()
    })
    .await;
    assert!(lab.snapshot().workflow(failed).is_some());
    lab.clock.wait_for_sleepers(4).await;
    lab.clock.advance(50 * MINUTE);
    lab.until("the failed job is forgotten", |s| {
        s.workflow(failed).is_none()
    })
    .await;
    assert!(
        lab.snapshot().workflow(stuck).is_some(),
        "a person must look at it"
    );
    lab.reconciler.stop().await;
}
