//! Affinity: which VMs shall run together or apart, and on which hosts.
//!
//! Which VMs and hosts belong to a group or label is a membership (`memberships`).

use crate::entity::Claim;
use base::{AffinityGroupId, AffinityLabelId, ClusterId, Generation};
use serde::{Deserialize, Serialize};

/// A rule of a group, for VMs among themselves or for VMs and hosts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct AffinityRule {
    /// It counts.
    pub enabled: bool,
    /// Together (true) or apart.
    pub positive: bool,
    /// Must (true) or shall.
    pub enforcing: bool,
}

/// A group of one cluster.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AffinityGroup {
    /// Its id.
    pub id: AffinityGroupId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// Name, letters of any script; unique in the cluster.
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub description: String,
    /// Its cluster.
    pub cluster: ClusterId,
    /// Of two groups that contradict each other the larger priority wins.
    pub priority: f64,
    /// VMs among themselves.
    pub vms_rule: AffinityRule,
    /// VMs and hosts.
    pub hosts_rule: AffinityRule,
}

impl AffinityGroup {
    /// Its name is unique in its cluster.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        vec![Claim::new(
            format!("affinity-group-name/{}", self.cluster),
            crate::names::claim_form(&self.name),
        )]
    }
}

/// A label: its VMs run on its hosts.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AffinityLabel {
    /// Its id.
    pub id: AffinityLabelId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// Unique name, letters of any script.
    pub name: String,
    /// It acts as a positive, enforcing group of its VMs and hosts (levels below 4.4).
    #[serde(default)]
    pub implicit_group: bool,
}

impl AffinityLabel {
    /// Its name is unique.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        vec![Claim::new(
            "affinity-label-name",
            crate::names::claim_form(&self.name),
        )]
    }
}
