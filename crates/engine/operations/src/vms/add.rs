//! Making a VM from a template: at once from one without disks, else as a job.

use super::hardware::{self, HardwareChange};
use super::macs::Macs;
use crate::deciding::decide;
use crate::disks::making::{self, Fill, Making, NewDisk};
use crate::disks::rules;
use crate::templates::add::DiskCopy;
use crate::{Accepted, Rooms, checks, memberships, permissions};
use access::Permitted;
use async_trait::async_trait;
use audit::AuditEvent;
use base::{Call, ClusterId, Fault, Generation, NicId, StorageDomainId, TemplateId};
use base::{Timestamp, VmId, WorkflowId};
use domain::Noun;
use domain::disks::{BackingVolume, Disk, DiskFormat};
use domain::names::{self, Alphabet};
use domain::roles::known;
use domain::templates::Template;
use domain::vms::{DiskAttachment, Vm};
use ports::hosts::VolumeAddress;
use projection::Snapshot;
use serde::{Deserialize, Serialize};
use store::Batch;
use workflow::{Cx, Outcome, StepDef, StepError, Workflow, mark_done};

/// The VM to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct VmAdd {
    /// Name.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Free text.
    pub comment: String,
    /// Its cluster.
    pub cluster: ClusterId,
    /// The template it is made from; `TemplateId::BLANK` for none.
    pub template: TemplateId,
    /// What differs from the template's hardware.
    pub hardware: HardwareChange,
    /// Removal is refused.
    pub delete_protected: bool,
    /// Copy the template's disks instead of standing on them.
    pub clone: bool,
    /// Where its disks lie; `None` is where the template's lie. Another one needs `clone`.
    pub storage_domain: Option<StorageDomainId>,
    /// What differs for single disks of the template.
    pub disks: Vec<DiskCopy>,
}

impl VmAdd {
    /// A VM with a name in a cluster, everything else as the template has it.
    #[must_use]
    pub fn new(name: impl Into<String>, cluster: ClusterId, template: TemplateId) -> Self {
        VmAdd {
            name: name.into(),
            description: String::new(),
            comment: String::new(),
            cluster,
            template,
            hardware: HardwareChange::default(),
            delete_protected: false,
            clone: false,
            storage_domain: None,
            disks: Vec::new(),
        }
    }
}

const VERB: &str = "Cannot add VM";

/// Accepts the making of a VM. With disks it is there at once, `image_locked` until they are made.
///
/// # Errors
/// 400 for a bad name or hardware; 404 for an unknown cluster, template, disk or domain; 409 for a
/// name in use, a locked template, a template of another data center, or a domain that can't be used.
pub async fn add(call: &Permitted, rooms: &Rooms, add: VmAdd) -> Result<Accepted<VmId>, Fault> {
    check_texts(&add.name, &add.description, &add.comment)?;
    let workflow = WorkflowId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let template = checks::template(snapshot, add.template)?;
        let mut vm = vm_of(call, rooms, snapshot, &add, template, now)?;
        let (disks, makings) = disks_of(rooms, snapshot, &add, template, workflow, &mut vm, now)?;
        let id = vm.id;
        let mut batch = Batch::new();
        let made = (known::USER_VM_MANAGER, Noun::Vm, id.0);
        permissions::to_maker(call, snapshot, rooms, made, now, &mut batch);
        let mut subjects = vec![id.0, template.id.0];
        subjects.extend(disks.iter().map(|d| d.storage_domain.0));
        let bare = makings.is_empty();
        let memo = VmAddMemo {
            vm: id,
            disks: makings,
        };
        let title = format!("Creating VM {} from Template {}", vm.name, template.name);
        let mut row = rooms
            .workflows
            .draft::<AddVm>(workflow, call, title, subjects, &memo)?;
        if bare {
            // Nothing is left to do: the job is over in this commit, and is found all the same.
            for step in AddVm::STEPS {
                mark_done(&mut row, step.name, now);
            }
            batch.event(AuditEvent::VmAdded { vm: vm.clone() }.at(call, now));
            batch.put(vm);
            batch.workflow(row);
            return Ok((batch, Accepted::done(id)));
        }
        vm.locked_by = Some(workflow);
        // Put unchanged: whoever removes the template at the same moment loses.
        batch.put(template.clone());
        batch.event(AuditEvent::VmAddStarted { vm: vm.clone() }.at(call, now));
        batch.put(vm);
        for disk in disks {
            batch.put(disk);
        }
        batch.workflow(row);
        Ok((batch, Accepted::with_job(id, workflow)))
    })
    .await
}

