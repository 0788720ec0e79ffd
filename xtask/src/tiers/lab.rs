//! A whole data center, end to end: what `make run` gives, and what is left when it ends.

use super::{acceptance, python};
use crate::lab::{FIRST_START, Lab};
use crate::ledger::Tier;
use crate::scene::Scene;
use crate::{places, shell};
use anyhow::{Context as _, bail, ensure};
use nix::sys::signal::Signal;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// What is restarted, killed or cut; `tests/lab/converge.sh` knows how and how long it may take.
const CONVERGENCE: [&str; 5] = ["qemu", "libvirtd", "agent", "engine", "network"];
/// The promise for a start that finds everything, on a quiet machine.
const NEXT_START: Duration = Duration::from_secs(20);

pub fn run(scene: &Scene) -> Tier {
    let mut tier = Tier::new("lab", "a whole data center: examples, acceptance, restarts");
    let built = shell::run(&mut shell::cargo(&[
        "build",
        "--workspace",
        "--bins",
        "--locked",
    ]));
    if !tier.step("build", built) {
        return tier.end();
    }
    let python = match python::bin() {
        Ok(bin) => bin,
        Err(e) => {
            tier.fail(format!("Python clients: {e:#}"));
            return tier.end();
        }
    };
    one_host(&mut tier, scene, &python);
    two_hosts(&mut tier, scene, &python);
    tier.end()
}

fn one_host(tier: &mut Tier, scene: &Scene, python: &Path) {
    let mut lab = match Lab::new(scene, "one", 1) {
        Ok(lab) => lab,
        Err(e) => return tier.fail(format!("lab: {e:#}")),
    };
    let first = lab.up(FIRST_START);
    if !tier.step(
        "first start",
        first.map(|t| println!("ready after {:.1} s", t.as_secs_f64())),
    ) {
        return;
    }
    let ready = match lab.ready() {
        Ok(ready) => ready,
        Err(e) => return tier.fail(format!("ready.json: {e:#}")),
    };
    let file = lab.home.join("ready.json");
    let mut example = Command::new(python.join("python"));
    tier.step("examples/python/first_vm.py", {
        scene.mark(&mut example);
        shell::run(
            example
                .arg(places::checkout().join("examples/python/first_vm.py"))
                .arg(&file),
        )
    });
    let mut example = Command::new(places::checkout().join("examples/curl/first-vm.sh"));
    tier.step("examples/curl/first-vm.sh", {
        scene.mark(&mut example);
        shell::run(example.arg(&file))
    });
    tier.step(
        "vireoctl status",
        says(lab.program("vireoctl").arg("status"), &ready.hosts[..1]),
    );
    tier.step(
        "vireoctl serial demo",
        says(
            lab.program("vireoctl").args(["serial", "demo"]),
            &["GUEST-UP".to_owned()],
        ),
    );
    tier.step(
        "vireoctl doctor",
        says(lab.program("vireoctl").arg("doctor"), &["KVM".to_owned()]),
    );
    tier.step(
        "a second lab in the same home is refused",
        refused(&mut lab.command("up"), "already"),
    );
    tier.step("Ctrl-C", lab.interrupt());
    let mut other = lab.command("up");
    tier.step(
        "another number of hosts is refused",
        refused(other.env("HOSTS", "2"), "HOSTS"),
    );
    let next = lab.up(FIRST_START).and_then(|took| {
        println!("ready again after {:.1} s", took.as_secs_f64());
        ensure!(
            took < NEXT_START,
            "took {:.1} s, promised are {NEXT_START:?}",
            took.as_secs_f64()
        );
        Ok(())
    });
    tier.step("next start", next);
    tier.step("kill -9", lab.signal(Signal::SIGKILL).map(|_| ()));
    tier.step("start after kill -9", lab.up(FIRST_START).map(|_| ()));
    let programs = places::target().join("debug");
    tier.step(
        "backup, restored into another home while VMs run",
        shell::run(
            lab.script(&places::checkout().join("tests/lab/restore.sh"))
                .arg(programs),
        ),
    );
    tier.step("kill -9 again", lab.signal(Signal::SIGKILL).map(|_| ()));
    tier.step("clean after kill -9", lab.clean());
}

/// What needs a second host, or a second storage domain, and all acceptance scenarios.
fn two_hosts(tier: &mut Tier, scene: &Scene, python: &Path) {
    let mut lab = match Lab::new(scene, "two", 2) {
        Ok(lab) => lab,
        Err(e) => return tier.fail(format!("lab: {e:#}")),
    };
    if !tier.step("two hosts", lab.up(FIRST_START).map(|_| ())) {
        return;
    }
    let ready = match lab.ready() {
        Ok(ready) => ready,
        Err(e) => return tier.fail(format!("two hosts: ready.json: {e:#}")),
    };
    let found = (ready.hosts.len(), &ready.storage_domains[..]);
    let wanted = found == (2, &["shared".to_owned(), "shared2".to_owned()]);
    tier.step(
        "two hosts: shared data center",
        wanted
            .then_some(())
            .with_context(|| format!("hosts and storage domains: {found:?}")),
    );
    acceptance::run(tier, &ready, python, scene.dir(), |c| scene.mark(c));
    for case in CONVERGENCE {
        tier.step(
            &format!("two hosts: converges, {case}"),
            shell::run(
                lab.script(&places::checkout().join("tests/lab/converge.sh"))
                    .arg(places::program("vireo-lab"))
                    .arg(case),
            ),
        );
    }
    tier.step("two hosts: down", shell::run(&mut lab.command("down")));
    tier.step(
        "two hosts: ended",
        match lab.child.take().map(|mut c| c.wait()) {
            Some(Ok(status)) if status.success() => Ok(()),
            other => Err(anyhow::anyhow!("ended with {other:?}")),
        },
    );
    tier.step("two hosts: clean", lab.clean());
}

fn says(command: &mut Command, words: &[String]) -> anyhow::Result<()> {
    let text = shell::output(command)?;
    println!("{text}");
    for word in words {
        ensure!(
            text.contains(word.as_str()),
            "says nothing of {word}:\n{text}"
        );
    }
    Ok(())
}

fn refused(command: &mut Command, word: &str) -> anyhow::Result<()> {
    let output = command.output().context("cannot run it")?;
    let text = String::from_utf8_lossy(&output.stderr);
    if output.status.success() || !text.contains(word) {
        bail!("ended with {} and says: {text}", output.status);
    }
    Ok(())
}
