//! Changing how a disk is attached, and the disk through its attachment.

use super::update::DiskUpdate;
use crate::{Accepted, Rooms};
use base::{Call, DiskId, Fault, VmId};
use domain::vms::DiskInterface;

/// What is to change; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttachmentUpdate {
    /// Bus.
    pub interface: Option<DiskInterface>,
    /// Boot from it.
    pub bootable: Option<bool>,
    /// It is in the machine.
    pub active: Option<bool>,
    /// The guest may only read.
    pub read_only: Option<bool>,
    /// Hand discards down.
    pub pass_discard: Option<bool>,
    /// Changes of the disk itself; a larger size extends it.
    pub disk: DiskUpdate,
}

/// Changes an attachment of a VM that is down, and its disk.
///
/// # Errors
/// 404 when the VM has no such disk; 409 when the VM runs or is locked, the disk is not usable, or
/// there is another bootable disk; as `disks::update`.
pub async fn update(
    call: &Call,
    rooms: &Rooms,
    vm: VmId,
    disk: DiskId,
    change: AttachmentUpdate,
) -> Result<Accepted<DiskId>, Fault> {
    let _ = (call, rooms, vm, disk, change);
    Err(Fault::not_supported("updating a disk attachment"))
}
