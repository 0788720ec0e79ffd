//! An engine that goes on from a backup: it takes hosts back without doubling what runs on them.
//!
//! The backup is older than the world. Three things follow:
//!
//! * Epochs. Hosts may have heard newer fence epochs and newer runs than the backup holds. All epochs
//!   jump ahead at the restore, beyond what was given out meanwhile; where that was not far enough, a
//!   host tells the newest it knows, and [`reclaimed`] and the start of a VM go beyond that.
//! * Jobs that were under way. What they did afterwards is not known, so they are neither gone on with
//!   nor undone: both could destroy what came of them. They are ended, and a person must look. Only the
//!   making of a storage domain goes on: its steps find what was done by the domain's own id, and its
//!   way back removes nothing that holds a disk.
//! * VMs. Until a host has told what runs on it ([`Host::restored`]), a VM that is down here may run
//!   there: it is not started anywhere ([`check_heard`]). What a host tells first is taken over
//!   ([`taken_over`]).

use crate::Rooms;
use crate::deciding::decide;
use crate::storage_domains::add::AddStorageDomain;
use crate::vms::exit::run_ended;
use access::Permitted;
use audit::AuditEvent;
use base::{Call, Fault, HostId, Timestamp, VmId, WorkflowId};
use domain::disks::DiskStatus;
use domain::hosts::{Enrolment, Host};
use domain::jobs::{WorkflowRow, WorkflowState};
use domain::templates::TemplateStatus;
use domain::vms::{Exit, ExitReason, ExitStatus, Run, RunState, Vm};
use ports::hosts::{VmPhase, VmReport};
use projection::Snapshot;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use store::Batch;
use workflow::Workflow as _;

/// How far a fence epoch is put above one that a host has heard: an engine that was superseded counts
/// one up with each start, and must not come level.
const LEAP: u64 = 1 << 20;
/// No epoch that was honestly given out is higher.
const EPOCH_MAX: u64 = 1 << 62;

/// An epoch above `old` and above all that were given out before `now`, if clocks are right.
fn ahead(old: u64, now: Timestamp) -> u64 {
    let now = u64::try_from(now.0).unwrap_or(0);
    old.saturating_add(LEAP).max(now)
}

/// What is to be committed once, behind the rows of a backup that was made at `made`.
#[must_use]
pub fn after_restore(snapshot: &Snapshot, call: &Call, made: Timestamp, now: Timestamp) -> Batch {
    let mut batch = Batch::new();
    let mut jobs: HashMap<WorkflowId, &str> = HashMap::new();
    let mut titles = Vec::new();
    let lost = |row: &&Arc<WorkflowRow>| !row.state.is_over() && row.kind != AddStorageDomain::KIND;
    for row in snapshot.workflows().filter(lost) {
        jobs.insert(row.id, &row.kind);
        titles.push(row.title.clone());
        batch.workflow(ended(row, made, now));
    }
    for host in snapshot.hosts() {
        let mut next = (**host).clone();
        next.fence_epoch = ahead(host.fence_epoch, now);
        next.restored = Some(now);
        next.preparing = None;
        batch.put(next);
    }
    for vm in snapshot.vms() {
        let mut next = (**vm).clone();
        next.run_epoch = ahead(vm.run_epoch, now);
        next.locked_by = None;
        if let Some(run) = &mut next.run {
            run.migration = None;
        }
        batch.put(next);
    }
    for disk in snapshot.disks().filter(|d| d.locked_by.is_some()) {
        let mut next = (**disk).clone();
        // Its content was being made: it may be whole by now, or lack its end.
        let making = |kind: &&str| !matches!(*kind, "disk.move" | "disk.extend" | "template.add");
        let kind = next
            .locked_by
            .take()
            .and_then(|job| jobs.get(&job).copied());
        if next.status == DiskStatus::Locked {
            next.status = match kind.filter(making) {
                Some(_) => DiskStatus::Illegal,
                None => DiskStatus::Ok,
            };
        }
        batch.put(next);
    }
    for template in snapshot.templates().filter(|t| t.locked_by.is_some()) {
        let mut next = (**template).clone();
        next.locked_by = None;
        if next.status == TemplateStatus::Locked {
            next.status = TemplateStatus::Illegal;
        }
        batch.put(next);
    }
    batch.event(AuditEvent::EngineRestored { made, jobs: titles }.at(call, now));
    batch
}

