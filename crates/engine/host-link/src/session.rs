//! A host's session as the verbs see it: the present connection, or `Unreachable`.

use crate::dial::Link;
use async_trait::async_trait;
use base::{DiskId, HostId, StorageDomainId, VmId};
use ports::HostSession;
use ports::hosts::{
    CertificateRequest, DiskMerge, DiskMirror, DiskProgress, DiskSnapshot, HostError, ImageProbe,
    MigrationEndpoint, MigrationPrepare, MigrationSend, MigrationState, RunDisk, RunPlace, StopHow,
    StorageDomainSpec, StorageDomainUsage, VmLaunch, VolumeAddress, VolumeCopy, VolumeCreate,
    VolumeInfo,
};
use std::sync::{Arc, PoisonError, RwLock};

/// Hands each command to the connection that stands right now.
pub(crate) struct Session {
    host: HostId,
    now: RwLock<State>,
}

enum State {
    Away(String),
    Connected(Arc<dyn Link>),
}

impl Session {
    pub fn new(host: HostId) -> Self {
        Session {
            host,
            now: RwLock::new(State::Away("it was not connected yet".to_owned())),
        }
    }

    pub fn connected(&self, link: Arc<dyn Link>) {
        self.set(State::Connected(link));
    }

    pub fn away(&self, message: String) {
        self.set(State::Away(message));
    }

    fn set(&self, state: State) {
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = state;
    }

    fn link(&self) -> Result<Arc<dyn Link>, HostError> {
        match &*self.now.read().unwrap_or_else(PoisonError::into_inner) {
            State::Connected(link) => Ok(Arc::clone(link)),
            State::Away(message) => Err(HostError::Unreachable {
                host: self.host,
                message: message.clone(),
            }),
        }
    }
}

#[async_trait]
impl HostSession for Session {
    fn host(&self) -> HostId {
        self.host
    }
    fn is_connected(&self) -> bool {
        self.link().is_ok_and(|link| link.is_connected())
    }
    async fn vm_launch(&self, launch: VmLaunch) -> Result<(), HostError> {
        self.link()?.vm_launch(launch).await
    }
    async fn vm_stop(&self, vm: VmId, epoch: u64, how: StopHow) -> Result<(), HostError> {
        self.link()?.vm_stop(vm, epoch, how).await
    }
    async fn vm_forget(&self, vm: VmId, epoch: u64) -> Result<(), HostError> {
        self.link()?.vm_forget(vm, epoch).await
    }
    async fn vm_serial_log(&self, vm: VmId, max_bytes: u64) -> Result<Vec<u8>, HostError> {
        self.link()?.vm_serial_log(vm, max_bytes).await
    }
    async fn storage_connect(
        &self,
        domain: StorageDomainSpec,
    ) -> Result<StorageDomainUsage, HostError> {
        self.link()?.storage_connect(domain).await
    }
    async fn storage_create(
        &self,
        domain: StorageDomainSpec,
        name: String,
    ) -> Result<StorageDomainUsage, HostError> {
        self.link()?.storage_create(domain, name).await
    }
    async fn storage_remove(&self, domain: StorageDomainSpec) -> Result<(), HostError> {
        self.link()?.storage_remove(domain).await
    }
    async fn volume_create(&self, create: VolumeCreate) -> Result<VolumeInfo, HostError> {
        self.link()?.volume_create(create).await
    }
    async fn volume_extend(
        &self,
        at: VolumeAddress,
        capacity_bytes: u64,
    ) -> Result<VolumeInfo, HostError> {
        self.link()?.volume_extend(at, capacity_bytes).await
    }
    async fn volume_copy(&self, copy: VolumeCopy) -> Result<VolumeInfo, HostError> {
        self.link()?.volume_copy(copy).await
    }
    async fn disk_remove(
        &self,
        domain: StorageDomainId,
        disk: DiskId,
        wipe: bool,
    ) -> Result<(), HostError> {
        self.link()?.disk_remove(domain, disk, wipe).await
    }
    async fn volume_info(&self, at: VolumeAddress) -> Result<VolumeInfo, HostError> {
        self.link()?.volume_info(at).await
    }
    async fn image_probe(&self, path: String) -> Result<ImageProbe, HostError> {
        self.link()?.image_probe(path).await
    }
    async fn migration_prepare(
        &self,
        prepare: MigrationPrepare,
    ) -> Result<MigrationEndpoint, HostError> {
        self.link()?.migration_prepare(prepare).await
    }
    async fn migration_send(&self, send: MigrationSend) -> Result<MigrationState, HostError> {
        self.link()?.migration_send(send).await
    }
    async fn disk_snapshot(&self, snapshot: DiskSnapshot) -> Result<(), HostError> {
        self.link()?.disk_snapshot(snapshot).await
    }
    async fn disk_mirror(&self, mirror: DiskMirror) -> Result<DiskProgress, HostError> {
        self.link()?.disk_mirror(mirror).await
    }
    async fn disk_pivot(&self, mirror: DiskMirror) -> Result<(), HostError> {
        self.link()?.disk_pivot(mirror).await
    }
    async fn disk_mirror_abort(&self, of: RunDisk) -> Result<(), HostError> {
        self.link()?.disk_mirror_abort(of).await
    }
    async fn disk_merge(&self, merge: DiskMerge) -> Result<DiskProgress, HostError> {
        self.link()?.disk_merge(merge).await
    }
    async fn volume_merge(&self, at: VolumeAddress) -> Result<(), HostError> {
        self.link()?.volume_merge(at).await
    }
    async fn volume_remove(&self, at: VolumeAddress) -> Result<(), HostError> {
        self.link()?.volume_remove(at).await
    }
    async fn certificate_request(&self) -> Result<CertificateRequest, HostError> {
        self.link()?.certificate_request().await
    }
    async fn certificate_install(&self, certificate_pem: String) -> Result<(), HostError> {
        self.link()?.certificate_install(certificate_pem).await
    }
    async fn migration_cancel(&self, vm: VmId, epoch: u64) -> Result<RunPlace, HostError> {
        self.link()?.migration_cancel(vm, epoch).await
    }
    async fn run_place(&self, vm: VmId, epoch: u64) -> Result<RunPlace, HostError> {
        self.link()?.run_place(vm, epoch).await
    }
}
