//! Removing a VM, with its disks or without.

use super::add::held;
use crate::deciding::decide;
use crate::disks::making::held as disk_held;
use crate::disks::remove::{erase, illegal};
use crate::disks::rules;
use crate::{Accepted, Rooms, checks, memberships, permissions};
use access::Permitted;
use async_trait::async_trait;
use audit::AuditEvent;
use base::{DiskId, Fault, VmId, WorkflowId};
use domain::disks::{Disk, DiskStatus};
use domain::vms::Vm;
use projection::Snapshot;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use store::Batch;
use workflow::{Cx, Outcome, StepDef, StepError, Workflow};

/// How to remove.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VmRemove {
    /// Keep its disks; they become free ones.
    pub detach_only: bool,
}

const VERB: &str = "Cannot remove VM";

/// Accepts the removal of a VM that is down. Disks that other VMs share are kept.
///
/// # Errors
/// 404 for an unknown VM; 409 when it runs, is locked or protected, one of its disks is locked or
/// lies on a domain that is not active, or a disk that is to be kept stands on a template.
pub async fn remove(
    call: &Permitted,
    rooms: &Rooms,
    id: VmId,
    options: VmRemove,
) -> Result<Accepted<VmId>, Fault> {
    let workflow = WorkflowId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let vm = checks::vm(snapshot, id)?;
        crate::restored::check_heard(snapshot, vm)?;
        check(vm)?;
        let disks = disks_to_remove(snapshot, vm, options)?;
        let mut batch = Batch::new();
        if disks.is_empty() {
            batch.event(AuditEvent::VmRemoved { vm: (**vm).clone() }.at(call, now));
            memberships::forget(snapshot, vm.id.0, &mut batch);
            batch.delete(vm.clone());
            return Ok((batch, Accepted::done(id)));
        }
        let memo = VmRemoveMemo {
            vm: id,
            disks: disks.iter().map(|d| d.id).collect(),
            illegal: Vec::new(),
        };
        let title = format!("Removing VM {}", vm.name);
        let row = rooms
            .workflows
            .draft::<RemoveVm>(workflow, call, title, vec![id.0], &memo)?;
        let mut next = (**vm).clone();
        next.locked_by = Some(workflow);
        batch.put(next);
        for disk in disks {
            let mut next = (**disk).clone();
            // An illegal disk shows so until it is gone.
            if next.status == DiskStatus::Ok {
                next.status = DiskStatus::Locked;
            }
            next.locked_by = Some(workflow);
            batch.put(next);
        }
        batch.workflow(row);
        Ok((batch, Accepted::with_job(id, workflow)))
    })
    .await
}

fn check(vm: &Vm) -> Result<(), Fault> {
    checks::vm_is_free(vm, VERB)?;
    if vm.run.is_some() {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_VM_IS_RUNNING",
            format!("{VERB}. VM {} is running; shut it down first.", vm.name),
        ));
    }
    if vm.delete_protected {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_DELETE_PROTECTION_ENABLED",
            format!(
                "{VERB}. VM {} is protected from removal; switch the protection off first.",
                vm.name
            ),
        ));
    }
    Ok(())
}

/// The disks that go with it.
fn disks_to_remove<'a>(
    snapshot: &'a Snapshot,
    vm: &Vm,
    options: VmRemove,
) -> Result<Vec<&'a Arc<Disk>>, Fault> {
    let mut disks = Vec::new();
    for attachment in &vm.hardware.disks {
        let disk = checks::disk(snapshot, attachment.disk)?;
        checks::disk_is_free(disk, VERB)?;
        if snapshot.vms_with_disk(disk.id).count() > 1 {
            continue;
        }
        if options.detach_only {
            if disk.backing.is_some() {
                return Err(Fault::conflict(
                    "VM_CANNOT_REMOVE_WITH_DETACH_DISKS_BASED_ON_TEMPLATE",
                    format!(
                        "{VERB}. Disk {} stands on a template's disk and can't be kept without the VM.",
                        disk.name
                    ),
                ));
            }
            continue;
        }
        checks::domain_is_active(snapshot, disk.storage_domain, VERB)?;
        disks.push(disk);
    }
    Ok(disks)
}

/// The variables of removing a VM.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VmRemoveMemo {
    vm: VmId,
    /// Still to be removed.
    disks: Vec<DiskId>,
    /// Names of those that could not be.
    illegal: Vec<String>,
}

/// The workflow `vm.remove`.
pub struct RemoveVm {
    /// Where it works.
    pub rooms: Rooms,
}

