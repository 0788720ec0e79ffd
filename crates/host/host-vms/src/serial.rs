//! Logs of serial consoles: `serial/<vm>.log` in the agent's home, written by the hypervisor.

use crate::HostVmsError;
use crate::durable::blocking;
use base::VmId;
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// A log that is larger when its VM starts begins anew; the old one is kept once.
const KEEP_BYTES: u64 = 4 << 20;
/// More is never read at once.
const READ_LIMIT: u64 = 4 << 20;

/// The directory of logs.
#[derive(Debug, Clone)]
pub(crate) struct SerialLogs {
    dir: PathBuf,
}

impl SerialLogs {
    /// Opens `home/serial`.
    pub(crate) fn open(home: &Path) -> Result<Self, HostVmsError> {
        let dir = home.join("serial");
        std::fs::create_dir_all(&dir).map_err(HostVmsError::io("make the directory", &dir))?;
        Ok(SerialLogs { dir })
    }

    /// Where a VM's log is.
    pub(crate) fn path(&self, vm: VmId) -> PathBuf {
        self.dir.join(format!("{vm}.log"))
    }

    /// Before a start: puts a log aside that has grown too large.
    pub(crate) async fn make_ready(&self, vm: VmId) -> Result<(), HostVmsError> {
        let path = self.path(vm);
        blocking(move || match std::fs::metadata(&path) {
            Ok(log) if log.len() > KEEP_BYTES => {
                std::fs::rename(&path, path.with_extension("log.old"))
                    .map_err(HostVmsError::io("rename", &path))
            }
            Err(e) if e.kind() != ErrorKind::NotFound => Err(HostVmsError::io("look at", &path)(e)),
            _ => Ok(()),
        })
        .await
    }

    /// The last bytes of a log; `None` when there is none.
    pub(crate) async fn tail(&self, vm: VmId, max: u64) -> Result<Option<Vec<u8>>, HostVmsError> {
        let path = self.path(vm);
        let max = max.min(READ_LIMIT);
        blocking(move || {
            let read = || -> std::io::Result<Vec<u8>> {
                let mut file = File::open(&path)?;
                let length = file.metadata()?.len();
                file.seek(SeekFrom::Start(length.saturating_sub(max)))?;
                let mut tail = Vec::new();
                file.take(max).read_to_end(&mut tail)?;
                Ok(tail)
            };
            match read() {
                Ok(tail) => Ok(Some(tail)),
                Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
                Err(e) => Err(HostVmsError::io("read", &path)(e)),
            }
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_end_is_read_and_a_large_log_begins_anew() {
        let home = testkit::TestDir::new();
        let logs = SerialLogs::open(home.path()).unwrap();
        let vm = VmId::known(1);
        assert_eq!(logs.tail(vm, 10).await.unwrap(), None);
        logs.make_ready(vm).await.unwrap();
        std::fs::write(logs.path(vm), "hello world").unwrap();
        assert_eq!(logs.tail(vm, 5).await.unwrap().unwrap(), b"world");
        assert_eq!(
            logs.tail(vm, u64::MAX).await.unwrap().unwrap(),
            b"hello world"
        );
        logs.make_ready(vm).await.unwrap();
        assert!(logs.path(vm).exists());
        let large = File::options().write(true).open(logs.path(vm)).unwrap();
        large.set_len(KEEP_BYTES + 1).unwrap();
        logs.make_ready(vm).await.unwrap();
        assert!(!logs.path(vm).exists());
    }
}
