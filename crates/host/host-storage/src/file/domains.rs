//! Domains of the file back-end: making a place reachable, writing a new domain, checking that what
//! lies there is the right one.

use super::mounts::is_mounted;
use crate::StorageError;
use crate::durable::{Owner, make_dir, make_file, remove_dir, remove_file, replace_file, sync_dir};
use crate::images::blocking;
use crate::layout::{DomainMetadata, Place};
use base::{DataCenterId, StorageDomainId};
use domain::storage::StorageBacking;
use ports::hosts::{StorageDomainSpec, StorageDomainUsage};
use ports::{CommandSpec, Commands};
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Size of the mailboxes `inbox` and `outbox` (oVirt: 16 MiB).
const MAILBOX_BYTES: u64 = 16 << 20;
/// A file system that takes longer to tell its free space does not answer.
const USAGE_LIMIT: Duration = Duration::from_secs(5);

/// A connected domain.
#[derive(Clone)]
struct Connected {
    dir: PathBuf,
    place: Place,
    /// Somebody waits for the file system to tell its space.
    asked: Arc<AtomicBool>,
}

/// All domains of this host.
pub(super) struct Domains {
    /// Directory of links and mount points.
    mounts: PathBuf,
    commands: Arc<dyn Commands>,
    owner: Owner,
    table: Mutex<BTreeMap<StorageDomainId, Connected>>,
    /// One change of links and mounts at a time.
    change: tokio::sync::Mutex<()>,
}

impl Domains {
    pub(super) fn new(mounts: PathBuf, commands: Arc<dyn Commands>, owner: Owner) -> Self {
        Domains {
            mounts,
            commands,
            owner,
            table: Mutex::default(),
            change: tokio::sync::Mutex::default(),
        }
    }

    fn table(&self) -> std::sync::MutexGuard<'_, BTreeMap<StorageDomainId, Connected>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The directory of a connected domain.
    pub(super) fn dir(&self, domain: StorageDomainId) -> Result<PathBuf, StorageError> {
        match self.table().get(&domain) {
            Some(connected) => Ok(connected.dir.clone()),
            None => Err(StorageError::NotConnected { domain }),
        }
    }

    pub(super) async fn connect(
        &self,
        spec: &StorageDomainSpec,
    ) -> Result<StorageDomainUsage, StorageError> {
        let place = Place::of(&spec.backing)?;
        let _change = self.change.lock().await;
        self.connect_locked(spec, place).await
    }

    async fn connect_locked(
        &self,
        spec: &StorageDomainSpec,
        place: Place,
    ) -> Result<StorageDomainUsage, StorageError> {
        let new = self.reach(&place).await?;
        let dir = self.mounts.join(&place.name).join(spec.id.to_string());
        let (id, kind) = (spec.id, type_word(&spec.backing));
        let (at, shown) = (dir.clone(), place.path.clone());
        let (center, owner) = (spec.data_center, self.owner);
        let checked = blocking(move || {
            join(&at, id, kind, &shown, center, owner)?;
            space(&at)
        })
        .await;
        match checked {
            Ok(usage) => {
                let asked = Arc::default();
                self.table()
                    .insert(spec.id, Connected { dir, place, asked });
                Ok(usage)
            }
            Err(error) => {
                if new && let Err(left) = self.leave(&place).await {
                    tracing::warn!(error = %left, "`{}` stays connected", place.path);
                }
                Err(error)
            }
        }
    }

    pub(super) async fn create(
        &self,
        spec: &StorageDomainSpec,
        name: &str,
    ) -> Result<StorageDomainUsage, StorageError> {
        let place = Place::of(&spec.backing)?;
        let kind = type_word(&spec.backing);
        let metadata = DomainMetadata::new(spec.id, kind, &place.path, name)
            .map_err(|bad| StorageError::argument("the name of a storage domain", name, bad.0))?;
        let _change = self.change.lock().await;
        let new = self.reach(&place).await?;
        let (root, id) = (self.mounts.join(&place.name), spec.id);
        let (shown, owner) = (place.path.clone(), self.owner);
        let written = blocking(move || write(&root, id, &shown, &metadata, owner)).await;
        if let Err(error) = written {
            self.unwrite(&place, spec.id, kind).await;
            if new && let Err(left) = self.leave(&place).await {
                tracing::warn!(error = %left, "`{}` stays connected", place.path);
            }
            return Err(error);
        }
        self.connect_locked(spec, place).await
    }

