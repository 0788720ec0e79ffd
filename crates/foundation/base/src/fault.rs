//! The one error that leaves the house: what kind, which of oVirt's message keys, which words.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a caller can do about it; `rest` maps each to one HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FaultKind {
    /// The request itself is wrong (400).
    BadRequest,
    /// Nobody, or somebody unknown (401).
    Unauthenticated,
    /// Somebody who may not (403).
    Forbidden,
    /// There is no such thing, or the caller may not know of it (404).
    NotFound,
    /// Legal, but not in the present state (409).
    Conflict,
    /// Known, but this version can't do it yet (501).
    NotSupported,
    /// Can't be done now: disk full, host away; the same call may succeed later (503).
    Unavailable,
    /// A defect of ours (500). The detail is for the log, not for the caller.
    Internal,
}

/// A refusal or failure in words a user can act on.
///
/// `key` is oVirt's message key where there is one (`ACTION_TYPE_FAILED_VM_IS_RUNNING`), so that
/// clients and translations can rely on it; `messages` are whole sentences: what happened, to what,
/// what to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The class.
    pub kind: FaultKind,
    /// oVirt's message key or ours, upper case with underscores.
    pub key: String,
    /// One or more sentences.
    pub messages: Vec<String>,
}

impl Fault {
    /// A fault of any kind.
    pub fn new(kind: FaultKind, key: impl Into<String>, message: impl Into<String>) -> Self {
        Fault {
            kind,
            key: key.into(),
            messages: vec![message.into()],
        }
    }
    /// 400: the request is wrong; the message says where, what was found and what is allowed.
    pub fn bad_request(key: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(FaultKind::BadRequest, key, message)
    }
    /// 404 for a noun and the id or name that was asked for.
    pub fn not_found(what: &str, which: impl fmt::Display) -> Self {
        Self::new(
            FaultKind::NotFound,
            "ENTITY_NOT_FOUND",
            format!("There is no {what} `{which}`."),
        )
    }
    /// 409: not in this state.
    pub fn conflict(key: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(FaultKind::Conflict, key, message)
    }
    /// 501: a part of the API that this version does not carry.
    pub fn not_supported(what: impl fmt::Display) -> Self {
        Self::new(
            FaultKind::NotSupported,
            "NOT_SUPPORTED_YET",
            format!("not supported yet: {what}"),
        )
    }
    /// 503: not now.
    pub fn unavailable(key: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(FaultKind::Unavailable, key, message)
    }
    /// 500: our defect; `message` goes to the log.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Internal, "INTERNAL", message)
    }
    /// The same fault with one more sentence.
    #[must_use]
    pub fn and(mut self, message: impl Into<String>) -> Self {
        self.messages.push(message.into());
        self
    }
    /// oVirt's `detail` text: the sentences in brackets.
    #[must_use]
    pub fn detail(&self) -> String {
        format!("[{}]", self.messages.join(", "))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.messages.join(" "))
    }
}

impl std::error::Error for Fault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_detail_lists_every_sentence_in_brackets() {
        let f = Fault::conflict("K", "Cannot run VM.").and("VM is running.");
        assert_eq!(f.detail(), "[Cannot run VM., VM is running.]");
        assert_eq!(Fault::not_found("disk", "x").kind, FaultKind::NotFound);
    }
}
