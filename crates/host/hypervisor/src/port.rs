//! The port itself.

use crate::{
    HypervisorError, HypervisorEvent, HypervisorFacts, Machine, MachineLaunch, MachineStats,
};
use base::VmId;
use futures::stream::BoxStream;
use std::collections::BTreeMap;
use std::time::Duration;

/// Who was asked to end the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShutdownBy {
    /// The guest agent.
    GuestAgent,
    /// The power button.
    Acpi,
}

/// Machines on this host.
///
/// Only machines that were launched through the port are seen; others on the same libvirt are left
/// alone. A run is named by VM and epoch, every command is idempotent, and a machine outlives the
/// adapter: a new one finds it with `list`.
#[async_trait::async_trait]
pub trait Hypervisor: Send + Sync + 'static {
    /// Does the connection stand?
    fn is_connected(&self) -> bool;

    /// Versions, CPU, machine types, KVM.
    async fn facts(&self) -> Result<HypervisorFacts, HypervisorError>;

    /// Starts QEMU; answers when it runs. The same run again answers with the machine that is there.
    ///
    /// # Errors
    /// `Stale` when a newer run was seen or this one has ended, `Busy` when an older run is there,
    /// `Unfit` when it can't be built here, `Failed` when libvirt or QEMU refuses. After an error
    /// other than `Lost` nothing is left behind.
    async fn launch(&self, launch: MachineLaunch) -> Result<Machine, HypervisorError>;

    /// Asks the guest to end: its agent, else the power button. Answers when it was asked.
    ///
    /// # Errors
    /// `NoMachine` when that run is not there.
    async fn shutdown(&self, vm: VmId, epoch: u64) -> Result<ShutdownBy, HypervisorError>;

    /// Ends QEMU; answers when it is gone. A run that is not there is success.
    async fn destroy(&self, vm: VmId, epoch: u64) -> Result<(), HypervisorError>;

    /// Stops the CPUs. Standing CPUs are success.
    ///
    /// # Errors
    /// `NoMachine` when that run is not there.
    async fn pause(&self, vm: VmId, epoch: u64) -> Result<(), HypervisorError>;

    /// Lets the CPUs run. Running CPUs are success.
    ///
    /// # Errors
    /// `NoMachine` when that run is not there.
    async fn resume(&self, vm: VmId, epoch: u64) -> Result<(), HypervisorError>;

    /// Every machine of ours.
    async fn list(&self) -> Result<Vec<Machine>, HypervisorError>;

    /// One machine of ours.
    ///
    /// # Errors
    /// `NoMachine` when it does not run here.
    async fn machine(&self, vm: VmId) -> Result<Machine, HypervisorError>;

    /// What happens from now on, in order. The first event is `Back` or `Lost`, as it is now.
    fn events(&self) -> BoxStream<'static, HypervisorEvent>;

    /// Sends one command (JSON, as QEMU's guest agent takes it) and gives its answer (JSON, the
    /// whole object with `return`).
    ///
    /// # Errors
    /// `GuestAgent` when it does not answer within `timeout` (whole seconds, at least one) or
    /// refuses, `NoMachine`.
    async fn guest_agent(
        &self,
        vm: VmId,
        command: &str,
        timeout: Duration,
    ) -> Result<String, HypervisorError>;

    /// A sample of every machine of ours. Machines that are busy just now may be missing.
    async fn stats(&self) -> Result<BTreeMap<VmId, MachineStats>, HypervisorError>;
}
