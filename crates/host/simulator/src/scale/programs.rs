//! Programs that are started, watched through /proc, and ended.

use anyhow::{Context as _, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, SysconfVar, sysconf};
use std::fs::File;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

/// A program that ends with this value.
pub struct Program {
    child: Child,
    name: String,
    /// When it was started.
    pub begun: Instant,
}

/// What the kernel tells of a process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Held {
    /// CPU time since its start.
    pub cpu: Duration,
    /// Resident now.
    pub rss_mib: u64,
    /// Resident at most so far.
    pub peak_mib: u64,
}

impl Program {
    /// Starts a program from the directory of this one; what it prints goes to `log`.
    pub fn start(name: &str, words: &[&std::ffi::OsStr], log: &Path) -> anyhow::Result<Self> {
        let here = std::env::current_exe().context("cannot tell where this program is")?;
        let path = here.with_file_name(name);
        let failed = || format!("cannot start {}", path.display());
        let file = File::options()
            .create(true)
            .append(true)
            .open(log)
            .with_context(failed)?;
        let begun = Instant::now();
        let child = Command::new(&path)
            .args(words)
            .stdin(Stdio::null())
            .stdout(file.try_clone().with_context(failed)?)
            .stderr(file)
            .kill_on_drop(true)
            .spawn()
            .with_context(failed)?;
        Ok(Program {
            child,
            name: name.to_owned(),
            begun,
        })
    }

    fn id(&self) -> anyhow::Result<u32> {
        let id = self.child.id();
        id.with_context(|| format!("{} has ended; its log says why", self.name))
    }

    /// Waits until a file is there.
    pub async fn ready(&mut self, file: &Path, limit: Duration) -> anyhow::Result<Duration> {
        while !file.exists() {
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended before it was ready: {status}", self.name);
            }
            if self.begun.elapsed() > limit {
                bail!("{} was not ready within {limit:?}", self.name);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(self.begun.elapsed())
    }

    /// How much it uses.
    pub fn held(&self) -> anyhow::Result<Held> {
        let dir = format!("/proc/{}", self.id()?);
        let status = std::fs::read_to_string(format!("{dir}/status"))?;
        let stat = std::fs::read_to_string(format!("{dir}/stat"))?;
        let mib = |key: &str| {
            let line = status.lines().find_map(|l| l.strip_prefix(key));
            let kib: Option<u64> = line.and_then(|l| l.split_whitespace().next()?.parse().ok());
            kib.unwrap_or(0) / 1024
        };
        // Behind the name in brackets; user and system time are the 12th and 13th word there.
        let behind = stat.rsplit_once(')').map_or("", |(_, behind)| behind);
        let ticks = behind.split_whitespace().skip(11).take(2);
        let ticks: u64 = ticks.filter_map(|t| t.parse::<u64>().ok()).sum();
        let hertz = sysconf(SysconfVar::CLK_TCK)?.unwrap_or(100).max(1);
        Ok(Held {
            cpu: Duration::from_secs_f64(ticks as f64 / hertz as f64),
            rss_mib: mib("VmRSS:"),
            peak_mib: mib("VmHWM:"),
        })
    }

    /// Asks it to end, and waits; after `limit` it is killed.
    pub async fn end(mut self, limit: Duration) -> anyhow::Result<()> {
        let id = Pid::from_raw(i32::try_from(self.id()?)?);
        kill(id, Signal::SIGTERM)?;
        match tokio::time::timeout(limit, self.child.wait()).await {
            Ok(ended) => {
                let status = ended?;
                if !status.success() {
                    bail!("{} ended with {status}; its log says why", self.name);
                }
                Ok(())
            }
            Err(_) => {
                self.child.kill().await?;
                bail!("{} did not end within {limit:?}", self.name)
            }
        }
    }

    /// Kills it, as a crash would.
    pub async fn crash(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }
}