fn ended(row: &WorkflowRow, made: Timestamp, now: Timestamp) -> WorkflowRow {
    let mut next = row.clone();
    next.revision += 1;
    next.state = WorkflowState::Failed;
    next.wake_at = None;
    next.ended = Some(now);
    next.fault = Some(Fault::conflict(
        "ENGINE_RESTORED",
        format!(
            "The engine was restored from a backup of {made}, when this was under way. What came of it is not known; nothing was undone."
        ),
    ));
    next
}

/// The host under a fence epoch above `newest`, which it obeys; `None` when this engine must not take
/// it back: it was not restored, so another engine has rightly superseded it.
#[must_use]
pub fn reclaimed(host: &Host, newest: u64, now: Timestamp) -> Option<Host> {
    host.restored?;
    if host.fence_epoch > newest || newest >= EPOCH_MAX {
        return None;
    }
    let mut next = host.clone();
    next.fence_epoch = ahead(newest, now);
    Some(next)
}

/// May run epochs go above `newest`, which a host told?
#[must_use]
pub fn is_epoch(newest: u64) -> bool {
    newest < EPOCH_MAX
}

/// After a restore a VM is not started nor removed while a host that may run it has not told what it runs.
///
/// # Errors
/// 409 that names the hosts.
pub fn check_heard(snapshot: &Snapshot, vm: &Vm) -> Result<(), Fault> {
    let silent: Vec<&str> = snapshot
        .hosts()
        .filter(|host| host.restored.is_some_and(|at| vm.created < at))
        .map(|host| host.name.as_str())
        .collect();
    if silent.is_empty() {
        return Ok(());
    }
    Err(Fault::conflict(
        "ENGINE_RESTORED",
        format!(
            "VM {} can't be started or removed yet. The engine was restored from a backup, and the VM may run on a host that has not answered since: {}.",
            vm.name,
            silent.join(", ")
        ),
    ))
}

/// The operator says that a host that has not answered since the restore runs nothing (it is off, or
/// was given away): VMs are started without waiting for it. Should it come back, it has to enrol anew.
///
/// # Errors
/// 404 for an unknown host; 409 when nothing waits for it.
pub async fn confirm_off(call: &Permitted, rooms: &Rooms, id: HostId) -> Result<(), Fault> {
    decide(rooms, |snapshot, _| {
        let host = snapshot
            .host(id)
            .ok_or_else(|| Fault::not_found("host", id))?;
        if host.restored.is_none() {
            return Err(Fault::conflict(
                "HOST_NOT_AWAITED",
                format!("Nothing waits for host {} to answer.", host.name),
            ));
        }
        tracing::warn!(host.id = %id, host.name = host.name, who = ?call.actor, "the host is said to run nothing; VMs are started without waiting for it");
        let mut next = (**host).clone();
        next.restored = None;
        let mut batch = Batch::new();
        batch.put(next);
        Ok((batch, ()))
    })
    .await
}

