//! `cargo test` over the workspace, read line by line.

use super::ledger::Tier;
use super::leftovers::Scene;
use super::shell;
use std::process::Command;

/// Tests that are marked `#[ignore = "needs libvirt"]` run in their own tier.
pub const NEEDS_LIBVIRT: &str = "needs libvirt";

/// Unit, property and documentation tests.
pub fn unit(scene: &Scene) -> Tier {
    let mut tier = Tier::new("unit", "unit, property and documentation tests");
    let mut command = shell::cargo(&["test", "--workspace", "--locked", "--no-fail-fast"]);
    scene.mark(&mut command);
    run(&mut tier, &mut command, |reason| reason == NEEDS_LIBVIRT);
    tier.end()
}

/// Runs a `cargo test` and counts what it says. Ignored tests whose reason is `elsewhere` are not
/// skips: another tier runs them.
pub fn run(tier: &mut Tier, command: &mut Command, elsewhere: impl Fn(&str) -> bool) {
    let mut seen = 0;
    let mut failed = false;
    let outcome = shell::run_lines(command, |line| match read(line) {
        Some((_, Said::Ok)) => {
            seen += 1;
            tier.pass();
        }
        Some((name, Said::Failed)) => {
            failed = true;
            tier.fail(name);
        }
        Some((_, Said::Ignored(reason))) if elsewhere(reason) => {}
        Some((name, Said::Ignored(reason))) => tier.skip(name, reason),
        None => {}
    });
    match outcome {
        Ok(true) if seen == 0 => tier.fail("cargo test ran no test at all"),
        Ok(true) => {}
        // A test that failed says so itself; anything else is the build or a crash.
        Ok(false) if failed => {}
        Ok(false) => tier.fail("cargo test failed before its tests ended"),
        Err(e) => tier.fail(format!("{e:#}")),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Said<'a> {
    Ok,
    Failed,
    Ignored(&'a str),
}

/// Reads a line of the test harness: `test NAME ... ok`, `FAILED`, `ignored, REASON`.
fn read(line: &str) -> Option<(&str, Said<'_>)> {
    let (name, said) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    // Doc tests that only compile, and those that must panic, carry a note.
    let name = name.split(" - should panic").next().unwrap_or(name);
    match said {
        "ok" => Some((name, Said::Ok)),
        "FAILED" => Some((name, Said::Failed)),
        "ignored" => Some((name, Said::Ignored("no reason given"))),
        _ => said
            .strip_prefix("ignored, ")
            .map(|reason| (name, Said::Ignored(reason))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_harness_are_read() {
        assert_eq!(read("test a::b ... ok"), Some(("a::b", Said::Ok)));
        assert_eq!(read("test a::b ... FAILED"), Some(("a::b", Said::Failed)));
        assert_eq!(
            read("test a ... ignored, needs libvirt"),
            Some(("a", Said::Ignored("needs libvirt")))
        );
        assert_eq!(
            read("test a ... ignored"),
            Some(("a", Said::Ignored("no reason given")))
        );
        assert_eq!(read("test a - should panic ... ok"), Some(("a", Said::Ok)));
        assert_eq!(read("test result: ok. 3 passed"), None);
        assert_eq!(read("running 3 tests"), None);
    }
}
