//! Clusters: hosts that can run each other's VMs.

use crate::cpu_types::CpuArchitecture;
use crate::data_centers::CompatibilityVersion;
use crate::entity::Claim;
use crate::scheduling_policies;
use base::{ClusterId, DataCenterId, Generation, MacPoolId, SchedulingPolicyId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

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
    /// What else is set in it.
    #[serde(default)]
    pub policies: ClusterPolicies,
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

/// What happens to VMs of a host that becomes non-operational.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum OnHostError {
    /// They are moved.
    #[default]
    Migrate,
    /// They stay.
    DoNotMigrate,
    /// Those that are highly available are moved.
    MigrateHighlyAvailable,
}

/// When hosts are fenced.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct FencingPolicy {
    /// At all.
    pub enabled: bool,
    /// Not while the host holds its lease on storage.
    pub skip_if_sd_active: bool,
    /// Not while too many hosts are away.
    pub skip_if_connectivity_broken: bool,
    /// How many are too many, per cent.
    pub connectivity_threshold: u32,
    /// Not while its Gluster bricks are up.
    pub skip_if_gluster_bricks_up: bool,
    /// Not when Gluster would lose its quorum.
    pub skip_if_gluster_quorum_not_met: bool,
}

impl Default for FencingPolicy {
    fn default() -> Self {
        FencingPolicy {
            enabled: true,
            skip_if_sd_active: false,
            skip_if_connectivity_broken: false,
            connectivity_threshold: 50,
            skip_if_gluster_bricks_up: false,
            skip_if_gluster_quorum_not_met: false,
        }
    }
}

/// How much bandwidth migrations take.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum MigrationBandwidth {
    /// What the network's quality of service says.
    #[default]
    Auto,
    /// What the hypervisor does by itself.
    HypervisorDefault,
    /// Mbit/s.
    Custom(u32),
}

/// How VMs are moved; `None` is what the policy or the whole system says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct MigrationSettings {
    /// Slow the guest down when it writes too fast.
    pub auto_converge: Option<bool>,
    /// Send changed pages compressed.
    pub compressed: Option<bool>,
    /// Encrypt what is sent.
    pub encrypted: Option<bool>,
    /// Bandwidth.
    pub bandwidth: MigrationBandwidth,
    /// oVirt's migration policy.
    pub policy: Uuid,
}

impl MigrationSettings {
    /// oVirt's policy "Minimal downtime".
    pub const MINIMAL_DOWNTIME: Uuid = Uuid::from_u128(0x8055_4327_0569_496b_bdeb_fcbb_f52b_827b);
    /// oVirt's policies: minimal downtime, suspend workload if needed, post-copy, very large VMs.
    pub const POLICIES: &[Uuid] = &[
        Self::MINIMAL_DOWNTIME,
        Uuid::from_u128(0x8055_4327_0569_496b_bdeb_fcbb_f52b_827c),
        Uuid::from_u128(0xa7ae_edb2_8d66_4e51_bb22_3259_5027_ce71),
        Uuid::from_u128(0x5723_7b82_b8c2_425f_b425_114b_3521_9626),
    ];
}

impl Default for MigrationSettings {
    fn default() -> Self {
        MigrationSettings {
            auto_converge: None,
            compressed: None,
            encrypted: None,
            bandwidth: MigrationBandwidth::Auto,
            policy: Self::MINIMAL_DOWNTIME,
        }
    }
}

/// Which serial number VMs get.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum SerialNumber {
    /// What the whole system says.
    None,
    /// The host's id.
    #[default]
    Host,
    /// The VM's id.
    Vm,
    /// This text.
    Custom(String),
}

/// Where hosts take random numbers from for their VMs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum RngSource {
    /// `/dev/urandom`.
    Urandom,
    /// `/dev/hwrng`.
    Hwrng,
}

/// Above which use of memory a host is told of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum MemoryThreshold {
    /// Per cent.
    Percent(u32),
    /// Less than these MiB free.
    FreeMib(u32),
}

/// What else is set in a cluster.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct ClusterPolicies {
    /// The instruction set that was asked for; hosts tell it otherwise.
    pub architecture: Option<CpuArchitecture>,
    /// When a host fails.
    pub on_error: OnHostError,
    /// Fencing.
    pub fencing: FencingPolicy,
    /// Migration.
    pub migration: MigrationSettings,
    /// Scheduling policy.
    pub scheduling: SchedulingPolicyId,
    /// Values of its parameters.
    pub scheduling_properties: BTreeMap<String, String>,
    /// Serial numbers.
    pub serial_number: SerialNumber,
    /// Sources that every host must have.
    pub rng_sources: BTreeSet<RngSource>,
    /// Memory threshold.
    pub memory_threshold: MemoryThreshold,
    /// Huge pages without asking.
    pub transparent_huge_pages: bool,
    /// Kernel same-page merging across NUMA nodes.
    pub ksm_across_nodes: bool,
    /// Keep room for highly available VMs of a host that fails.
    pub ha_reservation: bool,
    /// A reason may be given for starting and stopping VMs.
    pub optional_reason: bool,
    /// A reason must be given for maintenance of hosts.
    pub maintenance_reason: bool,
}

impl Default for ClusterPolicies {
    fn default() -> Self {
        ClusterPolicies {
            architecture: None,
            on_error: OnHostError::default(),
            fencing: FencingPolicy::default(),
            migration: MigrationSettings::default(),
            scheduling: scheduling_policies::NONE,
            scheduling_properties: BTreeMap::new(),
            serial_number: SerialNumber::default(),
            rng_sources: [RngSource::Urandom].into(),
            memory_threshold: MemoryThreshold::Percent(95),
            transparent_huge_pages: true,
            ksm_across_nodes: true,
            ha_reservation: false,
            optional_reason: false,
            maintenance_reason: false,
        }
    }
}
