//! Making the volumes of disks on storage and filling them: the steps that adding disks, VMs and
//! templates share. Every function may be run again from its start.

use crate::workers::{Worker, worker, worker_at};
use crate::{Rooms, permissions};
use base::{DiskId, HostId, StorageDomainId, Timestamp, VolumeId, WorkflowId};
use domain::disks::{BackingVolume, Disk, DiskFormat, DiskStatus, Volume};
use ports::hosts::{CopySource, VolumeAddress, VolumeCopy, VolumeCreate, VolumeInfo};
use projection::Snapshot;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::Batch;
use workflow::{Cx, StepDef, StepError};

/// The step that makes volumes.
pub(crate) const CREATE: StepDef = StepDef::new("create_disks", "Creating the disks on storage")
    .retry(8, Duration::from_millis(250))
    .timeout(Duration::from_secs(600));
/// The step that fills them.
pub(crate) const COPY: StepDef = StepDef::new("copy_disks", "Copying the content of the disks")
    .retry(8, Duration::from_millis(250))
    .timeout(Duration::from_secs(24 * 3600));

/// One disk that is being made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Making {
    /// The disk.
    pub disk: DiskId,
    /// Where it lies.
    pub domain: StorageDomainId,
    volume: VolumeId,
    format: DiskFormat,
    sparse: bool,
    capacity_bytes: u64,
    backing: Option<BackingVolume>,
    alias: String,
    description: String,
    created: Timestamp,
    /// What it is filled with; an empty disk without.
    fill: Option<Fill>,
    /// Bytes it takes on storage, once known.
    actual_bytes: Option<u64>,
}

/// What fills a disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Fill {
    /// Another volume, flattened.
    Volume(VolumeAddress),
    /// A file of one host.
    File {
        /// The host.
        host: HostId,
        /// Absolute path.
        path: String,
        /// The file's format.
        format: DiskFormat,
    },
}

impl Making {
    /// How a disk with one volume is made; `None` when it has none (a defect).
    pub(crate) fn of(disk: &Disk, fill: Option<Fill>) -> Option<Self> {
        let volume = disk.active_volume()?;
        Some(Making {
            disk: disk.id,
            domain: disk.storage_domain,
            volume: volume.id,
            format: volume.format,
            sparse: volume.sparse,
            capacity_bytes: volume.capacity_bytes,
            backing: disk.backing,
            alias: disk.name.clone(),
            description: disk.description.clone(),
            created: disk.created,
            fill,
            actual_bytes: None,
        })
    }

    fn address(&self) -> VolumeAddress {
        VolumeAddress {
            domain: self.domain,
            disk: self.disk,
            volume: self.volume,
        }
    }

    /// The host that may fill it, and the domains a host needs for it.
    fn worker(&self, rooms: &Rooms, cx: &Cx) -> Result<Worker, StepError> {
        let mut domains = vec![self.domain];
        match &self.fill {
            Some(Fill::File { host, .. }) => return worker_at(rooms, *host),
            Some(Fill::Volume(from)) if from.domain != self.domain => domains.push(from.domain),
            _ => {}
        }
        worker(rooms, &domains, self.disk.0, cx.attempt)
    }
}

/// Makes every volume. One that is there already stays.
pub(crate) async fn create_all(
    rooms: &Rooms,
    cx: &Cx,
    makings: &mut [Making],
) -> Result<(), StepError> {
    for making in makings {
        let worker = making.worker(rooms, cx)?;
        let create = VolumeCreate {
            at: making.address(),
            format: making.format,
            sparse: making.sparse,
            capacity_bytes: making.capacity_bytes,
            parent: making.backing.map(|b| (b.disk, b.volume)),
            alias: making.alias.clone(),
            description: making.description.clone(),
            created: making.created,
        };
        let VolumeInfo { actual_bytes, .. } = worker
            .session
            .volume_create(create)
            .await
            .map_err(|e| worker.refused(&format!("create disk {}", making.alias), &e))?;
        making.actual_bytes = Some(actual_bytes);
    }
    Ok(())
}

