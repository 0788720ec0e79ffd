//! Importing an image file that lies on a host as a new disk.

use super::making::{self, Fill, Making, NewDisk};
use super::rules;
use crate::deciding::decide;
use crate::{Accepted, Rooms, checks};
use access::Permitted;
use async_trait::async_trait;
use audit::AuditEvent;
use base::{DiskId, Fault, FaultKind, HostId, StorageDomainId, WorkflowId};
use domain::hosts::HostStatus;
use ports::hosts::{HostError, ImageProbe};
use serde::{Deserialize, Serialize};
use store::Batch;
use workflow::{Cx, Outcome, StepDef, StepError, Workflow};

/// What is imported, and whereto.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskImport {
    /// Alias of the disk.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Absolute path of the file on the host.
    pub path: String,
    /// The host it lies on.
    pub host: HostId,
    /// Where the disk is to lie.
    pub storage_domain: StorageDomainId,
}

const VERB: &str = "Cannot import Virtual Disk";

/// Accepts the import: the disk is there at once, `locked` until its content is copied. The host is
/// asked before what the file is; the disk has its virtual size and format, and is thin.
///
/// # Errors
/// 400 for a bad name or path; 404 for an unknown host or domain; 409 when the host is not up or has
/// no such image, or the domain is not active, not reached by the host or has too little space; 503
/// when the host does not answer.
pub async fn import(
    call: &Permitted,
    rooms: &Rooms,
    import: DiskImport,
) -> Result<Accepted<DiskId>, Fault> {
    rules::check_texts(&import.name, &import.description)?;
    if !import.path.starts_with('/') || import.path.contains('\0') {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_PATH_NOT_ABSOLUTE",
            "The path of the image has to be absolute.",
        ));
    }
    check_place(rooms, &import)?;
    let probe = probe(rooms, &import).await?;
    let workflow = WorkflowId::random(&*rooms.random);
    let capacity_bytes = rules::round_size(probe.virtual_bytes)?;
    decide(rooms, |snapshot, now| {
        let domain =
            checks::domain_has_space(snapshot, import.storage_domain, probe.actual_bytes, VERB)?;
        let new = NewDisk {
            name: import.name.clone(),
            description: import.description.clone(),
            storage_domain: domain.id,
            format: probe.format,
            sparse: true,
            capacity_bytes,
            backing: None,
            workflow,
            now,
        };
        let disk = making::new_disk(&*rooms.random, new);
        let fill = Fill::File {
            host: import.host,
            path: import.path.clone(),
            format: probe.format,
        };
        let memo = DiskImportMemo {
            disk: Making::of(&disk, Some(fill))
                .ok_or_else(|| Fault::internal("a new disk has no volume"))?,
            path: import.path.clone(),
        };
        let title = format!("Importing Disk {}", disk.name);
        let subjects = vec![disk.id.0, domain.id.0];
        let row = rooms
            .workflows
            .draft::<ImportDisk>(workflow, call, title, subjects, &memo)?;
        let id = disk.id;
        let event = AuditEvent::DiskImportStarted {
            disk: disk.clone(),
            path: import.path.clone(),
        };
        let mut batch = Batch::new();
        batch.event(event.at(call, now));
        batch.put(disk).workflow(row);
        Ok((batch, Accepted::with_job(id, workflow)))
    })
    .await
}

/// The host is up and has the domain connected.
fn check_place(rooms: &Rooms, import: &DiskImport) -> Result<(), Fault> {
    let snapshot = rooms.projection.snapshot();
    let host = snapshot
        .host(import.host)
        .ok_or_else(|| Fault::not_found("host", import.host))?;
    let domain = checks::domain_is_active(&snapshot, import.storage_domain, VERB)?;
    if snapshot.host_status(host.id) != Some(HostStatus::Up) {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_VDS_STATUS_ILLEGAL",
            format!("{VERB}. Host {} is not up.", host.name),
        ));
    }
    let connected = snapshot
        .host_observed(host.id)
        .is_some_and(|o| o.storage.contains(&domain.id));
    if connected {
        return Ok(());
    }
    Err(Fault::conflict(
        "ACTION_TYPE_FAILED_NO_VDS_IN_POOL",
        format!(
            "{VERB}. Host {} has no connection to storage domain {}.",
            host.name, domain.name
        ),
    ))
}

async fn probe(rooms: &Rooms, import: &DiskImport) -> Result<ImageProbe, Fault> {
    let Some(session) = rooms.agents.session(import.host) else {
        return Err(Fault::unavailable(
            "VDS_NOT_CONNECTED",
            "The host is not connected.",
        ));
    };
    session
        .image_probe(import.path.clone())
        .await
        .map_err(|e| match e {
            HostError::Unreachable { .. } => {
                Fault::unavailable("VDS_NETWORK_ERROR", format!("{VERB}. {e}."))
            }
            e => Fault::new(
                FaultKind::Conflict,
                "ACTION_TYPE_FAILED_IMAGE_UNREADABLE",
                format!("{VERB}. {}: {e}", import.path),
            ),
        })
}

/// The variables of importing a disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiskImportMemo {
    disk: Making,
    path: String,
}

/// The workflow `disk.import`.
pub struct ImportDisk {
    /// Where it works.
    pub rooms: Rooms,
}

#[async_trait]
impl Workflow for ImportDisk {
    type Memo = DiskImportMemo;
    const KIND: &'static str = "disk.import";
    const MEMO_VERSION: u32 = 1;
    const STEPS: &'static [StepDef] = &[making::CREATE, making::COPY];

    async fn run(
        &self,
        step: &'static str,
        cx: &Cx,
        memo: &mut DiskImportMemo,
    ) -> Result<Outcome, StepError> {
        let makings = std::slice::from_mut(&mut memo.disk);
        if step == making::CREATE.name {
            making::create_all(&self.rooms, cx, makings).await?;
            return Ok(Outcome::Done(Batch::new()));
        }
        making::fill_all(&self.rooms, cx, makings).await?;
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        for disk in making::finish_all(&snapshot, cx.id, makings, &mut batch) {
            let path = memo.path.clone();
            let event = AuditEvent::DiskImported { disk, path };
            batch.event(event.at(&cx.call, self.rooms.clock.now()));
        }
        Ok(Outcome::Done(batch))
    }

    async fn undo(
        &self,
        step: &'static str,
        cx: &Cx,
        memo: &mut DiskImportMemo,
    ) -> Result<Batch, StepError> {
        if step == making::CREATE.name {
            making::unmake_all(&self.rooms, cx, std::slice::from_ref(&memo.disk)).await?;
        }
        Ok(Batch::new())
    }

    async fn failed(
        &self,
        cx: &Cx,
        memo: &DiskImportMemo,
        fault: &Fault,
        _: bool,
    ) -> Result<Batch, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        let makings = std::slice::from_ref(&memo.disk);
        for disk in making::forget_all(&snapshot, cx.id, makings, &mut batch) {
            let event = AuditEvent::DiskImportFailed {
                disk,
                path: memo.path.clone(),
                message: fault.to_string(),
            };
            batch.event(event.at(&cx.call, cx.now));
        }
        Ok(batch)
    }
}
