//! Questions about events: the only objects that are read from the database while it runs.

use base::Timestamp;
use domain::events::{About, Severity};

/// Most events one query answers, whatever it asks for.
pub const EVENTS_MAX: u32 = 10_000;

/// Which events. Every condition that is set must hold; the default asks for all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventQuery {
    /// Part of the message; ASCII letters in any case.
    pub text: Option<String>,
    /// Exactly that bad.
    pub severity: Option<Severity>,
    /// oVirt's code.
    pub code: Option<i32>,
    /// Of calls with that correlation id.
    pub correlation_id: Option<String>,
    /// About these objects; each one that is set must be the event's.
    pub about: About,
    /// Only with greater ids.
    pub from: Option<i64>,
    /// Only with smaller ids.
    pub before: Option<i64>,
    /// Not earlier than.
    pub since: Option<Timestamp>,
    /// Earlier than.
    pub until: Option<Timestamp>,
    /// How many at most; never more than [`EVENTS_MAX`].
    pub max: Option<u32>,
    /// Descending ids; `max` then keeps the newest ones.
    pub newest_first: bool,
}
