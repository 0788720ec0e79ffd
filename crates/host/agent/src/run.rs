//! Serving the engine: everything is put together, then the port is opened.

use crate::certificates::Certificates;
use crate::config::Config;
use crate::feed::Feed;
use crate::home::Home;
use crate::notify;
use agent_rpc::{AgentService, serve};
use anyhow::{Context as _, bail};
use base::Clock;
use futures::StreamExt as _;
use host_network::{BridgeWanted, Desired, Rtnetlink};
use host_storage::FileStore;
use host_vms::{HostPorts, HostVms, HostVmsConfig, MigrationSettings, SystemFiles};
use hypervisor::{Hypervisor, HypervisorEvent};
use hypervisor_libvirt::{LibvirtConfig, LibvirtHypervisor};
use pki::LiveIdentity;
use ports::{Commands, SystemCommands};
use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// The engine's first question needs libvirt: it is given so long to answer before the port is served.
const HYPERVISOR_PATIENCE: Duration = Duration::from_secs(10);

/// Returns when the connection with the hypervisor stands.
pub(crate) async fn hypervisor_stands(hypervisor: &dyn Hypervisor) {
    let mut events = hypervisor.events();
    while let Some(event) = events.next().await {
        if matches!(event, HypervisorEvent::Back) {
            return;
        }
    }
    // The adapter has ended: nothing is to be waited for.
    std::future::pending().await
}

/// An agent that is ready to serve.
pub struct Agent {
    home: Home,
    listener: TcpListener,
    tls: Arc<rustls::ServerConfig>,
    service: AgentService,
    vms: HostVms,
    clock: Arc<dyn Clock>,
}

/// libvirt, storage, network and the system's clock, as the settings say.
///
/// # Errors
/// When libvirt is not installed.
pub fn real_ports(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<HostPorts> {
    let libvirt = LibvirtConfig {
        uri: config.libvirt_uri.clone(),
        accel: config.accel,
        ..LibvirtConfig::default()
    };
    let hypervisor = LibvirtHypervisor::start(libvirt, Arc::clone(&clock))
        .context("virtual machines cannot be run on this host")?;
    let commands: Arc<dyn Commands> = Arc::new(SystemCommands);
    let storage = match config.storage_owner {
        None => FileStore::new(&config.data_root, commands),
        Some((user, group)) => FileStore::with_owner(&config.data_root, commands, user, group),
    };
    Ok(HostPorts {
        hypervisor: Arc::new(hypervisor),
        storage: Arc::new(storage),
        network: Arc::new(Rtnetlink),
        clock,
    })
}

impl Agent {
    /// Makes the bridges, finds the virtual machines that run, and opens the port.
    ///
    /// # Errors
    /// When the host was never enrolled, or something it needs can't be had.
    pub async fn start(home: Home, config: &Config, ports: HostPorts) -> anyhow::Result<Self> {
        let clock = Arc::clone(&ports.clock);
        let identity = LiveIdentity::load(home.path(), Arc::clone(&clock))?;
        let Some(identity) = identity else {
            bail!(
                "the host belongs to no engine yet: run `vireo-agent enrol --home {}` first",
                home.path().display()
            );
        };
        if identity.expires() <= clock.now() {
            // The engine will not connect, but whoever enrols the host again needs nothing else.
            tracing::error!(
                "the host's certificate ended on {}: run `vireo-agent enrol` with a token from \
                 `vireoctl host renew-token`; the agent takes the new one by itself",
                identity.expires()
            );
        }
        let tls = identity.server_config()?;
        let fence = home.fence()?;
        let desired = Desired {
            bridges: config
                .bridges
                .iter()
                .map(|name| BridgeWanted::internal(name.as_str()))
                .collect(),
        };
        host_network::ensure(&*ports.network, &desired)
            .await
            .context("the bridges of `agent.toml` cannot be made")?;
        // Before anything is promised: a second agent must fail here.
        let listener = TcpListener::bind(config.listen)
            .await
            .with_context(|| format!("cannot listen on {}", config.listen))?;
        let hypervisor = Arc::clone(&ports.hypervisor);
        let vms = HostVms::start(
            HostVmsConfig {
                host: identity.host(),
                home: home.path().to_owned(),
                console_listen: config.console_address.to_string(),
                agent_version: env!("CARGO_PKG_VERSION").to_owned(),
                system: SystemFiles::default(),
            },
            ports,
        )
        .await
        .context("the agent's home cannot be used")?;
        vms.migration_settings(MigrationSettings {
            libvirt_uri: config.migration_uri.clone(),
            encrypted: config.migration_tls,
        });
        tokio::select! {
            () = hypervisor_stands(&*hypervisor) => {}
            () = clock.sleep(HYPERVISOR_PATIENCE) => {
                tracing::warn!("libvirt does not answer yet; the engine is told when it does");
            }
        }
        let feed = Arc::new(Feed(vms.clone()));
        let certificates = Arc::new(Certificates(identity.clone()));
        let service =
            AgentService::new(Arc::new(vms.clone()), feed, fence).with_certificates(certificates);
        tracing::info!(host.id = %identity.host(), certificate.expires = %identity.expires(), "the host's identity is loaded");
        Ok(Agent {
            home,
            listener,
            tls,
            service,
            vms,
            clock,
        })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// The system's word.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `stop`. Virtual machines run on.
    ///
    /// # Errors
    /// When the port can't be served any more.
    pub async fn serve(
        self,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> anyhow::Result<()> {
        let Agent {
            home,
            listener,
            tls,
            service,
            vms,
            clock,
        } = self;
        let outcome = serve(listener, tls, service, clock, stop).await;
        vms.stop().await;
        drop(home);
        Ok(outcome?)
    }
}

/// The whole life of `vireo-agent run`.
///
/// # Errors
/// When it can't start or go on.
pub async fn run(home: &Path, clock: Arc<dyn Clock>) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen to signals")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen to signals")?;
    let mut wish = Box::pin(async move {
        let name = tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        };
        tracing::info!("stops on {name}; virtual machines run on");
        notify::tell("STOPPING=1");
    });
    let home = Home::take(home)?;
    let config = Config::read(&Home::config_file(home.path()))?;
    let start = async {
        let ports = real_ports(&config, clock)?;
        Agent::start(home, &config, ports).await
    };
    let agent = tokio::select! {
        agent = start => agent?,
        () = &mut wish => return Ok(()),
    };
    tracing::info!("ready: the engine may connect to {}", agent.address()?);
    notify::tell("READY=1");
    agent.serve(wish).await
}
