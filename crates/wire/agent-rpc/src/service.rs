//! The host's end of the protocol: messages in, typed commands to whoever carries them out.
//!
//! A command runs in a task of its own: when the engine goes away in the middle, the work is still
//! finished (and found done when the engine asks again), never cut in two.

use crate::convert::{BadMessage, Numbered, Wire, field, required};
use crate::errors::{status_of, status_of_bad};
use crate::fence::Fence;
use crate::proto::agent_server::Agent;
use crate::{
    FENCE_METADATA, PROTOCOL_VERSION, PROTOCOL_VERSION_OLDEST, SERIAL_LOG_MAX_BYTES, proto,
};
use futures::future::{BoxFuture, FutureExt};
use futures::stream::{self, BoxStream, StreamExt};
use ports::HostSession;
use ports::hosts::{HostCertificates, HostError, HostEvent, HostHello, StatsFrame};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tonic::{Request, Response, Status};

/// What a host says, beside the answers to commands.
#[async_trait::async_trait]
pub trait HostFeed: Send + Sync + 'static {
    /// Who it is and what it can do, looked up now.
    ///
    /// # Errors
    /// `Failed` when it can't be found out.
    async fn hello(&self) -> Result<HostHello, HostError>;
    /// A new stream of events. The first is a `Report` of everything; whoever falls behind gets a
    /// `Report` again, so that no state is lost and no queue grows without bound.
    async fn watch(&self) -> BoxStream<'static, HostEvent>;
    /// A new stream of samples, one each `interval`. A sample is taken when the stream is asked for
    /// it, so what the engine is too slow to take is never taken.
    fn stats(&self, interval: Duration) -> BoxStream<'static, StatsFrame>;
}

/// The agent's service: the fence before everything, then commands and feeds.
#[derive(Clone)]
pub struct AgentService {
    commands: Arc<dyn HostSession>,
    feed: Arc<dyn HostFeed>,
    fence: Arc<Fence>,
    certificates: Option<Arc<dyn HostCertificates>>,
    stopping: Arc<watch::Sender<bool>>,
}

impl AgentService {
    /// A service of `commands` and `feed` behind `fence`.
    #[must_use]
    pub fn new(commands: Arc<dyn HostSession>, feed: Arc<dyn HostFeed>, fence: Arc<Fence>) -> Self {
        AgentService {
            commands,
            feed,
            fence,
            certificates: None,
            stopping: Arc::new(watch::Sender::new(false)),
        }
    }

    /// The host's certificate can be renewed with it; without, such calls are `Unsupported`.
    #[must_use]
    pub fn with_certificates(mut self, certificates: Arc<dyn HostCertificates>) -> Self {
        self.certificates = Some(certificates);
        self
    }

    fn certificates(&self) -> Result<Arc<dyn HostCertificates>, Status> {
        self.certificates.clone().ok_or_else(|| {
            status_of(&HostError::Unsupported {
                message: "the host's certificate is not its agent's to renew".to_owned(),
            })
        })
    }

    /// Ends all streams; commands under way are finished.
    pub(crate) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    async fn admitted<M>(&self, request: Request<M>) -> Result<(u64, M), Status> {
        let epoch = request
            .metadata()
            .get(FENCE_METADATA)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| {
                status_of_bad(
                    &BadMessage::new("is missing or not a decimal number").within(FENCE_METADATA),
                )
            })?;
        self.fence.admit(epoch).await.map_err(|e| status_of(&e))?;
        Ok((epoch, request.into_inner()))
    }

    /// Lets a request through, reads it and does the work to its end, whoever listens.
    async fn command<M, I, O, F>(
        &self,
        request: Request<M>,
        read: impl FnOnce(M) -> Result<I, BadMessage>,
        work: impl FnOnce(Arc<dyn HostSession>, I) -> F,
    ) -> Result<O, Status>
    where
        F: Future<Output = Result<O, HostError>> + Send + 'static,
        O: Send + 'static,
    {
        let (_, message) = self.admitted(request).await?;
        let input = read(message).map_err(|bad| status_of_bad(&bad))?;
        let done = tokio::spawn(work(Arc::clone(&self.commands), input)).await;
        match done {
            Ok(Ok(output)) => Ok(output),
            Ok(Err(error)) => Err(status_of(&error)),
            Err(broken) => {
                tracing::error!(error = %broken, "a command broke inside the agent");
                Err(status_of(&HostError::Failed {
                    message: "a defect of the agent ended the command; its log says more".into(),
                }))
            }
        }
    }

    /// Why a stream of an engine of `epoch` must end, once it must.
    fn ending(&self, epoch: u64) -> BoxFuture<'static, Status> {
        let fence = Arc::clone(&self.fence);
        let stopping = Arc::clone(&self.stopping);
        async move {
            let mut stopping = stopping.subscribe();
            tokio::select! {
                stale = fence.superseded(epoch) => status_of(&stale),
                _ = stopping.wait_for(|stopping| *stopping) => {
                    Status::unavailable("the agent stops")
                }
            }
        }
        .boxed()
    }
}

