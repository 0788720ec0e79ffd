//! Taking a host out of use: it gets no new VMs, those that run there are moved away, then it is in
//! maintenance.
//!
//! Each VM is moved by a migration of its own, a child of this workflow: giving the maintenance up calls
//! those back that can still be called back. A VM that can't be moved keeps the host in preparation;
//! it is tried again after `Settings::maintenance_retry` until somebody activates the host.

use crate::deciding::decide;
use crate::vms::migrate::{MigrateOptions, accept, may_move};
use crate::{Accepted, Rooms};
use access::Permitted;
use async_trait::async_trait;
use audit::AuditEvent;
use base::{Fault, HostId, Timestamp, VmId, WorkflowId};
use domain::hosts::{Host, HostStatus};
use domain::vms::Vm;
use projection::Snapshot;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use store::Batch;
use workflow::{Cx, Outcome, StepDef, StepError, Workflow};

const VERB: &str = "Cannot switch Host to Maintenance mode";

/// Accepts that a host goes to maintenance.
///
/// # Errors
/// 404 for an unknown host; 409 when it is there or on its way, can't be reached while VMs run on
/// it, VMs on it may not be moved, or no other host is up.
pub async fn deactivate(
    call: &Permitted,
    rooms: &Rooms,
    id: HostId,
    reason: Option<String>,
) -> Result<Accepted<HostId>, Fault> {
    let workflow = WorkflowId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let host = snapshot
            .host(id)
            .ok_or_else(|| Fault::not_found(HostId::WHAT, id))?;
        let vms = check(snapshot, host)?;
        let mut next = (**host).clone();
        next.preparing = Some(workflow);
        let memo = MaintenanceMemo {
            host: id,
            vms: u32::try_from(vms.len()).unwrap_or(u32::MAX),
            failed: BTreeMap::new(),
        };
        let title = format!("Switching Host {} to maintenance", host.name);
        let mut subjects = vec![id.0];
        subjects.extend(vms.iter().map(|vm| vm.id.0));
        let row = rooms
            .workflows
            .draft::<HostMaintenance>(workflow, call, title, subjects, &memo)?;
        let event = AuditEvent::HostMaintenanceStarted {
            host: next.clone(),
            reason: reason.clone().filter(|r| !r.trim().is_empty()),
        };
        let mut batch = Batch::new();
        batch.event(event.at(call, now));
        batch.put(next).workflow(row);
        Ok((batch, Accepted::with_job(id, workflow)))
    })
    .await
}

fn check(snapshot: &Snapshot, host: &Host) -> Result<Vec<Arc<Vm>>, Fault> {
    if host.maintenance || host.preparing.is_some() {
        return Err(Fault::conflict(
            "VDS_CANNOT_MAINTENANCE_VDS_IS_IN_MAINTENANCE",
            format!(
                "{VERB}. Host {} is in maintenance already, or on its way.",
                host.name
            ),
        ));
    }
    let vms: Vec<Arc<Vm>> = snapshot.vms_on_host(host.id).cloned().collect();
    let status = snapshot.host_status(host.id);
    if vms.is_empty() {
        return Ok(vms);
    }
    if matches!(
        status,
        Some(HostStatus::NonResponsive | HostStatus::Connecting)
    ) {
        return Err(Fault::conflict(
            "VDS_CANNOT_MAINTENANCE_VDS_IS_NOT_RESPONDING_WITH_VMS",
            format!(
                "{VERB}. Host {} does not respond and VMs run on it.",
                host.name
            ),
        ));
    }
    let options = MigrateOptions {
        by_system: true,
        ..MigrateOptions::default()
    };
    let pinned: Vec<&str> = vms
        .iter()
        .filter(|vm| !may_move(vm, options))
        .map(|vm| vm.name.as_str())
        .collect();
    if !pinned.is_empty() {
        return Err(Fault::conflict(
            "VDS_CANNOT_MAINTENANCE_IT_INCLUDES_NON_MIGRATABLE_VM",
            format!(
                "{VERB}. These VMs on host {} may not be moved: {}.",
                host.name,
                pinned.join(", ")
            ),
        ));
    }
    let other = snapshot
        .hosts_of(host.cluster)
        .any(|h| h.id != host.id && snapshot.host_status(h.id) == Some(HostStatus::Up));
    if !other {
        return Err(Fault::conflict(
            "CANNOT_MAINTENANCE_VDS_RUN_VMS_NO_OTHER_RUNNING_VDS",
            format!(
                "{VERB}. VMs run on host {} and no other host of its cluster is up.",
                host.name
            ),
        ));
    }
    Ok(vms)
}

/// The variables of emptying a host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MaintenanceMemo {
    host: HostId,
    /// VMs at the beginning.
    vms: u32,
    /// VMs that could not be moved, and when they were tried.
    failed: BTreeMap<VmId, Timestamp>,
}

/// The workflow `host.maintenance`.
pub struct HostMaintenance {
    /// Where it works.
    pub rooms: Rooms,
}

const EMPTY: &str = "migrate_vms";
const MAINTENANCE: &str = "maintenance";

/// So many VMs leave a host at the same time (oVirt's migration policies: 2).
const AT_ONCE: usize = 2;
/// Reports and the ends of migrations wake it sooner.
const LOOK_EVERY: Duration = Duration::from_secs(1);

