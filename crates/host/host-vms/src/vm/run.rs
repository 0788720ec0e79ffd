//! A run and its state, as a pure machine: events and time in, what the engine is shown out.
//!
//! ```text
//! WaitForLaunch ─► PoweringUp ─► Up ─► PoweringDown ─► (ended)
//!                     ▲  any ⇄ Paused      │ after five minutes
//!   RebootInProgress ─┘        Up ◄────────┘
//! ```

use base::Timestamp;
use domain::vms::{Exit, ExitReason, ExitStatus, PauseReason, RunState};
use hypervisor::{Machine, MachineChange, MachineState};
use ports::hosts::{StopHow, VmPhase};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A guest that was asked to end and does not is shown as up again after this (oVirt: 5 × 60 s).
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(300);

/// One run of a VM on this host.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Run {
    /// Its number.
    pub(crate) epoch: u64,
    /// When the command came.
    pub(crate) begun: Timestamp,
    /// The kernel's boot id then: another one means that no QEMU of that time can be left.
    pub(crate) boot_id: String,
    /// Seconds after which a guest without an agent counts as up.
    pub(crate) patience_seconds: u32,
    /// QEMU was seen.
    pub(crate) launched: bool,
    /// The guest was heard, or the wait is over.
    pub(crate) up: bool,
    /// Since when the present wait for the guest lasts; `None` while the CPUs stand still.
    pub(crate) waiting_since: Option<Timestamp>,
    /// The CPUs stand still.
    pub(crate) pause: Option<PauseReason>,
    /// The guest restarts.
    pub(crate) rebooting: bool,
    /// The guest ended itself; QEMU is about to go.
    pub(crate) leaving: bool,
    /// Somebody asked to end it, and when.
    pub(crate) asked: Option<(StopHow, Timestamp)>,
    /// When it got into the state that is shown.
    pub(crate) since: Timestamp,
    /// It may be on its way to another host: when QEMU is gone, it has left.
    #[serde(default)]
    pub(crate) sending: bool,
}

impl Run {
    /// A run whose command has just come.
    pub(crate) fn new(epoch: u64, patience_seconds: u32, boot_id: &str, now: Timestamp) -> Self {
        Run {
            epoch,
            begun: now,
            boot_id: boot_id.to_owned(),
            patience_seconds,
            launched: false,
            up: false,
            waiting_since: None,
            pause: None,
            rebooting: false,
            leaving: false,
            asked: None,
            since: now,
            sending: false,
        }
    }

    /// What the engine is shown.
    pub(crate) fn phase(&self) -> VmPhase {
        let state = if !self.launched {
            RunState::WaitForLaunch
        } else if self.pause.is_some() {
            RunState::Paused
        } else if self.leaving || self.asked.is_some() {
            RunState::PoweringDown
        } else if self.rebooting {
            RunState::RebootInProgress
        } else if self.up {
            RunState::Up
        } else {
            RunState::PoweringUp
        };
        VmPhase::Running {
            state,
            pause: self.pause.filter(|_| state == RunState::Paused),
        }
    }

    /// Changes it and notes when the shown state changed with it.
    fn change(&mut self, at: Timestamp, change: impl FnOnce(&mut Self)) {
        let before = self.phase();
        change(self);
        if self.phase() != before {
            self.since = at;
        }
    }

    /// The hypervisor says how the machine is now.
    pub(crate) fn see(&mut self, machine: &Machine, now: Timestamp) {
        self.change(now, |run| {
            run.launched = true;
            match machine.state {
                MachineState::Running => {
                    run.pause = None;
                    run.waiting_since.get_or_insert(machine.started);
                }
                MachineState::Paused(reason) => run.pause = Some(reason),
                MachineState::PoweringDown => run.leaving = true,
                MachineState::Incoming => {}
            }
        });
    }

    /// Something happened to the machine. `Ended` is not for here.
    pub(crate) fn happened(&mut self, change: &MachineChange, at: Timestamp) {
        self.change(at, |run| match change {
            MachineChange::Started => {
                run.launched = true;
                if run.pause.is_none() {
                    run.waiting_since.get_or_insert(at);
                }
            }
            MachineChange::Paused(reason) => run.pause = Some(*reason),
            MachineChange::Resumed => {
                run.pause = None;
                run.waiting_since.get_or_insert(at);
            }
            MachineChange::PoweringDown => run.leaving = true,
            MachineChange::Rebooted => {
                run.rebooting = run.up;
                run.up = false;
                run.leaving = false;
                run.waiting_since = Some(at);
            }
            MachineChange::Ended(_)
            | MachineChange::AgentConnected
            | MachineChange::AgentDisconnected
            | MachineChange::IoError { .. }
            | MachineChange::Watchdog { .. }
            | MachineChange::Migrating { .. }
            | MachineChange::MigratedAway
            | MachineChange::Incoming
            | MachineChange::MigratedIn
            | MachineChange::IncomingFailed
            | MachineChange::BlockJob { .. } => {}
        });
    }

