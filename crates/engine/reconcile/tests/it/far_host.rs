//! Hosts as the test plays them: what they are told, how they answer, whom the engine dials.

use async_trait::async_trait;
use base::{DiskId, HostId, StorageDomainId, VmId};
use pki::LiveIdentity;
use ports::hosts::{
    CertificateRequest, HostDialer, HostError, ImageProbe, StopHow, StorageDomainSpec,
    StorageDomainUsage, VmLaunch, VolumeAddress, VolumeCopy, VolumeCreate, VolumeInfo,
};
use ports::{Agents, HostSession};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// One host.
pub struct FarHost {
    id: HostId,
    /// Domains it can't connect.
    pub unreachable: Mutex<BTreeSet<StorageDomainId>>,
    pub usage: Mutex<StorageDomainUsage>,
    /// What it was told to connect, and which runs to forget.
    pub connected: watch::Sender<Vec<StorageDomainId>>,
    pub forgotten: watch::Sender<Vec<(VmId, u64)>>,
    /// Its certificate, if it knows how to renew one.
    pub identity: Mutex<Option<LiveIdentity>>,
    /// How often it was asked to.
    pub asked: watch::Sender<u32>,
}

impl FarHost {
    pub fn new(id: HostId) -> Self {
        FarHost {
            id,
            unreachable: Mutex::default(),
            usage: Mutex::new(StorageDomainUsage {
                total_bytes: 100 << 30,
                available_bytes: 60 << 30,
            }),
            connected: watch::Sender::default(),
            forgotten: watch::Sender::default(),
            identity: Mutex::default(),
            asked: watch::Sender::default(),
        }
    }
}

fn never<T>() -> Result<T, HostError> {
    Err(HostError::Unsupported {
        message: "the reconciler does not ask for this".to_owned(),
    })
}

#[async_trait]
impl HostSession for FarHost {
    fn host(&self) -> HostId {
        self.id
    }
    fn is_connected(&self) -> bool {
        true
    }
    async fn vm_launch(&self, _: VmLaunch) -> Result<(), HostError> {
        never()
    }
    async fn vm_stop(&self, _: VmId, _: u64, _: StopHow) -> Result<(), HostError> {
        never()
    }
    async fn vm_forget(&self, vm: VmId, epoch: u64) -> Result<(), HostError> {
        self.forgotten.send_modify(|list| list.push((vm, epoch)));
        Ok(())
    }
    async fn vm_serial_log(&self, _: VmId, _: u64) -> Result<Vec<u8>, HostError> {
        never()
    }
    async fn storage_connect(
        &self,
        domain: StorageDomainSpec,
    ) -> Result<StorageDomainUsage, HostError> {
        if self.unreachable.lock().unwrap().contains(&domain.id) {
            return Err(HostError::Failed {
                message: "the server does not answer".to_owned(),
            });
        }
        self.connected.send_modify(|list| list.push(domain.id));
        Ok(*self.usage.lock().unwrap())
    }
    async fn storage_create(
        &self,
        _: StorageDomainSpec,
        _: String,
    ) -> Result<StorageDomainUsage, HostError> {
        never()
    }
    async fn storage_remove(&self, _: StorageDomainSpec) -> Result<(), HostError> {
        never()
    }
    async fn volume_create(&self, _: VolumeCreate) -> Result<VolumeInfo, HostError> {
        never()
    }
    async fn volume_extend(&self, _: VolumeAddress, _: u64) -> Result<VolumeInfo, HostError> {
        never()
    }
    async fn volume_copy(&self, _: VolumeCopy) -> Result<VolumeInfo, HostError> {
        never()
    }
    async fn disk_remove(&self, _: StorageDomainId, _: DiskId, _: bool) -> Result<(), HostError> {
        never()
    }
    async fn volume_info(&self, _: VolumeAddress) -> Result<VolumeInfo, HostError> {
        never()
    }
    async fn certificate_request(&self) -> Result<CertificateRequest, HostError> {
        self.asked.send_modify(|asked| *asked += 1);
        let Some(identity) = self.identity.lock().unwrap().clone() else {
            return never();
        };
        let asked = identity.request().unwrap();
        Ok(CertificateRequest {
            csr_pem: asked.csr_pem,
            fingerprint: asked.fingerprint.to_string(),
        })
    }
    async fn certificate_install(&self, pem: String) -> Result<(), HostError> {
        let Some(identity) = self.identity.lock().unwrap().clone() else {
            return never();
        };
        identity.install(&pem).map_err(|e| HostError::Refused {
            message: e.to_string(),
        })
    }
    async fn image_probe(&self, _: String) -> Result<ImageProbe, HostError> {
        never()
    }
}

/// Address, port and fence epoch.
pub type Target = (String, u16, u64);

/// All hosts, and whom the engine dials.
#[derive(Default)]
pub struct FarHosts {
    pub hosts: Mutex<HashMap<HostId, Arc<FarHost>>>,
    pub dialled: watch::Sender<BTreeMap<HostId, Target>>,
}

impl Agents for FarHosts {
    fn session(&self, host: HostId) -> Option<Arc<dyn HostSession>> {
        let host = self.hosts.lock().unwrap().get(&host).cloned()?;
        Some(host)
    }
}

impl HostDialer for FarHosts {
    fn dial(&self, host: HostId, address: &str, port: u16, fence_epoch: u64) {
        let target = (address.to_owned(), port, fence_epoch);
        self.dialled
            .send_modify(|dialled| drop(dialled.insert(host, target)));
    }
    fn hang_up(&self, host: HostId) {
        self.dialled
            .send_modify(|dialled| drop(dialled.remove(&host)));
    }
}
