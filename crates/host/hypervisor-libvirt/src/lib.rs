//! The `hypervisor` port on libvirt and QEMU.
//!
//! One connection for commands and events, one for statistics; libvirt's event loop on its own
//! thread; every blocking call on a thread with a deadline; reconnecting by itself. State is never
//! polled: it comes with events, and after a loss from one `list`. Which machine to run and where
//! its disks lie is not here.

mod adapter;
mod blocks;
mod calls;
mod config;
mod facts;
mod failure;
mod link;
mod machines;
mod memory;
mod migration;
mod stats;
mod supervisor;
mod sys;

pub use adapter::LibvirtHypervisor;
pub use config::LibvirtConfig;
