//! Both ends of the wire over loopback with real certificates: who gets in, what arrives.

mod commands;
mod far_host;
mod fencing;
mod streams;
mod trust;

use agent_rpc::{AgentClient, AgentService, DialError, DialTo, Fence, FenceStore, dial, serve};
use base::{Clock, HostId, OsRandom};
use far_host::FarHost;
use pki::{HostIdentity, HostKey, Pki};
use ports::SystemClock;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use testkit::TestDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub(crate) const HOST: HostId = HostId::known(0x11);

pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock::new())
}

pub(crate) fn pki(dir: &TestDir) -> Pki {
    let names = ["localhost".to_owned()];
    Pki::open(dir.path(), &names, clock(), Arc::new(OsRandom)).unwrap()
}

/// A host of that engine with its certificate.
pub(crate) fn enrolled(pki: &Pki, host: HostId) -> HostIdentity {
    let key = HostKey::make().unwrap();
    let signed = pki.sign_host(host, &key.request().unwrap()).unwrap();
    let ca = pki.ca_fingerprint();
    HostIdentity::accept(key, host, &signed.pem, &pki.ca_pem(), ca, clock().now()).unwrap()
}

/// Keeps the newest fence epoch in memory.
#[derive(Default)]
pub(crate) struct Kept(pub(crate) AtomicU64);

impl FenceStore for Kept {
    fn save(&self, epoch: u64) -> std::io::Result<()> {
        self.0.store(epoch, Ordering::SeqCst);
        Ok(())
    }
}

/// An engine's certificates, and a host that serves on loopback until it is dropped.
pub(crate) struct Lab {
    pub(crate) pki: Pki,
    pub(crate) host: Arc<FarHost>,
    pub(crate) kept: Arc<Kept>,
    pub(crate) port: u16,
    pub(crate) served: JoinHandle<()>,
    stop: Option<oneshot::Sender<()>>,
    _dir: TestDir,
}

impl Lab {
    pub(crate) async fn new() -> Self {
        let dir = TestDir::new();
        let pki = pki(&dir);
        let (listener, address) = testkit::loopback_listener();
        listener.set_nonblocking(true).unwrap();
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        let host = Arc::new(FarHost::new(HOST));
        let kept = Arc::new(Kept::default());
        let fence = Arc::new(Fence::new(0, kept.clone()));
        let service = AgentService::new(host.clone(), host.clone(), fence);
        let tls = enrolled(&pki, HOST).server_config(clock()).unwrap();
        let (stop, stopping) = oneshot::channel();
        let served = tokio::spawn(async move {
            let stopping = async move {
                let _ = stopping.await;
            };
            serve(listener, tls, service, clock(), stopping)
                .await
                .unwrap();
        });
        Lab {
            pki,
            host,
            kept,
            port: address.port(),
            served,
            stop: Some(stop),
            _dir: dir,
        }
    }

    pub(crate) async fn dial_with(
        &self,
        tls: Arc<rustls::ClientConfig>,
        fence_epoch: u64,
    ) -> Result<AgentClient, DialError> {
        dial(DialTo {
            host: HOST,
            address: "127.0.0.1".to_owned(),
            port: self.port,
            tls,
            fence_epoch,
            clock: clock(),
        })
        .await
    }

    /// A connection as the engine's incarnation `fence_epoch`.
    pub(crate) async fn client(&self, fence_epoch: u64) -> AgentClient {
        let tls = self.pki.host_config(HOST, None).unwrap();
        self.dial_with(tls, fence_epoch).await.unwrap()
    }

    /// Tells the host to stop serving.
    pub(crate) fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}
