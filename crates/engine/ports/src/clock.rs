//! The system's clock behind the port.

use base::{Clock, Timestamp};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Wall-clock time at the start plus the monotonic clock since: never goes back.
#[derive(Debug, Clone)]
pub struct SystemClock {
    started: Timestamp,
    since: Instant,
}

impl SystemClock {
    /// A clock that begins now.
    #[must_use]
    pub fn new() -> Self {
        let micros = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map(|d| i64::try_from(d.as_micros()).unwrap_or(i64::MAX))
            .unwrap_or(0);
        SystemClock {
            started: Timestamp(micros),
            since: Instant::now(),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait::async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        self.started.after(self.since.elapsed())
    }
    async fn sleep_until(&self, until: Timestamp) {
        tokio::time::sleep(until.since(self.now())).await;
    }
}
