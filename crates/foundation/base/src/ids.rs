//! Typed identifiers: a `VmId` can't be handed where a `DiskId` is wanted.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// The text is not a UUID in its hyphenated form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{found}` is not a {what} id; expected a UUID such as 123e4567-e89b-12d3-a456-426614174000"
)]
pub struct BadId {
    /// The noun whose id was expected.
    pub what: &'static str,
    /// What was found instead, cut after 64 characters.
    pub found: String,
}

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident = $what:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The noun in messages.
            pub const WHAT: &'static str = $what;
            /// A fresh random id.
            pub fn random(random: &dyn crate::Random) -> Self {
                Self(random.uuid())
            }
            /// An id known at compile time (well-known objects of oVirt).
            pub const fn known(value: u128) -> Self {
                Self(Uuid::from_u128(value))
            }
        }
        impl From<$name> for Uuid {
            fn from(id: $name) -> Uuid {
                id.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}:{}", $what, self.0)
            }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                parse(text, $what).map(Self)
            }
        }
    )*};
}

fn parse(text: &str, what: &'static str) -> Result<Uuid, BadId> {
    // Only the hyphenated form: ids must be the same text everywhere (paths, search, storage).
    if text.len() == 36
        && let Ok(id) = Uuid::try_parse(text)
    {
        return Ok(id);
    }
    Err(BadId {
        what,
        found: text.chars().take(64).collect(),
    })
}

typed_ids! {
    /// A data center (oVirt's storage pool).
    DataCenterId = "data center";
    /// A cluster of hosts.
    ClusterId = "cluster";
    /// A hypervisor.
    HostId = "host";
    /// A storage domain.
    StorageDomainId = "storage domain";
    /// A logical network.
    NetworkId = "network";
    /// A vNIC profile.
    VnicProfileId = "vNIC profile";
    /// A MAC pool.
    MacPoolId = "MAC pool";
    /// A virtual disk; the same as oVirt's image group id on storage.
    DiskId = "disk";
    /// One volume in a disk's chain on storage.
    VolumeId = "volume";
    /// A virtual machine.
    VmId = "virtual machine";
    /// A virtual network card.
    NicId = "NIC";
    /// A template.
    TemplateId = "template";
    /// A user known to the engine.
    UserId = "user";
    /// A durable workflow, shown as an oVirt job.
    WorkflowId = "job";
    /// One step of a workflow, shown as an oVirt step.
    StepId = "step";
    /// An access token or session.
    TokenId = "token";
    /// A tag.
    TagId = "tag";
    /// A stored search.
    BookmarkId = "bookmark";
    /// A group of VMs and hosts that shall be together or apart.
    AffinityGroupId = "affinity group";
    /// A label that binds VMs to hosts.
    AffinityLabelId = "affinity label";
    /// A scheduling policy.
    SchedulingPolicyId = "scheduling policy";
    /// A part that scheduling policies are made of.
    PolicyUnitId = "scheduling policy unit";
    /// A named set of hardware.
    InstanceTypeId = "instance type";
    /// A set of permits.
    RoleId = "role";
    /// That somebody has a role on an object.
    PermissionId = "permission";
    /// A group of users.
    GroupId = "group";
    /// That one object belongs to another (a VM to a tag, a host to an affinity group).
    MembershipId = "membership";
}

impl TemplateId {
    /// oVirt's Blank template.
    pub const BLANK: TemplateId = TemplateId::known(0);
}

impl TagId {
    /// The root of the tree of tags; it is not stored.
    pub const ROOT: TagId = TagId::known(0);
}

/// Every mutable row carries one; stale writers lose. 0 means "not stored yet".
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Generation(pub u64);

impl Generation {
    /// Of an object that was never stored.
    pub const NEW: Generation = Generation(0);
    /// The one after this.
    #[must_use]
    pub fn next(self) -> Self {
        Generation(self.0 + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_only_in_its_hyphenated_form() {
        let id: VmId = "123e4567-e89b-12d3-a456-426614174000".parse().unwrap();
        assert_eq!(id.to_string(), "123e4567-e89b-12d3-a456-426614174000");
        for bad in [
            "",
            "x",
            "123e4567e89b12d3a456426614174000",
            "{123e4567-e89b-12d3-a456-42661417400}",
        ] {
            let e = bad.parse::<VmId>().unwrap_err();
            assert!(e.to_string().contains("virtual machine id"), "{e}");
        }
    }
}
