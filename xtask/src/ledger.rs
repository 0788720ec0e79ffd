//! What a run of the suite did: counts, failures and skips of each tier, and the table at its end.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Everything that happened in one tier.
#[derive(Debug)]
pub struct Tier {
    name: &'static str,
    about: &'static str,
    begun: Instant,
    took: Duration,
    passed: usize,
    expected: usize,
    failures: Vec<String>,
    skips: Vec<(String, String)>,
}

impl Tier {
    /// A tier that begins now.
    pub fn new(name: &'static str, about: &'static str) -> Self {
        println!("\n==== {name}: {about}");
        Tier {
            name,
            about,
            begun: Instant::now(),
            took: Duration::ZERO,
            passed: 0,
            expected: 0,
            failures: Vec::new(),
            skips: Vec::new(),
        }
    }

    pub fn pass(&mut self) {
        self.passed += 1;
    }

    /// Did not pass, as a list in the repository says it would.
    pub fn expected_failure(&mut self) {
        self.expected += 1;
    }

    pub fn fail(&mut self, what: impl Into<String>) {
        let what = what.into();
        println!("FAILED: {what}");
        self.failures.push(what);
    }

    pub fn skip(&mut self, what: impl Into<String>, reason: impl Into<String>) {
        self.skips.push((what.into(), reason.into()));
    }

    /// Counts a step by its outcome; an error is a failure with its chain.
    pub fn step(&mut self, what: &str, outcome: anyhow::Result<()>) -> bool {
        match outcome {
            Ok(()) => {
                self.pass();
                true
            }
            Err(e) => {
                self.fail(format!("{what}: {e:#}"));
                false
            }
        }
    }

    /// Stops the tier's clock.
    pub fn end(mut self) -> Self {
        self.took = self.begun.elapsed();
        self
    }
}

/// The reasons that `tests/allowed-skips.txt` lists.
pub fn allowed_skips(text: &str) -> BTreeSet<String> {
    text.lines()
        .map(str::trim)
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

/// The table, what failed, what was skipped and why; and whether all is well.
pub fn summary(tiers: &[Tier], allowed: &BTreeSet<String>) -> (String, bool) {
    let mut text =
        String::from("\ntier         passed  failed  skipped  expected failures    time\n");
    let mut totals = (0, 0, 0, 0);
    let mut well = true;
    for t in tiers {
        let _ = writeln!(
            text,
            "{:<12} {:>6}  {:>6}  {:>7}  {:>17}  {:>5} s   {}",
            t.name,
            t.passed,
            t.failures.len(),
            t.skips.len(),
            t.expected,
            t.took.as_secs(),
            t.about
        );
        totals.0 += t.passed;
        totals.1 += t.failures.len();
        totals.2 += t.skips.len();
        totals.3 += t.expected;
    }
    for t in tiers {
        for failure in &t.failures {
            well = false;
            let _ = writeln!(text, "failed   {}: {failure}", t.name);
        }
        for (what, reason) in &t.skips {
            let fine = allowed.contains(reason);
            well &= fine;
            let note = if fine {
                "allowed"
            } else {
                "NOT ALLOWED (see tests/allowed-skips.txt)"
            };
            let _ = writeln!(text, "skipped  {}: {what}: {reason} [{note}]", t.name);
        }
    }
    let _ = writeln!(
        text,
        "{}\ntests: {} passed, {} failed, {} skipped, {} failed as expected",
        if well { "GREEN" } else { "RED" },
        totals.0,
        totals.1,
        totals.2,
        totals.3
    );
    (text, well)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skip_is_red_unless_its_reason_is_listed() {
        let allowed = allowed_skips("# why\nno such machine\n\n");
        let mut tier = Tier::new("t", "about");
        tier.pass();
        tier.skip("x", "no such machine");
        let (text, well) = summary(&[tier], &allowed);
        assert!(well, "{text}");
        assert!(
            text.contains("tests: 1 passed, 0 failed, 1 skipped"),
            "{text}"
        );
        let mut tier = Tier::new("t", "about");
        tier.skip("x", "no time");
        let (text, well) = summary(&[tier], &allowed);
        assert!(!well);
        assert!(text.contains("NOT ALLOWED"), "{text}");
    }

    #[test]
    fn a_failure_is_red_and_named() {
        let mut tier = Tier::new("t", "about");
        assert!(!tier.step("boat", Err(anyhow::anyhow!("leaks"))));
        let (text, well) = summary(&[tier.end()], &BTreeSet::new());
        assert!(!well);
        assert!(text.contains("failed   t: boat: leaks"), "{text}");
    }
}
