//! The one writer: takes batches in order, commits those that wait together with one sync, tells
//! the observers, answers.

use crate::apply::{Counters, apply};
use crate::batch::{Batch, Change, CommitObserver, Committed, StoreError};
use crate::database::failed;
use base::Timestamp;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, query};
use std::fs::File;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::{mpsc, oneshot};
use tracing::{error, warn};

/// Batches that are committed together at most.
const GROUP_MAX: usize = 256;
/// Changes the feed keeps.
const FEED_KEPT: i64 = 100_000;
/// The feed is cut each time it has grown by so many.
const FEED_SLACK: i64 = 10_000;

/// Who is told of commits.
pub(crate) type Observers = Arc<RwLock<Vec<Arc<dyn CommitObserver>>>>;
type Answer<T> = oneshot::Sender<Result<T, StoreError>>;

/// What the writer is asked for.
pub(crate) enum Request {
    Commit(Batch, Answer<Committed>),
    Prune(Timestamp, Answer<u64>),
    Close(oneshot::Sender<()>),
}

/// What the writer has done since it started.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub batches: AtomicU64,
    pub transactions: AtomicU64,
}

pub(crate) struct Writer {
    pub db: SqliteConnection,
    pub lock: File,
    pub counters: Counters,
    pub cut_at: i64,
    pub observers: Observers,
    pub tally: Arc<Tally>,
}

type Waiting = (Batch, Answer<Committed>);

impl Writer {
    /// Works until it is told to close or nobody holds the store any more.
    pub async fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        let mut batch = Vec::new();
        let told = 'work: loop {
            if requests.recv_many(&mut batch, GROUP_MAX).await == 0 {
                break None;
            }
            let mut group: Vec<Waiting> = Vec::new();
            for request in batch.drain(..) {
                match request {
                    Request::Commit(batch, answer) => group.push((batch, answer)),
                    Request::Prune(before, answer) => {
                        self.commit(std::mem::take(&mut group)).await;
                        // Nobody waits for the answer any more: it is done all the same.
                        let _ = answer.send(self.prune(before).await);
                    }
                    Request::Close(done) => {
                        self.commit(group).await;
                        // Whoever stands behind it in the line is answered by the dropped channel.
                        break 'work Some(done);
                    }
                }
            }
            self.commit(group).await;
        };
        drop(requests);
        if let Err(e) = self.db.close().await {
            warn!("the database was not closed cleanly: {e}");
        }
        drop(self.lock);
        if let Some(told) = told {
            let _ = told.send(());
        }
    }

    /// Commits a group, or, when the database fails in the middle of it, each batch by itself.
    async fn commit(&mut self, group: Vec<Waiting>) {
        if group.len() > 1 {
            let batches: Vec<&Batch> = group.iter().map(|(b, _)| b).collect();
            match self.transaction(&batches).await {
                Ok(results) => {
                    for ((_, answer), result) in group.into_iter().zip(results) {
                        self.finish(answer, result);
                    }
                    return;
                }
                Err(e) => {
                    let many = group.len();
                    warn!("a commit of {many} batches failed, trying one by one: {e}");
                }
            }
        }
        for (batch, answer) in group {
            let result = match self.transaction(&[&batch]).await {
                Ok(mut results) => results.pop().unwrap_or(Err(StoreError::Closed)),
                Err(e) => {
                    error!("a commit failed: {e}");
                    Err(e)
                }
            };
            self.finish(answer, result);
        }
    }

    /// Tells the observers, then the committer.
    fn finish(&self, answer: Answer<Committed>, result: Result<Committed, StoreError>) {
        if let Ok(committed) = &result
            && !committed.changes.is_empty()
        {
            let observers = self
                .observers
                .read()
                .unwrap_or_else(PoisonError::into_inner);
            for observer in observers.iter() {
                observer.committed(committed);
            }
        }
        // A committer that went away has its commit all the same.
        let _ = answer.send(result);
    }

    /// One transaction: a result for each batch, or an error when nothing at all happened.
    async fn transaction(
        &mut self,
        batches: &[&Batch],
    ) -> Result<Vec<Result<Committed, StoreError>>, StoreError> {
        let before = self.counters;
        let result = self.try_transaction(batches).await;
        if result.is_err() {
            self.counters = before;
            // SQLite may have rolled back by itself (a full disk); then there is nothing to do.
            let _ = query("ROLLBACK").execute(&mut self.db).await;
        }
        result
    }

    async fn try_transaction(
        &mut self,
        batches: &[&Batch],
    ) -> Result<Vec<Result<Committed, StoreError>>, StoreError> {
        let mut results = Vec::with_capacity(batches.len());
        if batches.iter().all(|b| b.writes.is_empty()) {
            results.resize_with(batches.len(), || Ok(self.committed(Vec::new())));
            return Ok(results);
        }
        let mut any = false;
        self.say("BEGIN IMMEDIATE", "begin a transaction").await?;
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
                Err(broken) => return Err(broken),
            }
            self.say("RELEASE batch", "release a savepoint").await?;
        }
        if any {
            let cut_at = self.cut_feed().await?;
            self.say("COMMIT", "commit").await?;
            self.cut_at = cut_at;
            self.tally.transactions.fetch_add(1, Ordering::Relaxed);
        } else {
            self.say("ROLLBACK", "roll back").await?;
        }
        self.tally
            .batches
            .fetch_add(batches.len() as u64, Ordering::Relaxed);
        Ok(results)
    }

    fn committed(&self, changes: Vec<Change>) -> Committed {
        Committed {
            seq: self.counters.seq,
            changes,
        }
    }

    async fn say(&mut self, sql: &'static str, doing: &'static str) -> Result<(), StoreError> {
        query(sql)
            .execute(&mut self.db)
            .await
            .map_err(failed(doing))?;
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
    async fn prune(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        let done = query("DELETE FROM event WHERE at < $1 AND id < $2")
            .bind(before.0)
            .bind(self.counters.event)
            .execute(&mut self.db)
            .await
            .map_err(failed("remove old events"))?;
        Ok(done.rows_affected())
    }
}
