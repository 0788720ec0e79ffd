//! The wire between engine and agent: the protocol (`proto/agent.proto`), typed conversions to and
//! from the types of `ports` and `domain`, and both ends of a connection over mutual TLS.
//!
//! * Engine's end: [`dial`] gives an [`AgentClient`], which is a [`ports::HostSession`].
//! * Host's end: [`serve`] answers with any [`ports::HostSession`] (commands) and any [`HostFeed`]
//!   (what the host says), behind a [`Fence`].
//!
//! Not here: when to dial, back-off and who observes (`host-link`); certificates (`pki`); what a
//! command does (`host-vms`, `host-storage` behind the agent).

mod client;
mod convert;
mod dial;
mod errors;
mod fence;
pub mod probe;
mod server;
mod service;

pub use client::{AgentClient, EventStream, FrameStream};
pub use convert::BadMessage;
pub use dial::{DialError, DialTo, dial, dial_in_turn};
pub use fence::{Fence, FenceStore};
pub use server::{ServeError, serve};
pub use service::{AgentService, HostFeed};

/// The version of the protocol that this build speaks. Grows only when a peer must know.
pub const PROTOCOL_VERSION: u32 = 1;
/// The oldest version of the protocol that this build still speaks with.
pub const PROTOCOL_VERSION_OLDEST: u32 = 1;
/// Longest message in bytes in either direction: a report of ten thousand VMs fits.
pub const MESSAGE_MAX_BYTES: usize = 16 * 1024 * 1024;
/// Most bytes of a serial log in one answer.
pub const SERIAL_LOG_MAX_BYTES: u64 = 4 * 1024 * 1024;
/// Name of the metadata that carries the engine's fence epoch with every call.
pub const FENCE_METADATA: &str = "vireo-fence-epoch";

#[allow(missing_docs, clippy::all)]
mod proto {
    tonic::include_proto!("vireo.agent.v1");
}
