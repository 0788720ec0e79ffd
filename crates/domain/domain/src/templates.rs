//! Templates: hardware and disks that VMs are made from.

use crate::entity::Claim;
use crate::vms::Hardware;
use base::{ClusterId, DataCenterId, Generation, TemplateId, Timestamp, WorkflowId};
use serde::{Deserialize, Serialize};

/// oVirt's template status.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum TemplateStatus {
    /// Usable.
    Ok,
    /// Its disks are being copied.
    Locked,
    /// Making it failed.
    Illegal,
}

/// A template.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Template {
    /// Its id; all zero for Blank.
    pub id: TemplateId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// Name: letters of any script, digits, `.`, `_`, `-`; unique in the data center.
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub description: String,
    /// Free text.
    #[serde(default)]
    pub comment: String,
    /// Cluster; Blank has none.
    pub cluster: Option<ClusterId>,
    /// The cluster's data center (the scope of the name); Blank has none.
    pub data_center: Option<DataCenterId>,
    /// 1 for a base template.
    pub version_number: u32,
    /// Name of the version; `base version` for the first.
    pub version_name: String,
    /// Hardware that VMs get; its disks belong to the template.
    pub hardware: Hardware,
    /// State.
    pub status: TemplateStatus,
    /// The workflow that locks it.
    #[serde(default)]
    pub locked_by: Option<WorkflowId>,
    /// When it was made.
    pub created: Timestamp,
}

impl Template {
    /// Its name is unique in its data center.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        let scope = self
            .data_center
            .map_or_else(|| "-".to_owned(), |d| d.to_string());
        vec![Claim::new(
            format!("template-name/{scope}"),
            crate::names::claim_form(&self.name),
        )]
    }
}