/// Name, description and comment of a VM.
pub(crate) fn check_texts(name: &str, description: &str, comment: &str) -> Result<(), Fault> {
    names::check_name("VM", name, names::VM_NAME_MAX, Alphabet::International)?;
    names::check_text("description", description, names::DESCRIPTION_MAX)?;
    names::check_text("comment", comment, checks::COMMENT_MAX)
}

/// The VM without disks.
fn vm_of(
    call: &Call,
    rooms: &Rooms,
    snapshot: &Snapshot,
    add: &VmAdd,
    template: &Template,
    now: Timestamp,
) -> Result<Vm, Fault> {
    let cluster = checks::cluster(snapshot, add.cluster)?;
    checks::template_is_ok(template, VERB)?;
    if template
        .data_center
        .is_some_and(|dc| dc != cluster.data_center)
    {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_TEMPLATE_IS_INCOMPATIBLE",
            format!(
                "{VERB}. Template {} belongs to another data center than cluster {}.",
                template.name, cluster.name
            ),
        ));
    }
    name_is_free(snapshot, cluster.data_center, &add.name, VERB)?;
    let mut hardware = template.hardware.clone();
    hardware.disks.clear();
    add.hardware.apply(&mut hardware)?;
    hardware::check_hosts(snapshot, &hardware, cluster.id)?;
    if !hardware.nics.is_empty() {
        let mut macs = Macs::of(snapshot, cluster)?;
        for nic in &mut hardware.nics {
            nic.id = NicId::random(&*rooms.random);
            nic.mac = macs.next()?;
        }
    }
    Ok(Vm {
        id: VmId::random(&*rooms.random),
        generation: Generation::NEW,
        name: add.name.clone(),
        description: add.description.clone(),
        comment: add.comment.clone(),
        cluster: cluster.id,
        data_center: cluster.data_center,
        // A clone stands on nothing of the template.
        template: if add.clone {
            TemplateId::BLANK
        } else {
            template.id
        },
        hardware,
        delete_protected: add.delete_protected,
        run: None,
        run_epoch: 0,
        last_exit: None,
        locked_by: None,
        created: now,
        creator: checks::creator(call),
    })
}

/// No other VM of the data center has the name. (The store's claim decides; this says it better.)
pub(crate) fn name_is_free(
    snapshot: &Snapshot,
    data_center: base::DataCenterId,
    name: &str,
    verb: &str,
) -> Result<(), Fault> {
    match snapshot.vm_named(data_center, name) {
        None => Ok(()),
        Some(_) => Err(Fault::conflict(
            "ACTION_TYPE_FAILED_NAME_ALREADY_USED",
            format!("{verb}. The VM name {name} is already in use; choose another one."),
        )),
    }
}

/// The disks a template's disks become, with how they are made; they are attached to the VM.
fn disks_of(
    rooms: &Rooms,
    snapshot: &Snapshot,
    add: &VmAdd,
    template: &Template,
    workflow: WorkflowId,
    vm: &mut Vm,
    now: Timestamp,
) -> Result<(Vec<Disk>, Vec<Making>), Fault> {
    let sources = &template.hardware.disks;
    check_copies(
        &add.disks,
        sources,
        &format!("template {}", template.name),
        VERB,
    )?;
    let mut disks = Vec::new();
    let mut makings = Vec::new();
    for attachment in sources {
        let source = checks::disk(snapshot, attachment.disk)?;
        checks::disk_is_ok(source, VERB)?;
        let special = add.disks.iter().find(|d| d.source == source.id);
        let domain = special
            .and_then(|s| s.storage_domain)
            .or(add.storage_domain)
            .unwrap_or(source.storage_domain);
        let volume = source
            .active_volume()
            .ok_or_else(|| Fault::internal(format!("disk {} has no volume", source.id)))?;
        let (backing, fill, needed) = if add.clone {
            let from = VolumeAddress {
                domain: source.storage_domain,
                disk: source.id,
                volume: volume.id,
            };
            (None, Some(Fill::Volume(from)), source.actual_bytes)
        } else {
            if domain != source.storage_domain {
                return Err(Fault::conflict(
                    "ACTION_TYPE_FAILED_TEMPLATE_NOT_FOUND_ON_DESTINATION_DOMAIN",
                    format!(
                        "{VERB}. Disk {} of the template does not lie on that storage domain; \
                         make the VM as a clone or leave the domain out.",
                        source.name
                    ),
                ));
            }
            let backing = BackingVolume {
                disk: source.id,
                volume: volume.id,
            };
            (Some(backing), None, 0)
        };
        let (format, sparse) = if add.clone {
            (
                special.and_then(|s| s.format).unwrap_or(source.format),
                special.and_then(|s| s.sparse).unwrap_or(source.sparse),
            )
        } else {
            (DiskFormat::Cow, true)
        };
        rules::check_shape(format, sparse, false)?;
        let domain = checks::domain_has_space(snapshot, domain, needed, VERB)?;
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
            backing,
            workflow,
            now,
        };
        let mut disk = making::new_disk(&*rooms.random, new);
        disk.wipe_after_delete = source.wipe_after_delete;
        disk.propagate_errors = source.propagate_errors;
        vm.hardware.disks.push(DiskAttachment {
            disk: disk.id,
            ..attachment.clone()
        });
        makings.extend(Making::of(&disk, fill));
        disks.push(disk);
    }
    Ok((disks, makings))
}