const REMOVE_DISKS: &str = "remove_disks";
const ATTEMPTS: u32 = 6;

impl RemoveVm {
    /// Removes the next disk, one commit each. One that can't be removed is illegal afterwards and
    /// doesn't keep the VM.
    async fn next_disk(&self, cx: &Cx, memo: &mut VmRemoveMemo) -> Result<Outcome, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let Some(id) = memo.disks.first().copied() else {
            return Ok(Outcome::Done(self.last(cx, memo)));
        };
        let Some(disk) = disk_held(&snapshot, cx.id, id) else {
            memo.disks.remove(0);
            return Ok(Outcome::Back(REMOVE_DISKS, Batch::new()));
        };
        let erased = erase(&self.rooms, cx, disk).await;
        if let (Err(StepError::Passing(fault)), true) = (&erased, cx.attempt < ATTEMPTS) {
            return Err(StepError::Passing(fault.clone()));
        }
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        if let Some(vm) = held(&snapshot, cx.id, memo.vm) {
            rules::put_without_disk(vm, id, &mut batch);
        }
        if let Some(disk) = disk_held(&snapshot, cx.id, id) {
            let now = self.rooms.clock.now();
            let event = match erased {
                Ok(()) => {
                    permissions::forget(&snapshot, id.0, &mut batch);
                    batch.delete(disk.clone());
                    AuditEvent::DiskRemoved { disk: disk.clone() }
                }
                Err(StepError::Passing(fault) | StepError::Final(fault)) => {
                    let next = illegal(disk);
                    batch.put(next.clone());
                    memo.illegal.push(disk.name.clone());
                    AuditEvent::DiskRemoveFailed {
                        disk: next,
                        message: fault.to_string(),
                    }
                }
            };
            batch.event(event.at(&cx.call, now));
        }
        memo.disks.remove(0);
        Ok(Outcome::Back(REMOVE_DISKS, batch))
    }

    /// The VM itself.
    fn last(&self, cx: &Cx, memo: &VmRemoveMemo) -> Batch {
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        if let Some(vm) = held(&snapshot, cx.id, memo.vm) {
            let event = if memo.illegal.is_empty() {
                AuditEvent::VmRemoved { vm: vm.clone() }
            } else {
                AuditEvent::VmRemovedWithIllegalDisks {
                    vm: vm.clone(),
                    disks: memo.illegal.clone(),
                }
            };
            batch.event(event.at(&cx.call, self.rooms.clock.now()));
            memberships::forget(&snapshot, vm.id.0, &mut batch);
            batch.delete(vm.clone());
        }
        batch
    }
}

#[async_trait]
impl Workflow for RemoveVm {
    type Memo = VmRemoveMemo;
    const KIND: &'static str = "vm.remove";
    const MEMO_VERSION: u32 = 1;
    const STEPS: &'static [StepDef] = &[StepDef::new(REMOVE_DISKS, "Removing the disks")
        .retry(ATTEMPTS, Duration::from_millis(250))
        .timeout(Duration::from_secs(3600))];

    async fn run(
        &self,
        _: &'static str,
        cx: &Cx,
        memo: &mut VmRemoveMemo,
    ) -> Result<Outcome, StepError> {
        self.next_disk(cx, memo).await
    }

    /// What is erased can't come back.
    async fn undo(
        &self,
        _: &'static str,
        _: &Cx,
        _: &mut VmRemoveMemo,
    ) -> Result<Batch, StepError> {
        Ok(Batch::new())
    }

    /// Cancelled: the VM stays with the disks that are left.
    async fn failed(
        &self,
        cx: &Cx,
        memo: &VmRemoveMemo,
        fault: &Fault,
        _: bool,
    ) -> Result<Batch, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        for (index, id) in memo.disks.iter().enumerate() {
            if let Some(disk) = disk_held(&snapshot, cx.id, *id) {
                let mut next = illegal(disk);
                if index > 0 && disk.status == DiskStatus::Locked {
                    // Its turn had not come.
                    next.status = DiskStatus::Ok;
                }
                batch.put(next);
            }
        }
        if let Some(vm) = held(&snapshot, cx.id, memo.vm) {
            let mut next = vm.clone();
            next.locked_by = None;
            let event = AuditEvent::VmRemoveFailed {
                vm: next.clone(),
                message: fault.to_string(),
            };
            batch.event(event.at(&cx.call, cx.now));
            batch.put(next);
        }
        Ok(batch)
    }
}
