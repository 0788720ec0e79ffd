//! What exists in a data center, which states it may be in, and which moves are legal.
//!
//! Pure: no async, no I/O, no clock of its own. Entities are plain data (stored as they are);
//! rules stand beside the noun they bind. What a host last said (`*Observed`) is kept apart from
//! what somebody asked for, since only the latter is durable.

pub mod clusters;
pub mod data_centers;
pub mod disks;
pub mod events;
pub mod hosts;
pub mod jobs;
pub mod names;
pub mod networks;
pub mod operating_systems;
pub mod storage;
pub mod templates;
pub mod users;
pub mod vms;

mod entity;
pub use entity::{Claim, Entity, Key, Noun};
