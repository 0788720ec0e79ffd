//! Running machines, as a port: what a host's agent asks of libvirt and QEMU (or of something that
//! plays them), and the pure translation between a machine's description and libvirt's XML.
//!
//! Adapters: `hypervisor-libvirt` (the real), `hypervisor-fake` (tests, simulations). Which state a
//! user sees, where disks lie and which runs the engine still wants to hear of is not here (see
//! `host-vms` and `host-storage`).

mod accel;
mod blocks;
#[cfg(feature = "conformance")]
pub mod conformance;
mod error;
mod event;
mod facts;
mod hub;
mod launch;
mod machine;
mod migration;
mod port;
mod stats;
pub mod xml;

pub use accel::{Accel, AccelChoice, KvmEvidence, accel_decide};
pub use blocks::{
    BlockCommit, BlockCopy, BlockJob, BlockJobKind, BlockJobPhase, DiskChain, DiskLayer,
    DiskMirror, DiskOverlay,
};
pub use error::HypervisorError;
pub use event::{HypervisorEvent, MachineChange};
pub use facts::HypervisorFacts;
pub use hub::EventHub;
pub use launch::{DiskSource, MachineLaunch};
pub use machine::{Machine, MachineDisk, MachineNic, MachineState};
pub use migration::{MigrateOut, MigrationDone, MigrationProgress};
pub use port::{Hypervisor, ShutdownBy};
pub use stats::{DiskCounters, MachineStats, NicTraffic};
