//! The whole: what it is made of, and how it begins after a start of the agent.

use crate::HostVmsError;
use crate::board::Board;
use crate::durable::{blocking, read, replace};
use crate::journal::Journal;
use crate::pump::pump;
use crate::registry::Registry;
use crate::serial::SerialLogs;
use crate::stats::Sampler;
use crate::system::SystemFiles;
use crate::vm::Surroundings;
use base::{Clock, HostId, VmId};
use futures::stream::{BoxStream, StreamExt};
use host_network::NetworkControl;
use host_storage::VolumeStore;
use hypervisor::Hypervisor;
use ports::hosts::{HostEvent, StatsFrame};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::AbortHandle;

/// What the agent is told at its start.
#[derive(Debug, Clone)]
pub struct HostVmsConfig {
    /// Who this host is.
    pub host: HostId,
    /// The agent's home: journal, serial logs, counters.
    pub home: PathBuf,
    /// IP address that graphics consoles listen on.
    pub console_listen: String,
    /// The agent's version, for the engine's inventory.
    pub agent_version: String,
    /// `/proc`, `/sys` and `/etc`.
    pub system: SystemFiles,
}

/// What it works with.
#[derive(Clone)]
pub struct HostPorts {
    /// libvirt or its fake.
    pub hypervisor: Arc<dyn Hypervisor>,
    /// Storage.
    pub storage: Arc<dyn VolumeStore>,
    /// Bridges and cards.
    pub network: Arc<dyn NetworkControl>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

/// The virtual machines of one host. Clones share them; when the last one is dropped, the tasks end
/// and the machines run on.
#[derive(Clone)]
pub struct HostVms {
    pub(crate) whole: Arc<Whole>,
}

pub(crate) struct Whole {
    pub(crate) config: HostVmsConfig,
    pub(crate) ports: HostPorts,
    pub(crate) registry: Arc<Registry>,
    pub(crate) agent_epoch: u64,
    pub(crate) moving: crate::moving::Moving,
    board: Board,
    synced: watch::Receiver<bool>,
    pump: AbortHandle,
}

impl Drop for Whole {
    fn drop(&mut self) {
        self.pump.abort();
    }
}

impl HostVms {
    /// Begins with what the journal says, and finds the machines that run as soon as the hypervisor
    /// answers.
    ///
    /// # Errors
    /// When the agent's home can't be used.
    pub async fn start(config: HostVmsConfig, ports: HostPorts) -> Result<Self, HostVmsError> {
        let (home, now) = (config.home.clone(), ports.clock.now());
        let system = config.system.clone();
        let (journal, known, serial, agent_epoch, boot_id) = blocking(move || {
            let (journal, known) = Journal::open(&home, now)?;
            let serial = SerialLogs::open(&home)?;
            let agent_epoch = count_start(&home)?;
            Ok((journal, known, serial, agent_epoch, system.boot_id()?))
        })
        .await?;
        let board = Board::new();
        let registry = Arc::new(Registry::new(Arc::new(Surroundings {
            hypervisor: Arc::clone(&ports.hypervisor),
            storage: Arc::clone(&ports.storage),
            network: Arc::clone(&ports.network),
            clock: Arc::clone(&ports.clock),
            journal,
            board: board.clone(),
            serial,
            boot_id,
            console_listen: config.console_listen.clone(),
        })));
        for vm in known {
            registry.wake(vm);
        }
        let (done, synced) = watch::channel(false);
        let pump = tokio::spawn(pump(Arc::clone(&registry), done)).abort_handle();
        Ok(HostVms {
            whole: Arc::new(Whole {
                config,
                ports,
                registry,
                agent_epoch,
                moving: crate::moving::Moving::default(),
                board,
                synced,
                pump,
            }),
        })
    }

    /// Ends the tasks when what they have begun is done and noted; the machines run on. Call it last,
    /// when no command can come any more. Without it the next start still finds everything, but may
    /// know less of how a run ended.
    pub async fn stop(self) {
        self.whole.pump.abort();
        self.whole.registry.halt().await;
    }

    /// A new stream of events. The first is a `Report` of everything, and comes when the hypervisor
    /// was asked which machines run; whoever falls behind gets a `Report` again.
    pub async fn watch(&self) -> BoxStream<'static, HostEvent> {
        let mut synced = self.whole.synced.clone();
        let board = self.whole.board.clone();
        futures::stream::once(async move {
            // When the pump is gone the agent goes too; then nothing is said any more.
            match synced.wait_for(|synced| *synced).await {
                Ok(_) => board.watch(),
                Err(_) => futures::stream::empty().boxed(),
            }
        })
        .flatten()
        .boxed()
    }

    /// A new stream of samples: one at once, then one each `interval`, taken when it is asked for.
    pub fn stats(&self, interval: Duration) -> BoxStream<'static, StatsFrame> {
        let ports = self.whole.ports.clone();
        let sampler = Sampler::new(ports, self.whole.config.system.clone());
        futures::stream::unfold((sampler, None), move |(mut sampler, last)| async move {
            if let Some(last) = last {
                sampler.wait_until(last, interval).await;
            }
            let frame = sampler.sample().await;
            let taken = frame.host.at;
            Some((frame, (sampler, Some(taken))))
        })
        .boxed()
    }

    /// Is it there, running or ended?
    pub(crate) fn shows(&self, vm: VmId) -> bool {
        self.whole.board.get(vm).is_some()
    }
}

/// The number of this start of the agent.
fn count_start(home: &Path) -> Result<u64, HostVmsError> {
    let path = home.join("starts");
    let last = match read(&path)? {
        None => 0,
        Some(text) => std::str::from_utf8(&text)
            .ok()
            .and_then(|text| text.trim().parse().ok())
            .ok_or_else(|| HostVmsError::Damaged {
                path: path.clone(),
                reason: "expected a number".into(),
            })?,
    };
    let next: u64 = last + 1;
    replace(&path, format!("{next}\n").as_bytes())?;
    Ok(next)
}
