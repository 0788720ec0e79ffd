//! The lab that is crashed: its process, and programs on its host.

use super::points::Points;
use anyhow::{Context as _, bail, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use vireo_lab::tools;

/// A first start, with making the demo guest, on a busy machine.
const START: Duration = Duration::from_secs(300);

/// The hosts of the lab: from one to the other VMs move.
pub const HOSTS: [&str; 2] = ["host1", "host2"];

/// A lab with two hosts and two shared storage domains, in a home of its own.
#[derive(Debug)]
pub struct Lab {
    /// Its home.
    pub home: PathBuf,
    /// Where its programs are told to die.
    pub points: Points,
    program: PathBuf,
    port: u16,
    child: Option<Child>,
    lines: Receiver<String>,
    keep: bool,
}

impl Lab {
    /// Starts it; returns when it is ready.
    pub fn up() -> anyhow::Result<Self> {
        let program = std::env::current_exe()?.with_file_name("vireo-lab");
        ensure!(program.exists(), "there is no {}", program.display());
        // Short: paths of sockets have 108 bytes.
        let base = std::env::temp_dir().join(format!("vireo-crash-{}", std::process::id()));
        let points = Points::below(base.join("points"))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let (send, lines) = channel();
        let mut lab = Lab {
            home: base.join("home"),
            points,
            program,
            port,
            child: None,
            lines,
            keep: false,
        };
        let mut child = lab
            // When this program dies, the lab ends in order.
            .environment(Command::new("setpriv"))
            .args(["--pdeathsig", "TERM", "--"])
            .arg(&lab.program)
            .arg("up")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot run vireo-lab")?;
        let output = child.stdout.take().context("a child without output")?;
        lab.child = Some(child);
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        let begun = std::time::Instant::now();
        loop {
            match lab
                .lines
                .recv_timeout(START.saturating_sub(begun.elapsed()))
            {
                Ok(line) if line.starts_with("Vireo is ready") => return Ok(lab),
                Ok(_) => {}
                Err(_) => bail!("the lab did not get ready"),
            }
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.environment(Command::new(&self.program));
        command.args(arguments);
        command
    }

    fn environment(&self, mut command: Command) -> Command {
        command
            .env("VIREO_HOME", &self.home)
            .env("VIREO_PORT", self.port.to_string())
            .env("HOSTS", HOSTS.len().to_string())
            .env("VIREO_FAILPOINTS", &self.points.dir);
        command
    }

    /// The engine's home.
    pub fn engine_home(&self) -> PathBuf {
        self.home.join("engine")
    }

    /// The storage domains' root.
    pub fn storage(&self) -> PathBuf {
        self.home.join("storage")
    }

    /// What a program on a host prints.
    pub fn on(&self, host: &str, words: &[&str]) -> anyhow::Result<String> {
        tools::output(self.command(&["on", host, "--"]).args(words))
    }

    /// Its files stay for people who look.
    pub fn keep(&mut self) {
        self.keep = true;
    }

    fn base(&self) -> &Path {
        self.home.parent().unwrap_or(&self.home)
    }

    /// Ends it and removes every trace, unless something went wrong.
    pub fn down(mut self) -> anyhow::Result<()> {
        self.end()?;
        if self.keep {
            println!("the lab's files are in {}", self.base().display());
            return Ok(());
        }
        tools::run(&mut self.command(&["clean"]))?;
        std::fs::remove_dir_all(self.base()).context("cannot remove the lab's directory")
    }

    fn end(&mut self) -> anyhow::Result<()> {
        let Some(mut child) = self.child.take() else {
            return Ok(());
        };
        kill(Pid::from_raw(i32::try_from(child.id())?), Signal::SIGTERM)?;
        let status = child.wait()?;
        ensure!(status.success(), "the lab ended with {status}");
        Ok(())
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        // Only after a failure; the first one counts.
        let _ = self.end();
    }
}