    pub(super) async fn remove(&self, spec: &StorageDomainSpec) -> Result<(), StorageError> {
        let place = Place::of(&spec.backing)?;
        let kind = type_word(&spec.backing);
        let _change = self.change.lock().await;
        let new = self.reach(&place).await?;
        let (root, id) = (self.mounts.join(&place.name), spec.id);
        let erased = blocking(move || erase(&root, id, kind)).await;
        if erased.is_ok() {
            self.table().remove(&spec.id);
        }
        let used = self.table().values().any(|c| c.place.name == place.name);
        let left = match (new || erased.is_ok()) && !used {
            true => self.leave(&place).await,
            false => Ok(()),
        };
        erased.and(left)
    }

    /// Takes back what a domain's writing left that broke off, as far as that goes now.
    async fn unwrite(&self, place: &Place, id: StorageDomainId, kind: &'static str) {
        let root = self.mounts.join(&place.name);
        if let Err(left) = blocking(move || erase(&root, id, kind)).await {
            tracing::warn!(error = %left, "a part of storage domain {id} stays at `{}`", place.path);
        }
    }

    /// Links or mounts a place; true when it was not before.
    async fn reach(&self, place: &Place) -> Result<bool, StorageError> {
        let (mounts, at) = (self.mounts.clone(), self.mounts.join(&place.name));
        let StorageBacking::PosixFs {
            vfs_type,
            mount_options,
            ..
        } = &place.backing
        else {
            let path = PathBuf::from(&place.path);
            return blocking(move || link(&mounts, &at, &path)).await;
        };
        let point = at.clone();
        let mounted = blocking(move || {
            std::fs::create_dir_all(&point)
                .map_err(StorageError::io("make the mount point", &point))?;
            is_mounted(&point)
        })
        .await?;
        if mounted {
            return Ok(false);
        }
        let mut command = CommandSpec::new("mount").args(["-t", vfs_type.as_str()]);
        if !mount_options.is_empty() {
            command = command.args(["-o", mount_options.as_str()]);
        }
        let command = command.arg(place.path.as_str()).arg(&at);
        let done = self.commands.run_ok(command).await;
        if let Err(error) = done {
            // Only ever an empty directory; whoever is in it keeps it.
            let _ = std::fs::remove_dir(&at);
            return Err(StorageError::command("mount", Path::new(&place.path))(
                error,
            ));
        }
        Ok(true)
    }

    /// Undoes `reach`; content stays.
    async fn leave(&self, place: &Place) -> Result<(), StorageError> {
        let at = self.mounts.join(&place.name);
        if let StorageBacking::LocalFs { .. } = place.backing {
            return blocking(move || crate::durable::remove_file(&at)).await;
        }
        let point = at.clone();
        if blocking(move || is_mounted(&point)).await? {
            let command = CommandSpec::new("umount").arg(&at);
            let done = self.commands.run_ok(command).await;
            done.map_err(StorageError::command("unmount", &at))?;
        }
        blocking(move || std::fs::remove_dir(&at).map_err(StorageError::io("remove", &at))).await
    }

    pub(super) async fn disconnect_all(&self) -> Result<(), StorageError> {
        let _change = self.change.lock().await;
        let places: BTreeMap<String, Place> = std::mem::take(&mut *self.table())
            .into_values()
            .map(|connected| (connected.place.name.clone(), connected.place))
            .collect();
        let mut outcome = Ok(());
        for place in places.into_values() {
            let left = self.leave(&place).await;
            outcome = outcome.and(left);
        }
        outcome
    }

