//! `vms/{}/nics`: network cards.

use super::{listing, vms};
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{Fault, NicId, VmId};
use domain::vms::{Nic, Vm};
use operations::vms::nics::{add as adding, remove as removing, update as updating};

fn nic_of(vm: &Vm, id: NicId) -> Result<&Nic, Fault> {
    vm.hardware
        .nics
        .iter()
        .find(|nic| nic.id == id)
        .ok_or_else(|| Fault::not_found(NicId::WHAT, id))
}

/// `GET vms/{}/nics`.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    let vm = vms::find(ask)?;
    let nics = vm
        .hardware
        .nics
        .iter()
        .map(|nic| convert::vm_nic(&ask.snapshot, &vm, nic))
        .collect();
    listing::plain(ask, nics)
}

/// `GET vms/{}/nics/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    let vm = vms::find(ask)?;
    let nic = nic_of(&vm, ask.id(1, NicId::WHAT)?)?;
    Ok(Answer::entity(convert::vm_nic(&ask.snapshot, &vm, nic)))
}

/// `GET vms/{}/nics/{}/reporteddevices`: what the guest says of this card, found by its address.
pub fn reported_devices(ask: &Ask) -> Result<Answer, Fault> {
    let vm = vms::find(ask)?;
    let nic = nic_of(&vm, ask.id(1, NicId::WHAT)?)?;
    let mac = nic.mac.to_string();
    let mut devices = convert::reported_devices(&ask.snapshot, &vm);
    devices.retain(|device| {
        let address = device.mac.as_ref().and_then(|m| m.address.as_deref());
        address.is_some_and(|a| a.eq_ignore_ascii_case(&mac))
    });
    listing::plain(ask, devices)
}

fn shown(ask: &Ask, vm: VmId, nic: NicId) -> Result<api_v4::Nic, Fault> {
    let snapshot = ask.fresh();
    let vm = snapshot
        .vm(vm)
        .ok_or_else(|| Fault::not_found(VmId::WHAT, vm))?;
    Ok(convert::vm_nic(&snapshot, vm, nic_of(vm, nic)?))
}

/// `POST vms/{}/nics`.
pub async fn add(ask: &Ask) -> Result<Answer, Fault> {
    let vm = vms::find(ask)?;
    let wanted: api_v4::Nic = ask.read()?;
    let nic = convert::nic_add(&ask.snapshot, &vm, &wanted)?;
    let accepted = adding::add(ask.permitted()?, &ask.front.rooms, vm.id, nic).await?;
    Ok(Answer::added(shown(ask, vm.id, accepted.id)?, accepted.job))
}

/// `PUT vms/{}/nics/{}`.
pub async fn update(ask: &Ask) -> Result<Answer, Fault> {
    let vm = vms::find(ask)?;
    let nic = nic_of(&vm, ask.id(1, NicId::WHAT)?)?.id;
    let wanted: api_v4::Nic = ask.read()?;
    let change = convert::nic_update(&ask.snapshot, &vm, &wanted)?;
    updating::update(ask.permitted()?, &ask.front.rooms, vm.id, nic, change).await?;
    Ok(Answer::entity(shown(ask, vm.id, nic)?))
}

/// `DELETE vms/{}/nics/{}`.
pub async fn remove(ask: &Ask) -> Result<Answer, Fault> {
    let vm = vms::find(ask)?;
    let nic = nic_of(&vm, ask.id(1, NicId::WHAT)?)?.id;
    let accepted = removing::remove(ask.permitted()?, &ask.front.rooms, vm.id, nic).await?;
    Ok(Answer::done(accepted.job))
}
