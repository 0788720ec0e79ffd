//! The handle that everybody holds.

use crate::backup::{self, Backup, BackupError};
use crate::batch::{Batch, CommitObserver, Committed, StoreError};
use crate::connection::{Readers, query};
use crate::contents::Contents;
use crate::database::{Database, Opener, SCHEMA, failed};
use crate::load::load;
use crate::pg::partition_of;
use crate::query::{EventQuery, events};
use crate::url::DatabaseUrl;
use crate::writer::{Observers, Request, Tally, Writer};
use base::Timestamp;
use domain::events::Event;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock, PoisonError};
use tokio::sync::{mpsc, oneshot, watch};

/// Requests that may wait for the writer before committers wait to get in line.
const LINE: usize = 1024;

/// The durable state. Cheap to clone; all clones are one store.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    line: mpsc::Sender<Request>,
    readers: Readers,
    opener: Opener,
    observers: Observers,
    tally: Arc<Tally>,
    closing: watch::Sender<bool>,
    /// The database, once somebody else has taken it over.
    taken: Arc<OnceLock<String>>,
}

/// How much the writer has done since the store was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreStats {
    /// Batches, those that were refused included.
    pub batches: u64,
    /// Transactions that were committed and synced; fewer than batches when committers queue.
    pub transactions: u64,
}

impl Store {
    /// Opens the SQLite file at `path`, makes it if it is not there, brings its tables to this version
    /// and reads what it holds. O(objects).
    ///
    /// # Errors
    /// `Newer` for a database of a newer version, `InUse` when somebody else has it open, `Corrupt`
    /// when a row can't be read.
    pub async fn open(path: &Path) -> Result<(Store, Contents), StoreError> {
        Self::connect(&DatabaseUrl::file(path), "").await
    }

    /// Opens a database of either kind for `holder`: a name of this engine that it keeps when it
    /// starts again, and that no other engine has. A SQLite file is made if it is not there; a
    /// PostgreSQL database must be there, its tables are made. Reads what it holds: O(objects).
    ///
    /// # Errors
    /// As `open`; `Unreachable` and `Unfit` for servers. `InUse` for a PostgreSQL database that
    /// another engine holds, up to half a minute after that engine was killed; the same holder may
    /// have it again at once.
    pub async fn connect(url: &DatabaseUrl, holder: &str) -> Result<(Store, Contents), StoreError> {
        Self::start(Database::open(url, holder, SCHEMA).await?).await
    }

    async fn start(mut database: Database) -> Result<(Store, Contents), StoreError> {
        let (contents, counters) = match load(&mut database.writer).await {
            Ok(loaded) => loaded,
            Err(e) => {
                // What could not be read is told; that it could not be closed either is no news.
                let _ = database.close().await;
                return Err(e);
            }
        };
        let Database {
            writer,
            readers,
            guard,
            opener,
        } = database;
        let (line, requests) = mpsc::channel(LINE);
        let (closing, close) = watch::channel(false);
        let observers = Observers::default();
        let tally = Arc::<Tally>::default();
        let taken = Arc::<OnceLock<String>>::default();
        let writer = Writer {
            db: writer,
            broken: false,
            down: false,
            guard,
            opener: opener.clone(),
            partition: partition_of(counters.event) - 1,
            counters,
            cut_at: 0,
            observers: observers.clone(),
            tally: tally.clone(),
            closing: close,
            taken: taken.clone(),
        };
        tokio::spawn(writer.run(requests));
        let store = Store(Arc::new(Inner {
            line,
            readers,
            opener,
            observers,
            tally,
            closing,
            taken,
        }));
        Ok((store, contents))
    }

    /// Adds an observer of commits, told in commit order before the committer gets its answer.
    pub fn observe(&self, observer: Arc<dyn CommitObserver>) {
        self.0
            .observers
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(observer);
    }

    /// Makes a batch durable: all of it or nothing. Once called it goes its way, even if the caller
    /// stops waiting.
    ///
    /// # Errors
    /// See `StoreError`; nothing happened then.
    pub async fn commit(&self, batch: Batch) -> Result<Committed, StoreError> {
        self.ask(|answer| Request::Commit(batch, answer)).await
    }