/// A stream until it must end; the reason is its last item.
fn until<T: Send + 'static>(
    items: BoxStream<'static, T>,
    ending: BoxFuture<'static, Status>,
) -> BoxStream<'static, Result<T, Status>> {
    stream::unfold(Some((items, ending)), |state| async move {
        let (mut items, mut ending) = state?;
        tokio::select! {
            biased;
            status = &mut ending => Some((Err(status), None)),
            item = items.next() => item.map(|item| (Ok(item), Some((items, ending)))),
        }
    })
    .boxed()
}

fn done(answer: Result<(), Status>) -> Result<Response<proto::Done>, Status> {
    answer.map(|()| Response::new(proto::Done {}))
}

fn answer<T: Wire>(answer: Result<T, Status>) -> Result<Response<T::Message>, Status> {
    answer.map(|value| Response::new(value.into_wire()))
}

#[tonic::async_trait]
impl Agent for AgentService {
    async fn hello(
        &self,
        request: Request<proto::HelloRequest>,
    ) -> Result<Response<proto::HelloReply>, Status> {
        let (_, hello) = self.admitted(request).await?;
        if hello.protocol_version < PROTOCOL_VERSION_OLDEST {
            return Err(status_of(&HostError::Unsupported {
                message: format!(
                    "the engine speaks protocol version {}; this agent speaks {PROTOCOL_VERSION_OLDEST} to {PROTOCOL_VERSION}",
                    hello.protocol_version
                ),
            }));
        }
        answer(self.feed.hello().await.map_err(|e| status_of(&e)))
    }

    type WatchStream = BoxStream<'static, Result<proto::WatchEvent, Status>>;

    async fn watch(
        &self,
        request: Request<proto::WatchRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let (epoch, _) = self.admitted(request).await?;
        let events = self.feed.watch().await.enumerate().map(|(i, event)| {
            let sequence = u64::try_from(i).unwrap_or(u64::MAX).saturating_add(1);
            Numbered { sequence, event }.into_wire()
        });
        Ok(Response::new(until(events.boxed(), self.ending(epoch))))
    }

    type StatsStream = BoxStream<'static, Result<proto::StatsFrame, Status>>;

    async fn stats(
        &self,
        request: Request<proto::StatsRequest>,
    ) -> Result<Response<Self::StatsStream>, Status> {
        let (epoch, stats) = self.admitted(request).await?;
        if !(100..=3_600_000).contains(&stats.interval_ms) {
            let problem = format!("is {}; allowed are 100 to 3600000", stats.interval_ms);
            return Err(status_of_bad(
                &BadMessage::new(problem).within("interval_ms"),
            ));
        }
        let frames = self
            .feed
            .stats(Duration::from_millis(stats.interval_ms.into()))
            .map(Wire::into_wire);
        Ok(Response::new(until(frames.boxed(), self.ending(epoch))))
    }

    async fn vm_launch(
        &self,
        request: Request<proto::VmLaunchRequest>,
    ) -> Result<Response<proto::Done>, Status> {
        done(
            self.command(request, Wire::from_wire, |host, launch| async move {
                host.vm_launch(launch).await
            })
            .await,
        )
    }

    async fn vm_stop(
        &self,
        request: Request<proto::VmStopRequest>,
    ) -> Result<Response<proto::Done>, Status> {
        let read =
            |m: proto::VmStopRequest| Ok((field("vm", m.vm)?, m.epoch, field("how", m.how)?));
        done(
            self.command(request, read, |host, (vm, epoch, how)| async move {
                host.vm_stop(vm, epoch, how).await
            })
            .await,
        )
    }

