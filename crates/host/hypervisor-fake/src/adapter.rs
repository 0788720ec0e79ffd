//! The port over the fake host.

use crate::blocks::{self, run};
use crate::faults::{Fault, Verb};
use crate::host::{FakeMachine, Host, Table, machine};
use crate::migration::{Begun, shown};
use crate::sample::sample;
use base::{Clock, DiskId, StorageDomainId, VmId, VolumeId};
use domain::vms::{ExitReason, ExitStatus, PauseReason};
use futures::stream::BoxStream;
use hypervisor::{
    BlockCommit, BlockCopy, BlockJob, BlockJobPhase, DiskChain, DiskOverlay, EventHub, Hypervisor,
    HypervisorError, HypervisorEvent, HypervisorFacts, Machine, MachineChange, MachineLaunch,
    MachineState, MachineStats, MigrateOut, MigrationDone, MigrationProgress, ShutdownBy,
};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// One adapter on a fake host. Clones are the same adapter; `reopened` is a new one on the same host.
#[derive(Clone)]
pub struct FakeHypervisor {
    pub(crate) host: Arc<Host>,
    hub: Arc<EventHub>,
    /// The newest run that this adapter saw of each machine.
    newest: Arc<Mutex<BTreeMap<VmId, u64>>>,
}

impl FakeHypervisor {
    /// A host without machines whose connection stands.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let host = Arc::new(Host::new(clock));
        FakeHypervisor::on(host)
    }

    fn on(host: Arc<Host>) -> Self {
        let hub = host.hub_new();
        let seen = |(vm, m): (&VmId, &FakeMachine)| (*vm, m.machine.epoch);
        let newest = host.table().machines.iter().map(seen).collect();
        FakeHypervisor {
            host,
            hub,
            newest: Arc::new(Mutex::new(newest)),
        }
    }

    /// What a restarted agent gets: a new adapter that remembers nothing, the same machines.
    #[must_use]
    pub fn reopened(&self) -> Self {
        FakeHypervisor::on(self.host.clone())
    }

    /// Waits where it must, then does `work` unless a fault is due.
    async fn call<T>(
        &self,
        verb: Verb,
        work: impl FnOnce(&mut Table) -> Result<T, HypervisorError>,
    ) -> Result<T, HypervisorError> {
        let gate = self.host.table().faults.gate(verb);
        if let Some(gate) = gate {
            // It never has permits; it is closed to let go.
            let _ = gate.acquire().await;
        }
        let mut table = self.host.table();
        if !self.host.is_connected() {
            let why = self.hub.lost_because().unwrap_or_default();
            return Err(HypervisorError::lost(why));
        }
        match table.faults.take(verb) {
            None => work(&mut table),
            Some(Fault::Refuse(error)) => Err(error),
            Some(Fault::LoseAnswer) => {
                let _ = work(&mut table);
                Err(HypervisorError::lost("the answer did not come"))
            }
        }
    }

    fn launch_now(
        &self,
        table: &mut Table,
        launch: MachineLaunch,
    ) -> Result<Machine, HypervisorError> {
        let (vm, epoch) = (launch.machine.id, launch.epoch);
        let coming = self.host.incoming().get(&vm).map(shown);
        let there = table.machines.get(&vm).map(|f| f.machine.clone());
        if let Some(there) = there.or(coming) {
            let running = there.epoch;
            if running == epoch {
                return Ok(there);
            }
            if running < epoch {
                return Err(HypervisorError::Busy {
                    vm,
                    message: format!("its run {running} is still there"),
                });
            }
        }
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(&newest) = newest.get(&vm).filter(|newest| **newest >= epoch) {
            return Err(HypervisorError::Stale { vm, epoch, newest });
        }
        let mut made = machine(table, &launch, self.host.clock.now())?;
        newest.insert(vm, epoch);
        if launch.paused {
            made.state = MachineState::Paused(PauseReason::User);
        }
        let behaviour = table.behaviour.get(&vm);
        let agent = behaviour.unwrap_or(&table.default_behaviour).agent && !launch.paused;
        let fake = FakeMachine::new(made, launch.clone());
        if table.launches_kept {
            table.launches.push(launch);
        }
        table.machines.insert(vm, fake);
        self.host.tell(vm, epoch, MachineChange::Started);
        if agent && let Some(fake) = table.machines.get_mut(&vm) {
            fake.machine.agent_connected = true;
            self.host.tell(vm, epoch, MachineChange::AgentConnected);
        }
        let there = table.machines.get(&vm).map(|fake| fake.machine.clone());
        there.ok_or(HypervisorError::NoMachine { vm })
    }
}

#[async_trait::async_trait]
impl Hypervisor for FakeHypervisor {
    fn is_connected(&self) -> bool {
        self.host.is_connected()
    }

