//! A transaction as a value: what must be true, what becomes true.

use base::{Generation, WorkflowId};
use domain::events::{Event, NewEvent};
use domain::jobs::{SharedWorkflow, WorkflowRow};
use domain::{Claim, Entity, Key};
use std::sync::Arc;

/// One write of a batch.
#[derive(Clone, Debug)]
pub enum Write {
    /// Stores the object if the stored one still has its `generation` (`Generation::NEW`: there is
    /// none); it then has the next one. Its claims replace those of the stored one.
    Put(Entity),
    /// Removes the object if it still has that generation; its claims are free again.
    Delete(Key, Generation),
    /// Appends an event.
    Event(NewEvent),
    /// Stores a workflow row if the stored one's `revision` is one less (0: there is none).
    Workflow(WorkflowRow),
    /// Removes the row of a workflow that is over. One that is not there or not over is left as it
    /// is, without an error and without a change.
    ForgetWorkflow(WorkflowId),
}

/// Everything in it happens, or nothing.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// In order.
    pub writes: Vec<Write>,
}

impl Batch {
    /// An empty batch; committing it does nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// Adds a put.
    pub fn put(&mut self, entity: impl Into<Entity>) -> &mut Self {
        self.writes.push(Write::Put(entity.into()));
        self
    }
    /// Adds a removal of an object as it was read.
    pub fn delete(&mut self, entity: impl Into<Entity>) -> &mut Self {
        let entity = entity.into();
        self.writes
            .push(Write::Delete(entity.key(), entity.generation()));
        self
    }
    /// Adds an event.
    pub fn event(&mut self, event: NewEvent) -> &mut Self {
        self.writes.push(Write::Event(event));
        self
    }
    /// Adds a workflow row.
    pub fn workflow(&mut self, row: WorkflowRow) -> &mut Self {
        self.writes.push(Write::Workflow(row));
        self
    }
    /// Adds the removal of a workflow row.
    pub fn forget_workflow(&mut self, id: WorkflowId) -> &mut Self {
        self.writes.push(Write::ForgetWorkflow(id));
        self
    }
    /// Adds everything of another batch behind this one's writes.
    pub fn append(&mut self, other: Batch) -> &mut Self {
        self.writes.extend(other.writes);
        self
    }
}

/// What became true, as the observer and the change feed tell it.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// An object as it is now, with its new generation.
    Put(Entity),
    /// An object that is no more.
    Deleted(Key),
    /// An event with its number.
    Event(Arc<Event>),
    /// A workflow row as it is now.
    Workflow(SharedWorkflow),
    /// A workflow row that is no more.
    WorkflowForgotten(WorkflowId),
}

/// What a commit answered.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Committed {
    /// Number of the last change in the feed; grows by one with each change.
    pub seq: i64,
    /// The changes, in the order of the batch's writes.
    pub changes: Vec<Change>,
}

/// Told of every commit, in commit order, before the committer gets its answer. Must be quick.
pub trait CommitObserver: Send + Sync + 'static {
    /// These changes are durable.
    fn committed(&self, commit: &Committed);
}

