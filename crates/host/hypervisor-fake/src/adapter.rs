//! The port over the fake host, and the handles by which tests make things happen.

use crate::faults::{Fault, Verb};
use crate::guest::GuestBehaviour;
use crate::host::{FakeMachine, Host, Table, machine};
use base::{Clock, DiskId, VmId};
use domain::vms::{ExitReason, ExitStatus, PauseReason};
use futures::stream::BoxStream;
use hypervisor::xml::{BuildContext, domain_xml};
use hypervisor::{
    Accel, DiskCounters, EventHub, Hypervisor, HypervisorError, HypervisorEvent, HypervisorFacts,
    Machine, MachineChange, MachineLaunch, MachineState, MachineStats, NicTraffic, ShutdownBy,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// One adapter on a fake host. Clones are the same adapter; `reopened` is a new one on the same host.
#[derive(Clone)]
pub struct FakeHypervisor {
    host: Arc<Host>,
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

    /// The next `verb` fails with `error` and does nothing; several wait in line.
    pub fn refuse_next(&self, verb: Verb, error: HypervisorError) {
        let mut table = self.host.table();
        table.faults.add(verb, Fault::Refuse(error));
    }
    /// The next `verb` is carried out, but its caller hears `Lost`.
    pub fn lose_answer_of_next(&self, verb: Verb) {
        self.host.table().faults.add(verb, Fault::LoseAnswer);
    }
    /// Every `verb` waits, before it does anything, until `release`.
    pub fn hold(&self, verb: Verb) {
        self.host.table().faults.hold(verb);
    }
    /// Lets what `hold` keeps go on.
    pub fn release(&self, verb: Verb) {
        self.host.table().faults.release(verb);
    }
    /// What `facts` answers from now on.
    pub fn facts_set(&self, facts: HypervisorFacts) {
        self.host.table().facts = facts;
    }

    /// The connection breaks: commands fail and events are dropped; machines live on.
    pub fn connection_lost(&self, message: &str) {
        self.host.table().connected = false;
        for hub in self.host.hubs() {
            hub.lost(message);
        }
    }
    /// The connection stands again.
    pub fn connection_back(&self) {
        self.host.table().connected = true;
        for hub in self.host.hubs() {
            hub.back();
        }
    }

    /// How guests behave that nothing else was said of, in launches to come.
    pub fn guests_behave(&self, behaviour: GuestBehaviour) {
        self.host.table().default_behaviour = behaviour;
    }
    /// How the guest of one machine behaves, in launches to come.
    pub fn guest_behaves(&self, vm: VmId, behaviour: GuestBehaviour) {
        self.host.table().behaviour.insert(vm, behaviour);
    }
    /// The agent opens its channel.
    pub fn guest_agent_connects(&self, vm: VmId) {
        self.agent_set(vm, true);
    }
    /// The agent closes its channel.
    pub fn guest_agent_disconnects(&self, vm: VmId) {
        self.agent_set(vm, false);
    }
    /// The guest restarts; its agent is gone until it connects again.
    pub fn guest_reboots(&self, vm: VmId) {
        let mut table = self.host.table();
        let Some(fake) = table.machines.get_mut(&vm) else {
            return;
        };
        fake.machine.agent_connected = false;
        let epoch = fake.machine.epoch;
        self.host.tell(&table, vm, epoch, MachineChange::Rebooted);
    }
    /// The guest shuts itself down.
    pub fn guest_powers_off(&self, vm: VmId) {
        self.host.guest_ends(&mut self.host.table(), vm);
    }
    /// QEMU crashes.
    pub fn qemu_dies(&self, vm: VmId) {
        let message = "QEMU ended unexpectedly.";
        let reason = ExitReason::LostQemuConnection;
        let mut table = self.host.table();
        self.host
            .end(&mut table, vm, ExitStatus::Error, reason, message);
    }
    /// A disk fails, and the machine is stopped for it.
    pub fn disk_fails(&self, vm: VmId, disk: Option<DiskId>, reason: PauseReason) {
        let mut table = self.host.table();
        let Some(epoch) = table.machines.get(&vm).map(|m| m.machine.epoch) else {
            return;
        };
        let failed = MachineChange::IoError {
            disk,
            reason,
            stops: true,
        };
        self.host.tell(&table, vm, epoch, failed);
        let paused = MachineChange::Paused(reason);
        let state = MachineState::Paused(reason);
        self.host.state_set(&mut table, vm, state, paused);
    }
    /// Everything that was launched on this host, in order; repeated launches are not in it.
    #[must_use]
    pub fn launches(&self) -> Vec<MachineLaunch> {
        self.host.table().launches.clone()
    }

    fn agent_set(&self, vm: VmId, connected: bool) {
        let mut table = self.host.table();
        let Some(fake) = table.machines.get_mut(&vm) else {
            return;
        };
        if fake.machine.agent_connected == connected {
            return;
        }
        fake.machine.agent_connected = connected;
        let epoch = fake.machine.epoch;
        let change = if connected {
            MachineChange::AgentConnected
        } else {
            MachineChange::AgentDisconnected
        };
        self.host.tell(&table, vm, epoch, change);
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
        if !table.connected {
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
        if let Some(there) = table.machines.get(&vm) {
            let running = there.machine.epoch;
            if running == epoch {
                return Ok(there.machine.clone());
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
        self.check(&launch)?;
        newest.insert(vm, epoch);
        let mut made = machine(table, &launch, self.host.clock.now());
        if launch.paused {
            made.state = MachineState::Paused(PauseReason::User);
        }
        let behaviour = table.behaviour.get(&vm);
        let agent = behaviour.unwrap_or(&table.default_behaviour).agent && !launch.paused;
        let fake = FakeMachine {
            machine: made,
            launch: launch.clone(),
            asked: false,
        };
        table.launches.push(launch);
        table.machines.insert(vm, fake);
        self.host.tell(table, vm, epoch, MachineChange::Started);
        if agent && let Some(fake) = table.machines.get_mut(&vm) {
            fake.machine.agent_connected = true;
            self.host
                .tell(table, vm, epoch, MachineChange::AgentConnected);
        }
        let there = table.machines.get(&vm).map(|fake| fake.machine.clone());
        there.ok_or(HypervisorError::NoMachine { vm })
    }

    /// Refuses what libvirt would refuse, and disks that are not there.
    fn check(&self, launch: &MachineLaunch) -> Result<(), HypervisorError> {
        let context = BuildContext {
            accel: Accel::Tcg,
            architecture: "x86_64".into(),
            started: self.host.clock.now(),
            buffered: BTreeSet::new(),
        };
        domain_xml(launch, &context)?;
        // The fake knows one place that never exists; all others do.
        let missing = launch
            .disks
            .values()
            .find(|source| source.path.starts_with("/nowhere"));
        match missing {
            None => Ok(()),
            Some(source) => Err(HypervisorError::failed(
                "starting QEMU",
                38,
                format!("Cannot access `{}`", source.path.display()),
            )),
        }
    }
}

/// The machine when it is this run.
fn run(table: &mut Table, vm: VmId, epoch: u64) -> Result<&mut FakeMachine, HypervisorError> {
    let found = table.machines.get_mut(&vm);
    found
        .filter(|fake| fake.machine.epoch == epoch)
        .ok_or(HypervisorError::NoMachine { vm })
}

#[async_trait::async_trait]
impl Hypervisor for FakeHypervisor {
    fn is_connected(&self) -> bool {
        self.host.table().connected
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
            Ok(machines.map(|fake| fake.machine.clone()).collect())
        };
        self.call(Verb::List, all).await
    }

    async fn machine(&self, vm: VmId) -> Result<Machine, HypervisorError> {
        let one = |table: &mut Table| match table.machines.get(&vm) {
            Some(fake) => Ok(fake.machine.clone()),
            None => Err(HypervisorError::NoMachine { vm }),
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
            let sample = |fake: &FakeMachine| {
                let spec = &fake.launch.machine;
                let ran = now.since(fake.machine.started).as_nanos();
                MachineStats {
                    at: now,
                    // A tenth of the time that passed, and what starting took.
                    cpu_time_ns: 1_000_000 + u64::try_from(ran / 10).unwrap_or(u64::MAX),
                    vcpus: spec.topology.vcpus(),
                    memory_current_bytes: spec.memory_bytes,
                    memory_maximum_bytes: spec.memory_bytes,
                    rss_bytes: spec.memory_bytes / 2,
                    disks: fake.machine.disks.iter().map(disk_counters).collect(),
                    nics: fake
                        .machine
                        .nics
                        .iter()
                        .filter_map(|nic| nic.tap.clone())
                        .map(|tap| NicTraffic {
                            tap,
                            ..NicTraffic::default()
                        })
                        .collect(),
                    ..MachineStats::default()
                }
            };
            let machines = table.machines.iter();
            Ok(machines.map(|(vm, fake)| (*vm, sample(fake))).collect())
        };
        self.call(Verb::Stats, all).await
    }
}

fn disk_counters(disk: &hypervisor::MachineDisk) -> DiskCounters {
    DiskCounters {
        target: disk.target.clone(),
        path: disk.path.display().to_string(),
        read_requests: 1,
        read_bytes: 512,
        ..DiskCounters::default()
    }
}
