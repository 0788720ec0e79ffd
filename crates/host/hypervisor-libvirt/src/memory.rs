//! What the adapter remembers of the runs it knows, and what libvirt's events mean for them. Pure.
//!
//! Events alone change a run's state here, so that what listeners are told has no gaps and no
//! repetitions; only a new connection sets it from what is there.

use crate::sys::RawEvent;
use base::{DiskId, Timestamp, VmId};
use domain::vms::{Exit, ExitReason, ExitStatus, PauseReason};
use hypervisor::{BlockJobKind, BlockJobPhase, MachineChange, MachineState, xml};
use std::collections::BTreeMap;

/// A run of a machine.
#[derive(Debug, Clone, PartialEq)]
struct Run {
    epoch: u64,
    state: MachineState,
    since: Timestamp,
    /// Somebody asked it to end, through us.
    asked: bool,
    /// The host is shutting down and asked QEMU to end.
    host_ends: bool,
    /// The guest's kernel said that it crashed.
    panicked: bool,
    /// The last disk error since its CPUs ran.
    io: Option<PauseReason>,
    /// Changes that are told once the launch has succeeded.
    held: Option<Vec<MachineChange>>,
    /// It is on its way here: what was told of it so far is `Incoming`.
    arriving: bool,
    /// On its way to another host its CPUs were stopped, and will run there or here again.
    switching: bool,
    /// Its disks by their names in libvirt.
    disks: Disks,
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

/// `virDomainEventType`.
const STARTED: i32 = 2;
const SUSPENDED: i32 = 3;
const RESUMED: i32 = 4;
const STOPPED: i32 = 5;
const SHUTDOWN: i32 = 6;
const PM_SUSPENDED: i32 = 7;
const CRASHED: i32 = 8;

/// `VIR_DOMAIN_EVENT_STARTED_MIGRATED`, `…_RESUMED_…`, `…_STOPPED_…`.
const STARTED_MIGRATED: i32 = 1;
const RESUMED_MIGRATED: i32 = 1;
const STOPPED_MIGRATED: i32 = 3;
/// `virDomainEventSuspendedDetailType`.
const SUSPENDED_PAUSED: i32 = 0;
const SUSPENDED_MIGRATED: i32 = 1;
const SUSPENDED_IO_ERROR: i32 = 2;
/// `VIR_DOMAIN_EVENT_SHUTDOWN_HOST`.
const SHUTDOWN_HOST: i32 = 2;
/// `VIR_DOMAIN_EVENT_IO_ERROR_PAUSE`.
const IO_ERROR_PAUSES: i32 = 1;

/// QEMU here is gone after it.
fn is_end(change: &MachineChange) -> bool {
    matches!(
        change,
        MachineChange::Ended(_) | MachineChange::MigratedAway | MachineChange::IncomingFailed
    )
}

fn meaning(run: &mut Run, event: &RawEvent, now: Timestamp) -> Option<MachineChange> {
    match event {
        RawEvent::Lifecycle { event, detail } => lifecycle(run, *event, *detail, now),
        RawEvent::Reboot => Some(MachineChange::Rebooted),
        RawEvent::Watchdog { action } => Some(MachineChange::Watchdog {
            action: watchdog_name(*action).into(),
        }),
        RawEvent::IoError {
            alias,
            action,
            reason,
        } => {
            let reason = io_reason(reason);
            let stops = *action == IO_ERROR_PAUSES;
            if stops {
                run.io = Some(reason);
            }
            Some(MachineChange::IoError {
                disk: xml::disk_of_alias(alias),
                reason,
                stops,
            })
        }
        RawEvent::Agent { state: 1 } => Some(MachineChange::AgentConnected),
        RawEvent::Agent { state: 2 } => Some(MachineChange::AgentDisconnected),
        RawEvent::Agent { .. } | RawEvent::JobCompleted { .. } => None,
        RawEvent::Iteration { iteration } => Some(MachineChange::Migrating {
            iteration: u64::try_from(*iteration).unwrap_or(0),
        }),
        RawEvent::BlockJob {
            target,
            kind,
            status,
        } => Some(MachineChange::BlockJob {
            disk: *run.disks.get(target)?,
            kind: block_job_kind(*kind)?,
            phase: match status {
                0 => BlockJobPhase::Completed,
                1 => BlockJobPhase::Failed,
                2 => BlockJobPhase::Cancelled,
                3 => BlockJobPhase::Ready,
                _ => return None,
            },
        }),
    }
}

/// Of `virDomainBlockJobType`.
pub(crate) fn block_job_kind(kind: i32) -> Option<BlockJobKind> {
    match kind {
        1 => Some(BlockJobKind::Pull),
        2 => Some(BlockJobKind::Copy),
        3 => Some(BlockJobKind::Commit),
        4 => Some(BlockJobKind::ActiveCommit),
        5 => Some(BlockJobKind::Backup),
        _ => None,
    }
}

fn lifecycle(run: &mut Run, event: i32, detail: i32, now: Timestamp) -> Option<MachineChange> {
    match event {
        STARTED => Some(MachineChange::Started),
        // Until the other host has it, or it runs here again.
        SUSPENDED if detail == SUSPENDED_MIGRATED => {
            run.switching = true;
            None
        }
        SUSPENDED => {
            let reason = match detail {
                SUSPENDED_PAUSED => PauseReason::User,
                SUSPENDED_IO_ERROR => run.io.unwrap_or(PauseReason::Eio),
                _ => PauseReason::Other,
            };
            state_set(run, MachineState::Paused(reason), now)
                .then_some(MachineChange::Paused(reason))
        }
        PM_SUSPENDED => {
            let reason = PauseReason::Other;
            state_set(run, MachineState::Paused(reason), now)
                .then_some(MachineChange::Paused(reason))
        }
        RESUMED if detail == RESUMED_MIGRATED && run.arriving => {
            run.arriving = false;
            state_set(run, MachineState::Running, now);
            Some(MachineChange::MigratedIn)
        }
        RESUMED => {
            run.io = None;
            run.switching = false;
            state_set(run, MachineState::Running, now).then_some(MachineChange::Resumed)
        }
        // QEMU is sent home, the guest is elsewhere.
        SHUTDOWN if run.switching => None,
        SHUTDOWN => {
            run.host_ends |= detail == SHUTDOWN_HOST;
            state_set(run, MachineState::PoweringDown, now).then_some(MachineChange::PoweringDown)
        }
        CRASHED => {
            run.panicked = true;
            None
        }
        STOPPED if run.arriving => Some(MachineChange::IncomingFailed),
        STOPPED if detail == STOPPED_MIGRATED => Some(MachineChange::MigratedAway),
        STOPPED => Some(MachineChange::Ended(exit(run, detail, now))),
        _ => None,
    }
}

fn state_set(run: &mut Run, state: MachineState, now: Timestamp) -> bool {
    let changed = run.state != state;
    if changed {
        run.state = state;
        run.since = now;
    }
    changed
}

/// `detail` is a `virDomainEventStoppedDetailType`.
fn exit(run: &Run, detail: i32, at: Timestamp) -> Exit {
    use ExitReason::{
        AdminShutdown, GenericError, HostShutdown, LostQemuConnection, Success, UserShutdown,
    };
    use ExitStatus::{Error, Normal, Unknown};
    let (status, reason, message) = match detail {
        _ if run.panicked => (Error, GenericError, "The guest's operating system crashed."),
        0 if run.asked => (Normal, AdminShutdown, "The guest ended as it was asked to."),
        0 if run.host_ends => (Normal, HostShutdown, "The host ended it."),
        0 => (Normal, UserShutdown, "The guest shut itself down."),
        1 if run.asked => (Normal, AdminShutdown, "It was switched off."),
        1 => (
            Normal,
            AdminShutdown,
            "It was switched off on the host, not through the engine.",
        ),
        2 => (Error, GenericError, "The guest's operating system crashed."),
        4 => (Normal, Success, "It was saved on the host."),
        5 => (Error, LostQemuConnection, "QEMU ended unexpectedly."),
        _ => (
            Unknown,
            ExitReason::Unknown,
            "It ended for an unknown reason.",
        ),
    };
    Exit {
        status,
        reason,
        message: message.into(),
        at,
    }
}

/// QEMU's words, and those of newer versions that hand on the system's.
fn io_reason(words: &str) -> PauseReason {
    let words = words.to_ascii_lowercase();
    if words.contains("enospc") || words.contains("no space") {
        PauseReason::Enospc
    } else if words.contains("eperm") || words.contains("permi") {
        PauseReason::Eperm
    } else {
        PauseReason::Eio
    }
}

/// Of `virDomainEventWatchdogAction`.
fn watchdog_name(action: i32) -> &'static str {
    const NAMES: [&str; 7] = [
        "none",
        "pause",
        "reset",
        "poweroff",
        "shutdown",
        "debug",
        "inject-nmi",
    ];
    let index = usize::try_from(action).ok();
    index.and_then(|n| NAMES.get(n)).unwrap_or(&"unknown")
}

/// A machine's state from `virDomainState`, its reason, and the codes of its disks' errors; `None`
/// when it does not run.
pub(crate) fn state_of(state: i32, reason: i32, disk_errors: &[i32]) -> Option<MachineState> {
    /// `VIR_DOMAIN_DISK_ERROR_NO_SPACE`.
    const NO_SPACE: i32 = 2;
    /// `VIR_DOMAIN_SHUTOFF`: a domain somebody else defined.
    const SHUT_OFF: i32 = 5;
    Some(match (state, reason) {
        (SHUT_OFF, _) => return None,
        (0..=2, _) => MachineState::Running,
        // Also paused because it was launched so.
        (3, 1) => MachineState::Paused(PauseReason::User),
        (3, 5) if disk_errors.contains(&NO_SPACE) => MachineState::Paused(PauseReason::Enospc),
        (3, 5) => MachineState::Paused(PauseReason::Eio),
        (3 | 6 | 7, _) => MachineState::Paused(PauseReason::Other),
        _ => MachineState::PoweringDown,
    })
}

#[cfg(test)]
mod tests;
