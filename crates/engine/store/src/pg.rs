//! What only PostgreSQL knows: how a session is set, when a server is gone, and events in ranges.

use crate::StoreError;
use crate::connection::{Connection, Readers, query};
use crate::database::{Database, Guard, Opener, READERS, failed, migrate};
use crate::lease::Lease;
use crate::url::DatabaseUrl;
use base::Timestamp;
use sqlx::postgres::{PgConnectOptions, PgDatabaseError, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions as _};
use std::collections::BTreeSet;
use std::io;
use std::time::Duration;
use tracing::warn;

/// The oldest server whose partitions do what is asked of them here.
const OLDEST: i64 = 130_000;
/// How long a connection may take to come up, and a reader to get one.
const PATIENCE: Duration = Duration::from_secs(5);
/// Events that share a partition: some 30 MB.
pub(crate) const EVENTS_PER_PARTITION: i64 = 100_000;
const LOCK_NOT_AVAILABLE: &str = "55P03";
const DISK_FULL: &str = "53100";

/// Durable commits; an end to waiting for locks; sessions of a vanished engine end soon; and no notes on
/// tables that are there already.
const SETTINGS: &str = "SET synchronous_commit = on; SET lock_timeout = '2s'; \
    SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = warning; \
    SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3";

/// Opens the database, which must be there, for this opener alone.
pub(crate) async fn open(
    options: PgConnectOptions,
    url: &DatabaseUrl,
    holder: &str,
    schema: i64,
) -> Result<Database, StoreError> {
    let options = options
        .application_name("vireo-engine")
        .disable_statement_logging();
    let mut writer = connect(&options).await?;
    check(&mut writer).await?;
    // Tables are changed by whoever holds the lease: an engine at work is never migrated away.
    let lease = Lease::take(&mut writer, &url.to_string(), holder).await?;
    if let Err(e) = migrate(&mut writer, schema).await {
        // It is not known whether the session still works; the lease then runs out by itself.
        let _ = lease.release(&mut writer).await;
        return Err(e);
    }
    let readers = PgPoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(PATIENCE)
        .connect_lazy_with(options.clone());
    Ok(Database {
        writer,
        readers: Readers::Pg(readers),
        guard: Guard::Lease(lease),
        opener: Opener::Pg(Box::new(options)),
    })
}

/// A new session with our settings.
pub(crate) async fn connect(options: &PgConnectOptions) -> Result<Connection, StoreError> {
    let doing = "connect to PostgreSQL";
    let connected = tokio::time::timeout(PATIENCE, options.connect()).await;
    let connected = connected.map_err(|_| failed(doing)(too_late()))?;
    let mut db = Connection::Pg(connected.map_err(failed(doing))?);
    db.say(SETTINGS).await.map_err(failed(doing))?;
    Ok(db)
}

/// Refuses servers that would not keep our promises.
async fn check(db: &mut Connection) -> Result<(), StoreError> {
    let doing = failed("ask the server for its settings");
    let row = query(
        "SELECT CAST(current_setting('server_version_num') AS BIGINT), \
         current_setting('server_encoding'), current_setting('fsync')",
    )
    .first(db)
    .await
    .map_err(&doing)?;
    let row = row.ok_or_else(|| doing(sqlx::Error::RowNotFound))?;
    let version = row.number(0).map_err(&doing)?;
    if version < OLDEST {
        return Err(StoreError::Unfit(format!(
            "PostgreSQL {} is too old; {} or newer is needed",
            version / 10_000,
            OLDEST / 10_000
        )));
    }
    let encoding = row.text(1).map_err(&doing)?;
    if encoding != "UTF8" {
        return Err(StoreError::Unfit(format!(
            "its encoding is {encoding}; make it with ENCODING 'UTF8'"
        )));
    }
    if row.text(2).map_err(&doing)? != "on" {
        warn!("PostgreSQL runs with fsync off: a power cut will destroy the database");
    }
    Ok(())
}

/// The error of an answer that did not come in time.
pub(crate) fn too_late() -> sqlx::Error {
    sqlx::Error::Io(io::Error::new(
        io::ErrorKind::TimedOut,
        "the database did not answer in time",
    ))
}

fn code(cause: &sqlx::Error) -> Option<&str> {
    let e = cause.as_database_error()?;
    Some(e.try_downcast_ref::<PgDatabaseError>()?.code())
}

