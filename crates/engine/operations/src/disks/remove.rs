//! Removing a disk with its content.

use super::making::held;
use super::rules;
use crate::deciding::decide;
use crate::workers::worker;
use crate::{Accepted, Rooms, checks, permissions};
use access::Permitted;
use async_trait::async_trait;
use audit::AuditEvent;
use base::{DiskId, Fault, WorkflowId};
use domain::disks::{Disk, DiskStatus};
use projection::Snapshot;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::Batch;
use workflow::{Cx, Outcome, StepDef, StepError, Workflow};

const VERB: &str = "Cannot remove Virtual Disk";

/// Accepts the removal of a disk; at its end it is detached from the VMs that have it.
///
/// # Errors
/// 404 for an unknown disk; 409 when it is locked, a template's, a VM that has it runs or is locked,
/// its domain is not active, or thin disks stand on it.
pub async fn remove(
    call: &Permitted,
    rooms: &Rooms,
    id: DiskId,
) -> Result<Accepted<DiskId>, Fault> {
    let workflow = WorkflowId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let disk = checks::disk(snapshot, id)?;
        check(snapshot, disk)?;
        let mut subjects = vec![id.0];
        let mut batch = Batch::new();
        for vm in snapshot.vms_with_disk(id) {
            subjects.push(vm.id.0);
            // Put unchanged: a start at the same moment loses, or this does.
            batch.put(vm.clone());
        }
        let memo = DiskRemoveMemo { disk: id };
        let title = format!("Removing Disk {}", disk.name);
        let row = rooms
            .workflows
            .draft::<RemoveDisk>(workflow, call, title, subjects, &memo)?;
        let mut next = (**disk).clone();
        next.status = DiskStatus::Locked;
        next.locked_by = Some(workflow);
        batch.event(AuditEvent::DiskRemoveStarted { disk: next.clone() }.at(call, now));
        batch.put(next).workflow(row);
        Ok((batch, Accepted::with_job(id, workflow)))
    })
    .await
}

fn check(snapshot: &Snapshot, disk: &Disk) -> Result<(), Fault> {
    checks::disk_is_free(disk, VERB)?;
    if disk.template.is_some() {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_ILLEGAL_DISK_OPERATION",
            format!(
                "{VERB}. Disk {} belongs to a template; remove the template.",
                disk.name
            ),
        ));
    }
    let over: Vec<&str> = snapshot
        .disks_over(disk.id)
        .map(|d| d.name.as_str())
        .collect();
    if !over.is_empty() {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_DETECTED_DERIVED_DISKS",
            format!("{VERB}. These disks stand on it: {}.", over.join(", ")),
        ));
    }
    for vm in snapshot.vms_with_disk(disk.id) {
        checks::vm_is_down(vm, VERB)?;
        crate::restored::check_heard(snapshot, vm)?;
    }
    checks::domain_is_active(snapshot, disk.storage_domain, VERB)?;
    Ok(())
}

/// The variables of removing a disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiskRemoveMemo {
    disk: DiskId,
}

/// The workflow `disk.remove`.
pub struct RemoveDisk {
    /// Where it works.
    pub rooms: Rooms,
}

#[async_trait]
impl Workflow for RemoveDisk {
    type Memo = DiskRemoveMemo;
    const KIND: &'static str = "disk.remove";
    const MEMO_VERSION: u32 = 1;
    const STEPS: &'static [StepDef] = &[StepDef::new("remove", "Removing the disk from storage")
        .retry(6, Duration::from_millis(250))
        .timeout(Duration::from_secs(3600))];

    async fn run(
        &self,
        _: &'static str,
        cx: &Cx,
        memo: &mut DiskRemoveMemo,
    ) -> Result<Outcome, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let Some(disk) = held(&snapshot, cx.id, memo.disk) else {
            return Ok(Outcome::Done(Batch::new()));
        };
        erase(&self.rooms, cx, disk).await?;
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        if let Some(disk) = held(&snapshot, cx.id, memo.disk) {
            for vm in snapshot.vms_with_disk(disk.id) {
                rules::put_without_disk(vm, disk.id, &mut batch);
            }
            let event = AuditEvent::DiskRemoved { disk: disk.clone() };
            batch.event(event.at(&cx.call, self.rooms.clock.now()));
            permissions::forget(&snapshot, disk.id.0, &mut batch);
            batch.delete(disk.clone());
        }
        Ok(Outcome::Done(batch))
    }

    /// What is erased can't come back.
    async fn undo(
        &self,
        _: &'static str,
        _: &Cx,
        _: &mut DiskRemoveMemo,
    ) -> Result<Batch, StepError> {
        Ok(Batch::new())
    }

    /// The content can't be trusted any more, and may be there: the disk is illegal.
    async fn failed(
        &self,
        cx: &Cx,
        memo: &DiskRemoveMemo,
        fault: &Fault,
        _: bool,
    ) -> Result<Batch, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        if let Some(disk) = held(&snapshot, cx.id, memo.disk) {
            let next = illegal(disk);
            let event = AuditEvent::DiskRemoveFailed {
                disk: next.clone(),
                message: fault.to_string(),
            };
            batch.event(event.at(&cx.call, cx.now));
            batch.put(next);
        }
        Ok(batch)
    }
}

/// Erases a disk's files on storage.
pub(crate) async fn erase(rooms: &Rooms, cx: &Cx, disk: &Disk) -> Result<(), StepError> {
    let worker = worker(rooms, &[disk.storage_domain], disk.id.0, cx.attempt)?;
    worker
        .session
        .disk_remove(disk.storage_domain, disk.id, disk.wipe_after_delete)
        .await
        .map_err(|e| worker.refused(&format!("remove disk {}", disk.name), &e))
}

/// The disk unlocked and illegal: it can only be removed.
pub(crate) fn illegal(disk: &Disk) -> Disk {
    let mut next = disk.clone();
    next.status = DiskStatus::Illegal;
    next.locked_by = None;
    next
}
