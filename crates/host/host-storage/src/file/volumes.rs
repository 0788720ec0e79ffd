//! Volumes of the file back-end: the commands, in the order of writes that survives a crash.
//!
//! A volume's metadata says ILLEGAL from before its first byte until its content can be trusted, so
//! a crash at any point leaves a volume that no VM gets and that the repeated command completes.

use super::Rooms;
use super::disk::{Disk, Volume};
use crate::StorageError;
use crate::durable::{link_file, make_dir, make_file, remove_file, settle_file, sync_dir};
use crate::images::{NewImage, blocking};
use crate::layout::{DiskDescription, Legality, VolumeMetadata, VolumeRole};
use crate::port::{check_capacity, check_child_size, check_copy_size, check_shape};
use base::{DiskId, StorageDomainId};
use domain::disks::DiskFormat;
use ports::hosts::{CopySource, VolumeAddress, VolumeCopy, VolumeCreate, VolumeInfo};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Size of a volume's lease (one slot of sanlock).
const LEASE_BYTES: u64 = 1 << 20;

impl Rooms {
    fn disk(&self, domain: StorageDomainId, disk: DiskId) -> Result<Disk, StorageError> {
        let images = self.domains.dir(domain)?.join("images");
        Ok(Disk::new(images, domain, disk))
    }

    /// A volume whose content can be trusted.
    async fn legal(&self, at: VolumeAddress) -> Result<(Volume, VolumeMetadata), StorageError> {
        let volume = self.disk(at.domain, at.disk)?.volume(at.volume);
        let read = volume.clone();
        let metadata = blocking(move || read.metadata()).await?;
        match metadata {
            None => Err(StorageError::VolumeNotFound { at }),
            Some(m) if m.legality != Legality::Legal => Err(StorageError::VolumeIllegal { at }),
            Some(m) => Ok((volume, m)),
        }
    }

    pub(super) async fn path(&self, at: VolumeAddress) -> Result<PathBuf, StorageError> {
        Ok(self.legal(at).await?.0.data)
    }

    pub(super) async fn volume_info(&self, at: VolumeAddress) -> Result<VolumeInfo, StorageError> {
        let (volume, metadata) = self.legal(at).await?;
        blocking(move || volume.info(&metadata)).await
    }

    pub(super) async fn create(&self, create: VolumeCreate) -> Result<VolumeInfo, StorageError> {
        check_shape(&create)?;
        let at = create.at;
        let mut wanted = vec![(at.domain, at.disk, true)];
        // Its parent may have to be marked as shared.
        wanted.extend(create.parent.map(|(disk, _)| (at.domain, disk, true)));
        let _held = self.disks.take(wanted).await;

        let disk = self.disk(at.domain, at.disk)?;
        let volume = disk.volume(at.volume);
        let read = volume.clone();
        let found = blocking(move || read.metadata()).await?;
        let parent = match create.parent {
            None => None,
            Some((disk, volume)) => Some(
                self.legal(VolumeAddress {
                    domain: at.domain,
                    disk,
                    volume,
                })
                .await?,
            ),
        };
        let metadata = shape(&create, parent.as_ref().map(|(_, m)| m), found.as_ref());
        if let Some(found) = &found {
            if found.shape() != metadata.shape() {
                return Err(StorageError::VolumeDiffers {
                    at,
                    wanted: metadata.shape(),
                    found: found.shape(),
                });
            }
            if found.legality == Legality::Legal {
                let found = found.clone();
                return blocking(move || volume.info(&found)).await;
            }
        }
        if let Some((_, above)) = &parent {
            check_child_size(&create, above.capacity_bytes)?;
        }
        let made = self.create_new(&disk, &volume, &metadata, parent).await;
        if let Err(StorageError::NoSpace { .. }) = &made {
            let (disk, volume) = (disk, volume.clone());
            // What could not be removed is illegal and goes with the disk.
            let _ = blocking(move || volume.remove_with(&disk)).await;
        }
        made?;
        blocking(move || volume.info(&metadata)).await
    }

