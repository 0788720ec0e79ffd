//! Questions that several verbs ask of a snapshot, answered with oVirt's message keys.

use base::{Call, ClusterId, DataCenterId, DiskId, Fault, StorageDomainId, TemplateId, VmId};
use domain::clusters::Cluster;
use domain::disks::{Disk, DiskStatus};
use domain::storage::{StorageDomain, StorageDomainStatus};
use domain::templates::{Template, TemplateStatus};
use domain::vms::Vm;
use projection::Snapshot;
use std::sync::Arc;

/// Longest comment; oVirt has no limit, a database row should have one.
pub(crate) const COMMENT_MAX: usize = 4000;

/// Bytes in a GiB.
const GIB: u64 = 1 << 30;

pub(crate) fn vm(snapshot: &Snapshot, id: VmId) -> Result<&Arc<Vm>, Fault> {
    snapshot
        .vm(id)
        .ok_or_else(|| Fault::not_found("virtual machine", id))
}

pub(crate) fn disk(snapshot: &Snapshot, id: DiskId) -> Result<&Arc<Disk>, Fault> {
    snapshot
        .disk(id)
        .ok_or_else(|| Fault::not_found("disk", id))
}

pub(crate) fn template(snapshot: &Snapshot, id: TemplateId) -> Result<&Arc<Template>, Fault> {
    snapshot
        .template(id)
        .ok_or_else(|| Fault::not_found("template", id))
}

pub(crate) fn cluster(snapshot: &Snapshot, id: ClusterId) -> Result<&Arc<Cluster>, Fault> {
    snapshot
        .cluster(id)
        .ok_or_else(|| Fault::not_found("cluster", id))
}

pub(crate) fn storage_domain(
    snapshot: &Snapshot,
    id: StorageDomainId,
) -> Result<&Arc<StorageDomain>, Fault> {
    snapshot
        .storage_domain(id)
        .ok_or_else(|| Fault::not_found("storage domain", id))
}

/// No workflow works on the VM. `verb` begins the sentence: "Cannot edit VM".
pub(crate) fn vm_is_free(vm: &Vm, verb: &str) -> Result<(), Fault> {
    match vm.locked_by {
        None => Ok(()),
        Some(_) => Err(Fault::conflict(
            "ACTION_TYPE_FAILED_VM_IS_LOCKED",
            format!(
                "{verb}. VM {} is locked; try again when its job has ended.",
                vm.name
            ),
        )),
    }
}

/// The VM does not run.
pub(crate) fn vm_is_down(vm: &Vm, verb: &str) -> Result<(), Fault> {
    vm_is_free(vm, verb)?;
    match vm.run {
        None => Ok(()),
        Some(_) => Err(Fault::conflict(
            "ACTION_TYPE_FAILED_VM_IS_NOT_DOWN",
            format!("{verb}. VM {} is running; shut it down first.", vm.name),
        )),
    }
}

/// The disk may be worked with.
pub(crate) fn disk_is_ok(disk: &Disk, verb: &str) -> Result<(), Fault> {
    disk_is_free(disk, verb)?;
    match disk.status {
        DiskStatus::Illegal => Err(Fault::conflict(
            "ACTION_TYPE_FAILED_DISKS_ILLEGAL",
            format!(
                "{verb}. Disk {} is illegal; it can only be removed.",
                disk.name
            ),
        )),
        DiskStatus::Ok | DiskStatus::Locked => Ok(()),
    }
}

/// No workflow works on the disk.
pub(crate) fn disk_is_free(disk: &Disk, verb: &str) -> Result<(), Fault> {
    if disk.locked_by.is_none() && disk.status != DiskStatus::Locked {
        return Ok(());
    }
    Err(Fault::conflict(
        "ACTION_TYPE_FAILED_DISKS_LOCKED",
        format!(
            "{verb}. Disk {} is locked; try again when its job has ended.",
            disk.name
        ),
    ))
}

/// The template may be used.
pub(crate) fn template_is_ok(template: &Template, verb: &str) -> Result<(), Fault> {
    match template.status {
        TemplateStatus::Ok => Ok(()),
        TemplateStatus::Locked => Err(Fault::conflict(
            "VM_TEMPLATE_IS_LOCKED",
            format!(
                "{verb}. Template {} is locked; try again when its job has ended.",
                template.name
            ),
        )),
        TemplateStatus::Illegal => Err(Fault::conflict(
            "ACTION_TYPE_FAILED_TEMPLATE_IS_ILLEGAL",
            format!(
                "{verb}. Template {} is illegal; it can only be removed.",
                template.name
            ),
        )),
    }
}

/// The domain is active, so that work can be done on it.
pub(crate) fn domain_is_active<'a>(
    snapshot: &'a Snapshot,
    id: StorageDomainId,
    verb: &str,
) -> Result<&'a Arc<StorageDomain>, Fault> {
    let domain = storage_domain(snapshot, id)?;
    match snapshot.storage_domain_status(id) {
        Some(StorageDomainStatus::Active) => Ok(domain),
        status => Err(Fault::conflict(
            "ACTION_TYPE_FAILED_STORAGE_DOMAIN_STATUS_ILLEGAL2",
            format!(
                "{verb}. Storage domain {} is {}; it has to be active.",
                domain.name,
                match status {
                    Some(StorageDomainStatus::Locked) => "locked",
                    Some(StorageDomainStatus::Inactive) => "inactive",
                    Some(StorageDomainStatus::Maintenance) => "in maintenance",
                    Some(StorageDomainStatus::Unattached) => "not attached to a data center",
                    _ => "in an unknown state, since no host that is up reaches it",
                }
            ),
        )),
    }
}

/// The domain is active and `bytes` more fit on it above its critical level. What was not measured
/// yet is not refused.
pub(crate) fn domain_has_space<'a>(
    snapshot: &'a Snapshot,
    id: StorageDomainId,
    bytes: u64,
    verb: &str,
) -> Result<&'a Arc<StorageDomain>, Fault> {
    let domain = domain_is_active(snapshot, id, verb)?;
    let Some(seen) = snapshot.storage_domain_observed(id) else {
        return Ok(domain);
    };
    let critical = domain.critical_space_gib.saturating_mul(GIB);
    if seen.available_bytes >= critical.saturating_add(bytes) {
        return Ok(domain);
    }
    Err(Fault::conflict(
        "ACTION_TYPE_FAILED_DISK_SPACE_LOW_ON_STORAGE_DOMAIN",
        format!(
            "{verb}. Storage domain {} has {} MiB free; {} MiB are needed and {} GiB have to stay free.",
            domain.name,
            seen.available_bytes >> 20,
            bytes.div_ceil(1 << 20),
            domain.critical_space_gib
        ),
    ))
}

/// The domain belongs to the data center.
pub(crate) fn domain_is_of(
    domain: &StorageDomain,
    data_center: DataCenterId,
    verb: &str,
) -> Result<(), Fault> {
    if domain.data_center == Some(data_center) {
        return Ok(());
    }
    Err(Fault::conflict(
        "ACTION_TYPE_FAILED_STORAGE_DOMAIN_NOT_IN_STORAGE_POOL",
        format!(
            "{verb}. Storage domain {} belongs to another data center.",
            domain.name
        ),
    ))
}

/// The name that objects keep of who made them.
pub(crate) fn creator(call: &Call) -> String {
    call.actor.name().to_owned()
}
