//! Namespaces: the switch, the hosts, and how they are started, spoken to and ended.
//!
//! Each is a tree of processes below one first process of a PID namespace. When that one dies, or
//! this program dies in whatever way, the kernel ends the whole tree, and with its network namespace
//! its links go too: nothing outlives a lab but control groups, which `control_groups_remove` takes.

pub mod host;
pub mod switch;

use crate::tools;
use anyhow::{Context as _, bail};
use std::fs::OpenOptions;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

/// Enters control groups of its own, then the namespaces.
const ENTER: &str = include_str!("enter.sh");

/// One tree of processes in namespaces of its own.
#[derive(Debug)]
pub struct Space {
    name: String,
    outer: Child,
    /// The first process inside, by its number outside.
    first: u32,
    words: ChildStdin,
    said: BufReader<ChildStdout>,
}

impl Space {
    /// Starts a script as the first process; returns when it has said `hello`.
    ///
    /// # Errors
    /// When a program is missing, or the script ends at once; the log tells why.
    pub fn start(
        name: &str,
        group: &str,
        script: &str,
        arguments: &[&str],
        log: &Path,
    ) -> anyhow::Result<Self> {
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(log)
            .with_context(|| format!("cannot open {}", log.display()))?;
        // As a file, so that a list of processes stays readable.
        let script_file = log.with_extension("sh");
        std::fs::write(&script_file, script)
            .with_context(|| format!("cannot write {}", script_file.display()))?;
        let mut outer = Command::new("setpriv")
            .args([
                "--pdeathsig",
                "KILL",
                "--",
                "bash",
                "-c",
                ENTER,
                name,
                group,
            ])
            .arg(&script_file)
            .args(arguments)
            // Ctrl-C is for the supervisor alone; it ends the rest in order.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(file)
            .spawn()
            .context("cannot run setpriv")?;
        let words = outer.stdin.take().context("no way to speak")?;
        let said = BufReader::new(outer.stdout.take().context("no way to hear")?);
        let mut space = Space {
            name: name.to_owned(),
            first: 0,
            outer,
            words,
            said,
        };
        space
            .expect("hello")
            .with_context(|| format!("see {}", log.display()))?;
        let pid = space.outer.id();
        let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"))?;
        space.first = children
            .split_whitespace()
            .next()
            .and_then(|n| n.parse().ok())
            .with_context(|| format!("{name} has no first process"))?;
        Ok(space)
    }

    /// The first process, by its number in the machine's own namespace.
    #[must_use]
    pub fn first(&self) -> u32 {
        self.first
    }

    /// Gives the script a word and waits for its answer.
    ///
    /// # Errors
    /// When it has ended.
    pub fn ask(&mut self, word: &str, answer: &str) -> anyhow::Result<()> {
        writeln!(self.words, "{word}").with_context(|| format!("{} does not listen", self.name))?;
        self.expect(answer)
    }

    fn expect(&mut self, wanted: &str) -> anyhow::Result<()> {
        let mut line = String::new();
        while self.said.read_line(&mut line)? > 0 {
            let said = line.trim_end();
            if said == wanted {
                return Ok(());
            }
            if let Some(why) = said.strip_prefix("failed: ") {
                bail!("{}: {why}", self.name);
            }
            line.clear();
        }
        bail!("{} ended before it said `{wanted}`", self.name)
    }

    /// A program that runs inside.
    #[must_use]
    pub fn command(&self, program: &Path) -> Command {
        let mut command = inside(self.first);
        command.arg(program);
        command
    }

    /// Runs `ip` inside of the network namespace.
    ///
    /// # Errors
    /// When it fails.
    pub fn ip(&self, words: &str) -> anyhow::Result<()> {
        tools::line(&format!("nsenter -t {} -n ip {words}", self.first)).map(|_| ())
    }

    /// Whether it has ended by itself.
    ///
    /// # Errors
    /// When the system can't tell.
    pub fn ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        Ok(self.outer.try_wait()?)
    }

    /// Ends the first process, and by that everything inside; returns when it is gone.
    pub fn end(mut self) {
        self.stop();
    }

    fn stop(&mut self) {
        // The outer process takes its child with it (`--kill-child`).
        let _ = self.outer.kill();
        let _ = self.outer.wait();
        // The children's end follows; the pipe closes with the last of them that held it.
        let mut rest = String::new();
        while self.said.read_line(&mut rest).is_ok_and(|n| n > 0) {
            rest.clear();
        }
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The beginning of a command that runs in the namespaces of a process.
fn inside(first: u32) -> Command {
    let mut command = Command::new("nsenter");
    command
        .args(["-t", &first.to_string()])
        // `-r`: with the root that the process has, which in a chroot is not the namespace's.
        .args(["-m", "-u", "-i", "-n", "-p", "-C", "-r", "--"]);
    command
}

/// Removes the control groups whose name begins so. A group can't go before its last process is
/// reaped, so it is tried for a while.
///
/// # Errors
/// When one stays.
pub fn control_groups_remove(prefix: &str) -> anyhow::Result<()> {
    tools::run(Command::new("bash").args([
        "-c",
        include_str!("groups-remove.sh"),
        "groups-remove",
        prefix,
    ]))
}
