//! Making a disk, free or attached to a VM.

use super::making::{self, Making, NewDisk};
use super::rules;
use crate::deciding::decide;
use crate::{Accepted, Rooms, checks, permissions};
use access::Permitted;
use async_trait::async_trait;
use audit::AuditEvent;
use base::{DiskId, Fault, StorageDomainId, VmId, WorkflowId};
use domain::Noun;
use domain::disks::{Disk, DiskFormat};
use domain::roles::known;
use domain::vms::{DiskAttachment, DiskInterface, Vm};
use projection::Snapshot;
use serde::{Deserialize, Serialize};
use store::Batch;
use workflow::{Cx, Outcome, StepDef, StepError, Workflow};

/// The disk to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskAdd {
    /// Alias; `None` takes `<vm>_Disk<n>` for an attached disk.
    pub name: Option<String>,
    /// Free text.
    pub description: String,
    /// Where it lies.
    pub storage_domain: StorageDomainId,
    /// Format; `None` is raw.
    pub format: Option<DiskFormat>,
    /// Thin; `None` is thin.
    pub sparse: Option<bool>,
    /// Virtual size in bytes; rounded up to a multiple of 512.
    pub provisioned_bytes: u64,
    /// Several VMs may have it at once.
    pub shareable: bool,
    /// Overwrite when it is removed.
    pub wipe_after_delete: bool,
    /// Report I/O errors to the guest.
    pub propagate_errors: bool,
    /// Attach it to a VM in the same commit.
    pub attach: Option<AttachTo>,
}

/// How a new disk is attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttachTo {
    /// The VM; it must be down.
    pub vm: VmId,
    /// Bus.
    pub interface: DiskInterface,
    /// Boot from it.
    pub bootable: bool,
    /// It is in the machine.
    pub active: bool,
    /// The guest may only read.
    pub read_only: bool,
    /// Hand discards down.
    pub pass_discard: bool,
}

const VERB: &str = "Cannot add Virtual Disk";

/// Accepts the making of a disk: it is there at once, `locked` until its volume is made.
///
/// # Errors
/// 400 for a bad name, size or combination of format and thinness; 404 for an unknown domain or VM;
/// 409 when the domain is not active or has too little space, or the VM runs or is locked, or has a
/// bootable disk already.
pub async fn add(call: &Permitted, rooms: &Rooms, add: DiskAdd) -> Result<Accepted<DiskId>, Fault> {
    let workflow = WorkflowId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let vm = match &add.attach {
            None => None,
            Some(to) => Some(checks::vm(snapshot, to.vm)?),
        };
        let name = match (&add.name, vm) {
            (Some(name), _) => name.clone(),
            (None, Some(vm)) => default_name(snapshot, vm),
            (None, None) => String::new(),
        };
        let format = add.format.unwrap_or(DiskFormat::Raw);
        let sparse = add.sparse.unwrap_or(true);
        rules::check_texts(&name, &add.description)?;
        rules::check_shape(format, sparse, add.shareable)?;
        let capacity_bytes = rules::round_size(add.provisioned_bytes)?;
        let needed = if sparse { 0 } else { capacity_bytes };
        let domain = checks::domain_has_space(snapshot, add.storage_domain, needed, VERB)?;

        let new = NewDisk {
            name,
            description: add.description.clone(),
            storage_domain: domain.id,
            format,
            sparse,
            capacity_bytes,
            backing: None,
            workflow,
            now,
        };
        let mut disk = making::new_disk(&*rooms.random, new);
        disk.shareable = add.shareable;
        disk.wipe_after_delete = add.wipe_after_delete;
        disk.propagate_errors = add.propagate_errors;

        let mut batch = Batch::new();
        // A domain that is reached again wakes an undo that was stuck.
        let mut subjects = vec![disk.id.0, domain.id.0];
        let mut next_vm = None;
        if let (Some(to), Some(vm)) = (&add.attach, vm) {
            checks::domain_is_of(domain, vm.data_center, VERB)?;
            rules::check_attachable(vm, to.bootable, to.active, to.read_only, to.interface)?;
            let mut next = (**vm).clone();
            next.hardware.disks.push(DiskAttachment {
                disk: disk.id,
                interface: to.interface,
                bootable: to.bootable,
                active: to.active,
                read_only: to.read_only,
                pass_discard: to.pass_discard,
            });
            subjects.push(vm.id.0);
            batch.put(next.clone());
            next_vm = Some(next);
        }
        let title = match &next_vm {
            None => format!("Adding Disk {}", disk.name),
            Some(vm) => format!("Adding Disk {} to VM {}", disk.name, vm.name),
        };
        let memo = DiskAddMemo {
            disk: made(&disk)?,
            vm: next_vm.as_ref().map(|vm| vm.id),
        };
        let row = rooms
            .workflows
            .draft::<AddDisk>(workflow, call, title, subjects, &memo)?;
        let id = disk.id;
        let event = AuditEvent::DiskAddStarted {
            disk: disk.clone(),
            vm: next_vm,
        };
        batch.event(event.at(call, now));
        batch.put(disk).workflow(row);
        let made = (known::DISK_OPERATOR, Noun::Disk, id.0);
        permissions::to_maker(call, snapshot, rooms, made, now, &mut batch);
        Ok((batch, Accepted::with_job(id, workflow)))
    })
    .await
}

