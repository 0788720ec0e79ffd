//! Moving a disk to another storage domain: what is legal, and the move of a disk that no machine
//! uses. A running machine's disk goes another way (`move_live`).

use super::chain::{self, Way};
use super::making::held;
use super::move_live::{self, MoveLiveDisk};
use crate::deciding::decide;
use crate::{Accepted, Rooms, checks};
use access::Permitted;
use async_trait::async_trait;
use audit::AuditEvent;
use base::{DiskId, Fault, StorageDomainId, WorkflowId};
use domain::disks::{Disk, DiskStatus};
use domain::vms::Vm;
use domain::vms::status::VmStatus;
use projection::Snapshot;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::Batch;
use workflow::{Cx, Outcome, StepDef, StepError, Workflow};

const VERB: &str = "Cannot move Virtual Disk";

/// Accepts the move of a disk to another storage domain of its data center.
///
/// # Errors
/// 404 for an unknown disk or domain; 409 when the disk is locked, is there already, belongs to a
/// template or stands on one, or the domain is not active, too full or of another data center; when
/// the machine that uses it is not up or paused.
pub async fn move_disk(
    call: &Permitted,
    rooms: &Rooms,
    id: DiskId,
    to: StorageDomainId,
) -> Result<Accepted<DiskId>, Fault> {
    let workflow = WorkflowId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let disk = checks::disk(snapshot, id)?;
        check(rooms, snapshot, disk, to)?;
        let user = user_of(snapshot, disk)?;
        let mut batch = Batch::new();
        let mut subjects = vec![id.0, disk.storage_domain.0, to.0];
        for vm in snapshot.vms_with_disk(id) {
            subjects.push(vm.id.0);
            // Put unchanged: a start, a migration or a removal at the same moment loses, or this does.
            batch.put(vm.clone());
        }
        let way = Way::of(disk, to);
        let title = format!("Moving Disk {}", disk.name);
        let row = match user {
            None => rooms.workflows.draft::<MoveDisk>(
                workflow,
                call,
                title,
                subjects,
                &MoveMemo { way },
            )?,
            Some(vm) => {
                let memo = move_live::memo(rooms, vm, disk, way)?;
                rooms
                    .workflows
                    .draft::<MoveLiveDisk>(workflow, call, title, subjects, &memo)?
            }
        };
        let mut next = (**disk).clone();
        next.status = DiskStatus::Locked;
        next.locked_by = Some(workflow);
        let to = domain_name(snapshot, to);
        let disk = next.clone();
        batch.event(AuditEvent::DiskMoveStarted { disk, to }.at(call, now));
        batch.put(next).workflow(row);
        Ok((batch, Accepted::with_job(id, workflow)))
    })
    .await
}

fn check(
    rooms: &Rooms,
    snapshot: &Snapshot,
    disk: &Disk,
    to: StorageDomainId,
) -> Result<(), Fault> {
    let moving = rooms.workflows.unfinished(disk.id.0);
    if moving
        .iter()
        .any(|job| job.kind == MoveDisk::KIND || job.kind == MoveLiveDisk::KIND)
    {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_DISK_IS_BEING_MIGRATED",
            format!("{VERB}. Disk {} is being moved already.", disk.name),
        ));
    }
    checks::disk_is_ok(disk, VERB)?;
    checks::storage_domain(snapshot, to)?;
    if disk.storage_domain == to {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_SOURCE_AND_TARGET_SAME",
            format!(
                "{VERB}. Disk {} is on storage domain {} already.",
                disk.name,
                domain_name(snapshot, to)
            ),
        ));
    }
    let source = checks::domain_is_active(snapshot, disk.storage_domain, VERB)?;
    let bytes = match disk.sparse {
        true => disk.actual_bytes,
        false => disk.provisioned_bytes,
    };
    let target = checks::domain_has_space(snapshot, to, bytes, VERB)?;
    if let Some(center) = source.data_center {
        checks::domain_is_of(target, center, VERB)?;
    }
    if disk.template.is_some() || snapshot.disks_over(disk.id).next().is_some() {
        return Err(Fault::not_supported("moving a template's disk"));
    }
    if disk.backing.is_some() {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_TEMPLATE_NOT_FOUND_ON_DESTINATION_DOMAIN",
            format!(
                "{VERB}. Disk {} stands on a template's disk, which is not on storage domain {}.",
                disk.name, target.name
            ),
        ));
    }
    Ok(())
}