    async fn vm_forget(
        &self,
        request: Request<proto::VmForgetRequest>,
    ) -> Result<Response<proto::Done>, Status> {
        let read = |m: proto::VmForgetRequest| Ok((field("vm", m.vm)?, m.epoch));
        done(
            self.command(request, read, |host, (vm, epoch)| async move {
                host.vm_forget(vm, epoch).await
            })
            .await,
        )
    }

    async fn vm_serial_log(
        &self,
        request: Request<proto::VmSerialLogRequest>,
    ) -> Result<Response<proto::VmSerialLogReply>, Status> {
        let read = |m: proto::VmSerialLogRequest| {
            Ok((field("vm", m.vm)?, m.max_bytes.min(SERIAL_LOG_MAX_BYTES)))
        };
        let log = self
            .command(request, read, |host, (vm, max)| async move {
                host.vm_serial_log(vm, max).await
            })
            .await?;
        Ok(Response::new(proto::VmSerialLogReply { log }))
    }

    async fn storage_connect(
        &self,
        request: Request<proto::StorageConnectRequest>,
    ) -> Result<Response<proto::StorageDomainUsage>, Status> {
        let read = |m: proto::StorageConnectRequest| required("domain", m.domain);
        answer(
            self.command(request, read, |host, domain| async move {
                host.storage_connect(domain).await
            })
            .await,
        )
    }

    async fn storage_create(
        &self,
        request: Request<proto::StorageCreateRequest>,
    ) -> Result<Response<proto::StorageDomainUsage>, Status> {
        let read = |m: proto::StorageCreateRequest| Ok((required("domain", m.domain)?, m.name));
        answer(
            self.command(request, read, |host, (domain, name)| async move {
                host.storage_create(domain, name).await
            })
            .await,
        )
    }

    async fn storage_remove(
        &self,
        request: Request<proto::StorageRemoveRequest>,
    ) -> Result<Response<proto::Done>, Status> {
        let read = |m: proto::StorageRemoveRequest| required("domain", m.domain);
        done(
            self.command(request, read, |host, domain| async move {
                host.storage_remove(domain).await
            })
            .await,
        )
    }

    async fn volume_create(
        &self,
        request: Request<proto::VolumeCreateRequest>,
    ) -> Result<Response<proto::VolumeInfo>, Status> {
        answer(
            self.command(request, Wire::from_wire, |host, create| async move {
                host.volume_create(create).await
            })
            .await,
        )
    }

    async fn volume_extend(
        &self,
        request: Request<proto::VolumeExtendRequest>,
    ) -> Result<Response<proto::VolumeInfo>, Status> {
        let read = |m: proto::VolumeExtendRequest| Ok((required("at", m.at)?, m.capacity_bytes));
        answer(
            self.command(request, read, |host, (at, capacity)| async move {
                host.volume_extend(at, capacity).await
            })
            .await,
        )
    }

    async fn volume_copy(
        &self,
        request: Request<proto::VolumeCopyRequest>,
    ) -> Result<Response<proto::VolumeInfo>, Status> {
        answer(
            self.command(request, Wire::from_wire, |host, copy| async move {
                host.volume_copy(copy).await
            })
            .await,
        )
    }

    async fn volume_info_get(
        &self,
        request: Request<proto::VolumeInfoRequest>,
    ) -> Result<Response<proto::VolumeInfo>, Status> {
        let read = |m: proto::VolumeInfoRequest| required("at", m.at);
        answer(
            self.command(request, read, |host, at| async move {
                host.volume_info(at).await
            })
            .await,
        )
    }

    async fn disk_remove(
        &self,
        request: Request<proto::DiskRemoveRequest>,
    ) -> Result<Response<proto::Done>, Status> {
        let read = |m: proto::DiskRemoveRequest| {
            Ok((field("domain", m.domain)?, field("disk", m.disk)?, m.wipe))
        };
        done(
            self.command(request, read, |host, (domain, disk, wipe)| async move {
                host.disk_remove(domain, disk, wipe).await
            })
            .await,
        )
    }

    async fn image_probe(
        &self,
        request: Request<proto::ImageProbeRequest>,
    ) -> Result<Response<proto::ImageProbeReply>, Status> {
        answer(
            self.command(
                request,
                |m: proto::ImageProbeRequest| Ok(m.path),
                |host, path| async move { host.image_probe(path).await },
            )
            .await,
        )
    }