    pub(super) async fn usages(&self) -> BTreeMap<StorageDomainId, StorageDomainUsage> {
        let domains = self.table().clone();
        let asked = domains.into_iter().map(|(id, domain)| async move {
            // A file system that hangs holds one thread, not one for each question.
            if domain.asked.swap(true, Ordering::AcqRel) {
                return None;
            }
            let answer = blocking(move || {
                let usage = space(&domain.dir);
                domain.asked.store(false, Ordering::Release);
                usage
            });
            match tokio::time::timeout(USAGE_LIMIT, answer).await {
                Ok(Ok(usage)) => Some((id, usage)),
                _ => None,
            }
        });
        let mut tasks = tokio::task::JoinSet::new();
        for one in asked {
            tasks.spawn(one);
        }
        tasks.join_all().await.into_iter().flatten().collect()
    }
}

/// oVirt's word for TYPE.
fn type_word(backing: &StorageBacking) -> &'static str {
    match backing {
        StorageBacking::LocalFs { .. } => "LOCALFS",
        StorageBacking::PosixFs { .. } => "POSIXFS",
    }
}

/// Makes the link `at` to a local directory; true when it was not there.
fn link(mounts: &Path, at: &Path, path: &Path) -> Result<bool, StorageError> {
    if !path.is_dir() {
        return Err(StorageError::argument(
            "the place of a storage domain",
            path.display(),
            "expected a directory of this host; make it first",
        ));
    }
    std::fs::create_dir_all(mounts).map_err(StorageError::io("make the directory", mounts))?;
    match std::os::unix::fs::symlink(path, at) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == ErrorKind::AlreadyExists => {
            let there = std::fs::read_link(at).map_err(StorageError::io("read the link", at))?;
            if there == path {
                return Ok(false);
            }
            Err(StorageError::InUse {
                what: format!("the name `{}`", at.display()),
                by: format!("it leads to `{}` already", there.display()),
            })
        }
        Err(e) => Err(StorageError::io("make the link", at)(e)),
    }
}

/// Checks that `dir` is the domain, and makes it a member of its data center.
fn join(
    dir: &Path,
    id: StorageDomainId,
    kind: &str,
    place: &str,
    center: Option<DataCenterId>,
    owner: Owner,
) -> Result<(), StorageError> {
    let path = dir.join("dom_md/metadata");
    let Some(mut metadata) = read_metadata(&path)? else {
        return Err(StorageError::DomainNotFound {
            domain: id,
            place: place.to_owned(),
        });
    };
    metadata
        .expect(id, kind)
        .map_err(|bad| StorageError::Damaged {
            path: path.clone(),
            reason: bad.0,
        })?;
    match center {
        Some(center) if metadata.join(center) => replace_file(&path, &metadata.text(), owner),
        _ => Ok(()),
    }
}

fn read_metadata(path: &Path) -> Result<Option<DomainMetadata>, StorageError> {
    match std::fs::read(path) {
        Ok(bytes) => match DomainMetadata::parse(&bytes) {
            Ok(metadata) => Ok(Some(metadata)),
            Err(bad) => Err(StorageError::Damaged {
                path: path.to_owned(),
                reason: bad.0,
            }),
        },
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(e) => Err(StorageError::io("read", path)(e)),
    }
}

/// Writes an empty domain below `root`. Its metadata comes last: without it the directory is no
/// domain, and the next attempt completes it.
fn write(
    root: &Path,
    id: StorageDomainId,
    place: &str,
    metadata: &DomainMetadata,
    owner: Owner,
) -> Result<(), StorageError> {
    let found = domains_in(root)?;
    if found.contains(&id) {
        return Ok(());
    }
    if let Some(other) = found.first() {
        return Err(StorageError::PlaceTaken {
            place: place.to_owned(),
            found: other.to_string(),
        });
    }
    let dir = root.join(id.to_string());
    let inner = dir.join("dom_md");
    for new in [&dir, &inner, &dir.join("images")] {
        make_dir(new, owner)?;
    }
    for (name, bytes) in [
        ("ids", 0),
        ("leases", 0),
        ("xleases", 0),
        ("inbox", MAILBOX_BYTES),
        ("outbox", MAILBOX_BYTES),
    ] {
        make_file(&inner.join(name), bytes, owner)?;
    }
    replace_file(&inner.join("metadata"), &metadata.text(), owner)?;
    sync_dir(&dir)?;
    sync_dir(root)
}

