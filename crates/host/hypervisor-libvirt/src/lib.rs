//! The `hypervisor` port on libvirt and QEMU.
//!
//! One connection for commands and events, one for statistics; libvirt's event loop on its own
//! thread; every blocking call on a thread with a deadline; reconnecting by itself. State is never
//! polled: it comes with events, and after a loss from one `list`. Which machine to run and where
//! its disks lie is not here.
//!
//! # What a host needs for moves
//! Machines move from daemon to daemon: `libvirtd` on both hosts listens for the other (port 16514,
//! `qemu+tls`, with certificates of one authority and `tls_allowed_dn_list`), and QEMU's ports
//! 49152-49215 are open between them; with `MigrateOut::encrypted` QEMU has certificates too
//! (`migrate_tls_x509_cert_dir`). Plain TCP is for tests in namespaces only: whoever reaches that port
//! is root on the host. `host_uuid` and host name differ between the hosts. Disks lie where both see
//! them; a directory that libvirt takes for a local one (a bind mount, an unusual network file system)
//! must be listed in `shared_filesystems` of `qemu.conf`, or libvirt refuses. Two machines whose
//! serial consoles are logged to one file cannot be on one host. Memory that was plugged in while the
//! machine ran crashes QEMU 10.0 on its way where KVM is not used.

mod adapter;
mod blocks;
mod calls;
mod config;
mod facts;
mod failure;
mod link;
mod machines;
mod meaning;
mod memory;
mod migration;
mod shared;
mod stats;
mod supervisor;
mod sys;

pub use adapter::LibvirtHypervisor;
pub use config::LibvirtConfig;
