//! Where a backup is kept, and who carries a restore out.

use crate::operator::Operator;
use anyhow::{Context as _, anyhow, bail};
use serde_json::json;
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::BufWriter;
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The file while it is not whole.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        // Whatever ended the writing is the news.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Fetches a backup of the running engine into a new file that only its owner may read; answers its
/// length. When it returns, the file is on the disk.
///
/// # Errors
/// When there is a file of that name, it can't be written, or the engine refuses.
pub async fn fetch(
    operator: &Operator,
    to: &Path,
    passphrase_file: Option<&Path>,
) -> anyhow::Result<u64> {
    if to.symlink_metadata().is_ok() {
        bail!(
            "{} is there already; a backup is never written over",
            to.display()
        );
    }
    let mut body = json!({});
    if let Some(file) = passphrase_file {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read the passphrase in {}", file.display()))?;
        body["passphrase"] = text.trim_end_matches(['\r', '\n']).into();
    }
    let mut name = to.as_os_str().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = Part(PathBuf::from(name));
    let failed = || format!("cannot write {}", to.display());
    let file = OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(&part.0)
        .with_context(failed)?;
    let mut out = BufWriter::new(file);
    let bytes = operator.save("/operator/backup", &body, &mut out).await?;
    let file = out.into_inner().with_context(failed)?;
    file.sync_all().with_context(failed)?;
    // A link is refused where a rename would write over.
    std::fs::hard_link(&part.0, to).with_context(failed)?;
    drop(part);
    let folder = to.parent().filter(|p| !p.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))
        .and_then(|f| f.sync_all())
        .with_context(failed)?;
    Ok(bytes)
}

/// Hands over to `vireo-engine restore`: only the engine knows its database. Returns when it can't.
#[must_use]
pub fn restore(arguments: &[OsString], database_url: Option<&str>) -> anyhow::Error {
    let beside = std::env::current_exe()
        .ok()
        .map(|own| own.with_file_name("vireo-engine"))
        .filter(|program| program.is_file());
    let program = beside.unwrap_or_else(|| PathBuf::from("vireo-engine"));
    let mut command = Command::new(&program);
    command.args(arguments);
    if let Some(url) = database_url {
        command.env("DATABASE_URL", url);
    }
    let cause = command.exec();
    anyhow!(cause).context(format!("cannot run {}", program.display()))
}
