//! Taking a disk off a VM; it stays, or goes too.

use super::{remove, rules};
use crate::deciding::decide;
use crate::{Accepted, Rooms, checks};
use access::Permitted;
use audit::AuditEvent;
use base::{DiskId, Fault, VmId};
use store::Batch;

const VERB: &str = "Cannot detach Virtual Disk";

/// Takes a disk off a VM that is down, or one that is not active off a VM that runs. With
/// `remove_disk` it is removed too (a job).
///
/// # Errors
/// 404 when the VM has no such disk; 409 when the VM is locked or the disk is locked; 501 for
/// unplugging it from a running VM.
pub async fn detach(
    call: &Permitted,
    rooms: &Rooms,
    vm: VmId,
    disk: DiskId,
    remove_disk: bool,
) -> Result<Accepted<DiskId>, Fault> {
    if remove_disk {
        let snapshot = rooms.projection.snapshot();
        has(checks::vm(&snapshot, vm)?, disk)?;
        return remove::remove(call, rooms, disk).await;
    }
    decide(rooms, |snapshot, now| {
        let vm = checks::vm(snapshot, vm)?;
        let active = has(vm, disk)?;
        let stored = checks::disk(snapshot, disk)?;
        checks::vm_is_free(vm, VERB)?;
        checks::disk_is_free(stored, VERB)?;
        if active && vm.run.is_some() {
            return Err(Fault::not_supported("unplugging a disk from a running VM"));
        }
        let mut batch = Batch::new();
        let event = AuditEvent::DiskDetached {
            disk: (**stored).clone(),
            vm: (**vm).clone(),
        };
        batch.event(event.at(call, now));
        batch.put(stored.clone());
        rules::put_without_disk(vm, disk, &mut batch);
        Ok((batch, Accepted::done(disk)))
    })
    .await
}

/// Whether the disk is active in the VM.
fn has(vm: &domain::vms::Vm, disk: DiskId) -> Result<bool, Fault> {
    vm.hardware
        .disks
        .iter()
        .find(|d| d.disk == disk)
        .map(|d| d.active)
        .ok_or_else(|| Fault::not_found("disk attachment", disk))
}
