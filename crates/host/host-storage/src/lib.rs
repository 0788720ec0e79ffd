//! Storage domains and volumes on a host: the port [`VolumeStore`] and its back-ends.
//!
//! Here lives how a domain gets reachable, how volumes lie on it (oVirt's format V5, byte for byte)
//! and how they are made, grown, copied and removed so that a crash at any point leaves either the
//! old or the new state, or a half-made volume that the repeated command completes. Which volume a
//! disk needs and when is not here (the engine decides), nor is anything a running QEMU does with
//! its disks (`hypervisor`).

mod durable;
mod error;
pub mod fake;
mod file;
mod images;
pub mod layout;
mod port;

pub use error::StorageError;
pub use file::{DEFAULT_DATA_ROOT, FileStore};
pub use port::{BackendInfo, MAX_CAPACITY_BYTES, SECTOR_BYTES, VolumeStore};
