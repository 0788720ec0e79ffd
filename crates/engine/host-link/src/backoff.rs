//! How long to wait before the next try.

use base::Random;
use std::time::Duration;

/// Doubles from `first` to `most` with each failure in a row; each pause is drawn from its upper
/// half, so that hosts that were lost together are not dialled together.
#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    first: Duration,
    most: Duration,
    failures: u32,
}

impl Backoff {
    pub fn new(first: Duration, most: Duration) -> Self {
        Backoff {
            first,
            most,
            failures: 0,
        }
    }

    /// A try went well.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// A try failed: the pause before the next one.
    pub fn next(&mut self, random: &dyn Random) -> Duration {
        let doubled = self.first.saturating_mul(1 << self.failures.min(20));
        self.failures = self.failures.saturating_add(1);
        let full = doubled.min(self.most);
        let mut bytes = [0u8; 4];
        random.fill(&mut bytes);
        let share = f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX);
        full.mul_f64(0.5 + share / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::SeededRandom;

    #[test]
    fn pauses_double_up_to_the_longest_and_differ() {
        let random = SeededRandom::new(1);
        let mut one = Backoff::new(Duration::from_millis(200), Duration::from_secs(5));
        let pauses: Vec<Duration> = (0..40).map(|_| one.next(&random)).collect();
        for (i, pause) in pauses.iter().enumerate() {
            let full = Duration::from_millis(200 << i.min(10)).min(Duration::from_secs(5));
            assert!(*pause >= full / 2 && *pause <= full, "{i}: {pause:?}");
        }
        assert_ne!(pauses[38], pauses[39]);
        one.reset();
        assert!(one.next(&random) <= Duration::from_millis(200));
    }
}