/// Is the server's disk full?
pub(crate) fn is_full(cause: &sqlx::Error) -> bool {
    code(cause) == Some(DISK_FULL)
}

/// Did a lock not become free in time?
pub(crate) fn waited_in_vain(cause: &sqlx::Error) -> bool {
    code(cause) == Some(LOCK_NOT_AVAILABLE)
}

/// Is the connection gone, or was there none to be had? Another attempt may do better.
pub(crate) fn is_lost(cause: &sqlx::Error) -> bool {
    match cause {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::PoolTimedOut => true,
        // The server shuts down, starts, crashed, or has no connection left; or ended the session.
        _ => code(cause).is_some_and(|code| {
            code.starts_with("08")
                || matches!(
                    code,
                    "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "25P04" | "53300"
                )
        }),
    }
}

/// The partition in which an event is.
pub(crate) fn partition_of(event: i64) -> i64 {
    event.div_euclid(EVENTS_PER_PARTITION)
}

fn partition_name(number: i64) -> String {
    format!("event_p{number}")
}

/// Makes a partition unless it is there. Attached from a table of its own: readers are not waited
/// for.
pub(crate) async fn partition_make(db: &mut Connection, number: i64) -> Result<(), StoreError> {
    if partitions(db).await?.contains(&number) {
        return Ok(());
    }
    let name = partition_name(number);
    let from = number.saturating_mul(EVENTS_PER_PARTITION);
    let to = from.saturating_add(EVENTS_PER_PARTITION);
    // Several statements in one text are one transaction.
    let sql = format!(
        "CREATE TABLE {name} (LIKE event INCLUDING ALL); \
         ALTER TABLE event ATTACH PARTITION {name} FOR VALUES FROM ({from}) TO ({to})"
    );
    db.say(AssertSqlSafe(sql))
        .await
        .map_err(failed("make a partition for events"))
}

async fn partitions(db: &mut Connection) -> Result<BTreeSet<i64>, StoreError> {
    let doing = failed("list the partitions of events");
    let rows = query(
        "SELECT CAST(c.relname AS TEXT) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid \
         WHERE i.inhparent = CAST('event' AS regclass)",
    )
    .rows(db)
    .await
    .map_err(&doing)?;
    let mut numbers = BTreeSet::new();
    for row in rows {
        let name = row.text(0).map_err(&doing)?;
        numbers.extend(
            name.strip_prefix("event_p")
                .and_then(|n| n.parse::<i64>().ok()),
        );
    }
    Ok(numbers)
}

/// Removes whole partitions in which every event is older than `before`, up to but without that of
/// the event `newest`; answers how many events went. One that somebody reads is left for later.
/// Within a transaction.
pub(crate) async fn partitions_prune(
    db: &mut Connection,
    before: Timestamp,
    newest: i64,
) -> Result<u64, StoreError> {
    let doing = failed("remove a partition of old events");
    let mut removed = 0;
    let last = partition_of(newest);
    for number in partitions(db).await?.into_iter().filter(|n| *n < last) {
        let name = partition_name(number);
        // Nothing is older than the oldest moment there is: an empty one goes, too.
        let newest_in_it = format!("SELECT coalesce(max(at), {}) FROM {name}", i64::MIN);
        if one(db, newest_in_it).await.map_err(&doing)? >= before.0 {
            continue;
        }
        let held = format!("SELECT count(*) FROM {name}");
        let held = one(db, held).await.map_err(&doing)?;
        db.say("SAVEPOINT partition").await.map_err(&doing)?;
        match db.say(AssertSqlSafe(format!("DROP TABLE {name}"))).await {
            Ok(()) => removed += u64::try_from(held).unwrap_or(0),
            Err(e) if waited_in_vain(&e) => {
                let back = db.say("ROLLBACK TO partition").await;
                back.map_err(&doing)?;
            }
            Err(e) => return Err(doing(e)),
        }
        db.say("RELEASE partition").await.map_err(&doing)?;
    }
    Ok(removed)
}

async fn one(db: &mut Connection, sql: String) -> Result<i64, sqlx::Error> {
    let row = query(AssertSqlSafe(sql)).first(db).await?;
    row.ok_or(sqlx::Error::RowNotFound)?.number(0)
}
