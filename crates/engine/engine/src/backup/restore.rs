//! A new home from a backup. The whole file is checked before anything is made; a home in which this
//! was broken off is never started.

use super::archive::{Passphrase, Reader};
use super::entries::{self, DATABASE, PASSWORD, PKI, SETTINGS};
use super::{private_dir, private_file};
use crate::config::Config;
use crate::home::{Home, write_file};
use anyhow::{Context as _, bail, ensure};
use base::{Call, Clock as _, OsRandom, Random as _, Timestamp};
use operations::restored::after_restore;
use ports::SystemClock;
use projection::Projection;
use std::fs::File;
use std::io::{BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};
use store::{DatabaseUrl, Store};

/// Where things are until all of them are there.
const UNFINISHED: &str = "restoring";
/// Settings, keys and passwords are no longer.
const SMALL_MAX: u64 = 1 << 20;

/// What is wanted.
pub struct Restore<'a> {
    /// The backup.
    pub file: &'a Path,
    /// The new home.
    pub home: &'a Path,
    /// The new database; a file in the home without it.
    pub database_url: Option<&'a str>,
    /// Holds the passphrase, for an encrypted backup.
    pub passphrase_file: Option<&'a Path>,
}

/// Was a restore broken off in this home?
pub fn is_unfinished(home: &Path) -> bool {
    home.join(UNFINISHED).symlink_metadata().is_ok()
}

/// Restores; answers what to tell the operator.
///
/// # Errors
/// When the backup can't be used, the home or the database is not new, or something can't be written.
pub async fn restore(wanted: Restore<'_>) -> anyhow::Result<String> {
    is_new(wanted.home)?;
    let passphrase = wanted.passphrase_file.map(passphrase).transpose()?;
    let (file, read_with) = (wanted.file.to_owned(), passphrase.clone());
    let checked = tokio::task::spawn_blocking(move || check(&file, read_with.as_ref()));
    let checked = checked
        .await
        .context("checking the backup was interrupted")??;
    let home = Home::take(wanted.home)?;
    let settings = settings(&checked.settings, wanted.database_url, &home)?;
    let url = match wanted.database_url {
        Some(line) => line.parse().context("in the database URL")?,
        None => DatabaseUrl::file(&home.database()),
    };
    let place = home.path().join(UNFINISHED);
    let made = async {
        private_dir(&place)?;
        let (file, to) = (wanted.file.to_owned(), place.clone());
        tokio::task::spawn_blocking(move || unpack(&file, passphrase.as_ref(), &to))
            .await
            .context("unpacking the backup was interrupted")??;
        let counted = database(&place, &url, &crate::engine::holder(&home)).await?;
        finish(&home, &place, &settings)?;
        anyhow::Ok(counted)
    };
    match made.await {
        Ok(counted) => Ok(format!(
            "restored the engine of {} into {}: {} hosts, {} VMs\n\
             database: {url}\n\
             Start it; it takes its hosts back and tells by events what it finds there. VMs that are\n\
             down are not started before every host has answered. Hosts that were added after the\n\
             backup are not known: add them again before you start VMs that may run on them.{}",
            checked.made,
            home.path().display(),
            counted.hosts,
            counted.vms,
            if checked.outside {
                "\nengine.toml names files with a certificate for the API; they are not in the backup."
            } else {
                ""
            }
        )),
        Err(e) => {
            let file = wanted.database_url.is_none().then(|| home.database());
            clear(&home, &place, file.as_deref());
            Err(e)
        }
    }
}

/// Nothing may be there that could be somebody's.
fn is_new(home: &Path) -> anyhow::Result<()> {
    let failed = || format!("cannot look into {}", home.display());
    let entries = match std::fs::read_dir(home) {
        Ok(entries) => entries,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(e).with_context(failed),
    };
    for entry in entries {
        let name = entry.with_context(failed)?.file_name();
        // Left by a restore that was refused.
        ensure!(
            name == "engine.lock",
            "{} is not empty (there is `{}`); a backup is restored only into a new home",
            home.display(),
            name.to_string_lossy()
        );
    }
    Ok(())
}

