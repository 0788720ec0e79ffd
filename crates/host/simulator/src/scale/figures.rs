//! Figures: samples, their order, the promise each is held against, and the table.

use std::time::Duration;

/// Durations of one thing that was done many times.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<Duration>);

impl Samples {
    /// One more.
    pub fn add(&mut self, took: Duration) {
        self.0.push(took);
    }
    /// That share (0 to 1) took no longer; zero without samples.
    pub fn quantile(&self, share: f64) -> Duration {
        let mut all = self.0.clone();
        all.sort_unstable();
        let last = all.len().saturating_sub(1);
        let at = (last as f64 * share).round() as usize;
        all.get(at).copied().unwrap_or_default()
    }
    /// In milliseconds: median, 99th per cent, longest.
    pub fn words(&self) -> String {
        let ms = |share| self.quantile(share).as_secs_f64() * 1000.0;
        format!(
            "p50 {:.2} ms, p99 {:.2} ms, max {:.1} ms ({} times)",
            ms(0.5),
            ms(0.99),
            ms(1.0),
            self.0.len()
        )
    }
}

/// The table.
#[derive(Debug, Default)]
pub struct Table {
    /// The goals are for a size that is larger than what was measured, or the same.
    bound: bool,
    broken: usize,
}

impl Table {
    /// The head. Unless the table is `bound`, goals are shown and not asked for.
    pub fn begin(title: &str, bound: bool) -> Self {
        println!("\n{title}\n\n| what | measured | goal | |\n|---|---|---|---|");
        Table { bound, broken: 0 }
    }
    /// A figure without a goal.
    pub fn row(&self, what: &str, measured: impl std::fmt::Display) {
        println!("| {what} | {measured} | | |");
    }
    /// A figure that must keep a goal.
    pub fn goal(&mut self, what: &str, measured: impl std::fmt::Display, goal: &str, kept: bool) {
        let word = match (kept, self.bound) {
            (true, _) => "kept",
            (false, true) => "MISSED",
            (false, false) => "above the size it is for",
        };
        self.broken += usize::from(!kept && self.bound);
        println!("| {what} | {measured} | {goal} | {word} |");
    }
    /// Whether all goals are kept.
    pub fn end(self) -> bool {
        self.broken == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_members() {
        let mut samples = Samples::default();
        assert_eq!(samples.quantile(0.5), Duration::ZERO);
        for ms in 1..=101 {
            samples.add(Duration::from_millis(ms));
        }
        assert_eq!(samples.quantile(0.5).as_millis(), 51);
        assert_eq!(samples.quantile(0.99).as_millis(), 100);
        assert_eq!(samples.quantile(1.0).as_millis(), 101);
    }
}
