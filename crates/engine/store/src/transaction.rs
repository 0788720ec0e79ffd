//! What the writer does inside the database: transactions, and a new connection for a lost one.
//!
//! When the connection is lost nothing was written, unless it was lost during the commit: then the
//! database is asked, on a new connection, whether the last number of the feed is there. Taking up
//! the lease again first waits until the lost session's transaction has come to its end, so that the
//! answer is final.

use crate::apply::{Counters, apply};
use crate::batch::{Batch, Change, Committed, StoreError, Write};
use crate::connection::{Connection, query};
use crate::database::{Guard, Opener, failed};
use crate::pg;
use crate::writer::Writer;
use base::Timestamp;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tracing::{info, warn};

/// Changes the feed keeps.
const FEED_KEPT: i64 = 100_000;
/// The feed is cut each time it has grown by so many.
const FEED_SLACK: i64 = 10_000;
/// How long those who wait for the writer wait for a lost database, before they are told.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often one piece of work is begun on a new connection.
const ATTEMPTS: u32 = 3;
/// Pauses between attempts to connect: doubled up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

type Results = Vec<Result<Committed, StoreError>>;

/// A transaction that did not come to its end.
struct Stopped {
    cause: StoreError,
    /// What it would have answered, if it was on its last word already.
    at_commit: Option<Results>,
}

impl From<StoreError> for Stopped {
    fn from(cause: StoreError) -> Self {
        Stopped {
            cause,
            at_commit: None,
        }
    }
}

impl Writer {
    /// One transaction: a result for each batch, or an error when nothing at all happened (but for
    /// `Unclear`).
    pub async fn transaction(&mut self, batches: &[&Batch]) -> Result<Results, StoreError> {
        let mut attempt = 1;
        loop {
            self.connected().await?;
            let before = self.counters;
            let stopped = match self.try_transaction(batches).await {
                Ok(results) => return Ok(results),
                Err(stopped) => stopped,
            };
            let intended = std::mem::replace(&mut self.counters, before);
            self.abandon(&stopped).await;
            if !self.broken {
                self.note_taken(&stopped.cause);
                return Err(stopped.cause);
            }
            if let Some(results) = stopped.at_commit
                && self.became_true(intended).await?
            {
                self.counters = intended;
                self.count(batches);
                return Ok(results);
            }
            if attempt == ATTEMPTS {
                return Err(stopped.cause);
            }
            attempt += 1;
        }
    }

    async fn try_transaction(&mut self, batches: &[&Batch]) -> Result<Results, Stopped> {
        let mut results = Vec::with_capacity(batches.len());
        if batches.iter().all(|b| b.writes.is_empty()) {
            results.resize_with(batches.len(), || Ok(self.committed(Vec::new())));
            return Ok(results);
        }
        self.make_room(batches).await?;
        self.begin().await?;
        let mut any = false;
        for batch in batches {
            let before = self.counters;
            self.say("SAVEPOINT batch", "set a savepoint").await?;
            match apply(&mut self.db, batch, &mut self.counters).await {
                Ok(changes) => {
                    any |= !changes.is_empty();
                    results.push(Ok(self.committed(changes)));
                }
                Err(
                    refused @ (StoreError::Lost { .. }
                    | StoreError::LostWorkflow { .. }
                    | StoreError::Claimed { .. }
                    | StoreError::Corrupt { .. }),
                ) => {
                    self.say("ROLLBACK TO batch", "roll back to a savepoint")
                        .await?;
                    self.counters = before;
                    results.push(Err(refused));
                }
                Err(broken) => return Err(broken.into()),
            }
            self.say("RELEASE batch", "release a savepoint").await?;
        }
        if !any {
            self.say("ROLLBACK", "roll back").await?;
            let many = batches.len() as u64;
            self.tally.batches.fetch_add(many, Ordering::Relaxed);
            return Ok(results);
        }
        let cut_at = self.cut_feed().await?;
        if let Err(cause) = self.say("COMMIT", "commit").await {
            return Err(Stopped {
                cause,
                at_commit: Some(results),
            });
        }
        self.cut_at = cut_at;
        self.count(batches);
        Ok(results)
    }

    fn count(&self, batches: &[&Batch]) {
        let many = batches.len() as u64;
        self.tally.transactions.fetch_add(1, Ordering::Relaxed);
        self.tally.batches.fetch_add(many, Ordering::Relaxed);
    }

    fn committed(&self, changes: Vec<Change>) -> Committed {
        Committed {
            seq: self.counters.seq,
            changes,
        }
    }

    async fn say(&mut self, sql: &'static str, doing: &'static str) -> Result<(), StoreError> {
        self.db.say(sql).await.map_err(failed(doing))
    }

    /// Begins a transaction that no other writer can come between.
    async fn begin(&mut self) -> Result<(), StoreError> {
        match &self.guard {
            Guard::File(_) => self.say("BEGIN IMMEDIATE", "begin a transaction").await,
            Guard::Lease(_) => {
                self.say("BEGIN", "begin a transaction").await?;
                self.renew().await
            }
        }
    }

    async fn renew(&mut self) -> Result<(), StoreError> {
        match &self.guard {
            Guard::File(_) => Ok(()),
            Guard::Lease(lease) => lease.renew(&mut self.db).await,
        }
    }

    /// Rolls back what was stopped, or finds out that the connection is gone.
    async fn abandon(&mut self, stopped: &Stopped) {
        let lost = match &stopped.cause {
            StoreError::Unreachable(_) => true,
            // On its last word only the server's own refusal says that nothing was written.
            StoreError::Database { cause, .. } if stopped.at_commit.is_some() => {
                cause.as_database_error().is_none()
            }
            _ => false,
        };
        match &self.db {
            // SQLite may have rolled back by itself (a full disk); then there is nothing to do.
            Connection::Lite(_) => drop(self.db.say("ROLLBACK").await),
            Connection::Pg(_) => self.broken = lost || self.db.say("ROLLBACK").await.is_err(),
        }
    }

