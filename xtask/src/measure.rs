//! `make bench`, `make soak` and `make fuzz`: figures of a lab, whether it leaks, and long runs.

use crate::lab::{FIRST_START, Lab};
use crate::ledger::{self, Tier};
use crate::scene::Scene;
use crate::tiers::{crash, fuzz};
use crate::{places, shell};
use anyhow::{Context as _, ensure};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

/// What a program of the lab holds.
#[derive(Debug)]
struct Held {
    name: String,
    rss_kib: u64,
    files: usize,
}

/// Prints times of starts and moves and memory as tables for `docs/PERFORMANCE.md`; answers whether promises are kept.
///
/// # Errors
/// When a lab can't be started.
pub fn bench() -> anyhow::Result<bool> {
    let scene = Scene::set()?;
    let outcome = crash::released().and_then(|()| {
        let started = started(&scene)?;
        Ok(moved(&scene)? && started)
    });
    let tier = scene.check();
    let (text, clean) = ledger::summary(&[tier], &BTreeSet::new());
    if !clean {
        println!("{text}");
    }
    Ok(outcome? && clean)
}

/// Prints the figures of an engine with many simulated hosts; answers whether promises are kept.
///
/// # Errors
/// When it can't be built or run.
pub fn scale(options: &[String]) -> anyhow::Result<bool> {
    let build = [
        "build",
        "--release",
        "--package",
        "vireo-engine",
        "--package",
        "vireo-sim",
    ];
    shell::run(&mut shell::cargo(&build))?;
    let place = places::target().join("tmp");
    std::fs::create_dir_all(&place).with_context(|| format!("cannot make {}", place.display()))?;
    let program = places::program_of("release", "vireo-scale");
    let mut command = shell::command(&program.display().to_string());
    command.arg("--dir").arg(&place).args(options);
    shell::run_lines(&mut command, |_| {})
}

/// Runs a script of `bench` in a lab that runs; answers whether its promises are kept.
fn compared(lab: &Lab<'_>, script: &str) -> anyhow::Result<bool> {
    let program = places::program_of("release", "vireo-lab");
    let mut command = lab.script(&places::checkout().join("bench").join(script));
    shell::run_lines(
        command.arg(lab.home.join("ready.json")).arg(program),
        |_| {},
    )
}

/// What moves under a running machine, in a lab of two hosts.
fn moved(scene: &Scene) -> anyhow::Result<bool> {
    let mut lab = Lab::of_profile(scene, "moves", 2, "release")?;
    lab.up(FIRST_START)?;
    let kept = compared(&lab, "moves.py")?;
    lab.interrupt()?;
    lab.clean()?;
    Ok(kept)
}

fn started(scene: &Scene) -> anyhow::Result<bool> {
    let mut lab = Lab::of_profile(scene, "bench", 1, "release")?;
    let first = lab.up(FIRST_START)?;
    lab.interrupt()?;
    let next = lab.up(FIRST_START)?;
    let kept = compared(&lab, "start.py")?;
    println!("\n| what | measured |\n|---|---|");
    println!(
        "| first start to ready (guest made, everything created) | {:.1} s |",
        first.as_secs_f64()
    );
    println!(
        "| next start to ready (demo VM up again) | {:.1} s |",
        next.as_secs_f64()
    );
    for held in held(&lab.home)? {
        println!("| {} resident | {} MiB |", held.name, held.rss_kib / 1024);
    }
    lab.interrupt()?;
    lab.clean()?;
    Ok(kept)
}

/// Runs each target of `fuzz/`, or one, for so long; answers whether nothing broke.
///
/// # Errors
/// When the suite itself can't work.
pub fn fuzz(minutes: u64, target: Option<String>) -> anyhow::Result<bool> {
    let scene = Scene::set()?;
    let mut tier = Tier::new("fuzz", "readers of foreign bytes, with coverage");
    let plan = fuzz::Plan::long(Duration::from_secs(minutes * 60), target);
    fuzz::fuzz(&mut tier, &plan, |c| scene.mark(c));
    let (text, well) = ledger::summary(&[tier.end(), scene.check()], &BTreeSet::new());
    println!("{text}");
    Ok(well)
}

