//! Who asks, through what, and under which correlation: the first argument of every verb.

use crate::{Timestamp, TokenId, UserId};
use serde::{Deserialize, Serialize};

/// Who stands behind a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Actor {
    /// A logged-in user.
    User {
        /// Its id.
        id: UserId,
        /// Login with its directory, as `admin@internal`.
        name: String,
    },
    /// The engine itself (reconcilers, recovery).
    System,
    /// The operator on the engine's own machine (its Unix socket).
    Operator,
}

impl Actor {
    /// The name that events show.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Actor::User { name, .. } => name,
            Actor::System => "SYSTEM",
            Actor::Operator => "operator",
        }
    }

    /// The user's id, if it is a user.
    #[must_use]
    pub fn user_id(&self) -> Option<UserId> {
        match self {
            Actor::User { id, .. } => Some(*id),
            _ => None,
        }
    }
}

/// The door a call came in through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// The REST API.
    Rest,
    /// The operator's socket.
    Operator,
    /// The engine itself.
    Internal,
}

/// From where a call came, and what it showed to be let in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The caller's IP address.
    pub address: Option<String>,
    /// The token or session; none where a password came with the request.
    pub token: Option<TokenId>,
}

/// One request as every verb sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Who asks.
    pub actor: Actor,
    /// Given by the caller or made up; stored on jobs and events (at most 50 characters, oVirt's limit).
    pub correlation_id: String,
    /// The door.
    pub origin: Origin,
    /// When the caller stops waiting, if known.
    pub deadline: Option<Timestamp>,
    /// From where it came.
    #[serde(default)]
    pub source: Source,
}

impl Call {
    /// A call the engine makes for itself.
    #[must_use]
    pub fn internal(correlation_id: impl Into<String>) -> Self {
        Call {
            actor: Actor::System,
            correlation_id: correlation_id.into(),
            origin: Origin::Internal,
            deadline: None,
            source: Source::default(),
        }
    }
}
