//! One disk's directory on a file system: its volumes' three files, what stands on what, removal.
//! Everything here blocks.

use crate::StorageError;
use crate::durable::{Owner, remove_file, rename, replace_file, sync_dir, wipe_file};
use crate::layout::{VolumeMetadata, removed_disk, removed_name};
use base::{DiskId, StorageDomainId, VolumeId};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use nix::libc;
use ports::hosts::{VolumeAddress, VolumeInfo};
use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A volume's files.
#[derive(Clone)]
pub(super) struct Volume {
    pub(super) at: VolumeAddress,
    pub(super) data: PathBuf,
    pub(super) meta: PathBuf,
    pub(super) lease: PathBuf,
}

impl Volume {
    /// The directory it lies in.
    pub(super) fn dir(&self) -> &Path {
        self.data.parent().unwrap_or(Path::new("/"))
    }

    /// What it says of itself; `None` when it is not there.
    pub(super) fn metadata(&self) -> Result<Option<VolumeMetadata>, StorageError> {
        let bytes = match std::fs::read(&self.meta) {
            Ok(bytes) => bytes,
            Err(e) if matches!(e.kind(), ErrorKind::NotFound) => return Ok(None),
            Err(e) => return Err(StorageError::io("read", &self.meta)(e)),
        };
        match VolumeMetadata::parse(&bytes) {
            Ok(metadata) => Ok(Some(metadata)),
            Err(bad) => Err(StorageError::Damaged {
                path: self.meta.clone(),
                reason: bad.0,
            }),
        }
    }

    pub(super) fn write_metadata(
        &self,
        metadata: &VolumeMetadata,
        owner: Owner,
    ) -> Result<(), StorageError> {
        let text = metadata.text().map_err(|bad| {
            StorageError::argument("the metadata of a volume", self.at.volume, bad.0)
        })?;
        replace_file(&self.meta, &text, owner)
    }

    /// Its sizes.
    pub(super) fn info(&self, metadata: &VolumeMetadata) -> Result<VolumeInfo, StorageError> {
        let file =
            std::fs::metadata(&self.data).map_err(StorageError::io("look at", &self.data))?;
        Ok(VolumeInfo {
            capacity_bytes: metadata.capacity_bytes,
            actual_bytes: file.blocks().saturating_mul(512),
        })
    }
}

/// A disk's directory.
#[derive(Clone)]
pub(super) struct Disk {
    images: PathBuf,
    domain: StorageDomainId,
    disk: DiskId,
    pub(super) dir: PathBuf,
}

impl Disk {
    pub(super) fn new(images: PathBuf, domain: StorageDomainId, disk: DiskId) -> Self {
        let dir = images.join(disk.to_string());
        Disk {
            images,
            domain,
            disk,
            dir,
        }
    }

    pub(super) fn volume(&self, volume: VolumeId) -> Volume {
        let data = self.dir.join(volume.to_string());
        Volume {
            at: VolumeAddress {
                domain: self.domain,
                disk: self.disk,
                volume,
            },
            meta: self.dir.join(format!("{volume}.meta")),
            lease: self.dir.join(format!("{volume}.lease")),
            data,
        }
    }

    /// Volumes of which anything is there.
    fn volumes(&self) -> Result<Vec<Volume>, StorageError> {
        let names = names(&self.dir)?;
        let ids = names.iter().filter_map(|n| n.parse().ok());
        Ok(ids.map(|id| self.volume(id)).collect())
    }

