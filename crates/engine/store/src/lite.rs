//! What only SQLite knows: the file, its mode, and the lock beside it.

use crate::StoreError;
use crate::connection::{Connection, Readers};
use crate::database::{Database, Guard, Opener, READERS, failed, migrate};
use sqlx::ConnectOptions as _;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteError, SqliteJournalMode, SqlitePoolOptions,
    SqliteSynchronous,
};
use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

/// SQLITE_FULL; its extended codes keep it in the lowest byte.
const FULL: u32 = 13;

/// Opens or makes the file, for this opener alone.
pub(crate) async fn open(path: &Path, schema: i64) -> Result<Database, StoreError> {
    let lock = lock(path)?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(10))
        .disable_statement_logging();
    let writer = options
        .connect()
        .await
        .map_err(failed("open the database"))?;
    let mut writer = Connection::Lite(writer);
    migrate(&mut writer, schema).await?;
    let options = options.create_if_missing(false).read_only(true);
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .connect_lazy_with(options.clone());
    Ok(Database {
        writer,
        readers: Readers::Lite(readers),
        guard: Guard::File(lock),
        opener: Opener::Lite(Box::new(options)),
    })
}

/// One more connection for reading.
pub(crate) async fn reading(
    options: &SqliteConnectOptions,
) -> Result<SqliteConnection, StoreError> {
    let opened = options.connect().await;
    opened.map_err(failed("open the database for reading"))
}

/// Is the disk full?
pub(crate) fn is_full(cause: &sqlx::Error) -> bool {
    cause
        .as_database_error()
        .filter(|e| e.try_downcast_ref::<SqliteError>().is_some())
        .and_then(|e| e.code()?.parse::<u32>().ok())
        .is_some_and(|code| code & 0xff == FULL)
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
