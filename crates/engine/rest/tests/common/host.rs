//! The fake host: volumes are numbers, a machine is up as soon as it is launched.

use async_trait::async_trait;
use base::{Clock, DiskId, HostId, StorageDomainId, VmId};
use domain::disks::DiskFormat;
use domain::vms::{ConsoleAddress, GraphicsProtocol, GuestInfo, RunState, VmObserved};
use ports::hosts::{
    Agents, HostError, HostSession, ImageProbe, StopHow, StorageDomainSpec, StorageDomainUsage,
    VmLaunch, VolumeAddress, VolumeCopy, VolumeCreate, VolumeInfo,
};
use projection::Projection;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

pub struct FakeAgents(pub Arc<FakeHost>);

impl Agents for FakeAgents {
    fn session(&self, host: HostId) -> Option<Arc<dyn HostSession>> {
        (host == self.0.id).then(|| self.0.clone() as Arc<dyn HostSession>)
    }
}

pub struct FakeHost {
    id: HostId,
    projection: Projection,
    clock: Arc<dyn Clock>,
    volumes: Mutex<BTreeMap<DiskId, u64>>,
}

impl FakeHost {
    pub fn new(id: HostId, projection: Projection, clock: Arc<dyn Clock>) -> Self {
        FakeHost {
            id,
            projection,
            clock,
            volumes: Mutex::default(),
        }
    }

    fn info(&self, disk: DiskId) -> Result<VolumeInfo, HostError> {
        let volumes = self.volumes.lock().unwrap();
        let capacity = volumes.get(&disk).ok_or_else(|| HostError::NotFound {
            what: format!("disk {disk}"),
        })?;
        Ok(VolumeInfo {
            capacity_bytes: *capacity,
            actual_bytes: 4096,
        })
    }
}

#[async_trait]
impl HostSession for FakeHost {
    fn host(&self) -> HostId {
        self.id
    }
    fn is_connected(&self) -> bool {
        true
    }
    async fn vm_launch(&self, launch: VmLaunch) -> Result<(), HostError> {
        let seen = VmObserved {
            host: self.id,
            epoch: launch.epoch,
            state: RunState::Up,
            pause: None,
            since: self.clock.now(),
            guest: GuestInfo::default(),
            consoles: vec![ConsoleAddress {
                protocol: GraphicsProtocol::Vnc,
                address: "192.0.2.1".to_owned(),
                port: Some(5900),
                tls_port: None,
            }],
        };
        self.projection.vm_observed(launch.machine.id, Some(seen));
        Ok(())
    }
    async fn vm_stop(&self, vm: VmId, _: u64, _: StopHow) -> Result<(), HostError> {
        self.projection.vm_observed(vm, None);
        Ok(())
    }
    async fn vm_forget(&self, _: VmId, _: u64) -> Result<(), HostError> {
        Ok(())
    }
    async fn vm_serial_log(&self, _: VmId, max_bytes: u64) -> Result<Vec<u8>, HostError> {
        let log = b"booting...\nlogin: ";
        let most = usize::try_from(max_bytes)
            .unwrap_or(usize::MAX)
            .min(log.len());
        Ok(log[log.len() - most..].to_vec())
    }
    async fn storage_connect(&self, _: StorageDomainSpec) -> Result<StorageDomainUsage, HostError> {
        Ok(StorageDomainUsage::default())
    }
    async fn storage_create(
        &self,
        _: StorageDomainSpec,
        _: String,
    ) -> Result<StorageDomainUsage, HostError> {
        Ok(StorageDomainUsage::default())
    }
    async fn storage_remove(&self, _: StorageDomainSpec) -> Result<(), HostError> {
        Ok(())
    }
    async fn volume_create(&self, create: VolumeCreate) -> Result<VolumeInfo, HostError> {
        self.volumes
            .lock()
            .unwrap()
            .insert(create.at.disk, create.capacity_bytes);
        self.info(create.at.disk)
    }
    async fn volume_extend(
        &self,
        at: VolumeAddress,
        capacity_bytes: u64,
    ) -> Result<VolumeInfo, HostError> {
        self.volumes.lock().unwrap().insert(at.disk, capacity_bytes);
        self.info(at.disk)
    }
    async fn volume_copy(&self, copy: VolumeCopy) -> Result<VolumeInfo, HostError> {
        self.info(copy.to.disk)
    }
    async fn disk_remove(
        &self,
        _: StorageDomainId,
        disk: DiskId,
        _: bool,
    ) -> Result<(), HostError> {
        self.volumes.lock().unwrap().remove(&disk);
        Ok(())
    }
    async fn volume_info(&self, at: VolumeAddress) -> Result<VolumeInfo, HostError> {
        self.info(at.disk)
    }
    async fn image_probe(&self, path: String) -> Result<ImageProbe, HostError> {
        match path.as_str() {
            "/images/demo.raw" => Ok(ImageProbe {
                format: DiskFormat::Raw,
                virtual_bytes: 64 << 20,
                actual_bytes: 32 << 20,
            }),
            _ => Err(HostError::NotFound { what: path }),
        }
    }
}
