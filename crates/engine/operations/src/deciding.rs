//! Decide on a snapshot, commit, and decide again when somebody else was quicker.

use crate::{Rooms, permissions};
use base::{Fault, Timestamp};
use projection::Snapshot;
use std::cell::RefCell;
use std::future::Future;
use store::{Batch, StoreError};

/// How often a decision is taken again before the caller is told to try later.
const TRIES: u32 = 16;

/// What must hold of the world that a decision is taken on.
pub type Guard = Box<dyn Fn(&Snapshot) -> Result<(), Fault> + Send>;

tokio::task_local! {
    static GUARD: RefCell<Option<Guard>>;
}

/// Does `work`, whose first commit is taken only on a world for which `guard` holds: each decision looks at
/// it on its own snapshot, and what a commit puts must not have changed since. Further commits of the same
/// work are not held by it, since the first may have changed what it looks at.
pub async fn guarded<F: Future>(guard: Guard, work: F) -> F::Output {
    GUARD.scope(RefCell::new(Some(guard)), work).await
}

fn guard_holds(snapshot: &Snapshot) -> Result<(), Fault> {
    GUARD
        .try_with(|guard| match &*guard.borrow() {
            Some(guard) => guard(snapshot),
            None => Ok(()),
        })
        .unwrap_or(Ok(()))
}

fn guard_is_over() {
    // Work without a guard has none to take.
    let _ = GUARD.try_with(|guard| guard.borrow_mut().take());
}

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
        let snapshot = rooms.projection.snapshot();
        guard_holds(&snapshot)?;
        let (mut batch, value) = decide(&snapshot, rooms.clock.now())?;
        permissions::forget_removed(&snapshot, &mut batch);
        match rooms.workflows.submit(batch).await {
            Ok(_) => {
                guard_is_over();
                return Ok(value);
            }
            Err(StoreError::Lost { .. }) if tries < TRIES => tokio::task::yield_now().await,
            // The address was free in the snapshot: another card was quicker.
            Err(StoreError::Claimed { claim, .. }) if claim.space == "mac" && tries < TRIES => {
                tokio::task::yield_now().await;
            }
            Err(e) => return Err(e.into()),
        }
    }
}
