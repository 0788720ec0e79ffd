//! Making a VM from a template: at once from one without disks, else as a job.

use super::hardware::HardwareChange;
use crate::templates::add::DiskCopy;
use crate::{Accepted, Rooms};
use base::{Call, ClusterId, Fault, StorageDomainId, TemplateId, VmId};

/// The VM to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct VmAdd {
    /// Name.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Free text.
    pub comment: String,
    /// Its cluster.
    pub cluster: ClusterId,
    /// The template it is made from; `TemplateId::BLANK` for none.
    pub template: TemplateId,
    /// What differs from the template's hardware.
    pub hardware: HardwareChange,
    /// Removal is refused.
    pub delete_protected: bool,
    /// Copy the template's disks instead of standing on them.
    pub clone: bool,
    /// Where its disks lie; `None` is where the template's lie. Another one needs `clone`.
    pub storage_domain: Option<StorageDomainId>,
    /// What differs for single disks of the template.
    pub disks: Vec<DiskCopy>,
}

impl VmAdd {
    /// A VM with a name in a cluster, everything else as the template has it.
    #[must_use]
    pub fn new(name: impl Into<String>, cluster: ClusterId, template: TemplateId) -> Self {
        VmAdd {
            name: name.into(),
            description: String::new(),
            comment: String::new(),
            cluster,
            template,
            hardware: HardwareChange::default(),
            delete_protected: false,
            clone: false,
            storage_domain: None,
            disks: Vec::new(),
        }
    }
}

/// Accepts the making of a VM. With disks it is there at once, `image_locked` until they are made.
///
/// # Errors
/// 400 for a bad name or hardware; 404 for an unknown cluster, template, disk or domain; 409 for a
/// name in use, a locked template, a template of another data center, or a domain that can't be used.
pub async fn add(call: &Call, rooms: &Rooms, vm: VmAdd) -> Result<Accepted<VmId>, Fault> {
    let _ = (call, rooms, vm);
    Err(Fault::not_supported("adding a VM"))
}
