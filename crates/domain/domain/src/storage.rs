//! Storage domains and their states.

use crate::entity::Claim;
use base::{DataCenterId, Generation, StorageDomainId, Timestamp};
use serde::{Deserialize, Serialize};

/// Where a domain's files lie, as hosts reach it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum StorageBacking {
    /// A directory of one host (local data centers).
    LocalFs {
        /// Absolute path on the host.
        path: String,
    },
    /// Any file system the hosts' kernel can mount.
    PosixFs {
        /// What is mounted (device, export or directory).
        path: String,
        /// File system type for mount(8); `none` with option `bind` for a directory.
        vfs_type: String,
        /// Options for mount(8), comma separated; may be empty.
        mount_options: String,
    },
}

impl StorageBacking {
    /// oVirt's name of the storage type.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            StorageBacking::LocalFs { .. } => "localfs",
            StorageBacking::PosixFs { .. } => "posixfs",
        }
    }
    /// The path a person gave.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            StorageBacking::LocalFs { path } | StorageBacking::PosixFs { path, .. } => path,
        }
    }
}

/// oVirt's status of a domain in its data center (`semantics-states` 2.3).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum StorageDomainStatus {
    /// Being made or attached.
    Locked,
    /// Usable.
    Active,
    /// Hosts fail to reach it.
    Inactive,
    /// Switched off by an administrator.
    Maintenance,
    /// Belongs to no data center.
    Unattached,
    /// No host reports.
    Unknown,
}

/// A data storage domain of format V5.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StorageDomain {
    /// Its id, the same as on storage.
    pub id: StorageDomainId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// ASCII name, unique in the system.
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub description: String,
    /// Free text.
    #[serde(default)]
    pub comment: String,
    /// Where it lies.
    pub backing: StorageBacking,
    /// The data center it is attached to.
    pub data_center: Option<DataCenterId>,
    /// What an administrator or a workflow made of it; `Unknown` and `Inactive` come from observation.
    pub status: StorageDomainStatus,
    /// The master domain of its data center.
    pub master: bool,
    /// Per cent of free space below which a warning is due (oVirt: 10).
    pub warning_low_space_percent: u32,
    /// GiB of free space below which disks are no longer made (oVirt: 5).
    pub critical_space_gib: u64,
    /// When it was made.
    pub created: Timestamp,
}

impl StorageDomain {
    /// Its name is unique.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        vec![Claim::new("storage-domain-name", &self.name)]
    }
}

/// What hosts last measured of a domain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StorageDomainObserved {
    /// Free bytes.
    pub available_bytes: u64,
    /// Used bytes.
    pub used_bytes: u64,
    /// When it was measured.
    pub at: Timestamp,
}
