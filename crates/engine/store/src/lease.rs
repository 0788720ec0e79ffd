//! Who may write to a PostgreSQL database: one row that says who holds it and until when.
//!
//! Each write transaction begins by renewing the row, and so locks it: a holder that was replaced
//! finds nothing to renew and writes nothing, however late it comes. An advisory lock on the
//! holder's session tells a crash from a holder that is merely slow, so that an engine that was
//! killed comes back at once; another one waits until the lease has run out.

use crate::StoreError;
use crate::connection::{Connection, Query, query};
use crate::database::failed;
use crate::pg::waited_in_vain;
use base::{OsRandom, Random as _};

/// What is held. Further names may be leased apart when several engines share the database.
const NAME: &str = "writer";
/// First half of the advisory lock's key; the second is the lease's number.
const LOCK: i64 = 0x5669;
/// Seconds that a lease lasts; renewed by every commit, and three times as often when idle.
pub(crate) const SECONDS: u64 = 30;

const TABLE: &str = "CREATE TABLE IF NOT EXISTS lease (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    session TEXT NOT NULL,
    number BIGINT NOT NULL,
    until BIGINT NOT NULL
)";
/// The database's own clock: engines need not agree on the time.
const READ: &str = "SELECT holder, number, until, \
    CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) FROM lease WHERE name = $1";
const TAKE: &str = "UPDATE lease SET holder = $2, session = $3, number = number + 1, \
    until = CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) + $5 \
    WHERE name = $1 AND number = $4";
const RENEW: &str = "UPDATE lease SET \
    until = CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) + $3 \
    WHERE name = $1 AND session = $2";

/// A lease that is held.
#[derive(Clone)]
pub(crate) struct Lease {
    /// Shown to whoever is turned away.
    database: String,
    /// Made anew by each opener.
    session: String,
    number: i64,
    /// The server process of the connection that holds the lock.
    backend: Option<Backend>,
}

/// A server process; numbers come again, the moment of its start tells them apart.
#[derive(Clone)]
struct Backend {
    pid: i64,
    started: String,
}

fn microseconds() -> i64 {
    i64::try_from(SECONDS)
        .unwrap_or(0)
        .saturating_mul(1_000_000)
}

impl Lease {
    /// Takes the lease for `holder`, or says that somebody else has it.
    pub async fn take(
        db: &mut Connection,
        database: &str,
        holder: &str,
    ) -> Result<Self, StoreError> {
        let doing = failed("take the database's lease");
        // Two that make the table at once would disturb each other.
        db.say("BEGIN").await.map_err(&doing)?;
        query("SELECT pg_advisory_xact_lock($1)")
            .bind(LOCK)
            .execute(db)
            .await
            .map_err(&doing)?;
        db.say(TABLE).await.map_err(&doing)?;
        query(
            "INSERT INTO lease (name, holder, session, number, until) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (name) DO NOTHING",
        )
        .bind(NAME)
        .bind("")
        .bind("")
        .bind(0i64)
        .bind(0i64)
        .execute(db)
        .await
        .map_err(&doing)?;
        db.say("COMMIT").await.map_err(&doing)?;
        let in_use = || StoreError::InUse {
            path: database.to_owned(),
        };
        let row = query(READ).bind(NAME).first(db).await.map_err(&doing)?;
        let row = row.ok_or_else(in_use)?;
        let number = row.number(1).map_err(&doing)?;
        let until = row.number(2).map_err(&doing)?;
        if until > row.number(3).map_err(&doing)? {
            let same = row.text(0).map_err(&doing)? == holder;
            // Its own session of before may need a moment to end.
            if !same || !lock(db, number).await? {
                return Err(in_use());
            }
            unlock(db, number).await.map_err(&doing)?;
        }
        let session = OsRandom.uuid().to_string();
        let taken = query(TAKE)
            .bind(NAME)
            .bind(holder)
            .bind(&session)
            .bind(number)
            .bind(microseconds())
            .execute(db)
            .await;
        match taken {
            Ok(1) => {}
            Ok(_) => return Err(in_use()),
            Err(e) if waited_in_vain(&e) => return Err(in_use()),
            Err(e) => return Err(doing(e)),
        }
        let mut lease = Lease {
            database: database.to_owned(),
            session,
            number: number + 1,
            backend: None,
        };
        lease.settle(db).await?;
        Ok(lease)
    }

    /// Takes it up again on a new connection. Returns when no transaction of the connection before
    /// is under way any more: what it wrote is seen now, or never.
    pub async fn retake(&mut self, db: &mut Connection) -> Result<(), StoreError> {
        let doing = failed("take up the database's lease again");
        if let Some(backend) = &self.backend {
            query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE pid = $1 AND CAST(backend_start AS TEXT) = $2 AND pid <> pg_backend_pid()",
            )
            .bind(backend.pid)
            .bind(&backend.started)
            .execute(db)
            .await
            .map_err(&doing)?;
        }
        // The row is locked by each write transaction: this waits for the last one's end.
        self.renew(db).await?;
        self.settle(db).await
    }

    /// Locks and remembers the session.
    async fn settle(&mut self, db: &mut Connection) -> Result<(), StoreError> {
        let doing = failed("lock the database's lease");
        if !lock(db, self.number).await? {
            return Err(self.lost());
        }
        let row = query(
            "SELECT pid, CAST(backend_start AS TEXT) FROM pg_stat_activity \
             WHERE pid = pg_backend_pid()",
        )
        .first(db)
        .await
        .map_err(&doing)?;
        self.backend = match row {
            Some(row) => Some(Backend {
                pid: row.number(0).map_err(&doing)?,
                started: row.text_or_none(1).map_err(&doing)?.unwrap_or_default(),
            }),
            None => None,
        };
        Ok(())
    }

    /// Prolongs it; within a transaction it also keeps every other writer out until its end.
    pub async fn renew(&self, db: &mut Connection) -> Result<(), StoreError> {
        let renewed = self.renewal().bind(microseconds()).execute(db).await;
        match renewed.map_err(failed("renew the database's lease"))? {
            1 => Ok(()),
            _ => Err(self.lost()),
        }
    }

    /// Gives it up at once; one that was lost is left to its holder.
    pub async fn release(&self, db: &mut Connection) -> Result<(), StoreError> {
        self.renewal()
            .bind(-microseconds())
            .execute(db)
            .await
            .map_err(failed("release the database's lease"))?;
        Ok(())
    }

    fn renewal(&self) -> Query {
        query(RENEW).bind(NAME).bind(&self.session)
    }

    fn lost(&self) -> StoreError {
        StoreError::InUse {
            path: self.database.clone(),
        }
    }
}

/// Waits for the lock as long as the connection's lock timeout allows.
async fn lock(db: &mut Connection, number: i64) -> Result<bool, StoreError> {
    let locked = query("SELECT pg_advisory_lock(CAST($1 AS INTEGER), CAST($2 AS INTEGER))")
        .bind(LOCK)
        .bind(number)
        .execute(db)
        .await;
    match locked {
        Ok(_) => Ok(true),
        Err(e) if waited_in_vain(&e) => Ok(false),
        Err(e) => Err(failed("lock the database's lease")(e)),
    }
}

async fn unlock(db: &mut Connection, number: i64) -> Result<(), sqlx::Error> {
    query("SELECT pg_advisory_unlock(CAST($1 AS INTEGER), CAST($2 AS INTEGER))")
        .bind(LOCK)
        .bind(number)
        .execute(db)
        .await
        .map(drop)
}
