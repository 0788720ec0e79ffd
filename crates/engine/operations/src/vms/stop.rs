//! Ending a run: pulling the plug (`stop`) and asking the guest (`shutdown`).
//!
//! The end itself is noted by whoever learns of it first (`exit`): this workflow, or the host's report.

use super::exit;
use crate::deciding::decide;
use crate::{Accepted, Rooms};
use access::Permitted;
use async_trait::async_trait;
use audit::AuditEvent;
use base::{Call, Fault, HostId, VmId, WorkflowId};
use domain::vms::status::VmStatus;
use domain::vms::{Ending, Vm};
use ports::hosts::{HostError, StopHow};
use projection::Snapshot;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use store::Batch;
use workflow::{Cx, Outcome, StepDef, StepError, Workflow};

use super::start::StartVm;

/// Pulls the plug. A start that is still going on is cancelled and undone instead. Asking again
/// answers the job that does it already.
///
/// # Errors
/// 404 for an unknown VM, 409 when it does not run.
pub async fn stop(call: &Permitted, rooms: &Rooms, id: VmId) -> Result<Accepted<VmId>, Fault> {
    end(call, rooms, id, Ending::Stop).await
}

/// Asks the guest to end. The job is over when the guest was asked.
///
/// # Errors
/// 404 for an unknown VM, 409 when it does not run.
pub async fn shutdown(call: &Permitted, rooms: &Rooms, id: VmId) -> Result<Accepted<VmId>, Fault> {
    end(call, rooms, id, Ending::Shutdown).await
}

async fn end(call: &Call, rooms: &Rooms, id: VmId, how: Ending) -> Result<Accepted<VmId>, Fault> {
    let workflow = WorkflowId::random(&*rooms.random);
    let (accepted, starting) = decide(rooms, |snapshot, now| {
        let vm = running(snapshot, id, how)?;
        let run = vm.run.as_ref().ok_or_else(|| not_running(vm, how))?;
        let host = run.host.ok_or_else(|| not_running(vm, how))?;
        if run.ending == Some(how)
            && let Some(job) = job_of(rooms, id, StopVm::KIND)
        {
            return Ok((Batch::new(), (Accepted::with_job(id, job), None)));
        }
        let mut next = (**vm).clone();
        if let Some(run) = &mut next.run {
            run.ending = Some(how);
        }
        let mut batch = Batch::new();
        let about = ((**vm).clone(), Some(host));
        let event = match how {
            Ending::Stop => AuditEvent::VmStopAccepted {
                vm: about.0,
                host: about.1,
            },
            Ending::Shutdown => AuditEvent::VmShutdownAccepted {
                vm: about.0,
                host: about.1,
            },
        };
        batch.event(event.at(call, now));
        batch.put(next);
        // The start's last commit compares the VM's generation: it sees the wish and undoes itself.
        if let (Ending::Stop, None) = (how, run.started)
            && let Some(job) = job_of(rooms, id, StartVm::KIND)
        {
            return Ok((batch, (Accepted::with_job(id, job), Some(job))));
        }
        let memo = StopMemo {
            vm: id,
            epoch: run.epoch,
            host,
            how,
        };
        let title = match how {
            Ending::Stop => format!("Powering off VM {}", vm.name),
            Ending::Shutdown => format!("Shutting down VM {}", vm.name),
        };
        let row = rooms
            .workflows
            .draft::<StopVm>(workflow, call, title, vec![id.0], &memo)?;
        batch.workflow(row);
        Ok((batch, (Accepted::with_job(id, workflow), None)))
    })
    .await?;
    if let Some(start) = starting {
        // Wakes a start that pauses between two tries. One that is over already needs no waking.
        let _ = rooms.workflows.cancel(start);
    }
    Ok(accepted)
}

/// The unfinished job of that kind on the VM.
fn job_of(rooms: &Rooms, vm: VmId, kind: &str) -> Option<WorkflowId> {
    rooms
        .workflows
        .unfinished(vm.0)
        .into_iter()
        .find(|w| w.kind == kind)
        .map(|w| w.id)
}

fn running(snapshot: &Snapshot, id: VmId, how: Ending) -> Result<&Arc<Vm>, Fault> {
    let vm = snapshot
        .vm(id)
        .ok_or_else(|| Fault::not_found("virtual machine", id))?;
    match (snapshot.vm_status(id), how) {
        (Some(VmStatus::Down | VmStatus::ImageLocked) | None, _) => Err(not_running(vm, how)),
        (Some(VmStatus::Paused | VmStatus::WaitForLaunch), Ending::Shutdown) => {
            Err(Fault::conflict(
                "ACTION_TYPE_FAILED_VM_STATUS_ILLEGAL",
                format!(
                    "Cannot shut down VM {}: its guest can't answer now. Power it off instead.",
                    vm.name
                ),
            ))
        }
        // The host that would be asked may not be the one that has it a moment later.
        (Some(VmStatus::Migrating), _) => Err(Fault::conflict(
            "ACTION_TYPE_FAILED_VM_IS_BEING_MIGRATED",
            format!(
                "Cannot end VM {}: it is being migrated. Cancel the migration first.",
                vm.name
            ),
        )),
        _ => Ok(vm),
    }
}

