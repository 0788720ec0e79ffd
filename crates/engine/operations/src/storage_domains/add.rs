//! Making a storage domain, attached to a data center and active at the end.

use crate::deciding::decide;
use crate::workers::worker_at;
use crate::{Accepted, Rooms, checks};
use access::Permitted;
use async_trait::async_trait;
use audit::AuditEvent;
use base::{DataCenterId, Fault, Generation, HostId, StorageDomainId, WorkflowId};
use domain::hosts::HostStatus;
use domain::names::{self, Alphabet};
use domain::storage::{StorageBacking, StorageDomain, StorageDomainStatus};
use ports::hosts::{HostError, StorageDomainSpec};
use projection::Snapshot;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::Batch;
use workflow::{Cx, Outcome, StepDef, StepError, Workflow};

/// The domain to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageDomainAdd {
    /// Name.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Free text.
    pub comment: String,
    /// The data center it is attached to.
    pub data_center: DataCenterId,
    /// The host that makes it.
    pub host: HostId,
    /// Where it lies.
    pub backing: StorageBacking,
}

const VERB: &str = "Cannot add Storage";

/// Accepts the making of a domain: it is there at once, `locked` until its host has written it. The
/// first one of a data center is its master.
///
/// # Errors
/// 400 for a bad name or path; 404 for an unknown host or data center; 409 for a name or place in
/// use, a host that is not up or of another data center, or a backing that does not fit the data
/// center (local or shared).
pub async fn add(
    call: &Permitted,
    rooms: &Rooms,
    add: StorageDomainAdd,
) -> Result<Accepted<StorageDomainId>, Fault> {
    names::check_name(
        "storage domain",
        &add.name,
        names::STORAGE_DOMAIN_NAME_MAX,
        Alphabet::Ascii,
    )?;
    names::check_text("description", &add.description, names::DESCRIPTION_MAX)?;
    names::check_text("comment", &add.comment, checks::COMMENT_MAX)?;
    check_backing(&add.backing)?;
    let workflow = WorkflowId::random(&*rooms.random);
    let id = StorageDomainId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        check_place(snapshot, &add)?;
        let domain = StorageDomain {
            id,
            generation: Generation::NEW,
            name: add.name.clone(),
            description: add.description.clone(),
            comment: add.comment.clone(),
            backing: add.backing.clone(),
            data_center: Some(add.data_center),
            status: StorageDomainStatus::Locked,
            master: !snapshot
                .storage_domains_of(add.data_center)
                .any(|d| d.master),
            warning_low_space_percent: rooms.settings.warning_low_space_percent,
            critical_space_gib: rooms.settings.critical_space_gib,
            created: now,
        };
        let memo = StorageDomainAddMemo {
            domain: id,
            host: add.host,
            unwritten: false,
        };
        let title = format!("Adding Storage Domain {}", domain.name);
        let subjects = vec![id.0, add.data_center.0];
        let row = rooms
            .workflows
            .draft::<AddStorageDomain>(workflow, call, title, subjects, &memo)?;
        let mut batch = Batch::new();
        batch.put(domain).workflow(row);
        Ok((batch, Accepted::with_job(id, workflow)))
    })
    .await
}

fn check_backing(backing: &StorageBacking) -> Result<(), Fault> {
    let path = backing.path();
    names::check_text("path", path, 4096)?;
    let absolute = path.starts_with('/');
    match backing {
        StorageBacking::LocalFs { .. } if !absolute => Err(Fault::bad_request(
            "VALIDATION_STORAGE_CONNECTION_INVALID_PATH",
            "The path of a local storage domain has to be absolute.",
        )),
        StorageBacking::PosixFs {
            path,
            vfs_type,
            mount_options,
        } => {
            names::check_text("vfs_type", vfs_type, 64)?;
            names::check_text("mount_options", mount_options, 500)?;
            if path.is_empty() || vfs_type.is_empty() {
                return Err(Fault::bad_request(
                    "VALIDATION_STORAGE_CONNECTION_EMPTY_CONNECTION",
                    "A POSIX storage domain needs a path and a file system type (`vfs_type`).",
                ));
            }
            Ok(())
        }
        StorageBacking::LocalFs { .. } => Ok(()),
    }
}

