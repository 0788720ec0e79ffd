//! Where things are: the checkout, what was built, what is kept between runs.

use anyhow::Context as _;
use std::path::{Path, PathBuf};

/// The top of the checkout.
pub fn checkout() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => checkout().join(dir),
        None => checkout().join("target"),
    }
}

/// What is costly to make and the same for every run: the demo guest, the Python clients.
pub fn cache() -> PathBuf {
    match std::env::var_os("VIREO_CACHE") {
        Some(dir) => checkout().join(dir),
        None => target().join("vireo-cache"),
    }
}

/// A program of ours as cargo builds it for development.
pub fn program(name: &str) -> PathBuf {
    program_of("debug", name)
}

/// A program of ours as cargo builds it in a profile.
pub fn program_of(profile: &str, name: &str) -> PathBuf {
    target().join(profile).join(name)
}

/// Reads a file of the checkout.
///
/// # Errors
/// When it can't be read.
pub fn read(path: &str) -> anyhow::Result<String> {
    let path = checkout().join(path);
    std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}
