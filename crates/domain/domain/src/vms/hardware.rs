//! The virtual hardware that VMs and templates share.

use crate::networks::MacAddress;
use base::{DiskId, HostId, NicId, VnicProfileId};
use serde::{Deserialize, Serialize};

/// Hardware of a VM or template.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Hardware {
    /// Desktop, server or high performance.
    pub kind: VmKind,
    /// oVirt's operating system id by name (`other`, `rhel_9x64`).
    pub os: String,
    /// Memory in bytes.
    pub memory_bytes: u64,
    /// The least it must get, bytes; not above `memory_bytes`.
    pub memory_guaranteed_bytes: u64,
    /// Ceiling for hot plug, bytes; not below `memory_bytes`.
    pub memory_max_bytes: u64,
    /// A balloon device.
    pub ballooning: bool,
    /// Virtual CPUs.
    pub topology: CpuTopology,
    /// Weight against other VMs: 0 default, 512 low, 1024 medium, 2048 high.
    #[serde(default)]
    pub cpu_shares: u32,
    /// Firmware and chip set.
    pub bios: BiosType,
    /// Boot order; the first that works is taken.
    pub boot: Vec<BootDevice>,
    /// Graphics consoles.
    pub graphics: Vec<Graphics>,
    /// A virtio serial console with a log (oVirt's `console`).
    #[serde(default)]
    pub serial_console: bool,
    /// A random number device fed by /dev/urandom.
    pub rng: bool,
    /// Restart it when it or its host fails.
    #[serde(default)]
    pub high_availability: HighAvailability,
    /// Where it may run.
    #[serde(default)]
    pub placement: Placement,
    /// Start with CPUs standing still.
    #[serde(default)]
    pub start_paused: bool,
    /// Time zone of its clock; empty is UTC.
    #[serde(default)]
    pub time_zone: String,
    /// Network cards in the order of their names.
    #[serde(default)]
    pub nics: Vec<Nic>,
    /// Disks in the order they were attached.
    #[serde(default)]
    pub disks: Vec<DiskAttachment>,
}

/// What a VM is for; changes defaults only.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum VmKind {
    /// Sound, USB.
    Desktop,
    /// No sound.
    Server,
    /// Pinned, headless.
    HighPerformance,
}

/// Sockets, cores per socket, threads per core; each at least 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CpuTopology {
    /// Sockets.
    pub sockets: u32,
    /// Cores in each socket.
    pub cores: u32,
    /// Threads in each core.
    pub threads: u32,
}

impl CpuTopology {
    /// Virtual CPUs in all; saturates.
    #[must_use]
    pub fn vcpus(self) -> u32 {
        self.sockets
            .saturating_mul(self.cores)
            .saturating_mul(self.threads)
    }
}

/// Firmware and chip set.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum BiosType {
    /// As the cluster says (q35 with SeaBIOS).
    ClusterDefault,
    /// q35 with SeaBIOS.
    Q35SeaBios,
}

/// What to boot from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum BootDevice {
    /// The bootable disk.
    Hd,
    /// CD.
    Cdrom,
    /// PXE.
    Network,
}

/// A graphics console.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Graphics {
    /// VNC or SPICE.
    pub protocol: GraphicsProtocol,
}

/// Console protocols.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum GraphicsProtocol {
    /// VNC.
    Vnc,
    /// SPICE.
    Spice,
}

/// High availability.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct HighAvailability {
    /// On or off.
    pub enabled: bool,
    /// 0..=100; higher goes first.
    pub priority: u32,
}

/// Where a VM may run.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Placement {
    /// May the engine move it?
    #[serde(default)]
    pub affinity: Migratable,
    /// Only there; empty is anywhere in the cluster.
    #[serde(default)]
    pub hosts: Vec<HostId>,
}

/// oVirt's VM affinity.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Migratable {
    /// By anybody.
    #[default]
    Migratable,
    /// Only when a user asks.
    UserMigratable,
    /// Never.
    Pinned,
}

/// A virtual network card.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Nic {
    /// Its id.
    pub id: NicId,
    /// `nic1`; unique in the VM; ASCII letters, digits, `-`, `_`, `.`; at most 50.
    pub name: String,
    /// Address from the pool or by hand.
    pub mac: MacAddress,
    /// Model.
    pub interface: NicInterface,
    /// The network it joins; none is an empty profile (no network).
    pub profile: Option<VnicProfileId>,
    /// It is in the machine.
    pub plugged: bool,
    /// Its cable is in.
    pub linked: bool,
    /// Another card may have the same address: it was given by hand, and its pool allows that.
    #[serde(default)]
    pub shared_mac: bool,
}

/// Model of a virtual network card.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum NicInterface {
    /// virtio-net.
    Virtio,
    /// Intel e1000.
    E1000,
    /// Intel e1000e.
    E1000e,
    /// Realtek 8139.
    Rtl8139,
}

/// A disk in a VM or template; its API id is the disk's id.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DiskAttachment {
    /// The disk.
    pub disk: DiskId,
    /// Bus.
    pub interface: DiskInterface,
    /// Boot from it; at most one per VM.
    pub bootable: bool,
    /// It is in the machine (oVirt's `active`).
    pub active: bool,
    /// The guest may only read.
    #[serde(default)]
    pub read_only: bool,
    /// Hand discards down to storage.
    #[serde(default)]
    pub pass_discard: bool,
}

/// Bus of a disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum DiskInterface {
    /// virtio-blk.
    Virtio,
    /// virtio-scsi.
    VirtioScsi,
    /// SATA (AHCI).
    Sata,
}
