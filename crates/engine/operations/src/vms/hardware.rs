//! What a caller may say of a VM's hardware, and which combinations are legal.

use base::HostId;
use domain::vms::{BiosType, BootDevice, Graphics, Migratable, VmKind};

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
