//! Tags: a tree of names that administrators put on VMs, hosts, templates and users.
//!
//! Which objects carry a tag is a membership (`memberships`), since many may.

use crate::entity::Claim;
use base::{Generation, TagId};
use serde::{Deserialize, Serialize};

/// A tag below the root. The root itself (`TagId::ROOT`) is not stored.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Tag {
    /// Its id.
    pub id: TagId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// Unique name, letters of any script.
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub description: String,
    /// The tag above it; the root for those on top.
    pub parent: TagId,
}

impl Tag {
    /// Its name is unique in the whole tree.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        vec![Claim::new("tag-name", crate::names::claim_form(&self.name))]
    }
}