    async fn migration_prepare(
        &self,
        request: Request<proto::MigrationPrepareRequest>,
    ) -> Result<Response<proto::MigrationEndpoint>, Status> {
        answer(
            self.command(request, Wire::from_wire, |host, asked| async move {
                host.migration_prepare(asked).await
            })
            .await,
        )
    }

    async fn migration_send(
        &self,
        request: Request<proto::MigrationSendRequest>,
    ) -> Result<Response<proto::MigrationState>, Status> {
        answer(
            self.command(request, Wire::from_wire, |host, asked| async move {
                host.migration_send(asked).await
            })
            .await,
        )
    }

    async fn disk_snapshot(
        &self,
        request: Request<proto::DiskSnapshotRequest>,
    ) -> Result<Response<proto::Done>, Status> {
        done(
            self.command(request, Wire::from_wire, |host, asked| async move {
                host.disk_snapshot(asked).await
            })
            .await,
        )
    }

    async fn disk_mirror(
        &self,
        request: Request<proto::DiskMirrorRequest>,
    ) -> Result<Response<proto::DiskProgress>, Status> {
        answer(
            self.command(request, Wire::from_wire, |host, asked| async move {
                host.disk_mirror(asked).await
            })
            .await,
        )
    }

    async fn disk_pivot(
        &self,
        request: Request<proto::DiskMirrorRequest>,
    ) -> Result<Response<proto::Done>, Status> {
        done(
            self.command(request, Wire::from_wire, |host, asked| async move {
                host.disk_pivot(asked).await
            })
            .await,
        )
    }

    async fn disk_mirror_abort(
        &self,
        request: Request<proto::RunDisk>,
    ) -> Result<Response<proto::Done>, Status> {
        done(
            self.command(request, Wire::from_wire, |host, asked| async move {
                host.disk_mirror_abort(asked).await
            })
            .await,
        )
    }

    async fn disk_merge(
        &self,
        request: Request<proto::DiskMergeRequest>,
    ) -> Result<Response<proto::DiskProgress>, Status> {
        answer(
            self.command(request, Wire::from_wire, |host, asked| async move {
                host.disk_merge(asked).await
            })
            .await,
        )
    }

    async fn volume_merge(
        &self,
        request: Request<proto::VolumeAddress>,
    ) -> Result<Response<proto::Done>, Status> {
        done(
            self.command(request, Wire::from_wire, |host, asked| async move {
                host.volume_merge(asked).await
            })
            .await,
        )
    }

    async fn volume_remove(
        &self,
        request: Request<proto::VolumeAddress>,
    ) -> Result<Response<proto::Done>, Status> {
        done(
            self.command(request, Wire::from_wire, |host, asked| async move {
                host.volume_remove(asked).await
            })
            .await,
        )
    }

    async fn certificate_request(
        &self,
        request: Request<proto::CertificateAsk>,
    ) -> Result<Response<proto::CertificateRequestReply>, Status> {
        let certificates = self.certificates()?;
        let asked = self
            .command(
                request,
                Ok,
                |_, _| async move { certificates.request().await },
            )
            .await;
        answer(asked)
    }

    async fn certificate_install(
        &self,
        request: Request<proto::CertificateInstallRequest>,
    ) -> Result<Response<proto::Done>, Status> {
        let certificates = self.certificates()?;
        let read = |m: proto::CertificateInstallRequest| Ok(m.certificate_pem);
        done(
            self.command(request, read, |_, pem| async move {
                certificates.install(pem).await
            })
            .await,
        )
    }

    async fn migration_cancel(
        &self,
        request: Request<proto::RunRequest>,
    ) -> Result<Response<proto::RunPlaceReply>, Status> {
        let read = |m: proto::RunRequest| Ok((field("vm", m.vm)?, m.epoch));
        let place = self
            .command(request, read, |host, (vm, epoch)| async move {
                host.migration_cancel(vm, epoch).await
            })
            .await?;
        Ok(Response::new(proto::RunPlaceReply {
            place: place.into_wire(),
        }))
    }

    async fn run_place(
        &self,
        request: Request<proto::RunRequest>,
    ) -> Result<Response<proto::RunPlaceReply>, Status> {
        let read = |m: proto::RunRequest| Ok((field("vm", m.vm)?, m.epoch));
        let place = self
            .command(request, read, |host, (vm, epoch)| async move {
                host.run_place(vm, epoch).await
            })
            .await?;
        Ok(Response::new(proto::RunPlaceReply {
            place: place.into_wire(),
        }))
    }
}
