//! Moving a disk while a machine uses it.
//!
//! ```text
//! snapshot: a layer takes what the guest writes ─► copy: everything below it ─► mirror: the layer
//!   ─► (only forward from here) pivot: the guest uses the copy; rows say so ─► merge: the layer goes
//!   ─► delete_source
//! ```
//!
//! What QEMU uses is asked before it is changed. A machine that ends in the middle takes its mirror
//! with it: before the pivot the disk stays where it is, afterwards its layers are completed and
//! merged as files.

use super::chain::{self, Way};
use super::making::held;
use super::move_disk::{domain_name, stays};
use crate::Rooms;
use crate::workers::{Worker, worker_at};
use async_trait::async_trait;
use audit::AuditEvent;
use base::{Fault, HostId, StorageDomainId, VmId, VolumeId};
use domain::disks::{Disk, DiskFormat, DiskStatus, Volume};
use domain::vms::Vm;
use ports::hosts::{
    CopySource, DiskMerge, DiskMirror, DiskSnapshot, HostError, RunDisk, VolumeCopy,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::Batch;
use workflow::{Cx, Outcome, StepDef, StepError, Workflow};

/// The variables of moving a running machine's disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MoveLiveMemo {
    way: Way,
    vm: VmId,
    epoch: u64,
    host: HostId,
    /// The layer that takes what the guest writes meanwhile.
    layer: Volume,
    /// What it stands on.
    below: VolumeId,
}

/// What is remembered of a move that is accepted.
pub(super) fn memo(rooms: &Rooms, vm: &Vm, disk: &Disk, way: Way) -> Result<MoveLiveMemo, Fault> {
    let run = vm.run.as_ref();
    let placed = run.and_then(|run| Some((run.epoch, run.host?)));
    let (epoch, host) = placed.ok_or_else(|| Fault::internal("the VM has no host"))?;
    let top = disk
        .active_volume()
        .ok_or_else(|| Fault::internal(format!("disk {} has no volume", disk.id)))?;
    Ok(MoveLiveMemo {
        vm: vm.id,
        epoch,
        host,
        layer: Volume {
            id: VolumeId::random(&*rooms.random),
            format: DiskFormat::Cow,
            sparse: true,
            capacity_bytes: top.capacity_bytes,
        },
        below: top.id,
        way,
    })
}

impl MoveLiveMemo {
    fn of(&self) -> RunDisk {
        RunDisk {
            vm: self.vm,
            epoch: self.epoch,
            disk: self.way.disk,
        }
    }

    fn mirror(&self) -> DiskMirror {
        DiskMirror {
            of: self.of(),
            to: self.way.at(self.way.to, self.layer.id),
            format: self.layer.format,
            replaces: self.way.at(self.way.from, self.layer.id),
        }
    }

    fn merge_on(&self, domain: StorageDomainId) -> DiskMerge {
        DiskMerge {
            of: self.of(),
            top: self.way.at(domain, self.layer.id),
            base: self.way.at(domain, self.below),
        }
    }
}

/// The workflow `disk.move_live`.
pub struct MoveLiveDisk {
    /// Where it works.
    pub rooms: Rooms,
}

const SNAPSHOT: &str = "snapshot";
const COPY: &str = "copy";
const MIRROR: &str = "mirror";
const PIVOT: &str = "pivot";
const MERGE: &str = "merge";
const DELETE_SOURCE: &str = "delete_source";

/// Hosts answer when something happens or after a second; between two questions there is this.
const LOOK_EVERY: Duration = Duration::from_millis(50);

