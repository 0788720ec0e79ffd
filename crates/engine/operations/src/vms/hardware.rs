//! What a caller may say of a VM's hardware, and which combinations are legal.

use base::{ClusterId, Fault, HostId};
use domain::names;
use domain::operating_systems;
use domain::vms::{
    BiosType, BootDevice, CpuTopology, Graphics, GraphicsProtocol, Hardware, HighAvailability,
    Migratable, Placement, VmKind,
};
use projection::Snapshot;

/// What is to change of the hardware; `None` stays as it is (in the VM, or in the template).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HardwareChange {
    /// Desktop, server or high performance.
    pub kind: Option<VmKind>,
    /// oVirt's operating system id by name.
    pub os: Option<String>,
    /// Memory in bytes.
    pub memory_bytes: Option<u64>,
    /// The least it must get; follows `memory_bytes` when only that changes.
    pub memory_guaranteed_bytes: Option<u64>,
    /// Ceiling for hot plug; follows `memory_bytes` when only that changes.
    pub memory_max_bytes: Option<u64>,
    /// A balloon device.
    pub ballooning: Option<bool>,
    /// Sockets.
    pub sockets: Option<u32>,
    /// Cores in each socket.
    pub cores: Option<u32>,
    /// Threads in each core.
    pub threads: Option<u32>,
    /// Weight against other VMs.
    pub cpu_shares: Option<u32>,
    /// Firmware and chip set.
    pub bios: Option<BiosType>,
    /// Boot order.
    pub boot: Option<Vec<BootDevice>>,
    /// Graphics consoles.
    pub graphics: Option<Vec<Graphics>>,
    /// A virtio serial console.
    pub serial_console: Option<bool>,
    /// A random number device.
    pub rng: Option<bool>,
    /// High availability on or off.
    pub ha_enabled: Option<bool>,
    /// High availability's priority, 0..=100.
    pub ha_priority: Option<u32>,
    /// May the engine move it?
    pub affinity: Option<Migratable>,
    /// Only there; empty is anywhere.
    pub hosts: Option<Vec<HostId>>,
    /// Start with CPUs standing still.
    pub start_paused: Option<bool>,
    /// Time zone; empty is UTC.
    pub time_zone: Option<String>,
}

const MIB: u64 = 1 << 20;
/// Most vCPUs of a VM (`MaxNumOfVmCpus` of 4.6 and later).
const VCPUS_MAX: u32 = 710;
/// Most sockets (`MaxNumOfVmSockets`).
const SOCKETS_MAX: u32 = 16;
/// Most cores of a socket (`MaxNumOfCpuPerSocket`).
const CORES_MAX: u32 = 254;
/// Most threads of a core (`MaxNumOfThreadsPerCpu`).
const THREADS_MAX: u32 = 8;
/// Largest memory in bytes (`VM64BitMaxMemorySizeInMB` of 4.8: 64 TiB).
const MEMORY_MAX: u64 = 67_108_864 * MIB;
/// Hot plug may reach this many times the memory, if nothing else is said.
const HOT_PLUG_FACTOR: u64 = 4;
/// Largest CPU weight (`MaxCpuShares`).
const CPU_SHARES_MAX: u32 = 262_144;
/// Highest priority (`VmPriorityMaxValue`).
const PRIORITY_MAX: u32 = 100;

impl HardwareChange {
    /// Applies the change and checks the result.
    ///
    /// # Errors
    /// 400 or 409 with oVirt's key for the value that can't be.
    pub fn apply(&self, hardware: &mut Hardware) -> Result<(), Fault> {
        self.apply_memory(hardware);
        let topology = &mut hardware.topology;
        topology.sockets = self.sockets.unwrap_or(topology.sockets);
        topology.cores = self.cores.unwrap_or(topology.cores);
        topology.threads = self.threads.unwrap_or(topology.threads);
        hardware.kind = self.kind.unwrap_or(hardware.kind);
        if let Some(os) = &self.os {
            hardware.os.clone_from(os);
        }
        hardware.ballooning = self.ballooning.unwrap_or(hardware.ballooning);
        hardware.cpu_shares = self.cpu_shares.unwrap_or(hardware.cpu_shares);
        hardware.bios = self.bios.unwrap_or(hardware.bios);
        if let Some(boot) = &self.boot {
            hardware.boot.clone_from(boot);
        }
        if let Some(graphics) = &self.graphics {
            hardware.graphics.clone_from(graphics);
        }
        hardware.serial_console = self.serial_console.unwrap_or(hardware.serial_console);
        hardware.rng = self.rng.unwrap_or(hardware.rng);
        let ha = &mut hardware.high_availability;
        ha.enabled = self.ha_enabled.unwrap_or(ha.enabled);
        ha.priority = self.ha_priority.unwrap_or(ha.priority);
        hardware.placement.affinity = self.affinity.unwrap_or(hardware.placement.affinity);
        if let Some(hosts) = &self.hosts {
            hardware.placement.hosts.clone_from(hosts);
        }
        hardware.start_paused = self.start_paused.unwrap_or(hardware.start_paused);
        if let Some(zone) = &self.time_zone {
            hardware.time_zone.clone_from(zone);
        }
        check(hardware)
    }

