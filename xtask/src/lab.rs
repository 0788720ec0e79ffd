//! Labs for tests and measurements: started, spoken to, ended, cleaned.

use crate::scene::Scene;
use crate::{places, shell};
use anyhow::{Context as _, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::Deserialize;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// The line that `vireo-lab up` prints when everything runs.
const READY: &str = "Vireo is ready";

/// The first start also fetches packages and makes the demo guest.
pub const FIRST_START: Duration = Duration::from_secs(900);

/// What `ready.json` says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ready {
    pub url: String,
    pub user: String,
    pub password_file: String,
    pub ca_file: String,
    pub data_center: String,
    pub cluster: String,
    pub hosts: Vec<String>,
    pub storage_domains: Vec<String>,
    pub network: String,
    pub template: String,
}

/// A lab of its own, in the run's directory.
pub struct Lab<'a> {
    scene: &'a Scene,
    pub home: PathBuf,
    port: u16,
    hosts: usize,
    profile: &'static str,
    pub child: Option<Child>,
    lines: Option<Receiver<String>>,
}

impl<'a> Lab<'a> {
    pub fn new(scene: &'a Scene, name: &str, hosts: usize) -> anyhow::Result<Self> {
        Self::of_profile(scene, name, hosts, "debug")
    }

    /// With programs of cargo's `debug` or `release`.
    ///
    /// # Errors
    /// When there is no free port.
    pub fn of_profile(
        scene: &'a Scene,
        name: &str,
        hosts: usize,
        profile: &'static str,
    ) -> anyhow::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        Ok(Lab {
            scene,
            home: scene.dir().join(name),
            port,
            hosts,
            profile,
            child: None,
            lines: None,
        })
    }

    pub fn command(&self, verb: &str) -> Command {
        let mut command = self.program("vireo-lab");
        command.arg(verb);
        command
    }

    pub fn program(&self, name: &str) -> Command {
        self.with_environment(Command::new(places::program_of(self.profile, name)))
    }

    fn with_environment(&self, mut command: Command) -> Command {
        self.scene.mark(&mut command);
        command
            .current_dir(places::checkout())
            .env("VIREO_HOME", &self.home)
            .env("VIREO_PORT", self.port.to_string())
            .env("HOSTS", self.hosts.to_string())
            .env("VIREO_CACHE", places::cache());
        command
    }

    /// A script of the checkout, with the lab's environment.
    pub fn script(&self, path: &Path) -> Command {
        self.with_environment(Command::new(path))
    }

    /// Starts and waits until it is ready; answers how long that took.
    pub fn up(&mut self, limit: Duration) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        let mut child = self
            .command("up")
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot run vireo-lab")?;
        let output = child
            .stdout
            .take()
            .context("a child without standard output")?;
        let (send, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                println!("  lab: {line}");
                if send.send(line).is_err() {
                    // Nobody waits for lines any more; they are still shown.
                }
            }
        });
        self.child = Some(child);
        let outcome = loop {
            match lines.recv_timeout(limit.saturating_sub(begun.elapsed())) {
                Ok(line) if line.starts_with(READY) => break Ok(begun.elapsed()),
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => {
                    break Err(anyhow::anyhow!("not ready after {limit:?}"));
                }
                Err(RecvTimeoutError::Disconnected) => {
                    break Err(anyhow::anyhow!("ended before it was ready"));
                }
            }
        };
        self.lines = Some(lines);
        outcome
    }

    pub fn ready(&self) -> anyhow::Result<Ready> {
        let path = self.home.join("ready.json");
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("in {}", path.display()))
    }

    pub fn signal(&mut self, signal: Signal) -> anyhow::Result<ExitStatus> {
        let mut child = self.child.take().context("the lab does not run")?;
        kill(Pid::from_raw(i32::try_from(child.id())?), signal)?;
        Ok(child.wait()?)
    }

    /// Ctrl-C.
    pub fn interrupt(&mut self) -> anyhow::Result<()> {
        let status = self.signal(Signal::SIGINT)?;
        ensure!(status.success(), "ended with {status}");
        Ok(())
    }

    pub fn clean(&self) -> anyhow::Result<()> {
        shell::run(&mut self.command("clean"))?;
        ensure!(
            !self.home.exists(),
            "{} is still there",
            self.home.display()
        );
        Ok(())
    }
}

impl Drop for Lab<'_> {
    fn drop(&mut self) {
        // After a failed step: nothing of it may stay for the next run.
        if let Some(child) = &mut self.child {
            let _ = kill(
                Pid::from_raw(i32::try_from(child.id()).unwrap_or(0)),
                Signal::SIGINT,
            );
            let _ = child.wait();
        }
        if self.home.exists() {
            let _ = shell::run(&mut self.command("clean"));
        }
    }
}
