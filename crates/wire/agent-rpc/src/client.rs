//! The engine's end of one connection: typed commands with time limits, and the two streams.

use crate::convert::Wire;
use crate::errors::error_of;
use crate::proto::agent_client::AgentClient as Stub;
use crate::{FENCE_METADATA, MESSAGE_MAX_BYTES, PROTOCOL_VERSION, PROTOCOL_VERSION_OLDEST, proto};
use base::{Clock, DiskId, HostId, StorageDomainId, VmId};
use futures::stream::{BoxStream, StreamExt};
use ports::HostSession;
use ports::hosts::{
    CertificateRequest, DiskMerge, DiskMirror, DiskProgress, DiskSnapshot, HostError, HostEvent,
    HostHello, ImageProbe, MigrationEndpoint, MigrationPrepare, MigrationSend, MigrationState,
    RunDisk, RunPlace, StatsFrame, StopHow, StorageDomainSpec, StorageDomainUsage, VmLaunch,
    VolumeAddress, VolumeCopy, VolumeCreate, VolumeInfo,
};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tonic::transport::Channel;
use tonic::{Request, Response, Status};

/// Answers that need no more than the agent's memory or a look at a file.
const QUICK: Duration = Duration::from_secs(30);
/// Starting or ending QEMU, mounting: a slow machine under load included.
const STEADY: Duration = Duration::from_secs(180);
/// Writing many bytes. The connection's pings tell of a dead host long before.
const LONG: Duration = Duration::from_secs(24 * 3600);

/// Events of a host in order; ends with an error when the connection breaks.
pub type EventStream = BoxStream<'static, Result<HostEvent, HostError>>;
/// Samples of a host.
pub type FrameStream = BoxStream<'static, Result<StatsFrame, HostError>>;

/// One connection with one agent. Clones share it.
///
/// Commands go through [`HostSession`]. After [`AgentClient::close`] every command, also one that
/// waits for its answer, is `Unreachable` at once.
#[derive(Clone)]
pub struct AgentClient {
    host: HostId,
    stub: Stub<Channel>,
    fence_epoch: u64,
    clock: Arc<dyn Clock>,
    closed: Arc<watch::Sender<bool>>,
}

impl AgentClient {
    pub(crate) fn new(
        host: HostId,
        channel: Channel,
        fence_epoch: u64,
        clock: Arc<dyn Clock>,
    ) -> Self {
        AgentClient {
            host,
            stub: Stub::new(channel)
                .max_decoding_message_size(MESSAGE_MAX_BYTES)
                .max_encoding_message_size(MESSAGE_MAX_BYTES),
            fence_epoch,
            clock,
            closed: Arc::new(watch::Sender::new(false)),
        }
    }

    /// Nothing goes over this connection any more.
    pub fn close(&self) {
        self.closed.send_replace(true);
    }

    /// The first call of a connection: claims the host for this engine and hears what it can do.
    ///
    /// # Errors
    /// `Stale` when the host has heard a newer engine, `Unsupported` when the two versions have no
    /// protocol in common.
    pub async fn hello(&self) -> Result<HostHello, HostError> {
        let request = proto::HelloRequest {
            protocol_version: PROTOCOL_VERSION,
            capabilities: Vec::new(),
        };
        let mut stub = self.stub.clone();
        let reply = self.call(QUICK, request, |r| stub.hello(r)).await?;
        if reply.protocol_version < PROTOCOL_VERSION_OLDEST {
            return Err(HostError::Unsupported {
                message: format!(
                    "its agent speaks protocol version {}; this engine needs {PROTOCOL_VERSION_OLDEST} or newer",
                    reply.protocol_version
                ),
            });
        }
        self.read(HostHello::from_wire(reply))
    }

