//! Instance types: named sets of hardware that VMs can be made with.

use crate::entity::Claim;
use crate::vms::Hardware;
use base::{Generation, InstanceTypeId, Timestamp};
use serde::{Deserialize, Serialize};

/// A named set of hardware, without disks and network cards.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct InstanceType {
    /// Its id.
    pub id: InstanceTypeId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// Unique name, letters of any script.
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub description: String,
    /// Free text.
    #[serde(default)]
    pub comment: String,
    /// What VMs get.
    pub hardware: Hardware,
    /// When it was made.
    pub created: Timestamp,
}

impl InstanceType {
    /// Its name is unique.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        vec![Claim::new(
            "instance-type-name",
            crate::names::claim_form(&self.name),
        )]
    }
}

/// oVirt's five: name, memory in MiB, virtual CPUs.
pub const SHIPPED: &[(&str, u64, u32)] = &[
    ("Tiny", 512, 1),
    ("Small", 2048, 1),
    ("Medium", 4096, 2),
    ("Large", 8192, 2),
    ("XLarge", 16_384, 4),
];
