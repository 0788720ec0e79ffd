//! The port: what a host can do with storage, whatever kind it is, and the rules that every back-end
//! checks before it touches anything.

use crate::StorageError;
use base::{DiskId, StorageDomainId};
use domain::disks::DiskFormat;
use domain::storage::StorageBacking;
use ports::hosts::{
    ImageProbe, StorageDomainSpec, StorageDomainUsage, VolumeAddress, VolumeCopy, VolumeCreate,
    VolumeInfo,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Sizes of volumes are multiples of this (oVirt's and QEMU's sector).
pub const SECTOR_BYTES: u64 = 512;

/// The largest virtual size a volume or an imported image may have: 64 TiB, far above what oVirt
/// users run and far below where QEMU's and file systems' own limits differ.
pub const MAX_CAPACITY_BYTES: u64 = 64 << 40;

/// What a kind of storage can do; callers branch on this and never on its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackendInfo {
    /// oVirt's name of the storage type, for messages.
    pub name: &'static str,
    /// Several hosts see the same content.
    pub shared: bool,
    /// Volumes are block devices (true) or files.
    pub block: bool,
    /// A raw volume takes only the space that was written to.
    pub raw_thin: bool,
    /// A thin qcow2 volume grows by itself; otherwise somebody must extend it in time.
    pub grows_alone: bool,
}

/// Storage as a host reaches it.
///
/// Every command is idempotent: ids say which work is meant, and doing it twice is doing it once. A
/// command that was begun runs to its end although its caller stops waiting.
#[async_trait::async_trait]
pub trait VolumeStore: Send + Sync + 'static {
    /// What storage of this backing can do.
    fn info(&self, backing: &StorageBacking) -> BackendInfo;

    /// Makes a domain that exists reachable on this host and checks that it is the right one. Its
    /// metadata is made to name `spec.data_center` when there is one.
    ///
    /// # Errors
    /// `DomainNotFound` when nothing is there; then nothing stays mounted either.
    async fn connect(&self, spec: StorageDomainSpec) -> Result<StorageDomainUsage, StorageError>;

    /// Writes a new, empty domain and connects it. The same domain being there already is success.
    ///
    /// # Errors
    /// `PlaceTaken` when another domain lies there, `Argument` for an unfit place or name.
    async fn create_domain(
        &self,
        spec: StorageDomainSpec,
        name: &str,
    ) -> Result<StorageDomainUsage, StorageError>;

    /// Removes the files of a domain on which nothing was ever kept, and lets go of it: the way back
    /// of [`VolumeStore::create_domain`], also of one that broke off. A domain that is not there is
    /// success.
    ///
    /// # Errors
    /// `InUse` when it holds disks, `Damaged` when what lies there is another domain or has files
    /// that no domain has; then nothing is removed.
    async fn remove_domain(&self, spec: StorageDomainSpec) -> Result<(), StorageError>;

    /// Lets go of every domain (unmount, unlink). Content stays. All are tried, the first failure
    /// is told.
    async fn disconnect_all(&self) -> Result<(), StorageError>;

    /// Makes a volume with its metadata.
    ///
    /// # Errors
    /// `VolumeDiffers` when one with the same id and another shape is there, `VolumeNotFound` or
    /// `VolumeIllegal` for its parent, `NoSpace` (then nothing is left behind).
    async fn volume_create(&self, create: VolumeCreate) -> Result<VolumeInfo, StorageError>;

    /// Grows a volume to `capacity_bytes`; a volume that is as large is success.
    ///
    /// # Errors
    /// `InUse` when a running VM has it open or thin disks stand on it.
    async fn volume_extend(
        &self,
        at: VolumeAddress,
        capacity_bytes: u64,
    ) -> Result<VolumeInfo, StorageError>;

    /// Fills a volume that `volume_create` made and that stands on nothing; its content is lost.
    /// Until it ends well the volume is illegal, and the command may be repeated.
    ///
    /// # Errors
    /// `VolumeNotFound` also for a layer that was retired when its copy is the one that counts: nothing
    /// is changed then. A retired layer that holds what its copy does not was never left; it is copied.
    async fn volume_copy(&self, copy: VolumeCopy) -> Result<VolumeInfo, StorageError>;

    /// Virtual and allocated size of a legal volume.
    async fn volume_info(&self, at: VolumeAddress) -> Result<VolumeInfo, StorageError>;

    /// Removes a disk with all its volumes, overwritten with zeros before when `wipe`. One that is
    /// not there is success.
    ///
    /// # Errors
    /// `InUse` when a running VM has one of its volumes open or thin disks stand on it; then nothing is
    /// removed.
    async fn disk_remove(
        &self,
        domain: StorageDomainId,
        disk: DiskId,
        wipe: bool,
    ) -> Result<(), StorageError>;

    /// Marks the top layer of a disk, on the disk before it answers: a machine is about to leave it for
    /// a copy that equals it (`retired`), or the machine stays after all. Nobody gets a retired layer.
    /// One that is not there is success.
    async fn volume_retire(&self, at: VolumeAddress, retired: bool) -> Result<(), StorageError>;

    /// Merges the top volume of a disk into the one it stands on, of the same disk, and removes it. One
    /// that is not there is success.
    ///
    /// # Errors
    /// `InUse` when a running VM has it open or other volumes stand on it; `Argument` when it stands
    /// on nothing of its disk.
    async fn volume_merge(&self, at: VolumeAddress) -> Result<(), StorageError>;

    /// Removes the top volume of a disk with what is in it alone. One that is not there is success.
    ///
    /// # Errors
    /// As [`VolumeStore::volume_merge`].
    async fn volume_remove(&self, at: VolumeAddress) -> Result<(), StorageError>;

    /// Format and size of an image file on the host, which may be hostile: one that points at other
    /// files, is encrypted or larger than [`MAX_CAPACITY_BYTES`] is refused with `BadImage`.
    async fn image_probe(&self, path: &Path) -> Result<ImageProbe, StorageError>;

    /// Where a running VM finds a legal volume on this host.
    async fn path(&self, at: VolumeAddress) -> Result<PathBuf, StorageError>;

    /// Space of every connected domain that answers now.
    async fn usages(&self) -> BTreeMap<StorageDomainId, StorageDomainUsage>;
}

