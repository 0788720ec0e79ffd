//! What is cleared away when it is too old.

use crate::reconciler::Shared;
use access::Access;
use base::Timestamp;
use domain::jobs::WorkflowState;
use projection::Snapshot;
use std::sync::Arc;
use std::time::Duration;
use store::Batch;

const TOKENS_EVERY: Duration = Duration::from_secs(300);
const JOBS_EVERY: Duration = Duration::from_secs(60);
const EVENTS_EVERY: Duration = Duration::from_secs(3600);
/// Rows that one commit forgets.
const FORGOTTEN_AT_ONCE: usize = 500;

/// Sessions that are over.
pub(crate) async fn tokens(shared: Arc<Shared>, access: Access) {
    loop {
        shared.rooms.clock.sleep(TOKENS_EVERY).await;
        if let Err(error) = access.prune().await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "sessions that are over could not be cleared away"
            );
        }
    }
}

/// Jobs that have ended.
pub(crate) async fn jobs(shared: Arc<Shared>) {
    loop {
        shared.rooms.clock.sleep(JOBS_EVERY).await;
        let options = &shared.options;
        loop {
            let keep = |state: WorkflowState| match state {
                WorkflowState::Finished => options.job_keep_finished,
                _ => options.job_keep_failed,
            };
            match shared
                .commit(|snapshot, now| forgotten(snapshot, now, keep))
                .await
            {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "jobs that have ended could not be cleared away"
                    );
                    break;
                }
            }
        }
    }
}

/// The oldest jobs that have ended long enough ago.
fn forgotten(
    snapshot: &Snapshot,
    now: Timestamp,
    keep: impl Fn(WorkflowState) -> Duration,
) -> Option<Batch> {
    let mut batch = Batch::new();
    let old = snapshot.workflows().rev().filter(|row| {
        row.state.is_over()
            && row
                .ended
                .is_some_and(|ended| ended.after(keep(row.state)) <= now)
    });
    for row in old.take(FORGOTTEN_AT_ONCE) {
        batch.forget_workflow(row.id);
    }
    (!batch.writes.is_empty()).then_some(batch)
}

/// Events that are too old.
pub(crate) async fn events(shared: Arc<Shared>) {
    loop {
        let now = shared.rooms.clock.now();
        let keep = i64::try_from(shared.options.event_keep.as_micros()).unwrap_or(i64::MAX);
        let before = Timestamp(now.0.saturating_sub(keep));
        match shared.rooms.store.events_prune(before).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "events older than {before} were cleared away"),
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "old events could not be cleared away"
                );
            }
        }
        shared.rooms.clock.sleep(EVENTS_EVERY).await;
    }
}