    /// Guaranteed memory and the ceiling follow the memory unless they are given.
    fn apply_memory(&self, hardware: &mut Hardware) {
        if let Some(bytes) = self.memory_bytes {
            let memory = bytes / MIB * MIB;
            if hardware.memory_guaranteed_bytes == hardware.memory_bytes {
                hardware.memory_guaranteed_bytes = memory;
            }
            hardware.memory_guaranteed_bytes = hardware.memory_guaranteed_bytes.min(memory);
            hardware.memory_max_bytes = memory.saturating_mul(HOT_PLUG_FACTOR).min(MEMORY_MAX);
            hardware.memory_bytes = memory;
        }
        if let Some(bytes) = self.memory_guaranteed_bytes {
            hardware.memory_guaranteed_bytes = bytes / MIB * MIB;
        }
        if let Some(bytes) = self.memory_max_bytes {
            hardware.memory_max_bytes = bytes / MIB * MIB;
        }
    }
}

/// Which combinations are legal.
fn check(hardware: &Hardware) -> Result<(), Fault> {
    check_memory(hardware)?;
    check_cpus(hardware)?;
    if operating_systems::by_name(&hardware.os).is_none() {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_OS_NOT_EXIST",
            format!(
                "`{}` is no operating system of this engine; see /ovirt-engine/api/operatingsystems.",
                hardware.os.chars().take(64).collect::<String>()
            ),
        ));
    }
    if hardware.high_availability.priority > PRIORITY_MAX {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_VM_PRIORITY_EXCEEDED_CONFIGURATION",
            format!(
                "The priority {} is too high; it goes from 0 to {PRIORITY_MAX}.",
                hardware.high_availability.priority
            ),
        ));
    }
    let repeated = hardware
        .boot
        .iter()
        .enumerate()
        .find(|(i, d)| hardware.boot[..*i].contains(d));
    if hardware.boot.is_empty() || repeated.is_some() {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_BOOT_SEQUENCE_ILLEGAL",
            "The boot order has to name one or more devices, each once.",
        ));
    }
    let repeated = hardware
        .graphics
        .iter()
        .enumerate()
        .find(|(i, g)| hardware.graphics[..*i].contains(g));
    if repeated.is_some() {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_ONLY_ONE_DEVICE_WITH_THIS_GRAPHICS_ALLOWED",
            "A VM may have one graphics console of each protocol.",
        ));
    }
    names::check_text("time_zone", &hardware.time_zone, 64)
}

fn check_memory(hardware: &Hardware) -> Result<(), Fault> {
    if hardware.memory_bytes == 0 || hardware.memory_bytes > MEMORY_MAX {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_MEMORY_EXCEEDS_SUPPORTED_LIMIT",
            format!(
                "The memory is {} MiB; it has to be between 1 and {} MiB.",
                hardware.memory_bytes / MIB,
                MEMORY_MAX / MIB
            ),
        ));
    }
    if hardware.memory_guaranteed_bytes > hardware.memory_bytes {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_MIN_MEMORY_CANNOT_EXCEED_MEMORY_SIZE",
            format!(
                "The guaranteed memory ({} MiB) is more than the memory ({} MiB).",
                hardware.memory_guaranteed_bytes / MIB,
                hardware.memory_bytes / MIB
            ),
        ));
    }
    if hardware.memory_max_bytes < hardware.memory_bytes || hardware.memory_max_bytes > MEMORY_MAX {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_MAX_MEMORY_CANNOT_BE_SMALLER_THAN_MEMORY_SIZE",
            format!(
                "The maximum memory ({} MiB) has to be at least the memory ({} MiB) and at most {} MiB.",
                hardware.memory_max_bytes / MIB,
                hardware.memory_bytes / MIB,
                MEMORY_MAX / MIB
            ),
        ));
    }
    Ok(())
}

