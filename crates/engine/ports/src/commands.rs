//! Running other programs as a port, so that runs can be recorded and replayed.

use std::ffi::OsString;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncWriteExt;

/// One program to run: no shell, arguments as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandSpec {
    /// Program, looked up in PATH.
    pub program: OsString,
    /// Arguments.
    pub args: Vec<OsString>,
    /// Bytes for its standard input; empty means no input.
    pub input: Vec<u8>,
    /// It is killed when it takes longer.
    pub timeout: Duration,
}

impl CommandSpec {
    /// A program with a time limit of 60 s and no arguments.
    pub fn new(program: impl Into<OsString>) -> Self {
        CommandSpec {
            program: program.into(),
            args: Vec::new(),
            input: Vec::new(),
            timeout: Duration::from_secs(60),
        }
    }
    /// One more argument.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }
    /// More arguments.
    #[must_use]
    pub fn args<I: IntoIterator<Item = S>, S: Into<OsString>>(mut self, args: I) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }
    /// Another time limit.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

/// What a program left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandOutput {
    /// Exit status; `None` when a signal ended it.
    pub status: Option<i32>,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
}

/// Why a program did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// Not found or not executable.
    #[error("cannot run `{program}`: {cause}")]
    Spawn {
        /// The program.
        program: String,
        /// The system's word.
        #[source]
        cause: std::io::Error,
    },
    /// It took too long and was killed.
    #[error("`{program}` took longer than {limit:?} and was killed")]
    Timeout {
        /// The program.
        program: String,
        /// The limit.
        limit: Duration,
    },
    /// It said no.
    #[error("`{program}` failed with status {status:?}: {stderr}")]
    Failed {
        /// The program.
        program: String,
        /// Exit status.
        status: Option<i32>,
        /// The last of its standard error, at most 2,000 bytes.
        stderr: String,
    },
}

/// Runs other programs.
#[async_trait::async_trait]
pub trait Commands: Send + Sync + 'static {
    /// Runs it to its end, whatever its exit status.
    async fn run(&self, command: CommandSpec) -> Result<CommandOutput, CommandError>;

    /// Runs it and makes any status but 0 an error.
    async fn run_ok(&self, command: CommandSpec) -> Result<CommandOutput, CommandError> {
        let program = command.program.to_string_lossy().into_owned();
        let output = self.run(command).await?;
        if output.status == Some(0) {
            return Ok(output);
        }
        let tail = output.stderr.len().saturating_sub(2000);
        Err(CommandError::Failed {
            program,
            status: output.status,
            stderr: String::from_utf8_lossy(&output.stderr[tail..])
                .trim()
                .to_owned(),
        })
    }
}

/// The system's programs.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemCommands;

#[async_trait::async_trait]
impl Commands for SystemCommands {
    async fn run(&self, command: CommandSpec) -> Result<CommandOutput, CommandError> {
        let program = command.program.to_string_lossy().into_owned();
        let spawn = |cause| CommandError::Spawn {
            program: program.clone(),
            cause,
        };
        let mut child = tokio::process::Command::new(&command.program)
            .args(&command.args)
            .env("LC_ALL", "C.UTF-8")
            .stdin(if command.input.is_empty() {
                Stdio::null()
            } else {
                Stdio::piped()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(spawn)?;
        let stdin = child.stdin.take();
        let feed = async move {
            if let Some(mut stdin) = stdin {
                // A program may end before it has read everything; its status says whether that is bad.
                let _ = stdin.write_all(&command.input).await;
            }
        };
        let work = async {
            let ((), output) = tokio::join!(feed, child.wait_with_output());
            output
        };
        match tokio::time::timeout(command.timeout, work).await {
            Ok(output) => {
                let output = output.map_err(spawn)?;
                Ok(CommandOutput {
                    status: output.status.code(),
                    stdout: output.stdout,
                    stderr: output.stderr,
                })
            }
            Err(_) => Err(CommandError::Timeout {
                program,
                limit: command.timeout,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn output_and_status_come_back() {
        let spec = CommandSpec::new("sh").args(["-c", "cat; echo oops >&2; exit 3"]);
        let spec = CommandSpec {
            input: b"in".to_vec(),
            ..spec
        };
        let out = SystemCommands.run(spec.clone()).await.unwrap();
        assert_eq!(
            (out.status, out.stdout.as_slice()),
            (Some(3), b"in".as_slice())
        );
        let e = SystemCommands.run_ok(spec).await.unwrap_err();
        assert_eq!(e.to_string(), "`sh` failed with status Some(3): oops");
    }

    #[tokio::test]
    async fn what_hangs_is_killed_and_what_is_missing_is_named() {
        let slow = CommandSpec::new("sleep")
            .arg("60")
            .timeout(Duration::from_millis(20));
        assert!(matches!(
            SystemCommands.run(slow).await,
            Err(CommandError::Timeout { .. })
        ));
        let none = CommandSpec::new("no-such-program-here");
        assert!(
            SystemCommands
                .run(none)
                .await
                .unwrap_err()
                .to_string()
                .contains("no-such-program-here")
        );
    }
}
