//! libvirt's errors.

use super::library::Library;
use std::ffi::CStr;

/// Numbers of `virErrorNumber` that are told apart.
pub(crate) mod code {
    pub(crate) const NO_CONNECT: i32 = 5;
    pub(crate) const INVALID_CONN: i32 = 6;
    pub(crate) const INVALID_ARG: i32 = 8;
    pub(crate) const XML_ERROR: i32 = 27;
    pub(crate) const XML_DETAIL: i32 = 35;
    pub(crate) const RPC: i32 = 39;
    pub(crate) const NO_DOMAIN: i32 = 42;
    pub(crate) const OPERATION_INVALID: i32 = 55;
    pub(crate) const CONFIG_UNSUPPORTED: i32 = 67;
    pub(crate) const OPERATION_ABORTED: i32 = 78;
    pub(crate) const NO_DOMAIN_METADATA: i32 = 80;
    pub(crate) const BLOCK_COPY_ACTIVE: i32 = 83;
    pub(crate) const OPERATION_UNSUPPORTED: i32 = 84;
    pub(crate) const AGENT_UNRESPONSIVE: i32 = 86;
    pub(crate) const XML_INVALID_SCHEMA: i32 = 92;
    pub(crate) const AGENT_UNSYNCED: i32 = 97;
    pub(crate) const AGENT_COMMAND_TIMEOUT: i32 = 112;
    pub(crate) const AGENT_COMMAND_FAILED: i32 = 113;
}

/// `VIR_FROM_RPC`: the transport between us and the daemon.
const FROM_RPC: i32 = 7;

/// An error libvirt reported on the calling thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VirError {
    /// `virErrorNumber`.
    pub code: i32,
    /// `virErrorDomain`.
    pub domain: i32,
    /// libvirt's words.
    pub message: String,
}

impl VirError {
    /// The error of the call that has just failed on this thread.
    pub(super) fn last(library: &Library) -> Self {
        // SAFETY: the pointer is this thread's own error, valid until its next call.
        let head = unsafe { (library.virGetLastError)().as_ref() };
        let Some(head) = head else {
            return VirError::new(1, "libvirt gave no reason");
        };
        let message = if head.message.is_null() {
            String::new()
        } else {
            // SAFETY: a C string that lives as long as the error.
            let text = unsafe { CStr::from_ptr(head.message) };
            text.to_string_lossy().into_owned()
        };
        let found = VirError {
            code: head.code,
            domain: head.domain,
            message,
        };
        // SAFETY: a plain call; `head` is not used any more.
        unsafe { (library.virResetLastError)() };
        found
    }

    /// An error of our own.
    pub(super) fn new(code: i32, message: impl Into<String>) -> Self {
        VirError {
            code,
            domain: 0,
            message: message.into(),
        }
    }

    /// The connection is gone or was never there.
    pub(crate) fn is_lost(&self) -> bool {
        self.domain == FROM_RPC
            || matches!(self.code, code::RPC | code::NO_CONNECT | code::INVALID_CONN)
    }

    /// libvirt refuses the description, whatever else happens.
    pub(crate) fn is_unfit(&self) -> bool {
        matches!(
            self.code,
            code::CONFIG_UNSUPPORTED
                | code::XML_ERROR
                | code::XML_DETAIL
                | code::XML_INVALID_SCHEMA
                | code::INVALID_ARG
        )
    }
}
