//! A disk's volumes on another storage domain: copied layer by layer, ids kept. Every function may
//! be run again from its start.

use crate::Rooms;
use crate::workers::{Worker, worker};
use base::{DiskId, StorageDomainId, Timestamp, VolumeId};
use domain::disks::{Disk, Volume};
use ports::hosts::{CopySource, VolumeAddress, VolumeCopy, VolumeCreate};
use serde::{Deserialize, Serialize};
use workflow::{Cx, StepError};

/// What is moved from where to where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Way {
    pub disk: DiskId,
    pub from: StorageDomainId,
    pub to: StorageDomainId,
    /// From the base up, as they were when the move was accepted.
    pub volumes: Vec<Volume>,
    pub alias: String,
    pub description: String,
    pub created: Timestamp,
    pub wipe: bool,
    /// Bytes on the target, once known.
    pub actual_bytes: Option<u64>,
}

impl Way {
    pub(crate) fn of(disk: &Disk, to: StorageDomainId) -> Self {
        Way {
            disk: disk.id,
            from: disk.storage_domain,
            to,
            volumes: disk.volumes.clone(),
            alias: disk.name.clone(),
            description: disk.description.clone(),
            created: disk.created,
            wipe: disk.wipe_after_delete,
            actual_bytes: None,
        }
    }

    pub(crate) fn at(&self, domain: StorageDomainId, volume: VolumeId) -> VolumeAddress {
        VolumeAddress {
            domain,
            disk: self.disk,
            volume,
        }
    }

    /// How `volume` is made on `domain`, above `parent`.
    pub(crate) fn create(
        &self,
        domain: StorageDomainId,
        volume: &Volume,
        parent: Option<VolumeId>,
    ) -> VolumeCreate {
        VolumeCreate {
            at: self.at(domain, volume.id),
            format: volume.format,
            sparse: volume.sparse,
            capacity_bytes: volume.capacity_bytes,
            parent: parent.map(|parent| (self.disk, parent)),
            alias: self.alias.clone(),
            description: self.description.clone(),
            created: self.created,
        }
    }

    /// A host that reaches both domains.
    pub(crate) fn worker(&self, rooms: &Rooms, cx: &Cx) -> Result<Worker, StepError> {
        worker(rooms, &[self.from, self.to], self.disk.0, cx.attempt)
    }
}

/// Makes every volume anew on the target and fills it.
pub(crate) async fn copy_all(rooms: &Rooms, cx: &Cx, way: &mut Way) -> Result<(), StepError> {
    let worker = way.worker(rooms, cx)?;
    let doing = format!("copy disk {}", way.alias);
    // What an earlier try left can't be told from what it completed.
    remove_target(rooms, cx, way).await?;
    let mut parent = None;
    let mut bytes = 0;
    for volume in &way.volumes {
        let create = way.create(way.to, volume, parent);
        let made = worker.session.volume_create(create).await;
        made.map_err(|e| worker.refused(&doing, &e))?;
        let from = way.at(way.from, volume.id);
        let copy = VolumeCopy {
            source: match parent {
                None => CopySource::Volume(from),
                Some(_) => CopySource::Layer(from),
            },
            to: way.at(way.to, volume.id),
        };
        let copied = worker.session.volume_copy(copy).await;
        bytes += copied.map_err(|e| worker.refused(&doing, &e))?.actual_bytes;
        parent = Some(volume.id);
    }
    way.actual_bytes = Some(bytes);
    Ok(())
}

/// Takes what was made on the target away; fine where there is nothing.
pub(crate) async fn remove_target(rooms: &Rooms, cx: &Cx, way: &Way) -> Result<(), StepError> {
    let worker = worker(rooms, &[way.to], way.disk.0, cx.attempt)?;
    worker
        .session
        .disk_remove(way.to, way.disk, false)
        .await
        .map_err(|e| worker.refused(&format!("remove the copy of disk {}", way.alias), &e))
}

/// Takes the disk away from where it was.
pub(crate) async fn remove_source(rooms: &Rooms, cx: &Cx, way: &Way) -> Result<(), StepError> {
    let worker = worker(rooms, &[way.from], way.disk.0, cx.attempt)?;
    worker
        .session
        .disk_remove(way.from, way.disk, way.wipe)
        .await
        .map_err(|e| worker.refused(&format!("remove the old files of disk {}", way.alias), &e))
}
