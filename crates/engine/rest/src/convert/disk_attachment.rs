//! Disks in VMs and templates, and the bodies that attach them and change how they are attached.

use super::attributes::{DISK_ATTACHMENT, names};
use super::numbers::missing;
use super::{carry, disk_body, find, links, references};
use api_v4::DiskInterface;
use base::Fault;
use domain::templates::Template;
use domain::vms::{self, DiskAttachment, Vm};
use operations::disks::add::{AttachTo, DiskAdd};
use operations::disks::attach::DiskAttach;
use operations::disks::attachment_update::AttachmentUpdate;
use operations::disks::update::DiskUpdate;
use projection::Snapshot;

/// A disk in a VM.
#[must_use]
pub fn vm_disk_attachment(
    _: &Snapshot,
    vm: &Vm,
    attachment: &DiskAttachment,
) -> api_v4::DiskAttachment {
    let mut shown = api_v4::DiskAttachment {
        vm: Some(references::vm(vm.id)),
        ..common(attachment)
    };
    let ids = [vm.id.to_string(), attachment.disk.to_string()];
    links::place(&mut shown, "vms/{}/diskattachments/{}", &[&ids[0], &ids[1]]);
    shown
}

/// A disk in a template.
#[must_use]
pub fn template_disk_attachment(
    _: &Snapshot,
    template: &Template,
    attachment: &DiskAttachment,
) -> api_v4::DiskAttachment {
    let mut shown = api_v4::DiskAttachment {
        template: Some(references::template(template.id)),
        ..common(attachment)
    };
    let ids = [template.id.to_string(), attachment.disk.to_string()];
    let ids = [ids[0].as_str(), ids[1].as_str()];
    links::place(&mut shown, "templates/{}/diskattachments/{}", &ids);
    shown
}

fn common(attachment: &DiskAttachment) -> api_v4::DiskAttachment {
    api_v4::DiskAttachment {
        active: Some(attachment.active),
        bootable: Some(attachment.bootable),
        disk: Some(references::disk(attachment.disk)),
        interface: Some(match attachment.interface {
            vms::DiskInterface::Virtio => DiskInterface::Virtio,
            vms::DiskInterface::VirtioScsi => DiskInterface::VirtioScsi,
            vms::DiskInterface::Sata => DiskInterface::Sata,
        }),
        pass_discard: Some(attachment.pass_discard),
        read_only: Some(attachment.read_only),
        uses_scsi_reservation: Some(false),
        ..api_v4::DiskAttachment::default()
    }
}

/// Attaching a disk that is there.
///
/// # Errors
/// 400 for what is missing; 404 for what is no disk's id; 501 for what can't be done yet.
pub fn disk_attach(_: &Snapshot, wanted: &api_v4::DiskAttachment) -> Result<DiskAttach, Fault> {
    carry::check(
        wanted,
        &api_v4::DiskAttachment::default(),
        &names(&[DISK_ATTACHMENT]),
    )?;
    let disk = wanted.disk.as_deref().and_then(|d| d.id.as_deref());
    let disk = disk.ok_or_else(|| missing("disk_attachment.disk.id"))?;
    Ok(DiskAttach {
        disk: find::id(disk, "disk")?,
        interface: needed_interface(wanted)?,
        bootable: wanted.bootable.unwrap_or(false),
        active: wanted.active.unwrap_or(true),
        read_only: wanted.read_only.unwrap_or(false),
        pass_discard: wanted.pass_discard.unwrap_or(false),
    })
}

/// Making a disk that is attached at once. Without a storage domain it lies where the VM's first
/// disk lies.
///
/// # Errors
/// As `disk_add` and `disk_attach`.
pub fn disk_add_attached(
    snapshot: &Snapshot,
    vm: &Vm,
    wanted: &api_v4::DiskAttachment,
) -> Result<DiskAdd, Fault> {
    carry::check(
        wanted,
        &api_v4::DiskAttachment::default(),
        &names(&[DISK_ATTACHMENT]),
    )?;
    let path = "disk_attachment.disk";
    let mut disk = wanted.disk.as_deref().ok_or_else(|| missing(path))?.clone();
    if disk.storage_domain.is_none() && disk.storage_domains.as_ref().is_none_or(Vec::is_empty) {
        let first = vm.hardware.disks.first();
        let first = first.and_then(|a| snapshot.disk(a.disk));
        disk.storage_domain = first.map(|d| references::storage_domain(d.storage_domain));
    }
    Ok(DiskAdd {
        attach: Some(AttachTo {
            vm: vm.id,
            interface: needed_interface(wanted)?,
            bootable: wanted.bootable.unwrap_or(false),
            active: wanted.active.unwrap_or(true),
            read_only: wanted.read_only.unwrap_or(false),
            pass_discard: wanted.pass_discard.unwrap_or(false),
        }),
        ..disk_body::add(snapshot, path, &disk)?
    })
}

/// What a body changes of an attachment and of its disk.
///
/// # Errors
/// 400 for what can't be; 501 for what can't be changed yet.
pub fn attachment_update(
    snapshot: &Snapshot,
    before: &DiskAttachment,
    wanted: &api_v4::DiskAttachment,
) -> Result<AttachmentUpdate, Fault> {
    carry::check(wanted, &common(before), &names(&[DISK_ATTACHMENT]))?;
    let disk = match (wanted.disk.as_deref(), snapshot.disk(before.disk)) {
        (Some(wanted), Some(disk)) => {
            if wanted
                .id
                .as_ref()
                .is_some_and(|id| *id != disk.id.to_string())
            {
                return Err(Fault::not_supported(
                    "another disk in the place of an attached one",
                ));
            }
            disk_body::disk_update(snapshot, disk, wanted)?
        }
        _ => DiskUpdate::default(),
    };
    Ok(AttachmentUpdate {
        interface: interface(wanted)?,
        bootable: wanted.bootable,
        active: wanted.active,
        read_only: wanted.read_only,
        pass_discard: wanted.pass_discard,
        disk,
    })
}

fn interface(wanted: &api_v4::DiskAttachment) -> Result<Option<vms::DiskInterface>, Fault> {
    Ok(match wanted.interface {
        None => None,
        Some(DiskInterface::Virtio) => Some(vms::DiskInterface::Virtio),
        Some(DiskInterface::VirtioScsi) => Some(vms::DiskInterface::VirtioScsi),
        Some(DiskInterface::Sata) => Some(vms::DiskInterface::Sata),
        Some(other) => {
            return Err(Fault::not_supported(format!(
                "`disk_attachment.interface` = `{}`",
                other.name()
            )));
        }
    })
}

fn needed_interface(wanted: &api_v4::DiskAttachment) -> Result<vms::DiskInterface, Fault> {
    interface(wanted)?.ok_or_else(|| missing("disk_attachment.interface"))
}
