//! `vireo-agent --help`.

use clap::{Args, Parser, Subcommand, ValueEnum};
use pki::Fingerprint;
use std::path::PathBuf;

/// The agent of a Vireo host: it starts and watches virtual machines for one engine.
#[derive(Debug, Parser)]
#[command(name = "vireo-agent", version, about)]
pub struct CommandLine {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,

    /// Form of the log on standard error. What is logged is set by the variable `VIREO_LOG`
    /// (`info`, `host_vms=debug`, ...).
    #[arg(long, value_name = "FORM", value_enum, default_value_t = LogForm::Text, global = true)]
    pub log: LogForm,
}

/// Form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogForm {
    /// For people.
    Text,
    /// For collectors: one JSON object a line.
    Json,
}

/// What the agent can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Join an engine with the one-time token that it gave out for this host.
    Enrol(Enrol),
    /// Serve the engine until SIGTERM. Virtual machines run on when the agent ends.
    Run {
        /// Directory of the agent.
        #[command(flatten)]
        home: HomeArgument,
    },
    /// Print as JSON what this host can do and what is missing; ends with 1 when something is.
    Check {
        /// Directory of the agent.
        #[command(flatten)]
        home: HomeArgument,
    },
}

/// Where the agent keeps its key, certificate, settings and journal.
#[derive(Debug, Args)]
pub struct HomeArgument {
    /// Directory of the agent; made with mode 0700 if it is not there.
    #[arg(
        long,
        value_name = "DIR",
        env = "VIREO_AGENT_HOME",
        default_value = "/var/lib/vireo/agent"
    )]
    pub home: PathBuf,
}

/// Whom to join.
#[derive(Debug, Args)]
pub struct Enrol {
    /// The engine's address (`https://engine.example:8443`).
    #[arg(long, value_name = "URL")]
    pub engine: String,
    /// SHA-256 fingerprint of the engine's CA: what proves that it is the engine.
    #[arg(long, value_name = "HEX")]
    pub ca_sha256: Fingerprint,
    /// The one-time token. The variable keeps it out of the list of processes.
    #[arg(
        long,
        value_name = "TOKEN",
        env = "VIREO_ENROL_TOKEN",
        hide_env_values = true
    )]
    pub token: String,
    /// Directory of the agent.
    #[command(flatten)]
    pub home: HomeArgument,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        CommandLine::command().debug_assert();
        let hex = "ab".repeat(32);
        let line = CommandLine::parse_from([
            "vireo-agent",
            "enrol",
            "--engine",
            "https://e:1",
            "--ca-sha256",
            &hex,
            "--token",
            "t",
            "--home",
            "/h",
        ]);
        assert!(matches!(&line.command, Command::Enrol(e) if e.ca_sha256.to_string() == hex));
        let bad = [
            "vireo-agent",
            "enrol",
            "--engine",
            "x",
            "--ca-sha256",
            "1",
            "--token",
            "t",
        ];
        assert!(CommandLine::try_parse_from(bad).is_err());
        CommandLine::parse_from(["vireo-agent", "run", "--log", "json"]);
    }
}
