//! `vireo-sim`: seeds and runs simulated hosts. What they do is in the library.

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;
use vireo_sim::changes::{self, Pace};
use vireo_sim::control;
use vireo_sim::inventory::Size;
use vireo_sim::part::Part;
use vireo_sim::places::PartHome;
use vireo_sim::seed::seed;

/// Threads for work that blocks: files of thousands of agents take turns.
const BLOCKING_THREADS: usize = 8;

/// Simulated hosts for a Vireo engine.
#[derive(Debug, Parser)]
#[command(name = "vireo-sim", version, about)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Put data centers `Simulated`, `Simulated-2`, ... with hosts and running VMs into an engine that
    /// was started once and does not run now.
    Seed {
        /// The engine's home.
        #[arg(long, value_name = "DIR")]
        engine_home: PathBuf,
        /// The simulation's home.
        #[arg(long, value_name = "DIR")]
        home: PathBuf,
        /// Hosts in all.
        #[arg(long)]
        hosts: u32,
        /// VMs in all.
        #[arg(long)]
        vms: u32,
        /// Processes that share them; each has a data center of its own.
        #[arg(long, default_value_t = 1)]
        parts: u32,
    },
    /// Be the hosts of one part until SIGTERM.
    Run {
        /// The simulation's home.
        #[arg(long, value_name = "DIR")]
        home: PathBuf,
        /// Which part.
        #[arg(long, default_value_t = 1)]
        part: u32,
        /// Where the agents' own files go, instead of the simulation's home; it is emptied first.
        #[arg(long, value_name = "DIR")]
        state: Option<PathBuf>,
        /// Thousandths of the VMs that change their state each 15 s.
        #[arg(long, default_value_t = 0)]
        pace: u64,
        /// Written when all hosts listen.
        #[arg(long, value_name = "FILE")]
        ready_file: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    let line = CommandLine::parse();
    let filter = EnvFilter::try_from_env("VIREO_LOG").unwrap_or_else(|_| EnvFilter::new("error"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    match run(line.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("vireo-sim: {e:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING_THREADS)
        .thread_name("sim")
        .build()
        .context("cannot start the runtime")?;
    runtime.block_on(async {
        match command {
            Command::Seed {
                engine_home,
                home,
                hosts,
                vms,
                parts,
            } => seed(&engine_home, &home, Size { hosts, vms, parts }).await,
            Command::Run {
                home,
                part,
                state,
                pace,
                ready_file,
            } => serve(PartHome::of(&home, part), state, pace, ready_file).await,
        }
    })
}

async fn serve(
    home: PartHome,
    state: Option<PathBuf>,
    per_mille: u64,
    ready_file: Option<PathBuf>,
) -> anyhow::Result<()> {
    let listen = |kind| signal(kind).context("cannot listen to signals");
    let (mut terminate, mut interrupt) = (
        listen(SignalKind::terminate())?,
        listen(SignalKind::interrupt())?,
    );
    let part = Arc::new(Part::start(home, state).await?);
    let pace = Pace::default();
    pace.set(per_mille);
    let random = Arc::new(base::OsRandom);
    let moving = tokio::spawn(changes::run(Arc::clone(&part), pace.clone(), random));
    let controlled = tokio::spawn(control::serve(Arc::clone(&part), pace));
    let (hosts, machines) = part.count();
    if let Some(file) = &ready_file {
        std::fs::write(file, format!("{hosts} {machines}\n"))
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    println!("{hosts} simulated hosts listen, {machines} machines run");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    // Nothing may change any more while it is noted what runs.
    moving.abort();
    controlled.abort();
    let _ = moving.await;
    let _ = controlled.await;
    part.stop().await
}
