//! The verbs: what a user, an operator or a reconciler can do, one file each.
//!
//! A verb checks its input against a snapshot of the `projection`, builds one `store::Batch` and
//! commits it; what takes longer goes on as a `workflow`. Verbs see ports, never adapters. How a
//! request looks on the wire is not here (`rest`), nor what hosts report (`reconcile`).

mod rooms;
pub mod vms;

pub use rooms::{Rooms, Settings};
