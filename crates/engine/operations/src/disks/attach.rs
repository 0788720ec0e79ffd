//! Attaching a disk that is there to a VM.

use crate::{Accepted, Rooms};
use base::{Call, DiskId, Fault, VmId};
use domain::vms::DiskInterface;

/// Which disk, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiskAttach {
    /// The disk.
    pub disk: DiskId,
    /// Bus.
    pub interface: DiskInterface,
    /// Boot from it.
    pub bootable: bool,
    /// It is in the machine.
    pub active: bool,
    /// The guest may only read.
    pub read_only: bool,
    /// Hand discards down.
    pub pass_discard: bool,
}

/// Attaches a disk to a VM that is down.
///
/// # Errors
/// 404 for an unknown VM or disk; 409 when the disk is attached (and not shareable), locked, illegal
/// or a template's, when the VM runs or is locked, or has a bootable disk already.
pub async fn attach(
    call: &Call,
    rooms: &Rooms,
    vm: VmId,
    attach: DiskAttach,
) -> Result<Accepted<DiskId>, Fault> {
    let _ = (call, rooms, vm, attach);
    Err(Fault::not_supported("attaching a disk"))
}
