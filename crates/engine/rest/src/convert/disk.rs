//! A disk as the API shows it.

use super::{links, numbers::int, references};
use api_v4::{DiskBackup, DiskContentType, DiskFormat, DiskStatus, DiskStorageType, QcowVersion};
use domain::disks::{self, Disk};
use projection::Snapshot;

/// All of it, with the VMs that have it.
#[must_use]
pub fn disk(snapshot: &Snapshot, disk: &Disk) -> api_v4::Disk {
    let mut shown = api_v4::Disk {
        name: Some(disk.name.clone()),
        alias: Some(disk.name.clone()),
        description: Some(disk.description.clone()),
        actual_size: int(disk.actual_bytes),
        total_size: int(disk.actual_bytes),
        provisioned_size: int(disk.provisioned_bytes),
        backup: Some(DiskBackup::None),
        content_type: Some(DiskContentType::Data),
        format: Some(format(disk.format)),
        image_id: disk.active_volume().map(|v| v.id.to_string()),
        propagate_errors: Some(disk.propagate_errors),
        qcow_version: (disk.format == disks::DiskFormat::Cow).then_some(QcowVersion::Qcow2V3),
        shareable: Some(disk.shareable),
        sparse: Some(disk.sparse),
        status: Some(match disk.status {
            disks::DiskStatus::Ok => DiskStatus::Ok,
            disks::DiskStatus::Locked => DiskStatus::Locked,
            disks::DiskStatus::Illegal => DiskStatus::Illegal,
        }),
        storage_domains: Some(vec![*references::storage_domain(disk.storage_domain)]),
        storage_type: Some(DiskStorageType::Image),
        template: disk.template.map(references::template),
        vms: Some(
            snapshot
                .vms_with_disk(disk.id)
                .map(|vm| *references::vm(vm.id))
                .collect(),
        ),
        wipe_after_delete: Some(disk.wipe_after_delete),
        ..api_v4::Disk::default()
    };
    links::place(&mut shown, "disks/{}", &[&disk.id.to_string()]);
    shown
}

/// The format of its bytes.
pub(super) fn format(format: disks::DiskFormat) -> DiskFormat {
    match format {
        disks::DiskFormat::Cow => DiskFormat::Cow,
        disks::DiskFormat::Raw => DiskFormat::Raw,
    }
}
