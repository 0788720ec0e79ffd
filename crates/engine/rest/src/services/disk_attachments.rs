//! `vms/{}/diskattachments`: which disks a machine has. An attachment's id is its disk's.

use super::{listing, vms};
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{DiskId, Fault, VmId};
use domain::Noun;
use domain::roles::permits;
use domain::vms::{DiskAttachment, Vm};
use operations::disks::{
    add as adding, attach as attaching, attachment_update, detach as detaching,
};

const WHAT: &str = "disk attachment";

fn attachment_of(vm: &Vm, id: DiskId) -> Result<&DiskAttachment, Fault> {
    vm.hardware
        .disks
        .iter()
        .find(|a| a.disk == id)
        .ok_or_else(|| Fault::not_found(WHAT, id))
}

/// `GET vms/{}/diskattachments`.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    let vm = vms::find(ask)?;
    let attachments = vm
        .hardware
        .disks
        .iter()
        .map(|a| convert::vm_disk_attachment(&ask.snapshot, &vm, a))
        .collect();
    listing::plain(ask, attachments)
}

/// `GET vms/{}/diskattachments/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    let vm = vms::find(ask)?;
    let attachment = attachment_of(&vm, ask.id(1, WHAT)?)?;
    Ok(Answer::entity(convert::vm_disk_attachment(
        &ask.snapshot,
        &vm,
        attachment,
    )))
}

fn shown(ask: &Ask, vm: VmId, disk: DiskId) -> Result<api_v4::DiskAttachment, Fault> {
    let snapshot = ask.fresh();
    let vm = snapshot
        .vm(vm)
        .ok_or_else(|| Fault::not_found(VmId::WHAT, vm))?;
    Ok(convert::vm_disk_attachment(
        &snapshot,
        vm,
        attachment_of(vm, disk)?,
    ))
}

/// `POST vms/{}/diskattachments`: a disk that is there, or a new one.
pub async fn add(ask: &Ask) -> Result<Answer, Fault> {
    let vm = vms::find(ask)?;
    let wanted: api_v4::DiskAttachment = ask.read()?;
    let rooms = &ask.front.rooms;
    let accepted = if wanted.disk.as_ref().is_some_and(|d| d.id.is_some()) {
        let attach = convert::disk_attach(&ask.snapshot, &wanted)?;
        ask.permitted_on(permits::ATTACH_DISK, Noun::Disk, attach.disk.0)?;
        attaching::attach(ask.permitted()?, rooms, vm.id, attach).await?
    } else {
        let disk = convert::disk_add_attached(&ask.snapshot, &vm, &wanted)?;
        let domain = disk.storage_domain.0;
        ask.permitted_on(permits::CREATE_DISK, Noun::StorageDomain, domain)?;
        adding::add(ask.permitted()?, rooms, disk).await?
    };
    Ok(Answer::added(shown(ask, vm.id, accepted.id)?, accepted.job))
}

/// `PUT vms/{}/diskattachments/{}`.
pub async fn update(ask: &Ask) -> Result<Answer, Fault> {
    let vm = vms::find(ask)?;
    let attachment = attachment_of(&vm, ask.id(1, WHAT)?)?;
    let disk = attachment.disk;
    let wanted: api_v4::DiskAttachment = ask.read()?;
    let change = convert::attachment_update(&ask.snapshot, attachment, &wanted)?;
    attachment_update::update(ask.permitted()?, &ask.front.rooms, vm.id, disk, change).await?;
    Ok(Answer::entity(shown(ask, vm.id, disk)?))
}

/// `DELETE vms/{}/diskattachments/{}`: the disk stays unless `detach_only=false`.
pub async fn remove(ask: &Ask) -> Result<Answer, Fault> {
    let vm = vms::find(ask)?;
    let disk = attachment_of(&vm, ask.id(1, WHAT)?)?.disk;
    let detach_only = ask.parameters.flag("detach_only")?.unwrap_or(true);
    if !detach_only {
        ask.permitted_on(permits::DELETE_DISK, Noun::Disk, disk.0)?;
    }
    let accepted = detaching::detach(
        ask.permitted()?,
        &ask.front.rooms,
        vm.id,
        disk,
        !detach_only,
    )
    .await?;
    Ok(Answer::done(accepted.job))
}
