//! One simulated host: the agent's rooms over fakes, served on an address of its own.

use crate::places::HostPlace;
use agent_rpc::{AgentService, Fence, FenceStore, HostFeed, serve};
use anyhow::Context as _;
use base::{Clock, HostId};
use futures::stream::BoxStream;
use host_network::fake::FakeKernel;
use host_network::{BridgeWanted, Desired};
use host_storage::fake::FakeStore;
use host_vms::{HostPorts, HostVms, HostVmsConfig, SystemFiles};
use hypervisor_fake::{FakeHypervisor, GuestBehaviour};
use pki::HostIdentity;
use ports::hosts::{HostError, HostEvent, HostHello, StatsFrame};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What all hosts of a process share.
pub(crate) struct Shared {
    pub storage: FakeStore,
    pub clock: Arc<dyn Clock>,
    pub system: SystemFiles,
    pub bridges: Vec<String>,
    pub stop: watch::Receiver<bool>,
}

/// A host that serves.
pub(crate) struct SimHost {
    pub id: HostId,
    pub hypervisor: FakeHypervisor,
    pub vms: HostVms,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl SimHost {
    /// Starts the agent's rooms; with an empty `home` it begins without machines.
    ///
    /// # Errors
    /// When its identity can't be read or its home can't be used.
    pub(crate) async fn start(
        place: &HostPlace,
        identity: &Path,
        home: &Path,
        shared: &Shared,
    ) -> anyhow::Result<Starting> {
        let clock = &shared.clock;
        let identity = HostIdentity::load(identity, clock.now())?
            .with_context(|| format!("{} has no identity; seed again", place.name))?;
        let tls = identity.server_config(Arc::clone(clock))?;
        let kernel = FakeKernel::with_cards(&["eth0"]);
        let bridges = shared.bridges.iter();
        let bridges = bridges.map(|name| BridgeWanted::internal(name.as_str()));
        let desired = Desired {
            bridges: bridges.collect(),
        };
        host_network::ensure(&kernel, &desired).await?;
        let hypervisor = FakeHypervisor::new(Arc::clone(clock));
        hypervisor.launches_forget();
        hypervisor.guests_behave(guest());
        std::fs::create_dir_all(home).with_context(|| format!("cannot make {}", home.display()))?;
        let config = HostVmsConfig {
            host: place.id,
            home: home.to_owned(),
            console_listen: place.address.ip().to_string(),
            agent_version: env!("CARGO_PKG_VERSION").to_owned(),
            system: shared.system.clone(),
        };
        let ports = HostPorts {
            hypervisor: Arc::new(hypervisor.clone()),
            storage: Arc::new(shared.storage.clone()),
            network: Arc::new(kernel),
            clock: Arc::clone(clock),
        };
        let vms = HostVms::start(config, ports).await?;
        Ok(Starting {
            place: place.clone(),
            hypervisor,
            vms,
            tls,
        })
    }

    /// Waits until it serves no more.
    pub(crate) async fn ended(&self) {
        let task = self
            .task
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(task) = task {
            // A host that broke was told of by its own task.
            let _ = task.await;
            self.vms.clone().stop().await;
        }
    }
}

/// A host whose port is not open yet: its machines come first, as on a real host.
pub(crate) struct Starting {
    place: HostPlace,
    pub hypervisor: FakeHypervisor,
    pub vms: HostVms,
    tls: Arc<rustls::ServerConfig>,
}

impl Starting {
    /// Opens the port.
    ///
    /// # Errors
    /// When somebody else listens there.
    pub(crate) async fn open(self, shared: &Shared) -> anyhow::Result<SimHost> {
        let Starting {
            place,
            hypervisor,
            vms,
            tls,
        } = self;
        let listener = TcpListener::bind(place.address)
            .await
            .with_context(|| format!("cannot listen on {}", place.address))?;
        let fence = Arc::new(Fence::new(0, Arc::new(Forgetful)));
        let feed = Arc::new(Feed(vms.clone()));
        let service = AgentService::new(Arc::new(vms.clone()), feed, fence);
        let (clock, mut stop) = (Arc::clone(&shared.clock), shared.stop.clone());
        let task = tokio::spawn(async move {
            let stop = async move {
                // The sender is gone only when the process ends.
                let _ = stop.wait_for(|stop| *stop).await;
            };
            if let Err(error) = serve(listener, tls, service, clock, stop).await {
                tracing::error!(host.name = place.name, %error, "a simulated host serves no more");
            }
        });
        Ok(SimHost {
            id: place.id,
            hypervisor,
            vms,
            task: Mutex::new(Some(task)),
        })
    }
}

/// A guest with an agent that tells a little.
fn guest() -> GuestBehaviour {
    GuestBehaviour::with_agent()
        .answering("guest-get-host-name", r#"{"host-name":"simulated"}"#)
        .answering(
            "guest-get-osinfo",
            r#"{"pretty-name":"Simulated Linux 1","kernel-release":"6.1.0"}"#,
        )
        .answering(
            "guest-network-get-interfaces",
            r#"[{"name":"eth0","ip-addresses":[{"ip-address":"192.0.2.10"}]}]"#,
        )
}

/// A simulated host that ends is a host that was made anew: it has heard no engine.
struct Forgetful;

impl FenceStore for Forgetful {
    fn save(&self, _: u64) -> std::io::Result<()> {
        Ok(())
    }
}

struct Feed(HostVms);

#[async_trait::async_trait]
impl HostFeed for Feed {
    async fn hello(&self) -> Result<HostHello, HostError> {
        self.0.hello().await
    }
    async fn watch(&self) -> BoxStream<'static, HostEvent> {
        self.0.watch().await
    }
    fn stats(&self, interval: Duration) -> BoxStream<'static, StatsFrame> {
        self.0.stats(interval)
    }
}
