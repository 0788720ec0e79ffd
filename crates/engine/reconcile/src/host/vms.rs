//! What a host's words mean for VMs.

use super::HostTask;
use audit::AuditEvent;
use base::VmId;
use domain::vms::{Exit, ExitReason, ExitStatus, PauseReason, Run, RunState, Vm, VmObserved};
use operations::vms::start::StartVm;
use ports::hosts::{VmPhase, VmReport};
use projection::Snapshot;
use std::collections::HashMap;
use std::sync::Arc;
use workflow::Workflow;

/// What of a run's state has consequences.
type Shown = (RunState, Option<PauseReason>);

impl HostTask {
    /// Everything the host has. A run that was there and is not any more has ended.
    pub(super) fn report(&mut self, reports: Vec<VmReport>) {
        let Some(connected) = &mut self.state.connected else {
            return;
        };
        let first = !std::mem::replace(&mut connected.reported, true);
        let (at, rebooted) = (connected.at, connected.rebooted);
        let heard = std::mem::take(&mut connected.heard);
        let there: HashMap<VmId, u64> = reports.iter().map(|r| (r.vm, r.epoch)).collect();
        self.vms(reports);
        let snapshot = self.shared.rooms.projection.snapshot();
        for vm in snapshot.vms_on_host(self.id) {
            let Some(run) = vm.run.as_ref() else {
                continue;
            };
            if there.get(&vm.id) == Some(&run.epoch) {
                continue;
            }
            // A run that was started, or came here, while this report was on its way is not missed
            // by it.
            let began = run.arrived.or(run.started);
            let was_there = heard.get(&vm.id) == Some(&run.epoch)
                || (first && began.is_some_and(|began| began < at));
            if was_there && run.migration.is_some() {
                // Who moves it asks both hosts where it is.
                self.shared.rooms.workflows.signal(vm.id.0);
            } else if was_there {
                self.missing(vm, run, rebooted);
            }
        }
    }

    fn missing(&self, vm: &Vm, run: &Run, rebooted: bool) {
        let message = if rebooted {
            "The host was restarted; the virtual machine ended with it."
        } else {
            "The host no longer knows the virtual machine."
        };
        let exit = Exit {
            status: ExitStatus::Error,
            reason: ExitReason::LibvirtDomainMissing,
            message: message.to_owned(),
            at: self.shared.rooms.clock.now(),
        };
        self.note_ended(vm.id, run.epoch, exit);
    }

    /// VMs as they are now: what is seen of them is one change. O(log objects) for each.
    pub(super) fn vms(&mut self, reports: Vec<VmReport>) {
        let snapshot = self.shared.rooms.projection.snapshot();
        let (mut seen, mut news) = (Vec::new(), Vec::new());
        for report in reports {
            let before = snapshot
                .vm_observed(report.vm)
                .filter(|seen| seen.epoch == report.epoch)
                .map(|seen| (seen.state, seen.pause));
            if let Some((vm, now)) = self.heard(&snapshot, report) {
                news.push((vm, before, (now.state, now.pause)));
                seen.push((vm, now));
            }
        }
        self.shared.rooms.projection.vms_observed(seen);
        for (vm, before, now) in news {
            self.follow(&snapshot, vm, before, now);
        }
    }

