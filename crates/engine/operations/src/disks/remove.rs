//! Removing a disk with its content.

use crate::{Accepted, Rooms};
use base::{Call, DiskId, Fault};

/// Accepts the removal of a disk; it is detached from VMs that are down.
///
/// # Errors
/// 404 for an unknown disk; 409 when it is locked, a template's, a VM that has it runs or is locked,
/// or thin disks stand on it.
pub async fn remove(call: &Call, rooms: &Rooms, id: DiskId) -> Result<Accepted<DiskId>, Fault> {
    let _ = (call, rooms, id);
    Err(Fault::not_supported("removing a disk"))
}
