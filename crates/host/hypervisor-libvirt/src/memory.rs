//! What the adapter remembers of the runs it knows; what libvirt's events mean for them is in
//! `meaning`. Pure.
//!
//! Events alone change a run's state here, so that what listeners are told has no gaps and no
//! repetitions; only a new connection sets it from what is there.

use crate::meaning::{STARTED, STARTED_MIGRATED, SUSPENDED, SUSPENDED_PAUSED, is_end, meaning};
use crate::sys::RawEvent;
use base::{DiskId, Timestamp, VmId};
use domain::vms::PauseReason;
use hypervisor::{MachineChange, MachineState};
use std::collections::BTreeMap;

/// A run of a machine.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Run {
    pub epoch: u64,
    pub state: MachineState,
    pub since: Timestamp,
    /// Somebody asked it to end, through us.
    pub asked: bool,
    /// The host is shutting down and asked QEMU to end.
    pub host_ends: bool,
    /// The guest's kernel said that it crashed.
    pub panicked: bool,
    /// The last disk error since its CPUs ran.
    pub io: Option<PauseReason>,
    /// Changes that are told once the launch has succeeded.
    pub held: Option<Vec<MachineChange>>,
    /// It is on its way here: what was told of it so far is `Incoming`.
    pub arriving: bool,
    /// On its way to another host its CPUs were stopped, and will run there or here again.
    pub switching: bool,
    /// Its disks by their names in libvirt.
    pub disks: Disks,
}

/// Disks by their names in libvirt (`vda`).
pub(crate) type Disks = BTreeMap<String, DiskId>;

/// A run that was found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    pub vm: VmId,
    pub epoch: u64,
    pub state: MachineState,
    pub started: Timestamp,
    pub disks: Disks,
}

impl Run {
    fn new(epoch: u64, state: MachineState, since: Timestamp) -> Self {
        Run {
            epoch,
            state,
            since,
            asked: false,
            host_ends: false,
            panicked: false,
            io: None,
            held: None,
            arriving: state == MachineState::Incoming,
            switching: false,
            disks: Disks::new(),
        }
    }
}

/// What an event was about.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Noted {
    /// A run that is known, and what listeners are to be told.
    Run {
        epoch: u64,
        changes: Vec<MachineChange>,
    },
    /// A machine that began without us: look at it.
    Stranger {
        /// It comes from another host.
        arriving: bool,
    },
    /// Nothing of ours.
    Nothing,
}

/// The runs that are known.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    runs: BTreeMap<VmId, Run>,
    /// The newest run of each machine that was ever seen; a later launch of it or an older one is
    /// refused.
    newest: BTreeMap<VmId, u64>,
    /// Runs that were seen to leave for another host, and when.
    left: BTreeMap<VmId, (u64, Timestamp)>,
}

impl Memory {
    /// The newest run of a machine that was seen.
    pub(crate) fn newest(&self, vm: VmId) -> Option<u64> {
        self.newest.get(&vm).copied()
    }

    /// Is this machine one of ours?
    pub(crate) fn knows(&self, vm: VmId) -> bool {
        self.runs.contains_key(&vm)
    }

    /// A launch begins: what happens to the run is held back until it is known whether it succeeds.
    pub(crate) fn launch_begin(
        &mut self,
        vm: VmId,
        epoch: u64,
        state: MachineState,
        at: Timestamp,
    ) {
        let mut run = Run::new(epoch, state, at);
        run.held = Some(Vec::new());
        self.runs.insert(vm, run);
    }

    /// The launch failed: the run never was.
    pub(crate) fn launch_failed(&mut self, vm: VmId, epoch: u64) {
        if self.runs.get(&vm).is_some_and(|run| run.epoch == epoch) {
            self.runs.remove(&vm);
        }
    }

    /// The launch succeeded: gives what was held back.
    pub(crate) fn launch_done(&mut self, vm: VmId, epoch: u64) -> Vec<MachineChange> {
        self.newest_set(vm, epoch);
        let Some(run) = self.runs.get_mut(&vm).filter(|run| run.epoch == epoch) else {
            return Vec::new();
        };
        let held = run.held.take().unwrap_or_default();
        if held.iter().any(is_end) {
            self.runs.remove(&vm);
        }
        held
    }

