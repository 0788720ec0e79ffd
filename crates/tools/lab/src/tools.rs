//! Running the machine's own programs (`ip`, `dpkg-deb`, `qemu-img`, ...).

use anyhow::{Context as _, bail};
use std::process::Command;

/// Runs a program to its end.
///
/// # Errors
/// When it can't be run or fails; what it said on standard error is in the message.
pub fn run(command: &mut Command) -> anyhow::Result<()> {
    output(command).map(|_| ())
}

/// Runs a program to its end and answers what it printed.
///
/// # Errors
/// As [`run`].
pub fn output(command: &mut Command) -> anyhow::Result<String> {
    let output = command
        .output()
        .with_context(|| format!("cannot run `{}`", words(command)))?;
    if !output.status.success() {
        bail!(
            "`{}` ended with {}: {}",
            words(command),
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a line such as `ip link add ...`.
///
/// # Errors
/// As [`run`].
pub fn line(words: &str) -> anyhow::Result<String> {
    let mut parts = words.split_whitespace();
    let program = parts.next().context("an empty command")?;
    output(Command::new(program).args(parts))
}

fn words(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|a| a.to_string_lossy().into_owned()));
    words.join(" ")
}
