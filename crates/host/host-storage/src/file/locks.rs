//! One command at a time works on a disk; many may read it.

use base::{DiskId, StorageDomainId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

/// One lock for each disk that somebody works on.
#[derive(Default)]
pub(super) struct Locks {
    disks: Mutex<LockTable>,
}

type LockTable = HashMap<(StorageDomainId, DiskId), Weak<RwLock<()>>>;

/// Held while a disk is read or changed.
#[expect(dead_code, reason = "held for its drop")]
pub(super) enum Held {
    Read(OwnedRwLockReadGuard<()>),
    Write(OwnedRwLockWriteGuard<()>),
}

impl Locks {
    fn of(&self, domain: StorageDomainId, disk: DiskId) -> Arc<RwLock<()>> {
        let mut disks = self.disks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = disks.get(&(domain, disk)).and_then(Weak::upgrade) {
            return lock;
        }
        disks.retain(|_, lock| lock.strong_count() > 0);
        let lock = Arc::default();
        disks.insert((domain, disk), Arc::downgrade(&lock));
        lock
    }

    /// Takes the disks in the order of their ids, so that two commands never wait for each other.
    pub(super) async fn take(&self, mut wanted: Vec<(StorageDomainId, DiskId, bool)>) -> Vec<Held> {
        // Of two wishes for one disk the one to write goes first and stands for both.
        wanted.sort_by_key(|(domain, disk, write)| (*domain, *disk, !write));
        wanted.dedup_by_key(|(domain, disk, _)| (*domain, *disk));
        let mut held = Vec::with_capacity(wanted.len());
        for (domain, disk, write) in wanted {
            let lock = self.of(domain, disk);
            held.push(match write {
                true => Held::Write(lock.write_owned().await),
                false => Held::Read(lock.read_owned().await),
            });
        }
        held
    }
}
