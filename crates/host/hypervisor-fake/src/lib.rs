//! A hypervisor of values, for tests and simulations: machines that only exist in a table, guests
//! that do what they are told, failures on command, time from a clock.
//!
//! Nothing is random and nothing happens by itself: what a test does not cause does not occur. It
//! passes the same conformance suite as `hypervisor-libvirt`.

mod adapter;
mod blocks;
mod faults;
mod guest;
mod handles;
mod host;
mod migration;
mod moves;
mod sample;

pub use adapter::FakeHypervisor;
pub use faults::Verb;
pub use guest::GuestBehaviour;
