//! `vireo-scale`: figures of an engine with many simulated hosts, as tables for `docs/PERFORMANCE.md`.
//! It starts an engine and simulators from its own directory, in a new directory, and ends them.

mod api;
mod bare;
mod figures;
mod idle;
mod lists;
mod programs;
mod rights;
mod run;

use clap::Parser;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// Measures an engine with simulated hosts and VMs.
#[derive(Debug, Parser)]
#[command(name = "vireo-scale", version, about)]
pub struct CommandLine {
    /// Simulated hosts.
    #[arg(long, default_value_t = 1000)]
    hosts: u32,
    /// Simulated VMs, all running.
    #[arg(long, default_value_t = 50_000)]
    vms: u32,
    /// Simulator processes, each with a data center of its own.
    #[arg(long, default_value_t = 1)]
    parts: u32,
    /// How long 5 % of the VMs change each 15 s before memory and CPU are told.
    #[arg(long, default_value_t = 10.0)]
    minutes: f64,
    /// Seconds for each rate of commits and new VMs.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Connections that are open and idle while others ask; 0 leaves that out.
    #[arg(long, default_value_t = 10_000)]
    connections: u32,
    /// Only hold so many connections to `--at`, an engine whose home is `--dir`.
    #[arg(long, hide = true, requires = "at")]
    hold: Option<u32>,
    #[arg(long, hide = true)]
    at: Option<SocketAddr>,
    /// A directory on the disk that is to be measured; a new one is made in it.
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Leave the directory as it is at the end.
    #[arg(long)]
    keep: bool,
}

fn main() -> ExitCode {
    let line = CommandLine::parse();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name("scale")
        .build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(async {
            match (line.hold, line.at) {
                (Some(count), Some(address)) => {
                    let place = api::Place::of(&line.dir, address)?;
                    idle::hold(&place, count).await.map(|()| true)
                }
                _ => run::run(&line).await,
            }
        }),
        Err(e) => Err(e.into()),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("vireo-scale: {e:#}");
            ExitCode::from(2)
        }
    }
}
