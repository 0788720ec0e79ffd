//! What events mean.

use super::*;
use base::DiskId;

const VM: VmId = VmId::known(7);

fn now() -> Timestamp {
    Timestamp(1_000_000)
}

fn event(event: i32, detail: i32) -> RawEvent {
    RawEvent::Lifecycle { event, detail }
}

fn running() -> Memory {
    let mut memory = Memory::default();
    memory.seen(VM, 3, MachineState::Running, Timestamp(0), now());
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
        (vec![event(STOPPED, 3)], (Normal, Success)),
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
        alias: xml::disk_alias(DiskId::known(9)),
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
    assert_eq!(memory.note(VM, &event(STARTED, 0), now()), Noted::Stranger);
    assert_eq!(memory.note(VM, &event(STOPPED, 0), now()), Noted::Nothing);
    assert_eq!(memory.note(VM, &RawEvent::Reboot, now()), Noted::Nothing);
}

#[test]
fn a_new_connection_sets_states_and_forgets_what_is_gone() {
    let mut memory = running();
    let other = VmId::known(8);
    memory.launch_begin(other, 1, MachineState::Running, now());
    let later = Timestamp(2_000_000);
    memory.resync(
        &[(VM, 3, MachineState::Paused(PauseReason::User), Timestamp(0))],
        later,
    );
    let state = MachineState::Paused(PauseReason::User);
    assert_eq!(
        memory.seen(VM, 3, state, Timestamp(0), Timestamp(9_000_000)),
        later
    );
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
            expected,
            "{state} {reason}"
        );
    }
    assert_eq!(watchdog_name(2), "reset");
    assert_eq!(watchdog_name(-1), "unknown");
    assert_eq!(io_reason("Permission denied"), PauseReason::Eperm);
    assert_eq!(io_reason(""), PauseReason::Eio);
}
