//! What the kernel says is mounted in the agent's mount namespace.

use crate::StorageError;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

/// Is something mounted on exactly this directory?
pub(crate) fn is_mounted(at: &Path) -> Result<bool, StorageError> {
    let table = Path::new("/proc/self/mountinfo");
    let text = std::fs::read(table).map_err(StorageError::io("read", table))?;
    let at = std::fs::canonicalize(at).map_err(StorageError::io("find", at))?;
    Ok(mount_points(&text).any(|point| point == at))
}

/// The fifth column of mountinfo, with its octal escapes undone.
fn mount_points(text: &[u8]) -> impl Iterator<Item = PathBuf> {
    text.split(|b| *b == b'\n').filter_map(|line| {
        let point = line.split(|b| *b == b' ').nth(4)?;
        Some(PathBuf::from(OsString::from_vec(unescape(point))))
    })
}

fn unescape(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, tail)) = rest.split_first() {
        let octal = tail
            .get(..3)
            .filter(|_| byte == b'\\')
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 8).ok());
        match octal {
            Some(value) => {
                out.push(value);
                rest = &tail[3..];
            }
            None => {
                out.push(byte);
                rest = tail;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mount_points_are_read_with_their_escapes() {
        let text = b"36 35 98:0 /a /mnt/a\\040b\\134c rw - ext3 /dev/root rw\nshort\n";
        let points: Vec<_> = mount_points(text).collect();
        assert_eq!(points, [PathBuf::from("/mnt/a b\\c")]);
        assert_eq!(unescape(b"a\\9"), b"a\\9");
    }

    #[test]
    fn the_kernel_is_asked() {
        assert!(is_mounted(Path::new("/proc")).unwrap());
        let dir = testkit::TestDir::new();
        assert!(!is_mounted(dir.path()).unwrap());
        assert!(is_mounted(&dir.join("none")).is_err());
    }
}