    async fn facts(&self) -> Result<HypervisorFacts, HypervisorError> {
        self.call(Verb::Facts, |table| Ok(table.facts.clone()))
            .await
    }

    async fn launch(&self, launch: MachineLaunch) -> Result<Machine, HypervisorError> {
        self.call(Verb::Launch, |table| self.launch_now(table, launch))
            .await
    }

    async fn shutdown(&self, vm: VmId, epoch: u64) -> Result<ShutdownBy, HypervisorError> {
        let work = |table: &mut Table| {
            let fake = run(table, vm, epoch)?;
            fake.asked = true;
            let agent = fake.machine.agent_connected;
            let behaviour = table.behaviour.get(&vm);
            if behaviour.unwrap_or(&table.default_behaviour).obeys_shutdown {
                self.host.guest_ends(table, vm);
            }
            Ok(if agent {
                ShutdownBy::GuestAgent
            } else {
                ShutdownBy::Acpi
            })
        };
        self.call(Verb::Shutdown, work).await
    }

    async fn destroy(&self, vm: VmId, epoch: u64) -> Result<(), HypervisorError> {
        let work = |table: &mut Table| {
            let mut incoming = self.host.incoming();
            if incoming.get(&vm).is_some_and(|f| f.machine.epoch == epoch) {
                incoming.remove(&vm);
                self.host.tell(vm, epoch, MachineChange::IncomingFailed);
            }
            drop(incoming);
            if run(table, vm, epoch).is_ok() {
                let reason = ExitReason::AdminShutdown;
                let message = "It was switched off.";
                self.host
                    .end(table, vm, ExitStatus::Normal, reason, message);
            }
            Ok(())
        };
        self.call(Verb::Destroy, work).await
    }

    async fn pause(&self, vm: VmId, epoch: u64) -> Result<(), HypervisorError> {
        let work = |table: &mut Table| {
            let fake = run(table, vm, epoch)?;
            if fake.machine.state == MachineState::Running {
                let state = MachineState::Paused(PauseReason::User);
                let change = MachineChange::Paused(PauseReason::User);
                self.host.state_set(table, vm, state, change);
            }
            Ok(())
        };
        self.call(Verb::Pause, work).await
    }

    async fn resume(&self, vm: VmId, epoch: u64) -> Result<(), HypervisorError> {
        let work = |table: &mut Table| {
            let fake = run(table, vm, epoch)?;
            if matches!(fake.machine.state, MachineState::Paused(_)) {
                let change = MachineChange::Resumed;
                self.host
                    .state_set(table, vm, MachineState::Running, change);
            }
            Ok(())
        };
        self.call(Verb::Resume, work).await
    }

    async fn list(&self) -> Result<Vec<Machine>, HypervisorError> {
        let all = |table: &mut Table| {
            let machines = table.machines.values();
            let mut all: Vec<_> = machines.map(|fake| fake.machine.clone()).collect();
            all.extend(self.host.coming());
            all.sort_by_key(|machine| machine.vm);
            Ok(all)
        };
        self.call(Verb::List, all).await
    }

    async fn machine(&self, vm: VmId) -> Result<Machine, HypervisorError> {
        let one = |table: &mut Table| match table.machines.get(&vm) {
            Some(fake) => Ok(fake.machine.clone()),
            None => {
                let coming = self.host.incoming();
                let fake = coming.get(&vm).map(shown);
                fake.ok_or(HypervisorError::NoMachine { vm })
            }
        };
        self.call(Verb::List, one).await
    }

