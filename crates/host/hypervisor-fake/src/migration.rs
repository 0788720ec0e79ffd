//! Fake machines on their way between fake hosts.
//!
//! Two hosts' tables are never locked together; what arrives stands in a list of its own, which is
//! always locked last.

use crate::host::{FakeMachine, Host, Table};
use base::VmId;
use hypervisor::{
    HypervisorError, Machine, MachineChange, MachineState, MigrateOut, MigrationDone,
    MigrationProgress,
};
use std::sync::Arc;
use tokio::sync::watch;

pub(crate) type Outcome = Result<MigrationDone, HypervisorError>;

const DOING: &str = "moving the machine to another host";

/// A machine on its way.
pub(crate) struct Way {
    epoch: u64,
    pub progress: MigrationProgress,
    to: Arc<Host>,
    outcome: watch::Sender<Option<Outcome>>,
}

/// What `migrate` waits for.
pub(crate) enum Begun {
    Over(MigrationDone),
    Goes(watch::Receiver<Option<Outcome>>),
}

impl Host {
    /// Begins a machine's way, or finds the one it is on.
    pub(crate) fn departs(
        &self,
        table: &mut Table,
        migrate: &MigrateOut,
    ) -> Result<Begun, HypervisorError> {
        let (vm, epoch) = (migrate.vm, migrate.epoch);
        let fake = table.machines.get(&vm).filter(|f| f.machine.epoch == epoch);
        let Some(fake) = fake else {
            let left = table.left.get(&vm).filter(|(left, _)| *left == epoch);
            return match left {
                Some((_, done)) => Ok(Begun::Over(*done)),
                None => Err(HypervisorError::NoMachine { vm }),
            };
        };
        if let Some(way) = table.ways.get(&vm) {
            return Ok(Begun::Goes(way.outcome.subscribe()));
        }
        let failed = |message: String| Err(HypervisorError::failed(DOING, 38, message));
        if !fake.jobs.is_empty() {
            return failed("domain has active block job".into());
        }
        let Some(to) = table.peers.get(&migrate.destination).cloned() else {
            return failed(format!("unable to connect with `{}`", migrate.destination));
        };
        let mut coming = fake.clone();
        coming.machine.state = MachineState::Incoming;
        coming.machine.since = self.clock.now();
        for console in &mut coming.machine.consoles {
            if let Some(address) = &migrate.console_listen {
                console.address.clone_from(address);
            }
        }
        if let (Some(old), Some(new)) = (&mut coming.machine.serial_log, &migrate.serial_log) {
            old.clone_from(new);
        }
        let memory = fake.launch.machine.memory_bytes;
        if to.incoming().insert(vm, coming).is_some() {
            return failed("the other host has such a machine already".into());
        }
        to.tell(vm, epoch, MachineChange::Incoming);
        let (outcome, receiver) = watch::channel(None);
        let way = Way {
            epoch,
            progress: MigrationProgress {
                iteration: 1,
                memory_total: memory,
                memory_remaining: memory,
                ..MigrationProgress::default()
            },
            to,
            outcome,
        };
        table.ways.insert(vm, way);
        Ok(Begun::Goes(receiver))
    }

    /// The machine arrives: the other host has it now.
    pub(crate) fn arrives(&self, vm: VmId) {
        let (way, state) = {
            let mut table = self.table();
            let state = table.machines.get(&vm).map(|fake| fake.machine.state);
            match (table.ways.remove(&vm), state) {
                (Some(way), Some(state)) => (way, state),
                _ => return,
            }
        };
        let epoch = way.epoch;
        let taken = {
            let mut there = way.to.table();
            let coming = way.to.incoming().remove(&vm);
            coming.map(|mut fake| {
                fake.machine.state = state;
                fake.machine.since = self.clock.now();
                there.machines.insert(vm, fake);
                there.left.remove(&vm);
                way.to.tell(vm, epoch, MachineChange::MigratedIn);
                if let MachineState::Paused(reason) = state {
                    way.to.tell(vm, epoch, MachineChange::Paused(reason));
                }
            })
        };
        if taken.is_none() {
            let message = "the other host gave the machine up";
            let _ = way
                .outcome
                .send(Some(Err(HypervisorError::failed(DOING, 38, message))));
            return;
        }
        let done = MigrationDone {
            at: self.clock.now(),
            total: Some(way.progress.elapsed),
            downtime: Some(std::time::Duration::ZERO),
            sent: Some(way.progress.memory_total),
        };
        let mut table = self.table();
        let still = table
            .machines
            .get(&vm)
            .is_some_and(|f| f.machine.epoch == epoch);
        if still {
            table.machines.remove(&vm);
            table.left.insert(vm, (epoch, done));
            self.tell(vm, epoch, MachineChange::MigratedAway);
        }
        let _ = way.outcome.send(Some(Ok(done)));
    }

    /// The machine's way ends, if it is on one, and it stays here.
    pub(crate) fn stays(&self, table: &mut Table, vm: VmId, why: HypervisorError) {
        let Some(way) = table.ways.remove(&vm) else {
            return;
        };
        if way.to.incoming().remove(&vm).is_some() {
            way.to.tell(vm, way.epoch, MachineChange::IncomingFailed);
        }
        let _ = way.outcome.send(Some(Err(why)));
    }

    /// Somebody gives the way up.
    pub(crate) fn given_up(&self, table: &mut Table, vm: VmId) {
        let doing = DOING.into();
        self.stays(table, vm, HypervisorError::Cancelled { doing });
    }

    /// It did not work.
    pub(crate) fn way_fails(&self, table: &mut Table, vm: VmId, message: &str) {
        self.stays(table, vm, HypervisorError::failed(DOING, 38, message));
    }

    /// Machines that are still coming.
    pub(crate) fn coming(&self) -> Vec<Machine> {
        self.incoming().values().map(shown).collect()
    }
}

/// What can be seen of a machine that is still coming.
pub(crate) fn shown(fake: &FakeMachine) -> Machine {
    Machine {
        consoles: Vec::new(),
        agent_connected: false,
        serial_log: None,
        disks: Vec::new(),
        nics: Vec::new(),
        ..fake.machine.clone()
    }
}
