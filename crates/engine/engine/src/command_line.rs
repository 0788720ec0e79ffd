//! `vireo-engine --help`.

use clap::{Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

/// The engine of a Vireo data center: oVirt's API version 4 over HTTPS, the database, and the
/// connections to the hosts' agents.
///
/// On its first start it makes its home with a certificate authority, a database with the data
/// center and cluster `Default`, and a password for `admin@internal` in the file `admin.password`.
/// It ends cleanly on SIGTERM and SIGINT; running VMs stay as they are.
#[derive(Debug, Parser)]
#[command(name = "vireo-engine", version, about, long_about)]
pub struct CommandLine {
    /// Directory that holds everything the engine keeps; made with mode 0700 if it is not there.
    #[arg(
        long,
        value_name = "DIR",
        env = "VIREO_ENGINE_HOME",
        default_value = "/var/lib/vireo/engine",
        global = true
    )]
    pub home: PathBuf,

    /// Something else than running.
    #[command(subcommand)]
    pub verb: Option<Verb>,

    /// Address and port of the API, instead of the setting `listen`; may be repeated.
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Vec<SocketAddr>,

    /// Settings file; without it `engine.toml` in the home, if there is one.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// File that is written with the API's URL when the engine is ready.
    #[arg(long, value_name = "FILE")]
    pub ready_file: Option<PathBuf>,

    /// Form of the log on standard error. What is logged is set by the variable `VIREO_LOG`
    /// (`info`, `rest=debug`, ...).
    #[arg(long, value_name = "FORM", value_enum, default_value_t = LogForm::Text)]
    pub log: LogForm,
}

/// What an engine does besides running.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Makes a new home from a backup (`vireoctl backup`); the engine is started afterwards. The
    /// hosts of the backup may go on running their VMs meanwhile.
    Restore {
        /// The backup.
        file: PathBuf,
        /// The new, empty database: `sqlite://PATH` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
        /// Without it the file `engine.db` in the home.
        #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
        database_url: Option<String>,
        /// File that holds the passphrase of an encrypted backup.
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
}

/// Form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogForm {
    /// For people.
    Text,
    /// For collectors: one JSON object a line.
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        CommandLine::command().debug_assert();
        let line = CommandLine::parse_from([
            "vireo-engine",
            "--home",
            "/h",
            "--listen",
            "127.0.0.1:1",
            "--listen",
            "[::1]:2",
        ]);
        assert_eq!(line.listen.len(), 2);
        assert_eq!(line.log, LogForm::Text);
        let line = CommandLine::parse_from(["vireo-engine", "restore", "f", "--home", "/h"]);
        assert_eq!(line.home, PathBuf::from("/h"));
        assert!(matches!(line.verb, Some(Verb::Restore { .. })));
    }
}