    fn events(&self) -> BoxStream<'static, HypervisorEvent> {
        self.hub.events()
    }

    async fn guest_agent(
        &self,
        vm: VmId,
        command: &str,
        _timeout: Duration,
    ) -> Result<String, HypervisorError> {
        let silent = |message: &str| HypervisorError::GuestAgent {
            vm,
            message: message.into(),
        };
        let answer = |table: &mut Table| {
            let fake = table.machines.get(&vm);
            let fake = fake.ok_or(HypervisorError::NoMachine { vm })?;
            if !fake.machine.agent_connected {
                return Err(silent("its channel is not open"));
            }
            let behaviour = table.behaviour.get(&vm);
            let behaviour = behaviour.unwrap_or(&table.default_behaviour);
            // The name is the quoted word after `execute`.
            let name = command.split('"').skip_while(|w| *w != "execute").nth(2);
            let name = name.ok_or_else(|| silent("the command has no `execute`"))?;
            match behaviour.answers.get(name) {
                Some(value) => Ok(format!("{{\"return\":{value}}}")),
                None => Err(silent(&format!("it does not know `{name}`"))),
            }
        };
        self.call(Verb::GuestAgent, answer).await
    }

    async fn stats(&self) -> Result<BTreeMap<VmId, MachineStats>, HypervisorError> {
        let now = self.host.clock.now();
        let all = |table: &mut Table| {
            let machines = table.machines.iter();
            Ok(machines
                .map(|(vm, fake)| (*vm, sample(fake, now)))
                .collect())
        };
        self.call(Verb::Stats, all).await
    }

    async fn migrate(&self, migrate: MigrateOut) -> Result<MigrationDone, HypervisorError> {
        let mut waits = true;
        let departs = |table: &mut Table| {
            let behaviour = table.behaviour.get(&migrate.vm);
            let busy = behaviour.unwrap_or(&table.default_behaviour).busy;
            waits = table.ways_wait || busy && migrate.bandwidth.is_some();
            self.host.departs(table, &migrate)
        };
        let begun = self.call(Verb::Migrate, departs).await;
        // Also when the answer is lost: the way does not depend on who waits.
        if !waits {
            self.host.arrives(migrate.vm);
        }
        let mut outcome = match begun? {
            Begun::Over(done) => return Ok(done),
            Begun::Goes(outcome) => outcome,
        };
        let ended = outcome.wait_for(Option::is_some).await;
        match ended.as_deref() {
            Ok(Some(outcome)) => outcome.clone(),
            _ => Err(HypervisorError::lost("the fake host is gone")),
        }
    }

    async fn migration(
        &self,
        vm: VmId,
        epoch: u64,
    ) -> Result<Option<MigrationProgress>, HypervisorError> {
        let progress = |table: &mut Table| {
            run(table, vm, epoch)?;
            Ok(table.ways.get(&vm).map(|way| way.progress))
        };
        self.call(Verb::Migration, progress).await
    }

    async fn migrate_abort(&self, vm: VmId, epoch: u64) -> Result<(), HypervisorError> {
        let abort = |table: &mut Table| {
            run(table, vm, epoch)?;
            self.host.given_up(table, vm);
            Ok(())
        };
        self.call(Verb::MigrateAbort, abort).await
    }

    async fn snapshot(
        &self,
        vm: VmId,
        epoch: u64,
        disks: Vec<DiskOverlay>,
        quiesce: bool,
    ) -> Result<(), HypervisorError> {
        let work =
            |table: &mut Table| blocks::snapshot(run(table, vm, epoch)?, vm, &disks, quiesce);
        self.call(Verb::Snapshot, work).await
    }

    async fn block_copy(&self, copy: BlockCopy) -> Result<(), HypervisorError> {
        self.call(Verb::BlockCopy, |table| self.host.copy(table, &copy))
            .await
    }

    async fn block_commit(&self, commit: BlockCommit) -> Result<(), HypervisorError> {
        self.call(Verb::BlockCommit, |table| self.host.commit(table, &commit))
            .await
    }

    async fn block_job(
        &self,
        vm: VmId,
        epoch: u64,
        disk: DiskId,
    ) -> Result<Option<BlockJob>, HypervisorError> {
        let job = |table: &mut Table| {
            let fake = run(table, vm, epoch)?;
            blocks::chain(fake, vm, disk)?;
            Ok(fake.jobs.get(&disk).map(|held| held.job))
        };
        self.call(Verb::BlockJob, job).await
    }

    async fn block_pivot(
        &self,
        vm: VmId,
        epoch: u64,
        disk: DiskId,
        to: &Path,
    ) -> Result<(), HypervisorError> {
        let pivot = |table: &mut Table| self.host.pivot(run(table, vm, epoch)?, disk, to);
        self.call(Verb::BlockPivot, pivot).await
    }

    async fn block_abort(&self, vm: VmId, epoch: u64, disk: DiskId) -> Result<(), HypervisorError> {
        let abort = |table: &mut Table| {
            let fake = run(table, vm, epoch)?;
            blocks::chain(fake, vm, disk)?;
            self.host.job_ends(fake, disk, BlockJobPhase::Cancelled);
            Ok(())
        };
        self.call(Verb::BlockAbort, abort).await
    }

    async fn disk_chain(
        &self,
        vm: VmId,
        epoch: u64,
        disk: DiskId,
    ) -> Result<DiskChain, HypervisorError> {
        let chain = |table: &mut Table| blocks::chain(run(table, vm, epoch)?, vm, disk);
        self.call(Verb::DiskChain, chain).await
    }

    async fn disk_placed(
        &self,
        vm: VmId,
        epoch: u64,
        disk: DiskId,
        domain: StorageDomainId,
        volume: VolumeId,
    ) -> Result<(), HypervisorError> {
        let placed = |table: &mut Table| {
            let fake = run(table, vm, epoch)?;
            blocks::chain(fake, vm, disk)?;
            let disks = fake.machine.disks.iter_mut();
            for seen in disks.filter(|seen| seen.disk == disk) {
                seen.domain = domain;
                seen.volume = volume;
            }
            Ok(())
        };
        self.call(Verb::DiskPlaced, placed).await
    }
}
