//! A wire whose other end is the test, and an observer that writes down what it hears.

use agent_rpc::{EventStream, FrameStream};
use async_trait::async_trait;
use base::{DiskId, HostId, StorageDomainId, VmId};
use domain::hosts::HostFacts;
use futures::StreamExt;
use host_link::{Dial, DialFailed, Link};
use ports::HostSession;
use ports::hosts::{
    HostError, HostEvent, HostHello, HostObserver, ImageProbe, StatsFrame, StopHow,
    StorageDomainSpec, StorageDomainUsage, VmLaunch, VolumeAddress, VolumeCopy, VolumeCreate,
    VolumeInfo,
};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc;

/// What the next try to connect gets.
pub enum Answer {
    /// Nobody there.
    Refused(&'static str),
    /// A connection whose hello is refused.
    Hello(HostError),
    /// A connection; the test holds its other end.
    Stands,
}

/// The host's end of one connection.
pub struct FarEnd {
    pub events: mpsc::UnboundedSender<Result<HostEvent, HostError>>,
    pub frames: mpsc::UnboundedSender<Result<StatsFrame, HostError>>,
    pub closed: Arc<AtomicBool>,
}

/// Dials what the test has put down.
pub struct Wire {
    answers: Mutex<VecDeque<Answer>>,
    /// Address, port and fence epoch of each try.
    pub dialled: mpsc::UnboundedSender<(String, u16, u64)>,
    pub ends: mpsc::UnboundedSender<FarEnd>,
}

impl Wire {
    pub fn answer(&self, answer: Answer) {
        self.answers.lock().unwrap().push_back(answer);
    }
}

#[async_trait]
impl Dial for Wire {
    async fn dial(
        &self,
        host: HostId,
        address: &str,
        port: u16,
        fence_epoch: u64,
    ) -> Result<Arc<dyn Link>, DialFailed> {
        let _ = self.dialled.send((address.to_owned(), port, fence_epoch));
        let answer = self.answers.lock().unwrap().pop_front();
        let refusal = match answer {
            None => return Err(DialFailed("nobody answers".to_owned())),
            Some(Answer::Refused(why)) => return Err(DialFailed(why.to_owned())),
            Some(Answer::Hello(refusal)) => Some(refusal),
            Some(Answer::Stands) => None,
        };
        let (events, event_rx) = mpsc::unbounded_channel();
        let (frames, frame_rx) = mpsc::unbounded_channel();
        let closed = Arc::new(AtomicBool::new(false));
        let _ = self.ends.send(FarEnd {
            events,
            frames,
            closed: Arc::clone(&closed),
        });
        Ok(Arc::new(FakeLink {
            host,
            refusal,
            events: Mutex::new(Some(event_rx)),
            frames: Mutex::new(Some(frame_rx)),
            closed,
        }))
    }
}

impl FakeLink {
    /// A host that does nothing but forget.
    pub fn idle(host: HostId) -> Self {
        FakeLink {
            host,
            refusal: None,
            events: Mutex::default(),
            frames: Mutex::default(),
            closed: Arc::default(),
        }
    }
}

type Slot<T> = Mutex<Option<mpsc::UnboundedReceiver<Result<T, HostError>>>>;

pub struct FakeLink {
    host: HostId,
    refusal: Option<HostError>,
    events: Slot<HostEvent>,
    frames: Slot<StatsFrame>,
    closed: Arc<AtomicBool>,
}

fn stream<T: Send + 'static>(
    slot: &Slot<T>,
) -> futures::stream::BoxStream<'static, Result<T, HostError>> {
    let receiver = slot.lock().unwrap().take().unwrap();
    futures::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|item| (item, receiver))
    })
    .boxed()
}

