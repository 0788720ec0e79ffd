//! Listening: TLS connections for everybody, a Unix socket for the operator.
//!
//! Each connection is a task with limits: so long for a handshake, so long for a request's head, so
//! long without taking its answer, so many connections at once and from one neighbour. What is answered is not here (`web`, `operator`).

mod connection;
mod places;
mod tls;
mod watched;

pub use connection::{Limits, Peer, Stop, StopHandle, serve_operator_socket, stop_channel};
pub use tls::serve_https;

use std::path::PathBuf;

/// Why nobody can be listened to.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The operator's socket can't be made.
    #[error("cannot listen on the operator's socket {path}")]
    Socket {
        /// Where.
        path: PathBuf,
        /// The system's word.
        #[source]
        cause: std::io::Error,
    },
    /// A listening socket broke.
    #[error("cannot accept connections on {address}")]
    Accept {
        /// Where.
        address: String,
        /// The system's word.
        #[source]
        cause: std::io::Error,
    },
}
