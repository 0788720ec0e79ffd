//! Backups: all that another machine needs to go on, as one file; and going on from one.
//!
//! A backup holds the database's rows as of one moment, the CA and the other keys, the settings and
//! the generated password. `archive.rs` is the file's outer form and its seals, `entries.rs` what
//! stands in it, `restore.rs` the way back. The form of the rows is not here (`store`), nor what a
//! restored engine does with hosts and runs (`operations::restored`).

mod archive;
mod entries;
mod restore;

pub use restore::{Restore, is_unfinished, restore};

use crate::home::Home;
use anyhow::{Context as _, ensure};
use archive::{Passphrase, Writer};
use audit::AuditEvent;
use base::{Call, Clock, Fault, Random};
use entries::{DATABASE, EntryWriter, PASSWORD, PKI, SETTINGS};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use rest::BackupFile;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{BufWriter, ErrorKind, Seek as _, SeekFrom};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::{Batch, Store};

/// No settings, key or password is longer.
const SMALL_MAX: u64 = 1 << 20;

/// Makes backups of a running engine, one after the other.
#[derive(Clone)]
pub struct Backups(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    /// Where files are while they are made.
    work: PathBuf,
    pki: PathBuf,
    settings: PathBuf,
    password: PathBuf,
    one: tokio::sync::Mutex<()>,
}

impl Backups {
    /// Of the engine in this home, with its settings in this file.
    pub fn new(
        home: &Home,
        settings: PathBuf,
        store: Store,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        let work = home.path().join("backup.tmp");
        // Left by an engine that was killed while it made one.
        let _ = std::fs::remove_dir_all(&work);
        Backups(Arc::new(Inner {
            store,
            clock,
            random,
            work,
            pki: home.pki(),
            settings,
            password: home.password_file(),
            one: tokio::sync::Mutex::new(()),
        }))
    }
}

impl rest::Backups for Backups {
    fn make(
        &self,
        call: Call,
        passphrase: Option<String>,
    ) -> BoxFuture<'static, Result<BackupFile, Fault>> {
        let inner = Arc::clone(&self.0);
        // It runs to its end also when nobody waits any more, and leaves nothing behind.
        let work = tokio::spawn(async move { inner.told(&call, passphrase).await });
        async move {
            work.await
                .unwrap_or_else(|_| Err(Fault::internal("making a backup broke off")))
        }
        .boxed()
    }
}

impl Inner {
    async fn told(&self, call: &Call, passphrase: Option<String>) -> Result<BackupFile, Fault> {
        let passphrase = passphrase
            .map(|text| Passphrase::new(&text))
            .transpose()
            .map_err(|e| Fault::bad_request("INVALID_PARAMETER", e.to_string()))?;
        let made = self.make(passphrase).await;
        let event = match &made {
            Ok(_) => AuditEvent::EngineBackedUp,
            Err(e) => AuditEvent::EngineBackupFailed {
                message: format!("{e:#}"),
            },
        };
        let mut batch = Batch::new();
        batch.event(event.at(call, self.clock.now()));
        if let Err(e) = self.store.commit(batch).await {
            tracing::warn!("an event could not be stored: {e}");
        }
        made.map_err(|e| Fault::unavailable("BACKUP_FAILED", format!("No backup was made: {e:#}.")))
    }

    async fn make(&self, passphrase: Option<Passphrase>) -> anyhow::Result<BackupFile> {
        let _one = self.one.lock().await;
        match std::fs::remove_dir_all(&self.work) {
            Err(e) if e.kind() != ErrorKind::NotFound => {
                return Err(e).with_context(|| format!("cannot remove {}", self.work.display()));
            }
            _ => {}
        }
        private_dir(&self.work)?;
        let made = self.in_work(passphrase).await;
        // The file that is handed out needs no name any more.
        let _ = std::fs::remove_dir_all(&self.work);
        made
    }

    async fn in_work(&self, passphrase: Option<Passphrase>) -> anyhow::Result<BackupFile> {
        let database = self.work.join(DATABASE);
        let backup = self.store.backup(&database).await?;
        let mut salt = [0; 16];
        self.random.fill(&mut salt);
        let (pki, settings) = (self.pki.clone(), self.settings.clone());
        let (password, to) = (self.password.clone(), self.work.join("file"));
        tokio::task::spawn_blocking(move || {
            let mut small = vec![
                (SETTINGS.to_owned(), settings),
                (PASSWORD.to_owned(), password),
            ];
            for file in files_below(&pki, 3)? {
                let name = file
                    .strip_prefix(&pki)?
                    .to_str()
                    .context("a key's name is no text")?;
                small.push((format!("{PKI}{name}"), file));
            }
            let file = private_file(&to)?;
            let out = BufWriter::new(file);
            let writer = Writer::begin(out, backup.made, passphrase.as_ref(), salt)?;
            let mut entries = EntryWriter::new(writer);
            for (name, path) in small {
                if let Some(content) = read_small(&path)? {
                    entries.add(&name, content.len() as u64, &content[..])?;
                }
            }
            let rows = File::open(&database).context("cannot read the rows")?;
            let bytes = rows.metadata().context("cannot read the rows")?.len();
            entries.add(DATABASE, bytes, rows)?;
            let out = entries.end()?.end().context("cannot write the backup")?;
            let mut file = out.into_inner().context("cannot write the backup")?;
            let bytes = file.seek(SeekFrom::End(0))?;
            file.seek(SeekFrom::Start(0))?;
            Ok(BackupFile { file, bytes })
        })
        .await
        .context("making the backup was interrupted")?
    }
}

/// Files below a directory, in order of their names, but for those that are just being written.
fn files_below(dir: &Path, depth: u32) -> anyhow::Result<Vec<PathBuf>> {
    ensure!(depth > 0, "{} lies too deep", dir.display());
    let mut files = Vec::new();
    let failed = || format!("cannot list {}", dir.display());
    for entry in std::fs::read_dir(dir).with_context(failed)? {
        let entry = entry.with_context(failed)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') || name.ends_with(".new") {
            continue;
        }
        if entry.file_type().with_context(failed)?.is_dir() {
            files.extend(files_below(&entry.path(), depth - 1)?);
        } else {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

fn read_small(path: &Path) -> anyhow::Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Ok(content) => {
            ensure!(
                content.len() as u64 <= SMALL_MAX,
                "{} is too long",
                path.display()
            );
            Ok(Some(content))
        }
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e).with_context(|| format!("cannot read {}", path.display())),
    }
}

fn private_dir(path: &Path) -> anyhow::Result<()> {
    DirBuilder::new()
        .mode(0o700)
        .create(path)
        .with_context(|| format!("cannot make {}", path.display()))
}

fn private_file(path: &Path) -> anyhow::Result<File> {
    OpenOptions::new()
        .create_new(true)
        .read(true)
        .write(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot make {}", path.display()))
}
