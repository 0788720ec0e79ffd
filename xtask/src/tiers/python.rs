//! The Python of the tests: a virtual environment with oVirt's SDK, kept in the cache.

use crate::places;
use crate::shell;
use anyhow::Context as _;
use std::path::PathBuf;
use std::process::Command;

/// What is installed; a change makes a new environment.
const PACKAGES: [&str; 4] = [
    "ovirt-engine-sdk-python==4.6.3",
    "pytest==8.4.2",
    "requests==2.32.5",
    "pyyaml==6.0.3",
];

/// Answers the environment's `bin`, made if it is not there.
///
/// # Errors
/// When it can't be made.
pub fn bin() -> anyhow::Result<PathBuf> {
    let dir = places::cache().join("python");
    let made = dir.join("made");
    let wanted = PACKAGES.join("\n");
    let bin = dir.join("bin");
    if std::fs::read_to_string(&made).is_ok_and(|have| have == wanted)
        && bin.join("python").exists()
    {
        return Ok(bin);
    }
    if dir.exists() {
        std::fs::remove_dir_all(&dir)
            .with_context(|| format!("cannot remove {}", dir.display()))?;
    }
    // Debian's own Python: the headers that the SDK's C part needs are installed for it.
    let python = if std::path::Path::new("/usr/bin/python3").exists() {
        "/usr/bin/python3"
    } else {
        "python3"
    };
    shell::run(Command::new(python).args(["-m", "venv"]).arg(&dir))?;
    shell::run(
        Command::new(bin.join("python"))
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .args(PACKAGES),
    )?;
    std::fs::write(&made, wanted).with_context(|| format!("cannot write {}", made.display()))?;
    Ok(bin)
}
