//! Networks of a host: the bridges that virtual machines are attached to, and what there is to say
//! about its cards.
//!
//! What must exist is given as data ([`Desired`]); [`plan()`] compares it with what there is and
//! gives steps, [`ensure`] does them, looks again, and takes them back when one fails. The kernel is
//! behind the port [`NetworkControl`]: [`Rtnetlink`] is the real, [`fake::FakeKernel`] a model of it.
//! Addresses and routes are not changed here, and taps of running machines belong to the hypervisor.

mod ensure;
mod error;
mod facts;
pub mod fake;
mod observed;
mod plan;
mod port;
mod rtnl;
mod step;

pub use ensure::ensure;
pub use error::NetworkError;
pub use facts::{bridge_names, nic_counters, nic_facts};
pub use observed::{Link, LinkKind, Observed};
pub use plan::{BridgeWanted, Desired, PlanError, plan};
pub use port::NetworkControl;
pub use rtnl::Rtnetlink;
pub use step::Step;
