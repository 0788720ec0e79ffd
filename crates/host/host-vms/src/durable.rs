//! Small files of the agent that survive a crash: old or new, never a mixture.

use crate::HostVmsError;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Replaces a file's content and brings it to the disk.
pub(crate) fn replace(path: &Path, content: &[u8]) -> Result<(), HostVmsError> {
    let new = path.with_extension("new");
    let written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&new)
        .and_then(|mut file| {
            file.write_all(content)?;
            file.sync_all()
        });
    written.map_err(HostVmsError::io("write", &new))?;
    std::fs::rename(&new, path).map_err(HostVmsError::io("put in place", path))?;
    let dir = path.parent().unwrap_or(Path::new("/"));
    File::open(dir)
        .and_then(|d| d.sync_all())
        .map_err(HostVmsError::io("write to the disk the directory", dir))
}

/// A file's content; `None` when it is not there.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, HostVmsError> {
    match std::fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(HostVmsError::io("read", path)(e)),
    }
}

/// Runs blocking work on the runtime's threads for it.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, HostVmsError> + Send + 'static,
) -> Result<T, HostVmsError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(_) => Err(HostVmsError::BrokenOff),
    }
}