    /// Somebody asks the run to end.
    pub(crate) fn asked(&mut self, vm: VmId, epoch: u64) {
        if let Some(run) = self.runs.get_mut(&vm).filter(|run| run.epoch == epoch) {
            run.asked = true;
        }
    }

    /// When this run was seen to leave for another host.
    pub(crate) fn left(&self, vm: VmId, epoch: u64) -> Option<Timestamp> {
        let (_, at) = self.left.get(&vm).filter(|(left, _)| *left == epoch)?;
        Some(*at)
    }

    /// A machine that was looked at for its `Stranger`; gives what listeners are to be told.
    pub(crate) fn began(&mut self, vm: VmId, epoch: u64, arriving: bool) -> Vec<MachineChange> {
        match self.runs.get_mut(&vm).filter(|run| run.epoch == epoch) {
            Some(run) if arriving => {
                // It may have arrived before it was looked at; the event for that is still to come.
                run.state = MachineState::Incoming;
                run.arriving = true;
                vec![MachineChange::Incoming]
            }
            Some(_) => vec![MachineChange::Started],
            None => Vec::new(),
        }
    }

    /// A run that is there: known from now on. Gives since when it is in its state.
    pub(crate) fn seen(&mut self, found: &Found, now: Timestamp) -> Timestamp {
        let Found { vm, epoch, .. } = *found;
        self.newest_set(vm, epoch);
        self.left.remove(&vm);
        let run = match self.runs.get_mut(&vm) {
            Some(run) if run.epoch == epoch => run,
            _ => {
                let new = Run::new(epoch, found.state, found.started);
                self.runs.insert(vm, new);
                let Some(run) = self.runs.get_mut(&vm) else {
                    return now;
                };
                run
            }
        };
        run.disks.clone_from(&found.disks);
        if run.state == found.state {
            run.since
        } else {
            now
        }
    }

    /// A new connection found exactly these runs: others have ended, states may have changed while
    /// nobody heard.
    pub(crate) fn resync(&mut self, found: &[Found], now: Timestamp) {
        // A launch that is still under way knows best itself.
        self.runs.retain(|vm, run| {
            run.held.is_some()
                || found
                    .iter()
                    .any(|found| found.vm == *vm && found.epoch == run.epoch)
        });
        for one in found {
            self.seen(one, now);
            if let Some(run) = self.runs.get_mut(&one.vm)
                && run.state != one.state
            {
                run.state = one.state;
                run.since = now;
                run.arriving = one.state == MachineState::Incoming;
            }
        }
    }

    /// Takes in an event.
    pub(crate) fn note(&mut self, vm: VmId, event: &RawEvent, now: Timestamp) -> Noted {
        let Some(run) = self.runs.get_mut(&vm) else {
            return match event {
                RawEvent::Lifecycle {
                    event: STARTED,
                    detail,
                } => Noted::Stranger {
                    arriving: *detail == STARTED_MIGRATED,
                },
                _ => Noted::Nothing,
            };
        };
        let epoch = run.epoch;
        let mut changes = Vec::new();
        // A run that comes paused is not resumed; that it is paused for its user says that it is here.
        let paused = RawEvent::Lifecycle {
            event: SUSPENDED,
            detail: SUSPENDED_PAUSED,
        };
        if run.arriving && *event == paused {
            run.arriving = false;
            changes.push(MachineChange::MigratedIn);
        }
        changes.extend(meaning(run, event, now));
        if let Some(held) = &mut run.held {
            held.append(&mut changes);
            return Noted::Run { epoch, changes };
        }
        for change in &changes {
            if is_end(change) {
                self.runs.remove(&vm);
            }
            if *change == MachineChange::MigratedAway {
                self.left.insert(vm, (epoch, now));
            }
        }
        Noted::Run { epoch, changes }
    }

    fn newest_set(&mut self, vm: VmId, epoch: u64) {
        let newest = self.newest.entry(vm).or_insert(epoch);
        *newest = epoch.max(*newest);
    }
}

#[cfg(test)]
mod tests;