    /// What is to be seen of a VM that runs here as the engine has ordered it. O(log objects).
    fn heard(&mut self, snapshot: &Snapshot, report: VmReport) -> Option<(VmId, VmObserved)> {
        let VmReport {
            vm: id,
            epoch,
            phase,
            guest,
            consoles,
            since,
        } = report;
        let (state, pause) = match phase {
            VmPhase::Running { state, pause } => (state, pause),
            VmPhase::Left => {
                if let Some(connected) = &mut self.state.connected {
                    connected.heard.remove(&id);
                }
                // Who moves it finds out where it is.
                self.shared.rooms.workflows.signal(id.0);
                return None;
            }
            VmPhase::Ended(exit) => {
                if let Some(connected) = &mut self.state.connected {
                    connected.heard.remove(&id);
                }
                self.state.unknown.remove(&id);
                self.state.strangers.remove(&(id, epoch));
                self.note_ended(id, epoch, exit);
                return None;
            }
        };
        let stored = snapshot.vm(id);
        let run = stored.and_then(|vm| vm.run.as_ref());
        let run = run.filter(|run| run.epoch == epoch);
        let comes = |run: &Run| run.migration.is_some_and(|m| m.to == self.id);
        match run {
            Some(run) if run.host == Some(self.id) => {
                let there = run.migration.map(|m| m.to);
                let seen = snapshot.vm_heard(id).filter(|o| o.epoch == epoch);
                if there.is_some() && seen.map(|o| o.host) == there {
                    // It runs on the other host already: these words are of the time before.
                    return None;
                }
            }
            Some(run) if comes(run) => self.note_arrived(id, epoch),
            _ => {
                self.stranger(id, epoch, stored);
                return None;
            }
        }
        if let Some(connected) = &mut self.state.connected {
            connected.heard.insert(id, epoch);
        }
        let seen = VmObserved {
            host: self.id,
            epoch,
            state,
            pause,
            since,
            guest,
            consoles,
        };
        Some((id, seen))
    }

    /// What follows from a VM's new state. `snapshot` is of the moment before it.
    fn follow(&mut self, snapshot: &Snapshot, id: VmId, before: Option<Shown>, now: Shown) {
        let Some(vm) = snapshot.vm(id) else { return };
        let Some(run) = vm.run.as_ref() else { return };
        let (epoch, state) = (run.epoch, now.0);
        let mut events = moves(vm, run, before, now);
        if self.state.unknown.remove(&id) {
            events.push(AuditEvent::VmStatusRestored {
                vm: (**vm).clone(),
                host: run.host,
            });
        }
        self.tell(events);
        if state == RunState::Up && run.up.is_none() {
            self.note_up(id, epoch);
        } else if state != RunState::WaitForLaunch && run.started.is_none() && !self.is_starting(id)
        {
            self.note_started(id, epoch);
        }
        if before != Some(now) {
            self.shared.rooms.workflows.signal(id.0);
        }
    }

    /// Is a start under way? Then the start notes by itself that QEMU runs.
    fn is_starting(&self, vm: VmId) -> bool {
        let unfinished = self.shared.rooms.workflows.unfinished(vm.0);
        unfinished.iter().any(|row| row.kind == StartVm::KIND)
    }

    /// A run that this engine has not ordered here: a person must look; it is left alone.
    fn stranger(&mut self, id: VmId, epoch: u64, stored: Option<&Arc<Vm>>) {
        if !self.state.strangers.insert((id, epoch)) {
            return;
        }
        let run = stored.map(|vm| (vm.name.as_str(), vm.run.as_ref().map(|r| (r.epoch, r.host))));
        match run {
            None => {
                tracing::warn!(host.id = %self.id, vm.id = %id, run.epoch = epoch, "a virtual machine runs on the host that the engine does not know; it is left alone");
            }
            Some((name, expected)) => {
                tracing::warn!(host.id = %self.id, vm.id = %id, vm.name = name, run.epoch = epoch, expected = ?expected, "a virtual machine runs on the host as a run that the engine does not know; it is left alone");
            }
        }
    }
}

/// The events of a move from one state to another of the same run.
fn moves(vm: &Vm, run: &Run, before: Option<Shown>, now: Shown) -> Vec<AuditEvent> {
    let Some(before) = before else {
        return Vec::new();
    };
    if before == now {
        return Vec::new();
    }
    let (vm, host) = (vm.clone(), run.host);
    let is_error = |pause: Option<PauseReason>| pause.is_some_and(|p| p != PauseReason::User);
    match (before.0, now.0) {
        (RunState::Paused, RunState::Paused) if before.1 == now.1 => Vec::new(),
        (_, RunState::Paused) => vec![AuditEvent::VmPaused {
            vm,
            host,
            reason: now.1.unwrap_or(PauseReason::Other),
        }],
        (RunState::Paused, RunState::Up | RunState::PoweringUp) if is_error(before.1) => {
            vec![AuditEvent::VmRecovered { vm, host }]
        }
        (RunState::NotResponding, RunState::NotResponding) => Vec::new(),
        (_, RunState::NotResponding) => vec![AuditEvent::VmNotResponding { vm, host }],
        _ => Vec::new(),
    }
}
