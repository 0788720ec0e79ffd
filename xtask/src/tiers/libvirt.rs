//! Tests against a real libvirt and QEMU, in namespaces of their own.

use super::cargo_tests;
use super::ledger::Tier;
use super::leftovers::Scene;
use super::shell;
use crate::places;
use std::process::Command;

pub fn run(scene: &Scene) -> Tier {
    let mut tier = Tier::new("libvirt", "real libvirt and QEMU");
    let built = shell::run(&mut shell::cargo(&[
        "build",
        "--workspace",
        "--bins",
        "--locked",
    ]));
    if !tier.step("build", built) {
        return tier.end();
    }
    // A host of its own around the tests: its libvirtd ends with them, whatever they do.
    let mut command = Command::new(places::program("vireo-lab"));
    command
        .current_dir(places::checkout())
        .args([
            "in-host",
            "--",
            "cargo",
            "test",
            "--workspace",
            "--locked",
            "--no-fail-fast",
            "--",
        ])
        .args(["--ignored", "--test-threads=1"])
        .env("CARGO_INCREMENTAL", "0");
    scene.mark(&mut command);
    cargo_tests::run(&mut tier, &mut command, |_| false);
    tier.end()
}