/// The running machine that uses the disk, if any.
fn user_of<'a>(snapshot: &'a Snapshot, disk: &Disk) -> Result<Option<&'a Vm>, Fault> {
    let mut user = None;
    for vm in snapshot.vms_with_disk(disk.id) {
        checks::vm_is_free(vm, VERB)?;
        let attachment = vm.hardware.disks.iter().find(|d| d.disk == disk.id);
        let Some(attachment) = attachment.filter(|a| a.active && vm.run.is_some()) else {
            continue;
        };
        if disk.shareable {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_SHAREABLE_DISK_NOT_SUPPORTED",
                format!(
                    "{VERB}. Disk {} is shareable and VM {} runs with it.",
                    disk.name, vm.name
                ),
            ));
        }
        if attachment.read_only {
            return Err(Fault::not_supported(
                "moving a read-only disk of a running VM",
            ));
        }
        let calm = vm.run.as_ref().is_some_and(|r| r.ending.is_none());
        match snapshot.vm_status(vm.id) {
            Some(VmStatus::Up | VmStatus::Paused) if calm => user = Some(&**vm),
            Some(VmStatus::Migrating) => {
                return Err(Fault::conflict(
                    "ACTION_TYPE_FAILED_VM_IS_BEING_MIGRATED",
                    format!("{VERB}. VM {} is being migrated.", vm.name),
                ));
            }
            _ => {
                return Err(Fault::conflict(
                    "CANNOT_LIVE_MIGRATE_VM_SHOULD_BE_IN_PAUSED_OR_UP_STATUS",
                    format!("{VERB}. VM {} has to be up, paused or down.", vm.name),
                ));
            }
        }
    }
    Ok(user)
}

pub(super) fn domain_name(snapshot: &Snapshot, id: StorageDomainId) -> String {
    snapshot
        .storage_domain(id)
        .map_or_else(|| id.to_string(), |d| d.name.clone())
}

/// The disk unlocked and without the layer that was put on it, and the event that it was not moved.
pub(super) fn stays(
    snapshot: &Snapshot,
    cx: &Cx,
    way: &Way,
    fault: &Fault,
    layer: Option<base::VolumeId>,
) -> Batch {
    let mut batch = Batch::new();
    if let Some(disk) = held(snapshot, cx.id, way.disk) {
        let mut next = disk.clone();
        next.status = DiskStatus::Ok;
        next.locked_by = None;
        next.volumes.retain(|v| Some(v.id) != layer);
        let event = AuditEvent::DiskMoveFailed {
            disk: next.clone(),
            to: domain_name(snapshot, way.to),
            message: fault.to_string(),
        };
        batch.event(event.at(&cx.call, cx.now));
        batch.put(next);
    }
    batch
}

/// The variables of moving a disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MoveMemo {
    way: Way,
}

/// The workflow `disk.move`.
pub struct MoveDisk {
    /// Where it works.
    pub rooms: Rooms,
}

const COPY: &str = "copy";
const SWITCH: &str = "switch";
const DELETE_SOURCE: &str = "delete_source";

impl MoveDisk {
    /// From now on the disk is there.
    fn switch(&self, cx: &Cx, way: &Way) -> Batch {
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        if let Some(disk) = held(&snapshot, cx.id, way.disk) {
            let mut next = disk.clone();
            next.storage_domain = way.to;
            next.actual_bytes = way.actual_bytes.unwrap_or(next.actual_bytes);
            next.status = DiskStatus::Ok;
            next.locked_by = None;
            let event = AuditEvent::DiskMoved {
                disk: next.clone(),
                to: domain_name(&snapshot, way.to),
            };
            batch.event(event.at(&cx.call, self.rooms.clock.now()));
            batch.put(next);
        }
        batch
    }
}

#[async_trait]
impl Workflow for MoveDisk {
    type Memo = MoveMemo;
    const KIND: &'static str = "disk.move";
    const MEMO_VERSION: u32 = 1;
    const STEPS: &'static [StepDef] = &[
        StepDef::new(COPY, "Copying the disk to the other storage domain")
            .retry(6, Duration::from_millis(250))
            .timeout(Duration::from_secs(24 * 3600)),
        StepDef::new(SWITCH, "Switching to the copy").no_return(),
        StepDef::new(DELETE_SOURCE, "Removing the disk's old files")
            .retry(6, Duration::from_millis(250))
            .timeout(Duration::from_secs(3600)),
    ];

    async fn run(
        &self,
        step: &'static str,
        cx: &Cx,
        memo: &mut MoveMemo,
    ) -> Result<Outcome, StepError> {
        match step {
            COPY => chain::copy_all(&self.rooms, cx, &mut memo.way).await?,
            SWITCH => return Ok(Outcome::Done(self.switch(cx, &memo.way))),
            _ => chain::remove_source(&self.rooms, cx, &memo.way).await?,
        }
        Ok(Outcome::Done(Batch::new()))
    }

    async fn undo(
        &self,
        step: &'static str,
        cx: &Cx,
        memo: &mut MoveMemo,
    ) -> Result<Batch, StepError> {
        if step == COPY {
            chain::remove_target(&self.rooms, cx, &memo.way).await?;
        }
        Ok(Batch::new())
    }

    async fn failed(
        &self,
        cx: &Cx,
        memo: &MoveMemo,
        fault: &Fault,
        _: bool,
    ) -> Result<Batch, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        Ok(stays(&snapshot, cx, &memo.way, fault, None))
    }
}
