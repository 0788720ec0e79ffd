//! Files and directories that survive a crash: what a function here answered is on the disk.
//!
//! Everything blocks; callers run it on the runtime's blocking threads.

use crate::StorageError;
use nix::unistd::Whence;
use ports::failpoint;
use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Mode of files on storage: the group (oVirt: kvm) may write.
const FILE_MODE: u32 = 0o660;
/// Mode of directories on storage: QEMU's user must be able to pass.
const DIR_MODE: u32 = 0o775;

/// User and group that files on storage get; `None` leaves them to whoever runs the agent.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Owner(pub(crate) Option<(u32, u32)>);

impl Owner {
    fn give(self, path: &Path) -> Result<(), StorageError> {
        match self.0 {
            Some((user, group)) => std::os::unix::fs::chown(path, Some(user), Some(group))
                .map_err(StorageError::io("change the owner of", path)),
            None => Ok(()),
        }
    }
}

/// The directory a path lies in.
fn parent(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("/"))
}

/// Brings a directory's names to the disk.
pub(crate) fn sync_dir(dir: &Path) -> Result<(), StorageError> {
    failpoint::pass(format_args!("file/sync_dir/before"));
    File::open(dir)
        .and_then(|d| d.sync_all())
        .map_err(StorageError::io("write to the disk the directory", dir))
}

/// Brings a file's content to the disk and gives it its mode and owner.
pub(crate) fn settle_file(path: &Path, owner: Owner) -> Result<(), StorageError> {
    failpoint::pass(format_args!("file/settle_file/before"));
    std::fs::set_permissions(path, Permissions::from_mode(FILE_MODE))
        .map_err(StorageError::io("change the mode of", path))?;
    owner.give(path)?;
    File::open(path)
        .and_then(|f| f.sync_all())
        .map_err(StorageError::io("write to the disk", path))
}

/// Makes a directory; one that is there is fine.
pub(crate) fn make_dir(path: &Path, owner: Owner) -> Result<(), StorageError> {
    failpoint::pass(format_args!("file/make_dir/before"));
    match DirBuilder::new().mode(DIR_MODE).create(path) {
        Ok(()) => {
            // The process's umask took bits away.
            std::fs::set_permissions(path, Permissions::from_mode(DIR_MODE))
                .map_err(StorageError::io("change the mode of", path))?;
            owner.give(path)?;
            sync_dir(parent(path))
        }
        Err(e) if e.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(e) => Err(StorageError::io("make the directory", path)(e)),
    }
}

/// Makes a file of `length` zeros that takes no space; one that is there keeps its content.
pub(crate) fn make_file(path: &Path, length: u64, owner: Owner) -> Result<(), StorageError> {
    failpoint::pass(format_args!("file/make_file/before"));
    let made = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(FILE_MODE)
        .open(path)
        .and_then(|file| {
            if file.metadata()?.len() < length {
                file.set_len(length)?;
            }
            Ok(())
        });
    made.map_err(StorageError::io("make", path))?;
    settle_file(path, owner)
}

/// Replaces a file's content: old or new, never a mixture. The text goes to `<name>.new` first, as
/// oVirt does.
pub(crate) fn replace_file(path: &Path, text: &str, owner: Owner) -> Result<(), StorageError> {
    failpoint::pass(format_args!("file/replace_file/before"));
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let new = PathBuf::from(name);
    let written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(FILE_MODE)
        .open(&new)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    let finished = written
        .map_err(StorageError::io("write", &new))
        .and_then(|()| settle_file(&new, owner))
        .and_then(|()| {
            failpoint::pass(format_args!("file/replace_file/written"));
            std::fs::rename(&new, path).map_err(StorageError::io("put in place", path))
        });
    if finished.is_err() {
        // Only half a text; the next attempt would overwrite it anyway.
        let _ = std::fs::remove_file(&new);
    }
    finished?;
    sync_dir(parent(path))
}

/// A second name for a file; one that is there already is fine.
pub(crate) fn link_file(from: &Path, to: &Path) -> Result<(), StorageError> {
    failpoint::pass(format_args!("file/link_file/before"));
    match std::fs::hard_link(from, to) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(e) => Err(StorageError::io("link", to)(e)),
    }
}

