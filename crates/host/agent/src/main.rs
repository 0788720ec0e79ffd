//! The program; see the library beside it.

use anyhow::Context as _;
use clap::Parser as _;
use ports::SystemClock;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use vireo_agent::{Command, CommandLine, check, enrol, logging_start, run};

fn main() -> ExitCode {
    let line = CommandLine::parse();
    if let Err(e) = logging_start(line.log) {
        eprintln!("vireo-agent: {e:#}");
        return ExitCode::from(2);
    }
    match act(line.command) {
        Ok(code) => code,
        Err(e) => {
            tracing::error!("{e:#}");
            ExitCode::FAILURE
        }
    }
}

fn act(command: Command) -> anyhow::Result<ExitCode> {
    // Another provider may be compiled in by a dependency: say which one we mean.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name("agent")
        .build()
        .context("cannot start the runtime")?;
    let clock = Arc::new(SystemClock::new());
    runtime.block_on(async {
        match command {
            Command::Enrol(to) => {
                let host = enrol(&to, clock).await?;
                tracing::info!(host.id = %host, "the host has joined {}; start the agent with `vireo-agent run --home {}`", to.engine, to.home.home.display());
                Ok(ExitCode::SUCCESS)
            }
            Command::Run { home } => {
                run(&home.home, clock).await?;
                Ok(ExitCode::SUCCESS)
            }
            Command::Check { home } => {
                let checked = check(&home.home, clock).await;
                let text = serde_json::to_string_pretty(&checked).context("cannot write JSON")?;
                writeln!(std::io::stdout(), "{text}").context("cannot write to standard output")?;
                Ok(if checked.problems.is_empty() {
                    ExitCode::SUCCESS
                } else {
                    ExitCode::FAILURE
                })
            }
        }
    })
}
