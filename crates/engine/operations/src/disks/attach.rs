//! Attaching a disk that is there to a VM.

use super::rules;
use crate::deciding::decide;
use crate::{Accepted, Rooms, checks};
use access::Permitted;
use audit::AuditEvent;
use base::{DiskId, Fault, VmId};
use domain::vms::{DiskAttachment, DiskInterface};
use store::Batch;

/// Which disk, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiskAttach {
    /// The disk.
    pub disk: DiskId,
    /// Bus.
    pub interface: DiskInterface,
    /// Boot from it.
    pub bootable: bool,
    /// It is in the machine.
    pub active: bool,
    /// The guest may only read.
    pub read_only: bool,
    /// Hand discards down.
    pub pass_discard: bool,
}

const VERB: &str = "Cannot attach Virtual Disk";

/// Attaches a disk to a VM; to one that runs only if it is not active.
///
/// # Errors
/// 404 for an unknown VM or disk; 409 when the disk is attached (and not shareable), locked, illegal
/// or a template's, when the VM is locked or has a bootable disk already; 501 for plugging it into a
/// running VM.
pub async fn attach(
    call: &Permitted,
    rooms: &Rooms,
    vm: VmId,
    attach: DiskAttach,
) -> Result<Accepted<DiskId>, Fault> {
    decide(rooms, |snapshot, now| {
        let vm = checks::vm(snapshot, vm)?;
        let disk = checks::disk(snapshot, attach.disk)?;
        checks::disk_is_ok(disk, VERB)?;
        if disk.template.is_some() {
            return Err(Fault::bad_request(
                "ACTION_TYPE_FAILED_ILLEGAL_DISK_OPERATION",
                format!("{VERB}. Disk {} belongs to a template.", disk.name),
            ));
        }
        if vm.hardware.disks.iter().any(|d| d.disk == disk.id) {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_DISK_ALREADY_ATTACHED",
                format!(
                    "{VERB}. Disk {} is attached to VM {} already.",
                    disk.name, vm.name
                ),
            ));
        }
        let other = snapshot.vms_with_disk(disk.id).next();
        if let Some(other) = other.filter(|_| !disk.shareable) {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_NOT_SHAREABLE_DISK_ALREADY_ATTACHED",
                format!(
                    "{VERB}. Disk {} is not shareable and attached to VM {}.",
                    disk.name, other.name
                ),
            ));
        }
        let domain = checks::storage_domain(snapshot, disk.storage_domain)?;
        if domain.data_center != Some(vm.data_center) {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_STORAGE_POOL_NOT_MATCH",
                format!(
                    "{VERB}. Disk {} and VM {} belong to different data centers.",
                    disk.name, vm.name
                ),
            ));
        }
        rules::check_attachable(
            vm,
            attach.bootable,
            attach.active,
            attach.read_only,
            attach.interface,
        )?;
        let mut next = (**vm).clone();
        next.hardware.disks.push(DiskAttachment {
            disk: disk.id,
            interface: attach.interface,
            bootable: attach.bootable,
            active: attach.active,
            read_only: attach.read_only,
            pass_discard: attach.pass_discard,
        });
        let mut batch = Batch::new();
        let event = AuditEvent::DiskAttached {
            disk: (**disk).clone(),
            vm: next.clone(),
        };
        batch.event(event.at(call, now));
        // The disk is put unchanged: whoever removes or attaches it at the same moment loses.
        batch.put(disk.clone());
        batch.put(next);
        Ok((batch, Accepted::done(attach.disk)))
    })
    .await
}
