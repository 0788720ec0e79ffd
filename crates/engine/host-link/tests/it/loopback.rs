//! The real wire: mutual TLS under the engine's CA, an agent that goes and comes back.

use crate::wire::{Ear, FakeLink, Heard};
use agent_rpc::{AgentService, Fence, FenceStore, HostFeed, serve};
use async_trait::async_trait;
use base::{Clock, HostId, OsRandom, VmId};
use domain::hosts::HostFacts;
use futures::StreamExt;
use futures::stream::BoxStream;
use host_link::{HostLink, LinkOptions, MutualTls};
use pki::{Fingerprint, HostIdentity, HostKey, Pki};
use ports::hosts::{HostDialer, HostError, HostEvent, HostHello, StatsFrame};
use ports::{Agents, SystemClock};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use testkit::{SeededRandom, TestDir};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

const HOST: HostId = HostId::known(7);

fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock::new())
}

struct Quiet;

#[async_trait]
impl HostFeed for Quiet {
    async fn hello(&self) -> Result<HostHello, HostError> {
        Ok(HostHello {
            facts: HostFacts::default(),
            agent_epoch: 1,
        })
    }
    async fn watch(&self) -> BoxStream<'static, HostEvent> {
        let report = HostEvent::Report(Vec::new());
        futures::stream::iter([report])
            .chain(futures::stream::pending())
            .boxed()
    }
    fn stats(&self, _: Duration) -> BoxStream<'static, StatsFrame> {
        futures::stream::pending().boxed()
    }
}

struct Forgetful;

impl FenceStore for Forgetful {
    fn save(&self, _: u64) -> std::io::Result<()> {
        Ok(())
    }
}

fn identity(pki: &Pki) -> HostIdentity {
    let key = HostKey::make().unwrap();
    let signed = pki.sign_host(HOST, &key.request().unwrap()).unwrap();
    let (ca, now) = (pki.ca_fingerprint(), clock().now());
    HostIdentity::accept(key, HOST, &signed.pem, &pki.ca_pem(), ca, now).unwrap()
}

async fn agent(
    address: SocketAddr,
    identity: &HostIdentity,
) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
    let listener = TcpListener::bind(address).await.unwrap();
    let address = listener.local_addr().unwrap();
    let fence = Arc::new(Fence::new(0, Arc::new(Forgetful)));
    let service = AgentService::new(Arc::new(FakeLink::idle(HOST)), Arc::new(Quiet), fence);
    let tls = identity.server_config(clock()).unwrap();
    let (stop, stopping) = oneshot::channel();
    let stopping = async move {
        let _ = stopping.await;
    };
    let served = tokio::spawn(async move {
        serve(listener, tls, service, clock(), stopping)
            .await
            .unwrap();
    });
    (address, stop, served)
}

fn link(
    pki: &Pki,
    fingerprint: Fingerprint,
) -> (HostLink, mpsc::UnboundedReceiver<(HostId, Heard)>) {
    let dial = MutualTls {
        pki: pki.clone(),
        fingerprints_of: Arc::new(move |_| vec![fingerprint]),
        clock: clock(),
        places: tokio::sync::Semaphore::new(1),
    };
    let options = LinkOptions {
        pause_first: Duration::from_millis(20),
        pause_most: Duration::from_millis(100),
        ..LinkOptions::default()
    };
    let random = Arc::new(SeededRandom::new(1));
    let link = HostLink::new(Arc::new(dial), clock(), random, options);
    let (ear, heard) = mpsc::unbounded_channel();
    link.observe(Arc::new(Ear(ear)));
    (link, heard)
}

