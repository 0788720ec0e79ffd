//! Hashing and checking passwords: argon2id, off the async threads, a few at a time.

use crate::AccessError;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use base::Random;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Cost of a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory in KiB. 19 MiB with two passes and one lane is the OWASP cheat sheet's recommendation
    /// for argon2id.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
    /// Hashes computed at the same time; memory and processors are bounded by it.
    pub at_once: usize,
    /// Logins that may wait for their turn before others are turned away. A waiting one holds no
    /// memory of a hash.
    pub waiting: usize,
}

impl Default for PasswordCost {
    fn default() -> Self {
        PasswordCost {
            memory_kib: 19 * 1024,
            passes: 2,
            lanes: 1,
            at_once: 2,
            waiting: 1000,
        }
    }
}

/// What a new password must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordRules {
    /// Characters at least; shorter ones are guessed too soon.
    pub shortest: usize,
    /// A password that its owner chose ends after this time; never without it.
    pub life: Option<std::time::Duration>,
}

impl Default for PasswordRules {
    fn default() -> Self {
        PasswordRules {
            shortest: 8,
            life: None,
        }
    }
}

impl PasswordRules {
    /// Is a new password of that login good enough?
    ///
    /// # Errors
    /// `Weak` that tells why not.
    pub fn check(&self, login: &str, password: &str) -> Result<(), AccessError> {
        let weak = |why: String| Err(AccessError::Weak { why });
        let count = password.chars().count();
        if count < self.shortest {
            return weak(format!("it needs at least {} characters", self.shortest));
        }
        if password.len() > crate::CREDENTIAL_MAX {
            return weak(format!(
                "it may have at most {} bytes",
                crate::CREDENTIAL_MAX
            ));
        }
        if password.chars().any(char::is_control) {
            return weak("it may hold no control characters".to_owned());
        }
        let name = login.rsplit_once('@').map_or(login, |(name, _)| name);
        let folded = password.to_lowercase();
        if folded == login.to_lowercase() || folded == name.to_lowercase() {
            return weak("it must differ from the login".to_owned());
        }
        let first = password.chars().next();
        if password.chars().all(|c| Some(c) == first) {
            return weak("it may not be one character over and over".to_owned());
        }
        Ok(())
    }
}

/// The hashing desk.
pub struct Passwords {
    argon2: Argon2<'static>,
    /// Checked instead of a hash that does not exist, so that unknown users cost the same time.
    nobody: String,
    turns: Arc<Semaphore>,
    queue: Arc<Semaphore>,
}

impl Passwords {
    /// A desk that hashes at this cost.
    ///
    /// # Errors
    /// When argon2 does not allow the cost.
    pub fn new(cost: PasswordCost, random: &dyn Random) -> Result<Self, AccessError> {
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None).map_err(|e| {
            AccessError::Hash {
                message: e.to_string(),
            }
        })?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut secret = [0u8; 32];
        random.fill(&mut secret);
        let nobody = hash(&argon2, &secret, random)?;
        Ok(Passwords {
            argon2,
            nobody,
            turns: Arc::new(Semaphore::new(cost.at_once.max(1))),
            queue: Arc::new(Semaphore::new(cost.at_once.max(1) + cost.waiting)),
        })
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// `Busy` when too many wait already.
    pub(crate) async fn enter(&self) -> Result<Turn<'_>, AccessError> {
        let place = self
            .queue
            .clone()
            .try_acquire_owned()
            .map_err(|_| AccessError::Busy)?;
        let turn = self
            .turns
            .clone()
            .acquire_owned()
            .await
            .map_err(|_| AccessError::Busy)?;
        Ok(Turn {
            desk: self,
            held: (place, turn),
        })
    }
}

/// The right to compute one hash.
pub(crate) struct Turn<'a> {
    desk: &'a Passwords,
    held: (OwnedSemaphorePermit, OwnedSemaphorePermit),
}

