//! Connections: how the file is opened, who else may, and what its tables must look like.

use crate::StoreError;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, SqlSafeStr};
use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

/// Every migration there ever was, in order. A file that has landed is never edited.
const MIGRATIONS: &[(i64, &str, &str)] =
    &[(1, "spine", include_str!("../migrations/0001_spine.sql"))];

/// Connections that read events at the same time.
const READERS: u32 = 4;

/// An open database.
pub(crate) struct Database {
    pub writer: SqliteConnection,
    pub readers: SqlitePool,
    /// Keeps other openers out as long as it lives.
    pub lock: File,
}

/// The error of a statement, with a full disk told apart.
pub(crate) fn failed(doing: &'static str) -> impl Fn(sqlx::Error) -> StoreError {
    move |cause| {
        // SQLite's SQLITE_FULL is 13; its extended codes keep it in the lowest byte.
        let code = cause
            .as_database_error()
            .and_then(|e| e.code())
            .and_then(|c| c.parse::<u32>().ok());
        match code {
            Some(code) if code & 0xff == 13 => StoreError::Full(cause),
            _ => StoreError::Database { doing, cause },
        }
    }
}

impl Database {
    /// Opens or makes the file, for this opener alone.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let lock = lock(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .disable_statement_logging();
        let mut writer = options
            .connect()
            .await
            .map_err(failed("open the database"))?;
        migrate(&mut writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_lazy_with(options.create_if_missing(false).read_only(true));
        Ok(Database {
            writer,
            readers,
            lock,
        })
    }
}

/// A lock on a file beside the database: SQLite's own locks let several writers in.
fn lock(path: &Path) -> Result<File, StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let open = |cause| StoreError::Open {
        path: name.to_string_lossy().into_owned(),
        cause,
    };
    let file = File::options()
        .create(true)
        .append(true)
        .open(&name)
        .map_err(open)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse {
            path: path.display().to_string(),
        }),
        Err(TryLockError::Error(cause)) => Err(open(cause)),
    }
}

async fn migrate(writer: &mut SqliteConnection) -> Result<(), StoreError> {
    let migrations = MIGRATIONS.iter().map(|(version, description, sql)| {
        Migration::new(
            *version,
            (*description).into(),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    });
    let migrator = Migrator::with_migrations(migrations.collect());
    migrator.run(writer).await.map_err(|e| match e {
        MigrateError::VersionMissing(found) => StoreError::Newer {
            found,
            known: MIGRATIONS.last().map_or(0, |m| m.0),
        },
        e => StoreError::Migrate(e),
    })
}
