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
    volumes: BTreeMap<(StorageDomainId, DiskId, VolumeId), Volume>,
    /// Bytes that the volumes of each domain take.
    used: BTreeMap<StorageDomainId, u64>,
    pub(super) files: BTreeMap<PathBuf, (ImageProbe, String)>,
    pub(super) held: BTreeSet<VolumeId>,
    pub(super) space: Option<u64>,
    pub(super) failures: VecDeque<(FakeCommand, StorageError)>,
    pub(super) seen: Vec<FakeCommand>,
}

/// So many of the first commands are remembered; tests look at far fewer.
const SEEN_MOST: usize = 1 << 16;

impl World {
    pub(super) fn begin(&mut self, command: FakeCommand) -> Result<(), StorageError> {
        if self.seen.len() < SEEN_MOST {
            self.seen.push(command);
        }
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
        let used = self.used.get(&domain).copied().unwrap_or(0);
        StorageDomainUsage {
            total_bytes,
            available_bytes: total_bytes.saturating_sub(used),
        }
    }

    pub(super) fn volume(&self, at: VolumeAddress) -> Option<&Volume> {
        self.volumes.get(&key(at))
    }

    pub(super) fn volumes(&self) -> impl Iterator<Item = &Volume> {
        self.volumes.values()
    }

    /// Puts a volume in the place of the one at its address.
    pub(super) fn volume_put(&mut self, volume: Volume) {
        let at = volume.create.at;
        let bytes = volume.actual_bytes();
        let old = self.volumes.insert(key(at), volume);
        let used = self.used.entry(at.domain).or_default();
        *used = used.saturating_sub(old.map_or(0, |v| v.actual_bytes()));
        *used = used.saturating_add(bytes);
    }

    /// Removes the volumes of a disk.
    pub(super) fn disk_drop(&mut self, domain: StorageDomainId, disk: DiskId) {
        let range = (domain, disk, VolumeId::known(0))..=(domain, disk, VolumeId::known(u128::MAX));
        let keys: Vec<_> = self.volumes.range(range).map(|(key, _)| *key).collect();
        for key in keys {
            let gone = self.volumes.remove(&key);
            let used = self.used.entry(domain).or_default();
            *used = used.saturating_sub(gone.map_or(0, |v| v.actual_bytes()));
        }
    }

    /// Takes the top layer of a disk away.
    pub(super) fn drop_top(&mut self, at: VolumeAddress, merge: bool) -> Result<(), StorageError> {
        self.connected(at.domain)?;
        let Some(top) = self.volume(at).cloned() else {
            return Ok(());
        };
        self.changeable(at)?;
        let below = top.create.parent.filter(|(disk, _)| *disk == at.disk);
        let Some((disk, volume)) = below else {
            return Err(StorageError::argument(
                "a layer that is taken away",
                at.volume,
                "it stands on no volume of its disk",
            ));
        };
        let below = VolumeAddress {
            domain: at.domain,
            disk,
            volume,
        };
        if merge && top.legal && !top.content.is_empty() {
            let mut under = self.legal(below)?.clone();
            under.content = top.content;
            self.volume_put(under);
        }
        self.volumes.remove(&key(at));
        Ok(())
    }

    pub(super) fn legal(&self, at: VolumeAddress) -> Result<&Volume, StorageError> {
        self.connected(at.domain)?;
        match self.volumes.get(&key(at)) {
            None => Err(StorageError::VolumeNotFound { at }),
            Some(volume) if !volume.legal => Err(StorageError::VolumeIllegal { at }),
            Some(volume) => Ok(volume),
        }
    }

    /// A retired layer counts again when it holds what its copy does not: the machine never left it.
    pub(super) fn not_left(
        &mut self,
        from: VolumeAddress,
        to: VolumeAddress,
    ) -> Result<(), StorageError> {
        let copied = self.legal(to).map(|copy| !copy.content.is_empty());
        match (self.volume(from).cloned(), copied) {
            (Some(layer), Ok(copied)) if !layer.legal => {
                if copied || layer.content.is_empty() {
                    return Err(StorageError::VolumeNotFound { at: from });
                }
                self.volume_put(Volume {
                    legal: true,
                    ..layer
                });
                Ok(())
            }
            _ => Ok(()),
        }
    }

    pub(super) fn content(&self, at: VolumeAddress) -> Option<String> {
        let volume = self.volume(at)?;
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
