//! The engine's process.

use crate::plan::Plan;
use crate::settings::Settings;
use crate::wait;
use anyhow::{Context as _, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs::OpenOptions;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;
use vireoctl::operator::Operator;

/// An engine that runs.
#[derive(Debug)]
pub struct Engine {
    child: Child,
    log: PathBuf,
    /// Where hosts reach it.
    pub url_for_hosts: String,
    /// Its operator's socket.
    pub operator: Operator,
}

impl Engine {
    /// Starts it; returns when it is ready.
    ///
    /// # Errors
    /// When it ends at once; the log tells why.
    pub async fn start(settings: &Settings, plan: &Plan) -> anyhow::Result<Self> {
        let home = settings.engine_home();
        std::fs::create_dir_all(&home)
            .with_context(|| format!("cannot make {}", home.display()))?;
        let gateway = plan.gateway();
        let config = format!(
            "# Made by vireo-lab at each start.\nnames = [\"localhost\", \"127.0.0.1\", \"{gateway}\"]\n\
             up_without_agent_seconds = 20\n\
             maintenance_retry_seconds = 5\n"
        );
        std::fs::write(home.join("engine.toml"), config).context("cannot write engine.toml")?;
        let ready = home.join("ready");
        if ready.exists() {
            std::fs::remove_file(&ready)
                .with_context(|| format!("cannot remove {}", ready.display()))?;
        }
        let log = settings.home.join("engine.log");
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&log)
            .with_context(|| format!("cannot open {}", log.display()))?;
        let program = settings.programs.join("vireo-engine");
        let child = Command::new("setpriv")
            // When this program dies, so does the engine.
            .args(["--pdeathsig", "TERM", "--"])
            .arg(&program)
            .arg("--home")
            .arg(&home)
            .args(["--listen", &format!("127.0.0.1:{}", settings.port)])
            .args(["--listen", &format!("{gateway}:{}", settings.port)])
            .arg("--ready-file")
            .arg(&ready)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(file)
            .spawn()
            .with_context(|| format!("cannot run {}", program.display()))?;
        let mut engine = Engine {
            child,
            log,
            url_for_hosts: format!("https://{gateway}:{}", settings.port),
            operator: Operator::of_home(&home),
        };
        wait::until("the engine", Duration::from_secs(60), async || {
            if let Some(status) = engine.ended()? {
                bail!(
                    "the engine ended with {status}; see {}",
                    engine.log.display()
                );
            }
            Ok(ready.exists().then_some(()))
        })
        .await?;
        Ok(engine)
    }

    /// Whether it has ended by itself.
    ///
    /// # Errors
    /// When the system can't tell.
    pub fn ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Where its log is.
    #[must_use]
    pub fn log(&self) -> &std::path::Path {
        &self.log
    }

    /// Ends it cleanly.
    ///
    /// # Errors
    /// When it fails at its end.
    pub async fn end(mut self) -> anyhow::Result<()> {
        if self.ended()?.is_none() {
            kill(
                Pid::from_raw(i32::try_from(self.child.id())?),
                Signal::SIGTERM,
            )?;
        }
        let ended = wait::until("the engine's end", Duration::from_secs(30), async || {
            self.ended()
        })
        .await;
        match ended {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => bail!("the engine ended with {status}; see {}", self.log.display()),
            Err(e) => {
                self.child.kill()?;
                self.child.wait()?;
                Err(e)
            }
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // Only after a failed start: `end` has waited otherwise, and this does nothing.
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