    /// Opens the stream of events; the first is a `Report`.
    ///
    /// # Errors
    /// As the host's; an event that is missing from the row of numbers ends the stream with `Failed`.
    pub async fn watch(&self) -> Result<EventStream, HostError> {
        use crate::convert::Numbered;
        let mut stub = self.stub.clone();
        let request = self.request(proto::WatchRequest {});
        let stream = self.bounded(QUICK, stub.watch(request)).await?;
        let host = self.host;
        let mut expected = 1;
        Ok(stream
            .map(move |message| {
                let event = message.map_err(|status| error_of(host, &status))?;
                let event = Numbered::from_wire(event).map_err(|bad| not_understood(&bad))?;
                if event.sequence != expected {
                    return Err(HostError::Failed {
                        message: format!(
                            "event {} of the host came where {expected} was due",
                            event.sequence
                        ),
                    });
                }
                expected += 1;
                Ok(event.event)
            })
            .boxed())
    }

    /// Opens the stream of samples, one each `interval` (100 ms to an hour).
    ///
    /// # Errors
    /// As the host's.
    pub async fn stats(&self, interval: Duration) -> Result<FrameStream, HostError> {
        let mut stub = self.stub.clone();
        let request = self.request(proto::StatsRequest {
            interval_ms: u32::try_from(interval.as_millis()).unwrap_or(u32::MAX),
        });
        let stream = self.bounded(QUICK, stub.stats(request)).await?;
        let host = self.host;
        Ok(stream
            .map(move |message| {
                let frame = message.map_err(|status| error_of(host, &status))?;
                StatsFrame::from_wire(frame).map_err(|bad| not_understood(&bad))
            })
            .boxed())
    }

    fn request<M>(&self, message: M) -> Request<M> {
        let mut request = Request::new(message);
        request
            .metadata_mut()
            .insert(FENCE_METADATA, self.fence_epoch.into());
        request
    }

    /// One call; the host is told the limit, too, and stops waiting for its own work.
    async fn call<M, R, F>(
        &self,
        limit: Duration,
        message: M,
        send: impl FnOnce(Request<M>) -> F,
    ) -> Result<R, HostError>
    where
        F: Future<Output = Result<Response<R>, Status>>,
    {
        let mut request = self.request(message);
        request.set_timeout(limit);
        self.bounded(limit, send(request)).await
    }

    /// Waits for an answer, for the time limit or for the end of the connection.
    async fn bounded<R>(
        &self,
        limit: Duration,
        answer: impl Future<Output = Result<Response<R>, Status>>,
    ) -> Result<R, HostError> {
        let mut closed = self.closed.subscribe();
        let unreachable = |message: String| HostError::Unreachable {
            host: self.host,
            message,
        };
        tokio::select! {
            biased;
            _ = closed.wait_for(|closed| *closed) => {
                Err(unreachable("the connection is closed".into()))
            }
            answer = answer => match answer {
                Ok(answer) => Ok(answer.into_inner()),
                Err(status) => Err(error_of(self.host, &status)),
            },
            () = self.clock.sleep(limit) => {
                Err(unreachable(format!("no answer within {} s", limit.as_secs())))
            }
        }
    }

    fn read<T>(&self, answer: Result<T, crate::BadMessage>) -> Result<T, HostError> {
        answer.map_err(|bad| not_understood(&bad))
    }
}

fn not_understood(bad: &crate::BadMessage) -> HostError {
    HostError::Unsupported {
        message: format!("the host's answer is not understood: {bad}"),
    }
}

#[async_trait::async_trait]
impl HostSession for AgentClient {
    fn host(&self) -> HostId {
        self.host
    }

    fn is_connected(&self) -> bool {
        !*self.closed.borrow()
    }

    async fn vm_launch(&self, launch: VmLaunch) -> Result<(), HostError> {
        let mut stub = self.stub.clone();
        self.call(STEADY, launch.into_wire(), |r| stub.vm_launch(r))
            .await?;
        Ok(())
    }

    async fn vm_stop(&self, vm: VmId, epoch: u64, how: StopHow) -> Result<(), HostError> {
        let mut stub = self.stub.clone();
        let request = proto::VmStopRequest {
            vm: vm.into_wire(),
            epoch,
            how: how.into_wire(),
        };
        self.call(STEADY, request, |r| stub.vm_stop(r)).await?;
        Ok(())
    }

