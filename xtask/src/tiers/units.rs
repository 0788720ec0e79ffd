//! `make install` and the systemd units: what a real engine and a real host start with.

use crate::ledger::Tier;
use crate::places;
use crate::scene::Scene;
use crate::shell;
use anyhow::{Context as _, ensure};
use std::path::Path;
use std::process::Command;

pub fn run(scene: &Scene) -> Tier {
    let mut tier = Tier::new("units", "make install, systemd units and what they start");
    let built = shell::run(&mut shell::cargo(&[
        "build",
        "--workspace",
        "--bins",
        "--locked",
    ]));
    if !tier.step("build", built) {
        return tier.end();
    }
    let root = scene.dir().join("installed");
    if tier.step("install", install(scene, &root)) {
        tier.step("systemd-analyze verify", verify(scene, &root));
        tier.step("what the units start", start(scene, &root));
    }
    if let Err(e) = std::fs::remove_dir_all(&root) {
        tier.fail(format!("cannot remove {}: {e}", root.display()));
    }
    tier.end()
}

fn install(scene: &Scene, root: &Path) -> anyhow::Result<()> {
    let mut command = shell::command("packaging/install");
    scene.mark(&mut command);
    shell::run(
        command
            .arg(places::target().join("debug"))
            .arg(root)
            .arg("/usr/local"),
    )?;
    for file in [
        "usr/local/bin/vireo-engine",
        "usr/local/bin/vireo-agent",
        "usr/local/bin/vireoctl",
    ] {
        ensure!(root.join(file).exists(), "{file} was not installed");
    }
    Ok(())
}

/// The programs lie below `root` here, so the units must name them there to be verified.
fn verify(scene: &Scene, root: &Path) -> anyhow::Result<()> {
    let dir = root.join("verify");
    std::fs::create_dir_all(&dir)?;
    let mut command = Command::new("systemd-analyze");
    command.arg("verify");
    for unit in ["vireo-engine.service", "vireo-agent.service"] {
        let installed = root.join("etc/systemd/system").join(unit);
        let text = std::fs::read_to_string(&installed)
            .with_context(|| format!("cannot read {}", installed.display()))?;
        let file = dir.join(unit);
        std::fs::write(
            &file,
            text.replace(
                "/usr/local/bin",
                &format!("{}/usr/local/bin", root.display()),
            ),
        )?;
        command.arg(file);
    }
    scene.mark(&mut command);
    let output = command.output().context("cannot run systemd-analyze")?;
    let said = String::from_utf8_lossy(&output.stderr);
    // It also tells about units of other packages that ours name.
    let ours: Vec<&str> = said.lines().filter(|l| l.contains("vireo-")).collect();
    ensure!(
        output.status.success() && ours.is_empty(),
        "{}: {}",
        output.status,
        said.trim()
    );
    Ok(())
}

/// Runs both ExecStart lines as they stand, on a host of its own, with `/var/lib` and `/usr/local/bin`
/// replaced there: the host joins the engine and comes up.
fn start(scene: &Scene, root: &Path) -> anyhow::Result<()> {
    let mut command = Command::new(places::program("vireo-lab"));
    command
        .current_dir(places::checkout())
        .args([
            "in-host",
            "--",
            "unshare",
            "--mount",
            "bash",
            "packaging/units-start",
        ])
        .arg(root);
    scene.mark(&mut command);
    shell::run(&mut command)
}
