//! Small files that appear whole or not at all, and are still there after a loss of power.

use crate::PkiError;
use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

/// No key, certificate or chain is longer.
const FILE_MAX: u64 = 256 * 1024;

/// Writes a file with this mode under a temporary name, flushes it, renames it into place and
/// flushes the directory. Whoever reads `path` sees the old content or the new, never a part.
///
/// # Errors
/// The system's word; the old content is then still there.
pub fn write_durably(path: &Path, content: &[u8], mode: u32) -> std::io::Result<()> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    let temporary = Path::new(&temporary);
    match std::fs::remove_file(temporary) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let mut file = OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(mode)
        .open(temporary)?;
    // The process' umask may have taken bits away.
    file.set_permissions(Permissions::from_mode(mode))?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(temporary, path)?;
    match path.parent() {
        Some(folder) if folder.as_os_str().is_empty() => File::open(".")?.sync_all(),
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// Makes a directory that only its owner may enter.
pub(crate) fn private_dir(path: &Path) -> Result<(), PkiError> {
    let failed = |cause| PkiError::File {
        doing: "make",
        path: path.to_owned(),
        cause,
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(failed)?;
    std::fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(failed)
}

pub(crate) fn write(path: &Path, content: &str, mode: u32) -> Result<(), PkiError> {
    write_durably(path, content.as_bytes(), mode).map_err(|cause| PkiError::File {
        doing: "write",
        path: path.to_owned(),
        cause,
    })
}

/// Removes a file; one that is not there is removed.
pub(crate) fn remove(path: &Path) -> Result<(), PkiError> {
    match std::fs::remove_file(path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(PkiError::File {
            doing: "remove",
            path: path.to_owned(),
            cause,
        }),
        _ => Ok(()),
    }
}

/// The file's text (bytes that are none become `\u{FFFD}`, which no PEM holds); `None` when there is
/// no file.
pub(crate) fn read(path: &Path) -> Result<Option<String>, PkiError> {
    let failed = |cause| PkiError::File {
        doing: "read",
        path: path.to_owned(),
        cause,
    };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(failed(e)),
    };
    let mut bytes = Vec::new();
    file.take(FILE_MAX)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::TestDir;

    #[test]
    fn a_secret_appears_whole_and_closed_to_others_even_over_a_leftover() {
        let dir = TestDir::new();
        let path = dir.join("key.pem");
        std::fs::write(dir.join("key.pem.new"), b"left over").unwrap();
        write_durably(&path, b"one", 0o600).unwrap();
        write_durably(&path, b"two", 0o600).unwrap();
        assert_eq!(read(&path).unwrap().as_deref(), Some("two"));
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(!dir.join("key.pem.new").exists());
        assert_eq!(read(&dir.join("none")).unwrap(), None);
    }
}
