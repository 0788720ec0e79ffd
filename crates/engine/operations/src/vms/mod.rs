//! Verbs on virtual machines.

pub mod add;
pub mod exit;
pub mod hardware;
pub mod machine;
pub(crate) mod macs;
pub mod migrate;
pub mod nics;
mod placement;
pub mod remove;
pub mod start;
pub mod stop;
pub mod update;
