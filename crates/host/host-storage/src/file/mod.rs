//! The file back-end: domains are directories on a file system, volumes are files in them.
//!
//! `domains` makes places reachable and writes domains, `volumes` works on disks inside one (`disk` on one directory),
//! `mounts` asks the kernel what is mounted. Work that was begun runs in a task of its own, so that
//! a caller who goes away doesn't cut it in two; a disk is worked on by one command at a time.

mod disk;
mod domains;
mod locks;
mod mounts;
mod volumes;

use crate::StorageError;
use crate::durable::Owner;
use crate::images::Images;
use crate::port::{BackendInfo, VolumeStore};
use base::{DiskId, StorageDomainId};
use domain::storage::StorageBacking;
use domains::Domains;
use ports::Commands;
use ports::hosts::{
    ImageProbe, StorageDomainSpec, StorageDomainUsage, VolumeAddress, VolumeCopy, VolumeCreate,
    VolumeInfo,
};
use std::collections::BTreeMap;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where oVirt's hosts keep their view of storage.
pub const DEFAULT_DATA_ROOT: &str = "/rhev/data-center";

/// [`VolumeStore`] on directories and mounted file systems.
#[derive(Clone)]
pub struct FileStore {
    rooms: Arc<Rooms>,
}

/// What every command works with.
struct Rooms {
    owner: Owner,
    domains: Domains,
    images: Images,
    disks: locks::Locks,
}

impl FileStore {
    /// A store that links and mounts below `data_root` (see [`DEFAULT_DATA_ROOT`]) and runs `mount`,
    /// `umount` and `qemu-img` through `commands`. Files belong to whoever runs the agent.
    #[must_use]
    pub fn new(data_root: impl Into<PathBuf>, commands: Arc<dyn Commands>) -> Self {
        Self::build(data_root.into(), commands, Owner(None))
    }

    /// The same, but files on storage are given to this user and group (oVirt: 36 and 36, vdsm and
    /// kvm), so that hosts under other users can share them.
    #[must_use]
    pub fn with_owner(
        data_root: impl Into<PathBuf>,
        commands: Arc<dyn Commands>,
        user: u32,
        group: u32,
    ) -> Self {
        Self::build(data_root.into(), commands, Owner(Some((user, group))))
    }

    fn build(data_root: PathBuf, commands: Arc<dyn Commands>, owner: Owner) -> Self {
        FileStore {
            rooms: Arc::new(Rooms {
                owner,
                domains: Domains::new(data_root.join("mnt"), Arc::clone(&commands), owner),
                images: Images::new(commands),
                disks: locks::Locks::default(),
            }),
        }
    }

    /// Does the work to its end, whoever still waits for it.
    async fn to_its_end<T, F>(&self, work: impl FnOnce(Arc<Rooms>) -> F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, StorageError>> + Send + 'static,
    {
        match tokio::spawn(work(Arc::clone(&self.rooms))).await {
            Ok(result) => result,
            Err(_) => Err(StorageError::BrokenOff),
        }
    }
}

#[async_trait::async_trait]
impl VolumeStore for FileStore {
    fn info(&self, backing: &StorageBacking) -> BackendInfo {
        let (name, shared) = match backing {
            StorageBacking::LocalFs { .. } => ("LOCALFS", false),
            StorageBacking::PosixFs { .. } => ("POSIXFS", true),
        };
        BackendInfo {
            name,
            shared,
            block: false,
            raw_thin: true,
            grows_alone: true,
        }
    }

    async fn connect(&self, spec: StorageDomainSpec) -> Result<StorageDomainUsage, StorageError> {
        self.to_its_end(|rooms| async move {
            let usage = rooms.domains.connect(&spec).await?;
            rooms.sweep_soon(spec.id);
            Ok(usage)
        })
        .await
    }

    async fn create_domain(
        &self,
        spec: StorageDomainSpec,
        name: &str,
    ) -> Result<StorageDomainUsage, StorageError> {
        let name = name.to_owned();
        self.to_its_end(|rooms| async move { rooms.domains.create(&spec, &name).await })
            .await
    }

    async fn remove_domain(&self, spec: StorageDomainSpec) -> Result<(), StorageError> {
        self.to_its_end(|rooms| async move { rooms.domains.remove(&spec).await })
            .await
    }

    async fn disconnect_all(&self) -> Result<(), StorageError> {
        self.to_its_end(|rooms| async move { rooms.domains.disconnect_all().await })
            .await
    }

    async fn volume_create(&self, create: VolumeCreate) -> Result<VolumeInfo, StorageError> {
        self.to_its_end(|rooms| async move { rooms.create(create).await })
            .await
    }

    async fn volume_extend(
        &self,
        at: VolumeAddress,
        capacity_bytes: u64,
    ) -> Result<VolumeInfo, StorageError> {
        self.to_its_end(move |rooms| async move { rooms.extend(at, capacity_bytes).await })
            .await
    }

    async fn volume_copy(&self, copy: VolumeCopy) -> Result<VolumeInfo, StorageError> {
        self.to_its_end(|rooms| async move { rooms.copy(copy).await })
            .await
    }

    async fn volume_info(&self, at: VolumeAddress) -> Result<VolumeInfo, StorageError> {
        self.rooms.volume_info(at).await
    }

    async fn disk_remove(
        &self,
        domain: StorageDomainId,
        disk: DiskId,
        wipe: bool,
    ) -> Result<(), StorageError> {
        self.to_its_end(move |rooms| async move { rooms.remove(domain, disk, wipe).await })
            .await
    }

    async fn volume_retire(&self, at: VolumeAddress, retired: bool) -> Result<(), StorageError> {
        self.to_its_end(move |rooms| async move { rooms.retire(at, retired).await })
            .await
    }

    async fn volume_merge(&self, at: VolumeAddress) -> Result<(), StorageError> {
        self.to_its_end(move |rooms| async move { rooms.drop_top(at, true).await })
            .await
    }

    async fn volume_remove(&self, at: VolumeAddress) -> Result<(), StorageError> {
        self.to_its_end(move |rooms| async move { rooms.drop_top(at, false).await })
            .await
    }

    async fn image_probe(&self, path: &Path) -> Result<ImageProbe, StorageError> {
        self.rooms.images.probe(path).await
    }

    async fn path(&self, at: VolumeAddress) -> Result<PathBuf, StorageError> {
        self.rooms.path(at).await
    }

    async fn usages(&self) -> BTreeMap<StorageDomainId, StorageDomainUsage> {
        self.rooms.domains.usages().await
    }
}
