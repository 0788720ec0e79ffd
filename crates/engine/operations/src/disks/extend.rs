//! Growing a disk.

use super::making::held;
use super::update::{self, Decided, DiskUpdate};
use crate::workers::worker;
use crate::{Accepted, Rooms, checks};
use access::Permitted;
use async_trait::async_trait;
use audit::AuditEvent;
use base::{Call, DiskId, Fault, StorageDomainId, Timestamp, VmId, VolumeId, WorkflowId};
use domain::disks::{Disk, DiskStatus};
use ports::hosts::{HostError, VolumeAddress, VolumeInfo};
use projection::Snapshot;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::Batch;
use workflow::{Cx, Outcome, StepDef, StepError, Workflow};

const VERB: &str = "Cannot extend Virtual Disk";

/// Accepts the growing of a disk to `provisioned_bytes`; it is locked meanwhile. The same size as
/// now changes nothing.
///
/// # Errors
/// 404 for an unknown disk; 400 when it would shrink; 409 when it is not usable, is a template's, a
/// VM that has it runs, or the domain has too little space.
pub async fn extend(
    call: &Permitted,
    rooms: &Rooms,
    id: DiskId,
    provisioned_bytes: u64,
) -> Result<Accepted<DiskId>, Fault> {
    let change = DiskUpdate {
        provisioned_bytes: Some(provisioned_bytes),
        ..DiskUpdate::default()
    };
    update::update(call, rooms, id, change).await
}

/// The disk may grow to `bytes`.
pub(crate) fn check_growth(snapshot: &Snapshot, disk: &Disk, bytes: u64) -> Result<(), Fault> {
    if bytes < disk.provisioned_bytes {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_REQUESTED_DISK_SIZE_IS_TOO_SMALL",
            format!(
                "{VERB}. Disk {} has {} bytes and can't shrink to {bytes}.",
                disk.name, disk.provisioned_bytes
            ),
        ));
    }
    if disk.template.is_some() {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_ILLEGAL_DISK_OPERATION",
            format!("{VERB}. Disk {} belongs to a template.", disk.name),
        ));
    }
    for vm in snapshot.vms_with_disk(disk.id) {
        checks::vm_is_down(vm, VERB)?;
        let read_only = |d: &domain::vms::DiskAttachment| d.disk == disk.id && d.read_only;
        if vm.hardware.disks.iter().any(read_only) {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_CANNOT_RESIZE_READ_ONLY_DISK",
                format!("{VERB}. Disk {} is read-only in VM {}.", disk.name, vm.name),
            ));
        }
    }
    let more = if disk.sparse {
        0
    } else {
        bytes - disk.provisioned_bytes
    };
    checks::domain_has_space(snapshot, disk.storage_domain, more, VERB)?;
    Ok(())
}

/// Puts a decided change into the batch: properties at once, growth as a job. VMs that have the disk
/// are put unchanged beside a growing disk, so that none can start at the same moment; `put_already`
/// is in the batch.
#[expect(clippy::too_many_arguments, reason = "two verbs share one commit")]
pub(crate) fn put_change(
    call: &Call,
    rooms: &Rooms,
    snapshot: &Snapshot,
    now: Timestamp,
    workflow: WorkflowId,
    decided: Decided,
    put_already: Option<VmId>,
    batch: &mut Batch,
) -> Result<Option<WorkflowId>, Fault> {
    let Decided {
        before,
        mut next,
        grow_to,
    } = decided;
    if next != before {
        batch.event(AuditEvent::DiskUpdated { disk: next.clone() }.at(call, now));
    }
    let Some(bytes) = grow_to else {
        if next != before {
            batch.put(next);
        }
        return Ok(None);
    };
    let volume = next
        .active_volume()
        .ok_or_else(|| Fault::internal(format!("disk {} has no volume", next.id)))?;
    let memo = ExtendMemo {
        disk: next.id,
        domain: next.storage_domain,
        volume: volume.id,
        bytes,
        found: None,
    };
    let mut subjects = vec![next.id.0, next.storage_domain.0];
    for vm in snapshot.vms_with_disk(next.id) {
        subjects.push(vm.id.0);
        if Some(vm.id) != put_already {
            batch.put(vm.clone());
        }
    }
    let title = format!("Extending Disk {}", next.name);
    let row = rooms
        .workflows
        .draft::<ExtendDisk>(workflow, call, title, subjects, &memo)?;
    next.status = DiskStatus::Locked;
    next.locked_by = Some(workflow);
    batch.put(next).workflow(row);
    Ok(Some(workflow))
}

