//! Changing a VM's configuration.

use super::hardware::HardwareChange;
use crate::{Accepted, Rooms};
use base::{Call, ClusterId, Fault, VmId};

/// What is to change; `None` stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VmUpdate {
    /// New name.
    pub name: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// New comment.
    pub comment: Option<String>,
    /// Another cluster of the same data center.
    pub cluster: Option<ClusterId>,
    /// Removal is refused.
    pub delete_protected: Option<bool>,
    /// Hardware.
    pub hardware: HardwareChange,
}

/// Changes a VM. While it runs only name, texts, delete protection and high availability can change.
///
/// # Errors
/// 400 for a bad name or hardware; 404 for an unknown VM or cluster; 409 for a name in use, a locked
/// VM, or a change that a running VM can't take.
pub async fn update(
    call: &Call,
    rooms: &Rooms,
    id: VmId,
    change: VmUpdate,
) -> Result<Accepted<VmId>, Fault> {
    let _ = (call, rooms, id, change);
    Err(Fault::not_supported("updating a VM"))
}