impl Turn<'_> {
    /// Does the password belong to the stored hash? Without a hash it never does, in the same time.
    pub async fn verify(self, stored: Option<&str>, password: String) -> Result<bool, AccessError> {
        let argon2 = self.desk.argon2.clone();
        let known = stored.is_some();
        let stored = stored.unwrap_or(&self.desk.nobody).to_owned();
        let held = self.held;
        blocking(move || {
            // The turn is given back when the work is over, even if nobody waits for it any more.
            let _held = held;
            let right = PasswordHash::new(&stored)
                .is_ok_and(|hash| argon2.verify_password(password.as_bytes(), &hash).is_ok());
            Ok(right && known)
        })
        .await
    }

    /// A PHC string with a fresh salt.
    pub async fn hash(self, password: String, random: &dyn Random) -> Result<String, AccessError> {
        let argon2 = self.desk.argon2.clone();
        let mut salt = [0u8; 16];
        random.fill(&mut salt);
        let held = self.held;
        blocking(move || {
            let _held = held;
            salted(&argon2, password.as_bytes(), &salt)
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AccessError> + Send + 'static,
) -> Result<T, AccessError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| AccessError::Hash {
            message: e.to_string(),
        })?
}

fn hash(argon2: &Argon2<'_>, password: &[u8], random: &dyn Random) -> Result<String, AccessError> {
    let mut salt = [0u8; 16];
    random.fill(&mut salt);
    salted(argon2, password, &salt)
}

fn salted(argon2: &Argon2<'_>, password: &[u8], salt: &[u8]) -> Result<String, AccessError> {
    argon2
        .hash_password_with_salt(password, salt)
        .map(|h: PasswordHash| h.to_string())
        .map_err(|e| AccessError::Hash {
            message: e.to_string(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::SeededRandom;

    fn desk(waiting: usize) -> Passwords {
        let cost = PasswordCost {
            memory_kib: 8,
            passes: 1,
            at_once: 1,
            waiting,
            ..PasswordCost::default()
        };
        Passwords::new(cost, &SeededRandom::new(1)).unwrap()
    }

    #[tokio::test]
    async fn a_hash_knows_its_password_and_states_its_cost() {
        let desk = desk(1);
        let random = SeededRandom::new(2);
        let stored = desk
            .enter()
            .await
            .unwrap()
            .hash("s3cret".into(), &random)
            .await
            .unwrap();
        assert!(
            stored.starts_with("$argon2id$v=19$m=8,t=1,p=1$"),
            "{stored}"
        );
        let check = async |hash: Option<&str>, word: &str| {
            desk.enter()
                .await
                .unwrap()
                .verify(hash, word.into())
                .await
                .unwrap()
        };
        assert!(check(Some(&stored), "s3cret").await);
        assert!(!check(Some(&stored), "other").await);
        assert!(!check(Some("no hash"), "s3cret").await);
        assert!(!check(None, "s3cret").await);
    }

    #[test]
    fn a_new_password_is_neither_short_nor_the_login_nor_one_character() {
        let rules = PasswordRules::default();
        for (password, good) in [
            ("correct horse", true),
            ("пароль-с-буквами", true),
            ("short12", false),
            ("administrator", false),
            ("Administrator@internal", false),
            ("aaaaaaaaaa", false),
            ("with\tcontrol", false),
        ] {
            let checked = rules.check("administrator@internal", password);
            assert_eq!(checked.is_ok(), good, "{password}");
        }
        assert!(rules.check("a@internal", &"x1".repeat(513)).is_err());
    }

    #[tokio::test]
    async fn beyond_the_queue_logins_are_turned_away() {
        let desk = desk(0);
        let turn = desk.enter().await.unwrap();
        assert!(matches!(desk.enter().await, Err(AccessError::Busy)));
        drop(turn);
        assert!(desk.enter().await.is_ok());
    }
}
