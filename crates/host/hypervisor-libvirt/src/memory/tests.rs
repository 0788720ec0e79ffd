//! What events mean.

use super::*;
use crate::meaning::*;
use domain::vms::{ExitReason, ExitStatus};
use hypervisor::{BlockJobKind, BlockJobPhase};

const VM: VmId = VmId::known(7);

fn now() -> Timestamp {
    Timestamp(1_000_000)
}

fn event(event: i32, detail: i32) -> RawEvent {
    RawEvent::Lifecycle { event, detail }
}

const DISK: DiskId = DiskId::known(0xd);

fn found(state: MachineState) -> Found {
    Found {
        vm: VM,
        epoch: 3,
        state,
        started: Timestamp(0),
        disks: [("vda".to_owned(), DISK)].into(),
    }
}

fn running() -> Memory {
    let mut memory = Memory::default();
    memory.seen(&found(MachineState::Running), now());
    memory
}

fn told(memory: &mut Memory, event: &RawEvent) -> Vec<MachineChange> {
    match memory.note(VM, event, now()) {
        Noted::Run { epoch: 3, changes } => changes,
        other => panic!("{other:?}"),
    }
}

fn exit_after(events: &[RawEvent]) -> (ExitStatus, ExitReason) {
    let mut memory = running();
    for event in &events[..events.len() - 1] {
        told(&mut memory, event);
    }
    match told(&mut memory, &events[events.len() - 1]).as_slice() {
        [MachineChange::Ended(exit)] => {
            assert!(!memory.knows(VM));
            (exit.status, exit.reason)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_way_to_end_has_its_reason() {
    use ExitReason::{
        AdminShutdown, GenericError, HostShutdown, LostQemuConnection, Success, UserShutdown,
    };
    use ExitStatus::{Error, Normal};
    let shutdown_by_guest = event(SHUTDOWN, 1);
    let shutdown_by_host = event(SHUTDOWN, SHUTDOWN_HOST);
    for (events, expected) in [
        (
            vec![shutdown_by_guest, event(STOPPED, 0)],
            (Normal, UserShutdown),
        ),
        (
            vec![shutdown_by_host, event(STOPPED, 0)],
            (Normal, HostShutdown),
        ),
        (vec![event(STOPPED, 1)], (Normal, AdminShutdown)),
        (vec![event(STOPPED, 2)], (Error, GenericError)),
        (
            vec![event(CRASHED, 0), event(STOPPED, 1)],
            (Error, GenericError),
        ),
        (vec![event(STOPPED, 4)], (Normal, Success)),
        (vec![event(STOPPED, 5)], (Error, LostQemuConnection)),
    ] {
        assert_eq!(exit_after(&events), expected, "{events:?}");
    }
    let mut memory = running();
    memory.asked(VM, 3);
    told(&mut memory, &event(SHUTDOWN, 1));
    let ended = told(&mut memory, &event(STOPPED, 0));
    assert!(matches!(&ended[..], [MachineChange::Ended(e)] if e.reason == AdminShutdown));
}

#[test]
fn a_pause_is_told_once_and_with_the_disks_reason() {
    let mut memory = running();
    let failed = RawEvent::IoError {
        alias: hypervisor::xml::disk_alias(DiskId::known(9)),
        action: IO_ERROR_PAUSES,
        reason: "enospc".into(),
    };
    assert_eq!(
        told(&mut memory, &failed),
        [MachineChange::IoError {
            disk: Some(DiskId::known(9)),
            reason: PauseReason::Enospc,
            stops: true
        }]
    );
    let paused = event(SUSPENDED, SUSPENDED_IO_ERROR);
    let expected = [MachineChange::Paused(PauseReason::Enospc)];
    assert_eq!(told(&mut memory, &paused), expected);
    assert_eq!(told(&mut memory, &paused), []);
    assert_eq!(
        told(&mut memory, &event(RESUMED, 0)),
        [MachineChange::Resumed]
    );
    assert_eq!(told(&mut memory, &event(RESUMED, 0)), []);
    let paused = told(&mut memory, &event(SUSPENDED, SUSPENDED_PAUSED));
    assert_eq!(paused, [MachineChange::Paused(PauseReason::User)]);
}

#[test]
fn what_happens_during_a_launch_is_told_when_it_succeeded_and_never_when_it_failed() {
    let mut memory = Memory::default();
    memory.launch_begin(VM, 3, MachineState::Running, now());
    assert_eq!(told(&mut memory, &event(RESUMED, 0)), []);
    assert_eq!(told(&mut memory, &event(STARTED, 0)), []);
    assert_eq!(memory.launch_done(VM, 3), [MachineChange::Started]);
    assert_eq!(memory.newest(VM), Some(3));

    let mut memory = Memory::default();
    memory.launch_begin(VM, 3, MachineState::Running, now());
    told(&mut memory, &event(STOPPED, 5));
    memory.launch_failed(VM, 3);
    assert!(!memory.knows(VM));
    assert_eq!(memory.newest(VM), None);

    let mut memory = Memory::default();
    memory.launch_begin(VM, 3, MachineState::Running, now());
    told(&mut memory, &event(STARTED, 0));
    told(&mut memory, &event(STOPPED, 5));
    assert_eq!(memory.launch_done(VM, 3).len(), 2);
    assert!(!memory.knows(VM));
}

#[test]
fn strangers_that_begin_are_looked_at_and_others_ignored() {
    let mut memory = Memory::default();
    for (detail, arriving) in [(0, false), (STARTED_MIGRATED, true)] {
        let noted = memory.note(VM, &event(STARTED, detail), now());
        assert_eq!(noted, Noted::Stranger { arriving });
    }
    assert_eq!(memory.note(VM, &event(STOPPED, 0), now()), Noted::Nothing);
    assert_eq!(memory.note(VM, &RawEvent::Reboot, now()), Noted::Nothing);
}

#[test]
fn a_new_connection_sets_states_and_forgets_what_is_gone() {
    let mut memory = running();
    let other = VmId::known(8);
    memory.launch_begin(other, 1, MachineState::Running, now());
    let later = Timestamp(2_000_000);
    let paused = found(MachineState::Paused(PauseReason::User));
    memory.resync(std::slice::from_ref(&paused), later);
    assert_eq!(memory.seen(&paused, Timestamp(9_000_000)), later);
    assert!(memory.knows(other), "a launch is under way");
    memory.resync(&[], later);
    assert!(!memory.knows(VM));
    assert_eq!(memory.newest(VM), Some(3));
}

#[test]
fn states_and_disk_errors_become_pause_reasons() {
    use MachineState::{Paused, PoweringDown, Running};
    for (state, reason, errors, expected) in [
        (1, 1, vec![], Running),
        (3, 1, vec![], Paused(PauseReason::User)),
        (3, 5, vec![2], Paused(PauseReason::Enospc)),
        (3, 5, vec![1], Paused(PauseReason::Eio)),
        (3, 6, vec![], Paused(PauseReason::Other)),
        (4, 0, vec![], PoweringDown),
    ] {
        assert_eq!(
            state_of(state, reason, &errors),
            Some(expected),
            "{state} {reason}"
        );
    }
    assert_eq!(state_of(5, 0, &[]), None);
    assert_eq!(watchdog_name(2), "reset");
    assert_eq!(watchdog_name(-1), "unknown");
    assert_eq!(io_reason("Permission denied"), PauseReason::Eperm);
    assert_eq!(io_reason(""), PauseReason::Eio);
}

#[test]
fn a_run_that_leaves_has_not_ended_and_does_not_look_paused_on_its_way() {
    let mut memory = running();
    let pass = RawEvent::Iteration { iteration: 2 };
    assert_eq!(
        told(&mut memory, &pass),
        [MachineChange::Migrating { iteration: 2 }]
    );
    assert_eq!(told(&mut memory, &event(SUSPENDED, SUSPENDED_MIGRATED)), []);
    assert_eq!(told(&mut memory, &event(SHUTDOWN, 0)), []);
    assert_eq!(memory.left(VM, 3), None);
    assert_eq!(
        told(&mut memory, &event(STOPPED, STOPPED_MIGRATED)),
        [MachineChange::MigratedAway]
    );
    assert!(!memory.knows(VM));
    assert_eq!(memory.left(VM, 3), Some(now()));
    assert_eq!(memory.left(VM, 2), None);
    // It comes back one day.
    memory.seen(&found(MachineState::Incoming), now());
    assert_eq!(memory.left(VM, 3), None);
}

#[test]
fn a_run_that_did_not_get_away_runs_on_as_if_nothing_were() {
    let mut memory = running();
    told(&mut memory, &event(SUSPENDED, SUSPENDED_MIGRATED));
    assert_eq!(told(&mut memory, &event(RESUMED, RESUMED_MIGRATED)), []);
    assert_eq!(
        told(&mut memory, &event(SHUTDOWN, 1)),
        [MachineChange::PoweringDown]
    );
}

#[test]
fn a_run_that_comes_is_incoming_until_it_runs_here() {
    // Looked at late, when it had arrived already; or found by a new connection.
    let mut late = Memory::default();
    late.seen(&found(MachineState::Running), now());
    assert_eq!(late.began(VM, 3, true), [MachineChange::Incoming]);
    let mut resynced = Memory::default();
    resynced.resync(&[found(MachineState::Incoming)], now());
    for memory in [&mut late, &mut resynced] {
        assert_eq!(
            told(memory, &event(RESUMED, RESUMED_MIGRATED)),
            [MachineChange::MigratedIn]
        );
        let paused = MachineChange::Paused(PauseReason::User);
        let suspended = event(SUSPENDED, SUSPENDED_PAUSED);
        assert_eq!(told(memory, &suspended), [paused]);
    }
    let mut paused = Memory::default();
    paused.seen(&found(MachineState::Incoming), now());
    assert_eq!(
        told(&mut paused, &event(SUSPENDED, SUSPENDED_PAUSED)),
        [
            MachineChange::MigratedIn,
            MachineChange::Paused(PauseReason::User)
        ]
    );
    let mut failed = Memory::default();
    failed.seen(&found(MachineState::Incoming), now());
    assert_eq!(
        told(&mut failed, &event(STOPPED, 5)),
        [MachineChange::IncomingFailed]
    );
    assert!(!failed.knows(VM));
    let mut gone = Memory::default();
    assert_eq!(gone.began(VM, 3, true), []);
}

#[test]
fn jobs_are_told_by_disk() {
    let mut memory = running();
    let job = |target: &str, kind, status| RawEvent::BlockJob {
        target: target.into(),
        kind,
        status,
    };
    let ready = MachineChange::BlockJob {
        disk: DISK,
        kind: BlockJobKind::ActiveCommit,
        phase: BlockJobPhase::Ready,
    };
    assert_eq!(told(&mut memory, &job("vda", 4, 3)), [ready]);
    for unknown in [job("vdb", 4, 3), job("vda", 99, 3), job("vda", 4, 99)] {
        assert_eq!(told(&mut memory, &unknown), []);
    }
}