/// Fills every volume that is to be filled, each from its start.
pub(crate) async fn fill_all(
    rooms: &Rooms,
    cx: &Cx,
    makings: &mut [Making],
) -> Result<(), StepError> {
    for making in makings {
        let source = match &making.fill {
            None => continue,
            Some(Fill::Volume(from)) => CopySource::Volume(*from),
            Some(Fill::File { path, format, .. }) => CopySource::File {
                path: path.clone(),
                format: *format,
            },
        };
        let worker = making.worker(rooms, cx)?;
        let copy = VolumeCopy {
            source,
            to: making.address(),
        };
        let VolumeInfo { actual_bytes, .. } = worker
            .session
            .volume_copy(copy)
            .await
            .map_err(|e| worker.refused(&format!("copy disk {}", making.alias), &e))?;
        making.actual_bytes = Some(actual_bytes);
    }
    Ok(())
}

/// Takes every disk away from storage again; fine where there is none.
pub(crate) async fn unmake_all(
    rooms: &Rooms,
    cx: &Cx,
    makings: &[Making],
) -> Result<(), StepError> {
    for making in makings {
        let worker = worker(rooms, &[making.domain], making.disk.0, cx.attempt)?;
        worker
            .session
            .disk_remove(making.domain, making.disk, false)
            .await
            .map_err(|e| worker.refused(&format!("remove disk {}", making.alias), &e))?;
    }
    Ok(())
}

/// Puts the disks that are made into the batch: usable and unlocked. Answers them.
pub(crate) fn finish_all(
    snapshot: &Snapshot,
    workflow: WorkflowId,
    makings: &[Making],
    batch: &mut Batch,
) -> Vec<Disk> {
    let mut done = Vec::new();
    for making in makings {
        if let Some(disk) = held(snapshot, workflow, making.disk) {
            let mut next = disk.clone();
            next.status = DiskStatus::Ok;
            next.locked_by = None;
            if let Some(bytes) = making.actual_bytes {
                next.actual_bytes = bytes;
            }
            batch.put(next.clone());
            done.push(next);
        }
    }
    done
}

/// Removes the disks that could not be made from the store. Answers them.
pub(crate) fn forget_all(
    snapshot: &Snapshot,
    workflow: WorkflowId,
    makings: &[Making],
    batch: &mut Batch,
) -> Vec<Disk> {
    let mut gone = Vec::new();
    for making in makings {
        if let Some(disk) = held(snapshot, workflow, making.disk) {
            permissions::forget(snapshot, disk.id.0, batch);
            batch.delete(disk.clone());
            gone.push(disk.clone());
        }
    }
    gone
}

/// The disk, if this workflow holds it.
pub(crate) fn held(snapshot: &Snapshot, workflow: WorkflowId, disk: DiskId) -> Option<&Disk> {
    snapshot
        .disk(disk)
        .map(|d| &**d)
        .filter(|d| d.locked_by == Some(workflow))
}

/// What a new disk is made of.
pub(crate) struct NewDisk {
    pub name: String,
    pub description: String,
    pub storage_domain: StorageDomainId,
    pub format: DiskFormat,
    pub sparse: bool,
    pub capacity_bytes: u64,
    pub backing: Option<BackingVolume>,
    pub workflow: WorkflowId,
    pub now: Timestamp,
}

/// A locked disk with one volume.
pub(crate) fn new_disk(random: &dyn base::Random, new: NewDisk) -> Disk {
    Disk {
        id: DiskId::random(random),
        generation: base::Generation::NEW,
        name: new.name,
        description: new.description,
        storage_domain: new.storage_domain,
        format: new.format,
        sparse: new.sparse,
        provisioned_bytes: new.capacity_bytes,
        actual_bytes: 0,
        volumes: vec![Volume {
            id: VolumeId::random(random),
            format: new.format,
            sparse: new.sparse,
            capacity_bytes: new.capacity_bytes,
        }],
        backing: new.backing,
        template: None,
        shareable: false,
        wipe_after_delete: false,
        propagate_errors: false,
        status: DiskStatus::Locked,
        locked_by: Some(new.workflow),
        created: new.now,
    }
}