impl MoveLiveDisk {
    /// The machine's host, as long as the machine runs there.
    fn at_vm(&self, memo: &MoveLiveMemo) -> Result<Option<Worker>, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let run = snapshot.vm(memo.vm).and_then(|vm| vm.run.as_ref());
        match run.is_some_and(|run| run.epoch == memo.epoch) {
            true => worker_at(&self.rooms, memo.host).map(Some),
            false => Ok(None),
        }
    }

    fn needs_vm(&self, memo: &MoveLiveMemo) -> Result<Worker, StepError> {
        self.at_vm(memo)?.ok_or_else(|| {
            StepError::Final(Fault::conflict(
                "ACTION_TYPE_FAILED_VM_IS_NOT_RUNNING",
                "The virtual machine ended while its disk was moved; the disk stays where it was.",
            ))
        })
    }

    fn soon(&self, percent: u8) -> Outcome {
        Outcome::Progress(percent, self.rooms.clock.now().after(LOOK_EVERY))
    }

    async fn snapshot(&self, cx: &Cx, memo: &MoveLiveMemo) -> Result<Batch, StepError> {
        let host = self.needs_vm(memo)?;
        let refused = |e: HostError| refused(&host, "put a layer on the disk", &e);
        let way = &memo.way;
        let create = way.create(way.from, &memo.layer, Some(memo.below));
        host.session.volume_create(create).await.map_err(refused)?;
        let snapshot = DiskSnapshot {
            of: memo.of(),
            layer: way.at(way.from, memo.layer.id),
            format: memo.layer.format,
        };
        host.session
            .disk_snapshot(snapshot)
            .await
            .map_err(refused)?;
        Ok(self.with_disk(cx, memo, |disk| {
            if disk.active_volume() != Some(&memo.layer) {
                disk.volumes.push(memo.layer.clone());
            }
        }))
    }

    /// The disk, changed, in a batch.
    fn with_disk(&self, cx: &Cx, memo: &MoveLiveMemo, change: impl FnOnce(&mut Disk)) -> Batch {
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        if let Some(disk) = held(&snapshot, cx.id, memo.way.disk) {
            let mut next = disk.clone();
            change(&mut next);
            batch.put(next);
        }
        batch
    }

    async fn mirror(&self, memo: &MoveLiveMemo) -> Result<Outcome, StepError> {
        let host = self.needs_vm(memo)?;
        let refused = |e: HostError| refused(&host, "mirror the disk", &e);
        let create = memo.way.create(memo.way.to, &memo.layer, Some(memo.below));
        host.session.volume_create(create).await.map_err(refused)?;
        let progress = host.session.disk_mirror(memo.mirror()).await;
        let progress = progress.map_err(refused)?;
        Ok(match progress.done {
            true => Outcome::Done(Batch::new()),
            false => self.soon(progress.percent.min(99)),
        })
    }

    async fn pivot(&self, cx: &Cx, memo: &MoveLiveMemo) -> Result<Outcome, StepError> {
        let way = &memo.way;
        match self.at_vm(memo)? {
            Some(host) => match host.session.disk_pivot(memo.mirror()).await {
                Ok(()) => {}
                // The mirror is gone or behind: it is begun again.
                Err(HostError::Refused { .. }) => {
                    let progress = host.session.disk_mirror(memo.mirror()).await;
                    let progress = progress.map_err(|e| refused(&host, "mirror the disk", &e))?;
                    return Ok(self.soon(progress.percent.min(99)));
                }
                Err(e) => return Err(refused(&host, "switch to the copy of the disk", &e)),
            },
            // It ended with its mirror: the layer is copied as a file.
            None => {
                let worker = way.worker(&self.rooms, cx)?;
                let copy = VolumeCopy {
                    source: CopySource::Layer(way.at(way.from, memo.layer.id)),
                    to: way.at(way.to, memo.layer.id),
                };
                match worker.session.volume_copy(copy).await {
                    // The host retires the old layer before the guest leaves it and removes it then: the
                    // guest had the copy.
                    Ok(_) | Err(HostError::NotFound { .. }) => {}
                    Err(e) => return Err(worker.refused("copy the disk's last layer", &e)),
                }
            }
        }
        Ok(Outcome::Done(self.with_disk(cx, memo, |disk| {
            disk.storage_domain = way.to;
            disk.actual_bytes = way.actual_bytes.unwrap_or(disk.actual_bytes);
        })))
    }

    /// Merges the layer into what it stands on, on that domain, and removes it; `Some` is how far.
    async fn merge(
        &self,
        cx: &Cx,
        memo: &MoveLiveMemo,
        domain: StorageDomainId,
    ) -> Result<Option<u8>, StepError> {
        let layer = memo.way.at(domain, memo.layer.id);
        let Some(host) = self.at_vm(memo)? else {
            let worker =
                crate::workers::worker(&self.rooms, &[domain], memo.way.disk.0, cx.attempt)?;
            let merged = worker.session.volume_merge(layer).await;
            merged.map_err(|e| worker.refused("merge the disk's last layer", &e))?;
            return Ok(None);
        };
        let doing = |e: HostError| refused(&host, "merge the disk's last layer", &e);
        let merged = host.session.disk_merge(memo.merge_on(domain)).await;
        let merged = merged.map_err(doing)?;
        if !merged.done {
            return Ok(Some(merged.percent.min(99)));
        }
        host.session.volume_remove(layer).await.map_err(doing)?;
        Ok(None)
    }

    /// The disk is whole, on its new domain.
    fn finished(&self, cx: &Cx, memo: &MoveLiveMemo) -> Batch {
        let mut batch = self.with_disk(cx, memo, |disk| {
            disk.volumes.retain(|v| v.id != memo.layer.id);
            disk.status = DiskStatus::Ok;
            disk.locked_by = None;
        });
        let snapshot = self.rooms.projection.snapshot();
        if let Some(disk) = held(&snapshot, cx.id, memo.way.disk) {
            let event = AuditEvent::DiskMoved {
                disk: disk.clone(),
                to: domain_name(&snapshot, memo.way.to),
            };
            batch.event(event.at(&cx.call, self.rooms.clock.now()));
        }
        batch
    }

    /// The row of the layer goes with the rest, in `failed`.
    async fn undo_snapshot(&self, cx: &Cx, memo: &MoveLiveMemo) -> Result<(), StepError> {
        while self.merge(cx, memo, memo.way.from).await?.is_some() {
            self.rooms.clock.sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    async fn undo_mirror(&self, memo: &MoveLiveMemo) -> Result<(), StepError> {
        let Some(host) = self.at_vm(memo)? else {
            return Ok(());
        };
        match host.session.disk_mirror_abort(memo.of()).await {
            Ok(()) => Ok(()),
            Err(e) => Err(refused(&host, "give up the copy of the disk", &e)),
        }
    }
}

/// What the machine's host says. A machine that is not there may have ended a moment ago, which is
/// known here soon.
fn refused(host: &Worker, doing: &str, error: &HostError) -> StepError {
    match error {
        HostError::NotFound { .. } => StepError::Passing(Fault::conflict(
            "ACTION_TYPE_FAILED_VM_IS_NOT_RUNNING",
            format!("Host {} could not {doing}: {error}", host.name),
        )),
        error => host.refused(doing, error),
    }
}

#[async_trait]
impl Workflow for MoveLiveDisk {
    type Memo = MoveLiveMemo;
    const KIND: &'static str = "disk.move_live";
    const MEMO_VERSION: u32 = 1;
    const STEPS: &'static [StepDef] = &[
        StepDef::new(SNAPSHOT, "Putting a layer on the disk")
            .retry(6, Duration::from_millis(250))
            .timeout(Duration::from_secs(24 * 3600)),
        StepDef::new(COPY, "Copying the disk to the other storage domain")
            .retry(6, Duration::from_millis(250))
            .timeout(Duration::from_secs(24 * 3600)),
        StepDef::new(MIRROR, "Mirroring what changed meanwhile")
            .retry(6, Duration::from_millis(250))
            .timeout(Duration::from_secs(24 * 3600))
            .no_return(),
        StepDef::new(PIVOT, "Switching to the copy")
            .retry(6, Duration::from_millis(250))
            .timeout(Duration::from_secs(24 * 3600)),
        StepDef::new(MERGE, "Merging the layer into the disk")
            .retry(6, Duration::from_millis(250))
            .timeout(Duration::from_secs(24 * 3600)),
        StepDef::new(DELETE_SOURCE, "Removing the disk's old files")
            .retry(6, Duration::from_millis(250))
            .timeout(Duration::from_secs(3600)),
    ];

    async fn run(
        &self,
        step: &'static str,
        cx: &Cx,
        memo: &mut MoveLiveMemo,
    ) -> Result<Outcome, StepError> {
        Ok(match step {
            SNAPSHOT => Outcome::Done(self.snapshot(cx, memo).await?),
            COPY => {
                self.needs_vm(memo)?;
                chain::copy_all(&self.rooms, cx, &mut memo.way).await?;
                Outcome::Done(Batch::new())
            }
            MIRROR => self.mirror(memo).await?,
            PIVOT => self.pivot(cx, memo).await?,
            MERGE => match self.merge(cx, memo, memo.way.to).await? {
                Some(percent) => self.soon(percent),
                None => Outcome::Done(self.finished(cx, memo)),
            },
            _ => {
                chain::remove_source(&self.rooms, cx, &memo.way).await?;
                Outcome::Done(Batch::new())
            }
        })
    }

    async fn undo(
        &self,
        step: &'static str,
        cx: &Cx,
        memo: &mut MoveLiveMemo,
    ) -> Result<Batch, StepError> {
        match step {
            SNAPSHOT => self.undo_snapshot(cx, memo).await?,
            COPY => chain::remove_target(&self.rooms, cx, &memo.way).await?,
            MIRROR => self.undo_mirror(memo).await?,
            _ => {}
        }
        Ok(Batch::new())
    }

    async fn failed(
        &self,
        cx: &Cx,
        memo: &MoveLiveMemo,
        fault: &Fault,
        _: bool,
    ) -> Result<Batch, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        Ok(stays(&snapshot, cx, &memo.way, fault, Some(memo.layer.id)))
    }
}