    /// Does the database answer, and does the writer still work?
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        if self.0.line.is_closed() {
            return Err(self.over());
        }
        let asked = query("SELECT 1").read(&self.0.readers).await;
        asked.map_err(failed("read from the database"))?;
        Ok(())
    }

    /// Events that fit a query. O(events between the ids asked for) where no index fits.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn events(&self, query: EventQuery) -> Result<Vec<Event>, StoreError> {
        match events(&self.0.readers, &query).await {
            Err(StoreError::Database {
                cause: sqlx::Error::PoolClosed,
                ..
            }) => Err(StoreError::Closed),
            other => other,
        }
    }

    /// One event by its id.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn event(&self, id: i64) -> Result<Option<Event>, StoreError> {
        let just_this = EventQuery {
            from: Some(id.saturating_sub(1)),
            before: Some(id.saturating_add(1)),
            ..EventQuery::default()
        };
        Ok(self.events(just_this).await?.pop())
    }

    /// Removes events older than `before`, but for the newest of all; answers how many.
    ///
    /// # Errors
    /// When the database can't be written.
    pub async fn events_prune(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.ask(|answer| Request::Prune(before, answer)).await
    }

    /// Writes everything as of one moment to a new file that can be restored onto either kind of
    /// database; commits go on meanwhile. Returns when the file is on the disk. O(contents).
    ///
    /// # Errors
    /// When the file is there already or can't be written, or the database can't be read.
    pub async fn backup(&self, to: &Path) -> Result<Backup, BackupError> {
        backup::write(&self.0.opener, to).await
    }

    /// Fills the new database `to` from a backup, all of it or nothing; a SQLite file is made if it
    /// is not there. Whoever opens the store next, as `holder` or half a minute later, goes on from
    /// the moment of the backup.
    ///
    /// # Errors
    /// `Damaged` and `Newer` for a file that can't be used, before the database is touched;
    /// `NotEmpty` when there is something in the database; `Store` when it fails.
    pub async fn restore(
        from: &Path,
        to: &DatabaseUrl,
        holder: &str,
    ) -> Result<Backup, BackupError> {
        backup::restore(from, to, holder).await
    }

    /// How much has been done.
    #[must_use]
    pub fn stats(&self) -> StoreStats {
        StoreStats {
            batches: self.0.tally.batches.load(Ordering::Relaxed),
            transactions: self.0.tally.transactions.load(Ordering::Relaxed),
        }
    }

    /// Finishes what was accepted and closes the database. Later calls answer `Closed`; closing
    /// twice is closing once.
    pub async fn close(&self) {
        self.0.closing.send_replace(true);
        self.0.readers.close().await;
        let (done, closed) = oneshot::channel();
        if self.0.line.send(Request::Close(done)).await.is_ok() {
            // Somebody else's close may have come first: then the writer is gone already.
            let _ = closed.await;
        }
        self.0.line.closed().await;
    }

    async fn ask<T>(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Request,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let sent = self.0.line.send(request(answer)).await;
        sent.map_err(|_| self.over())?;
        answered.await.unwrap_or_else(|_| Err(self.over()))
    }

    /// Why the writer is gone.
    fn over(&self) -> StoreError {
        match self.0.taken.get() {
            Some(path) => StoreError::InUse { path: path.clone() },
            None => StoreError::Closed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::{Change, Write};
    use base::WorkflowId;
    use domain::events::{About, NewEvent, Severity};
    use testkit::TestDir;

    fn events(count: usize) -> Batch {
        let event = NewEvent {
            code: 1,
            severity: Severity::Normal,
            message: "x".repeat(1000),
            at: Timestamp(1),
            correlation_id: String::new(),
            about: About::default(),
            external: None,
        };
        Batch {
            writes: vec![Write::Event(event); count],
        }
    }

    #[tokio::test]
    async fn on_a_full_disk_nothing_happens_by_halves_and_what_fits_still_goes() {
        let dir = TestDir::new();
        let path = dir.join("engine.db");
        let url = DatabaseUrl::file(&path);
        let mut database = Database::open(&url, "", SCHEMA).await.unwrap();
        let small = "PRAGMA max_page_count = 200";
        database.writer.say(small).await.unwrap();
        let (store, _) = Store::start(database).await.unwrap();
        let (small, big, other) = tokio::join!(
            store.commit(events(2)),
            store.commit(events(2000)),
            store.commit(events(1))
        );
        let e = big.unwrap_err();
        assert!(matches!(e, StoreError::Full(_)), "{e}");
        let numbers = |c: Committed| -> Vec<i64> {
            c.changes
                .iter()
                .map(|c| match c {
                    Change::Event(e) => e.id,
                    other => panic!("{other:?}"),
                })
                .collect()
        };
        assert_eq!(numbers(small.unwrap()), [1, 2]);
        assert_eq!(numbers(other.unwrap()), [3]);
        // Fill it up, make room, go on.
        while store.commit(events(20)).await.is_ok() {}
        assert!(matches!(
            store.commit(events(20)).await,
            Err(StoreError::Full(_))
        ));
        let full = store.events(EventQuery::default()).await.unwrap().len();
        assert_eq!(full % 20, 3, "whole batches only");
        let removed = store.events_prune(Timestamp(2)).await.unwrap();
        assert_eq!(usize::try_from(removed).unwrap(), full - 1);
        store.commit(events(20)).await.unwrap();
        let mut forget = Batch::new();
        forget.forget_workflow(WorkflowId::known(1));
        store.commit(forget).await.unwrap();
        store.close().await;
        let (store, contents) = Store::open(&path).await.unwrap();
        assert_eq!(contents.events.len(), 21);
        store.close().await;
    }
}
