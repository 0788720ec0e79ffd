//! Writing a backup: everything as of one moment, while the writer goes on.

use super::lines::{Line, Lines};
use super::{Backup, BackupError, FORMAT, Table, at, tables};
use crate::connection::{Connection, Value, query};
use crate::database::{Opener, SCHEMA, failed};
use base::Clock as _;
use futures::TryStreamExt as _;
use ports::SystemClock;
use sqlx::AssertSqlSafe;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// The file while it is not whole; removed when writing ends in any other way.
struct Part(Option<PathBuf>);

impl Drop for Part {
    fn drop(&mut self) {
        if let Some(path) = self.0.take() {
            // Whatever ended the writing is the news.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Writes everything to a new file at `path`, which only its owner may read.
pub(crate) async fn write(opener: &Opener, path: &Path) -> Result<Backup, BackupError> {
    if path.symlink_metadata().is_ok() {
        return Err(BackupError::Exists(path.to_owned()));
    }
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let name = PathBuf::from(name);
    let mut options = std::fs::File::options();
    let made = options.write(true).create_new(true).mode(0o600).open(&name);
    let file = made.map_err(at("make", &name))?;
    let mut part = Part(Some(name.clone()));
    let mut db = opener.reading().await?;
    let backup = everything(&mut db, Lines::new(path, file)).await?;
    db.close()
        .await
        .map_err(failed("end reading the database"))?;
    // A link is refused where a rename would write over.
    let linked = std::fs::hard_link(&name, path);
    linked.map_err(|cause| match cause.kind() {
        std::io::ErrorKind::AlreadyExists => BackupError::Exists(path.to_owned()),
        _ => at("name", path)(cause),
    })?;
    drop(part.0.take().map(std::fs::remove_file));
    let directory = path.parent().filter(|p| !p.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new("."));
    std::fs::File::open(directory)
        .and_then(|d| d.sync_all())
        .map_err(at("name", path))?;
    Ok(backup)
}

async fn everything(db: &mut Connection, mut lines: Lines) -> Result<Backup, BackupError> {
    let begin = match db {
        Connection::Lite(_) => "BEGIN",
        Connection::Pg(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    let mut backup = Backup {
        schema: SCHEMA,
        made: SystemClock::new().now(),
        seq: 0,
        rows: 0,
    };
    db.say(begin).await.map_err(failed("begin reading"))?;
    lines
        .write(&Line::Vireo {
            format: FORMAT,
            schema: SCHEMA,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            made: backup.made,
        })
        .await?;
    for table in tables() {
        rows(db, &table, &mut lines, &mut backup).await?;
    }
    db.say("COMMIT").await.map_err(failed("end reading"))?;
    lines.write(&Line::End(backup.rows)).await?;
    lines.finish().await?;
    Ok(backup)
}

async fn rows(
    db: &mut Connection,
    table: &Table,
    lines: &mut Lines,
    backup: &mut Backup,
) -> Result<(), BackupError> {
    let read = failed("read a table for the backup");
    let head = Line::Table {
        name: table.name.to_owned(),
        columns: table.columns.clone(),
    };
    lines.write(&head).await?;
    let columns = table.columns.join(", ");
    let sql = format!("SELECT {columns} FROM {} {}", table.name, table.rows);
    let mut stream = query(AssertSqlSafe(sql)).stream(db);
    while let Some(row) = stream.try_next().await.map_err(&read)? {
        let row = (0..table.columns.len()).map(|column| row.value(column));
        let row = row.collect::<Result<Vec<Value>, _>>().map_err(&read)?;
        if let ("change", Some(Value::Number(seq))) = (table.name, row.first()) {
            backup.seq = *seq;
        }
        lines.write(&Line::Row(row)).await?;
        backup.rows += 1;
    }
    Ok(())
}
