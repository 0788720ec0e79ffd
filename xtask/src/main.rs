//! The workshop: what checks, measures and tests the house. `make` is its front.
//!
//! Here: the test tiers, the map of allowed edges between rooms, licences of guests, measurements.
//! Not here: starting a data center (that is `vireo-lab`) and preparing a machine (`scripts/prepare`).

mod api;
mod lab;
mod layering;
mod ledger;
mod licences;
mod measure;
mod metadata;
mod places;
mod scene;
mod shell;
mod tiers;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Checks and tests of this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", version, about)]
struct CommandLine {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Run the test tiers and print what ran, what was skipped and why.
    Test(tiers::Options),
    /// Measure start times and memory with a release build.
    Bench {
        /// Measure an engine with many simulated hosts instead.
        #[arg(long)]
        scale: bool,
        /// What `vireo-scale` understands, behind `--`.
        #[arg(last = true, requires = "scale")]
        options: Vec<String>,
    },
    /// Start and stop machines for a long time and watch for leaks.
    Soak {
        /// How long.
        #[arg(long, default_value_t = 30)]
        minutes: u64,
    },
    /// Run the readers of foreign bytes under libFuzzer for long, going on with the corpus that is kept.
    Fuzz {
        /// How long each target runs.
        #[arg(long, default_value_t = 10)]
        minutes: u64,
        /// Only this one.
        #[arg(long)]
        target: Option<String>,
    },
    /// Check the edges between rooms against xtask/layering.toml.
    Layering,
    /// Write what is made from the API's tables: OpenAPI, TypeScript types, documentation, coverage.
    Api {
        /// Only compare, and fail when something is not as the tables say.
        #[arg(long)]
        check: bool,
    },
    /// Check the licences of all crates we link against xtask/licences.toml.
    Licences,
}

fn main() -> ExitCode {
    let outcome = match CommandLine::parse().task {
        Task::Test(options) => tiers::run(&options),
        Task::Bench {
            scale: true,
            options,
        } => measure::scale(&options),
        Task::Bench { .. } => measure::bench(),
        Task::Soak { minutes } => measure::soak(minutes),
        Task::Api { check } => api::run(check),
        Task::Fuzz { minutes, target } => measure::fuzz(minutes, target),
        Task::Layering => layering::run(),
        Task::Licences => licences::run(),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("error: {e:#}");
            ExitCode::FAILURE
        }
    }
}
