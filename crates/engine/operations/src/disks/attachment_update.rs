//! Changing how a disk is attached, and the disk through its attachment.

use super::extend;
use super::rules;
use super::update::{self, DiskUpdate};
use crate::deciding::decide;
use crate::{Accepted, Rooms, checks};
use access::Permitted;
use audit::AuditEvent;
use base::{DiskId, Fault, VmId, WorkflowId};
use domain::vms::DiskInterface;
use store::Batch;

/// What is to change; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttachmentUpdate {
    /// Bus.
    pub interface: Option<DiskInterface>,
    /// Boot from it.
    pub bootable: Option<bool>,
    /// It is in the machine.
    pub active: Option<bool>,
    /// The guest may only read.
    pub read_only: Option<bool>,
    /// Hand discards down.
    pub pass_discard: Option<bool>,
    /// Changes of the disk itself; a larger size extends it.
    pub disk: DiskUpdate,
}

const VERB: &str = "Cannot edit Virtual Disk";

/// Changes an attachment of a VM that is down, and its disk, in one commit.
///
/// # Errors
/// 404 when the VM has no such disk; 409 when the VM is locked, the disk is not usable, or there is
/// another bootable disk; 501 for a change of an attachment of a running VM; as `disks::update`.
pub async fn update(
    call: &Permitted,
    rooms: &Rooms,
    vm: VmId,
    disk: DiskId,
    change: AttachmentUpdate,
) -> Result<Accepted<DiskId>, Fault> {
    let workflow = WorkflowId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let vm = checks::vm(snapshot, vm)?;
        let stored = checks::disk(snapshot, disk)?;
        let index = vm.hardware.disks.iter().position(|d| d.disk == disk);
        let index = index.ok_or_else(|| Fault::not_found("disk attachment", disk))?;
        checks::vm_is_free(vm, VERB)?;

        let mut next = (**vm).clone();
        let mut attachment = next.hardware.disks.remove(index);
        let before = attachment.clone();
        attachment.interface = change.interface.unwrap_or(before.interface);
        attachment.bootable = change.bootable.unwrap_or(before.bootable);
        attachment.active = change.active.unwrap_or(before.active);
        attachment.read_only = change.read_only.unwrap_or(before.read_only);
        attachment.pass_discard = change.pass_discard.unwrap_or(before.pass_discard);
        let mut batch = Batch::new();
        if attachment != before {
            if vm.run.is_some() && (before.active || attachment.active) {
                return Err(Fault::not_supported(
                    "changing how a disk is attached to a running VM",
                ));
            }
            checks::disk_is_ok(stored, VERB)?;
            rules::check_attachments(
                &next,
                attachment.bootable,
                attachment.read_only,
                attachment.interface,
            )?;
            next.hardware.disks.insert(index, attachment);
            let event = AuditEvent::DiskAttachmentUpdated {
                disk: (**stored).clone(),
                vm: next.clone(),
            };
            batch.event(event.at(call, now));
            batch.put(next);
        }
        let vm_put = !batch.writes.is_empty();
        let decided = update::decide_on(snapshot, stored, &change.disk)?;
        let job = extend::put_change(
            call,
            rooms,
            snapshot,
            now,
            workflow,
            decided,
            vm_put.then_some(vm.id),
            &mut batch,
        )?;
        Ok((batch, Accepted { id: disk, job }))
    })
    .await
}
