//! A running machine on its way to another host.
//!
//! A migration keeps the run: VM and epoch stay, the host changes. While it goes on, both hosts have
//! a QEMU of the run; `list` shows it as `Incoming` where its memory arrives. libvirt's daemons see
//! it through by themselves when an agent ends in the middle. Afterwards `list` on both hosts tells:
//! the run is on the one that shows it other than `Incoming`; when neither does, it has ended.

use base::{Timestamp, VmId};
use std::path::PathBuf;
use std::time::Duration;

/// Move this run, live, to another host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrateOut {
    /// The machine.
    pub vm: VmId,
    /// Its run.
    pub epoch: u64,
    /// URI by which this host's libvirt reaches the other's (`qemu+tls://host2/system`).
    pub destination: String,
    /// Where QEMU sends the memory (`tcp://192.0.2.2`); else libvirt chooses.
    pub migrate_uri: Option<String>,
    /// At most so many bytes a second; rounded up to whole MiB.
    pub bandwidth: Option<u64>,
    /// QEMU sends through TLS, with the certificates that libvirt has for it.
    pub encrypted: bool,
    /// The guest is slowed down when its memory changes faster than it can be sent.
    pub auto_converge: bool,
    /// IP address that graphics consoles listen on there; else the one they listen on here.
    pub console_listen: Option<String>,
    /// Where the serial console is logged there; else the path it has here. Only one host may write
    /// it when both see the same file system; the directory must be there.
    pub serial_log: Option<PathBuf>,
}

impl MigrateOut {
    /// Without limits, nothing different on the other host.
    pub fn plain(vm: VmId, epoch: u64, destination: impl Into<String>) -> Self {
        MigrateOut {
            vm,
            epoch,
            destination: destination.into(),
            migrate_uri: None,
            bandwidth: None,
            encrypted: false,
            auto_converge: false,
            console_listen: None,
            serial_log: None,
        }
    }
}

/// How far a migration is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MigrationProgress {
    /// Since it began.
    pub elapsed: Duration,
    /// Passes over the memory so far.
    pub iteration: u64,
    /// Memory to send, bytes.
    pub memory_total: u64,
    /// Memory sent, bytes; more than the total when the guest writes.
    pub memory_sent: u64,
    /// Memory that is still to be sent, bytes.
    pub memory_remaining: u64,
    /// What the guest changes, bytes a second; 0 before the first pass is over.
    pub dirty_rate: u64,
    /// What goes over the wire, bytes a second.
    pub bandwidth: u64,
}

impl MigrationProgress {
    /// Per cent of the memory that need not be sent any more, 0 to 99 until it is over.
    #[must_use]
    pub fn percent(&self) -> u8 {
        if self.memory_total == 0 {
            return 0;
        }
        let left = self.memory_remaining.min(self.memory_total);
        let done = u128::from(self.memory_total - left) * 100 / u128::from(self.memory_total);
        u8::try_from(done.min(99)).unwrap_or(99)
    }
}

/// How a migration went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MigrationDone {
    /// When the run was gone from here.
    pub at: Timestamp,
    /// What it took; unknown to an adapter that was not told.
    pub total: Option<Duration>,
    /// How long the CPUs stood still.
    pub downtime: Option<Duration>,
    /// Bytes that were sent.
    pub sent: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_migration_is_never_done_before_it_is_over() {
        let at = |total, remaining| {
            MigrationProgress {
                memory_total: total,
                memory_remaining: remaining,
                ..MigrationProgress::default()
            }
            .percent()
        };
        assert_eq!(at(0, 0), 0);
        assert_eq!(at(200, 200), 0);
        assert_eq!(at(200, 50), 75);
        assert_eq!(at(200, 0), 99);
        assert_eq!(at(200, 300), 0);
        assert_eq!(at(u64::MAX, 1), 99);
    }
}
