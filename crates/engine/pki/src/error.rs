//! What can go wrong with keys and certificates.

use base::{Fault, HostId};
use std::path::PathBuf;

/// Why a key, certificate or TLS configuration can't be had.
#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    /// A file can't be read or written.
    #[error("cannot {doing} {path}", path = path.display())]
    File {
        /// `read`, `write`, `make` or `remove`.
        doing: &'static str,
        /// Which file.
        path: PathBuf,
        /// The system's word.
        #[source]
        cause: std::io::Error,
    },
    /// A file does not hold what it should.
    #[error("{path} is damaged: {problem}", path = path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong, and what is expected.
        problem: String,
    },
    /// A signing request is refused.
    #[error("the certificate request is refused: {0}")]
    Request(String),
    /// A certificate that somebody sent is refused.
    #[error("the certificate is refused: {0}")]
    Certificate(String),
    /// A name can't stand in a certificate.
    #[error("`{name}` can't stand in a certificate: {problem}")]
    Name {
        /// The name.
        name: String,
        /// Why.
        problem: String,
    },
    /// The certificate of a host is for another one.
    #[error("the certificate is for host {found}, not for {expected}")]
    OtherHost {
        /// Who was expected.
        expected: HostId,
        /// Whose it is.
        found: HostId,
    },
    /// A certificate can't be made.
    #[error("cannot make {what}")]
    Make {
        /// Which key or certificate.
        what: &'static str,
        /// The library's word.
        #[source]
        cause: rcgen::Error,
    },
    /// TLS can't be set up with it.
    #[error("cannot set up TLS for {what}")]
    Tls {
        /// Whose.
        what: &'static str,
        /// The library's word.
        #[source]
        cause: rustls::Error,
    },
}

impl From<PkiError> for Fault {
    fn from(e: PkiError) -> Self {
        match &e {
            PkiError::Request(_) => {
                Fault::bad_request("CERTIFICATE_REQUEST_REFUSED", e.to_string())
            }
            _ => Fault::internal(e.to_string()),
        }
    }
}
