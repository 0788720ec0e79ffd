//! Starting a VM: when it is legal, which steps, how each is undone.
//!
//! Choosing the host is a pure decision (`placement`), taken in the accepting commit, so that one
//! commit stands before QEMU. A host that refuses is left out and another is chosen (a loop edge),
//! as often as `Settings::start_attempts` allows.

use super::{exit, machine, placement};
use crate::deciding::decide;
use crate::{Accepted, Rooms, checks, restored};
use access::Permitted;
use async_trait::async_trait;
use audit::AuditEvent;
use base::{Fault, FaultKind, HostId, Timestamp, VmId, WorkflowId};
use domain::vms::status::VmStatus;
use domain::vms::{BootDevice, Ending, Exit, ExitReason, ExitStatus, Run, Vm};
use ports::hosts::{HostError, StopHow, VmLaunch};
use projection::Snapshot;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::Batch;
use workflow::{Cx, Outcome, StepDef, StepError, Workflow, mark_done};

/// How to start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StartOptions {
    /// Leave the CPUs standing still.
    pub paused: bool,
}

/// Accepts the start of a VM: one commit holds the wish, the host, the job and the event.
///
/// # Errors
/// 404 for an unknown VM; 409 when it runs, is locked, has a disk that can't be used, can't boot
/// from what it is told to, or when no host takes it.
pub async fn start(
    call: &Permitted,
    rooms: &Rooms,
    id: VmId,
    options: StartOptions,
) -> Result<Accepted<VmId>, Fault> {
    let workflow = WorkflowId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let vm = checks::vm(snapshot, id)?;
        check_startable(snapshot, vm)?;
        machine::machine_of(snapshot, vm, &rooms.settings.smbios_manufacturer)?;
        let host = placement::choose_host(snapshot, vm, &[])?;

        let next = placed(vm, host, now);
        let memo = StartMemo {
            vm: id,
            epoch: next.run_epoch,
            host,
            refused: Vec::new(),
            paused: options.paused || vm.hardware.start_paused,
            leaps: 0,
        };
        let title = format!("Launching VM {}", vm.name);
        let mut row = rooms
            .workflows
            .draft::<StartVm>(workflow, call, title, vec![id.0], &memo)?;
        mark_done(&mut row, CHOOSE_HOST, now);
        let mut batch = Batch::new();
        let event = AuditEvent::VmStartAccepted {
            vm: next.clone(),
            host: host_name(snapshot, host),
        };
        batch.event(event.at(call, now));
        batch.put(next).workflow(row);
        Ok((batch, Accepted::with_job(id, workflow)))
    })
    .await
}

fn check_startable(snapshot: &Snapshot, vm: &Vm) -> Result<(), Fault> {
    match snapshot.vm_status(vm.id) {
        Some(VmStatus::Down) => {}
        Some(VmStatus::ImageLocked) => {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_VM_IS_LOCKED",
                format!(
                    "Cannot run VM. VM {} is locked; try again when its job has ended.",
                    vm.name
                ),
            ));
        }
        Some(VmStatus::Paused) => {
            return Err(Fault::not_supported("resuming a paused VM by starting it"));
        }
        _ => {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_VM_IS_RUNNING",
                format!("Cannot run VM. VM {} is running.", vm.name),
            ));
        }
    }
    restored::check_heard(snapshot, vm)?;
    check_bootable(vm)
}

/// At least one of the boot devices must be there (oVirt's boot sequence check).
fn check_bootable(vm: &Vm) -> Result<(), Fault> {
    let hardware = &vm.hardware;
    let disk = hardware.disks.iter().any(|d| d.active);
    let network = hardware.nics.iter().any(|n| n.plugged);
    let can = |d: &BootDevice| match d {
        BootDevice::Hd => disk,
        BootDevice::Network => network,
        BootDevice::Cdrom => false,
    };
    if hardware.boot.iter().any(can) {
        return Ok(());
    }
    let (key, lack) = match hardware.boot.first() {
        Some(BootDevice::Network) => (
            "VM_CANNOT_RUN_FROM_NETWORK_WITHOUT_NETWORK",
            "it boots from the network and has no plugged network interface",
        ),
        Some(BootDevice::Cdrom) => (
            "VM_CANNOT_RUN_FROM_CD_WITHOUT_ACTIVE_STORAGE_DOMAIN_ISO",
            "it boots from CD and has none",
        ),
        Some(BootDevice::Hd) | None => (
            "VM_CANNOT_RUN_FROM_DISK_WITHOUT_DISK",
            "it boots from disk and has no active disk",
        ),
    };
    Err(Fault::conflict(
        key,
        format!("Cannot run VM {}: {lack}.", vm.name),
    ))
}

/// The VM as a new run on that host.
fn placed(vm: &Vm, host: HostId, now: Timestamp) -> Vm {
    let mut next = vm.clone();
    next.run_epoch += 1;
    next.run = Some(Run {
        epoch: next.run_epoch,
        host: Some(host),
        requested: vm.run.as_ref().map_or(now, |r| r.requested),
        started: None,
        up: None,
        ending: None,
        migration: None,
        arrived: None,
    });
    next
}

