//! Removing a template with its disks.

use crate::{Accepted, Rooms};
use base::{Call, Fault, TemplateId};

/// Accepts the removal of a template.
///
/// # Errors
/// 404 for an unknown one; 409 for Blank, a locked one, or one that VMs stand on.
pub async fn remove(
    call: &Call,
    rooms: &Rooms,
    id: TemplateId,
) -> Result<Accepted<TemplateId>, Fault> {
    let _ = (call, rooms, id);
    Err(Fault::not_supported("removing a template"))
}
