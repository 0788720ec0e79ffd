//! Removing a template with its disks.

use super::add::held;
use crate::deciding::decide;
use crate::disks::making::held as disk_held;
use crate::disks::remove::{erase, illegal};
use crate::{Accepted, Rooms, checks, memberships, permissions};
use access::Permitted;
use async_trait::async_trait;
use audit::AuditEvent;
use base::{DiskId, Fault, TemplateId, WorkflowId};
use domain::disks::DiskStatus;
use domain::templates::{Template, TemplateStatus};
use projection::Snapshot;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::Batch;
use workflow::{Cx, Outcome, StepDef, StepError, Workflow};

const VERB: &str = "Cannot remove Template";

/// Accepts the removal of a template.
///
/// # Errors
/// 404 for an unknown one; 409 for Blank, a locked one, one that VMs stand on, or one with a disk on
/// a domain that is not active.
pub async fn remove(
    call: &Permitted,
    rooms: &Rooms,
    id: TemplateId,
) -> Result<Accepted<TemplateId>, Fault> {
    let workflow = WorkflowId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let template = checks::template(snapshot, id)?;
        check(snapshot, template)?;
        let mut batch = Batch::new();
        if template.hardware.disks.is_empty() {
            let event = AuditEvent::TemplateRemoved {
                template: (**template).clone(),
            };
            batch.event(event.at(call, now));
            memberships::forget(snapshot, template.id.0, &mut batch);
            batch.delete(template.clone());
            return Ok((batch, Accepted::done(id)));
        }
        let mut disks = Vec::new();
        for attachment in &template.hardware.disks {
            let disk = checks::disk(snapshot, attachment.disk)?;
            checks::disk_is_free(disk, VERB)?;
            checks::domain_is_active(snapshot, disk.storage_domain, VERB)?;
            let mut next = (**disk).clone();
            if next.status == DiskStatus::Ok {
                next.status = DiskStatus::Locked;
            }
            next.locked_by = Some(workflow);
            disks.push(next.id);
            batch.put(next);
        }
        let memo = TemplateRemoveMemo {
            template: id,
            disks,
        };
        let title = format!("Removing Template {}", template.name);
        let row =
            rooms
                .workflows
                .draft::<RemoveTemplate>(workflow, call, title, vec![id.0], &memo)?;
        let mut next = (**template).clone();
        next.status = TemplateStatus::Locked;
        next.locked_by = Some(workflow);
        batch.put(next).workflow(row);
        Ok((batch, Accepted::with_job(id, workflow)))
    })
    .await
}

fn check(snapshot: &Snapshot, template: &Template) -> Result<(), Fault> {
    if template.id == TemplateId::BLANK {
        return Err(Fault::conflict(
            "VMT_CANNOT_REMOVE_BLANK_TEMPLATE",
            format!(
                "{VERB}. Template {} is what other templates and VMs begin from; it stays.",
                template.name
            ),
        ));
    }
    if template.locked_by.is_some() {
        checks::template_is_ok(template, VERB)?;
    }
    let vms: Vec<&str> = snapshot
        .vms_of_template(template.id)
        .map(|vm| vm.name.as_str())
        .collect();
    if !vms.is_empty() {
        return Err(Fault::conflict(
            "VMT_CANNOT_REMOVE_DETECTED_DERIVED_VM",
            format!(
                "{VERB}. These VMs are made from template {}: {}.",
                template.name,
                vms.join(", ")
            ),
        ));
    }
    // A thin disk may have been detached from its VM.
    let over: Vec<&str> = template
        .hardware
        .disks
        .iter()
        .flat_map(|d| snapshot.disks_over(d.disk))
        .map(|d| d.name.as_str())
        .collect();
    if !over.is_empty() {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_DETECTED_DERIVED_DISKS",
            format!(
                "{VERB}. These disks stand on disks of template {}: {}.",
                template.name,
                over.join(", ")
            ),
        ));
    }
    Ok(())
}

/// The variables of removing a template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TemplateRemoveMemo {
    template: TemplateId,
    /// Still to be removed.
    disks: Vec<DiskId>,
}

/// The workflow `template.remove`.
pub struct RemoveTemplate {
    /// Where it works.
    pub rooms: Rooms,
}

const REMOVE_DISKS: &str = "remove_disks";

impl RemoveTemplate {
    /// Removes the next disk, one commit each; then the template.
    async fn next_disk(
        &self,
        cx: &Cx,
        memo: &mut TemplateRemoveMemo,
    ) -> Result<Outcome, StepError> {
        let mut batch = Batch::new();
        let Some(id) = memo.disks.first().copied() else {
            let snapshot = self.rooms.projection.snapshot();
            if let Some(template) = held(&snapshot, cx.id, memo.template) {
                let event = AuditEvent::TemplateRemoved {
                    template: template.clone(),
                };
                batch.event(event.at(&cx.call, self.rooms.clock.now()));
                memberships::forget(&snapshot, template.id.0, &mut batch);
                batch.delete(template.clone());
            }
            return Ok(Outcome::Done(batch));
        };
        let snapshot = self.rooms.projection.snapshot();
        if let Some(disk) = disk_held(&snapshot, cx.id, id) {
            erase(&self.rooms, cx, disk).await?;
        }
        let snapshot = self.rooms.projection.snapshot();
        if let Some(template) = held(&snapshot, cx.id, memo.template) {
            let mut next = template.clone();
            next.hardware.disks.retain(|d| d.disk != id);
            batch.put(next);
        }
        if let Some(disk) = disk_held(&snapshot, cx.id, id) {
            permissions::forget(&snapshot, id.0, &mut batch);
            batch.delete(disk.clone());
        }
        memo.disks.remove(0);
        Ok(Outcome::Back(REMOVE_DISKS, batch))
    }
}

#[async_trait]
impl Workflow for RemoveTemplate {
    type Memo = TemplateRemoveMemo;
    const KIND: &'static str = "template.remove";
    const MEMO_VERSION: u32 = 1;
    const STEPS: &'static [StepDef] = &[StepDef::new(REMOVE_DISKS, "Removing the disks")
        .retry(6, Duration::from_millis(250))
        .timeout(Duration::from_secs(3600))];

    async fn run(
        &self,
        _: &'static str,
        cx: &Cx,
        memo: &mut TemplateRemoveMemo,
    ) -> Result<Outcome, StepError> {
        self.next_disk(cx, memo).await
    }

    /// What is erased can't come back.
    async fn undo(
        &self,
        _: &'static str,
        _: &Cx,
        _: &mut TemplateRemoveMemo,
    ) -> Result<Batch, StepError> {
        Ok(Batch::new())
    }

    /// The template and what is left of its disks are illegal: they can only be removed.
    async fn failed(
        &self,
        cx: &Cx,
        memo: &TemplateRemoveMemo,
        fault: &Fault,
        _: bool,
    ) -> Result<Batch, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        for id in &memo.disks {
            if let Some(disk) = disk_held(&snapshot, cx.id, *id) {
                batch.put(illegal(disk));
            }
        }
        if let Some(template) = held(&snapshot, cx.id, memo.template) {
            let mut next = template.clone();
            next.status = TemplateStatus::Illegal;
            next.locked_by = None;
            let event = AuditEvent::TemplateRemoveFailed {
                template: next.clone(),
                message: fault.to_string(),
            };
            batch.event(event.at(&cx.call, cx.now));
            batch.put(next);
        }
        Ok(batch)
    }
}
