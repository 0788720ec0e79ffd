//! The verbs: what a user, an operator or a reconciler can do, one file each.
//!
//! A verb checks its input against a snapshot of the `projection`, builds one `store::Batch` and
//! commits it; what takes longer goes on as a `workflow`. Verbs see ports, never adapters. How a
//! request looks on the wire is not here (`rest`), nor what hosts report (`reconcile`).

mod accepted;
pub mod affinity_groups;
pub mod affinity_labels;
pub mod bookmarks;
pub mod bootstrap;
mod checks;
pub mod clusters;
mod configured;
pub mod data_centers;
mod deciding;
pub mod disks;
pub mod events;
pub mod groups;
pub mod hosts;
pub mod instance_types;
pub mod mac_pools;
pub mod memberships;
pub mod networks;
pub mod permissions;
mod register;
pub mod restored;
pub mod roles;
mod rooms;
pub mod scheduling_policies;
pub mod storage_domains;
pub mod tags;
pub mod templates;
pub mod users;
pub mod vms;
pub mod vnic_profiles;
mod workers;

pub use accepted::Accepted;
pub use deciding::{Guard, guarded};
pub use register::register_all;
pub use rooms::{Rooms, Settings};
