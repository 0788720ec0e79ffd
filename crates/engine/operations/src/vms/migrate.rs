//! Moving a running VM to another host: when it is legal, which steps, how each is undone.
//!
//! A migration keeps the run; only its host changes, and that in one commit ([`arrived`]), made by
//! whoever learns of it first: this workflow, or the report of the host where the run is now. Until
//! then `run.migration` says where it goes, and the run counts as being where it was. Whatever was
//! interrupted is settled by asking both hosts: the run is where its host says that it is.

use super::{exit, machine, placement};
use crate::deciding::decide;
use crate::workers::worker_at;
use crate::{Accepted, Rooms, checks};
use access::Permitted;
use async_trait::async_trait;
use audit::AuditEvent;
use base::{Call, Fault, HostId, Timestamp, VmId, WorkflowId};
use domain::vms::status::VmStatus;
use domain::vms::{Exit, ExitReason, ExitStatus, Migratable, Migration, PauseReason, Vm};
use ports::hosts::{
    HostError, MigrationEndpoint, MigrationPrepare, MigrationSend, MigrationState, RunPlace,
};
use projection::Snapshot;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::Batch;
use workflow::{Cx, Outcome, StepDef, StepError, Workflow, mark_done};

const VERB: &str = "Cannot migrate VM";

/// How to migrate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MigrateOptions {
    /// To that host; else the scheduler chooses.
    pub host: Option<HostId>,
    /// Also a VM that is not to be moved.
    pub force: bool,
    /// Nobody asked for this VM's move (its host is emptied).
    pub by_system: bool,
    /// The workflow that needs it as a part of its own work.
    pub parent: Option<WorkflowId>,
}

/// Accepts the migration of a running VM: one commit holds the target, the job and the event.
///
/// # Errors
/// 404 for an unknown VM or host; 409 when it does not run, moves already, may not be moved, a job
/// works on one of its disks, or no host takes it.
pub async fn migrate(
    call: &Permitted,
    rooms: &Rooms,
    id: VmId,
    options: MigrateOptions,
) -> Result<Accepted<VmId>, Fault> {
    accept(call, rooms, id, options).await
}

/// The same for a workflow that moves VMs as a part of what its verb was permitted.
pub(crate) async fn accept(
    call: &Call,
    rooms: &Rooms,
    id: VmId,
    options: MigrateOptions,
) -> Result<Accepted<VmId>, Fault> {
    let workflow = WorkflowId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let vm = checks::vm(snapshot, id)?;
        let (epoch, from) = check(snapshot, vm, options)?;
        let to = target(snapshot, vm, from, options.host, &[])?;
        let mut next = (**vm).clone();
        if let Some(run) = &mut next.run {
            run.migration = Some(Migration { to, workflow });
        }
        let memo = MigrateMemo {
            vm: id,
            epoch,
            from,
            to,
            wanted: options.host,
            refused: Vec::new(),
            endpoint: None,
        };
        let title = format!("Migrating VM {}", vm.name);
        let subjects = vec![id.0, from.0, to.0];
        let mut row = rooms
            .workflows
            .draft::<MigrateVm>(workflow, call, title, subjects, &memo)?;
        row.parent = options.parent;
        mark_done(&mut row, CHOOSE_HOST, now);
        let mut batch = Batch::new();
        let event = AuditEvent::VmMigrationStarted {
            vm: next.clone(),
            way: (host_name(snapshot, from), host_name(snapshot, to)),
            by_system: options.by_system,
        };
        batch.event(event.at(call, now));
        batch.put(next).workflow(row);
        Ok((batch, Accepted::with_job(id, workflow)))
    })
    .await
}

/// Gives up a migration that is under way; answers its job.
///
/// # Errors
/// 404 for an unknown VM, 409 when it does not move or has just arrived.
pub async fn cancel_migration(
    _: &Permitted,
    rooms: &Rooms,
    id: VmId,
) -> Result<Accepted<VmId>, Fault> {
    let snapshot = rooms.projection.snapshot();
    let vm = checks::vm(&snapshot, id)?;
    let not_moving = || {
        Fault::conflict(
            "ACTION_TYPE_FAILED_VM_IS_NOT_RUNNING",
            format!(
                "Cannot cancel migration. VM {} is not being migrated.",
                vm.name
            ),
        )
    };
    let migration = vm.run.as_ref().and_then(|r| r.migration);
    let job = migration.ok_or_else(not_moving)?.workflow;
    match rooms.workflows.cancel(job) {
        Err(fault) if fault.kind == base::FaultKind::NotFound => Err(not_moving()),
        Err(fault) => Err(fault),
        Ok(()) => Ok(Accepted::with_job(id, job)),
    }
}

