//! From the hardware in a body to what a verb is to change.

use super::find;
use super::numbers::{unsigned, wrong};
use api_v4::{BiosType, BootDevice, DisplayType, GraphicsType, RngSource, VmAffinity, VmType};
use base::Fault;
use domain::operating_systems;
use domain::vms::{self, Graphics, GraphicsProtocol, Hardware};
use operations::vms::hardware::HardwareChange;
use projection::Snapshot;

/// What `wanted` changes of `before` (the VM's hardware, or the template's).
///
/// # Errors
/// 400 for a number that can't be; 404 for an unknown host; 501 for hardware that is not there yet.
pub(super) fn change(
    snapshot: &Snapshot,
    wanted: &api_v4::Vm,
    before: &Hardware,
) -> Result<HardwareChange, Fault> {
    let policy = wanted.memory_policy.as_deref();
    let topology = wanted.cpu.as_deref().and_then(|c| c.topology.as_deref());
    let ha = wanted.high_availability.as_deref();
    let os = wanted.os.as_deref();
    let boot = os.and_then(|os| os.boot.as_deref());
    let mut change = HardwareChange {
        kind: wanted.type_.map(kind),
        os: os.and_then(|os| os.type_.as_deref()).map(os_name),
        memory_bytes: unsigned("vm.memory", wanted.memory)?,
        memory_guaranteed_bytes: unsigned(
            "vm.memory_policy.guaranteed",
            policy.and_then(|p| p.guaranteed),
        )?,
        memory_max_bytes: unsigned("vm.memory_policy.max", policy.and_then(|p| p.max))?,
        ballooning: policy.and_then(|p| p.ballooning),
        sockets: unsigned("vm.cpu.topology.sockets", topology.and_then(|t| t.sockets))?,
        cores: unsigned("vm.cpu.topology.cores", topology.and_then(|t| t.cores))?,
        threads: unsigned("vm.cpu.topology.threads", topology.and_then(|t| t.threads))?,
        cpu_shares: unsigned("vm.cpu_shares", wanted.cpu_shares)?,
        bios: bios(wanted)?,
        boot: boot
            .and_then(|b| b.devices.as_deref())
            .map(|devices| devices.iter().map(boot_device).collect()),
        graphics: graphics(wanted, before)?,
        serial_console: wanted.console.as_deref().and_then(|c| c.enabled),
        rng: rng(wanted)?,
        ha_enabled: ha.and_then(|ha| ha.enabled),
        ha_priority: unsigned(
            "vm.high_availability.priority",
            ha.and_then(|ha| ha.priority),
        )?,
        start_paused: wanted.start_paused,
        time_zone: wanted
            .time_zone
            .as_deref()
            .map(|z| z.name.clone().unwrap_or_default()),
        ..HardwareChange::default()
    };
    if let Some(placement) = wanted.placement_policy.as_deref() {
        change.affinity = placement.affinity.map(affinity);
        if let Some(hosts) = &placement.hosts {
            let hosts: Result<Vec<_>, Fault> = hosts
                .iter()
                .map(|h| Ok(find::host(snapshot, "vm.placement_policy.hosts", h)?.id))
                .collect();
            change.hosts = Some(hosts?);
        }
    }
    Ok(change)
}

fn kind(kind: VmType) -> vms::VmKind {
    match kind {
        VmType::Desktop => vms::VmKind::Desktop,
        VmType::Server => vms::VmKind::Server,
        VmType::HighPerformance => vms::VmKind::HighPerformance,
    }
}

/// The name as the table of operating systems spells it; an unknown one goes on to be refused by the
/// verb.
fn os_name(name: &str) -> String {
    operating_systems::ALL
        .iter()
        .find(|os| os.name.eq_ignore_ascii_case(name))
        .map_or_else(|| name.to_owned(), |os| os.name.to_owned())
}

fn bios(wanted: &api_v4::Vm) -> Result<Option<vms::BiosType>, Fault> {
    Ok(match wanted.bios.as_deref().and_then(|b| b.type_) {
        None => None,
        Some(BiosType::ClusterDefault) => Some(vms::BiosType::ClusterDefault),
        Some(BiosType::Q35SeaBios) => Some(vms::BiosType::Q35SeaBios),
        Some(other) => {
            return Err(Fault::not_supported(format!(
                "`vm.bios.type` = `{}`",
                other.name()
            )));
        }
    })
}

fn boot_device(device: &BootDevice) -> vms::BootDevice {
    match device {
        BootDevice::Hd => vms::BootDevice::Hd,
        BootDevice::Cdrom => vms::BootDevice::Cdrom,
        BootDevice::Network => vms::BootDevice::Network,
    }
}

/// `graphics_consoles` says all; `display.type` alone replaces them when it is another than the
/// first of those that are there.
fn graphics(wanted: &api_v4::Vm, before: &Hardware) -> Result<Option<Vec<Graphics>>, Fault> {
    if let Some(consoles) = &wanted.graphics_consoles
        && !consoles.is_empty()
    {
        let protocols = consoles.iter().enumerate().map(|(i, console)| {
            let protocol = console.protocol.ok_or_else(|| {
                wrong(
                    &format!("vm.graphics_consoles[{i}].protocol"),
                    "it is missing",
                )
            })?;
            Ok(Graphics {
                protocol: match protocol {
                    GraphicsType::Vnc => GraphicsProtocol::Vnc,
                    GraphicsType::Spice => GraphicsProtocol::Spice,
                },
            })
        });
        return protocols.collect::<Result<_, Fault>>().map(Some);
    }
    let protocol = match wanted.display.as_deref().and_then(|d| d.type_) {
        None => return Ok(None),
        Some(DisplayType::Vnc) => GraphicsProtocol::Vnc,
        Some(DisplayType::Spice) => GraphicsProtocol::Spice,
    };
    let first = before.graphics.first().map(|g| g.protocol);
    Ok((first != Some(protocol)).then(|| vec![Graphics { protocol }]))
}

/// A device without a source is none.
fn rng(wanted: &api_v4::Vm) -> Result<Option<bool>, Fault> {
    match wanted.rng_device.as_deref().map(|device| device.source) {
        None => Ok(None),
        Some(None) => Ok(Some(false)),
        Some(Some(RngSource::Urandom)) => Ok(Some(true)),
        Some(Some(other)) => Err(Fault::not_supported(format!(
            "`vm.rng_device.source` = `{}`",
            other.name()
        ))),
    }
}

fn affinity(affinity: VmAffinity) -> vms::Migratable {
    match affinity {
        VmAffinity::Migratable => vms::Migratable::Migratable,
        VmAffinity::UserMigratable => vms::Migratable::UserMigratable,
        VmAffinity::Pinned => vms::Migratable::Pinned,
    }
}
