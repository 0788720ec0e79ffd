//! An open database of either kind: who else may use it, and what its tables must look like.

use crate::StoreError;
use crate::connection::{Connection, Readers};
use crate::lease::Lease;
use crate::url::{DatabaseUrl, Target};
use crate::{lite, pg};
use sqlx::SqlSafeStr as _;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use std::fs::File;
use std::sync::Arc;

/// Connections that read at the same time.
pub(crate) const READERS: u32 = 4;

/// One step of the tables: its number, its name, its text on SQLite and on PostgreSQL.
type Step = (i64, &'static str, &'static str, &'static str);

const SPINE: &str = include_str!("../migrations/0001_spine.sql");
const EVENTS_LITE: &str = include_str!("../migrations/0002_events.lite.sql");
const EVENTS_PG: &str = include_str!("../migrations/0002_events.pg.sql");
const ADMINISTRATION: &str = include_str!("../migrations/0003_administration.sql");
const EVENT_NUMBERS: &str = include_str!("../migrations/0004_events_of_the_engine.sql");
const RIGHTS: &str = include_str!("../migrations/0005_rights.sql");

/// Every migration there ever was, in order. A file that has landed is never edited.
const MIGRATIONS: &[Step] = &[
    (1, "spine", SPINE, SPINE),
    (2, "events", EVENTS_LITE, EVENTS_PG),
    (3, "administration", ADMINISTRATION, ADMINISTRATION),
    (4, "events of the engine", EVENT_NUMBERS, EVENT_NUMBERS),
    (5, "rights", RIGHTS, RIGHTS),
];

/// The version of the tables that this program makes.
pub(crate) const SCHEMA: i64 = MIGRATIONS[MIGRATIONS.len() - 1].0;

/// An open database.
pub(crate) struct Database {
    pub writer: Connection,
    pub readers: Readers,
    pub guard: Guard,
    pub opener: Opener,
}

/// Keeps other openers out.
pub(crate) enum Guard {
    /// A locked file; free when it is dropped.
    File(#[expect(dead_code, reason = "it is held, not read")] File),
    /// A row of the database.
    Lease(Lease),
}

/// Makes further connections.
#[derive(Clone)]
pub(crate) enum Opener {
    Lite(Box<SqliteConnectOptions>),
    Pg(Box<PgConnectOptions>),
}

impl Opener {
    /// A connection for reading.
    pub async fn reading(&self) -> Result<Connection, StoreError> {
        match self {
            Opener::Lite(options) => lite::reading(options).await.map(Connection::Lite),
            Opener::Pg(options) => pg::connect(options).await,
        }
    }
}

/// The error of a statement, with a full disk and a lost connection told apart.
pub(crate) fn failed(doing: &'static str) -> impl Fn(sqlx::Error) -> StoreError {
    move |cause| {
        if lite::is_full(&cause) || pg::is_full(&cause) {
            StoreError::Full(cause)
        } else if pg::is_lost(&cause) {
            StoreError::Unreachable(Arc::new(cause))
        } else {
            StoreError::Database { doing, cause }
        }
    }
}

impl Database {
    /// Opens or makes it, for this opener alone, with the tables of `schema`.
    pub async fn open(url: &DatabaseUrl, holder: &str, schema: i64) -> Result<Self, StoreError> {
        match url.target()? {
            Target::Lite(path) => lite::open(&path, schema).await,
            Target::Pg(options) => pg::open(*options, url, holder, schema).await,
        }
    }

    /// Gives it back.
    pub async fn close(self) -> Result<(), StoreError> {
        self.readers.close().await;
        let mut writer = self.writer;
        if let Guard::Lease(lease) = &self.guard {
            lease.release(&mut writer).await?;
        }
        writer.close().await.map_err(failed("close the database"))
    }
}

/// Brings the tables to a version.
pub(crate) async fn migrate(db: &mut Connection, schema: i64) -> Result<(), StoreError> {
    let lite = matches!(db, Connection::Lite(_));
    let migrations = MIGRATIONS.iter().map(|(version, description, sqlite, pg)| {
        let sql = if lite { *sqlite } else { *pg };
        Migration::new(
            *version,
            (*description).into(),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    });
    let migrator = Migrator::with_migrations(migrations.collect());
    let done = match db {
        Connection::Lite(db) => migrator.run_direct(Some(schema), db, false).await,
        Connection::Pg(db) => migrator.run_direct(Some(schema), db, false).await,
    };
    done.map_err(|e| match e {
        MigrateError::VersionMissing(found) => StoreError::Newer {
            found,
            known: SCHEMA,
        },
        e => StoreError::Migrate(e),
    })
}