/// Refuses sizes that no volume can have.
pub(crate) fn check_capacity(bytes: u64) -> Result<(), StorageError> {
    if bytes == 0 || !bytes.is_multiple_of(SECTOR_BYTES) || bytes > MAX_CAPACITY_BYTES {
        return Err(StorageError::argument(
            "the virtual size of a volume",
            bytes,
            format!(
                "expected a multiple of {SECTOR_BYTES} from {SECTOR_BYTES} to {MAX_CAPACITY_BYTES} bytes"
            ),
        ));
    }
    Ok(())
}

/// Refuses shapes that no volume can have.
pub(crate) fn check_shape(create: &VolumeCreate) -> Result<(), StorageError> {
    check_capacity(create.capacity_bytes)?;
    let Some((_, parent)) = create.parent else {
        return Ok(());
    };
    let refuse = |reason: &str| {
        Err(StorageError::argument(
            "the parent of a volume",
            parent,
            reason,
        ))
    };
    if create.format == DiskFormat::Raw {
        return refuse("a raw volume stands on nothing; expected the format COW");
    }
    if !create.sparse {
        return refuse("a preallocated volume stands on nothing; expected thin allocation");
    }
    if parent == create.at.volume {
        return refuse("a volume can't stand on itself");
    }
    Ok(())
}

/// Refuses a child that would hide a part of its parent.
pub(crate) fn check_child_size(create: &VolumeCreate, parent: u64) -> Result<(), StorageError> {
    if create.capacity_bytes < parent {
        return Err(StorageError::argument(
            "the virtual size of a volume",
            create.capacity_bytes,
            format!("expected at least the {parent} bytes of the volume it stands on"),
        ));
    }
    Ok(())
}

/// Refuses a target that is too small for its source.
pub(crate) fn check_copy_size(target: u64, source: u64) -> Result<(), StorageError> {
    if target < source {
        return Err(StorageError::argument(
            "the target of a copy",
            target,
            format!("its virtual size is below the {source} bytes of the source"),
        ));
    }
    Ok(())
}