fn not_running(vm: &Vm, how: Ending) -> Fault {
    let verb = match how {
        Ending::Stop => "stop",
        Ending::Shutdown => "shut down",
    };
    Fault::conflict(
        "ACTION_TYPE_FAILED_VM_IS_NOT_RUNNING",
        format!("Cannot {verb} VM. VM {} is not running.", vm.name),
    )
}

/// The variables of a stop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StopMemo {
    vm: VmId,
    epoch: u64,
    host: HostId,
    how: Ending,
}

/// The workflow `vm.stop`.
pub struct StopVm {
    /// Where it works.
    pub rooms: Rooms,
}

const END: &str = "end";
const FORGET: &str = "forget";

impl StopVm {
    /// The end is noted: the host need not tell of it any more. A host that does not hear this tells
    /// it again when it is connected, and is answered then.
    async fn forget(&self, memo: &StopMemo) {
        if memo.how == Ending::Shutdown {
            return;
        }
        if let Some(session) = self.rooms.agents.session(memo.host)
            && let Err(error) = session.vm_forget(memo.vm, memo.epoch).await
        {
            tracing::info!(host.id = %memo.host, vm.id = %memo.vm, %error, "the host could not be told to forget a run");
        }
    }
}

#[async_trait]
impl Workflow for StopVm {
    type Memo = StopMemo;
    const KIND: &'static str = "vm.stop";
    const MEMO_VERSION: u32 = 1;
    const STEPS: &'static [StepDef] = &[
        StepDef::new(END, "Ending the virtual machine")
            .retry(5, Duration::from_secs(1))
            .timeout(Duration::from_secs(90)),
        StepDef::new(FORGET, "Clearing up on the host"),
    ];

    async fn run(
        &self,
        step: &'static str,
        cx: &Cx,
        memo: &mut StopMemo,
    ) -> Result<Outcome, StepError> {
        let rooms = &self.rooms;
        if step == FORGET {
            self.forget(memo).await;
            return Ok(Outcome::Done(Batch::new()));
        }
        let snapshot = rooms.projection.snapshot();
        let mine = snapshot
            .vm(memo.vm)
            .is_some_and(|vm| vm.run.as_ref().is_some_and(|r| r.epoch == memo.epoch));
        if !mine {
            return Ok(Outcome::Done(Batch::new()));
        }
        let session = rooms.agents.session(memo.host).ok_or_else(|| {
            StepError::Passing(Fault::unavailable(
                "VDS_NOT_CONNECTED",
                format!("The VM's host {} is not connected.", memo.host),
            ))
        })?;
        let how = match memo.how {
            Ending::Stop => StopHow::Destroy,
            Ending::Shutdown => StopHow::Shutdown,
        };
        match session.vm_stop(memo.vm, memo.epoch, how).await {
            Ok(()) if memo.how == Ending::Shutdown => Ok(Outcome::Done(Batch::new())),
            Ok(()) => {
                let now = rooms.clock.now();
                let snapshot = rooms.projection.snapshot();
                let end = exit::admin_exit(memo.how, now);
                let batch = exit::run_ended(&snapshot, &cx.call, memo.vm, memo.epoch, end, now);
                Ok(Outcome::Done(batch.unwrap_or_default()))
            }
            Err(e @ HostError::Unreachable { .. }) => Err(StepError::Passing(Fault::unavailable(
                "VDS_NETWORK_ERROR",
                e.to_string(),
            ))),
            Err(e) => Err(StepError::Final(Fault::conflict(
                "VM_STOP_FAILED",
                e.to_string(),
            ))),
        }
    }

    /// Ending a machine can't be taken back, and needs not be.
    async fn undo(&self, _: &'static str, _: &Cx, _: &mut StopMemo) -> Result<Batch, StepError> {
        Ok(Batch::new())
    }

    async fn failed(
        &self,
        cx: &Cx,
        memo: &StopMemo,
        fault: &Fault,
        _: bool,
    ) -> Result<Batch, StepError> {
        let snapshot = self.rooms.projection.snapshot();
        let mut batch = Batch::new();
        if let Some(vm) = snapshot.vm(memo.vm) {
            let mut next = (**vm).clone();
            if let Some(run) = next.run.as_mut().filter(|r| r.epoch == memo.epoch) {
                run.ending = None;
                batch.event(
                    AuditEvent::VmStopFailed {
                        vm: next.clone(),
                        host: Some(memo.host),
                        message: fault.to_string(),
                    }
                    .at(&cx.call, cx.now),
                );
                batch.put(next);
            }
        }
        Ok(batch)
    }
}
