//! Simulated hosts beside the real ones: `vireo-sim`'s processes, seeded once.

use crate::settings::Settings;
use crate::wait;
use anyhow::{Context as _, bail, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs::OpenOptions;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Hosts that one process serves: its sockets stay far below 20,000 file descriptors.
const HOSTS_OF_ONE: u32 = 5000;
/// Thousandths of the VMs that change in each 15 s.
const PACE: u32 = 50;
const PATIENCE: Duration = Duration::from_secs(600);

/// The processes.
#[derive(Debug, Default)]
pub struct Simulated {
    parts: Vec<(Child, PathBuf)>,
}

fn home(settings: &Settings) -> PathBuf {
    settings.home.join("sim")
}

fn parts(settings: &Settings) -> u32 {
    settings.sim_hosts.div_ceil(HOSTS_OF_ONE)
}

/// Simulated hosts are wanted and are not in the engine's database yet: call [`seed`] while the
/// engine does not run.
#[must_use]
pub fn is_to_be_seeded(settings: &Settings) -> bool {
    settings.sim_hosts > 0 && !home(settings).join("part-1/manifest.json").exists()
}

/// Puts them into the database of the engine, which must have been started once and not run now.
///
/// # Errors
/// When it fails; the simulator's words are shown.
pub fn seed(settings: &Settings) -> anyhow::Result<()> {
    let program = program(settings)?;
    let status = Command::new(&program)
        .arg("seed")
        .arg("--engine-home")
        .arg(settings.engine_home())
        .arg("--home")
        .arg(home(settings))
        .args(["--hosts", &settings.sim_hosts.to_string()])
        .args(["--vms", &settings.sim_vms.to_string()])
        .args(["--parts", &parts(settings).to_string()])
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot run {}", program.display()))?;
    ensure!(status.success(), "`vireo-sim seed` ended with {status}");
    Ok(())
}

fn program(settings: &Settings) -> anyhow::Result<PathBuf> {
    let program = settings.programs.join("vireo-sim");
    ensure!(
        program.exists(),
        "there is no {}; build it first",
        program.display()
    );
    Ok(program)
}

impl Simulated {
    /// Starts what was seeded, however many hosts are wanted now; returns when all hosts listen.
    ///
    /// # Errors
    /// When a process ends at once; its log tells why.
    pub async fn start(settings: &Settings) -> anyhow::Result<Self> {
        let mut all = Simulated::default();
        for part in 1.. {
            let dir = home(settings).join(format!("part-{part}"));
            if !dir.join("manifest.json").exists() {
                break;
            }
            all.part(settings, part, &dir).await?;
        }
        Ok(all)
    }

    async fn part(&mut self, settings: &Settings, part: u32, dir: &Path) -> anyhow::Result<()> {
        let program = program(settings)?;
        let ready = dir.join("ready");
        let _ = std::fs::remove_file(&ready);
        let log = dir.join("sim.log");
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&log)
            .with_context(|| format!("cannot open {}", log.display()))?;
        let child = Command::new("setpriv")
            // When this program dies, so do they.
            .args(["--pdeathsig", "TERM", "--"])
            .arg(&program)
            .arg("run")
            .arg("--home")
            .arg(home(settings))
            .args(["--part", &part.to_string()])
            .args(["--pace", &PACE.to_string()])
            .arg("--ready-file")
            .arg(&ready)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(file)
            .spawn()
            .with_context(|| format!("cannot run {}", program.display()))?;
        self.parts.push((child, log));
        wait::until("the simulated hosts", PATIENCE, async || {
            self.check()?;
            Ok(ready.exists().then_some(()))
        })
        .await
    }

    /// None has ended by itself.
    ///
    /// # Errors
    /// When one has; its log tells why.
    pub fn check(&mut self) -> anyhow::Result<()> {
        for (child, log) in &mut self.parts {
            if let Some(status) = child.try_wait()? {
                bail!("the simulator ended with {status}; see {}", log.display());
            }
        }
        Ok(())
    }

    /// Ends them; they note what ran.
    ///
    /// # Errors
    /// When one fails at its end.
    pub async fn end(mut self) -> anyhow::Result<()> {
        for (child, _) in &self.parts {
            // One that has ended already is told of below.
            let _ = kill(Pid::from_raw(i32::try_from(child.id())?), Signal::SIGTERM);
        }
        for (child, log) in &mut self.parts {
            let ended = wait::until("the simulator's end", PATIENCE, async || {
                Ok(child.try_wait()?)
            });
            let status = ended.await?;
            ensure!(
                status.success(),
                "the simulator ended with {status}; see {}",
                log.display()
            );
        }
        Ok(())
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        // Only after a failed start: `end` has waited otherwise.
        for (child, _) in &mut self.parts {
            if matches!(child.try_wait(), Ok(None)) {
                let _ = child.kill();
                let _ = child.wait();
            }
        }
    }
}