/// Every special wish names a disk that is there.
pub(crate) fn check_copies(
    copies: &[DiskCopy],
    sources: &[DiskAttachment],
    of: &str,
    verb: &str,
) -> Result<(), Fault> {
    for copy in copies {
        if !sources.iter().any(|a| a.disk == copy.source) {
            return Err(Fault::bad_request(
                "ACTION_TYPE_FAILED_DISK_NOT_EXIST",
                format!("{verb}. The {of} has no disk `{}`.", copy.source),
            ));
        }
    }
    Ok(())
}

/// The variables of making a VM.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VmAddMemo {
    vm: VmId,
    disks: Vec<Making>,
}

/// The workflow `vm.add`.
pub struct AddVm {
    /// Where it works.
    pub rooms: Rooms,
}

#[async_trait]
impl Workflow for AddVm {
    type Memo = VmAddMemo;
    const KIND: &'static str = "vm.add";
    const MEMO_VERSION: u32 = 1;
    const STEPS: &'static [StepDef] = &[making::CREATE, making::COPY];

    async fn run(
        &self,
        step: &'static str,
        cx: &Cx,
        memo: &mut VmAddMemo,
    ) -> Result<Outcome, StepError> {
        if step == making::CREATE.name {
            making::create_all(&self.rooms, cx, &mut memo.disks).await?;
            return Ok(Outcome::Done(Batch::new()));
        }
        making::fill_all(&self.rooms, cx, &mut memo.disks).await?;
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        making::finish_all(&snapshot, cx.id, &memo.disks, &mut batch);
        if let Some(vm) = held(&snapshot, cx.id, memo.vm) {
            let mut next = vm.clone();
            next.locked_by = None;
            let event = AuditEvent::VmAddFinished { vm: next.clone() };
            batch.event(event.at(&cx.call, self.rooms.clock.now()));
            batch.put(next);
        }
        Ok(Outcome::Done(batch))
    }

    async fn undo(
        &self,
        step: &'static str,
        cx: &Cx,
        memo: &mut VmAddMemo,
    ) -> Result<Batch, StepError> {
        if step == making::CREATE.name {
            making::unmake_all(&self.rooms, cx, &memo.disks).await?;
        }
        Ok(Batch::new())
    }

    async fn failed(
        &self,
        cx: &Cx,
        memo: &VmAddMemo,
        fault: &Fault,
        _: bool,
    ) -> Result<Batch, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        if let Some(vm) = held(&snapshot, cx.id, memo.vm) {
            let event = AuditEvent::VmAddFailed {
                vm: vm.clone(),
                message: fault.to_string(),
            };
            batch.event(event.at(&cx.call, cx.now));
            memberships::forget(&snapshot, vm.id.0, &mut batch);
            batch.delete(vm.clone());
        }
        making::forget_all(&snapshot, cx.id, &memo.disks, &mut batch);
        Ok(batch)
    }
}

/// The VM, if this workflow holds it.
pub(crate) fn held(snapshot: &Snapshot, workflow: WorkflowId, vm: VmId) -> Option<&Vm> {
    snapshot
        .vm(vm)
        .map(|vm| &**vm)
        .filter(|vm| vm.locked_by == Some(workflow))
}
