//! Restoring a backup: the whole file is checked before the database is touched, and all rows come
//! in by one transaction.

use super::lines::{Line, Reader};
use super::{Backup, BackupError, FIRST_SCHEMA, tables};
use crate::batch::StoreError;
use crate::connection::{Connection, Value, query};
use crate::database::{Database, Guard, SCHEMA, failed, migrate};
use crate::pg;
use crate::url::DatabaseUrl;
use sqlx::AssertSqlSafe;
use std::path::Path;

/// Rows that go in by one statement; their values stay below either database's limit.
const TOGETHER: usize = 100;

/// Restores the backup at `from` into the new database `to`, for `holder`.
pub(crate) async fn restore(
    from: &Path,
    to: &DatabaseUrl,
    holder: &str,
) -> Result<Backup, BackupError> {
    let backup = check(from).await?;
    // The tables as they were; what came later is done to them with their rows.
    let mut database = Database::open(to, holder, backup.schema).await?;
    let filled = fill(&mut database, from, to, backup.schema).await;
    let closed = database.close().await;
    filled?;
    closed?;
    Ok(backup)
}

/// Reads the whole file.
async fn check(from: &Path) -> Result<Backup, BackupError> {
    let mut reader = Reader::open(from).await?;
    let mut backup = reader.head().await?;
    if backup.schema > SCHEMA {
        return Err(reader.newer(backup.schema, SCHEMA));
    }
    if backup.schema < FIRST_SCHEMA {
        return Err(reader.damaged("no backup has tables that old"));
    }
    let mut table: Option<(String, usize)> = None;
    loop {
        match reader.next().await? {
            Some(Line::Table { name, columns }) => {
                if !tables().iter().any(|t| t.name == name) {
                    return Err(reader.damaged(format!("there is no table `{name}`")));
                }
                let fine = |c: &String| c.bytes().all(|b| b == b'_' || b.is_ascii_lowercase());
                if columns.is_empty() || !columns.iter().all(|c| !c.is_empty() && fine(c)) {
                    return Err(reader.damaged("these are no columns"));
                }
                table = Some((name, columns.len()));
            }
            Some(Line::Row(row)) => {
                let Some((table, columns)) = &table else {
                    return Err(reader.damaged("the row is of no table"));
                };
                if row.len() != *columns {
                    return Err(reader.damaged(format!("a row of `{table}` has {columns} columns")));
                }
                if let ("change", Some(Value::Number(seq))) = (table.as_str(), row.first()) {
                    backup.seq = *seq;
                }
                backup.rows += 1;
            }
            Some(Line::End(rows)) if rows == backup.rows => break,
            Some(Line::End(rows)) => {
                let why = format!("{rows} rows were written, {} are here", backup.rows);
                return Err(reader.damaged(why));
            }
            Some(Line::Vireo { .. }) => return Err(reader.damaged("another backup begins")),
            None => return Err(reader.damaged("the end is missing")),
        }
    }
    match reader.next().await? {
        None => Ok(backup),
        Some(_) => Err(reader.damaged("there is more behind the end")),
    }
}

async fn fill(
    database: &mut Database,
    from: &Path,
    to: &DatabaseUrl,
    schema: i64,
) -> Result<(), BackupError> {
    let db = &mut database.writer;
    if !empty(db, schema).await? {
        return Err(BackupError::NotEmpty {
            database: to.to_string(),
        });
    }
    let begun = failed("begin the restore");
    match &database.guard {
        Guard::File(_) => db.say("BEGIN IMMEDIATE").await.map_err(begun)?,
        Guard::Lease(lease) => {
            db.say("BEGIN").await.map_err(begun)?;
            lease.renew(db).await?;
        }
    }
    if let Err(e) = rows(db, from).await {
        // Without a connection there is no transaction either.
        let _ = db.say("ROLLBACK").await;
        return Err(e);
    }
    db.say("COMMIT").await.map_err(|cause| {
        if pg::is_lost(&cause) {
            StoreError::Unclear
        } else {
            failed("end the restore")(cause)
        }
    })?;
    migrate(db, SCHEMA).await?;
    Ok(())
}

async fn empty(db: &mut Connection, schema: i64) -> Result<bool, StoreError> {
    let doing = failed("look into the database");
    let version = query("SELECT version FROM _sqlx_migrations ORDER BY version DESC LIMIT 1");
    match version.first(db).await.map_err(&doing)? {
        Some(row) if row.number(0).map_err(&doing)? == schema => {}
        _ => return Ok(false),
    }
    for table in tables().into_iter().filter(|t| t.since <= schema) {
        let sql = format!("SELECT 1 FROM {} LIMIT 1", table.name);
        if query(AssertSqlSafe(sql))
            .first(db)
            .await
            .map_err(&doing)?
            .is_some()
        {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn rows(db: &mut Connection, from: &Path) -> Result<(), BackupError> {
    let mut reader = Reader::open(from).await?;
    let mut table: Option<(String, Vec<String>)> = None;
    let mut together: Vec<Vec<Value>> = Vec::with_capacity(TOGETHER);
    reader.head().await?;
    loop {
        let line = reader.next().await?;
        let full = together.len() == TOGETHER || !matches!(line, Some(Line::Row(_)));
        if full
            && !together.is_empty()
            && let Some((name, columns)) = &table
        {
            insert(db, name, columns, &mut together).await?;
        }
        match line {
            Some(Line::Row(row)) => together.push(row),
            Some(Line::Table { name, columns }) => table = Some((name, columns)),
            Some(Line::End(_)) => return Ok(()),
            Some(Line::Vireo { .. }) => return Err(reader.damaged("another backup begins")),
            None => return Err(reader.damaged("the end is missing")),
        }
    }
}

async fn insert(
    db: &mut Connection,
    table: &str,
    columns: &[String],
    together: &mut Vec<Vec<Value>>,
) -> Result<(), StoreError> {
    if table == "event" && matches!(db, Connection::Pg(_)) {
        partitions(db, columns, together).await?;
    }
    let mut number = 0;
    let mut one = || {
        let row = columns.iter().map(|_| {
            number += 1;
            format!("${number}")
        });
        format!("({})", row.collect::<Vec<_>>().join(", "))
    };
    let rows: Vec<String> = together.iter().map(|_| one()).collect();
    let sql = format!(
        "INSERT INTO {table} ({}) VALUES {}",
        columns.join(", "),
        rows.join(", ")
    );
    let mut statement = query(AssertSqlSafe(sql));
    for value in together.drain(..).flatten() {
        statement = statement.bind(value);
    }
    statement
        .execute(db)
        .await
        .map_err(failed("restore rows"))?;
    Ok(())
}

/// Makes the partitions of these events.
async fn partitions(
    db: &mut Connection,
    columns: &[String],
    events: &[Vec<Value>],
) -> Result<(), StoreError> {
    let Some(id) = columns.iter().position(|c| c == "id") else {
        return Ok(());
    };
    let mut last = None;
    for event in events {
        if let Some(Value::Number(id)) = event.get(id) {
            let number = pg::partition_of(*id);
            if last != Some(number) {
                pg::partition_make(db, number).await?;
                last = Some(number);
            }
        }
    }
    Ok(())
}
