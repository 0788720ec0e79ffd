//! A machine as the hypervisor knows it.

use base::{DiskId, NicId, StorageDomainId, Timestamp, VmId, VolumeId};
use domain::networks::MacAddress;
use domain::vms::{ConsoleAddress, PauseReason};
use std::path::PathBuf;

/// A machine whose QEMU runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Machine {
    /// The VM.
    pub vm: VmId,
    /// Its run.
    pub epoch: u64,
    /// The VM's name at the launch.
    pub name: String,
    /// What it does.
    pub state: MachineState,
    /// When this state was noticed; the launch, when nobody looked.
    pub since: Timestamp,
    /// When it was launched.
    pub started: Timestamp,
    /// Where its graphics consoles listen; the address is the one that was asked for.
    pub consoles: Vec<ConsoleAddress>,
    /// The guest agent has its channel open.
    pub agent_connected: bool,
    /// The serial console's log.
    pub serial_log: Option<PathBuf>,
    /// Its disks.
    pub disks: Vec<MachineDisk>,
    /// Its network cards.
    pub nics: Vec<MachineNic>,
}

/// What a machine does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MachineState {
    /// The CPUs run.
    Running,
    /// The CPUs stand still.
    Paused(PauseReason),
    /// The guest has ended itself; QEMU is about to go.
    PoweringDown,
    /// Its memory comes from another host, where the run still is; the CPUs have not run here.
    /// Consoles, log, disks and cards are not shown before it is there.
    Incoming,
}

/// A disk in a running machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineDisk {
    /// The disk.
    pub disk: DiskId,
    /// Where it lies: as launched, or as the last `disk_placed` said.
    pub domain: StorageDomainId,
    /// The active volume: as launched, or as the last `disk_placed` said.
    pub volume: VolumeId,
    /// Name in libvirt (`vda`).
    pub target: String,
    /// Path on the host of what the guest writes to.
    pub path: PathBuf,
}

/// A network card in a running machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineNic {
    /// The card.
    pub nic: NicId,
    /// Its address.
    pub mac: MacAddress,
    /// The tap device on the host, once there is one.
    pub tap: Option<String>,
    /// The bridge it is in.
    pub bridge: Option<String>,
}
