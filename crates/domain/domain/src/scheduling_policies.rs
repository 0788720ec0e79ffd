//! Scheduling policies: which filters, weights and which balancer choose hosts in a cluster.
//!
//! oVirt's units and its own policies are part of the program, with their fixed ids; policies that
//! users made are stored. How hosts are really chosen is in the room `scheduling`.

use crate::entity::Claim;
use base::{Generation, PolicyUnitId, SchedulingPolicyId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// What a unit does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnitKind {
    /// Takes hosts away.
    Filter,
    /// Ranks hosts.
    Weight,
    /// Moves VMs between hosts.
    LoadBalancing,
}

/// A part that policies are made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PolicyUnit {
    /// oVirt's id of it.
    pub id: PolicyUnitId,
    /// oVirt's name.
    pub name: &'static str,
    /// What it does.
    pub kind: UnitKind,
}

/// A policy.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SchedulingPolicy {
    /// Its id.
    pub id: SchedulingPolicyId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// Unique name.
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub description: String,
    /// oVirt's own: nobody changes or removes it.
    #[serde(default)]
    pub locked: bool,
    /// The one that clusters get which name none.
    #[serde(default)]
    pub default: bool,
    /// Filters with their positions: -1 first, 1 last, 0 between.
    #[serde(default)]
    pub filters: BTreeMap<PolicyUnitId, i32>,
    /// Weights with their factors.
    #[serde(default)]
    pub weights: BTreeMap<PolicyUnitId, u32>,
    /// The balancer.
    #[serde(default)]
    pub balance: Option<PolicyUnitId>,
    /// Values of parameters of the units.
    #[serde(default)]
    pub properties: BTreeMap<String, String>,
}

impl SchedulingPolicy {
    /// Its name is unique.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        vec![Claim::new(
            "scheduling-policy-name",
            crate::names::claim_form(&self.name),
        )]
    }
}

/// The unit of that id.
#[must_use]
pub fn unit(id: PolicyUnitId) -> Option<&'static PolicyUnit> {
    UNITS.iter().find(|u| u.id == id)
}

/// oVirt's policy of that id.
#[must_use]
pub fn shipped(id: SchedulingPolicyId) -> Option<&'static Arc<SchedulingPolicy>> {
    SHIPPED.iter().find(|p| p.id == id)
}

/// oVirt's policy `none`, the default.
pub const NONE: SchedulingPolicyId =
    SchedulingPolicyId::known(0xb4ed2332_a7ac_4d5f_9596_99a439cb2812);

/// oVirt's own policies, by name.
pub static SHIPPED: LazyLock<Vec<Arc<SchedulingPolicy>>> = LazyLock::new(|| {
    let mut all: Vec<Arc<SchedulingPolicy>> = POLICIES.iter().map(Shipped::policy).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
});

/// A row of the table of oVirt's policies.
struct Shipped {
    id: u128,
    name: &'static str,
    filters: &'static [u128],
    weights: &'static [(u128, u32)],
    balance: u128,
    properties: &'static [(&'static str, &'static str)],
}

impl Shipped {
    fn policy(&self) -> Arc<SchedulingPolicy> {
        let id = SchedulingPolicyId::known(self.id);
        Arc::new(SchedulingPolicy {
            id,
            generation: Generation::NEW,
            name: self.name.to_owned(),
            description: String::new(),
            locked: true,
            default: id == NONE,
            filters: self
                .filters
                .iter()
                .map(|id| (PolicyUnitId::known(*id), 0))
                .collect(),
            weights: self
                .weights
                .iter()
                .map(|(id, factor)| (PolicyUnitId::known(*id), *factor))
                .collect(),
            balance: Some(PolicyUnitId::known(self.balance)),
            properties: self
                .properties
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        })
    }
}

const fn of(id: u128, name: &'static str, kind: UnitKind) -> PolicyUnit {
    PolicyUnit {
        id: PolicyUnitId::known(id),
        name,
        kind,
    }
}

const fn filter(id: u128, name: &'static str) -> PolicyUnit {
    of(id, name, UnitKind::Filter)
}

const fn weight(id: u128, name: &'static str) -> PolicyUnit {
    of(id, name, UnitKind::Weight)
}

const fn balance(id: u128, name: &'static str) -> PolicyUnit {
    of(id, name, UnitKind::LoadBalancing)
}

