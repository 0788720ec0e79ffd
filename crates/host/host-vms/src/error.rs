//! What can go wrong here, and how the hypervisor's and storage's refusals are told to the engine.

use hypervisor::HypervisorError;
use ports::hosts::HostError;
use std::path::{Path, PathBuf};

/// Why the agent's own files can't be used.
#[derive(Debug, thiserror::Error)]
pub enum HostVmsError {
    /// The system refused.
    #[error("cannot {doing} `{}`", .path.display())]
    Io {
        /// What was tried, as a verb.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// The system's word.
        #[source]
        cause: std::io::Error,
    },
    /// The content is not what this agent wrote.
    #[error("`{}` is damaged: {reason}", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The work ended before its time.
    #[error("work on the agent's files was broken off")]
    BrokenOff,
}

impl HostVmsError {
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |cause| HostVmsError::Io { doing, path, cause }
    }

    /// With its cause, as one sentence for the engine.
    pub(crate) fn told(&self) -> HostError {
        let message = match self {
            HostVmsError::Io { cause, .. } => format!("{self}: {cause}"),
            _ => self.to_string(),
        };
        HostError::Failed { message }
    }
}

/// A refusal of the hypervisor in the engine's terms. `Refused` means: another host may do it.
pub(crate) fn hypervisor_said(error: HypervisorError) -> HostError {
    let message = error.to_string();
    match error {
        HypervisorError::NoMachine { vm } => HostError::NotFound {
            what: format!("virtual machine {vm}"),
        },
        HypervisorError::Stale { newest, .. } => HostError::Stale {
            message,
            newest: Some(newest),
        },
        HypervisorError::Busy { .. }
        | HypervisorError::Unfit { .. }
        | HypervisorError::Library { .. } => HostError::Refused { message },
        HypervisorError::Lost { .. }
        | HypervisorError::GuestAgent { .. }
        | HypervisorError::Cancelled { .. }
        | HypervisorError::Failed { .. } => HostError::Failed { message },
    }
}
