//! `cargo test` over the workspace, read line by line.
//!
//! Test targets named `real` need a real libvirt and have a tier of their own.

use crate::ledger::Tier;
use crate::metadata::Metadata;
use crate::scene::Scene;
use crate::{places, shell};
use anyhow::ensure;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

const REAL: &str = "real";

/// Unit, property and documentation tests.
pub fn unit(scene: &Scene) -> Tier {
    let mut tier = Tier::new("unit", "unit, property and documentation tests");
    match targets() {
        Ok(targets) => {
            let mut arguments = vec!["--lib", "--bins"];
            for target in targets.iter().filter(|t| *t != REAL) {
                arguments.extend(["--test", target]);
            }
            run(&mut tier, scene, &arguments, None, true);
            run(&mut tier, scene, &["--doc"], None, false);
        }
        Err(e) => tier.fail(format!("{e:#}")),
    }
    tier.end()
}

/// Tests against a real libvirt and QEMU.
pub fn real(scene: &Scene) -> Tier {
    let mut tier = Tier::new("libvirt", "real libvirt and QEMU");
    match guest(scene) {
        Ok(image) => run(&mut tier, scene, &["--test", REAL], Some(&image), true),
        Err(e) => tier.fail(format!("demo guest: {e:#}")),
    }
    tier.end()
}

/// The image of a Linux guest with a guest agent, made where it is not kept from an earlier run.
fn guest(scene: &Scene) -> anyhow::Result<String> {
    shell::run(&mut shell::cargo(&[
        "build",
        "--package",
        "vireo-lab",
        "--bin",
        "vireo-lab",
        "--locked",
    ]))?;
    let mut command = Command::new(places::program("vireo-lab"));
    scene.mark(&mut command);
    command.arg("guest").env("VIREO_CACHE", places::cache());
    let image = shell::output(&mut command)?.trim().to_owned();
    ensure!(
        Path::new(&image).is_file(),
        "`vireo-lab guest` printed no path of a file: {image}"
    );
    Ok(image)
}

/// Names of all integration test targets.
fn targets() -> anyhow::Result<BTreeSet<String>> {
    let metadata = Metadata::read()?;
    Ok(metadata
        .rooms()
        .flat_map(|room| &room.targets)
        .filter(|t| t.kind.iter().any(|k| k == "test"))
        .map(|t| t.name.clone())
        .collect())
}

/// Runs a `cargo test` and counts what it says.
fn run(tier: &mut Tier, scene: &Scene, arguments: &[&str], guest: Option<&str>, expect_some: bool) {
    let mut command = shell::cargo(&["test", "--workspace", "--locked", "--no-fail-fast"]);
    command.args(arguments);
    if let Some(image) = guest {
        command.env("VIREO_TEST_GUEST", image);
    }
    scene.mark(&mut command);
    let mut seen = 0;
    let mut failed = false;
    let mut skipped: BTreeSet<String> = BTreeSet::new();
    let outcome = shell::run_lines(&mut command, |line| {
        if let Some((name, reason)) = read_skip(line) {
            skipped.insert(name.to_owned());
            tier.skip(name, reason);
        }
        let Some((name, said)) = read(line) else {
            return;
        };
        seen += 1;
        match said {
            // It passed because it proved nothing.
            Said::Ok if skipped.contains(name.rsplit("::").next().unwrap_or(name)) => {}
            Said::Ok => tier.pass(),
            Said::Failed => {
                failed = true;
                tier.fail(name);
            }
            Said::Ignored(reason) => tier.skip(name, reason),
        }
    });
    match outcome {
        Ok(true) if seen == 0 && expect_some => tier.fail("cargo test ran no test at all"),
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
    // Tests that must panic, and documentation that only compiles, carry a note.
    let name = name.split(" - should panic").next().unwrap_or(name);
    let name = name.split(" - compile").next().unwrap_or(name);
    match said {
        "ok" => Some((name, Said::Ok)),
        "FAILED" => Some((name, Said::Failed)),
        "ignored" => Some((name, Said::Ignored("no reason given"))),
        _ => said
            .strip_prefix("ignored, ")
            .map(|reason| (name, Said::Ignored(reason))),
    }
}

/// Reads what `testkit::skip` writes: `SKIPPED NAME: REASON`.
fn read_skip(line: &str) -> Option<(&str, &str)> {
    line.split_once("SKIPPED ")?.1.split_once(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_harness_are_read() {
        assert_eq!(read("test a::b ... ok"), Some(("a::b", Said::Ok)));
        assert_eq!(read("test a::b ... FAILED"), Some(("a::b", Said::Failed)));
        assert_eq!(
            read("test a ... ignored, later"),
            Some(("a", Said::Ignored("later")))
        );
        assert_eq!(
            read("test a ... ignored"),
            Some(("a", Said::Ignored("no reason given")))
        );
        assert_eq!(read("test a - should panic ... ok"), Some(("a", Said::Ok)));
        assert_eq!(read("test result: ok. 3 passed"), None);
        assert_eq!(read("running 3 tests"), None);
    }

    #[test]
    fn skips_of_the_testkit_are_read() {
        assert_eq!(
            read_skip("SKIPPED it_boots: no QEMU: none"),
            Some(("it_boots", "no QEMU: none"))
        );
        assert_eq!(read_skip("test a ... ok"), None);
    }
}
