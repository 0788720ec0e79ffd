//! Running programs whose output the reader of the run sees as it comes.

use crate::places;
use anyhow::{Context as _, bail};
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

/// A program that works in the checkout.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(places::checkout());
    command
}

/// Cargo without incremental compilation, which only pays for people who edit.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = command("cargo");
    command.args(arguments).env("CARGO_INCREMENTAL", "0");
    command
}

/// Runs to the end.
///
/// # Errors
/// When the program can't be run or fails.
pub fn run(command: &mut Command) -> anyhow::Result<()> {
    println!("$ {}", words(command));
    let status = command
        .status()
        .with_context(|| format!("cannot run {}", words(command)))?;
    if !status.success() {
        bail!("`{}` ended with {status}", words(command));
    }
    Ok(())
}

/// Runs to the end, printing and handing over each line of standard output and standard error;
/// answers whether the program succeeded.
///
/// # Errors
/// When the program can't be run.
pub fn run_lines(command: &mut Command, mut line: impl FnMut(&str)) -> anyhow::Result<bool> {
    println!("$ {}", words(command));
    let (output, input) = std::io::pipe().context("cannot make a pipe")?;
    command.stdout(input.try_clone()?).stderr(input);
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot run {}", words(command)))?;
    // The command holds our ends of the pipe, which would never close.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut output = BufReader::new(output);
    let mut bytes = Vec::new();
    while output.read_until(b'\n', &mut bytes)? > 0 {
        let text = String::from_utf8_lossy(&bytes);
        print!("{text}");
        line(text.trim_end());
        bytes.clear();
    }
    Ok(child.wait()?.success())
}

/// Runs to the end and answers what it printed.
///
/// # Errors
/// When the program can't be run or fails; its standard error is in the message.
pub fn output(command: &mut Command) -> anyhow::Result<String> {
    let output = command
        .output()
        .with_context(|| format!("cannot run {}", words(command)))?;
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

fn words(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|a| a.to_string_lossy().into_owned()));
    words.join(" ")
}
