//! What can be done with a disk of a running machine: new layers, copies elsewhere, merges.
//!
//! Jobs run in QEMU and outlive the adapter and libvirt's daemon. Whoever begins, pivots or gives up
//! looks at `disk_chain` first: it says what QEMU really uses. No command makes files.

use crate::DiskSource;
use base::{DiskId, VmId};
use domain::disks::DiskFormat;
use std::path::{Path, PathBuf};

/// A disk that shall get a new layer on top. The file is there already and names the present top as
/// its backing file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskOverlay {
    /// The disk.
    pub disk: DiskId,
    /// The new layer.
    pub to: DiskSource,
    /// Its format.
    pub format: DiskFormat,
}

/// Copy a disk of a running machine and keep the copy equal until a pivot or an abort: once it has
/// caught up, a write of the guest is over when it is on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockCopy {
    /// The machine.
    pub vm: VmId,
    /// Its run.
    pub epoch: u64,
    /// The disk.
    pub disk: DiskId,
    /// The copy.
    pub to: DiskSource,
    /// Format of the copy.
    pub format: DiskFormat,
    /// Only the top layer: the copy names the copy of the rest as its backing file.
    pub shallow: bool,
    /// The file is there already, empty, with the right size and backing file.
    pub reuse_external: bool,
    /// At most so many bytes a second.
    pub bandwidth: Option<u64>,
}

/// Merge layers of a disk of a running machine downwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockCommit {
    /// The machine.
    pub vm: VmId,
    /// Its run.
    pub epoch: u64,
    /// The disk.
    pub disk: DiskId,
    /// The highest layer that is merged. The active one makes a job that becomes ready and waits for
    /// its pivot; any other ends by itself.
    pub top: PathBuf,
    /// The layer that takes everything above it up to `top`.
    pub base: PathBuf,
    /// At most so many bytes a second.
    pub bandwidth: Option<u64>,
}

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockJobKind {
    /// Mirrors the disk elsewhere.
    Copy,
    /// Merges inner layers downwards.
    Commit,
    /// Merges the active layer downwards.
    ActiveCommit,
    /// Merges lower layers upwards; never begun through the port.
    Pull,
    /// Reads the disk for a backup; never begun through the port.
    Backup,
}

/// A job of a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockJob {
    /// What it does.
    pub kind: BlockJobKind,
    /// Work done, in units of its own, mostly bytes.
    pub current: u64,
    /// Work known so far; grows when the guest writes.
    pub end: u64,
    /// It has caught up: it can be pivoted.
    pub ready: bool,
}

impl BlockJob {
    /// Per cent, 0 to 100; 100 only when it is ready.
    #[must_use]
    pub fn percent(&self) -> u8 {
        if self.ready {
            return 100;
        }
        let done = u128::from(self.current) * 100;
        let percent = done.checked_div(u128::from(self.end)).unwrap_or(0);
        u8::try_from(percent.min(99)).unwrap_or(99)
    }
}

/// What became of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockJobPhase {
    /// It has caught up and keeps both sides equal.
    Ready,
    /// It is over and did its work.
    Completed,
    /// It is over and did not; the disk is as before.
    Failed,
    /// It was given up; the disk is as before.
    Cancelled,
}

/// What QEMU uses for a disk just now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DiskChain {
    /// The active layer first, each on the next.
    pub layers: Vec<DiskLayer>,
    /// Where a job mirrors to.
    pub mirror: Option<DiskMirror>,
}

/// One layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskLayer {
    /// Absolute path.
    pub path: PathBuf,
    /// Its format; `None` for one that oVirt does not know.
    pub format: Option<DiskFormat>,
}

/// The other side of a copy or of an active commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskMirror {
    /// Absolute path.
    pub path: PathBuf,
    /// What mirrors.
    pub kind: BlockJobKind,
    /// It has caught up.
    pub ready: bool,
}

impl DiskChain {
    /// The layer the guest writes to.
    #[must_use]
    pub fn active(&self) -> Option<&Path> {
        self.layers.first().map(|layer| layer.path.as_path())
    }
    /// Is the path one of the layers?
    #[must_use]
    pub fn has(&self, path: &Path) -> bool {
        self.position(path).is_some()
    }
    /// How many layers are above it.
    #[must_use]
    pub fn position(&self, path: &Path) -> Option<usize> {
        self.layers.iter().position(|layer| layer.path == path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_at_the_end_only_when_it_is_ready() {
        let at = |current, end, ready| {
            BlockJob {
                kind: BlockJobKind::Copy,
                current,
                end,
                ready,
            }
            .percent()
        };
        assert_eq!(at(0, 0, false), 0);
        assert_eq!(at(1, 2, false), 50);
        assert_eq!(at(2, 2, false), 99);
        assert_eq!(at(u64::MAX, 1, false), 99);
        assert_eq!(at(1, 2, true), 100);
    }
}