fn host_name(snapshot: &Snapshot, host: HostId) -> String {
    snapshot
        .host(host)
        .map_or_else(|| host.to_string(), |h| h.name.clone())
}

const CHOOSE_HOST: &str = "choose_host";
const LAUNCH: &str = "launch";
/// Hosts that know newer runs are believed so often for one start.
const LEAPS_MOST: u32 = 8;

/// The variables of a start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StartMemo {
    vm: VmId,
    epoch: u64,
    host: HostId,
    refused: Vec<HostId>,
    paused: bool,
    /// How often a host knew a newer run.
    #[serde(default)]
    leaps: u32,
}

/// The workflow `vm.start`.
pub struct StartVm {
    /// Where it works.
    pub rooms: Rooms,
}

impl StartVm {
    /// Chooses again, without the hosts that refused. The new place is a new run.
    fn choose_again(&self, cx: &Cx, memo: &mut StartMemo) -> Result<Outcome, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let Some(vm) = current(&snapshot, memo) else {
            return Ok(Outcome::Done(Batch::new()));
        };
        let host = placement::choose_host(&snapshot, vm, &memo.refused)?;
        let next = placed(vm, host, cx.now);
        memo.host = host;
        memo.epoch = next.run_epoch;
        let mut batch = Batch::new();
        batch.put(next);
        Ok(Outcome::Done(batch))
    }

    async fn launch(&self, memo: &mut StartMemo) -> Result<Outcome, StepError> {
        let rooms = &self.rooms;
        let snapshot = rooms.projection.snapshot();
        // Somebody noted the end of this run already (it ended while it started).
        let Some(vm) = current(&snapshot, memo) else {
            return Ok(Outcome::Done(Batch::new()));
        };
        not_stopped(vm)?;
        if let Err(fault) = placement::keeps_its_place(&snapshot, vm, memo.host) {
            self.abandon(memo).await?;
            return self.next_host(memo, fault);
        }
        let machine = machine::machine_of(&snapshot, vm, &rooms.settings.smbios_manufacturer)?;
        let wait = rooms.settings.up_without_agent.as_secs();
        let launch = VmLaunch {
            machine,
            epoch: memo.epoch,
            paused: memo.paused,
            up_without_agent_seconds: u32::try_from(wait).unwrap_or(u32::MAX),
        };
        let host = host_name(&snapshot, memo.host);
        let session = rooms
            .agents
            .session(memo.host)
            .ok_or_else(|| not_connected(&host))?;
        let limit = rooms.settings.launch_timeout;
        let launched = tokio::select! {
            launched = session.vm_launch(launch) => launched,
            () = rooms.clock.sleep(limit) => Err(HostError::Failed {
                message: format!("it took longer than {} s.", limit.as_secs()),
            }),
        };
        match launched {
            Ok(()) => self.launched(memo),
            // It may run there: only the same host can be asked again.
            Err(HostError::Unreachable { message, .. }) => {
                Err(StepError::Passing(Fault::unavailable(
                    "VDS_NETWORK_ERROR",
                    format!(
                        "Host {host} cannot be reached to start VM {} on it: {message}",
                        vm.name
                    ),
                )))
            }
            // The epochs of a restored database may be behind: a run above all that the host knows.
            Err(HostError::Stale {
                newest: Some(newest),
                ..
            }) if newest > memo.epoch && restored::is_epoch(newest) && memo.leaps < LEAPS_MOST => {
                self.leap(memo, newest)
            }
            Err(
                e @ (HostError::Refused { .. }
                | HostError::Failed { .. }
                | HostError::Unsupported { .. }
                | HostError::NotFound { .. }
                | HostError::Stale { .. }),
            ) => {
                let words = format!("Host {host} failed to start VM {}: {e}", vm.name);
                self.abandon(memo).await?;
                self.next_host(
                    memo,
                    Fault::new(FaultKind::Conflict, "VM_LAUNCH_FAILED", words),
                )
            }
        }
    }

    /// Chooses again, as a run above `newest`.
    fn leap(&self, memo: &mut StartMemo, newest: u64) -> Result<Outcome, StepError> {
        let mut batch = Batch::new();
        if let Some(vm) = current(&self.rooms.projection.snapshot(), memo) {
            let mut next = vm.clone();
            next.run_epoch = vm.run_epoch.max(newest);
            batch.put(next);
        }
        memo.leaps += 1;
        Ok(Outcome::Back(CHOOSE_HOST, batch))
    }

    /// Notes that QEMU runs. The host may have reported meanwhile, or somebody may have asked to
    /// stop it: the VM is taken as it is now, and its generation guards the moment in between.
    fn launched(&self, memo: &StartMemo) -> Result<Outcome, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        if let Some(vm) = current(&snapshot, memo) {
            not_stopped(vm)?;
            let mut next = vm.clone();
            if let Some(run) = &mut next.run {
                run.started.get_or_insert(self.rooms.clock.now());
            }
            batch.put(next);
        }
        Ok(Outcome::Done(batch))
    }

    /// Leaves nothing of this run on the host. A host that can't be reached keeps us here as long as
    /// the run is not known to have ended: the VM must not run twice.
    async fn abandon(&self, memo: &StartMemo) -> Result<(), StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let Some(session) = self.rooms.agents.session(memo.host) else {
            // Not dialled yet, after a restart of the engine; or removed.
            return match snapshot.host(memo.host) {
                Some(host) if current(&snapshot, memo).is_some() => Err(not_connected(&host.name)),
                _ => Ok(()),
            };
        };
        let gone = async {
            session
                .vm_stop(memo.vm, memo.epoch, StopHow::Destroy)
                .await?;
            session.vm_forget(memo.vm, memo.epoch).await
        };
        match gone.await {
            // A run or VM that the host does not know, or knows a newer one of, is gone.
            Ok(()) | Err(HostError::NotFound { .. } | HostError::Stale { .. }) => Ok(()),
            Err(_) if current(&self.rooms.projection.snapshot(), memo).is_none() => Ok(()),
            Err(e) => Err(StepError::Passing(Fault::unavailable(
                "VM_STOP_FAILED",
                e.to_string(),
            ))),
        }
    }

    fn next_host(&self, memo: &mut StartMemo, fault: Fault) -> Result<Outcome, StepError> {
        if !memo.refused.contains(&memo.host) {
            memo.refused.push(memo.host);
        }
        let tries = u32::try_from(memo.refused.len()).unwrap_or(u32::MAX);
        let snapshot = self.rooms.projection.snapshot();
        let another = current(&snapshot, memo)
            .is_some_and(|vm| placement::choose_host(&snapshot, vm, &memo.refused).is_ok());
        if another && tries < self.rooms.settings.start_attempts {
            return Ok(Outcome::Back(CHOOSE_HOST, Batch::new()));
        }
        Err(StepError::Final(fault))
    }
}