/// Why nothing of a batch happened; `Unclear` alone says that it may have.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody changed or removed an object since it was read. Read again and decide again.
    #[error("{key:?} is no longer at generation {expected:?}")]
    Lost {
        /// The object.
        key: Key,
        /// What the writer had read.
        expected: Generation,
    },
    /// Another writer moved the workflow on.
    #[error("workflow {id} is no longer at revision {expected}")]
    LostWorkflow {
        /// The workflow.
        id: WorkflowId,
        /// What the writer had read.
        expected: u64,
    },
    /// Somebody else has the name, address or other unique value.
    #[error("`{}` in `{}` belongs to {owner:?}", claim.value, claim.space)]
    Claimed {
        /// What was wanted.
        claim: Claim,
        /// Who has it.
        owner: Key,
    },
    /// The disk is full; nothing was written and the same batch may succeed later.
    #[error("the disk of the database is full")]
    Full(#[source] sqlx::Error),
    /// The database failed otherwise.
    #[error("cannot {doing}")]
    Database {
        /// What was tried.
        doing: &'static str,
        /// The driver's word.
        #[source]
        cause: sqlx::Error,
    },
    /// A row does not hold what its table promises (another version wrote it, or it was edited).
    #[error("row {id} of table {table} cannot be read")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Row.
        id: String,
        /// Why.
        #[source]
        cause: serde_json::Error,
    },
    /// The database was written by a newer version of the engine.
    #[error(
        "the database has schema version {found}, this program knows versions up to {known}; use the newer program or restore an older backup"
    )]
    Newer {
        /// What the database says.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// The database can't be reached now; nothing was written and the same batch may succeed later.
    #[error("the database cannot be reached")]
    Unreachable(#[source] Arc<sqlx::Error>),
    /// The connection broke during a commit and the database could not be asked any more what became
    /// of it. The only error after which the batch may be there.
    #[error("it is not known whether the change was made: the database was lost during the commit")]
    Unclear,
    /// The server is not one that can be trusted with the engine's data.
    #[error("the database cannot be used: {0}")]
    Unfit(String),
    /// The configured line names no database.
    #[error(transparent)]
    Url(#[from] crate::url::DatabaseUrlError),
    /// Another process, or another part of this one, has the database open.
    #[error("the database {path} is in use by another engine")]
    InUse {
        /// The database's file, or its name and server.
        path: String,
    },
    /// The database's file or its lock can't be opened.
    #[error("cannot open {path}")]
    Open {
        /// The file.
        path: String,
        /// The system's word.
        #[source]
        cause: std::io::Error,
    },
    /// The tables can't be brought to this version.
    #[error("cannot migrate the database")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// The store is shutting down.
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    /// The same error for everybody who waits, if it is about the database and not about a batch.
    pub(crate) fn shared(&self) -> Option<StoreError> {
        match self {
            StoreError::Unreachable(cause) => Some(StoreError::Unreachable(cause.clone())),
            StoreError::InUse { path } => Some(StoreError::InUse { path: path.clone() }),
            StoreError::Unclear => Some(StoreError::Unclear),
            StoreError::Closed => Some(StoreError::Closed),
            _ => None,
        }
    }
}

impl From<StoreError> for base::Fault {
    fn from(e: StoreError) -> Self {
        use base::Fault;
        match &e {
            StoreError::Lost { .. } | StoreError::LostWorkflow { .. } => Fault::conflict(
                "ACTION_TYPE_FAILED_OBJECT_LOCKED",
                "The object was changed by somebody else at the same moment. Try again.",
            ),
            StoreError::Claimed { claim, .. } => Fault::conflict(
                "ACTION_TYPE_FAILED_NAME_ALREADY_USED",
                format!("`{}` is already in use.", claim.value),
            ),
            StoreError::Full(_) => Fault::unavailable(
                "DATABASE_DISK_FULL",
                "The engine's disk is full; nothing was changed. Free space and try again.",
            ),
            StoreError::Unreachable(_) => Fault::unavailable(
                "DATABASE_UNREACHABLE",
                "The engine's database cannot be reached; nothing was changed. Try again later.",
            ),
            StoreError::Unclear => Fault::unavailable(
                "DATABASE_OUTCOME_UNKNOWN",
                "The engine's database was lost at the moment of the change; look whether it was made.",
            ),
            StoreError::Closed => Fault::unavailable(
                "ENGINE_STOPPING",
                "The engine is stopping; try again when it is back.",
            ),
            StoreError::Database { .. }
            | StoreError::Corrupt { .. }
            | StoreError::Newer { .. }
            | StoreError::InUse { .. }
            | StoreError::Open { .. }
            | StoreError::Unfit(_)
            | StoreError::Url(_)
            | StoreError::Migrate(_) => Fault::internal(e.to_string()),
        }
    }
}
