//! Readers of foreign bytes under libFuzzer: briefly in the suite, for hours with `make fuzz`.
//!
//! The targets are in `fuzz/`; the compiler is the stable one, told by `fuzz/rustc` to report coverage.

use crate::ledger::Tier;
use crate::scene::Scene;
use crate::{places, shell};
use anyhow::{Context as _, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Executions of each target in the suite, always drawn in the same way: the suite judges a change, and only a
/// long run looks for what nobody has seen yet. A few seconds each.
const EXECUTIONS: u64 = 10_000;
const DRAW: u32 = 1;

/// Bytes of one input; what readers do with more is a matter of their limits, which have tests of their own.
const INPUT_BYTES: u32 = 16 * 1024;

/// Memory that a target may take, and time for one input.
const MEMORY_MIB: u32 = 1024;
const INPUT_SECONDS: u32 = 20;

pub fn run(scene: &Scene) -> Tier {
    let mut tier = Tier::new("fuzz", "readers of foreign bytes, with coverage");
    fuzz(&mut tier, &Plan::of_suite(scene), |c| scene.mark(c));
    tier.end()
}

/// What to run, and where findings and the corpus go.
pub struct Plan {
    profile: &'static str,
    length: Length,
    /// Inputs that led somewhere new.
    corpus: PathBuf,
    /// Inputs that broke a target.
    findings: PathBuf,
    only: Option<String>,
}

/// How long a target runs.
#[derive(Clone, Copy)]
enum Length {
    Executions(u64),
    Time(Duration),
}

impl Plan {
    /// A short run whose corpus is thrown away.
    fn of_suite(scene: &Scene) -> Self {
        Plan {
            profile: "debug",
            length: Length::Executions(EXECUTIONS),
            corpus: scene.dir().join("corpus"),
            findings: places::target().join("fuzz-findings"),
            only: None,
        }
    }

    /// A long run that goes on with the corpus of earlier ones.
    pub fn long(length: Duration, only: Option<String>) -> Self {
        Plan {
            profile: "release",
            length: Length::Time(length),
            corpus: places::cache().join("fuzz-corpus"),
            findings: places::target().join("fuzz-findings"),
            only,
        }
    }
}

/// Builds the program and runs its targets one after the other.
pub fn fuzz(tier: &mut Tier, plan: &Plan, mark: impl Fn(&mut Command)) {
    if !tier.step("build", build(plan.profile)) {
        return;
    }
    let mut targets = match targets() {
        Ok(targets) => targets,
        Err(e) => return tier.fail(format!("{e:#}")),
    };
    if let Some(only) = &plan.only {
        targets.retain(|t| t == only);
        if targets.is_empty() {
            return tier.fail(format!("there is no target `{only}`"));
        }
    }
    let mut done = Vec::new();
    for target in targets {
        match one(plan, &target, &mark) {
            Ok(ran) => {
                tier.pass();
                done.push((target, ran));
            }
            Err(e) => tier.fail(format!("{target}: {e:#}")),
        }
    }
    println!("\n| target | executions | hours | corpus |\n|---|---|---|---|");
    for (target, ran) in done {
        println!(
            "| {target} | {} | {:.2} | {} inputs, {} KiB |",
            ran.executions,
            ran.took.as_secs_f64() / 3600.0,
            ran.inputs,
            ran.bytes / 1024
        );
    }
}

fn build(profile: &str) -> anyhow::Result<()> {
    let wrapper = places::checkout().join("fuzz/rustc");
    let mut command = shell::cargo(&[
        "build",
        "--package",
        "fuzz",
        "--features",
        "libfuzzer",
        "--bin",
        "vireo-fuzz",
        "--locked",
    ]);
    if profile == "release" {
        command.arg("--release");
    }
    shell::run(command.env("RUSTC_WORKSPACE_WRAPPER", wrapper))
}

/// Names of the targets: each has a folder of seeds, which a test of theirs sees to.
fn targets() -> anyhow::Result<Vec<String>> {
    let dir = places::checkout().join("fuzz/seeds");
    let mut names = Vec::new();
    for entry in
        std::fs::read_dir(&dir).with_context(|| format!("cannot list {}", dir.display()))?
    {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    ensure!(!names.is_empty(), "{} is empty", dir.display());
    Ok(names)
}

/// What one target did.
struct Ran {
    executions: u64,
    took: Duration,
    inputs: usize,
    bytes: u64,
}

fn one(plan: &Plan, target: &str, mark: impl Fn(&mut Command)) -> anyhow::Result<Ran> {
    let corpus = plan.corpus.join(target);
    let findings = plan.findings.join(target);
    for dir in [&corpus, &findings] {
        std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    }
    let mut command = Command::new(places::program_of(plan.profile, "vireo-fuzz"));
    command
        .env("VIREO_FUZZ_TARGET", target)
        .arg(format!("-max_len={INPUT_BYTES}"))
        .arg(format!("-rss_limit_mb={MEMORY_MIB}"))
        .arg(format!("-timeout={INPUT_SECONDS}"))
        .arg(format!("-artifact_prefix={}/", findings.display()))
        .args(["-print_final_stats=1", "-verbosity=1"])
        // The first is written to, the second only read.
        .arg(&corpus)
        .arg(places::checkout().join("fuzz/seeds").join(target));
    match plan.length {
        Length::Executions(count) => {
            command.args([format!("-runs={count}"), format!("-seed={DRAW}")]);
        }
        Length::Time(time) => {
            command.arg(format!("-max_total_time={}", time.as_secs().max(1)));
        }
    }
    mark(&mut command);
    let begun = Instant::now();
    let mut executions = None;
    let mut found = None;
    let well = shell::run_lines(&mut command, |line| {
        executions = executions.or_else(|| number_after(line, "stat::number_of_executed_units:"));
        if let Some((_, path)) = line.split_once("Test unit written to ") {
            found = Some(path.to_owned());
        }
    })?;
    if !well {
        bail!(
            "it broke; the input is {} (mend the reader, then keep it in fuzz/seeds/{target})",
            found.as_deref().unwrap_or("not known")
        );
    }
    let executions = executions.context("libFuzzer told no number of executions")?;
    ensure!(executions > 0, "nothing was executed");
    let (inputs, bytes) = size(&corpus)?;
    Ok(Ran {
        executions,
        took: begun.elapsed(),
        inputs,
        bytes,
    })
}

fn number_after(line: &str, word: &str) -> Option<u64> {
    line.strip_prefix(word)?.trim().parse().ok()
}

fn size(dir: &Path) -> anyhow::Result<(usize, u64)> {
    let mut all = (0, 0);
    for entry in std::fs::read_dir(dir).with_context(|| format!("cannot list {}", dir.display()))? {
        all.0 += 1;
        all.1 += entry?.metadata()?.len();
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_executions_is_read() {
        let word = "stat::number_of_executed_units:";
        let line = "stat::number_of_executed_units: 123456";
        assert_eq!(number_after(line, word), Some(123_456));
        assert_eq!(number_after("stat::average_exec_per_sec: 1", word), None);
    }
}
