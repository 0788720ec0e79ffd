//! Ports and directories that belong to one test alone.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

/// A listener on a loopback port the kernel chose, and its address. Hand the listener on: nobody
/// else can take the port in between.
///
/// # Panics
/// When the kernel has no port left.
#[must_use]
pub fn loopback_listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a loopback port is free");
    let address = listener
        .local_addr()
        .expect("a bound socket has an address");
    (listener, address)
}

/// A loopback port that was free a moment ago, for programs that take only a number. Another process
/// may take it first; use [`loopback_listener`] wherever a listener can be handed on.
///
/// # Panics
/// When the kernel has no port left.
#[must_use]
pub fn free_port() -> u16 {
    loopback_listener().1.port()
}

/// A directory of one test; it is removed with everything in it when the value is dropped.
#[derive(Debug)]
pub struct TestDir(tempfile::TempDir);

impl TestDir {
    /// A new, empty directory below the system's temporary directory, mode 0700.
    ///
    /// # Panics
    /// When it can't be made.
    #[must_use]
    pub fn new() -> Self {
        let dir = tempfile::Builder::new().prefix("vireo-test-").tempdir();
        TestDir(dir.expect("the temporary directory is writable"))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// A path in it.
    #[must_use]
    pub fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }
}

impl Default for TestDir {
    fn default() -> Self {
        Self::new()
    }
}

impl AsRef<Path> for TestDir {
    fn as_ref(&self) -> &Path {
        self.path()
    }
}

/// Tells loudly that a test proves nothing on this machine, and why. Written to standard error
/// itself, so that it shows although the test passes.
pub fn skip(test: &str, reason: &str) {
    use std::io::Write;
    let line = format!("SKIPPED {test}: {reason}\n");
    // A closed standard error leaves nobody to tell.
    let _ = std::io::stderr().write_all(line.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_goes_with_its_owner() {
        let dir = TestDir::new();
        let path = dir.path().to_owned();
        std::fs::write(dir.join("file"), b"x").unwrap();
        assert!(path.is_dir());
        drop(dir);
        assert!(!path.exists());
    }

    #[test]
    fn two_listeners_have_two_ports() {
        let (one, a) = loopback_listener();
        let (two, b) = loopback_listener();
        assert_ne!(a.port(), b.port());
        assert_ne!(free_port(), 0);
        drop((one, two));
    }
}
