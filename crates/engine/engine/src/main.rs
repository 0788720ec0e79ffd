//! `vireo-engine`: the composition root. It gives every room what it needs, starts them in order,
//! and stops them in the other order. What they do is in the rooms.

mod backup;
mod certificates;
mod command_line;
mod config;
mod engine;
mod failpoints;
mod first_start;
mod home;
mod logging;
mod ready;

use anyhow::Context as _;
use clap::Parser as _;
use command_line::{CommandLine, Verb};
use std::process::ExitCode;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::{error, info, warn};

fn main() -> ExitCode {
    let line = CommandLine::parse();
    // Keys and hashes are written by several libraries: nothing of ours is for others to read, but
    // for the few files that say so.
    nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(0o077));
    if let Err(e) = logging::start(line.log) {
        eprintln!("vireo-engine: {e:#}");
        return ExitCode::from(2);
    }
    let done = match &line.verb {
        Some(verb) => carry_out(&line, verb),
        None => run(&line),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            error!("{e:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(line: &CommandLine, verb: &Verb) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    match verb {
        Verb::Restore {
            file,
            database_url,
            passphrase_file,
        } => {
            let restored = backup::restore(backup::Restore {
                file,
                home: &line.home,
                database_url: database_url.as_deref().filter(|url| !url.is_empty()),
                passphrase_file: passphrase_file.as_deref(),
            });
            println!("{}", runtime.block_on(restored)?);
            Ok(())
        }
    }
}

fn run(line: &CommandLine) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name("engine")
        .build()
        .context("cannot start the runtime")?;
    runtime.block_on(async {
        let mut wish = Wish::listen()?;
        let mut again = signal(SignalKind::hangup()).context("cannot listen to signals")?;
        let running = tokio::select! {
            started = engine::Running::start(line) => started?,
            // Nothing durable is half done at any moment of the start.
            name = wish.heard() => {
                info!("ends on {name} before it was ready");
                return Ok(());
            }
        };
        loop {
            tokio::select! {
                name = wish.heard() => {
                    info!("stops on {name}");
                    break;
                }
                Some(()) = again.recv() => running.reload(),
                e = running.broken() => {
                    running.stop().await;
                    return Err(e);
                }
            }
        }
        tokio::select! {
            () = running.stop() => Ok(()),
            name = wish.heard() => {
                warn!("ends at once on a second {name}");
                Ok(())
            }
        }
    })
}

/// Somebody wants the engine to end.
struct Wish {
    terminate: Signal,
    interrupt: Signal,
}

impl Wish {
    fn listen() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("cannot listen to signals");
        Ok(Wish {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }
    async fn heard(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
