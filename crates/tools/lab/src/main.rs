//! `vireo-lab`: a data center on this machine.

use clap::{Parser, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Parser)]
#[command(version, about)]
struct CommandLine {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make the demo guest's disk and print its path.
    Guest {
        /// Where to keep it.
        #[arg(long, env = "VIREO_CACHE", default_value = ".vireo/cache")]
        cache: PathBuf,
    },
}

fn main() -> anyhow::Result<()> {
    match CommandLine::parse().verb {
        Verb::Guest { cache } => println!("{}", vireo_lab::guest::disk(&cache)?.display()),
    }
    Ok(())
}
