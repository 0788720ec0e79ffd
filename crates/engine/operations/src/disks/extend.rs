//! Growing a disk.

use crate::{Accepted, Rooms};
use base::{Call, DiskId, Fault};

/// Accepts the growing of a disk to `provisioned_bytes`; it is locked meanwhile.
///
/// # Errors
/// 404 for an unknown disk; 409 when it would shrink, is not usable, is a template's, a VM that has
/// it runs, or the domain has too little space.
pub async fn extend(
    call: &Call,
    rooms: &Rooms,
    id: DiskId,
    provisioned_bytes: u64,
) -> Result<Accepted<DiskId>, Fault> {
    let _ = (call, rooms, id, provisioned_bytes);
    Err(Fault::not_supported("extending a disk"))
}