    /// Does another volume stand on this one, in this disk or in a thin disk?
    pub(super) fn has_children(&self, volume: &Volume) -> Result<bool, StorageError> {
        // Thin disks hold the volume's file under a second name.
        if links(&volume.data)? > 1 {
            return Ok(true);
        }
        for other in self.volumes()? {
            let metadata = other.metadata()?;
            if metadata.is_some_and(|m| m.parent == Some(volume.at.volume)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Removes the disk; see [`crate::VolumeStore::disk_remove`].
    pub(super) fn remove(&self, wipe: bool) -> Result<(), StorageError> {
        let removed = self.images.join(removed_name(self.disk, wipe));
        if self
            .dir
            .try_exists()
            .map_err(StorageError::io("find", &self.dir))?
        {
            for volume in self.volumes()? {
                let in_use = |by: String| {
                    let what = format!("disk {}", self.disk);
                    Err(StorageError::InUse { what, by })
                };
                if !self.owns(&volume)? {
                    continue;
                }
                if links(&volume.data)? > 1 {
                    return in_use("thin disks stand on it; remove them first".into());
                }
                if is_open(&volume.data)? {
                    return in_use(format!(
                        "a process has volume {} open, most likely a running virtual machine",
                        volume.at.volume
                    ));
                }
            }
            if removed.is_dir() {
                // Of an earlier disk with the same id; its removal broke off.
                purge(&removed, wipe)?;
            }
            rename(&self.dir, &removed)?;
        }
        for wipe in [false, true] {
            purge(&self.images.join(removed_name(self.disk, wipe)), wipe)?;
        }
        sync_dir(&self.images)
    }

    /// Is the volume this disk's own, and not a template's under a second name?
    fn owns(&self, volume: &Volume) -> Result<bool, StorageError> {
        Ok(volume.metadata()?.is_none_or(|m| m.disk == self.disk))
    }

    /// Removes the directory when no volume is in it but those of a template.
    pub(super) fn remove_if_bare(&self) -> Result<(), StorageError> {
        for volume in self.volumes()? {
            if self.owns(&volume)? {
                return Ok(());
            }
        }
        self.remove(false)
    }

    /// Completes all removals that broke off.
    pub(super) fn sweep(images: &Path) -> Result<(), StorageError> {
        for name in names(images)? {
            if let Some((_, wipe)) = removed_disk(&name) {
                purge(&images.join(&name), wipe)?;
            }
        }
        Ok(())
    }
}

/// How many names a file has; 0 when it is not there.
fn links(path: &Path) -> Result<u64, StorageError> {
    match std::fs::metadata(path) {
        Ok(file) => Ok(file.nlink()),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(0),
        Err(e) => Err(StorageError::io("look at", path)(e)),
    }
}

/// The bytes that QEMU locks in an image it has open, in any mode and on any host that sees the file
/// (100 and 200 and a permission's number each; `block/file-posix.c`).
const QEMU_LOCKS: std::ops::Range<i64> = 100..300;

/// Does a QEMU have the image open? On a file system without locks nobody can tell, and QEMU goes
/// without them, too: `false`.
fn is_open(path: &Path) -> Result<bool, StorageError> {
    let file = match File::options().read(true).write(true).open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(false),
        Err(e) => return Err(StorageError::io("open", path)(e)),
    };
    let mut lock = libc::flock {
        l_type: lock_type(libc::F_WRLCK),
        l_whence: lock_type(libc::SEEK_SET),
        l_start: QEMU_LOCKS.start,
        l_len: QEMU_LOCKS.end - QEMU_LOCKS.start,
        l_pid: 0,
    };
    match fcntl(&file, FcntlArg::F_OFD_GETLK(&mut lock)) {
        Ok(_) => Ok(lock.l_type != lock_type(libc::F_UNLCK)),
        Err(Errno::EINVAL | Errno::ENOLCK | Errno::EOPNOTSUPP) => Ok(false),
        Err(e) => Err(StorageError::io("look for locks of", path)(e.into())),
    }
}

/// The constants are small, their field is narrower than they are.
fn lock_type(number: i32) -> i16 {
    i16::try_from(number).unwrap_or(-1)
}

/// Deletes a removed directory with its files. Another host may be doing the same.
fn purge(dir: &Path, wipe: bool) -> Result<(), StorageError> {
    for name in names(dir)? {
        let path = dir.join(&name);
        if wipe && name.parse::<VolumeId>().is_ok() {
            // A template's volume has other names and is not this disk's to wipe.
            let own = std::fs::metadata(&path).is_ok_and(|file| file.nlink() == 1);
            if own {
                wipe_file(&path)?;
            }
        }
        remove_file(&path)?;
    }
    match std::fs::remove_dir(dir) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(StorageError::io("remove", dir)(e)),
        _ => Ok(()),
    }
}

/// Names in a directory; none when it is not there. Names that are not UTF-8 are not ours.
fn names(dir: &Path) -> Result<Vec<String>, StorageError> {
    let list = || -> std::io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(dir)? {
            names.extend(entry?.file_name().into_string().ok());
        }
        Ok(names)
    };
    match list() {
        Err(e) if matches!(e.kind(), ErrorKind::NotFound) => Ok(Vec::new()),
        other => other.map_err(StorageError::io("read the directory", dir)),
    }
}