fn check(snapshot: &Snapshot, vm: &Vm, options: MigrateOptions) -> Result<(u64, HostId), Fault> {
    let illegal = || {
        Fault::conflict(
            "ACTION_TYPE_FAILED_VM_STATUS_ILLEGAL",
            format!(
                "{VERB}. VM {} is not in a state in which it can be moved.",
                vm.name
            ),
        )
    };
    match snapshot.vm_status(vm.id) {
        Some(VmStatus::Up | VmStatus::PoweringUp | VmStatus::RebootInProgress) => {}
        Some(VmStatus::Paused) => match snapshot.vm_pause_reason(vm.id) {
            Some(PauseReason::User) => {}
            _ => {
                return Err(Fault::conflict(
                    "MIGRATE_PAUSED_EIO_VM_IS_NOT_SUPPORTED",
                    format!("{VERB}. VM {} is paused because of an error.", vm.name),
                ));
            }
        },
        Some(VmStatus::Migrating) => {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_VM_IS_BEING_MIGRATED",
                format!("{VERB}. VM {} is being migrated already.", vm.name),
            ));
        }
        Some(VmStatus::Down | VmStatus::ImageLocked) | None => {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_VM_IS_NOT_RUNNING",
                format!("{VERB}. VM {} is not running.", vm.name),
            ));
        }
        Some(_) => return Err(illegal()),
    }
    let run = vm.run.as_ref().ok_or_else(illegal)?;
    let from = run.host.ok_or_else(illegal)?;
    if run.ending.is_some() || run.started.is_none() || vm.locked_by.is_some() {
        return Err(illegal());
    }
    if !may_move(vm, options) {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_VM_IS_PINNED_TO_HOST",
            format!("{VERB}. VM {} is pinned to its host.", vm.name),
        ));
    }
    for attachment in vm.hardware.disks.iter().filter(|d| d.active) {
        checks::disk_is_ok(&**checks::disk(snapshot, attachment.disk)?, VERB)?;
    }
    Ok((run.epoch, from))
}

/// May the VM be moved?
pub(crate) fn may_move(vm: &Vm, options: MigrateOptions) -> bool {
    match vm.hardware.placement.affinity {
        Migratable::Migratable => true,
        Migratable::UserMigratable => !options.by_system || options.force,
        Migratable::Pinned => options.force,
    }
}

fn target(
    snapshot: &Snapshot,
    vm: &Vm,
    from: HostId,
    wanted: Option<HostId>,
    refused: &[HostId],
) -> Result<HostId, Fault> {
    if let Some(wanted) = wanted {
        let host = snapshot
            .host(wanted)
            .ok_or_else(|| Fault::not_found(HostId::WHAT, wanted))?;
        if wanted == from {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_MIGRATION_TO_SAME_HOST",
                format!("{VERB}. VM {} runs on host {} already.", vm.name, host.name),
            ));
        }
        if host.cluster != vm.cluster {
            return Err(Fault::not_supported("migrating a VM to another cluster"));
        }
    }
    let mut excluded = refused.to_vec();
    excluded.push(from);
    placement::choose_another_host(snapshot, vm, &excluded, wanted)
}

pub(crate) fn host_name(snapshot: &Snapshot, host: HostId) -> String {
    snapshot
        .host(host)
        .map_or_else(|| host.to_string(), |h| h.name.clone())
}

/// What is to be committed when run `epoch` of a VM is on the host it was on its way to; `None` when
/// that is noted already, or was never so.
#[must_use]
pub fn arrived(
    snapshot: &Snapshot,
    call: &Call,
    vm: VmId,
    epoch: u64,
    host: HostId,
    now: Timestamp,
) -> Option<Batch> {
    let vm = snapshot.vm(vm)?;
    let run = vm.run.as_ref().filter(|r| r.epoch == epoch)?;
    let migration = run.migration.filter(|m| m.to == host)?;
    let from = run.host?;
    let mut next = (**vm).clone();
    if let Some(run) = &mut next.run {
        run.host = Some(host);
        run.migration = None;
        run.arrived = Some(now);
    }
    let job = snapshot.workflow(migration.workflow);
    let event = AuditEvent::VmMigrated {
        vm: next.clone(),
        way: (host_name(snapshot, from), host_name(snapshot, host)),
        seconds: job.map_or(0, |job| now.since(job.started).as_secs()),
    };
    let mut batch = Batch::new();
    batch.event(event.at(job.map_or(call, |job| &job.call), now));
    batch.put(next);
    Some(batch)
}

