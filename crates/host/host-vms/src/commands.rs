//! The engine's commands at this host.

use crate::HostVms;
use crate::vm::Message;
use base::{DiskId, HostId, StorageDomainId, VmId};
use ports::HostSession;
use ports::failpoint;
use ports::hosts::{
    DiskMerge, DiskMirror, DiskProgress, DiskSnapshot, HostError, ImageProbe, MigrationEndpoint,
    MigrationPrepare, MigrationSend, MigrationState, RunDisk, RunPlace, StopHow, StorageDomainSpec,
    StorageDomainUsage, VmLaunch, VolumeAddress, VolumeCopy, VolumeCreate, VolumeInfo,
};
use std::path::Path;

#[async_trait::async_trait]
impl HostSession for HostVms {
    fn host(&self) -> HostId {
        self.whole.config.host
    }

    fn is_connected(&self) -> bool {
        true
    }

    async fn vm_launch(&self, launch: VmLaunch) -> Result<(), HostError> {
        let vm = launch.machine.id;
        let order = |reply| Message::Launch(Box::new(launch), reply);
        self.whole.registry.ask(vm, order).await?
    }

    async fn vm_stop(&self, vm: VmId, epoch: u64, how: StopHow) -> Result<(), HostError> {
        let order = |reply| Message::Stop(epoch, how, reply);
        self.whole.registry.ask(vm, order).await?
    }

    async fn vm_forget(&self, vm: VmId, epoch: u64) -> Result<(), HostError> {
        let order = |reply| Message::Forget(epoch, reply);
        self.whole.registry.ask(vm, order).await?
    }

    async fn vm_serial_log(&self, vm: VmId, max_bytes: u64) -> Result<Vec<u8>, HostError> {
        let serial = &self.whole.registry.around().serial;
        match serial.tail(vm, max_bytes).await {
            Ok(Some(log)) => Ok(log),
            // It runs and has written nothing yet.
            Ok(None) if self.shows(vm) => Ok(Vec::new()),
            Ok(None) => Err(HostError::NotFound {
                what: format!("the serial console's log of virtual machine {vm}"),
            }),
            Err(error) => Err(error.told()),
        }
    }

    async fn storage_connect(
        &self,
        domain: StorageDomainSpec,
    ) -> Result<StorageDomainUsage, HostError> {
        Ok(self.whole.ports.storage.connect(domain).await?)
    }

    async fn storage_create(
        &self,
        domain: StorageDomainSpec,
        name: String,
    ) -> Result<StorageDomainUsage, HostError> {
        let storage = &self.whole.ports.storage;
        let done = storage.create_domain(domain, &name).await;
        failpoint::pass(format_args!("storage/create/done"));
        Ok(done?)
    }

    async fn storage_remove(&self, domain: StorageDomainSpec) -> Result<(), HostError> {
        let done = self.whole.ports.storage.remove_domain(domain).await;
        failpoint::pass(format_args!("storage/remove/done"));
        Ok(done?)
    }

    async fn volume_create(&self, create: VolumeCreate) -> Result<VolumeInfo, HostError> {
        let done = self.whole.ports.storage.volume_create(create).await;
        failpoint::pass(format_args!("volume/create/done"));
        Ok(done?)
    }

    async fn volume_extend(
        &self,
        at: VolumeAddress,
        capacity_bytes: u64,
    ) -> Result<VolumeInfo, HostError> {
        let storage = &self.whole.ports.storage;
        let done = storage.volume_extend(at, capacity_bytes).await;
        failpoint::pass(format_args!("volume/extend/done"));
        Ok(done?)
    }

    async fn volume_copy(&self, copy: VolumeCopy) -> Result<VolumeInfo, HostError> {
        let done = self.whole.ports.storage.volume_copy(copy).await;
        failpoint::pass(format_args!("volume/copy/done"));
        Ok(done?)
    }

    async fn disk_remove(
        &self,
        domain: StorageDomainId,
        disk: DiskId,
        wipe: bool,
    ) -> Result<(), HostError> {
        let storage = &self.whole.ports.storage;
        let done = storage.disk_remove(domain, disk, wipe).await;
        failpoint::pass(format_args!("disk/remove/done"));
        Ok(done?)
    }

    async fn volume_info(&self, at: VolumeAddress) -> Result<VolumeInfo, HostError> {
        Ok(self.whole.ports.storage.volume_info(at).await?)
    }

    async fn image_probe(&self, path: String) -> Result<ImageProbe, HostError> {
        let storage = &self.whole.ports.storage;
        Ok(storage.image_probe(Path::new(&path)).await?)
    }

    async fn migration_prepare(
        &self,
        prepare: MigrationPrepare,
    ) -> Result<MigrationEndpoint, HostError> {
        self.migrate_prepare(prepare).await
    }

    async fn migration_send(&self, send: MigrationSend) -> Result<MigrationState, HostError> {
        self.migrate_send(send).await
    }

    async fn disk_snapshot(&self, snapshot: DiskSnapshot) -> Result<(), HostError> {
        self.layer_snapshot(snapshot).await
    }

    async fn disk_mirror(&self, mirror: DiskMirror) -> Result<DiskProgress, HostError> {
        self.layer_mirror(mirror).await
    }

    async fn disk_pivot(&self, mirror: DiskMirror) -> Result<(), HostError> {
        self.layer_pivot(mirror).await
    }

    async fn disk_mirror_abort(&self, of: RunDisk) -> Result<(), HostError> {
        self.layer_mirror_abort(of).await
    }

    async fn disk_merge(&self, merge: DiskMerge) -> Result<DiskProgress, HostError> {
        self.layer_merge(merge).await
    }

    async fn migration_cancel(&self, vm: VmId, epoch: u64) -> Result<RunPlace, HostError> {
        self.migrate_cancel(vm, epoch).await
    }

    async fn run_place(&self, vm: VmId, epoch: u64) -> Result<RunPlace, HostError> {
        let order = |reply| Message::Place(epoch, false, reply);
        self.whole.registry.ask(vm, order).await?
    }

    async fn volume_merge(&self, at: VolumeAddress) -> Result<(), HostError> {
        Ok(self.whole.ports.storage.volume_merge(at).await?)
    }

    async fn volume_remove(&self, at: VolumeAddress) -> Result<(), HostError> {
        Ok(self.whole.ports.storage.volume_remove(at).await?)
    }
}