fn check_cpus(hardware: &Hardware) -> Result<(), Fault> {
    let topology = hardware.topology;
    let parts = [
        (
            "sockets",
            topology.sockets,
            SOCKETS_MAX,
            "ACTION_TYPE_FAILED_MIN_NUM_SOCKETS",
            "ACTION_TYPE_FAILED_MAX_NUM_SOCKETS",
        ),
        (
            "cores",
            topology.cores,
            CORES_MAX,
            "ACTION_TYPE_FAILED_MIN_CPU_PER_SOCKET",
            "ACTION_TYPE_FAILED_MAX_CPU_PER_SOCKET",
        ),
        (
            "threads",
            topology.threads,
            THREADS_MAX,
            "ACTION_TYPE_FAILED_MIN_THREADS_PER_CPU",
            "ACTION_TYPE_FAILED_MAX_THREADS_PER_CPU",
        ),
    ];
    for (what, value, most, too_few, too_many) in parts {
        if value == 0 || value > most {
            let key = if value == 0 { too_few } else { too_many };
            return Err(Fault::conflict(
                key,
                format!("A VM can't have {value} {what}; between 1 and {most} are possible."),
            ));
        }
    }
    if topology.vcpus() > VCPUS_MAX {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_MAX_NUM_CPU",
            format!(
                "A VM can't have {} virtual CPUs; at most {VCPUS_MAX} are possible.",
                topology.vcpus()
            ),
        ));
    }
    if hardware.cpu_shares > CPU_SHARES_MAX {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_CPU_SHARES_ILLEGAL",
            format!(
                "{} CPU shares are too many; at most {CPU_SHARES_MAX} are possible.",
                hardware.cpu_shares
            ),
        ));
    }
    Ok(())
}

/// The hosts a VM is pinned to are hosts of its cluster.
pub(crate) fn check_hosts(
    snapshot: &Snapshot,
    hardware: &Hardware,
    cluster: ClusterId,
) -> Result<(), Fault> {
    for id in &hardware.placement.hosts {
        match snapshot.host(*id) {
            None => {
                return Err(Fault::bad_request(
                    "ACTION_TYPE_FAILED_HOST_NOT_EXIST",
                    format!("There is no host `{id}` that the VM could be pinned to."),
                ));
            }
            Some(host) if host.cluster != cluster => {
                return Err(Fault::conflict(
                    "ACTION_TYPE_FAILED_DEDICATED_VDS_NOT_IN_SAME_CLUSTER",
                    format!("Host {} is not in the cluster of the VM.", host.name),
                ));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// What the Blank template has: the defaults of every VM.
pub fn blank() -> Hardware {
    Hardware {
        kind: VmKind::Server,
        os: "other".to_owned(),
        memory_bytes: 1024 * MIB,
        memory_guaranteed_bytes: 1024 * MIB,
        memory_max_bytes: HOT_PLUG_FACTOR * 1024 * MIB,
        ballooning: true,
        topology: CpuTopology {
            sockets: 1,
            cores: 1,
            threads: 1,
        },
        cpu_shares: 0,
        bios: BiosType::ClusterDefault,
        boot: vec![BootDevice::Hd],
        graphics: vec![Graphics {
            protocol: GraphicsProtocol::Vnc,
        }],
        serial_console: false,
        rng: true,
        high_availability: HighAvailability::default(),
        placement: Placement::default(),
        start_paused: false,
        time_zone: String::new(),
        nics: Vec::new(),
        disks: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(change: HardwareChange) -> Result<Hardware, Fault> {
        let mut hardware = blank();
        change.apply(&mut hardware)?;
        Ok(hardware)
    }

    #[test]
    fn guaranteed_memory_and_the_ceiling_follow_the_memory() {
        let hardware = changed(HardwareChange {
            memory_bytes: Some(256 * MIB + 5),
            ..HardwareChange::default()
        })
        .unwrap();
        assert_eq!(hardware.memory_bytes, 256 * MIB);
        assert_eq!(hardware.memory_guaranteed_bytes, 256 * MIB);
        assert_eq!(hardware.memory_max_bytes, 1024 * MIB);
    }

    #[test]
    fn what_a_machine_can_not_have_is_refused_by_its_key() {
        let refused = |change: HardwareChange| changed(change).unwrap_err().key;
        let none = HardwareChange::default;
        assert_eq!(
            refused(HardwareChange {
                memory_guaranteed_bytes: Some(2048 * MIB),
                ..none()
            }),
            "ACTION_TYPE_FAILED_MIN_MEMORY_CANNOT_EXCEED_MEMORY_SIZE"
        );
        assert_eq!(
            refused(HardwareChange {
                memory_max_bytes: Some(MIB),
                ..none()
            }),
            "ACTION_TYPE_FAILED_MAX_MEMORY_CANNOT_BE_SMALLER_THAN_MEMORY_SIZE"
        );
        assert_eq!(
            refused(HardwareChange {
                sockets: Some(0),
                ..none()
            }),
            "ACTION_TYPE_FAILED_MIN_NUM_SOCKETS"
        );
        assert_eq!(
            refused(HardwareChange {
                sockets: Some(16),
                cores: Some(254),
                ..none()
            }),
            "ACTION_TYPE_FAILED_MAX_NUM_CPU"
        );
        assert_eq!(
            refused(HardwareChange {
                os: Some("plan9".into()),
                ..none()
            }),
            "ACTION_TYPE_FAILED_OS_NOT_EXIST"
        );
        assert_eq!(
            refused(HardwareChange {
                boot: Some(vec![BootDevice::Hd, BootDevice::Hd]),
                ..none()
            }),
            "ACTION_TYPE_FAILED_BOOT_SEQUENCE_ILLEGAL"
        );
        assert!(changed(none()).is_ok());
    }
}
