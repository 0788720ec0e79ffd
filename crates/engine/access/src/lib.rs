//! Who may come in: users of the internal directory, their passwords, tokens and sessions.
//!
//! A password is checked off the async threads, a few at a time. A login answers a secret of which
//! only the SHA-256 is stored; the same kind of secret serves as OAuth token and as session cookie.
//! What a user may do once inside follows from his permissions (`projection::Rights`); a passed check
//! makes a [`Permitted`], without which no verb runs. How a login looks on the wire is not here (`rest`).

mod error;
mod lockout;
mod passwords;
mod permitted;
mod tokens;

pub use error::AccessError;
pub use lockout::{Lockout, LockoutRules};
pub use passwords::{PasswordCost, PasswordRules, Passwords};
pub use permitted::{Permitted, lacking};
pub use tokens::{Secret, TokenRules};

use base::{Actor, Call, Clock, Origin, Random, Source, Timestamp, TokenId};
use domain::users::{Scope, Token, TokenKind, User};
use lockout::Principal;
use projection::Projection;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::{Batch, Store};
use tokens::TokenIndex;
use tracing::{info, warn};

/// Longest login and password that are looked at; longer ones are wrong without being hashed.
const CREDENTIAL_MAX: usize = 1024;

/// How logins behave; the defaults are documented at each part.
#[derive(Clone, Debug, Default)]
pub struct AccessOptions {
    /// Cost of a password hash.
    pub passwords: PasswordCost,
    /// When repeated failures close a login.
    pub lockout: LockoutRules,
    /// How long tokens live.
    pub tokens: TokenRules,
    /// What new passwords must be.
    pub rules: PasswordRules,
}

/// A user who has shown who he is.
#[derive(Clone, Debug)]
pub struct Authenticated {
    /// The user.
    pub user: Arc<User>,
    /// When the token ends if it is not used again; `None` where a password came with the request.
    pub expires: Option<Timestamp>,
    /// The token that was shown; `None` where a password came with the request.
    pub token: Option<Arc<Token>>,
}

impl Authenticated {
    /// The call that this user makes through `origin`.
    #[must_use]
    pub fn call(&self, origin: Origin, correlation_id: String, address: Option<String>) -> Call {
        Call {
            actor: Actor::User {
                id: self.user.id,
                name: self.user.principal(),
            },
            correlation_id,
            origin,
            deadline: None,
            source: Source {
                address,
                token: self.token.as_ref().map(|token| token.id),
            },
        }
    }
}

/// A personal token to be made.
#[derive(Clone, Debug)]
pub struct PersonalToken {
    /// What its owner calls it.
    pub description: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// It ends after that.
    pub life: Duration,
    /// The IP address that asked for it.
    pub address: Option<String>,
}

/// A token just given out.
#[derive(Clone, Debug)]
pub struct Login {
    /// Whose.
    pub user: Arc<User>,
    /// The token's public id.
    pub id: TokenId,
    /// To be shown to the user once; only its hash is kept.
    pub secret: Secret,
    /// When it ends if it is not used.
    pub expires: Timestamp,
}

/// The door. Cheap to clone; all clones are one door.
#[derive(Clone)]
pub struct Access(Arc<Inner>);

struct Inner {
    store: Store,
    projection: Projection,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    passwords: Passwords,
    rules: TokenRules,
    password_rules: PasswordRules,
    lockout: Mutex<Lockout>,
    index: Mutex<TokenIndex>,
}

impl Access {
    /// A door to the users and tokens of the projection.
    ///
    /// # Errors
    /// When the cost of password hashes is not one argon2 allows.
    pub fn new(
        store: Store,
        projection: Projection,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        options: AccessOptions,
    ) -> Result<Self, AccessError> {
        let passwords = Passwords::new(options.passwords, &*random)?;
        let index = TokenIndex::of(&projection.snapshot());
        Ok(Access(Arc::new(Inner {
            store,
            projection,
            clock,
            random,
            passwords,
            rules: options.tokens,
            password_rules: options.rules,
            lockout: Mutex::new(Lockout::new(options.lockout)),
            index: Mutex::new(index),
        })))
    }