/// Removes a domain that holds nothing. Its directory of disks goes first: that can only be done while
/// it is empty, and without it nothing can come any more.
fn erase(root: &Path, id: StorageDomainId, kind: &str) -> Result<(), StorageError> {
    let dir = root.join(id.to_string());
    let inner = dir.join("dom_md");
    let path = inner.join("metadata");
    if !dir.exists() {
        return Ok(());
    }
    if let Some(metadata) = read_metadata(&path)? {
        metadata
            .expect(id, kind)
            .map_err(|bad| StorageError::Damaged {
                path: path.clone(),
                reason: bad.0,
            })?;
    }
    for (dir, known) in [(&dir, &["dom_md", "images"][..]), (&inner, &FILES[..])] {
        expect_only(dir, known)?;
    }
    let images = dir.join("images");
    if !names_in(&images)?.is_empty() {
        return Err(StorageError::InUse {
            what: format!("storage domain {id}"),
            by: "it holds disks".into(),
        });
    }
    remove_dir(&images)?;
    for file in FILES {
        remove_file(&inner.join(file))?;
    }
    for emptied in [&inner, &dir] {
        remove_dir(emptied)?;
    }
    sync_dir(root)
}

/// All files that [`write`] makes, the one first that makes it a domain.
const FILES: [&str; 7] = [
    "metadata",
    "metadata.new",
    "ids",
    "leases",
    "xleases",
    "inbox",
    "outbox",
];

/// Names in a directory; none when it is not there.
fn names_in(dir: &Path) -> Result<Vec<String>, StorageError> {
    let list = || -> std::io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(dir)? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        Ok(names)
    };
    match list() {
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        other => other.map_err(StorageError::io("read the directory", dir)),
    }
}

/// Refuses a directory that holds something else, or is none.
fn expect_only(dir: &Path, known: &[&str]) -> Result<(), StorageError> {
    // A link would lead to files that are no domain's.
    if std::fs::symlink_metadata(dir).is_ok_and(|m| m.is_symlink()) {
        return Err(StorageError::Damaged {
            path: dir.to_owned(),
            reason: "expected a directory, found a link".into(),
        });
    }
    let names = names_in(dir)?;
    match names.iter().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(other) => Err(StorageError::Damaged {
            path: dir.join(other),
            reason: "no file of an empty storage domain has this name".into(),
        }),
    }
}

/// Complete domains that lie in a place.
fn domains_in(root: &Path) -> Result<BTreeSet<StorageDomainId>, StorageError> {
    let list = || -> std::io::Result<BTreeSet<StorageDomainId>> {
        let mut found = BTreeSet::new();
        for entry in std::fs::read_dir(root)? {
            let entry = entry?;
            let id = entry.file_name().to_str().and_then(|n| n.parse().ok());
            let Some(id) = id else { continue };
            match std::fs::metadata(entry.path().join("dom_md/metadata")) {
                Ok(_) => drop(found.insert(id)),
                Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
                Err(e) => return Err(e),
            }
        }
        Ok(found)
    };
    list().map_err(StorageError::io("read the directory", root))
}

/// Space of the file system a directory lies on.
fn space(dir: &Path) -> Result<StorageDomainUsage, StorageError> {
    let stat = nix::sys::statvfs::statvfs(dir)
        .map_err(|errno| StorageError::io("ask for the space of", dir)(errno.into()))?;
    let unit = stat.fragment_size();
    Ok(StorageDomainUsage {
        total_bytes: stat.blocks().saturating_mul(unit),
        available_bytes: stat.blocks_available().saturating_mul(unit),
    })
}
