//! From the body of a VM to the verbs that add and change one.

use super::attributes::{self, names};
use super::numbers::missing;
use super::{carry, disk_body, find, hardware, hardware_body};
use base::{ClusterId, Fault};
use domain::vms::Vm;
use operations::templates::add::DiskCopy;
use operations::vms::add::VmAdd;
use operations::vms::update::VmUpdate;
use projection::Snapshot;

/// A new VM: a name, a cluster and a template are needed.
///
/// # Errors
/// 400 for what is missing or can't be; 404 for references to nothing; 501 for what can't be made yet.
pub fn vm_add(snapshot: &Snapshot, wanted: &api_v4::Vm) -> Result<VmAdd, Fault> {
    let name = wanted.name.clone().ok_or_else(|| missing("vm.name"))?;
    let cluster = wanted
        .cluster
        .as_deref()
        .ok_or_else(|| missing("vm.cluster"))?;
    let cluster = find::cluster(snapshot, "vm.cluster", cluster)?;
    let template = wanted
        .template
        .as_deref()
        .ok_or_else(|| missing("vm.template"))?;
    let template = find::template(snapshot, "vm.template", cluster.data_center, template)?;
    let mut shown = api_v4::Vm::default();
    hardware::on_vm(&mut shown, &template.hardware);
    carry::check(
        wanted,
        &shown,
        &names(&[attributes::VM, attributes::VM_NEW, attributes::HARDWARE]),
    )?;
    if wanted.id.is_some() {
        return Err(Fault::not_supported(
            "a VM with an id of the caller's choice",
        ));
    }
    Ok(VmAdd {
        description: wanted.description.clone().unwrap_or_default(),
        comment: wanted.comment.clone().unwrap_or_default(),
        hardware: hardware_body::change(snapshot, wanted, &template.hardware)?,
        delete_protected: wanted.delete_protected.unwrap_or(false),
        storage_domain: wanted
            .storage_domain
            .as_deref()
            .map(|d| find::storage_domain(snapshot, "vm.storage_domain", d))
            .transpose()?
            .map(|d| d.id),
        disks: disk_copies(snapshot, "vm.disk_attachments", wanted)?,
        ..VmAdd::new(name, cluster.id, template.id)
    })
}

/// How single disks of a template (or of a VM that becomes one) are to be copied.
pub(super) fn disk_copies(
    snapshot: &Snapshot,
    path: &str,
    vm: &api_v4::Vm,
) -> Result<Vec<DiskCopy>, Fault> {
    let attachments = vm.disk_attachments.iter().flatten().enumerate();
    attachments
        .map(|(i, attachment)| {
            let path = format!("{path}[{i}].disk");
            let disk = attachment.disk.as_deref().ok_or_else(|| missing(&path))?;
            disk_body::copy(snapshot, &path, disk)
        })
        .collect()
}

/// What a body changes of a VM.
///
/// # Errors
/// 400 for what can't be; 404 for references to nothing; 501 for what can't be changed yet.
pub fn vm_update(snapshot: &Snapshot, vm: &Vm, wanted: &api_v4::Vm) -> Result<VmUpdate, Fault> {
    let known = names(&[attributes::VM, attributes::HARDWARE]);
    carry::check(wanted, &super::vm(snapshot, vm), &known)?;
    let cluster: Option<ClusterId> = wanted
        .cluster
        .as_deref()
        .map(|c| find::cluster(snapshot, "vm.cluster", c))
        .transpose()?
        .map(|c| c.id);
    Ok(VmUpdate {
        name: wanted.name.clone(),
        description: wanted.description.clone(),
        comment: wanted.comment.clone(),
        cluster,
        delete_protected: wanted.delete_protected,
        hardware: hardware_body::change(snapshot, wanted, &vm.hardware)?,
    })
}