    async fn create_new(
        &self,
        disk: &Disk,
        volume: &Volume,
        metadata: &VolumeMetadata,
        parent: Option<(Volume, VolumeMetadata)>,
    ) -> Result<(), StorageError> {
        let owner = self.owner;
        let illegal = VolumeMetadata {
            legality: Legality::Illegal,
            ..metadata.clone()
        };
        let (dir, new, above) = (disk.dir.clone(), volume.clone(), parent.clone());
        blocking(move || {
            make_dir(&dir, owner)?;
            if let Some((volume, metadata)) = above
                && volume.at.disk != new.at.disk
            {
                share(&volume, &metadata, &dir, owner)?;
            }
            new.write_metadata(&illegal, owner)?;
            make_file(&new.lease, LEASE_BYTES, owner)
        })
        .await?;
        self.fresh_image(volume, metadata, parent.as_ref()).await?;
        let (volume, metadata) = (volume.clone(), metadata.clone());
        blocking(move || {
            settle_file(&volume.data, owner)?;
            sync_dir(volume.dir())?;
            if let Some((above, below)) = parent {
                // The top of the same disk becomes an inner layer; a template's volume stays shared.
                if above.at.disk == volume.at.disk && below.role == VolumeRole::Leaf {
                    let role = VolumeRole::Internal;
                    above.write_metadata(&VolumeMetadata { role, ..below }, owner)?;
                }
            }
            volume.write_metadata(&metadata, owner)
        })
        .await
    }

    /// An image full of zeros, or of what it stands on, in place of whatever lay there.
    async fn fresh_image(
        &self,
        volume: &Volume,
        metadata: &VolumeMetadata,
        parent: Option<&(Volume, VolumeMetadata)>,
    ) -> Result<(), StorageError> {
        let backing = parent.map(|(above, m)| (above.at.volume.to_string(), m.format));
        self.images
            .create(NewImage {
                path: &volume.data,
                format: metadata.format,
                sparse: metadata.sparse,
                capacity_bytes: metadata.capacity_bytes,
                backing,
            })
            .await
    }

    pub(super) async fn extend(
        &self,
        at: VolumeAddress,
        capacity_bytes: u64,
    ) -> Result<VolumeInfo, StorageError> {
        check_capacity(capacity_bytes)?;
        let _held = self.disks.take(vec![(at.domain, at.disk, true)]).await;
        let (volume, mut metadata) = self.legal(at).await?;
        if metadata.capacity_bytes < capacity_bytes {
            let disk = self.disk(at.domain, at.disk)?;
            let asked = volume.clone();
            let own = metadata.disk == at.disk;
            blocking(move || match own && !disk.has_children(&asked)? {
                true => Ok(()),
                false => Err(in_use(at)),
            })
            .await?;
            self.images
                .resize(
                    &volume.data,
                    metadata.format,
                    metadata.sparse,
                    capacity_bytes,
                )
                .await?;
            metadata.capacity_bytes = capacity_bytes;
            metadata.generation_bump();
            let (volume, metadata, owner) = (volume.clone(), metadata.clone(), self.owner);
            blocking(move || {
                settle_file(&volume.data, owner)?;
                volume.write_metadata(&metadata, owner)
            })
            .await?;
        }
        blocking(move || volume.info(&metadata)).await
    }

