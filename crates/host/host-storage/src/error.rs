//! Everything that can go wrong with storage, and how it is told to the engine.

use base::StorageDomainId;
use ports::CommandError;
use ports::hosts::{HostError, VolumeAddress};
use std::error::Error;
use std::fmt::Display;
use std::path::{Path, PathBuf};

/// Why storage did not do what it was told.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// A value of the command is unfit.
    #[error("`{value}` can't be {what}: {reason}")]
    Argument {
        /// What it was meant to be.
        what: &'static str,
        /// The value.
        value: String,
        /// What is wrong and what is allowed.
        reason: String,
    },
    /// Nobody connected the domain since the agent started.
    #[error("storage domain {domain} is not connected on this host; connect it first")]
    NotConnected {
        /// The domain.
        domain: StorageDomainId,
    },
    /// The place is reachable, the domain is not there.
    #[error("there is no storage domain {domain} at `{place}`")]
    DomainNotFound {
        /// The domain.
        domain: StorageDomainId,
        /// Where it was looked for.
        place: String,
    },
    /// Somebody else's domain lies there.
    #[error(
        "`{place}` holds storage domain {found} already; choose an empty place or remove that domain first"
    )]
    PlaceTaken {
        /// The place.
        place: String,
        /// What lies there.
        found: String,
    },
    /// The volume is not there.
    #[error("there is no volume {} of disk {} on storage domain {}", .at.volume, .at.disk, .at.domain)]
    VolumeNotFound {
        /// Where it should be.
        at: VolumeAddress,
    },
    /// It was never completed, or a copy into it broke off.
    #[error("the content of volume {} of disk {} can't be trusted: it was never completed; fill it again or remove the disk", .at.volume, .at.disk)]
    VolumeIllegal {
        /// Which.
        at: VolumeAddress,
    },
    /// One with the same id but another shape is there.
    #[error("volume {} of disk {} exists with another shape: {found} instead of {wanted}", .at.volume, .at.disk)]
    VolumeDiffers {
        /// Which.
        at: VolumeAddress,
        /// What the command asked for.
        wanted: String,
        /// What is there.
        found: String,
    },
    /// Somebody holds it.
    #[error("{what} is in use: {by}")]
    InUse {
        /// What.
        what: String,
        /// By whom.
        by: String,
    },
    /// The file system is full or over its quota.
    #[error("no space is left at `{}`; nothing was changed", .path.display())]
    NoSpace {
        /// Where.
        path: PathBuf,
    },
    /// An image file that is not safe or not possible to use.
    #[error("the image `{}` can't be used: {reason}", .path.display())]
    BadImage {
        /// The file.
        path: PathBuf,
        /// Why, and what would help.
        reason: String,
    },
    /// What is on storage breaks the format's rules.
    #[error("`{}` is damaged: {reason}", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Which rule.
        reason: String,
    },
    /// A form of storage that this version does not know.
    #[error("not supported yet: {what}")]
    Unsupported {
        /// What.
        what: String,
    },
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
    /// Another program refused.
    #[error("cannot {doing} `{}`", .path.display())]
    Command {
        /// What was tried, as a verb.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// The program's word.
        #[source]
        cause: CommandError,
    },
    /// The work ended before its time: the agent is going down, or a defect.
    #[error("the work on storage was broken off; repeat the command")]
    BrokenOff,
}

impl StorageError {
    pub(crate) fn argument(
        what: &'static str,
        value: impl Display,
        reason: impl Into<String>,
    ) -> Self {
        StorageError::Argument {
            what,
            value: value.to_string(),
            reason: reason.into(),
        }
    }

    /// For `map_err` of file operations; a full file system gets its own error.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |cause| match cause.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                StorageError::NoSpace { path }
            }
            _ => StorageError::Io { doing, path, cause },
        }
    }

    /// For `map_err` of commands; a full file system and a lock of QEMU get their own errors.
    pub(crate) fn command(doing: &'static str, path: &Path) -> impl FnOnce(CommandError) -> Self {
        let path = path.to_owned();
        move |cause| {
            let said = match &cause {
                CommandError::Failed { stderr, .. } => stderr.as_str(),
                _ => "",
            };
            if said.contains("No space left on device") || said.contains("Disk quota exceeded") {
                return StorageError::NoSpace { path };
            }
            if said.contains("Failed to get") && said.contains("lock") {
                return StorageError::InUse {
                    what: format!("`{}`", path.display()),
                    by: "another process has it open, most likely a running virtual machine".into(),
                };
            }
            StorageError::Command { doing, path, cause }
        }
    }

    /// QEMU could not open a file past the page cache: its file system can't (some of memory, some FUSE).
    pub(crate) fn lacks_direct_writes(&self) -> bool {
        matches!(self, StorageError::Command { cause: CommandError::Failed { stderr, .. }, .. }
            if stderr.contains("O_DIRECT"))
    }

    /// The whole chain of causes as one sentence.
    fn story(&self) -> String {
        let mut story = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            story.push_str(": ");
            story.push_str(&error.to_string());
            cause = error.source();
        }
        story
    }
}

impl From<StorageError> for HostError {
    fn from(error: StorageError) -> Self {
        let message = error.story();
        match error {
            StorageError::VolumeNotFound { at } => HostError::NotFound {
                what: format!(
                    "volume {} of disk {} on storage domain {}",
                    at.volume, at.disk, at.domain
                ),
            },
            StorageError::DomainNotFound { domain, place } => HostError::NotFound {
                what: format!("storage domain {domain} at `{place}`"),
            },
            StorageError::Unsupported { what } => HostError::Unsupported { message: what },
            StorageError::Argument { .. }
            | StorageError::NotConnected { .. }
            | StorageError::PlaceTaken { .. }
            | StorageError::VolumeIllegal { .. }
            | StorageError::VolumeDiffers { .. }
            | StorageError::InUse { .. }
            | StorageError::BadImage { .. } => HostError::Refused { message },
            StorageError::NoSpace { .. }
            | StorageError::Damaged { .. }
            | StorageError::Io { .. }
            | StorageError::Command { .. }
            | StorageError::BrokenOff => HostError::Failed { message },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_is_told_the_whole_chain_of_causes() {
        let cause = std::io::Error::from_raw_os_error(13);
        let error = StorageError::io("write", Path::new("/x"))(cause);
        let told = HostError::from(error).to_string();
        assert_eq!(told, "cannot write `/x`: Permission denied (os error 13)");
    }

    #[test]
    fn a_full_file_system_is_seen_in_system_calls_and_in_qemus_words() {
        let cause = std::io::Error::from_raw_os_error(28);
        let by_call = StorageError::io("write", Path::new("/x"))(cause);
        assert!(matches!(by_call, StorageError::NoSpace { .. }));
        let failed = |stderr: &str| CommandError::Failed {
            program: "qemu-img".into(),
            status: Some(1),
            stderr: stderr.into(),
        };
        let full = failed("error while writing: No space left on device");
        let by_word = StorageError::command("fill", Path::new("/x"))(full);
        assert!(matches!(by_word, StorageError::NoSpace { .. }));
        let locked = failed("Failed to get \"write\" lock");
        let by_lock = StorageError::command("grow", Path::new("/x"))(locked);
        assert!(matches!(by_lock, StorageError::InUse { .. }));
        let direct = failed("Could not open '/x': file system may not support O_DIRECT");
        let direct = StorageError::command("fill", Path::new("/x"))(direct);
        assert!(direct.lacks_direct_writes() && !by_lock.lacks_direct_writes());
    }
}
