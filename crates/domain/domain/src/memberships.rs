//! Memberships: that one object belongs to another, where many may.
//!
//! One row each, so that a tag on 50,000 VMs is never rewritten as a whole.

use crate::entity::{Claim, Key, Noun};
use base::{Generation, MembershipId};
use serde::{Deserialize, Serialize};

/// `member` belongs to `holder`: a VM to a tag, a host to an affinity label.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Membership {
    /// Its id.
    pub id: MembershipId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// Nothing; rows of other tables have one.
    #[serde(default)]
    pub name: String,
    /// The tag, affinity group or affinity label.
    pub holder: Key,
    /// The VM, host, template or user.
    pub member: Key,
}

impl Membership {
    /// An object belongs to a holder once.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        vec![Claim::new(
            format!("member/{}", self.holder.id),
            self.member.id.to_string(),
        )]
    }

    /// What may belong to a holder of that kind.
    #[must_use]
    pub fn allowed(holder: Noun) -> &'static [Noun] {
        match holder {
            Noun::Tag => &[Noun::Vm, Noun::Host, Noun::Template, Noun::User],
            Noun::AffinityGroup | Noun::AffinityLabel => &[Noun::Vm, Noun::Host],
            Noun::Group => &[Noun::User, Noun::Group],
            _ => &[],
        }
    }
}
