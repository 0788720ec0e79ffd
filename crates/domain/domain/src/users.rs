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
    /// PHC string of argon2id; no string of that form for a user who has no password yet.
    pub password_hash: String,
    /// The password is worthless afterwards; the user can still change it.
    #[serde(default)]
    pub password_expires: Option<Timestamp>,
    /// First name.
    #[serde(default)]
    pub first_name: String,
    /// Last name.
    #[serde(default)]
    pub last_name: String,
    /// Address for mail.
    #[serde(default)]
    pub email: String,
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

/// What a token is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum TokenKind {
    /// A login; it ends when it is not used.
    #[default]
    Session,
    /// Made by a user for a program; it ends when he said.
    Personal,
}

/// What a personal token may be used for. Rights are its owner's in any case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Scope {
    /// To read.
    Read,
    /// To change things.
    Write,
}

impl Scope {
    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Scope::Read => "read",
            Scope::Write => "write",
        }
    }
    /// What a word means.
    #[must_use]
    pub fn named(word: &str) -> Option<Scope> {
        [Scope::Read, Scope::Write]
            .into_iter()
            .find(|scope| scope.name() == word)
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
    /// What it is for.
    #[serde(default)]
    pub kind: TokenKind,
    /// What it may be used for; none is everything (a session).
    #[serde(default)]
    pub scopes: Vec<Scope>,
    /// What its owner calls it.
    #[serde(default)]
    pub description: String,
    /// The IP address that it was given out to.
    #[serde(default)]
    pub address: Option<String>,
    /// It is worthless afterwards.
    pub expires: Timestamp,
    /// When it was given out.
    pub created: Timestamp,
}

impl Token {
    /// May it be used for that?
    #[must_use]
    pub fn covers(&self, scope: Scope) -> bool {
        self.scopes.is_empty() || self.scopes.contains(&scope)
    }

    /// Nothing a person could collide with.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        vec![Claim::new("token", &self.name)]
    }
}