/// The variables of a migration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MigrateMemo {
    vm: VmId,
    epoch: u64,
    from: HostId,
    to: HostId,
    /// Somebody wants that host and no other.
    wanted: Option<HostId>,
    /// Hosts that could not take it.
    refused: Vec<HostId>,
    /// How the present target is reached.
    endpoint: Option<MigrationEndpoint>,
}

/// The workflow `vm.migrate`.
pub struct MigrateVm {
    /// Where it works.
    pub rooms: Rooms,
}

const CHOOSE_HOST: &str = "choose_host";
const PREPARE: &str = "prepare";
const SEND: &str = "send";

/// While it goes on, it is looked at so often; reports wake it sooner.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Where the run stands, by what is durable.
enum Stand {
    /// It is on its way.
    Moving(Box<Vm>),
    /// Somebody noted that it has arrived.
    Arrived,
    /// Somebody noted that it has ended.
    Ended,
}

impl MigrateVm {
    fn stand(&self, snapshot: &Snapshot, id: WorkflowId, memo: &MigrateMemo) -> Stand {
        let Some(vm) = snapshot.vm(memo.vm) else {
            return Stand::Ended;
        };
        match vm.run.as_ref().filter(|r| r.epoch == memo.epoch) {
            None => Stand::Ended,
            Some(run) if run.migration.is_some_and(|m| m.workflow == id) => {
                Stand::Moving(Box::new((**vm).clone()))
            }
            Some(_) => Stand::Arrived,
        }
    }