/// oVirt's units.
pub const UNITS: &[PolicyUnit] = &[
    filter(0x6d636bf6_a35c_4f9d_b68d_0731f720cddc, "CPU"),
    filter(0x438b052c_90ab_40e8_9be0_a22560202ea6, "CPU-Level"),
    filter(0x98842bc5_4094_4b83_8224_7b50f86a94c9, "CPUOverloaded"),
    filter(0x35c2f1a5_8928_48e9_81ac_4c49eb49d60e, "CPUTopology"),
    filter(
        0x0bd8fef9_bcb4_4250_9998_410f01608d9b,
        "ClusterInMaintenance",
    ),
    filter(
        0x3e4a7d54_9e7f_11e5_8994_feff819cdc9f,
        "Compatibility-Version",
    ),
    filter(0x6d636bf6_a35c_4f9d_b68d_0731f731cddc, "CpuPinning"),
    filter(0x58894b5b_d55d_4f85_8f82_5bf217e640b0, "Emulated-Machine"),
    filter(0xe659c871_0bf1_4ccc_b748_f28f5d08dffd, "HA"),
    filter(0xaae8c702_4756_4934_b84c_8daf59efc134, "Host-hooks"),
    filter(0x728a21f1_f97e_4d32_bc3e_b3cc49756abb, "HostDevice"),
    filter(0x53bff075_8306_446f_a53b_9c872a29d197, "HostedEngineSpares"),
    filter(0x23e07b34_66dd_4735_bc45_bcddded02c05, "HugePages"),
    filter(0x84e6ddee_ab0d_42dd_82f0_c298889db567, "InClusterUpgrade"),
    filter(0xaa604ea6_f758_4d28_8e05_bf5f4a0818bd, "MDevice"),
    filter(0xc9ddbb34_0e1d_4061_a8d7_b0893fa80932, "Memory"),
    filter(0xe659c871_0bf1_4ccc_b748_f28f5d08ddda, "Migration"),
    filter(
        0x47ea3cd0_8a2f_438d_9f63_49534178882a,
        "Migration-Tsc-Frequency",
    ),
    filter(0xfcbfe4b1_b83e_4428_b9d3_b3d348b93be6, "NUMA"),
    filter(0x72163d1c_9468_4480_99d9_0888664eb143, "Network"),
    filter(0x12262ab6_9690_4bc3_a2b3_35573b172d54, "PinToHost"),
    filter(0x43b9e654_337f_4b0d_a896_cbb22ce5a7fc, "Swap"),
    filter(0xb454ae40_f767_45b1_949a_7e5bd04d83ab, "VM leases ready"),
    filter(0x84e6ddee_ab0d_42dd_82f0_c297779db566, "VmAffinityGroups"),
    filter(
        0xe69808a9_8a41_40f1_94ba_dd5d385d82d8,
        "VmToHostsAffinityGroups",
    ),
    balance(0x38440000_8cf0_14bd_c43e_10b96e4ef00a, "None"),
    balance(
        0x7db4ab05_81ab_42e8_868a_aee2df483ed2,
        "OptimalForEvenDistribution",
    ),
    balance(
        0xd58c8e32_44e1_418f_9222_52cd887bf9e0,
        "OptimalForEvenGuestDistribution",
    ),
    balance(
        0x736999d0_1023_46a4_9a75_1316ed50e151,
        "OptimalForPowerSaving",
    ),
    weight(
        0x1b14ac11_20e9_4593_a149_2eb83c60a330,
        "CPU and NUMA pinning compatibility",
    ),
    weight(
        0x71931e14_f0e6_4f91_a7c8_d494a26e3a09,
        "CPU for high performance VMs",
    ),
    weight(
        0xf58c1cb9_d91f_48a6_a196_c6d22fb10c4e,
        "Fit VM to single host NUMA node",
    ),
    weight(0x98e92667_6161_41fb_b3fa_34f820ccbc4b, "HA"),
    weight(0x84e6ddee_ab0d_42dd_82f0_c298889db568, "InClusterUpgrade"),
    weight(
        0x7db4ab05_81ab_42e8_868a_aee2df483edb,
        "OptimalForCpuEvenDistribution",
    ),
    weight(
        0x736999d0_1023_46a4_9a75_1316ed50e15b,
        "OptimalForCpuPowerSaving",
    ),
    weight(
        0x3ba8c988_f779_42c0_90ce_caa8243edee7,
        "OptimalForEvenGuestDistribution",
    ),
    weight(
        0x7f262d70_6cac_11e3_981f_0800200c9a66,
        "OptimalForHaReservation",
    ),
    weight(
        0x4134247a_9c58_4b9a_8593_530bb9e37c59,
        "OptimalForMemoryEvenDistribution",
    ),
    weight(
        0x9dfe6086_646d_43b8_8eef_4d94de8472c8,
        "OptimalForMemoryPowerSaving",
    ),
    weight(0x591cdb81_ba67_45b4_9642_e28f61a97d57, "PreferredHosts"),
    weight(0x84e6ddee_ab0d_42dd_82f0_c297779db567, "VmAffinityGroups"),
    weight(
        0x427aed70_dae3_48ba_8fe9_a902a9d563c8,
        "VmToHostsAffinityGroups",
    ),
];