fn passphrase(file: &Path) -> anyhow::Result<Passphrase> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read the passphrase in {}", file.display()))?;
    Passphrase::new(&text)
}

/// What must be known of a backup before anything is made.
struct Checked {
    made: Timestamp,
    settings: String,
    /// The settings name files that are not in the backup.
    outside: bool,
}

fn open(file: &Path, passphrase: Option<&Passphrase>) -> anyhow::Result<Reader<BufReader<File>>> {
    let failed = || format!("cannot read {}", file.display());
    let from = BufReader::new(File::open(file).with_context(failed)?);
    Reader::begin(from, passphrase).with_context(failed)
}

/// Reads the whole file.
fn check(file: &Path, passphrase: Option<&Passphrase>) -> anyhow::Result<Checked> {
    let mut reader = open(file, passphrase)?;
    if passphrase.is_some() && !reader.head().is_encrypted() {
        tracing::warn!("the backup is not encrypted; the passphrase is not needed");
    }
    let made = reader.head().made;
    let mut settings = String::new();
    let all = entries::each(&mut reader, |name, content| {
        match name {
            SETTINGS => {
                let text = content.take(SMALL_MAX).read_to_string(&mut settings);
                text.context("engine.toml in the backup is no text")?;
            }
            DATABASE => {}
            _ => drop(small(name, content)?),
        }
        Ok(())
    });
    all.and_then(|()| reader.end())
        .with_context(|| format!("{} can't be restored", file.display()))?;
    let config = Config::parse(&settings).context("in engine.toml of the backup")?;
    Ok(Checked {
        made,
        settings,
        outside: config.names_outside_files(),
    })
}

fn small(name: &str, content: &mut dyn Read) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    content.take(SMALL_MAX + 1).read_to_end(&mut bytes)?;
    ensure!(
        bytes.len() as u64 <= SMALL_MAX,
        "{name} in the backup is too long"
    );
    Ok(bytes)
}

