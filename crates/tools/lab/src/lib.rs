//! The lab: a whole data center on one machine, for `make run`, tests and measurements.
//!
//! Here: the demo guest, hosts in namespaces with their own libvirt, the switch between them, and the
//! supervisor that starts the real engine and agents and fills them. Not here: anything that the
//! engine or an agent would do on a real machine; the lab speaks to them as an operator does.

pub mod contents;
pub mod engine;
pub mod guest;
pub mod home;
pub mod plan;
pub mod ready;
pub mod settings;
pub mod simulated;
pub mod spaces;
pub mod supervisor;
pub mod tools;
pub mod wait;
