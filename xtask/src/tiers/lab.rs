//! A whole data center, end to end: what `make run` gives, and what is left when it ends.

use super::ledger::Tier;
use super::leftovers::Scene;
use super::{acceptance, python, shell};
use crate::places;
use anyhow::{Context as _, bail, ensure};
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
const FIRST_START: Duration = Duration::from_secs(900);

/// The promise for a start that finds everything, on a quiet machine.
const NEXT_START: Duration = Duration::from_secs(20);

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

/// A lab that runs beside the tests.
struct Lab<'a> {
    scene: &'a Scene,
    home: PathBuf,
    port: u16,
    hosts: usize,
    child: Option<Child>,
    lines: Option<Receiver<String>>,
}

impl<'a> Lab<'a> {
    fn new(scene: &'a Scene, name: &str, hosts: usize) -> anyhow::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        Ok(Lab {
            scene,
            home: scene.dir().join(name),
            port,
            hosts,
            child: None,
            lines: None,
        })
    }

    fn command(&self, verb: &str) -> Command {
        let mut command = self.program("vireo-lab");
        command.arg(verb);
        command
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(places::program(name));
        self.scene.mark(&mut command);
        command
            .current_dir(places::checkout())
            .env("VIREO_HOME", &self.home)
            .env("VIREO_PORT", self.port.to_string())
            .env("HOSTS", self.hosts.to_string())
            .env("VIREO_CACHE", places::cache());
        command
    }

    /// Starts and waits until it is ready; answers how long that took.
    fn up(&mut self, limit: Duration) -> anyhow::Result<Duration> {
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

    fn ready(&self) -> anyhow::Result<Ready> {
        let path = self.home.join("ready.json");
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("in {}", path.display()))
    }

    fn signal(&mut self, signal: Signal) -> anyhow::Result<ExitStatus> {
        let mut child = self.child.take().context("the lab does not run")?;
        kill(Pid::from_raw(i32::try_from(child.id())?), signal)?;
        Ok(child.wait()?)
    }

    /// Ctrl-C.
    fn interrupt(&mut self) -> anyhow::Result<()> {
        let status = self.signal(Signal::SIGINT)?;
        ensure!(status.success(), "ended with {status}");
        Ok(())
    }

    fn clean(&self) -> anyhow::Result<()> {
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

pub fn run(scene: &Scene) -> Tier {
    let mut tier = Tier::new("lab", "a whole data center: examples, acceptance, restarts");
    let built = shell::run(&mut shell::cargo(&[
        "build",
        "--workspace",
        "--bins",
        "--locked",
    ]));
    if !tier.step("build", built) {
        return tier.end();
    }
    let python = match python::bin() {
        Ok(bin) => bin,
        Err(e) => {
            tier.fail(format!("Python clients: {e:#}"));
            return tier.end();
        }
    };
    one_host(&mut tier, scene, &python);
    two_hosts(&mut tier, scene);
    tier.end()
}

fn one_host(tier: &mut Tier, scene: &Scene, python: &Path) {
    let mut lab = match Lab::new(scene, "one", 1) {
        Ok(lab) => lab,
        Err(e) => return tier.fail(format!("lab: {e:#}")),
    };
    let first = lab.up(FIRST_START);
    if !tier.step(
        "first start",
        first.map(|t| println!("ready after {:.1} s", t.as_secs_f64())),
    ) {
        return;
    }
    let ready = match lab.ready() {
        Ok(ready) => ready,
        Err(e) => return tier.fail(format!("ready.json: {e:#}")),
    };
    let file = lab.home.join("ready.json");
    let mut example = Command::new(python.join("python"));
    tier.step("examples/python/first_vm.py", {
        scene.mark(&mut example);
        shell::run(
            example
                .arg(places::checkout().join("examples/python/first_vm.py"))
                .arg(&file),
        )
    });
    let mut example = Command::new(places::checkout().join("examples/curl/first-vm.sh"));
    tier.step("examples/curl/first-vm.sh", {
        scene.mark(&mut example);
        shell::run(example.arg(&file))
    });
    tier.step(
        "vireoctl status",
        says(lab.program("vireoctl").arg("status"), &ready.hosts[..1]),
    );
    tier.step(
        "vireoctl serial demo",
        says(
            lab.program("vireoctl").args(["serial", "demo"]),
            &["GUEST-UP".to_owned()],
        ),
    );
    tier.step(
        "vireoctl doctor",
        says(lab.program("vireoctl").arg("doctor"), &["KVM".to_owned()]),
    );
    tier.step(
        "a second lab in the same home is refused",
        refused(&mut lab.command("up"), "already"),
    );
    acceptance::run(tier, &ready, python, scene.dir(), |c| scene.mark(c));
    tier.step("Ctrl-C", lab.interrupt());
    let mut other = lab.command("up");
    tier.step(
        "another number of hosts is refused",
        refused(other.env("HOSTS", "2"), "HOSTS"),
    );
    let next = lab.up(FIRST_START).and_then(|took| {
        println!("ready again after {:.1} s", took.as_secs_f64());
        ensure!(
            took < NEXT_START,
            "took {:.1} s, promised are {NEXT_START:?}",
            took.as_secs_f64()
        );
        Ok(())
    });
    tier.step("next start", next);
    tier.step("kill -9", lab.signal(Signal::SIGKILL).map(|_| ()));
    tier.step("start after kill -9", lab.up(FIRST_START).map(|_| ()));
    tier.step("kill -9 again", lab.signal(Signal::SIGKILL).map(|_| ()));
    tier.step("clean after kill -9", lab.clean());
}

fn two_hosts(tier: &mut Tier, scene: &Scene) {
    let mut lab = match Lab::new(scene, "two", 2) {
        Ok(lab) => lab,
        Err(e) => return tier.fail(format!("lab: {e:#}")),
    };
    if !tier.step("two hosts", lab.up(FIRST_START).map(|_| ())) {
        return;
    }
    tier.step(
        "two hosts: shared data center",
        lab.ready().and_then(|r| {
            ensure!(r.hosts.len() == 2, "hosts: {:?}", r.hosts);
            ensure!(
                r.storage_domains == ["shared", "shared2"],
                "storage domains: {:?}",
                r.storage_domains
            );
            Ok(())
        }),
    );
    tier.step("two hosts: down", shell::run(&mut lab.command("down")));
    tier.step(
        "two hosts: ended",
        match lab.child.take().map(|mut c| c.wait()) {
            Some(Ok(status)) if status.success() => Ok(()),
            other => Err(anyhow::anyhow!("ended with {other:?}")),
        },
    );
    tier.step("two hosts: clean", lab.clean());
}

fn says(command: &mut Command, words: &[String]) -> anyhow::Result<()> {
    let text = shell::output(command)?;
    println!("{text}");
    for word in words {
        ensure!(
            text.contains(word.as_str()),
            "says nothing of {word}:\n{text}"
        );
    }
    Ok(())
}

fn refused(command: &mut Command, word: &str) -> anyhow::Result<()> {
    let output = command.output().context("cannot run it")?;
    let text = String::from_utf8_lossy(&output.stderr);
    if output.status.success() || !text.contains(word) {
        bail!("ended with {} and says: {text}", output.status);
    }
    Ok(())
}