/// Kills of a soak.
const KILLS: u32 = 500;

/// Makes, starts, stops and removes machines until the time is over; answers whether engine and agent
/// hold about as much at the end as after the first rounds. Then kills them, again and again.
///
/// # Errors
/// When a lab can't be started.
pub fn soak(minutes: u64) -> anyhow::Result<bool> {
    let scene = Scene::set()?;
    let mut tier = Tier::new("soak", "machines made, started, stopped and removed");
    if let Err(e) = soaked(&scene, &mut tier, Duration::from_secs(minutes * 60)) {
        tier.fail(format!("{e:#}"));
    }
    let tier = tier.end();
    let mut kills = Tier::new("crash", "engine and agent killed at drawn places");
    crash::kill(&mut kills, &scene, KILLS);
    let tiers = [tier, kills.end(), scene.check()];
    let (text, well) = ledger::summary(&tiers, &BTreeSet::new());
    println!("{text}");
    Ok(well)
}

fn soaked(scene: &Scene, tier: &mut Tier, length: Duration) -> anyhow::Result<()> {
    let mut lab = Lab::new(scene, "soak", 1)?;
    lab.up(FIRST_START)?;
    let begun = Instant::now();
    let mut first = Vec::new();
    let mut round = 0_u32;
    while begun.elapsed() < length || round < 3 {
        round += 1;
        let mut example = lab.script(&places::checkout().join("examples/curl/first-vm.sh"));
        let outcome = shell::run(example.arg(lab.home.join("ready.json")));
        if !tier.step(&format!("round {round}"), outcome) {
            break;
        }
        if round == 2 {
            first = held(&lab.home)?;
        }
    }
    let last = held(&lab.home)?;
    for (before, after) in first.iter().zip(&last) {
        println!("{}: {before:?} then, {after:?} now", before.name);
        let leak = (|| {
            ensure!(
                after.rss_kib < before.rss_kib * 3 / 2 + 20_000,
                "memory grew from {} to {} KiB",
                before.rss_kib,
                after.rss_kib
            );
            ensure!(
                after.files < before.files + 20,
                "open files grew from {} to {}",
                before.files,
                after.files
            );
            Ok(())
        })();
        tier.step(&before.name, leak);
    }
    tier.step("Ctrl-C", lab.interrupt());
    tier.step("clean", lab.clean());
    Ok(())
}

/// Engine and agents whose command line names a lab's home, by name.
fn held(home: &Path) -> anyhow::Result<Vec<Held>> {
    let home = home.display().to_string();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").context("cannot list /proc")? {
        let dir = entry?.path();
        let Ok(line) = std::fs::read(dir.join("cmdline")) else {
            continue;
        };
        let words: Vec<String> = line
            .split(|b| *b == 0)
            .map(|w| String::from_utf8_lossy(w).into_owned())
            .collect();
        let name = words[0].rsplit('/').next().unwrap_or("").to_owned();
        let ours = ["vireo-engine", "vireo-agent"].contains(&name.as_str());
        if !ours || !words.iter().any(|w| w.starts_with(&home)) {
            continue;
        }
        let status =
            std::fs::read_to_string(dir.join("status")).context("a program has just ended")?;
        let rss_kib = status
            .lines()
            .find_map(|l| l.strip_prefix("VmRSS:"))
            .and_then(|l| l.split_whitespace().next())
            .and_then(|n| n.parse().ok())
            .context("the kernel tells no VmRSS")?;
        let files = std::fs::read_dir(dir.join("fd"))
            .context("cannot list open files")?
            .count();
        found.push(Held {
            name,
            rss_kib,
            files,
        });
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    ensure!(!found.is_empty(), "neither engine nor agent runs");
    Ok(found)
}
