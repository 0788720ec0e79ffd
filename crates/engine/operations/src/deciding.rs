//! Decide on a snapshot, commit, and decide again when somebody else was quicker.

use crate::Rooms;
use base::{Fault, Timestamp};
use projection::Snapshot;
use store::{Batch, StoreError};

/// How often a decision is taken again before the caller is told to try later.
const TRIES: u32 = 16;

/// Takes a decision and commits it. `decide` sees a snapshot and the time; it may run several times,
/// since another writer may be quicker.
///
/// # Errors
/// What `decide` says, or the store's refusal.
pub(crate) async fn decide<T>(
    rooms: &Rooms,
    mut decide: impl FnMut(&Snapshot, Timestamp) -> Result<(Batch, T), Fault> + Send,
) -> Result<T, Fault> {
    let mut tries = 0;
    loop {
        tries += 1;
        let (batch, value) = decide(&rooms.projection.snapshot(), rooms.clock.now())?;
        match rooms.workflows.submit(batch).await {
            Ok(_) => return Ok(value),
            Err(StoreError::Lost { .. }) if tries < TRIES => tokio::task::yield_now().await,
            // The address was free in the snapshot: another card was quicker.
            Err(StoreError::Claimed { claim, .. }) if claim.space == "mac" && tries < TRIES => {
                tokio::task::yield_now().await;
            }
            Err(e) => return Err(e.into()),
        }
    }
}
