//! Making a template from a VM that is down: its disks are copied, flattened.

use crate::deciding::decide;
use crate::disks::making::{self, Fill, Making, NewDisk};
use crate::disks::rules;
use crate::vms::add::{check_copies, held as vm_held};
use crate::{Accepted, Rooms, checks, memberships, permissions};
use access::Permitted;
use async_trait::async_trait;
use audit::AuditEvent;
use base::{ClusterId, DiskId, Fault, Generation, StorageDomainId, TemplateId};
use base::{Timestamp, VmId, WorkflowId};
use domain::Noun;
use domain::disks::{Disk, DiskFormat};
use domain::names::{self, Alphabet};
use domain::roles::known;
use domain::templates::{Template, TemplateStatus};
use domain::vms::{DiskAttachment, Placement, Vm};
use ports::hosts::VolumeAddress;
use projection::Snapshot;
use serde::{Deserialize, Serialize};
use store::Batch;
use workflow::{Cx, Outcome, StepDef, StepError, Workflow};

/// The template to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateAdd {
    /// Name.
    pub name: String,
    /// Free text; `None` is the VM's.
    pub description: Option<String>,
    /// Free text; `None` is the VM's.
    pub comment: Option<String>,
    /// The VM it is made from.
    pub vm: VmId,
    /// Its cluster; `None` is the VM's.
    pub cluster: Option<ClusterId>,
    /// Where its disks lie; `None` is where the VM's lie.
    pub storage_domain: Option<StorageDomainId>,
    /// What differs for single disks of the VM.
    pub disks: Vec<DiskCopy>,
}

/// How one disk is copied; `None` is as the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskCopy {
    /// The source.
    pub source: DiskId,
    /// Alias of the copy.
    pub name: Option<String>,
    /// Where it lies.
    pub storage_domain: Option<StorageDomainId>,
    /// Its format.
    pub format: Option<DiskFormat>,
    /// Thin.
    pub sparse: Option<bool>,
}

const VERB: &str = "Cannot add Template";

/// Accepts the making of a template: it is there at once, `locked` until its disks are copied; the
/// VM is locked meanwhile. Disks that several VMs share are left out, as oVirt does.
///
/// # Errors
/// 400 for a bad name; 404 for an unknown VM, cluster, disk or domain; 409 for a name in use, a VM
/// that is not down, a disk that can't be used, a domain that is not active or has too little space.
pub async fn add(
    call: &Permitted,
    rooms: &Rooms,
    add: TemplateAdd,
) -> Result<Accepted<TemplateId>, Fault> {
    let workflow = WorkflowId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let vm = checks::vm(snapshot, add.vm)?;
        checks::vm_is_down(vm, VERB)?;
        let mut template = template_of(rooms, snapshot, &add, vm, now)?;
        let (disks, makings) = disks_of(rooms, snapshot, &add, vm, &mut template, workflow, now)?;
        let id = template.id;
        let mut batch = Batch::new();
        let made = (known::TEMPLATE_OWNER, Noun::Template, id.0);
        permissions::to_maker(call, snapshot, rooms, made, now, &mut batch);
        if makings.is_empty() {
            let event = AuditEvent::TemplateAdded {
                template: template.clone(),
            };
            batch.event(event.at(call, now));
            // Put unchanged: a disk attached at the same moment must not be missed.
            batch.put(vm.clone()).put(template);
            return Ok((batch, Accepted::done(id)));
        }
        template.status = TemplateStatus::Locked;
        template.locked_by = Some(workflow);
        let mut next_vm = (**vm).clone();
        next_vm.locked_by = Some(workflow);
        let memo = TemplateAddMemo {
            template: id,
            vm: vm.id,
            disks: makings,
        };
        let title = format!("Creating Template {} from VM {}", template.name, vm.name);
        let mut subjects = vec![id.0, vm.id.0];
        subjects.extend(disks.iter().map(|d| d.storage_domain.0));
        let row = rooms
            .workflows
            .draft::<AddTemplate>(workflow, call, title, subjects, &memo)?;
        let event = AuditEvent::TemplateAddStarted {
            template: template.clone(),
            vm: vm.name.clone(),
        };
        batch.event(event.at(call, now));
        batch.put(template).put(next_vm);
        for disk in disks {
            batch.put(disk);
        }
        batch.workflow(row);
        Ok((batch, Accepted::with_job(id, workflow)))
    })
    .await
}