    async fn vm_forget(&self, vm: VmId, epoch: u64) -> Result<(), HostError> {
        let mut stub = self.stub.clone();
        let request = proto::VmForgetRequest {
            vm: vm.into_wire(),
            epoch,
        };
        self.call(QUICK, request, |r| stub.vm_forget(r)).await?;
        Ok(())
    }

    async fn vm_serial_log(&self, vm: VmId, max_bytes: u64) -> Result<Vec<u8>, HostError> {
        let mut stub = self.stub.clone();
        let request = proto::VmSerialLogRequest {
            vm: vm.into_wire(),
            max_bytes,
        };
        let reply = self.call(QUICK, request, |r| stub.vm_serial_log(r)).await?;
        Ok(reply.log)
    }

    async fn storage_connect(
        &self,
        domain: StorageDomainSpec,
    ) -> Result<StorageDomainUsage, HostError> {
        let mut stub = self.stub.clone();
        let request = proto::StorageConnectRequest {
            domain: Some(domain.into_wire()),
        };
        let usage = self
            .call(STEADY, request, |r| stub.storage_connect(r))
            .await?;
        self.read(StorageDomainUsage::from_wire(usage))
    }

    async fn storage_create(
        &self,
        domain: StorageDomainSpec,
        name: String,
    ) -> Result<StorageDomainUsage, HostError> {
        let mut stub = self.stub.clone();
        let request = proto::StorageCreateRequest {
            domain: Some(domain.into_wire()),
            name,
        };
        let usage = self
            .call(STEADY, request, |r| stub.storage_create(r))
            .await?;
        self.read(StorageDomainUsage::from_wire(usage))
    }

    async fn storage_remove(&self, domain: StorageDomainSpec) -> Result<(), HostError> {
        let mut stub = self.stub.clone();
        let request = proto::StorageRemoveRequest {
            domain: Some(domain.into_wire()),
        };
        self.call(STEADY, request, |r| stub.storage_remove(r))
            .await?;
        Ok(())
    }

    async fn volume_create(&self, create: VolumeCreate) -> Result<VolumeInfo, HostError> {
        let mut stub = self.stub.clone();
        let info = self
            .call(LONG, create.into_wire(), |r| stub.volume_create(r))
            .await?;
        self.read(VolumeInfo::from_wire(info))
    }

    async fn volume_extend(
        &self,
        at: VolumeAddress,
        capacity_bytes: u64,
    ) -> Result<VolumeInfo, HostError> {
        let mut stub = self.stub.clone();
        let request = proto::VolumeExtendRequest {
            at: Some(at.into_wire()),
            capacity_bytes,
        };
        let info = self.call(LONG, request, |r| stub.volume_extend(r)).await?;
        self.read(VolumeInfo::from_wire(info))
    }

    async fn volume_copy(&self, copy: VolumeCopy) -> Result<VolumeInfo, HostError> {
        let mut stub = self.stub.clone();
        let info = self
            .call(LONG, copy.into_wire(), |r| stub.volume_copy(r))
            .await?;
        self.read(VolumeInfo::from_wire(info))
    }

    async fn disk_remove(
        &self,
        domain: StorageDomainId,
        disk: DiskId,
        wipe: bool,
    ) -> Result<(), HostError> {
        let mut stub = self.stub.clone();
        let request = proto::DiskRemoveRequest {
            domain: domain.into_wire(),
            disk: disk.into_wire(),
            wipe,
        };
        self.call(LONG, request, |r| stub.disk_remove(r)).await?;
        Ok(())
    }

    async fn volume_info(&self, at: VolumeAddress) -> Result<VolumeInfo, HostError> {
        let mut stub = self.stub.clone();
        let request = proto::VolumeInfoRequest {
            at: Some(at.into_wire()),
        };
        let info = self
            .call(QUICK, request, |r| stub.volume_info_get(r))
            .await?;
        self.read(VolumeInfo::from_wire(info))
    }

    async fn image_probe(&self, path: String) -> Result<ImageProbe, HostError> {
        let mut stub = self.stub.clone();
        let request = proto::ImageProbeRequest { path };
        let probe = self.call(QUICK, request, |r| stub.image_probe(r)).await?;
        self.read(ImageProbe::from_wire(probe))
    }