    /// Checks a login (`admin@internal`, split at the last `@`) and its password.
    ///
    /// Unknown users, wrong passwords and locked logins get the same answer after the same work.
    ///
    /// # Errors
    /// `Refused` for all of these, `Busy` when too many logins wait already.
    pub async fn verify(&self, login: &str, password: &str) -> Result<Authenticated, AccessError> {
        let inner = &self.0;
        let principal = Principal::parse(login);
        let user = (login.len() <= CREDENTIAL_MAX && password.len() <= CREDENTIAL_MAX)
            .then(|| self.find(&principal))
            .flatten();
        let hash = user.as_ref().map(|u| u.password_hash.as_str());
        let permit = inner.passwords.enter().await?;
        // Asked only now, so that guesses that wait together don't all slip past the limit.
        let locked = self.lockout().is_locked(&principal, inner.clock.now());
        let checked: String = password.chars().take(CREDENTIAL_MAX).collect();
        let right = permit.verify(hash, checked).await?;
        let mut lockout = self.lockout();
        match user {
            Some(user) if right && !locked => {
                lockout.succeeded(&principal);
                if user
                    .password_expires
                    .is_some_and(|end| end <= inner.clock.now())
                {
                    return Err(AccessError::Expired {
                        login: principal.to_string(),
                    });
                }
                Ok(Authenticated {
                    user,
                    expires: None,
                    token: None,
                })
            }
            _ => {
                if !locked && lockout.failed(&principal, inner.clock.now()) {
                    warn!(user.name = %principal, "logins of `{principal}` are refused for a while after repeated failures");
                }
                Err(AccessError::Refused {
                    login: principal.to_string(),
                })
            }
        }
    }

    /// `verify`, and gives out a token.
    ///
    /// # Errors
    /// As `verify`, and when the token can't be stored.
    pub async fn login(&self, login: &str, password: &str) -> Result<Login, AccessError> {
        let authenticated = self.verify(login, password).await?;
        self.open(&authenticated.user, None).await
    }

    /// Gives out a token to somebody who was verified.
    ///
    /// # Errors
    /// When it can't be stored.
    pub async fn open(
        &self,
        user: &Arc<User>,
        address: Option<String>,
    ) -> Result<Login, AccessError> {
        let inner = &self.0;
        let now = inner.clock.now();
        let secret = Secret::fresh(&*inner.random);
        let mut token = inner.rules.new_token(&secret, user.id, now, &*inner.random);
        token.address = address;
        let login = self.give(user, token, secret).await?;
        info!(user.name = %user.principal(), token.id = %login.id, "`{}` logged in", user.principal());
        Ok(login)
    }

    /// Makes a token that a user's program shows until its end, for what its scopes allow.
    ///
    /// # Errors
    /// When it can't be stored.
    pub async fn personal(
        &self,
        user: &Arc<User>,
        wanted: PersonalToken,
    ) -> Result<Login, AccessError> {
        let inner = &self.0;
        let now = inner.clock.now();
        let secret = Secret::fresh(&*inner.random);
        let mut token = inner.rules.new_token(&secret, user.id, now, &*inner.random);
        token.kind = TokenKind::Personal;
        token.description = wanted.description;
        token.scopes = wanted.scopes;
        token.address = wanted.address;
        token.expires = now.after(wanted.life);
        self.give(user, token, secret).await
    }

    async fn give(
        &self,
        user: &Arc<User>,
        token: Token,
        secret: Secret,
    ) -> Result<Login, AccessError> {
        let inner = &self.0;
        let (expires, name, id) = (token.expires, token.name.clone(), token.id);
        let mut batch = Batch::new();
        batch.put(token);
        inner.store.commit(batch).await?;
        self.index().insert(name, id);
        Ok(Login {
            user: user.clone(),
            id,
            secret,
            expires,
        })
    }

    /// Who a token belongs to; its end moves on with its use. `None` for one that is unknown,
    /// revoked or expired.
    pub async fn authenticate(&self, secret: &str) -> Option<Authenticated> {
        let inner = &self.0;
        let token = self.token(secret)?;
        let now = inner.clock.now();
        if token.expires <= now {
            return None;
        }
        let user = inner.projection.snapshot().user(token.user).cloned()?;
        let expires = match inner.rules.slid(&token, now) {
            Some(expires) => self.slide(&token, expires).await,
            None => token.expires,
        };
        Some(Authenticated {
            user,
            expires: Some(expires),
            token: Some(token),
        })
    }

    /// A later end is noted. Losing against another request that does the same is no harm.
    async fn slide(&self, token: &Token, expires: Timestamp) -> Timestamp {
        let mut next = token.clone();
        next.expires = expires;
        let mut batch = Batch::new();
        batch.put(next);
        match self.0.store.commit(batch).await {
            Ok(_) => expires,
            Err(_) => token.expires,
        }
    }

    /// Revokes a token; an unknown one is no error.
    ///
    /// # Errors
    /// When the removal can't be stored.
    pub async fn logout(&self, secret: &str) -> Result<(), AccessError> {
        let Some(token) = self.token(secret) else {
            return Ok(());
        };
        self.revoke(&[token]).await?;
        Ok(())
    }

    /// Ends a token by its public id; an unknown one is no error.
    ///
    /// # Errors
    /// When the removal can't be stored.
    pub async fn end(&self, id: TokenId) -> Result<(), AccessError> {
        let token = self.0.projection.snapshot().token(id).cloned();
        self.revoke(&token.into_iter().collect::<Vec<_>>()).await
    }

    /// Forgets the failures of a login, so that it is open again. Answers whether it was closed.
    pub fn unlock(&self, login: &str) -> bool {
        let principal = Principal::parse(login);
        let mut lockout = self.lockout();
        let locked = lockout.is_locked(&principal, self.0.clock.now());
        lockout.succeeded(&principal);
        locked
    }

