//! Time as a port: the real engine and a simulated one read it from the same trait.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;
use time::OffsetDateTime;

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This moment plus `span`; saturates at the end of time.
    #[must_use]
    pub fn after(self, span: Duration) -> Self {
        let micros = i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
        Timestamp(self.0.saturating_add(micros))
    }

    /// How long it is from `earlier` to this moment; zero when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// Whole seconds since the epoch.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// As a calendar date in UTC; moments outside the years 1..9999 become the epoch.
    #[must_use]
    pub fn date(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

impl From<OffsetDateTime> for Timestamp {
    fn from(date: OffsetDateTime) -> Self {
        Timestamp(i64::try_from(date.unix_timestamp_nanos() / 1000).unwrap_or(0))
    }
}

impl fmt::Display for Timestamp {
    /// oVirt's form: `2026-11-22T05:00:00.000+00:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let d = self.date();
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}+00:00",
            d.year(),
            u8::from(d.month()),
            d.day(),
            d.hour(),
            d.minute(),
            d.second(),
            d.millisecond()
        )
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Where time comes from. Implementations: the system's (`ports::SystemClock`), a test's
/// (`testkit::ManualClock`), a simulation's.
#[async_trait::async_trait]
pub trait Clock: Send + Sync + 'static {
    /// The present moment; never goes back within one process.
    fn now(&self) -> Timestamp;
    /// Returns when `now()` has reached `until`; at once when it has already.
    async fn sleep_until(&self, until: Timestamp);
    /// Returns after `span`.
    async fn sleep(&self, span: Duration) {
        self.sleep_until(self.now().after(span)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_prints_as_ovirt_prints_it() {
        assert_eq!(
            Timestamp(1_763_787_600_123_456).to_string(),
            "2025-11-22T05:00:00.123+00:00"
        );
        assert_eq!(
            Timestamp(i64::MAX).to_string(),
            "1970-01-01T00:00:00.000+00:00"
        );
    }

    #[test]
    fn spans_saturate() {
        assert_eq!(Timestamp(5).since(Timestamp(9)), Duration::ZERO);
        assert_eq!(
            Timestamp(i64::MAX - 1).after(Duration::from_secs(9)),
            Timestamp(i64::MAX)
        );
    }
}