/// What is to be committed when a host tells for the first time since the restore what it runs; `None`
/// when that is done already.
///
/// Runs that began after the backup, or came here after it, are taken over; runs that are not here any
/// more have ended, unless another host tells of them later; VMs that are not known are named. The
/// certificate is the fingerprint (hexadecimal) of the one that the host shows.
#[must_use]
pub fn taken_over(
    snapshot: &Snapshot,
    call: &Call,
    host: HostId,
    reports: &[VmReport],
    certificate: Option<&str>,
    now: Timestamp,
) -> Option<Batch> {
    let stored = snapshot.host(host).filter(|h| h.restored.is_some())?;
    let mut batch = Batch::new();
    let mut unknown = Vec::new();
    let mut here: HashMap<VmId, u64> = HashMap::new();
    for report in reports {
        let VmPhase::Running { state, .. } = report.phase else {
            continue;
        };
        match here.entry(report.vm) {
            Entry::Occupied(_) => continue,
            Entry::Vacant(place) => place.insert(report.epoch),
        };
        match snapshot.vm(report.vm) {
            None => unknown.push(report.vm),
            Some(vm) if is_newer_place(snapshot, vm, host, report.epoch) => {
                let next = running_here(vm, host, report, state, now);
                let event = AuditEvent::VmTakenOver {
                    vm: next.clone(),
                    host: stored.name.clone(),
                };
                batch.event(event.at(call, now));
                batch.put(next);
            }
            Some(_) => {}
        }
    }
    let ended: HashSet<(VmId, u64)> = reports.iter().map(|r| (r.vm, r.epoch)).collect();
    for vm in snapshot.vms_on_host(host) {
        let Some(run) = &vm.run else { continue };
        // What runs here was looked at above; how the very run ended is told by the report itself.
        if here.contains_key(&vm.id) || ended.contains(&(vm.id, run.epoch)) {
            continue;
        }
        let exit = Exit {
            status: ExitStatus::Normal,
            reason: ExitReason::Unknown,
            message:
                "It ended, or left its host, after the backup that the engine was restored from."
                    .to_owned(),
            at: now,
        };
        if let Some(end) = run_ended(snapshot, call, vm.id, run.epoch, exit, now) {
            batch.append(end);
        }
    }
    if !unknown.is_empty() {
        let event = AuditEvent::VmsNotKnown {
            host: (**stored).clone(),
            vms: unknown,
        };
        batch.event(event.at(call, now));
    }
    let mut next = (**stored).clone();
    next.restored = None;
    if let (
        Some(shown),
        Enrolment::Done {
            fingerprint,
            renewal,
            ..
        },
    ) = (certificate, &mut next.enrolment)
        && shown != fingerprint
    {
        let before = std::mem::replace(fingerprint, shown.to_owned());
        renewal.joined.get_or_insert(before);
        renewal.next = None;
    }
    batch.put(next);
    Some(batch)
}

/// Is run `epoch` of the VM, which this host has, the one that counts from now on?
fn is_newer_place(snapshot: &Snapshot, vm: &Vm, host: HostId, epoch: u64) -> bool {
    if !is_epoch(epoch) {
        return false;
    }
    match &vm.run {
        // The highest epoch was put ahead at the restore and tells nothing: any run is news.
        None => true,
        Some(run) if run.epoch == epoch => {
            // It has moved here, unless its old host has told that it is still there.
            let seen = snapshot.vm_observed(vm.id);
            run.host != Some(host)
                && seen.is_none_or(|s| s.epoch != epoch || Some(s.host) != run.host)
        }
        Some(run) => run.epoch < epoch,
    }
}

fn running_here(vm: &Vm, host: HostId, report: &VmReport, state: RunState, now: Timestamp) -> Vm {
    let mut next = vm.clone();
    let before = vm.run.as_ref().filter(|run| run.epoch == report.epoch);
    next.run_epoch = vm.run_epoch.max(report.epoch);
    next.run = Some(Run {
        epoch: report.epoch,
        host: Some(host),
        requested: before.map_or(report.since, |run| run.requested),
        started: before.and_then(|run| run.started).or(Some(report.since)),
        up: before
            .and_then(|run| run.up)
            .or((state == RunState::Up).then_some(now)),
        ending: None,
        migration: None,
        arrived: None,
    });
    next
}