    fn choose_again(&self, cx: &Cx, memo: &mut MigrateMemo) -> Result<Outcome, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let Stand::Moving(mut vm) = self.stand(&snapshot, cx.id, memo) else {
            return Ok(Outcome::Done(Batch::new()));
        };
        memo.to = target(&snapshot, &vm, memo.from, memo.wanted, &memo.refused)?;
        memo.endpoint = None;
        if let Some(run) = &mut vm.run {
            run.migration = Some(Migration {
                to: memo.to,
                workflow: cx.id,
            });
        }
        let mut batch = Batch::new();
        batch.put(*vm);
        Ok(Outcome::Done(batch))
    }

    async fn prepare(&self, cx: &Cx, memo: &mut MigrateMemo) -> Result<Outcome, StepError> {
        let rooms = &self.rooms;
        let snapshot = rooms.projection.snapshot();
        let Stand::Moving(vm) = self.stand(&snapshot, cx.id, memo) else {
            return Ok(Outcome::Done(Batch::new()));
        };
        let Some(host) = snapshot.host(memo.to) else {
            return Err(Fault::not_found(HostId::WHAT, memo.to).into());
        };
        let wait = rooms.settings.up_without_agent.as_secs();
        let prepare = MigrationPrepare {
            machine: machine::machine_of(&snapshot, &vm, &rooms.settings.smbios_manufacturer)?,
            epoch: memo.epoch,
            up: vm.run.as_ref().is_some_and(|r| r.up.is_some()),
            up_without_agent_seconds: u32::try_from(wait).unwrap_or(u32::MAX),
            address: host.address.clone(),
        };
        let target = worker_at(rooms, memo.to)?;
        match target.session.migration_prepare(prepare).await {
            Ok(endpoint) => {
                memo.endpoint = Some(endpoint);
                Ok(Outcome::Done(Batch::new()))
            }
            Err(error @ HostError::Unreachable { .. }) => {
                Err(target.refused(&format!("take VM {}", vm.name), &error))
            }
            Err(error) => self.next_host(cx, &snapshot, &vm, memo, &error),
        }
    }

    async fn send(&self, cx: &Cx, memo: &mut MigrateMemo) -> Result<Outcome, StepError> {
        let rooms = &self.rooms;
        let snapshot = rooms.projection.snapshot();
        let vm = match self.stand(&snapshot, cx.id, memo) {
            Stand::Moving(vm) => vm,
            Stand::Arrived => return Ok(Outcome::Done(Batch::new())),
            Stand::Ended => return Err(ended(&snapshot, memo)),
        };
        let Some(to) = memo.endpoint.clone() else {
            return Ok(Outcome::Back(PREPARE, Batch::new()));
        };
        let send = MigrationSend {
            vm: memo.vm,
            epoch: memo.epoch,
            attempt: cx.attempt,
            to,
        };
        let source = worker_at(rooms, memo.from)?;
        match source.session.migration_send(send).await {
            Ok(MigrationState::Going { percent }) => Ok(Outcome::Progress(
                percent,
                rooms.clock.now().after(LOOK_EVERY),
            )),
            Ok(MigrationState::Gone { .. }) => Ok(Outcome::Done(self.hand_over(cx, memo))),
            Err(HostError::NotFound { .. } | HostError::Stale { .. }) => {
                match self.place_there(memo).await? {
                    RunPlace::Here => Ok(Outcome::Done(self.hand_over(cx, memo))),
                    RunPlace::Arriving => Ok(Outcome::Wait(rooms.clock.now().after(LOOK_EVERY))),
                    RunPlace::Left | RunPlace::Nowhere => Err(ended(&snapshot, memo)),
                }
            }
            Err(error @ HostError::Unreachable { .. }) => {
                Err(source.refused(&format!("move VM {}", vm.name), &error))
            }
            Err(error) => self.next_host(cx, &snapshot, &vm, memo, &error),
        }
    }

    /// The batch that makes the target the run's host; nothing when that is noted already.
    fn hand_over(&self, cx: &Cx, memo: &MigrateMemo) -> Batch {
        let snapshot = self.rooms.projection.snapshot();
        let now = self.rooms.clock.now();
        arrived(&snapshot, &cx.call, memo.vm, memo.epoch, memo.to, now).unwrap_or_default()
    }

    /// Where the target says that the run is.
    async fn place_there(&self, memo: &MigrateMemo) -> Result<RunPlace, StepError> {
        let target = worker_at(&self.rooms, memo.to)?;
        target
            .session
            .run_place(memo.vm, memo.epoch)
            .await
            .map_err(|e| settling(&target.name, &e))
    }

    /// The run is where it was: another host may take it.
    fn next_host(
        &self,
        cx: &Cx,
        snapshot: &Snapshot,
        vm: &Vm,
        memo: &mut MigrateMemo,
        error: &HostError,
    ) -> Result<Outcome, StepError> {
        if !memo.refused.contains(&memo.to) {
            memo.refused.push(memo.to);
        }
        let host = host_name(snapshot, memo.to);
        let message = format!("Host {host} did not get VM {}: {error}", vm.name);
        let tries = u32::try_from(memo.refused.len()).unwrap_or(u32::MAX);
        let others = memo.wanted.is_none() && tries < self.rooms.settings.start_attempts;
        if others && target(snapshot, vm, memo.from, None, &memo.refused).is_ok() {
            let mut batch = Batch::new();
            let event = AuditEvent::VmMigrationTriesAgain {
                vm: vm.clone(),
                host,
                message: error.to_string(),
            };
            batch.event(event.at(&cx.call, self.rooms.clock.now()));
            return Ok(Outcome::Back(CHOOSE_HOST, batch));
        }
        Err(Fault::conflict("VM_MIGRATION_FAILED", message).into())
    }

    /// Makes sure of where the run is, when it shall stay and may have left.
    async fn settle(&self, cx: &Cx, memo: &MigrateMemo) -> Result<Batch, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let Stand::Moving(_) = self.stand(&snapshot, cx.id, memo) else {
            return Ok(Batch::new());
        };
        let source = worker_at(&self.rooms, memo.from)?;
        let here = source.session.migration_cancel(memo.vm, memo.epoch).await;
        let error = match here {
            Ok(RunPlace::Here) => return Ok(Batch::new()),
            Ok(RunPlace::Arriving) => {
                return Err(StepError::Passing(Fault::internal(
                    "A run arrives at the host that it is to leave.",
                )));
            }
            Ok(RunPlace::Left | RunPlace::Nowhere)
            | Err(HostError::NotFound { .. } | HostError::Stale { .. }) => None,
            Err(error) => Some(error),
        };
        match (self.place_there(memo).await?, error) {
            (RunPlace::Here, _) => Ok(self.hand_over(cx, memo)),
            (_, Some(error)) => Err(settling(&source.name, &error)),
            (RunPlace::Arriving, None) => Err(StepError::Passing(Fault::unavailable(
                "VM_MIGRATION_FAILED",
                "The run is between two hosts.",
            ))),
            // Neither host has it.
            (RunPlace::Left | RunPlace::Nowhere, None) => {
                let now = self.rooms.clock.now();
                let exit = Exit {
                    status: ExitStatus::Error,
                    reason: ExitReason::LibvirtDomainMissing,
                    message: "The virtual machine ended while it was moved to another host; \
                              neither host has it."
                        .to_owned(),
                    at: now,
                };
                let snapshot = self.rooms.projection.snapshot();
                let batch = exit::run_ended(&snapshot, &cx.call, memo.vm, memo.epoch, exit, now);
                Ok(batch.unwrap_or_default())
            }
        }
    }

    /// The target forgets that a run was to come; one that does not hear it forgets it with the next.
    async fn unprepare(&self, cx: &Cx, memo: &MigrateMemo) -> Result<(), StepError> {
        let snapshot = self.rooms.projection.snapshot();
        if let Stand::Arrived = self.stand(&snapshot, cx.id, memo) {
            return Ok(());
        }
        if let Some(session) = self.rooms.agents.session(memo.to)
            && let Err(error) = session.migration_cancel(memo.vm, memo.epoch).await
        {
            tracing::info!(host.id = %memo.to, vm.id = %memo.vm, %error, "the host could not be told that a run does not come");
        }
        Ok(())
    }
}

