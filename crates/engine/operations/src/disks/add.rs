//! Making a disk, free or attached to a VM.

use crate::{Accepted, Rooms};
use base::{Call, DiskId, Fault, StorageDomainId, VmId};
use domain::disks::DiskFormat;
use domain::vms::DiskInterface;

/// The disk to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskAdd {
    /// Alias; `None` takes `<vm>_Disk<n>` for an attached disk.
    pub name: Option<String>,
    /// Free text.
    pub description: String,
    /// Where it lies.
    pub storage_domain: StorageDomainId,
    /// Format; `None` follows `sparse` (thin is raw on file storage).
    pub format: Option<DiskFormat>,
    /// Thin; `None` is thin.
    pub sparse: Option<bool>,
    /// Virtual size in bytes; rounded up to a multiple of 512.
    pub provisioned_bytes: u64,
    /// Several VMs may have it at once.
    pub shareable: bool,
    /// Overwrite when it is removed.
    pub wipe_after_delete: bool,
    /// Report I/O errors to the guest.
    pub propagate_errors: bool,
    /// Attach it to a VM in the same commit.
    pub attach: Option<AttachTo>,
}

/// How a new disk is attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttachTo {
    /// The VM; it must be down.
    pub vm: VmId,
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

/// Accepts the making of a disk: it is there at once, `locked` until its volume is made.
///
/// # Errors
/// 400 for a bad name, size or combination of format and thinness; 404 for an unknown domain or VM;
/// 409 when the domain is not active or has too little space, or the VM runs or is locked, or has a
/// bootable disk already.
pub async fn add(call: &Call, rooms: &Rooms, disk: DiskAdd) -> Result<Accepted<DiskId>, Fault> {
    let _ = (call, rooms, disk);
    Err(Fault::not_supported("adding a disk"))
}