const COMMON_FILTERS: &[u128] = &[
    0x6d636bf6_a35c_4f9d_b68d_0731f720cddc,
    0x98842bc5_4094_4b83_8224_7b50f86a94c9,
    0x58894b5b_d55d_4f85_8f82_5bf217e640b0,
    0xe659c871_0bf1_4ccc_b748_f28f5d08dffd,
    0x43b9e654_337f_4b0d_a896_cbb22ce5a7fc,
    0xc9ddbb34_0e1d_4061_a8d7_b0893fa80932,
    0xfcbfe4b1_b83e_4428_b9d3_b3d348b93be6,
    0x23e07b34_66dd_4735_bc45_bcddded02c05,
    0xe659c871_0bf1_4ccc_b748_f28f5d08ddda,
    0x84e6ddee_ab0d_42dd_82f0_c297779db566,
    0xe69808a9_8a41_40f1_94ba_dd5d385d82d8,
    0x72163d1c_9468_4480_99d9_0888664eb143,
    0x53bff075_8306_446f_a53b_9c872a29d197,
    0x47ea3cd0_8a2f_438d_9f63_49534178882a,
    0xaae8c702_4756_4934_b84c_8daf59efc134,
];

const MAINTENANCE_FILTERS: &[u128] = &[
    0x6d636bf6_a35c_4f9d_b68d_0731f720cddc,
    0x98842bc5_4094_4b83_8224_7b50f86a94c9,
    0x58894b5b_d55d_4f85_8f82_5bf217e640b0,
    0xe659c871_0bf1_4ccc_b748_f28f5d08dffd,
    0x43b9e654_337f_4b0d_a896_cbb22ce5a7fc,
    0xc9ddbb34_0e1d_4061_a8d7_b0893fa80932,
    0xfcbfe4b1_b83e_4428_b9d3_b3d348b93be6,
    0x23e07b34_66dd_4735_bc45_bcddded02c05,
    0xe659c871_0bf1_4ccc_b748_f28f5d08ddda,
    0x84e6ddee_ab0d_42dd_82f0_c297779db566,
    0xe69808a9_8a41_40f1_94ba_dd5d385d82d8,
    0x72163d1c_9468_4480_99d9_0888664eb143,
    0x53bff075_8306_446f_a53b_9c872a29d197,
    0x47ea3cd0_8a2f_438d_9f63_49534178882a,
    0xaae8c702_4756_4934_b84c_8daf59efc134,
    0x0bd8fef9_bcb4_4250_9998_410f01608d9b,
];

const EVEN: &[(u128, u32)] = &[
    (0x7db4ab05_81ab_42e8_868a_aee2df483edb, 2),
    (0x4134247a_9c58_4b9a_8593_530bb9e37c59, 1),
    (0x591cdb81_ba67_45b4_9642_e28f61a97d57, 99),
    (0x98e92667_6161_41fb_b3fa_34f820ccbc4b, 1),
    (0x7f262d70_6cac_11e3_981f_0800200c9a66, 1),
    (0x84e6ddee_ab0d_42dd_82f0_c297779db567, 1),
    (0x427aed70_dae3_48ba_8fe9_a902a9d563c8, 20),
    (0x71931e14_f0e6_4f91_a7c8_d494a26e3a09, 4),
    (0x1b14ac11_20e9_4593_a149_2eb83c60a330, 5),
];

