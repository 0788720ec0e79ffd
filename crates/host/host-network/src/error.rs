//! What can go wrong with a host's network.

use crate::{PlanError, Step};

/// Why the network is not as it should be.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// The kernel can't be asked.
    #[error("cannot ask the kernel about its network: {message}")]
    Observe {
        /// The kernel's word.
        message: String,
    },
    /// The kernel refused.
    #[error("cannot {step}: {message}")]
    Step {
        /// What was tried.
        step: Step,
        /// The kernel's word.
        message: String,
    },
    /// What is wanted can't be had.
    #[error("the host's networks cannot be set up as they are configured")]
    Plan(#[from] PlanError),
    /// Everything was done, and still something is missing.
    #[error("the host's networks are still not as configured: {left} is left to do")]
    NotVerified {
        /// The steps that would be needed, as text.
        left: String,
    },
    /// A step failed and what was done before it could not be taken back.
    #[error("cannot take back what was changed (failed: {failed}); the networks need a look")]
    Rollback {
        /// The undo that failed, as text.
        failed: String,
        /// What went wrong first.
        #[source]
        cause: Box<NetworkError>,
    },
}

impl NetworkError {
    /// A refused step.
    pub fn step(step: &Step, message: impl Into<String>) -> Self {
        NetworkError::Step {
            step: step.clone(),
            message: message.into(),
        }
    }
}
