//! Engine and agent killed at drawn places of a lab, and the truth compared afterwards.

use crate::ledger::Tier;
use crate::scene::Scene;
use crate::{places, shell};
use anyhow::ensure;
use std::process::Command;

/// Kills in a run of the suite.
const COUNT: u32 = 20;

pub fn run(scene: &Scene) -> Tier {
    let mut tier = Tier::new("crash", "engine and agent killed at drawn places");
    let built = shell::run(&mut shell::cargo(&[
        "build",
        "--workspace",
        "--bins",
        "--locked",
    ]));
    if tier.step("build", built) {
        kill(&mut tier, scene, COUNT);
        tier.step("release builds have no failpoints", released());
    }
    tier.end()
}

/// Runs `vireo-crash`; each kill that went well counts.
pub fn kill(tier: &mut Tier, scene: &Scene, count: u32) {
    let mut command = Command::new(places::program("vireo-crash"));
    command.current_dir(places::checkout());
    scene.mark(&mut command);
    command
        .env("VIREO_CACHE", places::cache())
        // Short: paths of sockets have 108 bytes.
        .env("TMPDIR", scene.dir());
    if std::env::var_os("VIREO_CRASH_COUNT").is_none() {
        command.env("VIREO_CRASH_COUNT", count.to_string());
    }
    let mut wrong = false;
    let outcome = shell::run_lines(&mut command, |line| match read(line) {
        Some((_, true)) => tier.pass(),
        Some((what, false)) => {
            wrong = true;
            tier.fail(what);
        }
        None => {}
    });
    match outcome {
        Ok(well) => {
            // A draw that went wrong has said so itself.
            if !well && !wrong {
                tier.fail("vireo-crash did not come to its end");
            }
        }
        Err(e) => tier.fail(format!("{e:#}")),
    }
}

/// Reads a line about one draw: what was drawn, and whether all was well.
fn read(line: &str) -> Option<(&str, bool)> {
    let (number, rest) = line.trim_start().split_once(' ')?;
    number.parse::<u32>().ok()?;
    let well = rest.contains(": well (") || rest.contains(": not reached, well (");
    (well || rest.contains(": FAILED (")).then_some((rest, well))
}

/// The variable's name is in every build that can be told to die, and must not be in another. Only
/// programs that were built are looked at; `make install` and `make bench` build them.
pub fn released() -> anyhow::Result<()> {
    let name = b"VIREO_FAILPOINTS";
    let holds = |profile: &str, program: &str| -> anyhow::Result<Option<bool>> {
        let path = places::program_of(profile, program);
        if !path.exists() {
            return Ok(None);
        }
        let bytes = std::fs::read(path)?;
        Ok(Some(bytes.windows(name.len()).any(|part| part == name)))
    };
    for program in ["vireo-engine", "vireo-agent"] {
        ensure!(
            holds("debug", program)? != Some(false),
            "the debug build of {program} has no failpoints, so nothing is proved"
        );
        ensure!(
            holds("release", program)? != Some(true),
            "the release build of {program} can be told to die"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_about_draws_are_read() {
        let well = "  3 VmStop: vireo-agent at runs/gone/after 1: well (4.0 s)";
        assert!(read(well).is_some_and(|(what, well)| well && what.starts_with("VmStop")));
        let missed = " 12 VmAdd: vireo-engine at commit/vm/after 2: not reached, well (1.0 s)";
        assert!(read(missed).is_some_and(|(_, well)| well));
        let failed = "  4 VmAdd: vireo-agent at a 1: FAILED (9.0 s): disks: lost";
        assert!(read(failed).is_some_and(|(_, well)| !well));
        for other in [
            "VIREO_CRASH_SEED=1 VIREO_CRASH_COUNT=20",
            "VmAdd passes 17 failpoints",
            "3 of 20 went wrong",
            "",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
