//! The ground floor: typed ids, time and randomness as ports, who calls, and what can go wrong.
//!
//! Here lives only what every room needs. No I/O, no async runtime, no knowledge of virtual
//! machines beyond their ids.

mod call;
mod clock;
mod fault;
mod ids;
mod random;

pub use call::{Actor, Call, Origin, Source};
pub use clock::{Clock, Timestamp};
pub use fault::{Fault, FaultKind};
pub use ids::*;
pub use random::{OsRandom, Random};
