//! Changing a network card.

use super::rules;
use crate::deciding::decide;
use crate::vms::macs::Macs;
use crate::{Accepted, Rooms, checks};
use access::Permitted;
use audit::AuditEvent;
use base::{Fault, NicId, VmId, VnicProfileId};
use domain::networks::MacAddress;
use domain::vms::NicInterface;
use store::Batch;

/// What is to change; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NicUpdate {
    /// Name.
    pub name: Option<String>,
    /// Model.
    pub interface: Option<NicInterface>,
    /// The network it joins; `Some(None)` is no network.
    pub profile: Option<Option<VnicProfileId>>,
    /// Address.
    pub mac: Option<MacAddress>,
    /// It is in the machine.
    pub plugged: Option<bool>,
    /// Its cable is in.
    pub linked: Option<bool>,
}

/// Changes a card of a VM that is down, or one that is and stays unplugged.
///
/// # Errors
/// As `add`; 404 when the VM has no such card; 501 for a change of a running VM's plugged card.
pub async fn update(
    call: &Permitted,
    rooms: &Rooms,
    vm: VmId,
    nic: NicId,
    change: NicUpdate,
) -> Result<Accepted<NicId>, Fault> {
    decide(rooms, |snapshot, now| {
        let vm = checks::vm(snapshot, vm)?;
        let mut next = (**vm).clone();
        let card = next.hardware.nics.iter_mut().find(|n| n.id == nic);
        let card = card.ok_or_else(|| Fault::not_found("network interface", nic))?;
        checks::vm_is_free(vm, "Cannot edit Interface")?;
        let before = card.clone();
        if let Some(name) = &change.name {
            card.name.clone_from(name);
        }
        card.interface = change.interface.unwrap_or(card.interface);
        card.profile = change.profile.unwrap_or(card.profile);
        card.mac = change.mac.unwrap_or(card.mac);
        card.plugged = change.plugged.unwrap_or(card.plugged);
        card.linked = change.linked.unwrap_or(card.linked);
        let card = card.clone();
        let mut batch = Batch::new();
        if card == before {
            return Ok((batch, Accepted::done(nic)));
        }
        if vm.run.is_some() && (before.plugged || card.plugged) {
            return Err(Fault::not_supported(
                "changing a plugged network interface of a running VM",
            ));
        }
        let others = vm.hardware.nics.iter().filter(|n| n.id != nic);
        rules::check_name(vm, &card.name, others)?;
        if let Some(profile) = card.profile.filter(|p| Some(*p) != before.profile) {
            rules::check_profile(snapshot, vm, profile)?;
        }
        if card.mac != before.mac {
            let macs = Macs::of(snapshot, checks::cluster(snapshot, vm.cluster)?)?;
            macs.check(card.mac)?;
            if let Some(next) = next.hardware.nics.iter_mut().find(|n| n.id == nic) {
                next.shared_mac = macs.shared();
            }
        }
        next.hardware.nics.sort_by(|a, b| a.name.cmp(&b.name));
        let event = AuditEvent::NicUpdated {
            vm: next.clone(),
            nic: card,
        };
        batch.event(event.at(call, now));
        batch.put(next);
        Ok((batch, Accepted::done(nic)))
    })
    .await
}