    pub(super) async fn copy(&self, copy: VolumeCopy) -> Result<VolumeInfo, StorageError> {
        let to = copy.to;
        let mut wanted = vec![(to.domain, to.disk, true)];
        if let CopySource::Volume(from) | CopySource::Layer(from) = &copy.source {
            if *from == to {
                return Err(StorageError::argument(
                    "the source of a copy",
                    to.volume,
                    "a volume can't be copied into itself",
                ));
            }
            // A layer that was retired may have to be marked as legal.
            let marks = matches!(copy.source, CopySource::Layer(_));
            wanted.push((from.domain, from.disk, marks));
        }
        let _held = self.disks.take(wanted).await;
        let disk = self.disk(to.domain, to.disk)?;
        let volume = disk.volume(to.volume);
        let read = volume.clone();
        let before = blocking(move || match read.metadata()? {
            None => Err(StorageError::VolumeNotFound { at: to }),
            Some(m) if m.disk != to.disk || disk.has_children(&read)? => Err(in_use(to)),
            Some(metadata) => Ok(metadata),
        })
        .await?;
        let source = match &copy.source {
            CopySource::Layer(from) => return self.copy_layer(*from, &volume, before).await,
            source => self.source(source).await?,
        };
        if before.parent.is_some() {
            return Err(StorageError::argument(
                "the target of a copy",
                to.volume,
                "expected a volume that stands on nothing",
            ));
        }
        check_copy_size(before.capacity_bytes, source.capacity_bytes)?;
        self.mark(&volume, &before, Legality::Illegal).await?;
        match self.fresh_image(&volume, &before, None).await {
            // A running VM has it: nothing was touched.
            Err(error @ StorageError::InUse { .. }) => {
                self.mark(&volume, &before, before.legality).await?;
                return Err(error);
            }
            other => other?,
        }
        self.images
            .convert(
                &source.path,
                source.format,
                source.alone,
                &volume.data,
                before.format,
            )
            .await?;
        let (data, owner) = (volume.data.clone(), self.owner);
        blocking(move || settle_file(&data, owner)).await?;
        let mut after = before;
        after.generation_bump();
        self.mark(&volume, &after, Legality::Legal).await?;
        blocking(move || volume.info(&after)).await
    }

    /// Copies one volume byte for byte. Parents are named by file name, so the copy stands on the copy
    /// of what the original stands on.
    async fn copy_layer(
        &self,
        from: VolumeAddress,
        volume: &Volume,
        before: VolumeMetadata,
    ) -> Result<VolumeInfo, StorageError> {
        let (source, shape) = self.layer_to_copy(from, volume, &before).await?;
        let same = shape.format == before.format
            && shape.parent == before.parent
            && shape.capacity_bytes == before.capacity_bytes;
        if !same {
            return Err(StorageError::VolumeDiffers {
                at: volume.at,
                wanted: shape.shape(),
                found: before.shape(),
            });
        }
        self.mark(volume, &before, Legality::Illegal).await?;
        self.images.clone_bytes(&source.data, &volume.data).await?;
        let (data, owner) = (volume.data.clone(), self.owner);
        blocking(move || settle_file(&data, owner)).await?;
        let mut after = before;
        after.generation_bump();
        self.mark(volume, &after, Legality::Legal).await?;
        let volume = volume.clone();
        blocking(move || volume.info(&after)).await
    }

    /// The layer that a copy is made of.
    ///
    /// One that was retired (see [`crate::VolumeStore::volume_retire`]) is not left for sure: who
    /// retired it may have died before the machine used the copy. Until then QEMU writes to both, but
    /// brings only the layer's own tables to the disk when the guest flushes; when it switches, it
    /// brings the copy's there and writes to the copy alone. So a copy in which everything is
    /// allocated that is allocated in the layer counts, and one that lacks something was never used.
    async fn layer_to_copy(
        &self,
        from: VolumeAddress,
        to: &Volume,
        copy: &VolumeMetadata,
    ) -> Result<(Volume, VolumeMetadata), StorageError> {
        let layer = self.disk(from.domain, from.disk)?.volume(from.volume);
        let read = layer.clone();
        let metadata = blocking(move || read.metadata()).await?;
        let retired = metadata.filter(|m| {
            m.legality == Legality::Illegal
                && m.format == DiskFormat::Cow
                && copy.legality == Legality::Legal
        });
        if let Some(metadata) = retired {
            let left = self.images.allocated(&layer.data).await?;
            let used = self.images.allocated(&to.data).await?;
            if left.within(&used) {
                return Err(StorageError::VolumeNotFound { at: from });
            }
            self.mark(&layer, &metadata, Legality::Legal).await?;
        }
        self.legal(from).await
    }

