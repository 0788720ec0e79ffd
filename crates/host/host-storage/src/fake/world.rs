//! What lies on the storage in memory, and the rules it keeps.

use super::FakeCommand;
use crate::{MAX_CAPACITY_BYTES, StorageError};
use base::{DiskId, StorageDomainId, VolumeId};
use domain::storage::StorageBacking;
use ports::hosts::{ImageProbe, StorageDomainUsage, VolumeAddress, VolumeCreate, VolumeInfo};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

/// Space of a place until told otherwise: 1 TiB.
const PLACE_BYTES: u64 = 1 << 40;

#[derive(Clone)]
pub(super) struct Volume {
    pub(super) create: VolumeCreate,
    pub(super) legal: bool,
    /// What was copied into it; empty is zeros.
    pub(super) content: String,
}

#[derive(Default)]
pub(super) struct World {
    /// Backing path -> the domain there.
    pub(super) places: BTreeMap<String, StorageDomainId>,
    pub(super) connected: BTreeMap<StorageDomainId, StorageBacking>,
    pub(super) volumes: BTreeMap<(StorageDomainId, DiskId, VolumeId), Volume>,
    pub(super) files: BTreeMap<PathBuf, (ImageProbe, String)>,
    pub(super) held: BTreeSet<VolumeId>,
    pub(super) space: Option<u64>,
    pub(super) failures: VecDeque<(FakeCommand, StorageError)>,
    pub(super) seen: Vec<FakeCommand>,
}

impl World {
    pub(super) fn begin(&mut self, command: FakeCommand) -> Result<(), StorageError> {
        self.seen.push(command);
        let at = self.failures.iter().position(|(c, _)| *c == command);
        match at.and_then(|at| self.failures.remove(at)) {
            Some((_, error)) => Err(error),
            None => Ok(()),
        }
    }

    pub(super) fn connected(&self, domain: StorageDomainId) -> Result<(), StorageError> {
        match self.connected.contains_key(&domain) {
            true => Ok(()),
            false => Err(StorageError::NotConnected { domain }),
        }
    }

    pub(super) fn usage(&self, domain: StorageDomainId) -> StorageDomainUsage {
        let total_bytes = self.space.unwrap_or(PLACE_BYTES);
        let own = self.volumes.iter().filter(|((d, ..), _)| *d == domain);
        let used: u64 = own.map(|(_, volume)| volume.actual_bytes()).sum();
        StorageDomainUsage {
            total_bytes,
            available_bytes: total_bytes.saturating_sub(used),
        }
    }

    pub(super) fn legal(&self, at: VolumeAddress) -> Result<&Volume, StorageError> {
        self.connected(at.domain)?;
        match self.volumes.get(&key(at)) {
            None => Err(StorageError::VolumeNotFound { at }),
            Some(volume) if !volume.legal => Err(StorageError::VolumeIllegal { at }),
            Some(volume) => Ok(volume),
        }
    }

    pub(super) fn content(&self, at: VolumeAddress) -> Option<String> {
        let volume = self.volumes.get(&key(at))?;
        match volume.create.parent {
            Some((disk, parent)) if volume.content.is_empty() => self.content(VolumeAddress {
                domain: at.domain,
                disk,
                volume: parent,
            }),
            _ => Some(volume.content.clone()),
        }
    }

    pub(super) fn has_children(&self, at: VolumeAddress) -> bool {
        self.volumes.iter().any(|((domain, ..), v)| {
            *domain == at.domain && v.create.parent == Some((at.disk, at.volume))
        })
    }

    pub(super) fn room_for(&self, domain: StorageDomainId, bytes: u64) -> Result<(), StorageError> {
        if self.usage(domain).available_bytes < bytes {
            return Err(StorageError::NoSpace {
                path: place_of(domain),
            });
        }
        Ok(())
    }

    pub(super) fn changeable(&self, at: VolumeAddress) -> Result<(), StorageError> {
        let by = match (self.held.contains(&at.volume), self.has_children(at)) {
            (true, _) => "another process has it open, most likely a running virtual machine",
            (false, true) => "other volumes stand on it",
            (false, false) => return Ok(()),
        };
        Err(StorageError::InUse {
            what: format!("volume {} of disk {}", at.volume, at.disk),
            by: by.into(),
        })
    }
}

impl Volume {
    pub(super) fn actual_bytes(&self) -> u64 {
        match self.create.sparse {
            true => 0,
            false => self.create.capacity_bytes,
        }
    }
    pub(super) fn info(&self) -> VolumeInfo {
        VolumeInfo {
            capacity_bytes: self.create.capacity_bytes,
            actual_bytes: self.actual_bytes(),
        }
    }
    pub(super) fn shape(&self) -> String {
        shape(&self.create)
    }
}

pub(super) fn shape(create: &VolumeCreate) -> String {
    format!(
        "{:?} {} of {} bytes on {:?}",
        create.format,
        if create.sparse {
            "sparse"
        } else {
            "preallocated"
        },
        create.capacity_bytes,
        create.parent
    )
}

pub(super) fn key(at: VolumeAddress) -> (StorageDomainId, DiskId, VolumeId) {
    (at.domain, at.disk, at.volume)
}

pub(super) fn place_of(domain: StorageDomainId) -> PathBuf {
    Path::new("/fake").join(domain.to_string())
}

impl World {
    pub(super) fn probed(&self, path: &Path) -> Result<(ImageProbe, String), StorageError> {
        let bad = |reason: String| StorageError::BadImage {
            path: path.to_owned(),
            reason,
        };
        if !path.is_absolute() {
            return Err(bad("expected an absolute path".into()));
        }
        let found = self.files.get(path).cloned();
        let (probe, content) = found.ok_or_else(|| bad("there is no such file".into()))?;
        if probe.virtual_bytes > MAX_CAPACITY_BYTES {
            return Err(bad(format!(
                "its virtual size is {} bytes; at most {MAX_CAPACITY_BYTES} are allowed",
                probe.virtual_bytes
            )));
        }
        Ok((probe, content))
    }
}
