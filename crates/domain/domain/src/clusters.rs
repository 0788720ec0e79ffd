//! Clusters: hosts that can run each other's VMs.

use crate::data_centers::CompatibilityVersion;
use crate::entity::Claim;
use base::{ClusterId, DataCenterId, Generation, MacPoolId, Timestamp};
use serde::{Deserialize, Serialize};

/// A cluster. `name` may hold letters of any script; unique in the system.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Cluster {
    /// Its id.
    pub id: ClusterId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// Unique name.
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub description: String,
    /// Free text.
    #[serde(default)]
    pub comment: String,
    /// The data center it belongs to.
    pub data_center: DataCenterId,
    /// Compatibility version, not older than its data center's.
    pub version: CompatibilityVersion,
    /// CPU type by oVirt's name (`Intel Nehalem Family`); empty until the first host tells it.
    #[serde(default)]
    pub cpu_type: String,
    /// Memory over-commit in per cent: 100 none, 150 servers, 200 desktops.
    pub memory_overcommit_percent: u32,
    /// Do threads count as cores for the scheduler?
    #[serde(default)]
    pub threads_as_cores: bool,
    /// Balloon devices may be used.
    pub ballooning: bool,
    /// Kernel same-page merging.
    pub ksm: bool,
    /// The pool that MAC addresses of its VMs come from.
    pub mac_pool: MacPoolId,
    /// When it was made.
    pub created: Timestamp,
}

impl Cluster {
    /// Its name is unique.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        vec![Claim::new(
            "cluster-name",
            crate::names::claim_form(&self.name),
        )]
    }
}
