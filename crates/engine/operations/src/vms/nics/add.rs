//! Adding a network card to a VM.

use super::rules;
use crate::deciding::decide;
use crate::vms::macs::Macs;
use crate::{Accepted, Rooms, checks};
use access::Permitted;
use audit::AuditEvent;
use base::{Fault, NicId, VmId, VnicProfileId};
use domain::networks::MacAddress;
use domain::vms::{Nic, NicInterface};
use store::Batch;

/// The card to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NicAdd {
    /// Name, unique in the VM.
    pub name: String,
    /// Model; `None` is virtio.
    pub interface: Option<NicInterface>,
    /// The network it joins; `None` is no network.
    pub profile: Option<VnicProfileId>,
    /// Address; `None` takes one from the cluster's MAC pool.
    pub mac: Option<MacAddress>,
    /// It is in the machine.
    pub plugged: bool,
    /// Its cable is in.
    pub linked: bool,
}

/// Adds a card to a VM; to one that runs only if it is not plugged.
///
/// # Errors
/// 400 for a bad name; 404 for an unknown VM or profile; 409 for a name or address in use, a profile
/// of another data center, an exhausted pool, or a locked VM; 501 for plugging it into a running VM.
pub async fn add(
    call: &Permitted,
    rooms: &Rooms,
    vm: VmId,
    add: NicAdd,
) -> Result<Accepted<NicId>, Fault> {
    let id = NicId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let vm = checks::vm(snapshot, vm)?;
        checks::vm_is_free(vm, "Cannot add Interface")?;
        if vm.run.is_some() && add.plugged {
            return Err(Fault::not_supported(
                "plugging a network interface into a running VM",
            ));
        }
        rules::check_name(vm, &add.name, vm.hardware.nics.iter())?;
        if let Some(profile) = add.profile {
            rules::check_profile(snapshot, vm, profile)?;
        }
        let mut macs = Macs::of(snapshot, checks::cluster(snapshot, vm.cluster)?)?;
        let mac = match add.mac {
            Some(mac) => {
                macs.check(mac)?;
                mac
            }
            None => macs.next()?,
        };
        let nic = Nic {
            id,
            name: add.name.clone(),
            mac,
            interface: add.interface.unwrap_or(NicInterface::Virtio),
            profile: add.profile,
            plugged: add.plugged,
            linked: add.linked,
            shared_mac: add.mac.is_some() && macs.shared(),
        };
        let mut next = (**vm).clone();
        next.hardware.nics.push(nic.clone());
        next.hardware.nics.sort_by(|a, b| a.name.cmp(&b.name));
        let mut batch = Batch::new();
        let event = AuditEvent::NicAdded {
            vm: next.clone(),
            nic,
        };
        batch.event(event.at(call, now));
        batch.put(next);
        Ok((batch, Accepted::done(id)))
    })
    .await
}
