//! Permissions: that a user or a group has a role on an object, and so on everything below it.
//!
//! What is below what, and who may do what in the end, is decided where all objects are at hand
//! (`projection::rights`).

use crate::entity::{Claim, Key};
use base::{Generation, GroupId, PermissionId, RoleId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// oVirt's id of the whole system.
pub const SYSTEM: Uuid = Uuid::from_u128(0xaaa00000_0000_0000_0000_123456789aaa);

/// The group that everybody belongs to. It is not stored and has no members.
pub const EVERYONE: GroupId = GroupId::known(0xeee00000_0000_0000_0000_123456789eee);

/// Who is given a role.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Principal {
    /// One user.
    User(UserId),
    /// All users of a group, also of groups in it.
    Group(GroupId),
}

impl Principal {
    /// The id, whatever its type.
    #[must_use]
    pub fn id(self) -> Uuid {
        match self {
            Principal::User(id) => id.0,
            Principal::Group(id) => id.0,
        }
    }
}

/// What a role is given on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Object {
    /// The whole system.
    System,
    /// One object, with everything below it.
    One(Key),
}

impl Object {
    /// The id, whatever its type; the system has one, too.
    #[must_use]
    pub fn id(self) -> Uuid {
        match self {
            Object::System => SYSTEM,
            Object::One(key) => key.id,
        }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Object::System => f.write_str("the system"),
            Object::One(key) => write!(f, "{} {}", key.noun.what(), key.id),
        }
    }
}

/// A user or a group has a role on an object.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Permission {
    /// Its id.
    pub id: PermissionId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// Nothing; rows of other tables have one.
    #[serde(default)]
    pub name: String,
    /// Who.
    pub principal: Principal,
    /// Which role.
    pub role: RoleId,
    /// On what.
    pub object: Object,
    /// Since when.
    pub created: Timestamp,
}

impl Permission {
    /// Somebody has a role on an object once.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        vec![Claim::new(
            format!("permission/{}/{}", self.principal.id(), self.object.id()),
            self.role.to_string(),
        )]
    }
}

/// A group of users of the internal directory.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// Unique name in its directory.
    pub name: String,
    /// Directory (`internal`).
    pub domain: String,
    /// When it was made.
    pub created: Timestamp,
}

impl Group {
    /// Name and directory are unique together.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        vec![Claim::new(
            format!("group-name/{}", self.domain),
            crate::names::claim_form(&self.name),
        )]
    }
}
