//! What the engine does without being asked: it keeps what it believes and what hosts say together.
//!
//! ```text
//!  store's commits ──▶ roster ──dial──▶ host-link ──connected, event, stats, lost──▶ host monitor
//!                        │                                                             │
//!                        └── storage and networks changed: check again ──▶ (one task each host)
//!                                                                                      ▼
//!                                       projection (observed), store (ends, ups, events), signals
//! ```
//!
//! * [`Reconciler`] is the whole room: it claims and dials enrolled hosts, watches them, watches
//!   storage domains, and clears away what is too old.
//! * One task for each host owns what is known of that host; nobody else writes it.
//!
//! Not here: what a user may do (`operations`), the wire (`host-link`). High availability is to come.

mod certificates;
mod commit;
mod host;
mod observer;
mod reconciler;
mod roster;
mod storage;
mod upkeep;

pub use reconciler::{ReconcileOptions, Reconciler};