/// The template without disks.
fn template_of(
    rooms: &Rooms,
    snapshot: &Snapshot,
    add: &TemplateAdd,
    vm: &Vm,
    now: Timestamp,
) -> Result<Template, Fault> {
    let description = add.description.as_ref().unwrap_or(&vm.description);
    let comment = add.comment.as_ref().unwrap_or(&vm.comment);
    names::check_name(
        "template",
        &add.name,
        names::VM_NAME_MAX,
        Alphabet::International,
    )?;
    names::check_text("description", description, names::DESCRIPTION_MAX)?;
    names::check_text("comment", comment, checks::COMMENT_MAX)?;
    let cluster = checks::cluster(snapshot, add.cluster.unwrap_or(vm.cluster))?;
    if cluster.data_center != vm.data_center {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_CLUSTER_IN_DIFFERENT_DATA_CENTER",
            format!(
                "{VERB}. Cluster {} is in another data center.",
                cluster.name
            ),
        ));
    }
    let blank = snapshot
        .template(TemplateId::BLANK)
        .is_some_and(|b| names::claim_form(&b.name) == names::claim_form(&add.name));
    if blank || snapshot.template_named(vm.data_center, &add.name).is_some() {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_NAME_ALREADY_USED",
            format!(
                "{VERB}. The template name {} is already in use; choose another one.",
                add.name
            ),
        ));
    }
    let mut hardware = vm.hardware.clone();
    hardware.disks.clear();
    // Hosts of this VM are not hosts of the next.
    hardware.placement = Placement {
        hosts: Vec::new(),
        ..hardware.placement
    };
    Ok(Template {
        id: TemplateId::random(&*rooms.random),
        generation: Generation::NEW,
        name: add.name.clone(),
        description: description.clone(),
        comment: comment.clone(),
        cluster: Some(cluster.id),
        data_center: Some(cluster.data_center),
        version_number: 1,
        version_name: crate::bootstrap::BASE_VERSION.to_owned(),
        hardware,
        status: TemplateStatus::Ok,
        locked_by: None,
        created: now,
    })
}

/// Copies of the VM's disks, with how they are made; they belong to the template.
fn disks_of(
    rooms: &Rooms,
    snapshot: &Snapshot,
    add: &TemplateAdd,
    vm: &Vm,
    template: &mut Template,
    workflow: WorkflowId,
    now: Timestamp,
) -> Result<(Vec<Disk>, Vec<Making>), Fault> {
    let sources = &vm.hardware.disks;
    check_copies(&add.disks, sources, &format!("VM {}", vm.name), VERB)?;
    let mut disks = Vec::new();
    let mut makings = Vec::new();
    for attachment in sources {
        let source = checks::disk(snapshot, attachment.disk)?;
        checks::disk_is_ok(source, VERB)?;
        if source.shareable {
            continue;
        }
        let special = add.disks.iter().find(|d| d.source == source.id);
        let domain = special
            .and_then(|s| s.storage_domain)
            .or(add.storage_domain)
            .unwrap_or(source.storage_domain);
        let volume = source
            .active_volume()
            .ok_or_else(|| Fault::internal(format!("disk {} has no volume", source.id)))?;
        let format = special.and_then(|s| s.format).unwrap_or(source.format);
        let sparse = special.and_then(|s| s.sparse).unwrap_or(source.sparse);
        rules::check_shape(format, sparse, false)?;
        let domain = checks::domain_has_space(snapshot, domain, source.actual_bytes, VERB)?;
        checks::domain_is_of(domain, vm.data_center, VERB)?;
        let name = special
            .and_then(|s| s.name.clone())
            .unwrap_or_else(|| source.name.clone());
        rules::check_texts(&name, &source.description)?;
        let new = NewDisk {
            name,
            description: source.description.clone(),
            storage_domain: domain.id,
            format,
            sparse,
            capacity_bytes: source.provisioned_bytes,
            backing: None,
            workflow,
            now,
        };
        let mut disk = making::new_disk(&*rooms.random, new);
        disk.template = Some(template.id);
        disk.wipe_after_delete = source.wipe_after_delete;
        disk.propagate_errors = source.propagate_errors;
        template.hardware.disks.push(DiskAttachment {
            disk: disk.id,
            ..attachment.clone()
        });
        let from = VolumeAddress {
            domain: source.storage_domain,
            disk: source.id,
            volume: volume.id,
        };
        makings.extend(Making::of(&disk, Some(Fill::Volume(from))));
        disks.push(disk);
    }
    Ok((disks, makings))
}