/// Removes a name; one that is not there is fine.
pub(crate) fn remove_file(path: &Path) -> Result<(), StorageError> {
    failpoint::pass(format_args!("file/remove_file/before"));
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(StorageError::io("remove", path)(e)),
        _ => Ok(()),
    }
}

/// Removes an empty directory; one that is not there is fine.
pub(crate) fn remove_dir(path: &Path) -> Result<(), StorageError> {
    failpoint::pass(format_args!("file/remove_dir/before"));
    match std::fs::remove_dir(path) {
        Err(e) if e.kind() != ErrorKind::NotFound => {
            Err(StorageError::io("remove the directory", path)(e))
        }
        _ => Ok(()),
    }
}

/// Renames a directory entry for good.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), StorageError> {
    failpoint::pass(format_args!("file/rename/before"));
    std::fs::rename(from, to).map_err(StorageError::io("rename", from))?;
    sync_dir(parent(to))
}

/// Overwrites what is allocated of a file with zeros; holes stay holes. One that is not there is fine: whoever
/// removed it meanwhile has wiped it first.
pub(crate) fn wipe_file(path: &Path) -> Result<(), StorageError> {
    failpoint::pass(format_args!("file/wipe_file/before"));
    match wipe(path) {
        Err(e) if e.kind() != ErrorKind::NotFound => {
            Err(StorageError::io("overwrite with zeros", path)(e))
        }
        _ => Ok(()),
    }
}

fn wipe(path: &Path) -> std::io::Result<()> {
    const PIECE: usize = 1 << 20;
    let zeros = vec![0; PIECE];
    let mut file = OpenOptions::new().write(true).open(path)?;
    let mut at = 0;
    loop {
        let begin = match nix::unistd::lseek(&file, at, Whence::SeekData) {
            Ok(begin) => begin,
            // No data after `at`.
            Err(nix::errno::Errno::ENXIO) => break,
            Err(e) => return Err(e.into()),
        };
        let end = nix::unistd::lseek(&file, begin, Whence::SeekHole)?;
        file.seek(SeekFrom::Start(u64::try_from(begin).unwrap_or(0)))?;
        let mut left = usize::try_from(end - begin).unwrap_or(0);
        while left > 0 {
            let piece = left.min(PIECE);
            file.write_all(&zeros[..piece])?;
            left -= piece;
        }
        at = end;
    }
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::os::unix::fs::MetadataExt;

    #[test]
    fn what_somebody_else_has_wiped_and_removed_is_wiped() {
        let dir = testkit::TestDir::new();
        let path = dir.join("volume");
        std::fs::write(&path, "secret").unwrap();
        wipe_file(&path).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), [0; 6]);
        remove_file(&path).unwrap();
        wipe_file(&path).unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn a_text_is_replaced_whole_and_leaves_no_other_file() {
        let dir = testkit::TestDir::new();
        let path = dir.join("metadata");
        replace_file(&path, "one", Owner(None)).unwrap();
        replace_file(&path, "two", Owner(None)).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
        assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o660);
        let nowhere = dir.join("none/metadata");
        let error = replace_file(&nowhere, "x", Owner(None)).unwrap_err();
        assert!(error.to_string().contains("none/metadata.new"), "{error}");
    }

    #[test]
    fn what_is_wiped_holds_zeros_and_keeps_its_holes() {
        let dir = testkit::TestDir::new();
        let path = dir.join("image");
        let mut file = File::create(&path).unwrap();
        file.set_len(64 << 20).unwrap();
        file.seek(SeekFrom::Start(8 << 20)).unwrap();
        file.write_all(&[7; 5000]).unwrap();
        file.sync_all().unwrap();
        wipe_file(&path).unwrap();
        let mut content = Vec::new();
        File::open(&path)
            .unwrap()
            .read_to_end(&mut content)
            .unwrap();
        assert_eq!(content.len(), 64 << 20);
        assert!(content.iter().all(|b| *b == 0));
        assert!(path.metadata().unwrap().blocks() * 512 < 4 << 20);
        let empty = dir.join("empty");
        File::create(&empty).unwrap();
        wipe_file(&empty).unwrap();
    }
}