const POWER: &[(u128, u32)] = &[
    (0x736999d0_1023_46a4_9a75_1316ed50e15b, 2),
    (0x9dfe6086_646d_43b8_8eef_4d94de8472c8, 1),
    (0x591cdb81_ba67_45b4_9642_e28f61a97d57, 99),
    (0x98e92667_6161_41fb_b3fa_34f820ccbc4b, 1),
    (0x7f262d70_6cac_11e3_981f_0800200c9a66, 1),
    (0x84e6ddee_ab0d_42dd_82f0_c297779db567, 1),
    (0x427aed70_dae3_48ba_8fe9_a902a9d563c8, 20),
    (0x71931e14_f0e6_4f91_a7c8_d494a26e3a09, 4),
    (0x1b14ac11_20e9_4593_a149_2eb83c60a330, 5),
];

const GUESTS: &[(u128, u32)] = &[
    (0x3ba8c988_f779_42c0_90ce_caa8243edee7, 2),
    (0x591cdb81_ba67_45b4_9642_e28f61a97d57, 99),
    (0x98e92667_6161_41fb_b3fa_34f820ccbc4b, 1),
    (0x7f262d70_6cac_11e3_981f_0800200c9a66, 1),
    (0x84e6ddee_ab0d_42dd_82f0_c297779db567, 1),
    (0x427aed70_dae3_48ba_8fe9_a902a9d563c8, 20),
    (0x71931e14_f0e6_4f91_a7c8_d494a26e3a09, 4),
    (0x1b14ac11_20e9_4593_a149_2eb83c60a330, 5),
];

const POLICIES: &[Shipped] = &[
    Shipped {
        id: 0xb4ed2332_a7ac_4d5f_9596_99a439cb2812,
        name: "none",
        filters: COMMON_FILTERS,
        weights: EVEN,
        balance: 0x38440000_8cf0_14bd_c43e_10b96e4ef00a,
        properties: &[
            ("CpuOverCommitDurationMinutes", "2"),
            ("HighUtilization", "80"),
        ],
    },
    Shipped {
        id: 0x20d25257_b4bd_4589_92a6_c4c5c5d3fd1a,
        name: "evenly_distributed",
        filters: COMMON_FILTERS,
        weights: EVEN,
        balance: 0x7db4ab05_81ab_42e8_868a_aee2df483ed2,
        properties: &[
            ("HeSparesCount", "0"),
            ("CpuOverCommitDurationMinutes", "2"),
            ("HighUtilization", "80"),
            ("VCpuToPhysicalCpuRatio", "0"),
        ],
    },
    Shipped {
        id: 0x5a2b0939_7d46_4b73_a469_e9c2c7fc6a53,
        name: "power_saving",
        filters: COMMON_FILTERS,
        weights: POWER,
        balance: 0x736999d0_1023_46a4_9a75_1316ed50e151,
        properties: &[
            ("HeSparesCount", "0"),
            ("CpuOverCommitDurationMinutes", "2"),
            ("HighUtilization", "80"),
            ("LowUtilization", "20"),
        ],
    },
    Shipped {
        id: 0x8d5d7bec_68de_4a67_b53e_0ac54686d579,
        name: "vm_evenly_distributed",
        filters: COMMON_FILTERS,
        weights: GUESTS,
        balance: 0xd58c8e32_44e1_418f_9222_52cd887bf9e0,
        properties: &[
            ("HeSparesCount", "0"),
            ("CpuOverCommitDurationMinutes", "2"),
            ("HighUtilization", "80"),
            ("HighVmCount", "10"),
            ("MigrationThreshold", "5"),
            ("SpmVmGrace", "5"),
        ],
    },
    Shipped {
        id: 0x7677771e_5eab_422e_83fa_dc04080d21b7,
        name: "cluster_maintenance",
        filters: MAINTENANCE_FILTERS,
        weights: EVEN,
        balance: 0x38440000_8cf0_14bd_c43e_10b96e4ef00a,
        properties: &[
            ("CpuOverCommitDurationMinutes", "2"),
            ("HighUtilization", "80"),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_policies_are_made_of_units_of_the_right_kind() {
        let kind = |id: &PolicyUnitId| unit(*id).map(|u| u.kind);
        for policy in SHIPPED.iter() {
            assert!(
                policy
                    .filters
                    .keys()
                    .all(|id| kind(id) == Some(UnitKind::Filter))
            );
            assert!(
                policy
                    .weights
                    .keys()
                    .all(|id| kind(id) == Some(UnitKind::Weight))
            );
            assert_eq!(
                policy.balance.as_ref().and_then(kind),
                Some(UnitKind::LoadBalancing)
            );
        }
        assert_eq!(SHIPPED.iter().filter(|p| p.default).count(), 1);
    }
}
