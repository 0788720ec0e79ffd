//! The engine's home: one directory, mode 0700, that one engine at a time works in.

use anyhow::{Context as _, bail};
use std::fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// A home that belongs to this process while the value lives.
#[derive(Debug)]
pub struct Home {
    path: PathBuf,
    _lock: File,
}

impl Home {
    /// Makes the directory if there is none, and takes it.
    ///
    /// # Errors
    /// When it can't be made, or another engine works in it.
    pub fn take(path: &Path) -> anyhow::Result<Self> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .with_context(|| format!("cannot make the home {}", path.display()))?;
        std::fs::set_permissions(path, Permissions::from_mode(0o700))
            .with_context(|| format!("cannot close the home {} to others", path.display()))?;
        let path = path
            .canonicalize()
            .with_context(|| format!("cannot find the home {}", path.display()))?;
        let file = path.join("engine.lock");
        let mut lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&file)
            .with_context(|| format!("cannot open {}", file.display()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!(
                "another engine works in {}; stop it first, or name another home",
                path.display()
            ),
            Err(TryLockError::Error(e)) => {
                return Err(e).with_context(|| format!("cannot lock {}", file.display()));
            }
        }
        // For people who look; nobody reads it back.
        lock.set_len(0)?;
        writeln!(lock, "{}", std::process::id())?;
        Ok(Home { path, _lock: lock })
    }

    /// The directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.path.join("engine.db")
    }

    /// Keys and certificates.
    #[must_use]
    pub fn pki(&self) -> PathBuf {
        self.path.join("pki")
    }

    /// The CA's certificate, for clients on this machine.
    #[must_use]
    pub fn ca_file(&self) -> PathBuf {
        self.path.join("ca.pem")
    }

    /// The generated password of `admin@internal`.
    #[must_use]
    pub fn password_file(&self) -> PathBuf {
        self.path.join("admin.password")
    }

    /// The operator's socket.
    #[must_use]
    pub fn operator_socket(&self) -> PathBuf {
        self.path.join("operator.sock")
    }

    /// The settings, unless the command line names another file.
    #[must_use]
    pub fn config_file(&self) -> PathBuf {
        self.path.join("engine.toml")
    }
}

/// Writes a small file that appears whole, with this mode, or not at all.
///
/// # Errors
/// When it can't be written.
pub fn write_file(path: &Path, content: &[u8], mode: u32) -> anyhow::Result<()> {
    let failed = || format!("cannot write {}", path.display());
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    let temporary = PathBuf::from(temporary);
    let _ = std::fs::remove_file(&temporary);
    let mut file = OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(mode)
        .open(&temporary)
        .with_context(failed)?;
    // The process's umask may be stricter than what this file is to have.
    file.set_permissions(Permissions::from_mode(mode))
        .with_context(failed)?;
    file.write_all(content).with_context(failed)?;
    file.sync_all().with_context(failed)?;
    std::fs::rename(&temporary, path).with_context(failed)?;
    if let Some(folder) = path.parent() {
        File::open(folder)
            .and_then(|f| f.sync_all())
            .with_context(failed)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::TestDir;

    #[test]
    fn a_home_has_one_engine_and_is_closed_to_others() {
        let dir = TestDir::new();
        let path = dir.path().join("a/b");
        let home = Home::take(&path).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        let e = Home::take(&path).unwrap_err();
        assert!(e.to_string().contains("another engine"), "{e}");
        drop(home);
        assert!(Home::take(&path).is_ok());
    }

    #[test]
    fn a_secret_file_is_written_whole_and_closed_to_others() {
        let dir = TestDir::new();
        let path = dir.path().join("admin.password");
        write_file(&path, b"one\n", 0o600).unwrap();
        write_file(&path, b"two\n", 0o600).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two\n");
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