#[async_trait]
impl Link for FakeLink {
    async fn hello(&self) -> Result<HostHello, HostError> {
        match &self.refusal {
            Some(refusal) => Err(refusal.clone()),
            None => Ok(HostHello {
                facts: HostFacts::default(),
                agent_epoch: 1,
            }),
        }
    }
    async fn watch(&self) -> Result<EventStream, HostError> {
        Ok(stream(&self.events))
    }
    async fn stats(&self, _: Duration) -> Result<FrameStream, HostError> {
        Ok(stream(&self.frames))
    }
    fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }
}

fn failed<T>() -> Result<T, HostError> {
    Err(HostError::Failed {
        message: "the fake does nothing".to_owned(),
    })
}

#[async_trait]
impl HostSession for FakeLink {
    fn host(&self) -> HostId {
        self.host
    }
    fn is_connected(&self) -> bool {
        !self.closed.load(Ordering::SeqCst)
    }
    async fn vm_launch(&self, _: VmLaunch) -> Result<(), HostError> {
        failed()
    }
    async fn vm_stop(&self, _: VmId, _: u64, _: StopHow) -> Result<(), HostError> {
        failed()
    }
    async fn vm_forget(&self, _: VmId, _: u64) -> Result<(), HostError> {
        Ok(())
    }
    async fn vm_serial_log(&self, _: VmId, _: u64) -> Result<Vec<u8>, HostError> {
        failed()
    }
    async fn storage_connect(&self, _: StorageDomainSpec) -> Result<StorageDomainUsage, HostError> {
        failed()
    }
    async fn storage_create(
        &self,
        _: StorageDomainSpec,
        _: String,
    ) -> Result<StorageDomainUsage, HostError> {
        failed()
    }
    async fn storage_remove(&self, _: StorageDomainSpec) -> Result<(), HostError> {
        failed()
    }
    async fn volume_create(&self, _: VolumeCreate) -> Result<VolumeInfo, HostError> {
        failed()
    }
    async fn volume_extend(&self, _: VolumeAddress, _: u64) -> Result<VolumeInfo, HostError> {
        failed()
    }
    async fn volume_copy(&self, _: VolumeCopy) -> Result<VolumeInfo, HostError> {
        failed()
    }
    async fn disk_remove(&self, _: StorageDomainId, _: DiskId, _: bool) -> Result<(), HostError> {
        failed()
    }
    async fn volume_info(&self, _: VolumeAddress) -> Result<VolumeInfo, HostError> {
        failed()
    }
    async fn image_probe(&self, _: String) -> Result<ImageProbe, HostError> {
        failed()
    }
}

/// What an observer hears, as words.
#[derive(Debug, PartialEq)]
pub enum Heard {
    Connected,
    Event(Box<HostEvent>),
    Stats,
    Lost(String),
    Superseded(u64),
}

pub struct Ear(pub mpsc::UnboundedSender<(HostId, Heard)>);

#[async_trait]
impl HostObserver for Ear {
    async fn connected(&self, host: HostId, _: HostHello) {
        let _ = self.0.send((host, Heard::Connected));
    }
    async fn event(&self, host: HostId, event: HostEvent) {
        let _ = self.0.send((host, Heard::Event(Box::new(event))));
    }
    async fn stats(&self, host: HostId, _: StatsFrame) {
        let _ = self.0.send((host, Heard::Stats));
    }
    async fn lost(&self, host: HostId, message: String) {
        let _ = self.0.send((host, Heard::Lost(message)));
    }
    async fn superseded(&self, host: HostId, newest: u64) {
        let _ = self.0.send((host, Heard::Superseded(newest)));
    }
}

/// Address, port and fence epoch of each try.
pub type Dials = mpsc::UnboundedReceiver<(String, u16, u64)>;

/// Makes a wire; the receivers tell of tries and of far ends.
pub fn wire() -> (Arc<Wire>, Dials, mpsc::UnboundedReceiver<FarEnd>) {
    let (dialled, dials) = mpsc::unbounded_channel();
    let (ends, far_ends) = mpsc::unbounded_channel();
    let wire = Wire {
        answers: Mutex::default(),
        dialled,
        ends,
    };
    (Arc::new(wire), dials, far_ends)
}
