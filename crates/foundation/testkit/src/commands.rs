//! Other programs in tests: answered from a script, or run and written down.

use ports::{CommandError, CommandOutput, CommandSpec, Commands};
use std::sync::{Arc, Mutex, PoisonError};

type Script = dyn Fn(&CommandSpec) -> Result<CommandOutput, CommandError> + Send + Sync;

/// Answers every command from a function and remembers what was asked. Clones share the memory.
#[derive(Clone)]
pub struct ScriptedCommands {
    script: Arc<Script>,
    seen: Arc<Mutex<Vec<CommandSpec>>>,
}

impl ScriptedCommands {
    /// Answers with `script`.
    pub fn new<F>(script: F) -> Self
    where
        F: Fn(&CommandSpec) -> Result<CommandOutput, CommandError> + Send + Sync + 'static,
    {
        ScriptedCommands {
            script: Arc::new(script),
            seen: Arc::default(),
        }
    }

    /// Every program succeeds and prints nothing.
    #[must_use]
    pub fn silent() -> Self {
        Self::new(|_| {
            Ok(CommandOutput {
                status: Some(0),
                stdout: Vec::new(),
                stderr: Vec::new(),
            })
        })
    }

    /// Each command so far as one line: program and arguments with spaces between.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        lines(&self.seen)
    }
}

#[async_trait::async_trait]
impl Commands for ScriptedCommands {
    async fn run(&self, command: CommandSpec) -> Result<CommandOutput, CommandError> {
        let answer = (self.script)(&command);
        note(&self.seen, command);
        answer
    }
}

/// Hands commands on to another port and remembers them. Clones share the memory.
#[derive(Clone)]
pub struct CommandLog {
    inner: Arc<dyn Commands>,
    seen: Arc<Mutex<Vec<CommandSpec>>>,
}

impl CommandLog {
    /// Writes down what goes to `inner`.
    #[must_use]
    pub fn new(inner: Arc<dyn Commands>) -> Self {
        CommandLog {
            inner,
            seen: Arc::default(),
        }
    }

    /// Each command so far as one line: program and arguments with spaces between.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        lines(&self.seen)
    }
}

#[async_trait::async_trait]
impl Commands for CommandLog {
    async fn run(&self, command: CommandSpec) -> Result<CommandOutput, CommandError> {
        note(&self.seen, command.clone());
        self.inner.run(command).await
    }
}

fn note(seen: &Mutex<Vec<CommandSpec>>, command: CommandSpec) {
    seen.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(command);
}

fn lines(seen: &Mutex<Vec<CommandSpec>>) -> Vec<String> {
    let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    seen.iter()
        .map(|command| {
            std::iter::once(&command.program)
                .chain(&command.args)
                .map(|word| word.to_string_lossy())
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ports::SystemCommands;

    #[tokio::test]
    async fn a_script_answers_and_the_log_tells_what_was_asked() {
        let script = ScriptedCommands::silent();
        let log = CommandLog::new(Arc::new(script.clone()));
        let spec = CommandSpec::new("mount").args(["-t", "none"]);
        assert_eq!(log.run_ok(spec).await.unwrap().status, Some(0));
        assert_eq!(log.lines(), ["mount -t none"]);
        assert_eq!(script.lines(), log.lines());
    }

    #[tokio::test]
    async fn a_log_before_the_system_still_runs_programs() {
        let log = CommandLog::new(Arc::new(SystemCommands));
        let out = log.run_ok(CommandSpec::new("echo").arg("hello")).await;
        assert_eq!(out.unwrap().stdout, b"hello\n");
    }
}