fn check_place(snapshot: &Snapshot, add: &StorageDomainAdd) -> Result<(), Fault> {
    let dc = snapshot
        .data_center(add.data_center)
        .ok_or_else(|| Fault::not_found("data center", add.data_center))?;
    let host = snapshot
        .host(add.host)
        .ok_or_else(|| Fault::not_found("host", add.host))?;
    if snapshot.storage_domain_named(&add.name).is_some() {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_STORAGE_DOMAIN_NAME_ALREADY_EXIST",
            format!(
                "{VERB}. The name {} is already in use; choose another one.",
                add.name
            ),
        ));
    }
    let local = matches!(add.backing, StorageBacking::LocalFs { .. });
    if local != dc.local {
        return Err(Fault::conflict(
            "ERROR_CANNOT_ATTACH_STORAGE_DOMAIN_STORAGE_TYPE_NOT_MATCH",
            format!(
                "{VERB}. Data center {} takes {} storage, `{}` is not.",
                dc.name,
                if dc.local { "local" } else { "shared" },
                add.backing.type_name()
            ),
        ));
    }
    let of_dc = snapshot
        .cluster(host.cluster)
        .is_some_and(|c| c.data_center == dc.id);
    if !of_dc {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_HOST_NOT_IN_DATA_CENTER",
            format!(
                "{VERB}. Host {} does not belong to data center {}.",
                host.name, dc.name
            ),
        ));
    }
    if snapshot.host_status(host.id) != Some(HostStatus::Up) {
        return Err(Fault::conflict(
            "VDS_ADD_STORAGE_SERVER_STATUS_MUST_BE_UP",
            format!("{VERB}. Host {} is not up.", host.name),
        ));
    }
    let used = snapshot
        .storage_domains()
        .find(|d| d.backing.path() == add.backing.path() && d.data_center == Some(dc.id));
    if let Some(used) = used {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_STORAGE_CONNECTION_ALREADY_EXISTS",
            format!(
                "{VERB}. Storage domain {} lies at {} already.",
                used.name,
                used.backing.path()
            ),
        ));
    }
    Ok(())
}

/// The variables of making a storage domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StorageDomainAddMemo {
    domain: StorageDomainId,
    host: HostId,
    /// The host has said that it did not write it, and so has left nothing of it. Journals of before
    /// this was known do not have it.
    #[serde(default)]
    unwritten: bool,
}

/// The workflow `storage_domain.add`.
pub struct AddStorageDomain {
    /// Where it works.
    pub rooms: Rooms,
}

const CREATE: &str = "create";
const ACTIVATE: &str = "activate";
const REACH: &str = "reach";
/// How long the job waits for the hosts to reach the new domain before it leaves that to them.
const REACH_LIMIT: Duration = Duration::from_secs(30);
/// How often it looks when nobody signals.
const REACH_PAUSE: Duration = Duration::from_secs(1);

/// The domain, if it is still being made.
fn held<'a>(snapshot: &'a Snapshot, memo: &StorageDomainAddMemo) -> Option<&'a StorageDomain> {
    snapshot
        .storage_domain(memo.domain)
        .map(|d| &**d)
        .filter(|d| d.status == StorageDomainStatus::Locked)
}

fn spec_of(domain: &StorageDomain) -> StorageDomainSpec {
    StorageDomainSpec {
        id: domain.id,
        backing: domain.backing.clone(),
        data_center: domain.data_center,
    }
}

