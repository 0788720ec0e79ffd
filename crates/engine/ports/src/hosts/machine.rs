//! The virtual machine as a host is told to run it: everything decided, nothing to look up.

use base::{DiskId, NicId, StorageDomainId, VmId, VolumeId};
use domain::disks::DiskFormat;
use domain::networks::MacAddress;
use domain::vms::{BootDevice, CpuTopology, DiskInterface, GraphicsProtocol, NicInterface};
use serde::{Deserialize, Serialize};

/// Start this machine as run `epoch`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct VmLaunch {
    /// The machine.
    pub machine: MachineSpec,
    /// Its run; the host refuses one that is older than what it knows.
    pub epoch: u64,
    /// Leave the CPUs standing still.
    pub paused: bool,
    /// Seconds after which a VM without a guest agent counts as up (oVirt: 60).
    pub up_without_agent_seconds: u32,
}

/// A virtual machine's hardware.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct MachineSpec {
    /// Its id, libvirt's UUID.
    pub id: VmId,
    /// Its name, libvirt's name.
    pub name: String,
    /// Bytes.
    pub memory_bytes: u64,
    /// Bytes below which the balloon never goes.
    pub memory_guaranteed_bytes: u64,
    /// vCPUs.
    pub topology: CpuTopology,
    /// libvirt's CPU model name; `None` takes the accelerator's safest default.
    pub cpu_model: Option<String>,
    /// libvirt's cpu shares; 0 is the default.
    pub cpu_shares: u32,
    /// Boot order.
    pub boot: Vec<BootDevice>,
    /// In order: the first is sda/vda.
    pub disks: Vec<DiskSpec>,
    /// In order.
    pub nics: Vec<NicSpec>,
    /// Graphics consoles.
    pub graphics: Vec<GraphicsProtocol>,
    /// Random numbers from /dev/urandom.
    pub rng: bool,
    /// Memory balloon with statistics.
    pub balloon: bool,
    /// Seconds east of UTC of its clock.
    pub clock_offset_seconds: i64,
    /// What dmidecode shows as the product (`Vireo`), its version and serial number.
    pub smbios: Smbios,
    /// Goes into oVirt-style metadata: the cluster's compatibility version.
    pub cluster_version: String,
}

/// SMBIOS system information.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Smbios {
    /// Manufacturer.
    pub manufacturer: String,
    /// Product.
    pub product: String,
    /// Version.
    pub version: String,
    /// Serial number, by the cluster's policy.
    pub serial: String,
}

/// A disk in the machine.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DiskSpec {
    /// The disk; also its serial number in the guest.
    pub disk: DiskId,
    /// Where it lies.
    pub domain: StorageDomainId,
    /// The active volume.
    pub volume: VolumeId,
    /// Its format.
    pub format: DiskFormat,
    /// Bus.
    pub interface: DiskInterface,
    /// Boot from it.
    pub bootable: bool,
    /// The guest may only read.
    pub read_only: bool,
    /// Several machines may have it.
    pub shareable: bool,
    /// Hand discards down.
    pub pass_discard: bool,
    /// Tell the guest of I/O errors instead of pausing.
    pub propagate_errors: bool,
}

/// A network card in the machine.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NicSpec {
    /// Its id.
    pub id: NicId,
    /// Address.
    pub mac: MacAddress,
    /// Model.
    pub interface: NicInterface,
    /// The host's bridge; `None` is a card without a network.
    pub bridge: Option<String>,
    /// Its cable is in.
    pub linked: bool,
    /// Bytes; 0 is the default.
    pub mtu: u32,
}
