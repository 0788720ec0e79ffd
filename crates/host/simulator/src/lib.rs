//! Simulated hosts: thousands in one process, each with the agent's own server and VM actors over the
//! real protocol (gRPC, mutual TLS). Only the hypervisor, the volumes and the kernel's network are
//! fakes, the same that pass the conformance suites.
//!
//! * [`inventory`] is the one place that says what a simulated data center holds; every figure and
//!   `make run` use it. [`seed`] writes it into an engine's database and makes the hosts' identities.
//! * [`part`] is one process: it serves the hosts of one data center. [`changes`] lets their guests do
//!   something. [`control`] is a socket by which a measurement makes single things happen.
//!
//! Not here: measuring (the program `vireo-scale`), real hosts (`vireo-agent`).

pub mod changes;
pub mod control;
mod host;
pub mod inventory;
pub mod part;
pub mod places;
pub mod seed;
