//! What a verb answers.

use base::WorkflowId;

/// A verb was accepted: the object it is about, and the job that goes on with it, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted<T> {
    /// The object that was made or changed.
    pub id: T,
    /// The job that does the rest; `None` when all is done.
    pub job: Option<WorkflowId>,
}

impl<T> Accepted<T> {
    /// All is done.
    #[must_use]
    pub fn done(id: T) -> Self {
        Accepted { id, job: None }
    }
    /// A job goes on with it.
    #[must_use]
    pub fn with_job(id: T, job: WorkflowId) -> Self {
        Accepted { id, job: Some(job) }
    }
}