#[async_trait]
impl Workflow for AddStorageDomain {
    type Memo = StorageDomainAddMemo;
    const KIND: &'static str = "storage_domain.add";
    const MEMO_VERSION: u32 = 1;
    // Once it is active, disks may be put on it: it is not taken back any more.
    const STEPS: &'static [StepDef] = &[
        StepDef::new(CREATE, "Creating the storage domain")
            .retry(5, Duration::from_millis(500))
            .timeout(Duration::from_secs(300)),
        StepDef::new(ACTIVATE, "Activating the storage domain")
            .retry(5, Duration::from_millis(500))
            .timeout(Duration::from_secs(300))
            .no_return(),
        StepDef::new(REACH, "Connecting hosts to the storage domain"),
    ];

    async fn run(
        &self,
        step: &'static str,
        cx: &Cx,
        memo: &mut StorageDomainAddMemo,
    ) -> Result<Outcome, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        if step == REACH {
            // Whoever waits for the job may use the domain at once.
            let status = snapshot.storage_domain_status(memo.domain);
            let over = cx.now >= cx.step_started.after(REACH_LIMIT);
            return Ok(match status {
                Some(StorageDomainStatus::Inactive | StorageDomainStatus::Unknown) if !over => {
                    Outcome::Wait(cx.now.after(REACH_PAUSE))
                }
                _ => Outcome::Done(Batch::new()),
            });
        }
        let Some(domain) = held(&snapshot, memo) else {
            return Ok(Outcome::Done(Batch::new()));
        };
        let spec = spec_of(domain);
        // After an engine's start its hosts come back one by one.
        let host = match worker_at(&self.rooms, memo.host) {
            Ok(host) if host.session.is_connected() => host,
            _ => return Ok(Outcome::Wait(cx.now.after(REACH_PAUSE))),
        };
        if step == CREATE {
            let made = host.session.storage_create(spec, domain.name.clone()).await;
            memo.unwritten = !matches!(made, Ok(_) | Err(HostError::Unreachable { .. }));
            made.map_err(|e| host.refused(&format!("create storage domain {}", domain.name), &e))?;
            return Ok(Outcome::Done(Batch::new()));
        }
        host.session
            .storage_connect(spec)
            .await
            .map_err(|e| host.refused(&format!("connect storage domain {}", domain.name), &e))?;
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        if let Some(domain) = held(&snapshot, memo) {
            let mut next = domain.clone();
            next.status = StorageDomainStatus::Active;
            let now = self.rooms.clock.now();
            let added = AuditEvent::StorageDomainAdded {
                domain: next.clone(),
            };
            let activated = AuditEvent::StorageDomainActivated {
                domain: next.clone(),
            };
            batch.event(added.at(&cx.call, now));
            batch.event(activated.at(&cx.call, now));
            batch.put(next);
        }
        Ok(Outcome::Done(batch))
    }

    async fn undo(
        &self,
        step: &'static str,
        _: &Cx,
        memo: &mut StorageDomainAddMemo,
    ) -> Result<Batch, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let Some(domain) = held(&snapshot, memo).filter(|_| step == CREATE && !memo.unwritten)
        else {
            return Ok(Batch::new());
        };
        let host = worker_at(&self.rooms, memo.host)?;
        match host.session.storage_remove(spec_of(domain)).await {
            Ok(()) => {}
            // The engine was restored from a backup of before it was in use: what it holds stays.
            Err(HostError::Refused { message }) => {
                tracing::warn!(storage_domain.id = %domain.id, "the files of storage domain {} stay: {message}", domain.name);
            }
            Err(e) => {
                return Err(host.refused(&format!("remove storage domain {}", domain.name), &e));
            }
        }
        Ok(Batch::new())
    }

    async fn failed(
        &self,
        cx: &Cx,
        memo: &StorageDomainAddMemo,
        fault: &Fault,
        _: bool,
    ) -> Result<Batch, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        if let Some(domain) = held(&snapshot, memo) {
            let event = AuditEvent::StorageDomainAddFailed {
                domain: domain.clone(),
                message: fault.to_string(),
            };
            batch.event(event.at(&cx.call, cx.now));
            batch.delete(domain.clone());
        }
        Ok(batch)
    }
}
