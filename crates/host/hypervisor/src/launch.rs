//! A machine and where it finds its things on this host.

use ports::hosts::{DiskSpec, MachineSpec, VolumeAddress};
use std::collections::HashMap;
use std::path::PathBuf;

/// Start this machine as run `epoch`.
#[derive(Debug, Clone, PartialEq)]
pub struct MachineLaunch {
    /// The machine.
    pub machine: MachineSpec,
    /// Its run.
    pub epoch: u64,
    /// Leave the CPUs standing still.
    pub paused: bool,
    /// Where each disk of `machine` lies on this host (`host-storage` says).
    pub disks: HashMap<VolumeAddress, DiskSource>,
    /// The serial console is written here, appended; the directory must be there. `None` keeps no log.
    pub serial_log: Option<PathBuf>,
    /// IP address that graphics consoles listen on.
    pub console_listen: String,
}

/// A disk's place on this host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskSource {
    /// Absolute path.
    pub path: PathBuf,
    /// A block device, not a file.
    pub block: bool,
}

impl DiskSource {
    /// A file.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        DiskSource {
            path: path.into(),
            block: false,
        }
    }
}

impl MachineLaunch {
    /// The volume a disk of the machine uses.
    #[must_use]
    pub fn address_of(disk: &DiskSpec) -> VolumeAddress {
        VolumeAddress {
            domain: disk.domain,
            disk: disk.disk,
            volume: disk.volume,
        }
    }
}