/// The settings for the new home: as they were, but for where the database is.
fn settings(old: &str, database_url: Option<&str>, home: &Home) -> anyhow::Result<String> {
    let mut lines: Vec<String> = Vec::new();
    if let Some(url) = database_url {
        lines.push(format!(
            "database_url = {}",
            toml::Value::String(url.to_owned())
        ));
    }
    let is_old = |line: &&str| {
        let key = line.trim_start().strip_prefix("database_url");
        key.is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    lines.extend(old.lines().filter(|l| !is_old(l)).map(str::to_owned));
    let text = if lines.is_empty() {
        String::new()
    } else {
        lines.join("\n") + "\n"
    };
    let new = Config::parse(&text).context("cannot put the new database into engine.toml")?;
    let wanted = match database_url {
        Some(line) => line.parse().context("in the database URL")?,
        None => DatabaseUrl::file(&home.database()),
    };
    if new.database(None, &home.database())? != wanted {
        bail!("engine.toml of the backup names its database in a way that can't be changed");
    }
    Ok(text)
}

/// Puts the entries below `to`, every one on the disk.
fn unpack(file: &Path, passphrase: Option<&Passphrase>, to: &Path) -> anyhow::Result<()> {
    private_dir(&to.join(PKI))?;
    let mut reader = open(file, passphrase)?;
    entries::each(&mut reader, |name, content| {
        let path = to.join(name);
        if let Some(folder) = path.parent().filter(|f| !f.is_dir()) {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot make {}", folder.display()))?;
        }
        let mut out = private_file(&path)?;
        let written = std::io::copy(content, &mut out).and_then(|_| out.sync_all());
        written.with_context(|| format!("cannot write {}", path.display()))
    })?;
    reader.end()
}

struct Counted {
    hosts: usize,
    vms: usize,
}

/// Fills the database and marks it as restored.
async fn database(place: &Path, url: &DatabaseUrl, holder: &str) -> anyhow::Result<Counted> {
    let failed = || format!("cannot restore into the database {url}");
    let backup = Store::restore(&place.join(DATABASE), url, holder)
        .await
        .with_context(failed)?;
    let (store, contents) = Store::connect(url, holder).await.with_context(failed)?;
    let projection = Projection::new(&contents);
    let snapshot = projection.snapshot();
    let call = Call::internal(OsRandom.uuid().to_string());
    let batch = after_restore(&snapshot, &call, backup.made, SystemClock::new().now());
    let committed = store.commit(batch).await;
    store.close().await;
    committed.with_context(failed)?;
    Ok(Counted {
        hosts: snapshot.hosts().count(),
        vms: snapshot.vms().count(),
    })
}

/// Everything to its place; the home can be started when the last of it is done.
fn finish(home: &Home, place: &Path, settings: &str) -> anyhow::Result<()> {
    let moved = |from: PathBuf, to: PathBuf| {
        std::fs::rename(&from, &to).with_context(|| format!("cannot make {}", to.display()))
    };
    moved(place.join(PKI.trim_end_matches('/')), home.pki())?;
    if place.join(PASSWORD).is_file() {
        moved(place.join(PASSWORD), home.password_file())?;
    }
    if !settings.is_empty() {
        write_file(&home.config_file(), settings.as_bytes(), 0o600)?;
    }
    let sync = |path: &Path| {
        File::open(path)
            .and_then(|f| f.sync_all())
            .with_context(|| format!("cannot write {}", path.display()))
    };
    sync(&home.pki())?;
    sync(home.path())?;
    std::fs::remove_dir_all(place).with_context(|| format!("cannot remove {}", place.display()))?;
    sync(home.path())
}

/// A restore that failed leaves the home as new as it was; a server's database can't be emptied here.
fn clear(home: &Home, place: &Path, database: Option<&Path>) {
    let _ = std::fs::remove_dir_all(home.pki());
    let _ = std::fs::remove_file(home.password_file());
    let _ = std::fs::remove_file(home.config_file());
    if let Some(file) = database {
        for end in ["", "-wal", "-shm", ".lock", "-journal"] {
            let mut name = file.as_os_str().to_owned();
            name.push(end);
            let _ = std::fs::remove_file(PathBuf::from(name));
        }
    }
    // Last: while it is there, nothing starts from what is left.
    let _ = std::fs::remove_dir_all(place);
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::TestDir;

    #[test]
    fn only_a_new_home_is_taken() {
        let dir = TestDir::new();
        assert!(is_new(&dir.join("none")).is_ok());
        assert!(is_new(dir.path()).is_ok());
        std::fs::write(dir.join("engine.db"), "").unwrap();
        let e = is_new(dir.path()).unwrap_err().to_string();
        assert!(e.contains("engine.db"), "{e}");
    }

    #[test]
    fn settings_are_kept_but_for_the_database() {
        let dir = TestDir::new();
        let home = Home::take(dir.path()).unwrap();
        let old = "# ours\nnames = [\"a\"]\ndatabase_url = \"postgres://u:p@old/db\"\n";
        let text = settings(old, None, &home).unwrap();
        assert_eq!(text, "# ours\nnames = [\"a\"]\n");
        let text = settings(old, Some("sqlite:///new.db"), &home).unwrap();
        assert!(
            text.starts_with("database_url = \"sqlite:///new.db\"\n# ours\n"),
            "{text}"
        );
        assert_eq!(settings("", None, &home).unwrap(), "");
        let e = settings("\"database_url\" = \"sqlite:///x\"", None, &home).unwrap_err();
        assert!(e.to_string().contains("can't be changed"), "{e}");
    }
}
