//! The port over the fake host.

use crate::faults::{Fault, Verb};
use crate::host::{FakeMachine, Host, Table, machine};
use base::{Clock, VmId};
use domain::vms::{ExitReason, ExitStatus, PauseReason};
use futures::stream::BoxStream;
use hypervisor::{
    DiskCounters, EventHub, Hypervisor, HypervisorError, HypervisorEvent, HypervisorFacts, Machine,
    MachineChange, MachineLaunch, MachineState, MachineStats, NicTraffic, ShutdownBy,
};
use std::collections::BTreeMap;
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
        let mut made = machine(table, &launch, self.host.clock.now())?;
        newest.insert(vm, epoch);
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
        if table.launches_kept {
            table.launches.push(launch);
        }
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
