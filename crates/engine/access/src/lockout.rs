//! Repeated failures close a login for a while. In memory only: a restart forgets them.
//!
//! Successes are never counted, so that a client that logs in for every request is not locked out.
//! Logins are counted whether they exist or not, so that the lock tells nothing about existence.

use base::Timestamp;
use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

/// Logins that are remembered at most; beyond, those that failed longest ago are forgotten.
const REMEMBERED: usize = 10_000;

/// When repeated failures close a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockoutRules {
    /// Failures in a row that close it (oVirt's internal directory: 5).
    pub failures: u32,
    /// For how long at first; doubles with each further failure.
    pub first: Duration,
    /// The longest it is ever closed at once; a silence of this length forgets all failures.
    pub longest: Duration,
}

impl Default for LockoutRules {
    fn default() -> Self {
        LockoutRules {
            failures: 5,
            first: Duration::from_secs(60),
            longest: Duration::from_secs(15 * 60),
        }
    }
}

/// A login and its directory.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Principal {
    /// Before the last `@`.
    pub name: String,
    /// After it; `internal` when there is none.
    pub domain: String,
}

impl Principal {
    /// Splits `admin@internal` at the last `@`; overlong text is cut.
    pub fn parse(login: &str) -> Self {
        let login: String = login.chars().take(crate::CREDENTIAL_MAX).collect();
        let (name, domain) = login.rsplit_once('@').unwrap_or((&login, "internal"));
        Principal {
            name: name.to_owned(),
            domain: domain.to_owned(),
        }
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.name, self.domain)
    }
}

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: Timestamp,
    closed_until: Timestamp,
}

/// The memory of failures.
pub struct Lockout {
    rules: LockoutRules,
    failures: HashMap<Principal, Failures>,
}

impl Lockout {
    /// Nobody has failed yet.
    #[must_use]
    pub fn new(rules: LockoutRules) -> Self {
        Lockout {
            rules,
            failures: HashMap::new(),
        }
    }

    pub(crate) fn is_locked(&self, who: &Principal, now: Timestamp) -> bool {
        self.failures.get(who).is_some_and(|f| f.closed_until > now)
    }

    /// Counts a failure; answers whether it closed the login.
    pub(crate) fn failed(&mut self, who: &Principal, now: Timestamp) -> bool {
        let rules = &self.rules;
        let mut f = match self.failures.get(who) {
            Some(f) if now.since(f.last) < rules.longest => *f,
            _ => Failures {
                count: 0,
                last: now,
                closed_until: Timestamp(0),
            },
        };
        f.count = f.count.saturating_add(1);
        f.last = now;
        let beyond = f.count.checked_sub(rules.failures);
        if let Some(beyond) = beyond {
            let span = rules.first.saturating_mul(1 << beyond.min(16));
            f.closed_until = now.after(span.min(rules.longest));
        }
        if !self.failures.contains_key(who) && self.failures.len() >= REMEMBERED {
            self.forget_oldest();
        }
        self.failures.insert(who.clone(), f);
        beyond.is_some()
    }

    pub(crate) fn succeeded(&mut self, who: &Principal) {
        self.failures.remove(who);
    }

    /// Makes room: half of the memory, those that failed longest ago.
    fn forget_oldest(&mut self) {
        let mut times: Vec<Timestamp> = self.failures.values().map(|f| f.last).collect();
        times.sort_unstable();
        let middle = times[times.len() / 2];
        self.failures.retain(|_, f| f.last > middle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(s: u64) -> Timestamp {
        Timestamp(0).after(Duration::from_secs(1000 + s))
    }

    #[test]
    fn a_login_is_split_at_the_last_at_sign() {
        let p = Principal::parse("admin@ovirt@internalsso");
        assert_eq!(
            (p.name.as_str(), p.domain.as_str()),
            ("admin@ovirt", "internalsso")
        );
        assert_eq!(Principal::parse("admin").to_string(), "admin@internal");
    }

    #[test]
    fn the_fifth_failure_closes_a_login_and_each_further_one_for_twice_as_long() {
        let mut lockout = Lockout::new(LockoutRules::default());
        let who = Principal::parse("admin@internal");
        for n in 0..4 {
            assert!(!lockout.failed(&who, seconds(n)));
        }
        assert!(!lockout.is_locked(&who, seconds(4)));
        assert!(lockout.failed(&who, seconds(4)));
        assert!(lockout.is_locked(&who, seconds(63)));
        assert!(!lockout.is_locked(&who, seconds(64)));
        assert!(lockout.failed(&who, seconds(70)));
        assert!(lockout.is_locked(&who, seconds(189)));
        assert!(!lockout.is_locked(&who, seconds(190)));
        lockout.succeeded(&who);
        assert!(!lockout.failed(&who, seconds(191)));
    }

    #[test]
    fn old_failures_are_forgotten() {
        let mut lockout = Lockout::new(LockoutRules::default());
        let who = Principal::parse("admin");
        for _ in 0..4 {
            lockout.failed(&who, seconds(0));
        }
        assert!(!lockout.failed(&who, seconds(15 * 60)));
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut lockout = Lockout::new(LockoutRules::default());
        for n in 0..30_000 {
            lockout.failed(&Principal::parse(&format!("u{n}")), seconds(n));
        }
        assert!(lockout.failures.len() <= REMEMBERED);
        assert!(lockout.failures.contains_key(&Principal::parse("u29999")));
    }
}
