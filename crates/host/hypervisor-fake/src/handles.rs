//! The handles by which tests make things happen.

use crate::adapter::FakeHypervisor;
use crate::faults::{Fault, Verb};
use crate::guest::GuestBehaviour;
use base::{DiskId, VmId};
use domain::vms::{ExitReason, ExitStatus, PauseReason};
use hypervisor::{HypervisorError, HypervisorFacts, MachineChange, MachineLaunch, MachineState};

impl FakeHypervisor {
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
        self.host.connected_set(false);
        for hub in self.host.hubs() {
            hub.lost(message);
        }
    }
    /// The connection stands again.
    pub fn connection_back(&self) {
        self.host.connected_set(true);
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
        self.host.tell(vm, epoch, MachineChange::Rebooted);
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
        self.host.tell(vm, epoch, failed);
        let paused = MachineChange::Paused(reason);
        let state = MachineState::Paused(reason);
        self.host.state_set(&mut table, vm, state, paused);
    }
    /// Everything that was launched on this host, in order; repeated launches are not in it.
    #[must_use]
    pub fn launches(&self) -> Vec<MachineLaunch> {
        self.host.table().launches.clone()
    }
    /// Launches are not recorded from now on: a host that lives long would keep them all.
    pub fn launches_forget(&self) {
        let mut table = self.host.table();
        table.launches_kept = false;
        table.launches = Vec::new();
    }
    /// Every machine that is there: how it was launched, and what it does.
    #[must_use]
    pub fn machines(&self) -> Vec<(MachineLaunch, MachineState)> {
        let table = self.host.table();
        let all = table.machines.values();
        all.map(|m| (m.launch.clone(), m.machine.state)).collect()
    }
    /// How many machines there are. O(1).
    #[must_use]
    pub fn machine_count(&self) -> usize {
        self.host.table().machines.len()
    }
    /// Machine number `n` (by id, beginning anew behind the last) with its run and state. O(machines).
    #[must_use]
    pub fn machine_at(&self, n: usize) -> Option<(VmId, u64, MachineState)> {
        let table = self.host.table();
        let n = n.checked_rem(table.machines.len())?;
        let found = table.machines.values().nth(n)?;
        Some((found.machine.vm, found.machine.epoch, found.machine.state))
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
        self.host.tell(vm, epoch, change);
    }
}
