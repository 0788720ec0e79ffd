//! The suite, tier by tier: cheap checks first, a whole data center last, and after all of them a
//! look at what was left behind.

mod acceptance;
mod cargo_tests;
pub mod crash;
pub mod fuzz;
mod gate;
mod lab;
mod python;
mod units;

use crate::ledger::{self, Tier};
use crate::places;
use crate::scene::Scene;
use clap::{Args, ValueEnum};

/// Which tiers to run.
#[derive(Debug, Args)]
pub struct Options {
    /// Only this tier; may be repeated. All of them otherwise.
    #[arg(long = "tier", value_enum)]
    tiers: Vec<Which>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Which {
    /// Format, lint, documentation, layering, licences.
    Gate,
    /// Unit and property tests.
    Unit,
    /// Readers of foreign bytes under libFuzzer.
    Fuzz,
    /// Tests against a real libvirt and QEMU.
    Libvirt,
    /// `make install` and the systemd units.
    Units,
    /// A whole lab: examples, restart, acceptance.
    Lab,
    /// A lab whose engine and agent are killed at drawn places.
    Crash,
}

/// Runs the tiers and prints the table.
///
/// # Errors
/// When the suite itself can't work; a failing test is not an error but `false`.
pub fn run(options: &Options) -> anyhow::Result<bool> {
    let wanted = |which| options.tiers.is_empty() || options.tiers.contains(&which);
    let allowed = ledger::allowed_skips(&places::read("tests/allowed-skips.txt")?);
    let before = Scene::set()?;
    let mut tiers: Vec<Tier> = Vec::new();
    if wanted(Which::Gate) {
        tiers.push(gate::run());
    }
    if wanted(Which::Unit) {
        tiers.push(cargo_tests::unit(&before));
    }
    if wanted(Which::Fuzz) {
        tiers.push(fuzz::run(&before));
    }
    if wanted(Which::Libvirt) {
        tiers.push(cargo_tests::real(&before));
    }
    if wanted(Which::Units) {
        tiers.push(units::run(&before));
    }
    if wanted(Which::Lab) {
        tiers.push(lab::run(&before));
    }
    if wanted(Which::Crash) {
        tiers.push(crash::run(&before));
    }
    tiers.push(before.check());
    let (text, well) = ledger::summary(&tiers, &allowed);
    println!("{text}");
    Ok(well)
}
