//! Storage in memory, for tests and simulated hosts: the same answers as the file back-end, and
//! failures on demand. Nothing touches a disk.

mod world;

use crate::StorageError;
use crate::layout::{DomainMetadata, Place};
use crate::port::{
    BackendInfo, VolumeStore, check_capacity, check_child_size, check_copy_size, check_shape,
};
use base::{DiskId, StorageDomainId, VolumeId};
use domain::disks::DiskFormat;
use domain::storage::StorageBacking;
use ports::hosts::{
    CopySource, ImageProbe, StorageDomainSpec, StorageDomainUsage, VolumeAddress, VolumeCopy,
    VolumeCreate, VolumeInfo,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use world::{Volume, World, place_of, shape};

/// A command that can be made to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FakeCommand {
    /// `connect`.
    Connect,
    /// `create_domain`.
    CreateDomain,
    /// `remove_domain`.
    RemoveDomain,
    /// `volume_create`.
    VolumeCreate,
    /// `volume_extend`.
    VolumeExtend,
    /// `volume_copy`.
    VolumeCopy,
    /// `disk_remove`.
    DiskRemove,
    /// `volume_retire`.
    VolumeRetire,
    /// `volume_remove`.
    VolumeRemove,
    /// `path`.
    Path,
}

/// [`VolumeStore`] in memory. Clones share it, as hosts share a storage domain.
#[derive(Clone, Default)]
pub struct FakeStore {
    world: Arc<Mutex<World>>,
}

impl FakeStore {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next such command fails with this.
    pub fn fail_next(&self, command: FakeCommand, error: StorageError) {
        self.world().failures.push_back((command, error));
    }

    /// Puts an image file on the host that `image_probe` and copies find.
    pub fn file_put(&self, path: impl Into<PathBuf>, probe: ImageProbe, content: &str) {
        self.world()
            .files
            .insert(path.into(), (probe, content.to_owned()));
    }

    /// Bytes of every place; preallocated volumes take from it.
    pub fn space_set(&self, bytes: u64) {
        self.world().space = Some(bytes);
    }

    /// As if a running VM had the volume open.
    pub fn volume_hold(&self, volume: VolumeId) {
        self.world().held.insert(volume);
    }

    /// The VM let it go.
    pub fn volume_release(&self, volume: VolumeId) {
        self.world().held.remove(&volume);
    }

    /// As if a guest had written to the volume; one that is not there stays so.
    pub fn content_put(&self, at: VolumeAddress, content: &str) {
        let mut world = self.world();
        if let Some(mut volume) = world.volume(at).cloned() {
            volume.content = content.into();
            world.volume_put(volume);
        }
    }

    /// What a volume holds, with everything under it; `None` when it is not there.
    #[must_use]
    pub fn content(&self, at: VolumeAddress) -> Option<String> {
        self.world().content(at)
    }

    /// Every legal volume, as it was made.
    #[must_use]
    pub fn volumes(&self) -> Vec<VolumeCreate> {
        let world = self.world();
        let legal = world.volumes().filter(|v| v.legal);
        legal.map(|v| v.create.clone()).collect()
    }

    /// Every command that may be made to fail, in order, as it came (the first 65,536).
    #[must_use]
    pub fn seen(&self) -> Vec<FakeCommand> {
        self.world().seen.clone()
    }
}

#[async_trait::async_trait]
impl VolumeStore for FakeStore {
    fn info(&self, backing: &StorageBacking) -> BackendInfo {
        BackendInfo {
            name: match backing {
                StorageBacking::LocalFs { .. } => "LOCALFS",
                StorageBacking::PosixFs { .. } => "POSIXFS",
            },
            shared: matches!(backing, StorageBacking::PosixFs { .. }),
            block: false,
            raw_thin: true,
            grows_alone: true,
        }
    }

    async fn connect(&self, spec: StorageDomainSpec) -> Result<StorageDomainUsage, StorageError> {
        let place = Place::of(&spec.backing)?;
        let mut world = self.world();
        world.begin(FakeCommand::Connect)?;
        if world.places.get(&place.path) != Some(&spec.id) {
            return Err(StorageError::DomainNotFound {
                domain: spec.id,
                place: place.path,
            });
        }
        world.connected.insert(spec.id, spec.backing);
        Ok(world.usage(spec.id))
    }

