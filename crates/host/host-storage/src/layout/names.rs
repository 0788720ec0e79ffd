//! Names of directories: where a domain is mounted and how a removed disk is called.

use crate::StorageError;
use base::DiskId;
use domain::storage::StorageBacking;

/// oVirt's escaping of a remote path as one file name: `_` becomes `__`, then `/` becomes `_`.
/// Two paths can get one name (`/a_/b` and `/a/_b`), so whoever uses it checks what is there.
#[must_use]
pub fn escape(path: &str) -> String {
    path.replace('_', "__").replace('/', "_")
}

/// A checked backing: what is linked or mounted, and the name it gets below the data root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// File name below the data root.
    pub name: String,
    /// The path without superfluous slashes.
    pub path: String,
    /// How it is reached.
    pub backing: StorageBacking,
}

impl Place {
    /// Checks a backing that a person gave.
    ///
    /// # Errors
    /// `Argument` when a path is relative where it must not be, climbs with `..`, or holds control
    /// characters; when a file system type or an option can't be one.
    pub fn of(backing: &StorageBacking) -> Result<Place, StorageError> {
        let path = tidy(backing.path());
        let refuse = |reason: &str| Err(StorageError::argument("a path", backing.path(), reason));
        if path.is_empty() {
            return refuse("expected a path that is not empty");
        }
        if path.chars().any(char::is_control) {
            return refuse("expected no control characters");
        }
        if path.split('/').any(|part| part == ".." || part == ".") {
            return refuse("expected no `.` and `..` in it");
        }
        match backing {
            StorageBacking::LocalFs { .. } if !path.starts_with('/') => {
                return refuse("expected an absolute path");
            }
            StorageBacking::LocalFs { .. } => {}
            StorageBacking::PosixFs {
                vfs_type,
                mount_options,
                ..
            } => check_mount(&path, vfs_type, mount_options)?,
        }
        let name = escape(&path);
        if name.len() > 255 {
            return refuse("it is too long: escaped it must fit 255 bytes");
        }
        Ok(Place {
            name,
            path,
            backing: backing.clone(),
        })
    }
}

fn check_mount(path: &str, vfs_type: &str, options: &str) -> Result<(), StorageError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if vfs_type.is_empty() || vfs_type.starts_with('-') || !vfs_type.chars().all(plain) {
        return Err(StorageError::argument(
            "a file system type",
            vfs_type,
            "expected a name such as ext4, xfs, ceph or none",
        ));
    }
    if options.chars().any(|c| c.is_control() || c == ' ') || options.starts_with('-') {
        return Err(StorageError::argument(
            "mount options",
            options,
            "expected options separated by commas, without spaces and control characters",
        ));
    }
    if path.starts_with('-') {
        return Err(StorageError::argument(
            "a path",
            path,
            "expected no `-` at its beginning",
        ));
    }
    Ok(())
}

/// Without doubled slashes and without one at the end.
fn tidy(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        if c != '/' || !out.ends_with('/') {
            out.push(c);
        }
    }
    if out.len() > 1 && out.ends_with('/') {
        out.pop();
    }
    out
}

const REMOVED: &str = "_remove_me_";
const REMOVED_WIPE: &str = "_remove_me_ZERO_";

/// What a disk's directory is renamed to before its files go.
#[must_use]
pub fn removed_name(disk: DiskId, wipe: bool) -> String {
    format!("{}{disk}", if wipe { REMOVED_WIPE } else { REMOVED })
}

/// The disk behind the name of a removed directory, and whether it is to be wiped.
#[must_use]
pub fn removed_disk(name: &str) -> Option<(DiskId, bool)> {
    match name.strip_prefix(REMOVED_WIPE) {
        Some(id) => Some((id.parse().ok()?, true)),
        None => Some((name.strip_prefix(REMOVED)?.parse().ok()?, false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn local(path: &str) -> StorageBacking {
        StorageBacking::LocalFs { path: path.into() }
    }
    fn posix(path: &str, vfs_type: &str, mount_options: &str) -> StorageBacking {
        StorageBacking::PosixFs {
            path: path.into(),
            vfs_type: vfs_type.into(),
            mount_options: mount_options.into(),
        }
    }

    #[test]
    fn paths_become_names_as_in_ovirt() {
        assert_eq!(escape("nfs1:/export/a_b"), "nfs1:_export_a__b");
        let place = Place::of(&local("/data//images/")).unwrap();
        assert_eq!(
            (place.path.as_str(), place.name.as_str()),
            ("/data/images", "_data_images")
        );
        let device = Place::of(&posix("/dev/sdb1", "xfs", "")).unwrap();
        assert_eq!(device.name, "_dev_sdb1");
    }

    #[test]
    fn unfit_places_are_refused_with_the_reason() {
        for (backing, reason) in [
            (local(""), "not empty"),
            (local("data"), "absolute"),
            (local("/data/../etc"), "`..`"),
            (local("/data\n/x"), "control"),
            (posix("..", "none", "bind"), "`..`"),
            (posix("-o", "none", "bind"), "`-`"),
            (posix("/a", "", ""), "file system type"),
            (posix("/a", "-t", ""), "file system type"),
            (posix("/a", "ext4", "rw, suid"), "mount options"),
            (local(&format!("/{}", "_".repeat(128))), "255"),
        ] {
            let error = Place::of(&backing).unwrap_err().to_string();
            assert!(error.contains(reason), "{backing:?}: {error}");
        }
    }

    #[test]
    fn a_removed_disk_is_found_by_its_directorys_name() {
        let disk = DiskId::known(7);
        for wipe in [false, true] {
            assert_eq!(removed_disk(&removed_name(disk, wipe)), Some((disk, wipe)));
        }
        assert_eq!(removed_disk(&disk.to_string()), None);
        assert_eq!(removed_disk("_remove_me_/etc"), None);
    }

    proptest! {
        #[test]
        fn a_place_is_one_name_below_the_root(path in ".{0,40}") {
            if let Ok(place) = Place::of(&posix(&path, "none", "bind")) {
                prop_assert!(!place.name.contains('/') && !place.name.contains('\0'));
                prop_assert!(!["", ".", ".."].contains(&place.name.as_str()));
            }
        }
    }
}
