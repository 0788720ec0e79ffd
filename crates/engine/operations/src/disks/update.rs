//! Changing a disk's properties, its size included.

use super::{extend, rules};
use crate::deciding::decide;
use crate::{Accepted, Rooms, checks};
use access::Permitted;
use base::{DiskId, Fault, WorkflowId};
use domain::disks::Disk;
use projection::Snapshot;
use store::Batch;

/// What is to change; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiskUpdate {
    /// New alias.
    pub name: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// New virtual size in bytes; it can only grow.
    pub provisioned_bytes: Option<u64>,
    /// Several VMs may have it at once.
    pub shareable: Option<bool>,
    /// Overwrite when it is removed.
    pub wipe_after_delete: Option<bool>,
    /// Report I/O errors to the guest.
    pub propagate_errors: Option<bool>,
}

/// What a change comes to.
pub(crate) struct Decided {
    /// The disk as it is now.
    pub before: Disk,
    /// The disk with its new properties, the size not yet.
    pub next: Disk,
    /// The new size, if it grows.
    pub grow_to: Option<u64>,
}

const VERB: &str = "Cannot edit Virtual Disk";

/// Changes a disk; a larger size goes on as a job.
///
/// # Errors
/// As `extend`; 400 for a bad name or text; 409 when it is locked or illegal, or stops being
/// shareable while several VMs have it.
pub async fn update(
    call: &Permitted,
    rooms: &Rooms,
    id: DiskId,
    change: DiskUpdate,
) -> Result<Accepted<DiskId>, Fault> {
    let workflow = WorkflowId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let decided = decide_on(snapshot, checks::disk(snapshot, id)?, &change)?;
        let mut batch = Batch::new();
        let job = extend::put_change(
            call, rooms, snapshot, now, workflow, decided, None, &mut batch,
        )?;
        Ok((batch, Accepted { id, job }))
    })
    .await
}

/// Checks a change against a disk. Pure.
pub(crate) fn decide_on(
    snapshot: &Snapshot,
    disk: &Disk,
    change: &DiskUpdate,
) -> Result<Decided, Fault> {
    let mut next = disk.clone();
    if let Some(name) = &change.name {
        next.name.clone_from(name);
    }
    if let Some(description) = &change.description {
        next.description.clone_from(description);
    }
    next.shareable = change.shareable.unwrap_or(next.shareable);
    next.wipe_after_delete = change.wipe_after_delete.unwrap_or(next.wipe_after_delete);
    next.propagate_errors = change.propagate_errors.unwrap_or(next.propagate_errors);
    let wanted = match change.provisioned_bytes {
        None => disk.provisioned_bytes,
        Some(bytes) => rules::round_size(bytes)?,
    };
    let grow_to = (wanted != disk.provisioned_bytes).then_some(wanted);
    if next != *disk || grow_to.is_some() {
        checks::disk_is_ok(disk, VERB)?;
    }
    rules::check_texts(&next.name, &next.description)?;
    if next.shareable != disk.shareable {
        rules::check_shape(disk.format, disk.sparse, next.shareable)?;
        let vms: Vec<&str> = snapshot
            .vms_with_disk(disk.id)
            .map(|v| v.name.as_str())
            .collect();
        if !next.shareable && vms.len() > 1 {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_DISK_IS_ATTACHED_TO_SEVERAL_VMS",
                format!(
                    "{VERB}. Disk {} is attached to several VMs ({}); it has to stay shareable.",
                    disk.name,
                    vms.join(", ")
                ),
            ));
        }
        for vm in snapshot.vms_with_disk(disk.id) {
            checks::vm_is_down(vm, VERB)?;
        }
    }
    if let Some(bytes) = grow_to {
        extend::check_growth(snapshot, disk, bytes)?;
    }
    Ok(Decided {
        before: disk.clone(),
        next,
        grow_to,
    })
}
