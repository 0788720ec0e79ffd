//! Serving an engine.

use crate::{HOST, clock, enrolled, pki};
use agent_rpc::{AgentClient, DialTo, dial};
use futures::StreamExt;
use host_network::bridge_names;
use host_network::fake::FakeKernel;
use host_storage::fake::FakeStore;
use host_vms::HostPorts;
use hypervisor_fake::FakeHypervisor;
use pki::Pki;
use ports::HostSession;
use ports::hosts::{HostError, HostEvent};
use std::sync::Arc;
use std::time::Duration;
use testkit::TestDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use vireo_agent::{Agent, Config, Home};

/// The machine under the agent; it outlives the agent.
fn machine() -> HostPorts {
    HostPorts {
        hypervisor: Arc::new(FakeHypervisor::new(clock())),
        storage: Arc::new(FakeStore::new()),
        network: Arc::new(FakeKernel::default()),
        clock: clock(),
    }
}

fn config() -> Config {
    Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        ..Config::default()
    }
}

struct Running {
    port: u16,
    stop: oneshot::Sender<()>,
    served: JoinHandle<anyhow::Result<()>>,
}

async fn start(home: &TestDir, machine: &HostPorts) -> Running {
    let home = Home::take(home.path()).unwrap();
    let agent = Agent::start(home, &config(), machine.clone())
        .await
        .unwrap();
    let port = agent.address().unwrap().port();
    let (stop, stopping) = oneshot::channel();
    let served = tokio::spawn(agent.serve(async move {
        let _ = stopping.await;
    }));
    Running { port, stop, served }
}

async fn client(pki: &Pki, port: u16, fence_epoch: u64) -> AgentClient {
    dial(DialTo {
        host: HOST,
        address: "127.0.0.1".to_owned(),
        port,
        tls: pki.host_config(HOST, None).unwrap(),
        fence_epoch,
        clock: clock(),
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn the_engine_hears_what_the_host_is_and_has() {
    let (dir, home) = (TestDir::new(), TestDir::new());
    let pki = pki(dir.path());
    enrolled(&pki, home.path());
    let machine = machine();
    let agent = start(&home, &machine).await;
    let client = client(&pki, agent.port, 1).await;
    let hello = client.hello().await.unwrap();
    assert_eq!(hello.facts.agent_version, env!("CARGO_PKG_VERSION"));
    assert!(hello.facts.memory_bytes > 0 && !hello.facts.boot_id.is_empty());
    assert_eq!(hello.facts.bridges, ["ovirtmgmt"], "made at the start");
    let mut events = client.watch().await.unwrap();
    assert_eq!(
        events.next().await.unwrap(),
        Ok(HostEvent::Report(Vec::new()))
    );
    let mut frames = client.stats(Duration::from_secs(1)).await.unwrap();
    let frame = frames.next().await.unwrap().unwrap();
    assert!(frame.host.memory_total_bytes > 0);
    let vm = base::VmId::known(1);
    assert_eq!(
        client.vm_forget(vm, 1).await,
        Ok(()),
        "what is not there is forgotten"
    );

    agent.stop.send(()).unwrap();
    agent.served.await.unwrap().unwrap();
    assert!(events.next().await.unwrap().is_err());
    let left = bridge_names(&machine.network.observe().await.unwrap());
    assert_eq!(left, ["ovirtmgmt"], "networks outlive the agent");
}

#[tokio::test]
async fn a_restarted_agent_counts_on_and_remembers_the_newest_engine() {
    let (dir, home) = (TestDir::new(), TestDir::new());
    let pki = pki(dir.path());
    enrolled(&pki, home.path());
    let machine = machine();
    let agent = start(&home, &machine).await;
    let first = client(&pki, agent.port, 5).await.hello().await.unwrap();
    agent.stop.send(()).unwrap();
    agent.served.await.unwrap().unwrap();

    let agent = start(&home, &machine).await;
    let old = client(&pki, agent.port, 4).await.hello().await.unwrap_err();
    assert!(matches!(old, HostError::Stale { .. }), "{old}");
    let second = client(&pki, agent.port, 5).await.hello().await.unwrap();
    assert!(second.agent_epoch > first.agent_epoch);
    assert_eq!(second.facts, first.facts);
    agent.stop.send(()).unwrap();
    agent.served.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_host_that_never_joined_says_what_to_do() {
    let home = TestDir::new();
    let taken = Home::take(home.path()).unwrap();
    let e = Agent::start(taken, &config(), machine())
        .await
        .err()
        .unwrap();
    assert!(e.to_string().contains("vireo-agent enrol"), "{e:#}");
}
