//! A host that notes what it is told and says what the test tells it to say.

use agent_rpc::HostFeed;
use async_trait::async_trait;
use base::{DiskId, HostId, StorageDomainId, Timestamp, VmId};
use domain::disks::DiskFormat;
use domain::hosts::HostFacts;
use futures::StreamExt;
use futures::stream::BoxStream;
use ports::HostSession;
use ports::hosts::{
    HostError, HostEvent, HostHello, ImageProbe, StatsFrame, StopHow, StorageDomainSpec,
    StorageDomainUsage, VmLaunch, VolumeAddress, VolumeCopy, VolumeCreate, VolumeInfo,
};
use std::sync::Mutex;
use std::time::Duration;
use tokio::sync::{Notify, broadcast, watch};

/// A command as it arrived.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    Launch(Box<VmLaunch>),
    Stop(VmId, u64, StopHow),
    Forget(VmId, u64),
    SerialLog(VmId, u64),
    Connect(StorageDomainSpec),
    CreateDomain(StorageDomainSpec, String),
    RemoveDomain(StorageDomainSpec),
    CreateVolume(VolumeCreate),
    Extend(VolumeAddress, u64),
    Copy(VolumeCopy),
    Remove(StorageDomainId, DiskId, bool),
    Info(VolumeAddress),
    Probe(String),
}

pub struct FarHost {
    id: HostId,
    pub told: Mutex<Vec<Told>>,
    /// The next commands fail with it.
    pub failure: Mutex<Option<HostError>>,
    /// Commands wait until it is true.
    pub go: watch::Sender<bool>,
    /// Commands that have begun.
    pub begun: Notify,
    pub events: broadcast::Sender<HostEvent>,
}

impl FarHost {
    pub fn new(id: HostId) -> Self {
        FarHost {
            id,
            told: Mutex::default(),
            failure: Mutex::default(),
            go: watch::Sender::new(true),
            begun: Notify::new(),
            events: broadcast::Sender::new(64),
        }
    }

    pub fn facts() -> HostFacts {
        HostFacts {
            os: "Debian GNU/Linux 12 („bookworm“)".to_owned(),
            cpu_sockets: 2,
            ..HostFacts::default()
        }
    }

    async fn tell<T>(&self, told: Told, answer: T) -> Result<T, HostError> {
        self.begun.notify_one();
        let mut go = self.go.subscribe();
        let _ = go.wait_for(|go| *go).await;
        self.told.lock().unwrap().push(told);
        match &*self.failure.lock().unwrap() {
            Some(failure) => Err(failure.clone()),
            None => Ok(answer),
        }
    }
}

pub const USAGE: StorageDomainUsage = StorageDomainUsage {
    total_bytes: u64::MAX,
    available_bytes: 7,
};
pub const INFO: VolumeInfo = VolumeInfo {
    capacity_bytes: 512,
    actual_bytes: 0,
};
pub const PROBE: ImageProbe = ImageProbe {
    format: DiskFormat::Cow,
    virtual_bytes: 1,
    actual_bytes: 2,
};

#[async_trait]
impl HostSession for FarHost {
    fn host(&self) -> HostId {
        self.id
    }
    fn is_connected(&self) -> bool {
        true
    }
    async fn vm_launch(&self, launch: VmLaunch) -> Result<(), HostError> {
        self.tell(Told::Launch(Box::new(launch)), ()).await
    }
    async fn vm_stop(&self, vm: VmId, epoch: u64, how: StopHow) -> Result<(), HostError> {
        self.tell(Told::Stop(vm, epoch, how), ()).await
    }
    async fn vm_forget(&self, vm: VmId, epoch: u64) -> Result<(), HostError> {
        self.tell(Told::Forget(vm, epoch), ()).await
    }
    async fn vm_serial_log(&self, vm: VmId, max_bytes: u64) -> Result<Vec<u8>, HostError> {
        self.tell(Told::SerialLog(vm, max_bytes), b"\xff\x00log".to_vec())
            .await
    }
    async fn storage_connect(
        &self,
        domain: StorageDomainSpec,
    ) -> Result<StorageDomainUsage, HostError> {
        self.tell(Told::Connect(domain), USAGE).await
    }
    async fn storage_create(
        &self,
        domain: StorageDomainSpec,
        name: String,
    ) -> Result<StorageDomainUsage, HostError> {
        self.tell(Told::CreateDomain(domain, name), USAGE).await
    }
    async fn storage_remove(&self, domain: StorageDomainSpec) -> Result<(), HostError> {
        self.tell(Told::RemoveDomain(domain), ()).await
    }
    async fn volume_create(&self, create: VolumeCreate) -> Result<VolumeInfo, HostError> {
        self.tell(Told::CreateVolume(create), INFO).await
    }
    async fn volume_extend(
        &self,
        at: VolumeAddress,
        capacity_bytes: u64,
    ) -> Result<VolumeInfo, HostError> {
        self.tell(Told::Extend(at, capacity_bytes), INFO).await
    }
    async fn volume_copy(&self, copy: VolumeCopy) -> Result<VolumeInfo, HostError> {
        self.tell(Told::Copy(copy), INFO).await
    }
    async fn disk_remove(
        &self,
        domain: StorageDomainId,
        disk: DiskId,
        wipe: bool,
    ) -> Result<(), HostError> {
        self.tell(Told::Remove(domain, disk, wipe), ()).await
    }
    async fn volume_info(&self, at: VolumeAddress) -> Result<VolumeInfo, HostError> {
        self.tell(Told::Info(at), INFO).await
    }
    async fn image_probe(&self, path: String) -> Result<ImageProbe, HostError> {
        self.tell(Told::Probe(path), PROBE).await
    }
}

#[async_trait]
impl HostFeed for FarHost {
    async fn hello(&self) -> Result<HostHello, HostError> {
        Ok(HostHello {
            facts: Self::facts(),
            agent_epoch: 5,
        })
    }
    async fn watch(&self) -> BoxStream<'static, HostEvent> {
        let events = self.events.subscribe();
        let first = HostEvent::Report(Vec::new());
        let rest = futures::stream::unfold(events, |mut events| async move {
            events.recv().await.ok().map(|event| (event, events))
        });
        futures::stream::iter([first]).chain(rest).boxed()
    }
    fn stats(&self, interval: Duration) -> BoxStream<'static, StatsFrame> {
        // The interval comes back as the sample's time.
        let micros = i64::try_from(interval.as_micros()).unwrap();
        let mut frame = StatsFrame::default();
        frame.host.at = Timestamp(micros);
        futures::stream::iter([frame])
            .chain(futures::stream::pending())
            .boxed()
    }
}
