//! The only room that knows SQL: durable objects, claims, events, workflows, and the change feed.
//!
//! Writes are data (`Batch`): a writer task takes them in order, gives each a savepoint, commits
//! several together when they wait together, tells the observer what became true (in commit order),
//! and only then answers. Reads of objects are not here: the `projection` serves them from memory.

mod batch;

pub use batch::{Batch, Change, CommitObserver, Committed, StoreError, Write};
