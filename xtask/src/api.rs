//! What is made from the API's tables and lies in the repository. It is made by an example of `rest`, which
//! knows the tables and what is bound.

use crate::{places, shell};

/// Writes the files, or compares them; answers whether they are as they should be.
///
/// # Errors
/// When the maker can't be built or run.
pub fn run(check: bool) -> anyhow::Result<bool> {
    // Of the whole workspace, so that nothing is built for it alone.
    shell::run(&mut shell::cargo(&[
        "build",
        "--workspace",
        "--example",
        "publish",
        "--locked",
    ]))?;
    let program = places::target().join("debug/examples/publish");
    let mut command = shell::command(&program.display().to_string());
    if check {
        command.arg("--check");
    }
    command.arg(places::checkout());
    shell::run_lines(&mut command, |_| {})
}
