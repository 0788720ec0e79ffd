//! Removing a network card.

use crate::deciding::decide;
use crate::{Accepted, Rooms, checks};
use access::Permitted;
use audit::AuditEvent;
use base::{Fault, NicId, VmId};
use store::Batch;

const VERB: &str = "Cannot remove Interface";

/// Removes a card from a VM that is down, or one that is not plugged.
///
/// # Errors
/// 404 when the VM has no such card; 409 when it is plugged and the VM runs, or the VM is locked.
pub async fn remove(
    call: &Permitted,
    rooms: &Rooms,
    vm: VmId,
    nic: NicId,
) -> Result<Accepted<NicId>, Fault> {
    decide(rooms, |snapshot, now| {
        let vm = checks::vm(snapshot, vm)?;
        let card = vm.hardware.nics.iter().find(|n| n.id == nic);
        let card = card.ok_or_else(|| Fault::not_found("network interface", nic))?;
        checks::vm_is_free(vm, VERB)?;
        if vm.run.is_some() && card.plugged {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_CANNOT_REMOVE_ACTIVE_DEVICE",
                format!(
                    "{VERB}. Network interface {} is plugged into the running VM {}.",
                    card.name, vm.name
                ),
            ));
        }
        let mut next = (**vm).clone();
        next.hardware.nics.retain(|n| n.id != nic);
        let mut batch = Batch::new();
        let event = AuditEvent::NicRemoved {
            vm: next.clone(),
            nic: card.clone(),
        };
        batch.event(event.at(call, now));
        batch.put(next);
        Ok((batch, Accepted::done(nic)))
    })
    .await
}
