//! The heart of the agent: the virtual machines of one host, each in the hands of one task.
//!
//! [`HostVms`] carries out the engine's commands ([`ports::HostSession`]) and says what happens
//! ([`HostVms::hello`], [`HostVms::watch`], [`HostVms::stats`]). A VM's state comes from the
//! hypervisor's events, never from polling; its run is noted in a journal in the agent's home, so
//! that a run which ends while the agent is away is still told. Which VM runs where is not decided
//! here (the engine does), QEMU is behind `hypervisor`, files behind `host-storage`.
//!
//! ```text
//! HostSession ─► registry ─► one actor a VM (vm/) ─► Hypervisor, VolumeStore
//! Hypervisor events ─► pump ─┘        └─► board ─► watch streams
//! ```

mod board;
mod commands;
mod durable;
mod error;
mod hello;
mod host;
mod journal;
mod moving;
mod pump;
mod registry;
mod serial;
mod stats;
mod system;
mod vm;

pub use error::HostVmsError;
pub use host::{HostPorts, HostVms, HostVmsConfig};
pub use moving::MigrationSettings;
pub use system::SystemFiles;
