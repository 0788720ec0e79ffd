//! What moves while it is used: a run to another host, a running machine's disk to another domain.
//!
//! Work that takes long is asked for again and again with the same words: the first time begins it,
//! each answers how far it is (after at most [`PATIENCE`], at once when it ends).

use super::{MachineSpec, VolumeAddress};
use base::{DiskId, VmId};
use domain::disks::DiskFormat;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A host answers no later than this how far long work is.
pub const PATIENCE: Duration = Duration::from_secs(1);

/// To the host where a run will arrive: make ready for it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct MigrationPrepare {
    /// The machine as it runs.
    pub machine: MachineSpec,
    /// Its run.
    pub epoch: u64,
    /// The guest was up.
    pub up: bool,
    /// As for a launch.
    pub up_without_agent_seconds: u32,
    /// The address under which the other host reaches this one.
    pub address: String,
}

/// How the other host reaches the one where a run arrives.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MigrationEndpoint {
    /// libvirt's URI.
    pub libvirt_uri: String,
    /// Where QEMU sends memory, if libvirt shall not choose.
    pub memory_uri: Option<String>,
    /// QEMU sends through TLS.
    pub encrypted: bool,
    /// IP address that graphics consoles listen on there.
    pub console_listen: String,
    /// Where the serial console is logged there.
    pub serial_log: String,
}

/// To the host where a run is: move it there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MigrationSend {
    /// The machine.
    pub vm: VmId,
    /// Its run.
    pub epoch: u64,
    /// Which try this is; one that failed is not begun again under the same number.
    pub attempt: u32,
    /// Where to.
    pub to: MigrationEndpoint,
}

/// How far a migration is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum MigrationState {
    /// It goes on.
    Going {
        /// Per cent of the memory that is there.
        percent: u8,
    },
    /// The run is on the other host.
    Gone {
        /// How long its CPUs stood still, milliseconds, if that is known.
        downtime_ms: Option<u64>,
    },
}

/// Where a run is, seen from one host.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum RunPlace {
    /// It runs here.
    Here,
    /// It is on its way to this host.
    Arriving,
    /// It has left for another host.
    Left,
    /// Neither.
    Nowhere,
}

/// A disk of a run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct RunDisk {
    /// The machine.
    pub vm: VmId,
    /// Its run.
    pub epoch: u64,
    /// The disk.
    pub disk: DiskId,
}

/// Put a layer, whose volume is there, on top of a running machine's disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DiskSnapshot {
    /// The disk.
    pub of: RunDisk,
    /// The layer.
    pub layer: VolumeAddress,
    /// Its format.
    pub format: DiskFormat,
}

/// Keep a copy of the top layer of a running machine's disk; the volume and what it stands on are
/// there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DiskMirror {
    /// The disk.
    pub of: RunDisk,
    /// The copy.
    pub to: VolumeAddress,
    /// Its format.
    pub format: DiskFormat,
    /// The layer that is copied. When the machine has left it, it is removed: its absence says that
    /// the copy holds what the guest wrote, also when the machine is no more.
    pub replaces: VolumeAddress,
}

/// Merge the top layer of a running machine's disk into the one below.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DiskMerge {
    /// The disk.
    pub of: RunDisk,
    /// The layer that goes.
    pub top: VolumeAddress,
    /// The layer that takes its content.
    pub base: VolumeAddress,
}

/// How far work on a running machine's disk is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DiskProgress {
    /// Per cent.
    pub percent: u8,
    /// It has caught up (mirror), or is over (merge).
    pub done: bool,
}
