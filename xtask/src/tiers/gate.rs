//! What needs no running program: format, lint, documentation, layering, licences, units, scripts.

use crate::ledger::Tier;
use crate::shell;
use crate::{api, layering, licences};
use anyhow::ensure;

pub fn run() -> Tier {
    let mut tier = Tier::new("gate", "format, lint, documentation, layering, licences");
    tier.step(
        "format",
        shell::run(&mut shell::cargo(&["fmt", "--all", "--check"])),
    );
    tier.step(
        "layering",
        holds(layering::run(), "edges that are not allowed"),
    );
    tier.step(
        "licences",
        holds(licences::run(), "licences that are not allowed"),
    );
    tier.step(
        "lint",
        shell::run(&mut shell::cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ])),
    );
    tier.step(
        "published API",
        holds(api::run(true), "files that are not as the API's tables say"),
    );
    tier.step(
        "documentation",
        shell::run(
            shell::cargo(&["doc", "--workspace", "--no-deps", "--locked"])
                .env("RUSTDOCFLAGS", "-D warnings"),
        ),
    );
    for script in [
        "scripts/prepare",
        "packaging/install",
        "packaging/units-start",
        "examples/curl/first-vm.sh",
        ".ci/run",
    ] {
        tier.step(
            script,
            shell::run(shell::command("bash").args(["-n", script])),
        );
    }
    tier.end()
}

fn holds(outcome: anyhow::Result<bool>, otherwise: &str) -> anyhow::Result<()> {
    ensure!(outcome?, "{otherwise}");
    Ok(())
}