fn not_connected(host: &str) -> StepError {
    StepError::Passing(Fault::unavailable(
        "VDS_NOT_CONNECTED",
        format!("Host {host} is not connected."),
    ))
}

/// Nobody has asked to stop the run while it starts.
fn not_stopped(vm: &Vm) -> Result<(), StepError> {
    match vm.run.as_ref().and_then(|r| r.ending) {
        Some(Ending::Stop) => Err(StepError::Final(Fault::conflict(
            "JOB_CANCELLED",
            format!("VM {} was stopped while it started.", vm.name),
        ))),
        _ => Ok(()),
    }
}

/// The VM, if the run of the memo is still its run.
fn current<'a>(snapshot: &'a Snapshot, memo: &StartMemo) -> Option<&'a Vm> {
    snapshot
        .vm(memo.vm)
        .map(|vm| &**vm)
        .filter(|vm| vm.run.as_ref().is_some_and(|r| r.epoch == memo.epoch))
}

#[async_trait]
impl Workflow for StartVm {
    type Memo = StartMemo;
    const KIND: &'static str = "vm.start";
    const MEMO_VERSION: u32 = 1;
    const STEPS: &'static [StepDef] = &[
        StepDef::new(CHOOSE_HOST, "Choosing a host"),
        StepDef::new(LAUNCH, "Starting the virtual machine on the host")
            .retry(8, Duration::from_millis(500))
            // `Settings::launch_timeout` is what a host gets.
            .timeout(Duration::from_secs(3600)),
    ];

    async fn run(
        &self,
        step: &'static str,
        cx: &Cx,
        memo: &mut StartMemo,
    ) -> Result<Outcome, StepError> {
        match step {
            CHOOSE_HOST => self.choose_again(cx, memo),
            _ => self.launch(memo).await,
        }
    }

    async fn undo(
        &self,
        step: &'static str,
        _: &Cx,
        memo: &mut StartMemo,
    ) -> Result<Batch, StepError> {
        if step == LAUNCH {
            self.abandon(memo).await?;
        }
        Ok(Batch::new())
    }

    async fn failed(
        &self,
        cx: &Cx,
        memo: &StartMemo,
        fault: &Fault,
        cancelled: bool,
    ) -> Result<Batch, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let Some(vm) = current(&snapshot, memo) else {
            return Ok(Batch::new());
        };
        let cancelled = cancelled || not_stopped(vm).is_err();
        let end = if cancelled {
            exit::admin_exit(Ending::Stop, cx.now)
        } else {
            Exit {
                status: ExitStatus::Error,
                reason: ExitReason::LibvirtStartFailed,
                message: fault.to_string(),
                at: cx.now,
            }
        };
        let mut next = vm.clone();
        next.run = None;
        next.last_exit = Some(end.clone());
        let mut batch = Batch::new();
        let event = if cancelled {
            AuditEvent::VmDown {
                vm: vm.clone(),
                host: Some(memo.host),
                message: end.message,
            }
        } else {
            AuditEvent::VmStartFailed {
                vm: vm.clone(),
                host: Some(memo.host),
                message: end.message,
            }
        };
        batch.event(event.at(&cx.call, cx.now));
        batch.put(next);
        Ok(batch)
    }
}