/// How a disk without content is made.
fn made(disk: &Disk) -> Result<Making, Fault> {
    Making::of(disk, None).ok_or_else(|| Fault::internal(format!("disk {} has no volume", disk.id)))
}

/// `<vm>_Disk<n>`, the first that no disk of the VM has.
fn default_name(snapshot: &Snapshot, vm: &Vm) -> String {
    let taken: Vec<&str> = vm
        .hardware
        .disks
        .iter()
        .filter_map(|d| snapshot.disk(d.disk))
        .map(|d| d.name.as_str())
        .collect();
    (1..)
        .map(|n| format!("{}_Disk{n}", vm.name))
        .find(|name| !taken.contains(&name.as_str()))
        .unwrap_or_default()
}

/// The variables of making a disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiskAddMemo {
    disk: Making,
    vm: Option<VmId>,
}

/// The workflow `disk.add`.
pub struct AddDisk {
    /// Where it works.
    pub rooms: Rooms,
}

#[async_trait]
impl Workflow for AddDisk {
    type Memo = DiskAddMemo;
    const KIND: &'static str = "disk.add";
    const MEMO_VERSION: u32 = 1;
    const STEPS: &'static [StepDef] = &[making::CREATE];

    async fn run(
        &self,
        _: &'static str,
        cx: &Cx,
        memo: &mut DiskAddMemo,
    ) -> Result<Outcome, StepError> {
        let makings = std::slice::from_mut(&mut memo.disk);
        making::create_all(&self.rooms, cx, makings).await?;
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        let vm = memo.vm.and_then(|vm| snapshot.vm(vm));
        for disk in making::finish_all(&snapshot, cx.id, makings, &mut batch) {
            let event = AuditEvent::DiskAdded {
                disk,
                vm: vm.map(|vm| (**vm).clone()),
            };
            batch.event(event.at(&cx.call, self.rooms.clock.now()));
        }
        Ok(Outcome::Done(batch))
    }

    async fn undo(
        &self,
        _: &'static str,
        cx: &Cx,
        memo: &mut DiskAddMemo,
    ) -> Result<Batch, StepError> {
        making::unmake_all(&self.rooms, cx, std::slice::from_ref(&memo.disk)).await?;
        Ok(Batch::new())
    }

    async fn failed(
        &self,
        cx: &Cx,
        memo: &DiskAddMemo,
        fault: &Fault,
        _: bool,
    ) -> Result<Batch, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        let vm = memo.vm.and_then(|vm| snapshot.vm(vm));
        if let Some(vm) = vm {
            rules::put_without_disk(vm, memo.disk.disk, &mut batch);
        }
        for disk in making::forget_all(
            &snapshot,
            cx.id,
            std::slice::from_ref(&memo.disk),
            &mut batch,
        ) {
            let event = AuditEvent::DiskAddFailed {
                disk,
                vm: vm.map(|vm| (**vm).clone()),
                message: fault.to_string(),
            };
            batch.event(event.at(&cx.call, cx.now));
        }
        Ok(batch)
    }
}
