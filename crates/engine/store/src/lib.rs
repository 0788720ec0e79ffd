//! The only room that knows SQL: durable objects, claims, events, workflows, and the change feed.
//!
//! Writes are data (`Batch`): a writer task takes them in order, gives each a savepoint, commits
//! several together when they wait together, tells the observers what became true (in commit
//! order), and only then answers. Reads of objects are not here: the `projection` serves them from
//! memory. Only events are read from the database while it runs.

mod apply;
mod backup;
mod batch;
mod connection;
mod contents;
mod database;
mod lease;
mod lite;
mod load;
mod pg;
mod query;
mod sql;
mod store;
mod transaction;
mod url;
mod writer;

pub use backup::{Backup, BackupError};
pub use batch::{Batch, Change, CommitObserver, Committed, StoreError, Write};
pub use contents::{Contents, EVENTS_KEPT};
pub use query::{EVENTS_MAX, EventQuery};
pub use store::{Store, StoreStats};
pub use url::{DatabaseUrl, DatabaseUrlError};
