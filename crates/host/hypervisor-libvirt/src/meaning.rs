//! What libvirt's numbers and events mean for a run. Pure.

use crate::memory::Run;
use crate::sys::RawEvent;
use base::Timestamp;
use domain::vms::{Exit, ExitReason, ExitStatus, PauseReason};
use hypervisor::{BlockJobKind, BlockJobPhase, MachineChange, MachineState, xml};

/// `virDomainEventType`.
pub(crate) const STARTED: i32 = 2;
pub(crate) const SUSPENDED: i32 = 3;
pub(crate) const RESUMED: i32 = 4;
pub(crate) const STOPPED: i32 = 5;
pub(crate) const SHUTDOWN: i32 = 6;
pub(crate) const PM_SUSPENDED: i32 = 7;
pub(crate) const CRASHED: i32 = 8;

/// `VIR_DOMAIN_EVENT_STARTED_MIGRATED`, `…_RESUMED_…`, `…_STOPPED_…`.
pub(crate) const STARTED_MIGRATED: i32 = 1;
pub(crate) const RESUMED_MIGRATED: i32 = 1;
pub(crate) const STOPPED_MIGRATED: i32 = 3;
/// `virDomainEventSuspendedDetailType`.
pub(crate) const SUSPENDED_PAUSED: i32 = 0;
pub(crate) const SUSPENDED_MIGRATED: i32 = 1;
pub(crate) const SUSPENDED_IO_ERROR: i32 = 2;
/// `VIR_DOMAIN_EVENT_SHUTDOWN_HOST`.
pub(crate) const SHUTDOWN_HOST: i32 = 2;
/// `VIR_DOMAIN_EVENT_IO_ERROR_PAUSE`.
pub(crate) const IO_ERROR_PAUSES: i32 = 1;

/// QEMU here is gone after it.
pub(crate) fn is_end(change: &MachineChange) -> bool {
    matches!(
        change,
        MachineChange::Ended(_) | MachineChange::MigratedAway | MachineChange::IncomingFailed
    )
}

pub(crate) fn meaning(run: &mut Run, event: &RawEvent, now: Timestamp) -> Option<MachineChange> {
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
pub(crate) fn io_reason(words: &str) -> PauseReason {
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
pub(crate) fn watchdog_name(action: i32) -> &'static str {
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
