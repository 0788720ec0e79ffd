//! `vireo-agent`: what runs on every hypervisor. The composition root of the host's side.
//!
//! * `enrol` joins an engine with a one-time token and keeps the host's certificate in its home.
//! * `run` serves that engine until SIGTERM; virtual machines run on without it.
//! * `check` tells what the host can do and what is missing.
//!
//! Here: the command line, `agent.toml`, the home with its lock and fence, and the wiring. What a
//! command does is in `host-vms`, `host-storage`, `host-network` and behind `hypervisor`; the wire is
//! `agent-rpc`; certificates are `pki`.

mod certificates;
mod check;
mod command_line;
mod config;
mod enrol;
mod feed;
mod home;
mod logging;
mod notify;
mod post;
mod run;

pub use check::{Checked, check};
pub use command_line::{Command, CommandLine, Enrol};
pub use config::Config;
pub use enrol::enrol;
pub use home::Home;
pub use logging::start as logging_start;
pub use run::{Agent, real_ports, run};
