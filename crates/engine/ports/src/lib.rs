//! What the verbs need from outside, as traits: time, other programs, hosts.
//!
//! Adapters implement them (`host-link` for hosts, `SystemClock` here, `testkit` for tests), so that
//! the real engine and agents can run in a simulation. No verb and no adapter of a protocol is here.

mod clock;
mod commands;
pub mod failpoint;
pub mod hosts;

pub use clock::SystemClock;
pub use commands::{CommandError, CommandOutput, CommandSpec, Commands, SystemCommands};
pub use hosts::{Agents, HostSession};