    /// Marks the top layer of a disk as left, or not left after all.
    pub(super) async fn retire(
        &self,
        at: VolumeAddress,
        retired: bool,
    ) -> Result<(), StorageError> {
        let _held = self.disks.take(vec![(at.domain, at.disk, true)]).await;
        let volume = self.disk(at.domain, at.disk)?.volume(at.volume);
        let read = volume.clone();
        let legality = match retired {
            true => Legality::Illegal,
            false => Legality::Legal,
        };
        match blocking(move || read.metadata()).await? {
            Some(metadata) if metadata.legality != legality => {
                self.mark(&volume, &metadata, legality).await
            }
            _ => Ok(()),
        }
    }

    /// Takes the top layer of a disk away, with its content merged into the one below or without.
    pub(super) async fn drop_top(
        &self,
        at: VolumeAddress,
        merge: bool,
    ) -> Result<(), StorageError> {
        let _held = self.disks.take(vec![(at.domain, at.disk, true)]).await;
        let disk = self.disk(at.domain, at.disk)?;
        let volume = disk.volume(at.volume);
        let read = volume.clone();
        let owner = self.owner;
        let Some(metadata) = blocking(move || read.metadata()).await? else {
            return Ok(());
        };
        let looked = volume.clone();
        let top = disk.clone();
        let free = metadata.disk == at.disk;
        blocking(move || match free && !top.has_children(&looked)? {
            true => Ok(()),
            false => Err(in_use(at)),
        })
        .await?;
        let below = match metadata.parent {
            Some(parent) => {
                let below = disk.volume(parent);
                let read = below.clone();
                let metadata = blocking(move || read.metadata()).await?;
                metadata.filter(|m| m.disk == at.disk).map(|m| (below, m))
            }
            None => None,
        };
        let Some((below, mut under)) = below else {
            return Err(StorageError::argument(
                "a layer that is taken away",
                at.volume,
                "it stands on no volume of its disk",
            ));
        };
        // One that was never completed holds nothing that a guest wrote.
        if merge && metadata.legality == Legality::Legal {
            self.images.commit(&volume.data).await?;
            let data = below.data.clone();
            blocking(move || settle_file(&data, owner)).await?;
        }
        under.role = VolumeRole::Leaf;
        under.generation_bump();
        blocking(move || {
            // Illegal before the first of its files goes; what stays after a crash is removed again.
            let illegal = VolumeMetadata {
                legality: Legality::Illegal,
                ..metadata
            };
            volume.write_metadata(&illegal, owner)?;
            below.write_metadata(&under, owner)?;
            for path in [&volume.data, &volume.lease, &volume.meta] {
                remove_file(path)?;
            }
            sync_dir(volume.dir())
        })
        .await
    }

    async fn mark(
        &self,
        volume: &Volume,
        metadata: &VolumeMetadata,
        legality: Legality,
    ) -> Result<(), StorageError> {
        let (volume, owner) = (volume.clone(), self.owner);
        let metadata = VolumeMetadata {
            legality,
            ..metadata.clone()
        };
        blocking(move || volume.write_metadata(&metadata, owner)).await
    }

    async fn source(&self, source: &CopySource) -> Result<Source, StorageError> {
        match source {
            CopySource::Volume(at) | CopySource::Layer(at) => {
                let (volume, metadata) = self.legal(*at).await?;
                Ok(Source {
                    path: volume.data,
                    format: metadata.format,
                    capacity_bytes: metadata.capacity_bytes,
                    alone: metadata.parent.is_none(),
                })
            }
            CopySource::File { path, format } => {
                let path = PathBuf::from(path);
                let probe = self.images.probe(&path).await?;
                if *format == DiskFormat::Cow && probe.format == DiskFormat::Raw {
                    return Err(StorageError::BadImage {
                        path,
                        reason: "it is said to be qcow2, but its header is not qcow2's".into(),
                    });
                }
                // Said to be raw: its bytes are taken as they are, a header is part of them.
                let capacity_bytes = match (*format, probe.format) {
                    (DiskFormat::Raw, DiskFormat::Cow) => file_length(&path).await?,
                    _ => probe.virtual_bytes,
                };
                Ok(Source {
                    path,
                    format: *format,
                    capacity_bytes,
                    alone: true,
                })
            }
        }
    }

