//! Every durable noun under one roof: what the store keeps, the projection serves and claims guard.

use crate::affinity::{AffinityGroup, AffinityLabel};
use crate::bookmarks::Bookmark;
use crate::clusters::Cluster;
use crate::data_centers::DataCenter;
use crate::disks::Disk;
use crate::hosts::Host;
use crate::instance_types::InstanceType;
use crate::memberships::Membership;
use crate::networks::{MacPool, Network, VnicProfile};
use crate::rights::{Group, Permission};
use crate::roles::Role;
use crate::scheduling_policies::SchedulingPolicy;
use crate::storage::StorageDomain;
use crate::tags::Tag;
use crate::templates::Template;
use crate::users::{Token, User};
use crate::vms::Vm;
use base::Generation;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

macro_rules! entities {
    ($($noun:ident = $table:literal),* $(,)?) => {
        /// The kinds of durable objects; each has a table of its own in the store.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        pub enum Noun { $(#[doc = concat!("Table `", $table, "`.")] $noun),* }

        impl Noun {
            /// All of them, in the order in which references allow loading them.
            pub const ALL: &'static [Noun] = &[$(Noun::$noun),*];
            /// The table's name, also the noun's stable name in the change feed.
            #[must_use]
            pub fn table(self) -> &'static str {
                match self { $(Noun::$noun => $table),* }
            }
        }

        /// One durable object.
        #[derive(Clone, PartialEq, Debug)]
        pub enum Entity { $(#[doc = concat!("A row of `", $table, "`.")] $noun(Arc<$noun>)),* }

        impl Entity {
            /// Which kind.
            #[must_use]
            pub fn noun(&self) -> Noun {
                match self { $(Entity::$noun(_) => Noun::$noun),* }
            }
            /// Kind and id.
            #[must_use]
            pub fn key(&self) -> Key {
                match self { $(Entity::$noun(e) => Key { noun: Noun::$noun, id: e.id.0 }),* }
            }
            /// The generation it was read at; `Generation::NEW` for one that was never stored.
            #[must_use]
            pub fn generation(&self) -> Generation {
                match self { $(Entity::$noun(e) => e.generation),* }
            }
            /// The same object at another generation.
            #[must_use]
            pub fn at(mut self, generation: Generation) -> Self {
                match &mut self { $(Entity::$noun(e) => Arc::make_mut(e).generation = generation),* }
                self
            }
            /// The name a person would look for in the table.
            #[must_use]
            pub fn name(&self) -> &str {
                match self { $(Entity::$noun(e) => &e.name),* }
            }
            /// The object as JSON text.
            ///
            /// # Errors
            /// Never for values that were read or validated; kept as an error so that nobody panics.
            pub fn to_json(&self) -> Result<String, serde_json::Error> {
                match self { $(Entity::$noun(e) => serde_json::to_string(&**e)),* }
            }
            /// Reads what `to_json` wrote.
            ///
            /// # Errors
            /// When the text is not an object of that noun.
            pub fn from_json(noun: Noun, text: &str) -> Result<Self, serde_json::Error> {
                Ok(match noun { $(Noun::$noun => Entity::$noun(Arc::new(serde_json::from_str(text)?))),* })
            }
            /// What this object keeps others from having.
            #[must_use]
            pub fn claims(&self) -> Vec<Claim> {
                match self { $(Entity::$noun(e) => e.claims()),* }
            }
        }

        $(impl From<$noun> for Entity {
            fn from(e: $noun) -> Self { Entity::$noun(Arc::new(e)) }
        }
        impl From<Arc<$noun>> for Entity {
            fn from(e: Arc<$noun>) -> Self { Entity::$noun(e) }
        })*
    };
}

entities! {
    DataCenter = "data_center",
    MacPool = "mac_pool",
    Cluster = "cluster",
    Network = "network",
    VnicProfile = "vnic_profile",
    Host = "host",
    StorageDomain = "storage_domain",
    Disk = "disk",
    Template = "template",
    Vm = "vm",
    User = "app_user",
    Token = "token",
    Tag = "tag",
    Bookmark = "bookmark",
    AffinityGroup = "affinity_group",
    AffinityLabel = "affinity_label",
    SchedulingPolicy = "scheduling_policy",
    InstanceType = "instance_type",
    Membership = "membership",
    Role = "role",
    Permission = "permission",
    Group = "user_group",
}

impl Noun {
    /// What a person calls it, as in messages.
    #[must_use]
    pub fn what(self) -> &'static str {
        match self {
            Noun::DataCenter => base::DataCenterId::WHAT,
            Noun::MacPool => base::MacPoolId::WHAT,
            Noun::Cluster => base::ClusterId::WHAT,
            Noun::Network => base::NetworkId::WHAT,
            Noun::VnicProfile => base::VnicProfileId::WHAT,
            Noun::Host => base::HostId::WHAT,
            Noun::StorageDomain => base::StorageDomainId::WHAT,
            Noun::Disk => base::DiskId::WHAT,
            Noun::Template => base::TemplateId::WHAT,
            Noun::Vm => base::VmId::WHAT,
            Noun::User => base::UserId::WHAT,
            Noun::Token => base::TokenId::WHAT,
            Noun::Tag => base::TagId::WHAT,
            Noun::Bookmark => base::BookmarkId::WHAT,
            Noun::AffinityGroup => base::AffinityGroupId::WHAT,
            Noun::AffinityLabel => base::AffinityLabelId::WHAT,
            Noun::SchedulingPolicy => base::SchedulingPolicyId::WHAT,
            Noun::InstanceType => base::InstanceTypeId::WHAT,
            Noun::Membership => base::MembershipId::WHAT,
            Noun::Role => base::RoleId::WHAT,
            Noun::Permission => base::PermissionId::WHAT,
            Noun::Group => base::GroupId::WHAT,
        }
    }
}

/// Kind and id of a durable object.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Key {
    /// The kind.
    pub noun: Noun,
    /// The id, whatever its type.
    pub id: Uuid,
}

/// Something only one object may have: a name within a scope, a MAC address within a pool.
/// The store refuses a commit that would give a claim to a second owner, on any database.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Claim {
    /// Which kind of uniqueness, with its scope: `vm-name/<data center id>`.
    pub space: String,
    /// What is claimed in it.
    pub value: String,
}

impl Claim {
    /// A claim.
    #[must_use]
    pub fn new(space: impl Into<String>, value: impl Into<String>) -> Self {
        Claim {
            space: space.into(),
            value: value.into(),
        }
    }
}