/// The variables of making a template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TemplateAddMemo {
    template: TemplateId,
    vm: VmId,
    disks: Vec<Making>,
}

/// The workflow `template.add`.
pub struct AddTemplate {
    /// Where it works.
    pub rooms: Rooms,
}

#[async_trait]
impl Workflow for AddTemplate {
    type Memo = TemplateAddMemo;
    const KIND: &'static str = "template.add";
    const MEMO_VERSION: u32 = 1;
    const STEPS: &'static [StepDef] = &[making::CREATE, making::COPY];

    async fn run(
        &self,
        step: &'static str,
        cx: &Cx,
        memo: &mut TemplateAddMemo,
    ) -> Result<Outcome, StepError> {
        if step == making::CREATE.name {
            making::create_all(&self.rooms, cx, &mut memo.disks).await?;
            return Ok(Outcome::Done(Batch::new()));
        }
        making::fill_all(&self.rooms, cx, &mut memo.disks).await?;
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        making::finish_all(&snapshot, cx.id, &memo.disks, &mut batch);
        put_vm_free(&snapshot, cx.id, memo.vm, &mut batch);
        if let Some(template) = held(&snapshot, cx.id, memo.template) {
            let mut next = template.clone();
            next.status = TemplateStatus::Ok;
            next.locked_by = None;
            let event = AuditEvent::TemplateAdded {
                template: next.clone(),
            };
            batch.event(event.at(&cx.call, self.rooms.clock.now()));
            batch.put(next);
        }
        Ok(Outcome::Done(batch))
    }

    async fn undo(
        &self,
        step: &'static str,
        cx: &Cx,
        memo: &mut TemplateAddMemo,
    ) -> Result<Batch, StepError> {
        if step == making::CREATE.name {
            making::unmake_all(&self.rooms, cx, &memo.disks).await?;
        }
        Ok(Batch::new())
    }

    async fn failed(
        &self,
        cx: &Cx,
        memo: &TemplateAddMemo,
        fault: &Fault,
        _: bool,
    ) -> Result<Batch, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        making::forget_all(&snapshot, cx.id, &memo.disks, &mut batch);
        put_vm_free(&snapshot, cx.id, memo.vm, &mut batch);
        if let Some(template) = held(&snapshot, cx.id, memo.template) {
            let event = AuditEvent::TemplateAddFailed {
                template: template.clone(),
                message: fault.to_string(),
            };
            batch.event(event.at(&cx.call, cx.now));
            memberships::forget(&snapshot, template.id.0, &mut batch);
            batch.delete(template.clone());
        }
        Ok(batch)
    }
}

/// The template, if this workflow holds it.
pub(crate) fn held(
    snapshot: &Snapshot,
    workflow: WorkflowId,
    template: TemplateId,
) -> Option<&Template> {
    snapshot
        .template(template)
        .map(|t| &**t)
        .filter(|t| t.locked_by == Some(workflow))
}

fn put_vm_free(snapshot: &Snapshot, workflow: WorkflowId, vm: VmId, batch: &mut Batch) {
    if let Some(vm) = vm_held(snapshot, workflow, vm) {
        let mut next = vm.clone();
        next.locked_by = None;
        batch.put(next);
    }
}
