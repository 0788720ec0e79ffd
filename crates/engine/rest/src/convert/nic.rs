//! Network cards of VMs and templates, and the bodies that add and change one.

use super::attributes::{NIC, names};
use super::{carry, find, links, numbers::missing, references};
use api_v4::NicInterface;
use base::{Fault, VnicProfileId};
use domain::networks::{BadMac, MacAddress};
use domain::templates::Template;
use domain::vms::{self, Vm};
use operations::vms::nics::add::NicAdd;
use operations::vms::nics::update::NicUpdate;
use projection::Snapshot;

/// A card of a VM.
#[must_use]
pub fn vm_nic(_: &Snapshot, vm: &Vm, nic: &vms::Nic) -> api_v4::Nic {
    let mut shown = api_v4::Nic {
        vm: Some(references::vm(vm.id)),
        ..card(nic)
    };
    let ids = [vm.id.to_string(), nic.id.to_string()];
    links::place(&mut shown, "vms/{}/nics/{}", &[&ids[0], &ids[1]]);
    shown
}

/// A card of a template.
#[must_use]
pub fn template_nic(_: &Snapshot, template: &Template, nic: &vms::Nic) -> api_v4::Nic {
    let mut shown = api_v4::Nic {
        template: Some(references::template(template.id)),
        mac: None,
        ..card(nic)
    };
    let ids = [template.id.to_string(), nic.id.to_string()];
    links::place(&mut shown, "templates/{}/nics/{}", &[&ids[0], &ids[1]]);
    shown
}

fn card(nic: &vms::Nic) -> api_v4::Nic {
    api_v4::Nic {
        name: Some(nic.name.clone()),
        interface: Some(match nic.interface {
            vms::NicInterface::Virtio => NicInterface::Virtio,
            vms::NicInterface::E1000 => NicInterface::E1000,
            vms::NicInterface::E1000e => NicInterface::E1000e,
            vms::NicInterface::Rtl8139 => NicInterface::Rtl8139,
        }),
        mac: Some(Box::new(api_v4::Mac {
            address: Some(nic.mac.to_string()),
        })),
        plugged: Some(nic.plugged),
        linked: Some(nic.linked),
        synced: Some(true),
        vnic_profile: nic.profile.map(references::vnic_profile),
        ..api_v4::Nic::default()
    }
}

/// A new card; only its name is needed.
///
/// # Errors
/// 400 for what is missing or can't be; 404 for an unknown profile; 501 for what can't be made yet.
pub fn nic_add(snapshot: &Snapshot, vm: &Vm, wanted: &api_v4::Nic) -> Result<NicAdd, Fault> {
    carry::check(wanted, &api_v4::Nic::default(), &names(&[NIC]))?;
    Ok(NicAdd {
        name: wanted.name.clone().ok_or_else(|| missing("nic.name"))?,
        interface: interface(wanted)?,
        profile: profile(snapshot, vm, wanted)?.flatten(),
        mac: mac(wanted)?,
        plugged: wanted.plugged.unwrap_or(true),
        linked: wanted.linked.unwrap_or(true),
    })
}

/// What a body changes of a card; an empty `vnic_profile` takes it off its network.
///
/// # Errors
/// As `nic_add`.
pub fn nic_update(snapshot: &Snapshot, vm: &Vm, wanted: &api_v4::Nic) -> Result<NicUpdate, Fault> {
    let shown = api_v4::Nic {
        synced: Some(true),
        ..api_v4::Nic::default()
    };
    carry::check(wanted, &shown, &names(&[NIC]))?;
    Ok(NicUpdate {
        name: wanted.name.clone(),
        interface: interface(wanted)?,
        profile: profile(snapshot, vm, wanted)?,
        mac: mac(wanted)?,
        plugged: wanted.plugged,
        linked: wanted.linked,
    })
}

fn interface(wanted: &api_v4::Nic) -> Result<Option<vms::NicInterface>, Fault> {
    Ok(match wanted.interface {
        None => None,
        Some(NicInterface::Virtio) => Some(vms::NicInterface::Virtio),
        Some(NicInterface::E1000) => Some(vms::NicInterface::E1000),
        Some(NicInterface::E1000e) => Some(vms::NicInterface::E1000e),
        Some(NicInterface::Rtl8139) => Some(vms::NicInterface::Rtl8139),
        Some(other) => {
            return Err(Fault::not_supported(format!(
                "`nic.interface` = `{}`",
                other.name()
            )));
        }
    })
}

fn profile(
    snapshot: &Snapshot,
    vm: &Vm,
    wanted: &api_v4::Nic,
) -> Result<Option<Option<VnicProfileId>>, Fault> {
    let Some(profile) = wanted.vnic_profile.as_deref() else {
        return Ok(None);
    };
    if profile.id.as_deref().is_none_or(str::is_empty) && profile.name.is_none() {
        return Ok(Some(None));
    }
    let found = find::vnic_profile(snapshot, "nic.vnic_profile", vm.data_center, profile)?;
    Ok(Some(Some(found.id)))
}

fn mac(wanted: &api_v4::Nic) -> Result<Option<MacAddress>, Fault> {
    let address = wanted.mac.as_deref().and_then(|mac| mac.address.as_deref());
    address
        .filter(|address| !address.is_empty())
        .map(|address| {
            address.parse().map_err(|e: BadMac| {
                Fault::bad_request(
                    match e {
                        BadMac::Form(_) => "ACTION_TYPE_FAILED_NETWORK_INTERFACE_MAC_INVALID",
                        BadMac::NotUnicast(_) => "ACTION_TYPE_FAILED_NETWORK_INTERFACE_MAC_INVALID",
                    },
                    format!("`nic.mac.address`: {e}."),
                )
            })
        })
        .transpose()
}