    async fn create_domain(
        &self,
        spec: StorageDomainSpec,
        name: &str,
    ) -> Result<StorageDomainUsage, StorageError> {
        let place = Place::of(&spec.backing)?;
        DomainMetadata::new(spec.id, "FAKE", &place.path, name)
            .map_err(|bad| StorageError::argument("the name of a storage domain", name, bad.0))?;
        let mut world = self.world();
        world.begin(FakeCommand::CreateDomain)?;
        match world.places.get(&place.path) {
            Some(other) if *other != spec.id => {
                return Err(StorageError::PlaceTaken {
                    place: place.path,
                    found: other.to_string(),
                });
            }
            _ => {}
        }
        world.places.insert(place.path, spec.id);
        world.connected.insert(spec.id, spec.backing);
        Ok(world.usage(spec.id))
    }

    async fn remove_domain(&self, spec: StorageDomainSpec) -> Result<(), StorageError> {
        let place = Place::of(&spec.backing)?;
        let mut world = self.world();
        world.begin(FakeCommand::RemoveDomain)?;
        if world.places.get(&place.path) != Some(&spec.id) {
            return Ok(());
        }
        if world.volumes().any(|v| v.create.at.domain == spec.id) {
            return Err(StorageError::InUse {
                what: format!("storage domain {}", spec.id),
                by: "it holds disks".into(),
            });
        }
        world.places.remove(&place.path);
        world.connected.remove(&spec.id);
        Ok(())
    }

    async fn disconnect_all(&self) -> Result<(), StorageError> {
        self.world().connected.clear();
        Ok(())
    }

    async fn volume_create(&self, create: VolumeCreate) -> Result<VolumeInfo, StorageError> {
        check_shape(&create)?;
        let mut world = self.world();
        world.begin(FakeCommand::VolumeCreate)?;
        let at = create.at;
        world.connected(at.domain)?;
        if let Some(found) = world.volume(at) {
            if found.shape() != shape(&create) {
                return Err(StorageError::VolumeDiffers {
                    at,
                    wanted: shape(&create),
                    found: found.shape(),
                });
            }
            if found.legal {
                return Ok(found.info());
            }
        }
        if let Some((disk, volume)) = create.parent {
            let domain = at.domain;
            let above = world.legal(VolumeAddress {
                domain,
                disk,
                volume,
            })?;
            check_child_size(&create, above.create.capacity_bytes)?;
        }
        let volume = Volume {
            create,
            legal: true,
            content: String::new(),
        };
        world.room_for(at.domain, volume.actual_bytes())?;
        let info = volume.info();
        world.volume_put(volume);
        Ok(info)
    }

    async fn volume_extend(
        &self,
        at: VolumeAddress,
        capacity_bytes: u64,
    ) -> Result<VolumeInfo, StorageError> {
        check_capacity(capacity_bytes)?;
        let mut world = self.world();
        world.begin(FakeCommand::VolumeExtend)?;
        let volume = world.legal(at)?.clone();
        if volume.create.capacity_bytes >= capacity_bytes {
            return Ok(volume.info());
        }
        world.changeable(at)?;
        if !volume.create.sparse {
            world.room_for(at.domain, capacity_bytes - volume.create.capacity_bytes)?;
        }
        let mut grown = volume;
        grown.create.capacity_bytes = capacity_bytes;
        let info = grown.info();
        world.volume_put(grown);
        Ok(info)
    }

