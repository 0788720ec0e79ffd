//! Users of the internal directory and their tokens.

use crate::entity::Claim;
use base::{Generation, Timestamp, TokenId, UserId};
use serde::{Deserialize, Serialize};

/// A user of the internal directory.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// Login without the directory (`admin`).
    pub name: String,
    /// Directory (`internal`).
    pub domain: String,
    /// PHC string of argon2id.
    pub password_hash: String,
    /// When it was made.
    pub created: Timestamp,
}

impl User {
    /// Login and directory are unique together.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        vec![Claim::new(format!("user-name/{}", self.domain), &self.name)]
    }
    /// `admin@internal`.
    #[must_use]
    pub fn principal(&self) -> String {
        format!("{}@{}", self.name, self.domain)
    }
}

/// An access token or session. Only the SHA-256 of its secret is kept.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// SHA-256 of the secret, hexadecimal (a name of its own in the table).
    pub name: String,
    /// Whose it is.
    pub user: UserId,
    /// It is worthless afterwards.
    pub expires: Timestamp,
    /// When it was given out.
    pub created: Timestamp,
}

impl Token {
    /// Nothing a person could collide with.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        vec![Claim::new("token", &self.name)]
    }
}
