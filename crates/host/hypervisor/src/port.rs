//! The port itself.

use crate::{
    BlockCommit, BlockCopy, BlockJob, DiskChain, DiskOverlay, HypervisorError, HypervisorEvent,
    HypervisorFacts, Machine, MachineLaunch, MachineStats, MigrateOut, MigrationDone,
    MigrationProgress,
};
use base::{DiskId, StorageDomainId, VmId, VolumeId};
use futures::stream::BoxStream;
use std::collections::BTreeMap;
use std::path::Path;
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

    /// Moves the run to another host; answers when it runs there and is gone from here. While one
    /// is under way the same command waits for that one, also one that another adapter began. A run
    /// that this adapter saw leave is success.
    ///
    /// # Errors
    /// `NoMachine` when the run is not here: it may be on the destination already. `Cancelled` after
    /// `migrate_abort`, `Failed` when it did not work; the run goes on here then. `Lost`: it may be
    /// going on, or be over; `list` here and there tells.
    async fn migrate(&self, migrate: MigrateOut) -> Result<MigrationDone, HypervisorError>;

    /// How far the run's way to another host is; `None` when it is not on its way.
    ///
    /// # Errors
    /// `NoMachine` when that run is not there.
    async fn migration(
        &self,
        vm: VmId,
        epoch: u64,
    ) -> Result<Option<MigrationProgress>, HypervisorError>;

    /// Gives up the run's way to another host; answers when that was asked for, `migrate` says how
    /// it ended. None under way is success.
    ///
    /// # Errors
    /// `NoMachine` when that run is not there: it may have left.
    async fn migrate_abort(&self, vm: VmId, epoch: u64) -> Result<(), HypervisorError>;

    /// Puts new layers on disks, all at the same moment or none. Layers that are there already are
    /// success. `quiesce`: the guest agent brings its file systems to rest for that moment.
    ///
    /// # Errors
    /// `GuestAgent` when it can't quiesce; nothing was done then. `NoMachine`, `Busy` when a job is
    /// on a disk, `Unfit` when the machine has not that disk or only some of the layers are there.
    async fn snapshot(
        &self,
        vm: VmId,
        epoch: u64,
        disks: Vec<DiskOverlay>,
        quiesce: bool,
    ) -> Result<(), HypervisorError>;

    /// Begins to mirror a disk; `BlockJob` events tell when it is ready. The same copy under way, or
    /// pivoted already, is success.
    ///
    /// # Errors
    /// `NoMachine`, `Busy` when another job is on the disk, `Unfit`, `Failed`.
    async fn block_copy(&self, copy: BlockCopy) -> Result<(), HypervisorError>;

    /// Begins to merge layers. The same merge under way, or done already, is success.
    ///
    /// # Errors
    /// `NoMachine`, `Busy` when another job is on the disk, `Unfit` when the layers are not in the
    /// chain or in the wrong order, `Failed`.
    async fn block_commit(&self, commit: BlockCommit) -> Result<(), HypervisorError>;

    /// The job on a disk; `None` when there is none.
    ///
    /// # Errors
    /// `NoMachine`; `Unfit` when the machine has not that disk.
    async fn block_job(
        &self,
        vm: VmId,
        epoch: u64,
        disk: DiskId,
    ) -> Result<Option<BlockJob>, HypervisorError>;

    /// Lets the guest use `to`, the copy or the base of an active commit, from now on, and ends the
    /// job; answers when it does. The guest using it already is success.
    ///
    /// # Errors
    /// `NoMachine`; `Busy` when the job is not ready; `Unfit` when no job leads there.
    async fn block_pivot(
        &self,
        vm: VmId,
        epoch: u64,
        disk: DiskId,
        to: &Path,
    ) -> Result<(), HypervisorError>;

    /// Gives up the job on a disk; answers when it is gone and the guest uses what it used before.
    /// No job is success.
    ///
    /// # Errors
    /// `NoMachine`; `Unfit` when the machine has not that disk.
    async fn block_abort(&self, vm: VmId, epoch: u64, disk: DiskId) -> Result<(), HypervisorError>;

    /// What QEMU uses for a disk just now.
    ///
    /// # Errors
    /// `NoMachine`; `Unfit` when the machine has not that disk.
    async fn disk_chain(
        &self,
        vm: VmId,
        epoch: u64,
        disk: DiskId,
    ) -> Result<DiskChain, HypervisorError>;

    /// Writes down with the machine where a disk lies now, after a snapshot, a move or a merge:
    /// `list` shows it, here and wherever the run migrates to.
    ///
    /// # Errors
    /// `NoMachine`; `Unfit` when the machine has not that disk.
    async fn disk_placed(
        &self,
        vm: VmId,
        epoch: u64,
        disk: DiskId,
        domain: StorageDomainId,
        volume: VolumeId,
    ) -> Result<(), HypervisorError>;
}