/// A host could not say where the run is.
fn settling(host: &str, error: &HostError) -> StepError {
    StepError::Passing(Fault::unavailable(
        "VDS_NETWORK_ERROR",
        format!("Host {host} does not say whether it has the VM: {error}"),
    ))
}

fn ended(snapshot: &Snapshot, memo: &MigrateMemo) -> StepError {
    let name = snapshot
        .vm(memo.vm)
        .map_or_else(|| memo.vm.to_string(), |vm| vm.name.clone());
    StepError::Final(Fault::conflict(
        "ACTION_TYPE_FAILED_VM_IS_NOT_RUNNING",
        format!("VM {name} ended while it was moved."),
    ))
}

#[async_trait]
impl Workflow for MigrateVm {
    type Memo = MigrateMemo;
    const KIND: &'static str = "vm.migrate";
    const MEMO_VERSION: u32 = 1;
    const STEPS: &'static [StepDef] = &[
        StepDef::new(CHOOSE_HOST, "Choosing a host"),
        StepDef::new(PREPARE, "Preparing the other host")
            .retry(4, Duration::from_millis(250))
            .timeout(Duration::from_secs(120)),
        StepDef::new(SEND, "Moving the virtual machine")
            .retry(8, Duration::from_millis(500))
            .timeout(Duration::from_secs(24 * 3600))
            .no_return(),
    ];

    async fn run(
        &self,
        step: &'static str,
        cx: &Cx,
        memo: &mut MigrateMemo,
    ) -> Result<Outcome, StepError> {
        match step {
            CHOOSE_HOST => self.choose_again(cx, memo),
            PREPARE => self.prepare(cx, memo).await,
            _ => self.send(cx, memo).await,
        }
    }

    async fn undo(
        &self,
        step: &'static str,
        cx: &Cx,
        memo: &mut MigrateMemo,
    ) -> Result<Batch, StepError> {
        match step {
            SEND => self.settle(cx, memo).await,
            PREPARE => self.unprepare(cx, memo).await.map(|()| Batch::new()),
            _ => Ok(Batch::new()),
        }
    }

    async fn failed(
        &self,
        cx: &Cx,
        memo: &MigrateMemo,
        fault: &Fault,
        cancelled: bool,
    ) -> Result<Batch, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        let Stand::Moving(mut vm) = self.stand(&snapshot, cx.id, memo) else {
            return Ok(batch);
        };
        if let Some(run) = &mut vm.run {
            run.migration = None;
        }
        let event = match cancelled {
            true => AuditEvent::VmMigrationCancelled { vm: (*vm).clone() },
            false => AuditEvent::VmMigrationFailed {
                vm: (*vm).clone(),
                way: (
                    host_name(&snapshot, memo.from),
                    host_name(&snapshot, memo.to),
                ),
                message: fault.to_string(),
            },
        };
        batch.event(event.at(&cx.call, cx.now));
        batch.put(*vm);
        Ok(batch)
    }
}
