//! What can go wrong between the agent and its hypervisor.

use base::VmId;

/// Why a command was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HypervisorError {
    /// No connection, or it broke or fell silent before the answer came: the command may have been
    /// carried out. `list` after the next `Back` tells.
    #[error("the connection with the hypervisor is lost: {message}")]
    Lost {
        /// What was noticed.
        message: String,
    },
    /// There is no such machine.
    #[error("virtual machine {vm} does not run here")]
    NoMachine {
        /// The one asked for.
        vm: VmId,
    },
    /// The command belongs to a run older than one that was seen here, or to one that has ended.
    #[error("run {epoch} of virtual machine {vm} is out of date: run {newest} was seen here")]
    Stale {
        /// The machine.
        vm: VmId,
        /// The run of the command.
        epoch: u64,
        /// The newest run that is known.
        newest: u64,
    },
    /// Something else with the same id, or an older run of the machine, is still there; or a job on
    /// it is in the way.
    #[error("virtual machine {vm} is busy: {message}")]
    Busy {
        /// The machine.
        vm: VmId,
        /// What is in the way.
        message: String,
    },
    /// This machine can't be built here as it is described.
    #[error("{message}")]
    Unfit {
        /// A whole sentence.
        message: String,
    },
    /// The guest agent does not answer, or refused.
    #[error("the guest agent of virtual machine {vm} does not answer: {message}")]
    GuestAgent {
        /// The machine.
        vm: VmId,
        /// What was noticed.
        message: String,
    },
    /// Somebody gave it up before it was done.
    #[error("{doing}: it was cancelled")]
    Cancelled {
        /// What was tried.
        doing: String,
    },
    /// libvirt tried and failed.
    #[error("{doing}: {message} (libvirt error {code})")]
    Failed {
        /// What was tried.
        doing: String,
        /// libvirt's error number (`VIR_ERR_…`).
        code: i32,
        /// libvirt's words.
        message: String,
    },
    /// The hypervisor's library can't be used on this host.
    #[error("libvirt cannot be used on this host: {message}")]
    Library {
        /// What is missing.
        message: String,
    },
}

impl HypervisorError {
    /// A failed attempt.
    pub fn failed(doing: impl Into<String>, code: i32, message: impl Into<String>) -> Self {
        HypervisorError::Failed {
            doing: doing.into(),
            code,
            message: message.into(),
        }
    }
    /// A lost connection.
    pub fn lost(message: impl Into<String>) -> Self {
        HypervisorError::Lost {
            message: message.into(),
        }
    }
    /// Something that can't be built.
    pub fn unfit(message: impl Into<String>) -> Self {
        HypervisorError::Unfit {
            message: message.into(),
        }
    }
    /// May the same command succeed later without anything else being changed?
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            HypervisorError::Lost { .. } | HypervisorError::GuestAgent { .. }
        )
    }
}

impl From<crate::xml::XmlError> for HypervisorError {
    fn from(error: crate::xml::XmlError) -> Self {
        match error {
            crate::xml::XmlError::Unfit(message) => HypervisorError::Unfit { message },
            other => HypervisorError::failed("reading what libvirt shows", 0, other.to_string()),
        }
    }
}