    pub(super) async fn remove(
        &self,
        domain: StorageDomainId,
        disk: DiskId,
        wipe: bool,
    ) -> Result<(), StorageError> {
        let _held = self.disks.take(vec![(domain, disk, true)]).await;
        let disk = self.disk(domain, disk)?;
        blocking(move || disk.remove(wipe)).await
    }

    /// Completes removals that broke off, in the background.
    pub(super) fn sweep_soon(self: &Arc<Self>, domain: StorageDomainId) {
        let rooms = Arc::clone(self);
        tokio::spawn(async move {
            let swept = match rooms.domains.dir(domain) {
                Ok(dir) => blocking(move || Disk::sweep(&dir.join("images"))).await,
                Err(error) => Err(error),
            };
            if let Err(error) = swept {
                tracing::warn!(storage_domain.id = %domain, %error, "a removed disk's files are still there");
            }
        });
    }
}

/// Where a copy takes its bytes from.
struct Source {
    path: PathBuf,
    format: DiskFormat,
    capacity_bytes: u64,
    /// It stands on nothing.
    alone: bool,
}

async fn file_length(path: &Path) -> Result<u64, StorageError> {
    let path = path.to_owned();
    blocking(move || {
        let metadata = std::fs::metadata(&path).map_err(StorageError::io("look at", &path))?;
        Ok(metadata.len())
    })
    .await
}

fn in_use(at: VolumeAddress) -> StorageError {
    StorageError::InUse {
        what: format!("volume {} of disk {}", at.volume, at.disk),
        by: "other volumes stand on it".into(),
    }
}

/// Puts a template's volume into the directory of a thin disk: the same files under a second name.
/// The metadata comes last, since its presence says that the rest is there.
fn share(
    volume: &Volume,
    metadata: &VolumeMetadata,
    dir: &Path,
    owner: crate::durable::Owner,
) -> Result<(), StorageError> {
    if metadata.role != VolumeRole::Shared {
        let shared = VolumeMetadata {
            role: VolumeRole::Shared,
            ..metadata.clone()
        };
        // A rewrite makes a new file; it must come before anybody links it.
        volume.write_metadata(&shared, owner)?;
    }
    for from in [&volume.data, &volume.lease, &volume.meta] {
        if let Some(name) = from.file_name() {
            link_file(from, &dir.join(name))?;
        }
    }
    sync_dir(dir)
}

/// The metadata that a new volume ends with.
fn shape(
    create: &VolumeCreate,
    parent: Option<&VolumeMetadata>,
    found: Option<&VolumeMetadata>,
) -> VolumeMetadata {
    let description = DiskDescription {
        alias: create.alias.clone(),
        description: create.description.clone(),
    };
    // Layers of one disk count on; a disk's first volume is 1.
    let below = parent.filter(|p| p.disk == create.at.disk);
    VolumeMetadata {
        capacity_bytes: create.capacity_bytes,
        created_seconds: create.created.seconds(),
        description: description.text(),
        disk_type: "DATA".into(),
        domain: create.at.domain,
        format: create.format,
        generation: found.map_or(0, |f| f.generation),
        disk: create.at.disk,
        legality: Legality::Legal,
        parent: create.parent.map(|(_, volume)| volume),
        sequence: below.map_or(1, |p| p.sequence.saturating_add(1)),
        sparse: create.sparse,
        role: VolumeRole::Leaf,
    }
}

impl Volume {
    /// Takes back a volume that could not be made, and its disk's directory when nothing else is in.
    fn remove_with(&self, disk: &Disk) -> Result<(), StorageError> {
        for path in [&self.data, &self.lease, &self.meta] {
            remove_file(path)?;
        }
        disk.remove_if_bare()
    }
}