    async fn volume_copy(&self, copy: VolumeCopy) -> Result<VolumeInfo, StorageError> {
        let mut world = self.world();
        let to = copy.to;
        let (capacity, content) = match &copy.source {
            CopySource::Volume(from) | CopySource::Layer(from) if *from == to => {
                return Err(StorageError::argument(
                    "the source of a copy",
                    to.volume,
                    "a volume can't be copied into itself",
                ));
            }
            CopySource::Volume(from) => {
                let capacity = world.legal(*from)?.create.capacity_bytes;
                (capacity, world.content(*from).unwrap_or_default())
            }
            CopySource::Layer(from) => {
                world.not_left(*from, to)?;
                let layer = world.legal(*from)?;
                (layer.create.capacity_bytes, layer.content.clone())
            }
            CopySource::File { path, format } => {
                let (probe, content) = world.probed(Path::new(path))?;
                if *format == DiskFormat::Cow && probe.format == DiskFormat::Raw {
                    return Err(StorageError::BadImage {
                        path: path.into(),
                        reason: "it is said to be qcow2, but its header is not qcow2's".into(),
                    });
                }
                (probe.virtual_bytes, content)
            }
        };
        world.connected(to.domain)?;
        let Some(mut target) = world.volume(to).cloned() else {
            return Err(StorageError::VolumeNotFound { at: to });
        };
        if target.create.parent.is_some() && !matches!(copy.source, CopySource::Layer(_)) {
            return Err(StorageError::argument(
                "the target of a copy",
                to.volume,
                "expected a volume that stands on nothing",
            ));
        }
        world.changeable(to)?;
        check_copy_size(target.create.capacity_bytes, capacity)?;
        // A copy that breaks off leaves an illegal volume, as on a real disk.
        target.legal = false;
        world.volume_put(target.clone());
        world.begin(FakeCommand::VolumeCopy)?;
        target.legal = true;
        target.content = content;
        let info = target.info();
        world.volume_put(target);
        Ok(info)
    }

    async fn volume_info(&self, at: VolumeAddress) -> Result<VolumeInfo, StorageError> {
        self.world().legal(at).map(Volume::info)
    }

    async fn disk_remove(
        &self,
        domain: StorageDomainId,
        disk: DiskId,
        _wipe: bool,
    ) -> Result<(), StorageError> {
        let mut world = self.world();
        world.begin(FakeCommand::DiskRemove)?;
        world.connected(domain)?;
        let lent = world.volumes().any(|v| {
            let at = v.create.at;
            at.domain == domain
                && at.disk != disk
                && v.create.parent.is_some_and(|(below, _)| below == disk)
        });
        let in_use = |by: &str| {
            Err(StorageError::InUse {
                what: format!("disk {disk}"),
                by: by.into(),
            })
        };
        if lent {
            return in_use("thin disks stand on it; remove them first");
        }
        let own = |at: VolumeAddress| at.domain == domain && at.disk == disk;
        let volumes = world.volumes().map(|v| v.create.at);
        if let Some(at) = volumes
            .filter(|at| own(*at))
            .find(|at| world.held.contains(&at.volume))
        {
            return in_use(&format!(
                "a process has volume {} open, most likely a running virtual machine",
                at.volume
            ));
        }
        world.disk_drop(domain, disk);
        Ok(())
    }

    async fn volume_retire(&self, at: VolumeAddress, retired: bool) -> Result<(), StorageError> {
        let mut world = self.world();
        world.begin(FakeCommand::VolumeRetire)?;
        world.connected(at.domain)?;
        if let Some(mut volume) = world.volume(at).cloned() {
            volume.legal = !retired;
            world.volume_put(volume);
        }
        Ok(())
    }

    async fn volume_merge(&self, at: VolumeAddress) -> Result<(), StorageError> {
        self.world().drop_top(at, true)
    }

    async fn volume_remove(&self, at: VolumeAddress) -> Result<(), StorageError> {
        let mut world = self.world();
        world.begin(FakeCommand::VolumeRemove)?;
        world.drop_top(at, false)
    }

    async fn image_probe(&self, path: &Path) -> Result<ImageProbe, StorageError> {
        self.world().probed(path).map(|(probe, _)| probe)
    }

    async fn path(&self, at: VolumeAddress) -> Result<PathBuf, StorageError> {
        let mut world = self.world();
        world.begin(FakeCommand::Path)?;
        world.legal(at)?;
        Ok(place_of(at.domain)
            .join(at.disk.to_string())
            .join(at.volume.to_string()))
    }

    async fn usages(&self) -> BTreeMap<StorageDomainId, StorageDomainUsage> {
        let world = self.world();
        let domains = world.connected.keys();
        domains.map(|id| (*id, world.usage(*id))).collect()
    }
}
