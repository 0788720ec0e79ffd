//! What of a host's words is durable: that a run started, was up, has ended. Each is noted once,
//! whoever learns of it first, beside the host's task.

use super::HostTask;
use crate::reconciler::Shared;
use audit::AuditEvent;
use base::{Call, HostId, Timestamp, VmId};
use domain::vms::{Exit, Run, Vm};
use operations::vms::exit::run_ended;
use operations::vms::migrate::arrived;
use operations::vms::start::StartVm;
use projection::Snapshot;
use std::future::Future;
use std::sync::Arc;
use store::Batch;
use workflow::Workflow;

/// So many of the newest jobs are searched for the one that started a run.
const JOBS_SEARCHED: usize = 1000;

impl HostTask {
    /// Beside the host's task, not too many at once.
    fn beside<F>(&self, work: impl FnOnce(Arc<Shared>) -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send,
    {
        let shared = Arc::clone(&self.shared);
        self.shared.spawn(async move {
            // The semaphore is never closed.
            let _place = shared.notes.acquire().await;
            work(Arc::clone(&shared)).await;
        });
    }

    pub(super) fn note_started(&self, vm: VmId, epoch: u64) {
        self.beside(move |shared| async move {
            shared
                .note("the start of a virtual machine", |snapshot, now| {
                    let (vm, run) = present(snapshot, vm, epoch)?;
                    run.started.is_none().then(|| {
                        let mut batch = Batch::new();
                        batch.put(with_run(vm, |run| run.started = Some(now)));
                        batch
                    })
                })
                .await;
        });
    }

    pub(super) fn note_up(&self, vm: VmId, epoch: u64) {
        self.beside(move |shared| async move {
            let own = shared.call();
            let noted = shared
                .note("that a virtual machine is up", |snapshot, now| {
                    let call = start_call(snapshot, vm).unwrap_or_else(|| own.clone());
                    up(snapshot, &call, vm, epoch, now)
                })
                .await;
            if noted {
                shared.rooms.workflows.signal(vm.0);
            }
        });
    }

    /// The run has come from another host.
    pub(super) fn note_arrived(&self, vm: VmId, epoch: u64) {
        let host = self.id;
        self.beside(move |shared| async move {
            let call = shared.call();
            let noted = shared
                .note("the arrival of a virtual machine", |snapshot, now| {
                    arrived(snapshot, &call, vm, epoch, host, now)
                })
                .await;
            if noted {
                shared.rooms.workflows.signal(vm.0);
            }
        });
    }

    /// Notes the end of a run if nobody has, then lets the host forget it.
    pub(super) fn note_ended(&self, vm: VmId, epoch: u64, exit: Exit) {
        let host = self.id;
        self.beside(move |shared| async move {
            let call = shared.call();
            let noted = shared
                .note("the end of a virtual machine", |snapshot, now| {
                    ran_here(snapshot, vm, epoch, host)?;
                    run_ended(snapshot, &call, vm, epoch, exit.clone(), now)
                })
                .await;
            if !noted {
                return;
            }
            shared.rooms.workflows.signal(vm.0);
            if let Some(session) = shared.rooms.agents.session(host) {
                // The host tells again at the next connection, if this does not reach it.
                if let Err(error) = session.vm_forget(vm, epoch).await {
                    tracing::info!(host.id = %host, vm.id = %vm, %error, "the host could not be told to forget a run");
                }
            }
        });
    }
}

/// The VM, if that run is still its run.
fn present(snapshot: &Snapshot, vm: VmId, epoch: u64) -> Option<(&Vm, &Run)> {
    let vm = snapshot.vm(vm)?;
    let run = vm.run.as_ref().filter(|run| run.epoch == epoch)?;
    Some((vm, run))
}

/// An end counts only when the host that tells of it is the one the run is on.
fn ran_here(snapshot: &Snapshot, vm: VmId, epoch: u64, host: HostId) -> Option<()> {
    let (_, run) = present(snapshot, vm, epoch)?;
    (run.host == Some(host)).then_some(())
}

fn with_run(vm: &Vm, change: impl FnOnce(&mut Run)) -> Vm {
    let mut next = vm.clone();
    if let Some(run) = &mut next.run {
        change(run);
    }
    next
}

fn up(snapshot: &Snapshot, call: &Call, vm: VmId, epoch: u64, now: Timestamp) -> Option<Batch> {
    let (vm, run) = present(snapshot, vm, epoch)?;
    if run.up.is_some() {
        return None;
    }
    let next = with_run(vm, |run| {
        run.started.get_or_insert(now);
        run.up = Some(now);
    });
    let host = run.host.and_then(|host| snapshot.host(host));
    let host = host.map_or_else(|| "an unknown host".to_owned(), |h| h.name.clone());
    let event = AuditEvent::VmUp {
        vm: next.clone(),
        host,
    };
    let mut batch = Batch::new();
    batch.event(event.at(call, now));
    batch.put(next);
    Some(batch)
}

/// Who started the run, as long as the job is listed.
fn start_call(snapshot: &Snapshot, vm: VmId) -> Option<Call> {
    let start = snapshot
        .workflows()
        .take(JOBS_SEARCHED)
        .find(|row| row.kind == StartVm::KIND && row.subjects.contains(&vm.0))?;
    Some(start.call.clone())
}