#[tokio::test]
async fn an_agent_that_goes_and_comes_back_is_connected_again() {
    let dir = TestDir::new();
    let pki = Pki::open(dir.path(), &[], clock(), Arc::new(OsRandom)).unwrap();
    let identity = identity(&pki);
    let (address, stop, served) = agent(([127, 0, 0, 1], 0).into(), &identity).await;
    let (link, mut heard) = link(&pki, identity.fingerprint());
    link.dial(HOST, "127.0.0.1", address.port(), 1);
    let report = || Heard::Event(Box::new(HostEvent::Report(Vec::new())));
    assert_eq!(heard.recv().await.unwrap().1, Heard::Connected);
    assert_eq!(heard.recv().await.unwrap().1, report());
    let session = link.session(HOST).unwrap();
    session.vm_forget(VmId::known(1), 1).await.unwrap();

    stop.send(()).unwrap();
    served.await.unwrap();
    assert!(matches!(heard.recv().await.unwrap().1, Heard::Lost(_)));
    assert!(!session.is_connected());
    let (_, stop, served) = agent(address, &identity).await;
    loop {
        // Tries between may have failed.
        match heard.recv().await.unwrap().1 {
            Heard::Lost(_) => {}
            other => {
                assert_eq!(other, Heard::Connected);
                break;
            }
        }
    }
    assert_eq!(heard.recv().await.unwrap().1, report());
    session.vm_forget(VmId::known(1), 1).await.unwrap();
    link.stop().await;
    stop.send(()).unwrap();
    served.await.unwrap();
}

#[tokio::test]
async fn a_host_with_another_certificate_than_it_enrolled_with_is_lost() {
    let dir = TestDir::new();
    let pki = Pki::open(dir.path(), &[], clock(), Arc::new(OsRandom)).unwrap();
    let (old, new) = (identity(&pki), identity(&pki));
    let (address, stop, served) = agent(([127, 0, 0, 1], 0).into(), &old).await;
    let (link, mut heard) = link(&pki, new.fingerprint());
    link.dial(HOST, "127.0.0.1", address.port(), 1);
    let Heard::Lost(message) = heard.recv().await.unwrap().1 else {
        panic!("the host was taken for what it is not");
    };
    assert!(
        message.contains(&new.fingerprint().to_string()),
        "{message}"
    );
    link.stop().await;
    stop.send(()).unwrap();
    served.await.unwrap();
}

/// Hands bytes on in both ways until it is cut: from then on nothing comes through, and nobody is told.
async fn wire_to(address: SocketAddr) -> (SocketAddr, Arc<tokio::sync::watch::Sender<bool>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let own = listener.local_addr().unwrap();
    let cut = Arc::new(tokio::sync::watch::Sender::new(false));
    let watched = cut.clone();
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let mut cut = watched.subscribe();
            tokio::spawn(async move {
                // Both ends stay open, as behind a cable that was pulled.
                let mut far = tokio::net::TcpStream::connect(address).await.unwrap();
                tokio::select! {
                    _ = cut.wait_for(|cut| *cut) => {}
                    _ = tokio::io::copy_bidirectional(&mut near, &mut far) => return,
                }
                let _ = cut.wait_for(|cut| !*cut).await;
            });
        }
    });
    (own, cut)
}

#[tokio::test]
async fn a_cut_network_is_noticed_within_twenty_seconds_and_a_mended_one_within_fifteen() {
    let dir = TestDir::new();
    let pki = Pki::open(dir.path(), &[], clock(), Arc::new(OsRandom)).unwrap();
    let identity = identity(&pki);
    let (address, stop, served) = agent(([127, 0, 0, 1], 0).into(), &identity).await;
    let (wire, cut) = wire_to(address).await;
    let (link, mut heard) = link(&pki, identity.fingerprint());
    link.dial(HOST, "127.0.0.1", wire.port(), 1);
    assert_eq!(heard.recv().await.unwrap().1, Heard::Connected);
    heard.recv().await.unwrap();
    let within = |seconds| Duration::from_secs(seconds);

    cut.send_replace(true);
    let lost = tokio::time::timeout(within(20), heard.recv()).await;
    assert!(matches!(lost.unwrap().unwrap().1, Heard::Lost(_)));
    assert!(!link.session(HOST).unwrap().is_connected());

    cut.send_replace(false);
    let back = async {
        // A try that was under way may still fail.
        while let Some((_, Heard::Lost(_))) = heard.recv().await {}
    };
    tokio::time::timeout(within(15), back).await.unwrap();
    assert!(link.session(HOST).unwrap().is_connected());
    link.stop().await;
    stop.send(()).unwrap();
    served.await.unwrap();
}
