//! What exists in a data center, which states it may be in, and which moves are legal.
//!
//! Pure: no async, no I/O, no clock of its own. Entities are plain data (stored as they are);
//! rules stand beside the noun they bind. What a host last said (`*Observed`) is kept apart from
//! what somebody asked for, since only the latter is durable.

pub mod affinity;
pub mod bookmarks;
pub mod clusters;
pub mod cpu_types;
pub mod data_centers;
pub mod disks;
pub mod events;
pub mod hosts;
pub mod instance_types;
pub mod jobs;
pub mod memberships;
pub mod names;
pub mod networks;
pub mod operating_systems;
pub mod rights;
pub mod roles;
pub mod scheduling_policies;
pub mod storage;
pub mod tags;
pub mod templates;
pub mod users;
pub mod vms;

mod entity;
pub use entity::{Claim, Entity, Key, Noun};
