//! A clock that stands still until a test moves it.

use base::{Clock, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Time by hand: `now()` changes only through [`ManualClock::advance`] and [`ManualClock::set`],
/// which wake everybody whose moment has come. Clones share the same time.
#[derive(Debug, Clone)]
pub struct ManualClock {
    now: Arc<watch::Sender<Timestamp>>,
    sleepers: Arc<watch::Sender<usize>>,
}

impl ManualClock {
    /// 2026-01-01T00:00:00Z, a moment that is easy to recognise in expectations.
    pub const START: Timestamp = Timestamp(1_767_225_600_000_000);

    /// A clock that stands at [`ManualClock::START`].
    #[must_use]
    pub fn new() -> Self {
        Self::at(Self::START)
    }

    /// A clock that stands at `start`.
    #[must_use]
    pub fn at(start: Timestamp) -> Self {
        ManualClock {
            now: Arc::new(watch::Sender::new(start)),
            sleepers: Arc::new(watch::Sender::new(0)),
        }
    }

    /// Moves time forward and wakes the sleepers whose moment has come. They run when the test next
    /// awaits; nobody has run when this returns.
    pub fn advance(&self, span: Duration) {
        self.now.send_modify(|now| *now = now.after(span));
    }

    /// Moves time to `moment`; a moment in the past changes nothing, since clocks never go back.
    pub fn set(&self, moment: Timestamp) {
        self.now.send_modify(|now| *now = (*now).max(moment));
    }

    /// How many tasks sleep on this clock now.
    #[must_use]
    pub fn sleepers(&self) -> usize {
        *self.sleepers.borrow()
    }

    /// Returns when at least `count` tasks sleep on this clock: the event to await before
    /// [`ManualClock::advance`].
    pub async fn wait_for_sleepers(&self, count: usize) {
        let mut sleepers = self.sleepers.subscribe();
        // The sender lives as long as `self`, so the wait ends only with the condition.
        let _ = sleepers.wait_for(|n| *n >= count).await;
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

/// Counts a sleeper, also when its future is dropped in the middle of the sleep.
struct Asleep<'a>(&'a watch::Sender<usize>);

impl<'a> Asleep<'a> {
    fn on(sleepers: &'a watch::Sender<usize>) -> Self {
        sleepers.send_modify(|n| *n += 1);
        Asleep(sleepers)
    }
}

impl Drop for Asleep<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|n| *n -= 1);
    }
}

#[async_trait::async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.now.borrow()
    }

    async fn sleep_until(&self, until: Timestamp) {
        let mut now = self.now.subscribe();
        if *now.borrow_and_update() >= until {
            return;
        }
        let _asleep = Asleep::on(&self.sleepers);
        // The sender lives as long as `self`, so the wait ends only with the condition.
        let _ = now.wait_for(|now| *now >= until).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_sleeper_wakes_when_its_moment_has_come_and_not_before() {
        let clock = ManualClock::new();
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move {
                clock.sleep(Duration::from_secs(10)).await;
                clock.now()
            }
        });
        clock.wait_for_sleepers(1).await;
        clock.advance(Duration::from_secs(9));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        assert_eq!(clock.sleepers(), 1);
        clock.advance(Duration::from_secs(1));
        let woke = sleeper.await.unwrap();
        assert_eq!(woke, ManualClock::START.after(Duration::from_secs(10)));
        assert_eq!(clock.sleepers(), 0);
    }

    #[tokio::test]
    async fn a_moment_that_is_over_needs_no_sleep_and_time_never_goes_back() {
        let clock = ManualClock::new();
        clock.sleep_until(ManualClock::START).await;
        clock.set(Timestamp(0));
        assert_eq!(clock.now(), ManualClock::START);
        assert_eq!(
            ManualClock::START.to_string(),
            "2026-01-01T00:00:00.000+00:00"
        );
    }

    #[tokio::test]
    async fn a_dropped_sleeper_is_no_longer_counted() {
        let clock = ManualClock::new();
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep(Duration::from_secs(1)).await }
        });
        clock.wait_for_sleepers(1).await;
        sleeper.abort();
        assert!(sleeper.await.unwrap_err().is_cancelled());
        assert_eq!(clock.sleepers(), 0);
    }
}