impl HostMaintenance {
    async fn empty(&self, cx: &Cx, memo: &mut MaintenanceMemo) -> Result<Outcome, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let now = self.rooms.clock.now();
        let here: Vec<Arc<Vm>> = snapshot.vms_on_host(memo.host).cloned().collect();
        if here.is_empty() && !comes(&snapshot, memo.host) {
            return Ok(Outcome::Done(Batch::new()));
        }
        let moving = |vm: &Vm| vm.run.as_ref().is_some_and(|r| r.migration.is_some());
        let mut free = AT_ONCE.saturating_sub(here.iter().filter(|vm| moving(vm)).count());
        let mut refused = Vec::new();
        for vm in here.iter().filter(|vm| !moving(vm)) {
            let retry = self.rooms.settings.maintenance_retry;
            let rests = memo
                .failed
                .get(&vm.id)
                .is_some_and(|at| at.after(retry) > now);
            if free == 0 || rests {
                continue;
            }
            let options = MigrateOptions {
                by_system: true,
                parent: Some(cx.id),
                ..MigrateOptions::default()
            };
            // Noted as tried: it is left alone for a while when it stays after all.
            memo.failed.insert(vm.id, now);
            match accept(&cx.call, &self.rooms, vm.id, options).await {
                Ok(_) => free -= 1,
                Err(fault) => {
                    tracing::warn!(host.id = %memo.host, vm.id = %vm.id, %fault, "a VM can't leave its host now");
                    refused.push(vm.name.clone());
                }
            }
        }
        if !refused.is_empty() {
            self.tell(cx, memo.host, refused).await;
        }
        let left = u32::try_from(here.len()).unwrap_or(u32::MAX);
        let gone = u64::from(memo.vms.saturating_sub(left)) * 100 / u64::from(memo.vms.max(1));
        let percent = u8::try_from(gone.min(99)).unwrap_or(99);
        Ok(Outcome::Progress(percent, now.after(LOOK_EVERY)))
    }

    async fn tell(&self, cx: &Cx, host: HostId, vms: Vec<String>) {
        let snapshot = self.rooms.projection.snapshot();
        let Some(host) = snapshot.host(host) else {
            return;
        };
        let event = AuditEvent::HostMaintenanceWaits {
            host: (**host).clone(),
            vms,
        };
        let mut batch = Batch::new();
        batch.event(event.at(&cx.call, self.rooms.clock.now()));
        // Told again with the next try.
        if let Err(error) = self.rooms.store.commit(batch).await {
            tracing::warn!(%error, "an event could not be noted");
        }
    }

    /// The host, changed, as long as this workflow prepares it.
    fn with_host(
        &self,
        cx: &Cx,
        memo: &MaintenanceMemo,
        event: impl FnOnce(Host) -> AuditEvent,
        maintenance: bool,
    ) -> Batch {
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        let host = snapshot.host(memo.host);
        if let Some(host) = host.filter(|h| h.preparing == Some(cx.id)) {
            let mut next = (**host).clone();
            next.preparing = None;
            next.maintenance = maintenance;
            batch.event(event(next.clone()).at(&cx.call, self.rooms.clock.now()));
            batch.put(next);
        }
        batch
    }
}

/// Is a VM on its way to the host?
fn comes(snapshot: &Snapshot, host: HostId) -> bool {
    let Some(cluster) = snapshot.host(host).map(|h| h.cluster) else {
        return false;
    };
    snapshot
        .hosts_of(cluster)
        .flat_map(|h| snapshot.vms_on_host(h.id))
        .any(|vm| {
            vm.run
                .as_ref()
                .is_some_and(|r| r.migration.is_some_and(|m| m.to == host))
        })
}

#[async_trait]
impl Workflow for HostMaintenance {
    type Memo = MaintenanceMemo;
    const KIND: &'static str = "host.maintenance";
    const MEMO_VERSION: u32 = 1;
    const STEPS: &'static [StepDef] = &[
        StepDef::new(EMPTY, "Moving the virtual machines to other hosts")
            .timeout(Duration::from_secs(7 * 24 * 3600)),
        StepDef::new(MAINTENANCE, "Switching the host to maintenance"),
    ];

    async fn run(
        &self,
        step: &'static str,
        cx: &Cx,
        memo: &mut MaintenanceMemo,
    ) -> Result<Outcome, StepError> {
        if step == EMPTY {
            return self.empty(cx, memo).await;
        }
        let snapshot = self.rooms.projection.snapshot();
        if snapshot.vms_on_host(memo.host).next().is_some() {
            return Ok(Outcome::Back(EMPTY, Batch::new()));
        }
        let event = |host| AuditEvent::HostMaintenance { host };
        Ok(Outcome::Done(self.with_host(cx, memo, event, true)))
    }

    /// VMs that have left stay where they are; migrations that were under way are over by now.
    async fn undo(
        &self,
        _: &'static str,
        _: &Cx,
        _: &mut MaintenanceMemo,
    ) -> Result<Batch, StepError> {
        Ok(Batch::new())
    }

    async fn failed(
        &self,
        cx: &Cx,
        memo: &MaintenanceMemo,
        fault: &Fault,
        cancelled: bool,
    ) -> Result<Batch, StepError> {
        let message = fault.to_string();
        let event = |host| match cancelled {
            true => AuditEvent::HostActivated { host },
            false => AuditEvent::HostMaintenanceFailed { host, message },
        };
        Ok(self.with_host(cx, memo, event, false))
    }
}
