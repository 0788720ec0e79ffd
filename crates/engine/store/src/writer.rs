//! The one writer: takes batches in order, commits those that wait together with one sync, tells
//! the observers, answers.

use crate::apply::Counters;
use crate::batch::{Batch, CommitObserver, Committed, StoreError};
use crate::connection::Connection;
use crate::database::{Guard, Opener};
use crate::lease;
use base::Timestamp;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{MissedTickBehavior, interval};
use tracing::{error, warn};

/// Batches that are committed together at most.
const GROUP_MAX: usize = 256;

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
    pub db: Connection,
    /// The connection is good for nothing any more.
    pub broken: bool,
    /// Reconnecting was given up the last time: nobody waits for it again.
    pub down: bool,
    pub guard: Guard,
    pub opener: Opener,
    /// The last partition of events that is known to be there.
    pub partition: i64,
    pub counters: Counters,
    pub cut_at: i64,
    pub observers: Observers,
    pub tally: Arc<Tally>,
    pub closing: watch::Receiver<bool>,
    pub taken: Arc<OnceLock<String>>,
}

type Waiting = (Batch, Answer<Committed>);

impl Writer {
    /// Works until it is told to close, nobody holds the store any more, or the database was taken
    /// over by another engine.
    pub async fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        let mut beat = interval(Duration::from_secs(lease::SECONDS / 3));
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut batch = Vec::new();
        let told = loop {
            let count = tokio::select! {
                count = requests.recv_many(&mut batch, GROUP_MAX) => count,
                _ = beat.tick(), if matches!(self.guard, Guard::Lease(_)) => {
                    self.keep().await;
                    if self.taken.get().is_some() {
                        break None;
                    }
                    continue;
                }
            };
            if count == 0 {
                break None;
            }
            let told = self.serve(batch.drain(..)).await;
            if told.is_some() || self.taken.get().is_some() {
                // Whoever stands behind it in the line is answered by the dropped channel.
                break told;
            }
        };
        drop(requests);
        self.finish().await;
        if let Some(told) = told {
            let _ = told.send(());
        }
    }

    /// Serves what came together; answers whom to tell when closing was part of it.
    async fn serve(
        &mut self,
        requests: impl Iterator<Item = Request>,
    ) -> Option<oneshot::Sender<()>> {
        let mut group: Vec<Waiting> = Vec::new();
        for request in requests {
            match request {
                Request::Commit(batch, answer) => group.push((batch, answer)),
                Request::Prune(before, answer) => {
                    self.commit(std::mem::take(&mut group)).await;
                    // Nobody waits for the answer any more: it is done all the same.
                    let _ = answer.send(self.prune(before).await);
                }
                Request::Close(done) => {
                    self.commit(group).await;
                    return Some(done);
                }
            }
        }
        self.commit(group).await;
        None
    }

    /// Gives the database back.
    async fn finish(self) {
        let mut db = self.db;
        if self.broken {
            // A lease that can't be given back runs out.
            return;
        }
        if let Guard::Lease(lease) = &self.guard
            && let Err(e) = lease.release(&mut db).await
        {
            warn!("the database's lease was not given back: {e}");
        }
        if let Err(e) = db.close().await {
            warn!("the database was not closed cleanly: {e}");
        }
        // The file's lock is freed with the guard, behind the last write.
        drop(self.guard);
    }

    /// Commits a group, or, when the database fails in the middle of it, each batch by itself.
    async fn commit(&mut self, group: Vec<Waiting>) {
        if group.len() > 1 {
            let batches: Vec<&Batch> = group.iter().map(|(b, _)| b).collect();
            match self.transaction(&batches).await {
                Ok(results) => {
                    for ((_, answer), result) in group.into_iter().zip(results) {
                        self.answer(answer, result);
                    }
                    return;
                }
                Err(e) if e.shared().is_some() => {
                    error!("a commit of {} batches failed: {e}", group.len());
                    for (_, answer) in group {
                        let _ = answer.send(Err(e.shared().unwrap_or(StoreError::Closed)));
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
            self.answer(answer, result);
        }
    }

    /// Tells the observers, then the committer.
    fn answer(&self, answer: Answer<Committed>, result: Result<Committed, StoreError>) {
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
}
