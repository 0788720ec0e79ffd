//! From the body of a disk to the verbs that add, change and copy one.

use super::attributes::{self, names};
use super::numbers::{missing, unsigned};
use super::{carry, find};
use api_publish::Attribute;
use api_v4::{DiskBackup, DiskContentType, DiskFormat, DiskStorageType};
use base::{Fault, StorageDomainId};
use domain::disks::{self, Disk};
use operations::disks::add::DiskAdd;
use operations::disks::update::DiskUpdate;
use operations::templates::add::DiskCopy;
use projection::Snapshot;

fn check(disk: &api_v4::Disk, shown: &api_v4::Disk, known: &[Attribute]) -> Result<(), Fault> {
    carry::check(disk, shown, &names(&[known, attributes::DISK_ENGINE]))
}

/// What a new disk shows unless it is told otherwise.
fn fresh() -> api_v4::Disk {
    api_v4::Disk {
        backup: Some(DiskBackup::None),
        content_type: Some(DiskContentType::Data),
        storage_type: Some(DiskStorageType::Image),
        ..api_v4::Disk::default()
    }
}

/// A new free disk: a size and a storage domain are needed.
///
/// # Errors
/// 400 for what is missing or can't be; 404 for an unknown domain; 501 for what can't be made yet.
pub fn disk_add(snapshot: &Snapshot, wanted: &api_v4::Disk) -> Result<DiskAdd, Fault> {
    add(snapshot, "disk", wanted)
}

/// The same for a disk that stands at `path` of a body.
pub(super) fn add(snapshot: &Snapshot, path: &str, disk: &api_v4::Disk) -> Result<DiskAdd, Fault> {
    check(disk, &fresh(), attributes::DISK)?;
    if disk.id.is_some() {
        return Err(Fault::not_supported(
            "a disk with an id of the caller's choice",
        ));
    }
    let size = unsigned(&format!("{path}.provisioned_size"), disk.provisioned_size)?;
    Ok(DiskAdd {
        name: name(disk),
        description: disk.description.clone().unwrap_or_default(),
        storage_domain: storage_domain(snapshot, path, disk)?
            .ok_or_else(|| missing(&format!("{path}.storage_domains")))?,
        format: disk.format.map(format),
        sparse: disk.sparse,
        provisioned_bytes: size.ok_or_else(|| missing(&format!("{path}.provisioned_size")))?,
        shareable: disk.shareable.unwrap_or(false),
        wipe_after_delete: disk.wipe_after_delete.unwrap_or(false),
        propagate_errors: disk.propagate_errors.unwrap_or(false),
        attach: None,
    })
}

/// What a body changes of a disk.
///
/// # Errors
/// 400 for what can't be; 501 for what can't be changed yet.
pub fn disk_update(
    snapshot: &Snapshot,
    before: &Disk,
    wanted: &api_v4::Disk,
) -> Result<DiskUpdate, Fault> {
    check(
        wanted,
        &super::disk(snapshot, before),
        attributes::DISK_CHANGE,
    )?;
    Ok(DiskUpdate {
        name: name(wanted),
        description: wanted.description.clone(),
        provisioned_bytes: unsigned("disk.provisioned_size", wanted.provisioned_size)?,
        shareable: wanted.shareable,
        wipe_after_delete: wanted.wipe_after_delete,
        propagate_errors: wanted.propagate_errors,
    })
}

/// How a disk is to be copied with a template or VM.
pub(super) fn copy(
    snapshot: &Snapshot,
    path: &str,
    disk: &api_v4::Disk,
) -> Result<DiskCopy, Fault> {
    check(disk, &fresh(), attributes::DISK_COPY)?;
    let id = disk
        .id
        .as_deref()
        .ok_or_else(|| missing(&format!("{path}.id")))?;
    Ok(DiskCopy {
        source: find::id(id, "disk")?,
        name: name(disk),
        storage_domain: storage_domain(snapshot, path, disk)?,
        format: disk.format.map(format),
        sparse: disk.sparse,
    })
}

/// `alias` is the older word for `name`.
fn name(disk: &api_v4::Disk) -> Option<String> {
    disk.name.clone().or_else(|| disk.alias.clone())
}

fn format(format: DiskFormat) -> disks::DiskFormat {
    match format {
        DiskFormat::Cow => disks::DiskFormat::Cow,
        DiskFormat::Raw => disks::DiskFormat::Raw,
    }
}

fn storage_domain(
    snapshot: &Snapshot,
    path: &str,
    disk: &api_v4::Disk,
) -> Result<Option<StorageDomainId>, Fault> {
    let listed = disk.storage_domains.as_deref().unwrap_or_default();
    let wanted = match (listed, disk.storage_domain.as_deref()) {
        ([], None) => return Ok(None),
        ([], Some(one)) | ([one], _) => one,
        _ => {
            return Err(Fault::not_supported(
                "a disk on more than one storage domain",
            ));
        }
    };
    let path = format!("{path}.storage_domains");
    Ok(Some(find::storage_domain(snapshot, &path, wanted)?.id))
}
