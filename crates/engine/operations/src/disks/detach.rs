//! Taking a disk off a VM; it stays, or goes too.

use crate::{Accepted, Rooms};
use base::{Call, DiskId, Fault, VmId};

/// Takes a disk off a VM that is down. With `remove_disk` it is removed too (a job).
///
/// # Errors
/// 404 when the VM has no such disk; 409 when the VM runs or is locked or the disk is locked.
pub async fn detach(
    call: &Call,
    rooms: &Rooms,
    vm: VmId,
    disk: DiskId,
    remove_disk: bool,
) -> Result<Accepted<DiskId>, Fault> {
    let _ = (call, rooms, vm, disk, remove_disk);
    Err(Fault::not_supported("detaching a disk"))
}
