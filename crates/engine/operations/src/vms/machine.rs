//! From a VM and what it refers to, the machine a host is told to run. Pure.

use base::Fault;
use domain::disks::DiskStatus;
use domain::vms::{DiskAttachment, Nic, Vm};
use ports::hosts::{DiskSpec, MachineSpec, NicSpec, Smbios};
use projection::Snapshot;

/// The machine.
///
/// # Errors
/// 409 when a disk is locked, illegal or gone, or a network is gone.
pub fn machine_of(snapshot: &Snapshot, vm: &Vm, manufacturer: &str) -> Result<MachineSpec, Fault> {
    let hardware = &vm.hardware;
    let disks = hardware
        .disks
        .iter()
        .filter(|d| d.active)
        .map(|a| disk_of(snapshot, a))
        .collect::<Result<_, _>>()?;
    let nics = hardware
        .nics
        .iter()
        .filter(|n| n.plugged)
        .map(|n| nic_of(snapshot, n))
        .collect::<Result<_, _>>()?;
    let version = snapshot
        .cluster(vm.cluster)
        .map_or_else(String::new, |c| c.version.to_string());
    Ok(MachineSpec {
        id: vm.id,
        name: vm.name.clone(),
        memory_bytes: hardware.memory_bytes,
        memory_guaranteed_bytes: hardware.memory_guaranteed_bytes,
        topology: hardware.topology,
        cpu_model: None,
        cpu_shares: hardware.cpu_shares,
        boot: hardware.boot.clone(),
        disks,
        nics,
        graphics: hardware.graphics.iter().map(|g| g.protocol).collect(),
        rng: hardware.rng,
        balloon: hardware.ballooning,
        clock_offset_seconds: 0,
        smbios: Smbios {
            manufacturer: manufacturer.to_owned(),
            product: format!("{manufacturer} virtual machine"),
            version: version.clone(),
            serial: vm.id.to_string(),
        },
        cluster_version: version,
    })
}

fn disk_of(snapshot: &Snapshot, attachment: &DiskAttachment) -> Result<DiskSpec, Fault> {
    let disk = snapshot
        .disk(attachment.disk)
        .ok_or_else(|| Fault::not_found("disk", attachment.disk))?;
    match disk.status {
        DiskStatus::Ok => {}
        DiskStatus::Locked => {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_DISKS_LOCKED",
                format!(
                    "Cannot run VM. Disk {} is locked; try again when its job has ended.",
                    disk.name
                ),
            ));
        }
        DiskStatus::Illegal => {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_VM_IMAGE_IS_ILLEGAL",
                format!(
                    "Cannot run VM. Disk {} is illegal; remove it or detach it.",
                    disk.name
                ),
            ));
        }
    }
    let volume = disk
        .active_volume()
        .ok_or_else(|| Fault::internal(format!("disk {} has no volume", disk.id)))?;
    Ok(DiskSpec {
        disk: disk.id,
        domain: disk.storage_domain,
        volume: volume.id,
        format: volume.format,
        interface: attachment.interface,
        bootable: attachment.bootable,
        read_only: attachment.read_only,
        shareable: disk.shareable,
        pass_discard: attachment.pass_discard,
        propagate_errors: disk.propagate_errors,
    })
}

fn nic_of(snapshot: &Snapshot, nic: &Nic) -> Result<NicSpec, Fault> {
    let network = match nic.profile {
        None => None,
        Some(id) => {
            let profile = snapshot
                .vnic_profile(id)
                .ok_or_else(|| Fault::not_found("vNIC profile", id))?;
            let network = snapshot.network(profile.network);
            Some(network.ok_or_else(|| Fault::not_found("network", profile.network))?)
        }
    };
    Ok(NicSpec {
        id: nic.id,
        mac: nic.mac,
        interface: nic.interface,
        bridge: network.map(|n| n.bridge.clone()),
        linked: nic.linked,
        mtu: network.map_or(0, |n| n.mtu),
    })
}
