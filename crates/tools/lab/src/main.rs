//! `vireo-lab`: a data center on this machine.

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use vireo_lab::settings::Settings;
use vireo_lab::{guest, home, spaces, supervisor};

/// A data center on this machine: the real engine, hosts in namespaces with libvirt and QEMU of
/// their own, storage, and a VM that runs.
///
/// Environment: VIREO_HOME (all state, ./.vireo), VIREO_PORT (8443), HOSTS (1), VIREO_ACCEL (auto, kvm,
/// tcg), SIM_HOSTS and SIM_VMS (simulated ones, none), VIREO_CACHE (what is the same for every home,
/// VIREO_HOME/cache).
#[derive(Debug, Parser)]
#[command(version, about, long_about)]
struct CommandLine {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Start everything that is not there yet and run in the foreground until Ctrl-C.
    Up,
    /// End the lab that runs in this home.
    Down,
    /// End it and remove every trace.
    Clean,
    /// Make the demo guest's disk and print its path.
    Guest,
    /// Run a program on a host of the lab that runs in this home.
    On {
        /// `host1`, `host2`, ...
        host: String,
        /// The program and its arguments.
        #[arg(required = true, last = true)]
        words: Vec<String>,
    },
    /// Run a program on a host with a libvirt of its own, which is gone afterwards.
    InHost {
        /// The program and its arguments.
        #[arg(required = true, last = true)]
        words: Vec<String>,
    },
}

fn main() -> ExitCode {
    match run(CommandLine::parse().verb) {
        Ok(code) => code,
        Err(e) => {
            eprintln!("vireo-lab: {e:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(verb: Verb) -> anyhow::Result<ExitCode> {
    let settings = Settings::read()?;
    match verb {
        Verb::Up => {
            // One thread: a child that is to die with its parent dies with the thread that made it.
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(supervisor::up(&settings))?;
        }
        Verb::Down => {
            let ran = home::down(&settings)?;
            println!("{}", if ran { "ended" } else { "no lab runs there" });
        }
        Verb::Clean => home::clean(&settings)?,
        Verb::Guest => println!("{}", guest::disk(&settings.cache)?.display()),
        Verb::On { host, words } => {
            let (program, arguments) = split(&words);
            return Ok(exit_code(spaces::host::on_host(
                &settings.home,
                &host,
                program,
                arguments,
            )?));
        }
        Verb::InHost { words } => {
            let (program, arguments) = split(&words);
            return Ok(exit_code(spaces::host::with_host(program, arguments)?));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn split(words: &[String]) -> (&str, &[String]) {
    words
        .split_first()
        .map_or(("true", &[]), |(program, arguments)| {
            (program.as_str(), arguments)
        })
}

fn exit_code(code: i32) -> ExitCode {
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}