    async fn migration_prepare(
        &self,
        prepare: MigrationPrepare,
    ) -> Result<MigrationEndpoint, HostError> {
        let mut stub = self.stub.clone();
        let reply = self
            .call(STEADY, prepare.into_wire(), |r| stub.migration_prepare(r))
            .await?;
        self.read(MigrationEndpoint::from_wire(reply))
    }

    async fn migration_send(&self, send: MigrationSend) -> Result<MigrationState, HostError> {
        let mut stub = self.stub.clone();
        let reply = self
            .call(STEADY, send.into_wire(), |r| stub.migration_send(r))
            .await?;
        self.read(MigrationState::from_wire(reply))
    }

    async fn disk_snapshot(&self, snapshot: DiskSnapshot) -> Result<(), HostError> {
        let mut stub = self.stub.clone();
        self.call(STEADY, snapshot.into_wire(), |r| stub.disk_snapshot(r))
            .await?;
        Ok(())
    }

    async fn disk_mirror(&self, mirror: DiskMirror) -> Result<DiskProgress, HostError> {
        let mut stub = self.stub.clone();
        let reply = self
            .call(STEADY, mirror.into_wire(), |r| stub.disk_mirror(r))
            .await?;
        self.read(DiskProgress::from_wire(reply))
    }

    async fn disk_pivot(&self, mirror: DiskMirror) -> Result<(), HostError> {
        let mut stub = self.stub.clone();
        self.call(STEADY, mirror.into_wire(), |r| stub.disk_pivot(r))
            .await?;
        Ok(())
    }

    async fn disk_mirror_abort(&self, of: RunDisk) -> Result<(), HostError> {
        let mut stub = self.stub.clone();
        self.call(STEADY, of.into_wire(), |r| stub.disk_mirror_abort(r))
            .await?;
        Ok(())
    }

    async fn disk_merge(&self, merge: DiskMerge) -> Result<DiskProgress, HostError> {
        let mut stub = self.stub.clone();
        let reply = self
            .call(STEADY, merge.into_wire(), |r| stub.disk_merge(r))
            .await?;
        self.read(DiskProgress::from_wire(reply))
    }

    async fn volume_merge(&self, at: VolumeAddress) -> Result<(), HostError> {
        let mut stub = self.stub.clone();
        self.call(LONG, at.into_wire(), |r| stub.volume_merge(r))
            .await?;
        Ok(())
    }

    async fn volume_remove(&self, at: VolumeAddress) -> Result<(), HostError> {
        let mut stub = self.stub.clone();
        self.call(STEADY, at.into_wire(), |r| stub.volume_remove(r))
            .await?;
        Ok(())
    }

    async fn certificate_request(&self) -> Result<CertificateRequest, HostError> {
        let mut stub = self.stub.clone();
        let request = proto::CertificateAsk {};
        let reply = self
            .call(QUICK, request, |r| stub.certificate_request(r))
            .await?;
        self.read(CertificateRequest::from_wire(reply))
    }

    async fn certificate_install(&self, certificate_pem: String) -> Result<(), HostError> {
        let mut stub = self.stub.clone();
        let request = proto::CertificateInstallRequest { certificate_pem };
        self.call(QUICK, request, |r| stub.certificate_install(r))
            .await?;
        Ok(())
    }

    async fn migration_cancel(&self, vm: VmId, epoch: u64) -> Result<RunPlace, HostError> {
        let mut stub = self.stub.clone();
        let request = proto::RunRequest {
            vm: vm.into_wire(),
            epoch,
        };
        let reply = self
            .call(STEADY, request, |r| stub.migration_cancel(r))
            .await?;
        self.read(RunPlace::from_wire(reply.place))
    }

    async fn run_place(&self, vm: VmId, epoch: u64) -> Result<RunPlace, HostError> {
        let mut stub = self.stub.clone();
        let request = proto::RunRequest {
            vm: vm.into_wire(),
            epoch,
        };
        let reply = self.call(QUICK, request, |r| stub.run_place(r)).await?;
        self.read(RunPlace::from_wire(reply.place))
    }
}