    /// Is a login closed after repeated failures?
    #[must_use]
    pub fn is_locked(&self, login: &str) -> bool {
        let principal = Principal::parse(login);
        self.lockout().is_locked(&principal, self.0.clock.now())
    }

    /// The rules of new passwords.
    #[must_use]
    pub fn password_rules(&self) -> &PasswordRules {
        &self.0.password_rules
    }

    /// A user changes his own password, which may have expired.
    ///
    /// # Errors
    /// `Refused` for a wrong old one, `Weak` for a new one that breaks a rule or is the old one.
    pub async fn password_change(
        &self,
        login: &str,
        old: &str,
        new: &str,
    ) -> Result<(), AccessError> {
        match self.verify(login, old).await {
            Ok(_) | Err(AccessError::Expired { .. }) => {}
            Err(e) => return Err(e),
        }
        self.0.password_rules.check(login, new)?;
        if old == new {
            return Err(AccessError::Weak {
                why: "it must differ from the old one".to_owned(),
            });
        }
        let life = self.0.password_rules.life;
        let expires = life.map(|life| self.0.clock.now().after(life));
        self.password_put(login, new, expires).await
    }

    async fn revoke(&self, tokens: &[Arc<Token>]) -> Result<(), AccessError> {
        // One by one: a token that somebody else just removed or moved must not keep the others.
        for token in tokens {
            let mut last = token.clone();
            loop {
                let mut batch = Batch::new();
                batch.delete(last.clone());
                match self.0.store.commit(batch).await {
                    Ok(_) => break,
                    Err(store::StoreError::Lost { .. }) => {
                        match self.0.projection.snapshot().token(token.id) {
                            Some(newer) if newer.generation != last.generation => {
                                last = newer.clone();
                            }
                            _ => break,
                        }
                    }
                    Err(e) => return Err(e.into()),
                }
            }
            self.index().remove(&token.name);
        }
        Ok(())
    }

    /// Removes tokens that are over; answers how many. O(tokens).
    ///
    /// # Errors
    /// When a removal can't be stored.
    pub async fn prune(&self) -> Result<usize, AccessError> {
        let now = self.0.clock.now();
        let snapshot = self.0.projection.snapshot();
        let over: Vec<Arc<Token>> = snapshot
            .tokens()
            .filter(|t| t.expires <= now)
            .cloned()
            .collect();
        self.revoke(&over).await?;
        Ok(over.len())
    }

    /// Hashes a password for storing.
    ///
    /// # Errors
    /// `Busy` when too many logins wait already.
    pub async fn password_hash(&self, password: &str) -> Result<String, AccessError> {
        let inner = &self.0;
        let permit = inner.passwords.enter().await?;
        permit.hash(password.to_owned(), &*inner.random).await
    }

    /// Gives a user another password: all his tokens end and his lock-out is forgotten.
    ///
    /// # Errors
    /// `UnknownUser`, or when it can't be stored.
    pub async fn password_set(&self, login: &str, password: &str) -> Result<(), AccessError> {
        self.password_put(login, password, None).await
    }

    /// The same; the password ends then.
    ///
    /// # Errors
    /// As `password_set`.
    pub async fn password_put(
        &self,
        login: &str,
        password: &str,
        expires: Option<Timestamp>,
    ) -> Result<(), AccessError> {
        let principal = Principal::parse(login);
        let hash = self.password_hash(password).await?;
        let user = self
            .find(&principal)
            .ok_or_else(|| AccessError::UnknownUser {
                login: principal.to_string(),
            })?;
        let mut next = (*user).clone();
        next.password_hash = hash;
        next.password_expires = expires;
        let mut batch = Batch::new();
        batch.put(next);
        self.0.store.commit(batch).await?;
        let snapshot = self.0.projection.snapshot();
        let tokens: Vec<Arc<Token>> = snapshot
            .tokens()
            .filter(|t| t.user == user.id)
            .cloned()
            .collect();
        self.revoke(&tokens).await?;
        self.lockout().succeeded(&principal);
        info!(user.name = %principal, "`{principal}` has a new password");
        Ok(())
    }

    fn find(&self, principal: &Principal) -> Option<Arc<User>> {
        let snapshot = self.0.projection.snapshot();
        snapshot
            .users()
            .find(|u| u.name == principal.name && u.domain == principal.domain)
            .cloned()
    }

    fn token(&self, secret: &str) -> Option<Arc<Token>> {
        let name = tokens::hash(secret);
        let id = self.index().get(&name)?;
        self.0.projection.snapshot().token(id).cloned()
    }

    fn lockout(&self) -> std::sync::MutexGuard<'_, Lockout> {
        self.0
            .lockout
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn index(&self) -> std::sync::MutexGuard<'_, TokenIndex> {
        self.0.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
