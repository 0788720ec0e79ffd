//! Tokens: what their secrets look like, how long they live, how they are found.

use base::{Random, Timestamp, TokenId, UserId};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::users::{Token, TokenKind};
use projection::Snapshot;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

/// A token's end is moved on at most this often; each time costs a commit.
const SLIDE_STEP: Duration = Duration::from_secs(60);

/// How long tokens live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenRules {
    /// Unused for this long, it ends (`UserSessionTimeOutInterval`: 30 minutes).
    pub idle: Duration,
    /// It ends then in any case. oVirt has no such limit by default; ours keeps a leaked token from
    /// being worth something for ever.
    pub longest: Duration,
}

impl Default for TokenRules {
    fn default() -> Self {
        TokenRules {
            idle: Duration::from_secs(30 * 60),
            longest: Duration::from_secs(7 * 24 * 3600),
        }
    }
}

impl TokenRules {
    pub(crate) fn new_token(
        &self,
        secret: &Secret,
        user: UserId,
        now: Timestamp,
        random: &dyn Random,
    ) -> Token {
        let kind = TokenKind::Session;
        Token {
            id: TokenId::random(random),
            generation: base::Generation::NEW,
            name: hash(secret.reveal()),
            user,
            kind,
            scopes: Vec::new(),
            description: String::new(),
            address: None,
            expires: now.after(self.idle.min(self.longest)),
            created: now,
        }
    }

    /// The later end that a use at `now` gives, if it is worth a commit.
    pub(crate) fn slid(&self, token: &Token, now: Timestamp) -> Option<Timestamp> {
        if token.kind == TokenKind::Personal {
            return None;
        }
        let end = now.after(self.idle).min(token.created.after(self.longest));
        (end > token.expires && end.since(token.expires) >= SLIDE_STEP.min(self.idle / 4))
            .then_some(end)
    }
}

/// 256 random bits in base64url; never printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub(crate) fn fresh(random: &dyn Random) -> Self {
        let mut bytes = [0u8; 32];
        random.fill(&mut bytes);
        Secret(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The text to hand to its owner.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// What is stored of a secret. A plain SHA-256 is enough: the secret itself is random.
pub(crate) fn hash(secret: &str) -> String {
    let digest = Sha256::digest(secret.as_bytes());
    digest
        .iter()
        .fold(String::with_capacity(64), |mut text, b| {
            use fmt::Write as _;
            let _ = write!(text, "{b:02x}");
            text
        })
}

/// Finds a token by the hash of its secret.
#[derive(Default)]
pub(crate) struct TokenIndex(HashMap<String, TokenId>);

impl TokenIndex {
    pub fn of(snapshot: &Snapshot) -> Self {
        TokenIndex(snapshot.tokens().map(|t| (t.name.clone(), t.id)).collect())
    }
    pub fn insert(&mut self, name: String, id: TokenId) {
        self.0.insert(name, id);
    }
    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }
    pub fn get(&self, name: &str) -> Option<TokenId> {
        self.0.get(name).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::SeededRandom;

    #[test]
    fn a_secret_is_stored_only_as_its_sha256_and_never_printed() {
        let secret = Secret::fresh(&SeededRandom::new(7));
        assert_eq!(secret.reveal().len(), 43);
        assert!(!format!("{secret:?}").contains(secret.reveal()));
        assert_eq!(
            hash("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn an_end_moves_on_with_use_but_not_beyond_the_longest_life() {
        let rules = TokenRules {
            idle: Duration::from_secs(1800),
            longest: Duration::from_secs(4000),
        };
        let random = SeededRandom::new(1);
        let at = |s: u64| Timestamp(0).after(Duration::from_secs(s));
        let mut token = rules.new_token(&Secret::fresh(&random), UserId::known(1), at(0), &random);
        assert_eq!(token.expires, at(1800));
        assert_eq!(rules.slid(&token, at(59)), None);
        assert_eq!(rules.slid(&token, at(60)), Some(at(1860)));
        token.expires = at(3900);
        assert_eq!(rules.slid(&token, at(3800)), Some(at(4000)));
        token.expires = at(4000);
        assert_eq!(rules.slid(&token, at(3999)), None);
    }
}
