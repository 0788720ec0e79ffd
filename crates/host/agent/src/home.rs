//! The agent's home: one directory, mode 0700, that one agent at a time works in.

use agent_rpc::{Fence, FenceStore};
use anyhow::{Context as _, bail};
use pki::write_durably;
use std::fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A home that belongs to this process while the value lives.
#[derive(Debug)]
pub struct Home {
    path: PathBuf,
    _locks: Vec<File>,
}

impl Home {
    /// Makes the directory if there is none, and takes it.
    ///
    /// # Errors
    /// When it can't be made, or another agent works in it.
    pub fn take(path: &Path) -> anyhow::Result<Self> {
        let path = Self::ensure(path)?;
        match lock(&path.join("agent.lock"))? {
            Some(lock) => Ok(Home {
                path,
                _locks: vec![lock],
            }),
            None => bail!(
                "another agent works in {}; stop it first, or name another home",
                path.display()
            ),
        }
    }

    /// Takes the home for enrolling: no other enrolment works in it, and no agent begins to. Also
    /// tells whether an agent works in it already.
    ///
    /// # Errors
    /// When it can't be made, or another enrolment is under way.
    pub fn take_to_enrol(path: &Path) -> anyhow::Result<(Self, bool)> {
        let path = Self::ensure(path)?;
        let (Some(enrolling), agent) = (
            lock(&path.join("enrol.lock"))?,
            lock(&path.join("agent.lock"))?,
        ) else {
            bail!("another `vireo-agent enrol` works in {}", path.display());
        };
        let runs = agent.is_none();
        let home = Home {
            path,
            _locks: agent.into_iter().chain([enrolling]).collect(),
        };
        Ok((home, runs))
    }

    fn ensure(path: &Path) -> anyhow::Result<PathBuf> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .with_context(|| format!("cannot make the home {}", path.display()))?;
        std::fs::set_permissions(path, Permissions::from_mode(0o700))
            .with_context(|| format!("cannot close the home {} to others", path.display()))?;
        path.canonicalize()
            .with_context(|| format!("cannot find the home {}", path.display()))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The settings.
    #[must_use]
    pub fn config_file(path: &Path) -> PathBuf {
        path.join("agent.toml")
    }

    /// The fence as it was left: an engine that was superseded stays so.
    ///
    /// # Errors
    /// When the file is damaged: then nobody knows which engine is the newest.
    pub fn fence(&self) -> anyhow::Result<Arc<Fence>> {
        let path = self.path.join("fence-epoch");
        let newest = match std::fs::read_to_string(&path) {
            Ok(text) => text.trim().parse().with_context(|| {
                format!(
                    "{} does not hold a number; enrol the host again",
                    path.display()
                )
            })?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => 0,
            Err(e) => return Err(e).with_context(|| format!("cannot read {}", path.display())),
        };
        Ok(Arc::new(Fence::new(newest, Arc::new(FenceFile(path)))))
    }

    /// Another engine begins to count anew.
    ///
    /// # Errors
    /// When the file can't be removed.
    pub fn fence_forget(&self) -> anyhow::Result<()> {
        let path = self.path.join("fence-epoch");
        match std::fs::remove_file(&path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                Err(e).with_context(|| format!("cannot remove {}", path.display()))
            }
            _ => Ok(()),
        }
    }
}

/// Takes a lock that ends with the process; `None` when another process has it.
fn lock(file: &Path) -> anyhow::Result<Option<File>> {
    let mut lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(file)
        .with_context(|| format!("cannot open {}", file.display()))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(e)) => {
            return Err(e).with_context(|| format!("cannot lock {}", file.display()));
        }
    }
    // For people who look; nobody reads it back.
    lock.set_len(0)?;
    writeln!(lock, "{}", std::process::id())?;
    Ok(Some(lock))
}

/// Keeps the newest fence epoch in a file.
struct FenceFile(PathBuf);

impl FenceStore for FenceFile {
    fn save(&self, epoch: u64) -> std::io::Result<()> {
        write_durably(&self.0, format!("{epoch}\n").as_bytes(), 0o600)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::TestDir;

    #[test]
    fn a_home_has_one_agent_and_is_closed_to_others() {
        let dir = TestDir::new();
        let path = dir.join("a/b");
        let home = Home::take(&path).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        let e = Home::take(&path).unwrap_err();
        assert!(e.to_string().contains("another agent"), "{e}");
        drop(home);
        assert!(Home::take(&path).is_ok());
    }

    #[tokio::test]
    async fn the_newest_fence_epoch_outlives_the_agent() {
        let dir = TestDir::new();
        let home = Home::take(dir.path()).unwrap();
        home.fence().unwrap().admit(7).await.unwrap();
        let fence = home.fence().unwrap();
        assert_eq!(fence.newest(), 7);
        assert!(fence.admit(6).await.is_err());
        std::fs::write(dir.join("fence-epoch"), "seven").unwrap();
        assert!(home.fence().is_err(), "an old engine must not get in");
        home.fence_forget().unwrap();
        home.fence_forget().unwrap();
        assert_eq!(home.fence().unwrap().newest(), 0);
    }
}
