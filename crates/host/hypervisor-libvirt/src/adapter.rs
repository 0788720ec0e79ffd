//! The port.

use crate::config::LibvirtConfig;
use crate::link::Link;
use crate::shared::Shared;
use crate::supervisor::supervise;
use crate::sys::Library;
use crate::{blocks, failure::failure, machines, migration, stats::sample};
use base::{Clock, DiskId, StorageDomainId, VmId, VolumeId};
use futures::StreamExt;
use futures::stream::BoxStream;
use hypervisor::{
    BlockCommit, BlockCopy, BlockJob, DiskChain, DiskOverlay, Hypervisor, HypervisorError,
    HypervisorEvent, HypervisorFacts, Machine, MachineLaunch, MachineStats, MigrateOut,
    MigrationDone, MigrationProgress, ShutdownBy,
};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::JoinHandle;

/// libvirt bounds a guest agent's answer itself, from when it was asked; this much more may pass
/// before the connection is doubted.
const AGENT_GRACE: Duration = Duration::from_secs(15);

/// Machines on this host's libvirt. Dropping it closes the connection; machines run on.
pub struct LibvirtHypervisor {
    shared: Arc<Shared>,
    supervisor: JoinHandle<()>,
}

impl LibvirtHypervisor {
    /// Begins to connect, and keeps connecting until it is dropped. Must be called in a tokio
    /// runtime.
    ///
    /// # Errors
    /// `Library` when libvirt is not installed on this host. A daemon that does not run yet is no
    /// error: `events` tells when the connection stands.
    pub fn start(config: LibvirtConfig, clock: Arc<dyn Clock>) -> Result<Self, HypervisorError> {
        Library::get().map_err(|message| HypervisorError::Library { message })?;
        let (suspicions, receiver) = unbounded_channel();
        let shared = Arc::new(Shared::new(config, clock, suspicions));
        let supervisor = tokio::spawn(supervise(shared.clone(), receiver));
        Ok(LibvirtHypervisor { shared, supervisor })
    }

    /// Waits until the connection stands.
    ///
    /// # Errors
    /// `Lost` with the last problem when it does not stand after `within`.
    pub async fn ready(&self, within: Duration) -> Result<(), HypervisorError> {
        let mut events = self.events();
        let back = async {
            while let Some(event) = events.next().await {
                if event == HypervisorEvent::Back {
                    return;
                }
            }
        };
        let waited = tokio::time::timeout(within, back).await;
        waited.map_err(|_| self.shared.lost())
    }

    /// Threads that wait for calls libvirt never answered.
    #[must_use]
    pub fn abandoned_calls(&self) -> usize {
        let shared = &self.shared;
        shared.calls.abandoned() + shared.agent_calls.abandoned()
    }

    async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shared, &Link) -> Result<T, HypervisorError> + Send + 'static,
    ) -> Result<T, HypervisorError> {
        let deadline = self.shared.config.call_deadline;
        self.shared.call(deadline, work).await
    }
}

impl Drop for LibvirtHypervisor {
    fn drop(&mut self) {
        self.supervisor.abort();
        self.shared.link_set(None);
    }
}

#[async_trait::async_trait]
impl Hypervisor for LibvirtHypervisor {
    fn is_connected(&self) -> bool {
        self.shared.hub.lost_because().is_none()
    }

    async fn facts(&self) -> Result<HypervisorFacts, HypervisorError> {
        Ok(self.shared.link()?.facts.clone())
    }

    async fn launch(&self, launch: MachineLaunch) -> Result<Machine, HypervisorError> {
        let deadline = self.shared.config.launch_deadline;
        let lock = self.shared.launch_lock(launch.machine.id).lock_owned();
        let lock = tokio::time::timeout(deadline, lock).await;
        let vm = launch.machine.id;
        let lock = lock.map_err(|_| HypervisorError::Busy {
            vm,
            message: "another launch of it does not end".into(),
        })?;
        let work = move |shared: &Shared, link: &Link| {
            // Kept until the call is over, even when nobody waits for it any more.
            let _lock = lock;
            machines::launch(shared, link, &launch)
        };
        self.shared.call(deadline, work).await
    }

    async fn shutdown(&self, vm: VmId, epoch: u64) -> Result<ShutdownBy, HypervisorError> {
        self.call(move |shared, link| machines::shutdown(shared, link, vm, epoch))
            .await
    }

    async fn destroy(&self, vm: VmId, epoch: u64) -> Result<(), HypervisorError> {
        let work = move |shared: &Shared, link: &Link| machines::destroy(shared, link, vm, epoch);
        let deadline = self.shared.config.destroy_deadline;
        self.shared.call(deadline, work).await
    }

