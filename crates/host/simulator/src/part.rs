//! One process: the hosts of one data center, from their start to their end.

use crate::host::{Shared, SimHost};
use crate::places::{Manifest, PartHome, Running};
use anyhow::{Context as _, bail};
use base::{Clock, HostId, OsRandom, Random as _};
use futures::stream::{self, TryStreamExt as _};
use host_storage::VolumeStore as _;
use host_storage::fake::FakeStore;
use host_vms::SystemFiles;
use hypervisor::{MachineLaunch, MachineState};
use ports::hosts::{StorageDomainSpec, VmLaunch, VolumeCreate};
use ports::{HostSession as _, SystemClock};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::watch;

/// Hosts that are made at the same time.
const AT_ONCE: usize = 32;
/// A domain of simulated storage has this much space.
const DOMAIN_BYTES: u64 = 1 << 50;

/// A simulation that serves.
pub struct Part {
    home: PartHome,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) hosts: Vec<SimHost>,
    storage: FakeStore,
    stop: watch::Sender<bool>,
}

impl Part {
    /// Starts all hosts with the machines that ran at the last orderly end (or as seeded). `state` is
    /// where the agents' own files go; what is in it is thrown away.
    ///
    /// # Errors
    /// When the simulation was not seeded, or an address is taken.
    pub async fn start(home: PartHome, state: Option<PathBuf>) -> anyhow::Result<Self> {
        let manifest = home.manifest_read()?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let state = state.unwrap_or_else(|| home.state());
        empty(&state)?;
        let system = state.join("system");
        machine_files(&system)?;
        let (stop, stopped) = watch::channel(false);
        let shared = Shared {
            storage: FakeStore::new(),
            clock: Arc::clone(&clock),
            system: SystemFiles::below(system),
            bridges: manifest.bridges.clone(),
            stop: stopped,
        };
        fill(&shared.storage, &manifest, home.volumes_read()?).await?;
        let mut launches: HashMap<HostId, Vec<VmLaunch>> = HashMap::new();
        for running in home.running_read()? {
            let running = running?;
            launches
                .entry(running.host)
                .or_default()
                .push(running.launch);
        }
        let ready = manifest.hosts.iter().map(|place| {
            let launches = launches.remove(&place.id).unwrap_or_default();
            Ok::<_, anyhow::Error>((place, launches))
        });
        let ready: Vec<_> = ready.collect();
        let hosts = stream::iter(ready)
            .map_ok(|(place, launches)| {
                let (identity, agent) = (home.identity(place.id), state.join(place.id.to_string()));
                let shared = &shared;
                async move {
                    let host = SimHost::start(place, &identity, &agent, shared).await?;
                    for launch in launches {
                        let name = launch.machine.name.clone();
                        let begun = host.vms.vm_launch(launch).await;
                        begun
                            .with_context(|| format!("{name} does not start on {}", place.name))?;
                    }
                    host.open(shared).await
                }
            })
            .try_buffered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(Part {
            home,
            clock,
            hosts,
            storage: shared.storage,
            stop,
        })
    }

    /// Where its files are.
    #[must_use]
    pub fn home(&self) -> &PartHome {
        &self.home
    }

    /// How many hosts it has, and how many machines run on them.
    #[must_use]
    pub fn count(&self) -> (usize, usize) {
        let machines = self.hosts.iter().map(|h| h.hypervisor.machine_count());
        (self.hosts.len(), machines.sum())
    }

    /// Ends all hosts and notes what ran and which volumes there are, for the next start.
    ///
    /// # Errors
    /// When it can't be noted.
    pub async fn stop(&self) -> anyhow::Result<()> {
        self.stop.send_replace(true);
        futures::future::join_all(self.hosts.iter().map(SimHost::ended)).await;
        let mut running = Vec::new();
        for host in &self.hosts {
            let machines = host.hypervisor.machines().into_iter();
            running.extend(machines.map(|(launch, state)| Running {
                host: host.id,
                launch: launch_again(launch, state),
            }));
        }
        self.home.running_write(&running)?;
        self.home.volumes_write(&self.storage.volumes())
    }
}

/// The engine's order that makes the same machine again.
fn launch_again(launch: MachineLaunch, state: MachineState) -> VmLaunch {
    VmLaunch {
        machine: launch.machine,
        epoch: launch.epoch,
        paused: matches!(state, MachineState::Paused(_)),
        up_without_agent_seconds: 60,
    }
}

/// The storage as it was.
async fn fill(
    storage: &FakeStore,
    manifest: &Manifest,
    volumes: impl Iterator<Item = anyhow::Result<VolumeCreate>>,
) -> anyhow::Result<()> {
    storage.space_set(DOMAIN_BYTES);
    for (name, spec) in &manifest.domains {
        let spec: StorageDomainSpec = spec.clone();
        storage.create_domain(spec, name).await?;
    }
    for volume in volumes {
        storage.volume_create(volume?).await?;
    }
    Ok(())
}

/// Throws away what an earlier start left. Only a directory that looks like one is touched.
fn empty(state: &Path) -> anyhow::Result<()> {
    let failed = || format!("cannot use {}", state.display());
    match std::fs::read_dir(state) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
        Err(e) => return Err(e).with_context(failed),
        Ok(mut entries) => {
            let is_ours = state.join("system/etc/os-release").exists();
            if !is_ours && entries.next().is_some() {
                bail!("{} is not empty and not a simulation's", state.display());
            }
            std::fs::remove_dir_all(state).with_context(failed)?;
        }
    }
    std::fs::create_dir_all(state).with_context(failed)
}

/// The kernel's files of a machine with 2 × 16 cores and 512 GiB; all hosts are alike.
fn machine_files(root: &Path) -> anyhow::Result<()> {
    let mut cpus = String::new();
    for n in 0..64 {
        cpus += &format!(
            "processor\t: {n}\nmodel name\t: Simulated CPU\ncpu MHz\t\t: 2400.0\nphysical id\t: {}\n\
             core id\t\t: {}\nflags\t\t: fpu sse2 vmx\n\n",
            n % 2,
            n / 2 % 16
        );
    }
    let boot = OsRandom.uuid();
    for (name, text) in [
        ("proc/cpuinfo", cpus),
        (
            "proc/meminfo",
            "MemTotal: 536870912 kB\nMemAvailable: 429496729 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n"
                .to_owned(),
        ),
        (
            "proc/stat",
            "cpu  100 0 50 850 0 0 0 0 0 0\nbtime 1767225600\n".to_owned(),
        ),
        ("proc/loadavg", "1.00 1.50 1.20 1/900 99\n".to_owned()),
        ("proc/sys/kernel/random/boot_id", format!("{boot}\n")),
        ("proc/sys/kernel/osrelease", "6.12.0-simulated\n".to_owned()),
        (
            "etc/os-release",
            "ID=simulated\nPRETTY_NAME=\"Simulated Linux\"\n".to_owned(),
        ),
    ] {
        let path = root.join(name);
        let dir = path.parent().unwrap_or(root);
        std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
