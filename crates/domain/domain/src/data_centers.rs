//! Data centers: what clusters, networks and storage domains belong to.

use crate::entity::Claim;
use base::{DataCenterId, Generation, Timestamp};
use serde::{Deserialize, Serialize};

/// oVirt's compatibility version, such as 4.8.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct CompatibilityVersion {
    /// 4.
    pub major: u16,
    /// 2 to 8.
    pub minor: u16,
}

impl CompatibilityVersion {
    /// The newest that this engine knows.
    pub const NEWEST: CompatibilityVersion = CompatibilityVersion { major: 4, minor: 8 };
    /// Every one that data centers and clusters may have, oldest first.
    pub const ALL: &[CompatibilityVersion] = &[
        CompatibilityVersion { major: 4, minor: 2 },
        CompatibilityVersion { major: 4, minor: 3 },
        CompatibilityVersion { major: 4, minor: 4 },
        CompatibilityVersion { major: 4, minor: 5 },
        CompatibilityVersion { major: 4, minor: 6 },
        CompatibilityVersion { major: 4, minor: 7 },
        CompatibilityVersion::NEWEST,
    ];
}

impl std::fmt::Display for CompatibilityVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// A data center. `name` is ASCII (`[0-9a-zA-Z_-]`, at most 40 characters), unique in the system.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DataCenter {
    /// Its id.
    pub id: DataCenterId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// Unique name.
    pub name: String,
    /// Free text, at most 4000 characters.
    #[serde(default)]
    pub description: String,
    /// Free text.
    #[serde(default)]
    pub comment: String,
    /// One host with its own disks (true), or storage that all hosts reach.
    pub local: bool,
    /// Compatibility version.
    pub version: CompatibilityVersion,
    /// When it was made.
    pub created: Timestamp,
}

impl DataCenter {
    /// Its name is unique.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        vec![Claim::new("data-center-name", &self.name)]
    }
}

/// What the data center is, from the state of its storage (`semantics-states` 2.4 of oVirt).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DataCenterStatus {
    /// It never had a storage domain.
    Uninitialized,
    /// At least one domain is active and a host reaches it.
    Up,
    /// All its domains are in maintenance.
    Maintenance,
    /// No host reaches its storage.
    NonResponsive,
}