    async fn pause(&self, vm: VmId, epoch: u64) -> Result<(), HypervisorError> {
        self.call(move |_, link| machines::pause(link, vm, epoch))
            .await
    }

    async fn resume(&self, vm: VmId, epoch: u64) -> Result<(), HypervisorError> {
        self.call(move |_, link| machines::resume(link, vm, epoch))
            .await
    }

    async fn list(&self) -> Result<Vec<Machine>, HypervisorError> {
        self.call(machines::list).await
    }

    async fn machine(&self, vm: VmId) -> Result<Machine, HypervisorError> {
        self.call(move |shared, link| machines::one(shared, link, vm))
            .await
    }

    fn events(&self) -> BoxStream<'static, HypervisorEvent> {
        self.shared.hub.events()
    }

    async fn guest_agent(
        &self,
        vm: VmId,
        command: &str,
        timeout: Duration,
    ) -> Result<String, HypervisorError> {
        let seconds = i32::try_from(timeout.as_secs().max(1)).unwrap_or(i32::MAX);
        let command = command.to_owned();
        let work =
            move |_: &Shared, link: &Link| machines::guest_agent(link, vm, &command, seconds);
        let deadline = timeout.saturating_add(AGENT_GRACE);
        self.shared
            .call_among(&self.shared.agent_calls, deadline, work)
            .await
    }

    async fn stats(&self) -> Result<BTreeMap<VmId, MachineStats>, HypervisorError> {
        let work = |shared: &Shared, link: &Link| {
            let all = link.stats().stats();
            let all = all.map_err(|e| failure("reading statistics", e))?;
            let at = shared.clock.now();
            let memory = shared.memory();
            let ours = all.into_iter().filter(|(vm, _)| memory.knows(*vm));
            Ok(ours.map(|(vm, values)| (vm, sample(&values, at))).collect())
        };
        self.call(work).await
    }

    async fn migrate(&self, migrate: MigrateOut) -> Result<MigrationDone, HypervisorError> {
        migration::migrate(&self.shared, migrate).await
    }

    async fn migration(
        &self,
        vm: VmId,
        epoch: u64,
    ) -> Result<Option<MigrationProgress>, HypervisorError> {
        self.call(move |_, link| migration::progress(link, vm, epoch))
            .await
    }

    async fn migrate_abort(&self, vm: VmId, epoch: u64) -> Result<(), HypervisorError> {
        migration::abort(&self.shared, vm, epoch).await
    }

    async fn snapshot(
        &self,
        vm: VmId,
        epoch: u64,
        disks: Vec<DiskOverlay>,
        quiesce: bool,
    ) -> Result<(), HypervisorError> {
        let deadline = self.shared.config.launch_deadline;
        let work =
            move |_: &Shared, link: &Link| blocks::snapshot(link, vm, epoch, &disks, quiesce);
        self.shared.call(deadline, work).await
    }

    async fn block_copy(&self, copy: BlockCopy) -> Result<(), HypervisorError> {
        self.call(move |_, link| blocks::copy(link, &copy)).await
    }

    async fn block_commit(&self, commit: BlockCommit) -> Result<(), HypervisorError> {
        self.call(move |_, link| blocks::commit(link, &commit))
            .await
    }

    async fn block_job(
        &self,
        vm: VmId,
        epoch: u64,
        disk: DiskId,
    ) -> Result<Option<BlockJob>, HypervisorError> {
        self.call(move |_, link| blocks::job(link, vm, epoch, disk))
            .await
    }

    async fn block_pivot(
        &self,
        vm: VmId,
        epoch: u64,
        disk: DiskId,
        to: &Path,
    ) -> Result<(), HypervisorError> {
        let to = to.to_owned();
        let deadline = self.shared.config.launch_deadline;
        let work = move |_: &Shared, link: &Link| blocks::pivot(link, vm, epoch, disk, &to);
        self.shared.call(deadline, work).await
    }

    async fn block_abort(&self, vm: VmId, epoch: u64, disk: DiskId) -> Result<(), HypervisorError> {
        let deadline = self.shared.config.launch_deadline;
        let work = move |_: &Shared, link: &Link| blocks::abort(link, vm, epoch, disk);
        self.shared.call(deadline, work).await
    }

    async fn disk_chain(
        &self,
        vm: VmId,
        epoch: u64,
        disk: DiskId,
    ) -> Result<DiskChain, HypervisorError> {
        self.call(move |_, link| blocks::chain(link, vm, epoch, disk))
            .await
    }

    async fn disk_placed(
        &self,
        vm: VmId,
        epoch: u64,
        disk: DiskId,
        domain: StorageDomainId,
        volume: VolumeId,
    ) -> Result<(), HypervisorError> {
        let at = (domain, volume);
        self.call(move |_, link| blocks::placed(link, vm, epoch, disk, at))
            .await
    }
}