/// The variables of growing a disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExtendMemo {
    disk: DiskId,
    domain: StorageDomainId,
    volume: VolumeId,
    bytes: u64,
    /// How large the volume was found after a failure.
    found: Option<VolumeInfo>,
}

impl ExtendMemo {
    fn address(&self) -> VolumeAddress {
        VolumeAddress {
            domain: self.domain,
            disk: self.disk,
            volume: self.volume,
        }
    }
}

/// The workflow `disk.extend`.
pub struct ExtendDisk {
    /// Where it works.
    pub rooms: Rooms,
}

impl ExtendDisk {
    /// The disk as it is after it grew, unlocked.
    fn grown(disk: &Disk, info: VolumeInfo) -> Disk {
        let mut next = disk.clone();
        next.status = DiskStatus::Ok;
        next.locked_by = None;
        next.provisioned_bytes = info.capacity_bytes;
        next.actual_bytes = info.actual_bytes;
        if let Some(volume) = next.volumes.last_mut() {
            volume.capacity_bytes = info.capacity_bytes;
        }
        next
    }
}

#[async_trait]
impl Workflow for ExtendDisk {
    type Memo = ExtendMemo;
    const KIND: &'static str = "disk.extend";
    const MEMO_VERSION: u32 = 1;
    const STEPS: &'static [StepDef] = &[StepDef::new("extend", "Extending the disk on storage")
        .retry(6, Duration::from_millis(250))
        .timeout(Duration::from_secs(3600))];

    async fn run(
        &self,
        _: &'static str,
        cx: &Cx,
        memo: &mut ExtendMemo,
    ) -> Result<Outcome, StepError> {
        let worker = worker(&self.rooms, &[memo.domain], memo.disk.0, cx.attempt)?;
        let info = worker
            .session
            .volume_extend(memo.address(), memo.bytes)
            .await
            .map_err(|e| worker.refused("extend the disk", &e))?;
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        if let Some(disk) = held(&snapshot, cx.id, memo.disk) {
            let next = Self::grown(disk, info);
            let event = AuditEvent::DiskExtended { disk: next.clone() };
            batch.event(event.at(&cx.call, self.rooms.clock.now()));
            batch.put(next);
        }
        Ok(Outcome::Done(batch))
    }

    /// A volume can't shrink again. If it did grow, `failed` notes the disk as large as it is.
    async fn undo(
        &self,
        _: &'static str,
        cx: &Cx,
        memo: &mut ExtendMemo,
    ) -> Result<Batch, StepError> {
        let worker = worker(&self.rooms, &[memo.domain], memo.disk.0, cx.attempt)?;
        let info = match worker.session.volume_info(memo.address()).await {
            Ok(info) => info,
            Err(HostError::NotFound { .. }) => return Ok(Batch::new()),
            Err(e) => return Err(worker.refused("measure the disk", &e)),
        };
        memo.found = Some(info);
        Ok(Batch::new())
    }

    async fn failed(
        &self,
        cx: &Cx,
        memo: &ExtendMemo,
        fault: &Fault,
        _: bool,
    ) -> Result<Batch, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        if let Some(disk) = held(&snapshot, cx.id, memo.disk) {
            let mut next = match memo.found {
                Some(info) if info.capacity_bytes > disk.provisioned_bytes => {
                    Self::grown(disk, info)
                }
                _ => disk.clone(),
            };
            next.status = DiskStatus::Ok;
            next.locked_by = None;
            let event = AuditEvent::DiskExtendFailed {
                disk: next.clone(),
                wanted_bytes: memo.bytes,
                message: fault.to_string(),
            };
            batch.event(event.at(&cx.call, cx.now));
            batch.put(next);
        }
        Ok(batch)
    }
}
