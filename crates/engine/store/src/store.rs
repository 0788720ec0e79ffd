//! The handle that everybody holds.

use crate::{Batch, CommitObserver, Committed, Contents, EventQuery, StoreError};
use base::Timestamp;
use domain::events::Event;
use std::path::Path;
use std::sync::Arc;

/// The durable state. Cheap to clone; all clones are one store.
#[derive(Clone)]
pub struct Store {}

impl Store {
    /// Opens the database at `path`, makes it if it is not there, and brings its tables to this
    /// version.
    ///
    /// # Errors
    /// `Newer` for a database of a newer version, `InUse` when somebody else has it open.
    pub async fn open(_path: &Path) -> Result<(Store, Contents), StoreError> {
        Err(StoreError::Closed)
    }
    /// Adds an observer of commits, told in commit order before the committer gets its answer.
    pub fn observe(&self, _observer: Arc<dyn CommitObserver>) {}
    /// Makes a batch durable: all of it or nothing.
    ///
    /// # Errors
    /// See `StoreError`; nothing happened then.
    pub async fn commit(&self, _batch: Batch) -> Result<Committed, StoreError> {
        Err(StoreError::Closed)
    }
    /// Does the database answer?
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Err(StoreError::Closed)
    }
    /// Events that fit a query. O(events between the ids asked for) where no index fits.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn events(&self, _query: EventQuery) -> Result<Vec<Event>, StoreError> {
        Err(StoreError::Closed)
    }
    /// One event by its id.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn event(&self, _id: i64) -> Result<Option<Event>, StoreError> {
        Err(StoreError::Closed)
    }
    /// Removes events older than `before`; answers how many.
    ///
    /// # Errors
    /// When the database can't be written.
    pub async fn events_prune(&self, _before: Timestamp) -> Result<u64, StoreError> {
        Err(StoreError::Closed)
    }
    /// Finishes what was accepted and closes the database. Later calls answer `Closed`.
    pub async fn close(&self) {}
}
