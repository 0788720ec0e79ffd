//! Connections with hosts: one task for each dialled host keeps a connection with its agent, tells
//! the observer what the host says, and dials again when the connection breaks.
//!
//! ```text
//!          dial           hello             watch, stats
//!  Away ─────────▶ dialled ─────▶ Connected ─────────────▶ events, samples
//!   ▲                 │              │                          │
//!   └── back-off ◀────┴──────────────┴──────── the connection breaks
//! ```
//!
//! Implements `ports::Agents` (a session for each host, connected or not) and
//! `ports::hosts::HostDialer`. Which hosts are dialled, and what a report means, is not here
//! (`reconcile`); the protocol is in `agent-rpc`, and who trusts whom in `pki`.

mod backoff;
mod dial;
mod keeper;
mod link;
mod session;

pub use dial::{Dial, DialFailed, Link, MutualTls};
pub use link::{HostLink, LinkOptions};