    /// Are the numbers up to `intended` in the feed? Only the database knows, and it is asked until
    /// it answers or the store is closed.
    async fn became_true(&mut self, intended: Counters) -> Result<bool, StoreError> {
        warn!("the database was lost during a commit");
        loop {
            if let Err(e) = self.reconnect(Duration::MAX).await {
                warn!("what became of a commit stays unknown: {e}");
                return Err(StoreError::Unclear);
            }
            let last = query("SELECT seq FROM change WHERE seq = $1").bind(intended.seq);
            match last.first(&mut self.db).await {
                Ok(row) => {
                    let done = row.is_some();
                    info!("the commit was {}", if done { "made" } else { "not made" });
                    return Ok(done);
                }
                Err(e) => {
                    warn!("the feed could not be read: {e}");
                    self.broken = true;
                }
            }
        }
    }

    /// A connection that may work.
    async fn connected(&mut self) -> Result<(), StoreError> {
        if !self.broken {
            return Ok(());
        }
        let patience = if self.down { Duration::ZERO } else { PATIENCE };
        self.reconnect(patience).await
    }

    /// Connects anew, again and again until `patience` is over or the store is closed.
    async fn reconnect(&mut self, patience: Duration) -> Result<(), StoreError> {
        let since = Instant::now();
        let mut pause = FIRST_PAUSE;
        loop {
            match self.try_reconnect().await {
                Ok(()) => {
                    info!("connected to the database again");
                    (self.broken, self.down) = (false, false);
                    return Ok(());
                }
                Err(e) if self.note_taken(&e) || since.elapsed() >= patience => {
                    self.down = true;
                    return Err(e);
                }
                Err(_) => {}
            }
            tokio::select! {
                _ = self.closing.wait_for(|closing| *closing) => return Err(StoreError::Closed),
                () = tokio::time::sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
            }
        }
    }

    async fn try_reconnect(&mut self) -> Result<(), StoreError> {
        if let (Opener::Pg(options), Guard::Lease(lease)) = (&self.opener, &mut self.guard) {
            let mut db = pg::connect(options).await?;
            lease.retake(&mut db).await?;
            self.db = db;
        }
        Ok(())
    }

    /// Remembers that another engine has the database now.
    fn note_taken(&self, e: &StoreError) -> bool {
        let StoreError::InUse { path } = e else {
            return false;
        };
        let _ = self.taken.set(path.clone());
        true
    }

    /// Keeps the lease while there is nothing to do.
    pub async fn keep(&mut self) {
        let mut kept = if self.broken {
            self.reconnect(Duration::ZERO).await
        } else {
            self.renew().await
        };
        if let Err(StoreError::Unreachable(_)) = kept
            && !self.broken
        {
            self.broken = true;
            kept = self.reconnect(Duration::ZERO).await;
        }
        if let Err(e) = kept {
            self.note_taken(&e);
            warn!("the database's lease was not renewed: {e}");
        }
    }

    /// Makes the partitions that the events of these batches need, and one ahead.
    async fn make_room(&mut self, batches: &[&Batch]) -> Result<(), StoreError> {
        if matches!(self.db, Connection::Lite(_)) {
            return Ok(());
        }
        let events = batches.iter().flat_map(|b| &b.writes);
        let events = events.filter(|w| matches!(w, Write::Event(_))).count();
        let last = self.counters.event + i64::try_from(events).unwrap_or(0);
        let needed = pg::partition_of(last);
        while self.partition <= needed {
            let next = self.partition + 1;
            match pg::partition_make(&mut self.db, next).await {
                Ok(()) => self.partition = next,
                // The one ahead can wait.
                Err(e @ StoreError::Database { .. }) if next > needed => {
                    warn!("a partition for events to come was not made: {e}");
                    break;
                }
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    /// Keeps the feed's size within bounds; answers up to where it was cut last.
    async fn cut_feed(&mut self) -> Result<i64, StoreError> {
        let keep_from = self.counters.seq - FEED_KEPT;
        if keep_from - self.cut_at < FEED_SLACK {
            return Ok(self.cut_at);
        }
        query("DELETE FROM change WHERE seq < $1")
            .bind(keep_from)
            .execute(&mut self.db)
            .await
            .map_err(failed("cut the change feed"))?;
        Ok(keep_from)
    }

    /// Removes old events; the newest one stays, so that numbers are never given out twice.
    pub async fn prune(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        let mut attempt = 1;
        loop {
            self.connected().await?;
            let cause = match self.try_prune(before).await {
                Ok(removed) => return Ok(removed),
                Err(cause) => cause,
            };
            let stopped = Stopped::from(cause);
            self.abandon(&stopped).await;
            // What is done twice is done once here; only the number may be too small.
            if !self.broken || attempt == ATTEMPTS {
                self.note_taken(&stopped.cause);
                return Err(stopped.cause);
            }
            attempt += 1;
        }
    }

    async fn try_prune(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        self.begin().await?;
        let newest = self.counters.event;
        let whole = match &self.db {
            Connection::Lite(_) => 0,
            Connection::Pg(_) => pg::partitions_prune(&mut self.db, before, newest).await?,
        };
        let single = query("DELETE FROM event WHERE at < $1 AND id < $2")
            .bind(before.0)
            .bind(newest)
            .execute(&mut self.db)
            .await
            .map_err(failed("remove old events"))?;
        self.say("COMMIT", "commit").await?;
        Ok(whole + single)
    }
}
