//! Making a template from a VM that is down: its disks are copied, flattened.

use crate::{Accepted, Rooms};
use base::{Call, ClusterId, DiskId, Fault, StorageDomainId, TemplateId, VmId};
use domain::disks::DiskFormat;

/// The template to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateAdd {
    /// Name.
    pub name: String,
    /// Free text; `None` is the VM's.
    pub description: Option<String>,
    /// Free text; `None` is the VM's.
    pub comment: Option<String>,
    /// The VM it is made from.
    pub vm: VmId,
    /// Its cluster; `None` is the VM's.
    pub cluster: Option<ClusterId>,
    /// Where its disks lie; `None` is where the VM's lie.
    pub storage_domain: Option<StorageDomainId>,
    /// What differs for single disks of the VM.
    pub disks: Vec<DiskCopy>,
}

/// How one disk is copied; `None` is as the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskCopy {
    /// The source.
    pub source: DiskId,
    /// Alias of the copy.
    pub name: Option<String>,
    /// Where it lies.
    pub storage_domain: Option<StorageDomainId>,
    /// Its format.
    pub format: Option<DiskFormat>,
    /// Thin.
    pub sparse: Option<bool>,
}

/// Accepts the making of a template: it is there at once, `locked` until its disks are copied; the
/// VM is locked meanwhile.
///
/// # Errors
/// 400 for a bad name; 404 for an unknown VM, cluster, disk or domain; 409 for a name in use, a VM
/// that is not down, a disk that can't be used, a domain that is not active or has too little space.
pub async fn add(
    call: &Call,
    rooms: &Rooms,
    template: TemplateAdd,
) -> Result<Accepted<TemplateId>, Fault> {
    let _ = (call, rooms, template);
    Err(Fault::not_supported("adding a template"))
}
