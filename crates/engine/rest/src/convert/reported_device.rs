//! Network devices as a guest sees them.

use super::{links, references};
use api_v4::{IpVersion, ReportedDeviceType};
use base::NicId;
use domain::vms::{GuestDevice, Vm};
use projection::Snapshot;
use std::net::IpAddr;

/// What the guest agent told of the VM's run; nothing while it is down or silent.
#[must_use]
pub fn reported_devices(snapshot: &Snapshot, vm: &Vm) -> Vec<api_v4::ReportedDevice> {
    let seen = vm.run.as_ref().and_then(|run| {
        snapshot
            .vm_observed(vm.id)
            .filter(|seen| seen.epoch == run.epoch)
    });
    seen.map(|seen| {
        seen.guest
            .devices
            .iter()
            .map(|device| shown(vm, device))
            .collect()
    })
    .unwrap_or_default()
}

fn shown(vm: &Vm, device: &GuestDevice) -> api_v4::ReportedDevice {
    let mut shown = api_v4::ReportedDevice {
        name: Some(device.name.clone()),
        ips: Some(device.addresses.iter().map(ip).collect()),
        mac: device.mac.as_ref().map(|mac| {
            Box::new(api_v4::Mac {
                address: Some(mac.clone()),
            })
        }),
        type_: Some(ReportedDeviceType::Network),
        vm: Some(references::vm(vm.id)),
        ..api_v4::ReportedDevice::default()
    };
    let id = id_of(&[
        &vm.id.to_string(),
        &device.name,
        device.mac.as_deref().unwrap_or(""),
    ]);
    let vm = vm.id.to_string();
    links::place(&mut shown, "vms/{}/reporteddevices/{}", &[&vm, &id]);
    shown
}

/// An address as the API shows it.
pub(super) fn ip(address: &IpAddr) -> api_v4::Ip {
    api_v4::Ip {
        address: Some(address.to_string()),
        version: Some(match address {
            IpAddr::V4(_) => IpVersion::V4,
            IpAddr::V6(_) => IpVersion::V6,
        }),
        ..api_v4::Ip::default()
    }
}

/// A stable id in the form of a UUID for what has a name but no id (FNV-1a with 128 bits).
pub(super) fn id_of(parts: &[&str]) -> String {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    let hash = bytes.fold(OFFSET, |hash, b| (hash ^ u128::from(b)).wrapping_mul(PRIME));
    NicId::known(hash).to_string()
}