    /// The guest agent answered.
    pub(crate) fn heard(&mut self, now: Timestamp) {
        self.change(now, |run| {
            run.up = true;
            run.rebooting = false;
        });
    }

    /// Somebody asked to end it. Asking again begins the wait anew.
    pub(crate) fn ask(&mut self, how: StopHow, now: Timestamp) {
        self.change(now, |run| run.asked = Some((how, now)));
    }

    /// When `tick` is due next.
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        [self.up_due(), self.shutdown_due()]
            .into_iter()
            .flatten()
            .min()
    }

    fn up_due(&self) -> Option<Timestamp> {
        let waits = self.launched && !self.up && self.pause.is_none();
        let since = self.waiting_since.filter(|_| waits)?;
        Some(since.after(Duration::from_secs(self.patience_seconds.into())))
    }

    fn shutdown_due(&self) -> Option<Timestamp> {
        match self.asked {
            Some((StopHow::Shutdown, at)) if !self.leaving => Some(at.after(SHUTDOWN_PATIENCE)),
            _ => None,
        }
    }

    /// Time has passed.
    pub(crate) fn tick(&mut self, now: Timestamp) {
        if self.up_due().is_some_and(|due| due <= now) {
            self.heard(now);
        }
        if self.shutdown_due().is_some_and(|due| due <= now) {
            self.change(now, |run| run.asked = None);
        }
    }

    /// How the run ended, when the hypervisor says `exit`: what somebody asked for is no accident.
    pub(crate) fn exit(&self, exit: &Exit) -> Exit {
        let wanted = match self.asked {
            Some((StopHow::Destroy, _)) => true,
            Some((StopHow::Shutdown, _)) => exit.status == ExitStatus::Normal,
            None => false,
        };
        match wanted {
            true => Exit {
                status: ExitStatus::Normal,
                reason: ExitReason::AdminShutdown,
                message: "an administrator ended the virtual machine".into(),
                at: exit.at,
            },
            false => exit.clone(),
        }
    }

    /// How the run ended, when nobody saw it: QEMU is simply not there. `boot_id` is the kernel's now.
    pub(crate) fn exit_unseen(&self, boot_id: &str, at: Timestamp) -> Exit {
        let exit = |status, reason, message: &str| Exit {
            status,
            reason,
            message: message.to_owned(),
            at,
        };
        if self.asked.is_some() {
            return exit(
                ExitStatus::Normal,
                ExitReason::AdminShutdown,
                "an administrator ended the virtual machine",
            );
        }
        if self.leaving {
            return exit(
                ExitStatus::Normal,
                ExitReason::UserShutdown,
                "the guest ended itself",
            );
        }
        if self.boot_id != boot_id {
            return exit(
                ExitStatus::Error,
                ExitReason::HostShutdown,
                "the host was restarted while the virtual machine ran",
            );
        }
        if !self.launched {
            return exit(
                ExitStatus::Error,
                ExitReason::LibvirtStartFailed,
                "the virtual machine was being started when the host's agent stopped; it does not run",
            );
        }
        exit(
            ExitStatus::Error,
            ExitReason::LibvirtDomainMissing,
            "the virtual machine ended while nobody looked; the reason is not known",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const T0: Timestamp = Timestamp(1_000_000_000);
    fn at(seconds: u64) -> Timestamp {
        T0.after(Duration::from_secs(seconds))
    }
    fn state(run: &Run) -> RunState {
        match run.phase() {
            VmPhase::Running { state, .. } => state,
            VmPhase::Ended(_) | VmPhase::Left => unreachable!("a run is running"),
        }
    }
    fn started() -> Run {
        let mut run = Run::new(1, 60, "boot", T0);
        run.happened(&MachineChange::Started, at(1));
        run
    }

    #[test]
    fn a_guest_is_up_when_it_was_heard_or_the_wait_is_over() {
        let mut run = Run::new(1, 60, "boot", T0);
        assert_eq!(
            (state(&run), run.deadline()),
            (RunState::WaitForLaunch, None)
        );
        run.happened(&MachineChange::Started, at(1));
        assert_eq!(
            (state(&run), run.deadline()),
            (RunState::PoweringUp, Some(at(61)))
        );
        run.tick(at(60));
        assert_eq!(state(&run), RunState::PoweringUp);
        let mut silent = run.clone();
        silent.tick(at(61));
        assert_eq!((state(&silent), silent.since), (RunState::Up, at(61)));
        run.heard(at(9));
        assert_eq!(
            (state(&run), run.since, run.deadline()),
            (RunState::Up, at(9), None)
        );
    }

    #[test]
    fn standing_cpus_hide_the_rest_and_the_wait_begins_when_they_run() {
        let mut run = Run::new(1, 60, "boot", T0);
        run.happened(&MachineChange::Paused(PauseReason::User), at(1));
        run.happened(&MachineChange::Started, at(1));
        assert_eq!((state(&run), run.deadline()), (RunState::Paused, None));
        run.happened(&MachineChange::Resumed, at(500));
        assert_eq!(
            (state(&run), run.deadline()),
            (RunState::PoweringUp, Some(at(560)))
        );
        run.heard(at(501));
        run.happened(&MachineChange::Paused(PauseReason::Enospc), at(600));
        assert_eq!(
            run.phase(),
            VmPhase::Running {
                state: RunState::Paused,
                pause: Some(PauseReason::Enospc)
            }
        );
        run.happened(&MachineChange::Resumed, at(700));
        assert_eq!((state(&run), run.since), (RunState::Up, at(700)));
    }

    #[test]
    fn a_guest_that_does_not_end_is_up_again_after_five_minutes() {
        let mut run = started();
        run.heard(at(2));
        run.ask(StopHow::Shutdown, at(10));
        assert_eq!(
            (state(&run), run.deadline()),
            (RunState::PoweringDown, Some(at(310)))
        );
        run.tick(at(310));
        assert_eq!((state(&run), run.asked), (RunState::Up, None));
        run.ask(StopHow::Shutdown, at(400));
        run.happened(&MachineChange::PoweringDown, at(401));
        assert_eq!(
            (state(&run), run.deadline()),
            (RunState::PoweringDown, None)
        );
    }

    #[test]
    fn a_restarted_guest_must_be_heard_again() {
        let mut run = started();
        run.heard(at(2));
        run.happened(&MachineChange::Rebooted, at(100));
        assert_eq!(
            (state(&run), run.deadline()),
            (RunState::RebootInProgress, Some(at(160)))
        );
        run.heard(at(120));
        assert_eq!(state(&run), RunState::Up);
    }

    #[test]
    fn what_was_asked_for_is_no_accident() {
        let broken = Exit {
            status: ExitStatus::Error,
            reason: ExitReason::LostQemuConnection,
            message: "QEMU is gone".into(),
            at: at(50),
        };
        let mut run = started();
        assert_eq!(run.exit(&broken), broken);
        run.ask(StopHow::Shutdown, at(40));
        assert_eq!(run.exit(&broken), broken);
        run.ask(StopHow::Destroy, at(41));
        let exit = run.exit(&broken);
        assert_eq!(
            (exit.status, exit.reason),
            (ExitStatus::Normal, ExitReason::AdminShutdown)
        );
    }

    #[test]
    fn a_run_that_nobody_saw_end_gets_the_best_known_reason() {
        let run = started();
        let reason = |run: &Run, boot: &str| run.exit_unseen(boot, at(99)).reason;
        assert_eq!(reason(&run, "boot"), ExitReason::LibvirtDomainMissing);
        assert_eq!(reason(&run, "other"), ExitReason::HostShutdown);
        let launching = Run::new(1, 60, "boot", T0);
        assert_eq!(reason(&launching, "boot"), ExitReason::LibvirtStartFailed);
        let mut leaving = started();
        leaving.happened(&MachineChange::PoweringDown, at(5));
        assert_eq!(reason(&leaving, "boot"), ExitReason::UserShutdown);
        leaving.ask(StopHow::Destroy, at(6));
        assert_eq!(reason(&leaving, "other"), ExitReason::AdminShutdown);
    }

    fn changes() -> impl Strategy<Value = MachineChange> {
        prop_oneof![
            Just(MachineChange::Started),
            Just(MachineChange::Paused(PauseReason::Eio)),
            Just(MachineChange::Resumed),
            Just(MachineChange::PoweringDown),
            Just(MachineChange::Rebooted),
        ]
    }

    proptest! {
        /// A deadline that stays in the past would make the actor spin.
        #[test]
        fn time_that_has_come_is_over(
            patience in 0u32..100,
            steps in proptest::collection::vec((changes(), 0u64..400, any::<bool>(), any::<bool>()), 0..20),
        ) {
            let mut run = Run::new(1, patience, "boot", T0);
            let mut now = T0;
            for (change, seconds, asks, hears) in steps {
                now = now.after(Duration::from_secs(seconds));
                run.happened(&change, now);
                if asks {
                    run.ask(StopHow::Shutdown, now);
                }
                if hears {
                    run.heard(now);
                }
                run.tick(now);
                prop_assert!(run.deadline().is_none_or(|due| due > now));
                let json = serde_json::to_string(&run).unwrap();
                prop_assert_eq!(&serde_json::from_str::<Run>(&json).unwrap(), &run);
                let paused = matches!(run.phase(), VmPhase::Running { pause: Some(_), .. });
                prop_assert_eq!(paused, state(&run) == RunState::Paused);
            }
        }
    }
}
