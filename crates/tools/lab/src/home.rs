//! A lab's home: one supervisor at a time, and how all of it goes away again.

use crate::plan::Plan;
use crate::settings::Settings;
use crate::spaces::control_groups_remove;
use crate::spaces::switch::link_remove;
use anyhow::{Context as _, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

/// Everything that a lab keeps in its home.
const CONTENT: &[&str] = &[
    "engine",
    "hosts",
    "sim",
    "storage",
    "switch",
    "cache",
    "engine.log",
    "lab.json",
    "ready.json",
    "ready.json.new",
];
const LOCK: &str = "lab.lock";

/// The right to run the lab of a home; it ends with the value.
#[derive(Debug)]
pub struct Held {
    _lock: File,
}

fn open(home: &Path) -> anyhow::Result<File> {
    let file = home.join(LOCK);
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(&file)
        .with_context(|| format!("cannot open {}", file.display()))
}

/// Takes a home, made if it is not there.
///
/// # Errors
/// When another supervisor runs in it.
pub fn take(settings: &Settings) -> anyhow::Result<Held> {
    let home = &settings.home;
    std::fs::create_dir_all(home).with_context(|| format!("cannot make {}", home.display()))?;
    let mut lock = open(home)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            bail!(
                "a lab runs already in {}; end it first, or name another VIREO_HOME",
                home.display()
            )
        }
        Err(TryLockError::Error(e)) => return Err(e).context("cannot lock the home"),
    }
    lock.set_len(0)?;
    write!(lock, "{}", std::process::id())?;
    Ok(Held { _lock: lock })
}

/// Ends the lab that runs in a home, and waits for its end; answers whether one ran.
///
/// # Errors
/// When it can't be told to end.
pub fn down(settings: &Settings) -> anyhow::Result<bool> {
    if !settings.home.join(LOCK).exists() {
        return Ok(false);
    }
    let mut lock = open(&settings.home)?;
    match lock.try_lock() {
        Ok(()) => return Ok(false),
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(e)) => return Err(e).context("cannot look at the home's lock"),
    }
    let mut text = String::new();
    lock.rewind()?;
    lock.read_to_string(&mut text)?;
    let pid: i32 = text
        .trim()
        .parse()
        .context("the home's lock names no process")?;
    kill(Pid::from_raw(pid), Signal::SIGTERM)
        .with_context(|| format!("cannot end process {pid}"))?;
    // The lock is free when its holder has ended.
    lock.lock().context("cannot wait for the lab's end")?;
    Ok(true)
}

/// Takes away what a lab that was killed left on the machine: nothing but its link, which goes with
/// the namespaces, and control groups.
///
/// # Errors
/// When something stays.
pub fn mend(plan: &Plan) -> anyhow::Result<()> {
    control_groups_remove(&format!("vireo-{}-", plan.id))?;
    link_remove(&plan.link())
}

/// Ends a lab and removes every trace of it.
///
/// # Errors
/// When something stays.
pub fn clean(settings: &Settings) -> anyhow::Result<()> {
    let home = &settings.home;
    if !home.exists() {
        return Ok(());
    }
    down(settings)?;
    if let Some(plan) = Plan::read(home)? {
        mend(&plan)?;
    }
    for name in CONTENT.iter().chain([&LOCK]) {
        let path = home.join(name);
        let removed = match std::fs::symlink_metadata(&path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
            Ok(m) if m.is_dir() => std::fs::remove_dir_all(&path),
            _ => std::fs::remove_file(&path),
        };
        removed.with_context(|| format!("cannot remove {}", path.display()))?;
    }
    // Only what a lab made: whatever else lies here belongs to somebody.
    match std::fs::remove_dir(home) {
        Err(e) if e.kind() == std::io::ErrorKind::DirectoryNotEmpty => {
            println!("{} holds files that no lab made; they stay", home.display());
            Ok(())
        }
        other => other.with_context(|| format!("cannot remove {}", home.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(home: &Path) -> Settings {
        Settings {
            home: home.to_owned(),
            port: 1,
            hosts: 1,
            sim_hosts: 0,
            sim_vms: 0,
            accel: "auto".to_owned(),
            cache: home.join("cache"),
            programs: home.to_owned(),
        }
    }

    #[test]
    fn a_home_has_one_supervisor() {
        let dir = tempfile::tempdir().unwrap();
        let settings = settings(&dir.path().join("home"));
        let held = take(&settings).unwrap();
        assert!(take(&settings).unwrap_err().to_string().contains("already"));
        drop(held);
        assert!(!down(&settings).unwrap());
        take(&settings).unwrap();
    }

    #[test]
    fn cleaning_leaves_what_is_not_the_labs() {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().join("home");
        let settings = settings(&home);
        drop(take(&settings).unwrap());
        std::fs::create_dir_all(home.join("storage/local")).unwrap();
        std::fs::write(home.join("diary"), "mine").unwrap();
        clean(&settings).unwrap();
        assert!(home.join("diary").exists());
        assert!(!home.join("storage").exists());
        std::fs::remove_file(home.join("diary")).unwrap();
        clean(&settings).unwrap();
        assert!(!home.exists());
        clean(&settings).unwrap();
    }
}
