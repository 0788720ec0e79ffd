//! Changing a disk's properties, its size included.

use crate::{Accepted, Rooms};
use base::{Call, DiskId, Fault};

/// What is to change; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiskUpdate {
    /// New alias.
    pub name: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// New virtual size in bytes; it can only grow.
    pub provisioned_bytes: Option<u64>,
    /// Several VMs may have it at once.
    pub shareable: Option<bool>,
    /// Overwrite when it is removed.
    pub wipe_after_delete: Option<bool>,
    /// Report I/O errors to the guest.
    pub propagate_errors: Option<bool>,
}

/// Changes a disk; a larger size goes on as a job.
///
/// # Errors
/// As `extend`; 400 for a bad name or text; 409 when it stops being shareable while several VMs have
/// it.
pub async fn update(
    call: &Call,
    rooms: &Rooms,
    id: DiskId,
    change: DiskUpdate,
) -> Result<Accepted<DiskId>, Fault> {
    let _ = (call, rooms, id, change);
    Err(Fault::not_supported("updating a disk"))
}
