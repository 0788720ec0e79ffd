//! Durable notes: decided on the newest snapshot, decided again when somebody was faster.

use crate::reconciler::Shared;
use audit::AuditEvent;
use base::Timestamp;
use projection::Snapshot;
use std::time::Duration;
use store::{Batch, StoreError};

/// A note that finds the disk full or the database broken is tried again after this time.
const AGAIN: Duration = Duration::from_secs(5);
/// So often in a row somebody else may be faster before it is a defect.
const LOST_MOST: u32 = 50;

impl Shared {
    /// Commits what `decide` wants, on the newest snapshot; `None` means there is nothing to do (any
    /// more). Answers whether something was committed.
    ///
    /// # Errors
    /// As the store's, but for `Lost`.
    pub async fn commit(
        &self,
        mut decide: impl FnMut(&Snapshot, Timestamp) -> Option<Batch> + Send,
    ) -> Result<bool, StoreError> {
        let mut lost = 0;
        loop {
            let now = self.rooms.clock.now();
            let Some(batch) = decide(&self.rooms.projection.snapshot(), now) else {
                return Ok(false);
            };
            match self.rooms.store.commit(batch).await {
                Ok(_) => return Ok(true),
                Err(StoreError::Lost { .. }) if lost < LOST_MOST => {
                    lost += 1;
                    tokio::task::yield_now().await;
                }
                Err(e) => return Err(e),
            }
        }
    }

    /// As `commit`, and does not give up while the store is open. Answers whether it is noted.
    pub async fn note(
        &self,
        what: &str,
        mut decide: impl FnMut(&Snapshot, Timestamp) -> Option<Batch> + Send,
    ) -> bool {
        loop {
            match self.commit(&mut decide).await {
                Ok(_) => return true,
                Err(StoreError::Closed) => return false,
                Err(e) => {
                    tracing::error!(
                        error = &e as &dyn std::error::Error,
                        "{what} cannot be noted; the engine tries again"
                    );
                    self.rooms.clock.sleep(AGAIN).await;
                }
            }
        }
    }

    /// Notes events of their own.
    pub async fn tell(&self, events: Vec<AuditEvent>) {
        if events.is_empty() {
            return;
        }
        let call = self.call();
        let at = self.rooms.clock.now();
        let records: Vec<_> = events.into_iter().map(|e| e.at(&call, at)).collect();
        self.note("an event", |_, _| {
            let mut batch = Batch::new();
            for record in &records {
                batch.event(record.clone());
            }
            Some(batch)
        })
        .await;
    }
}
