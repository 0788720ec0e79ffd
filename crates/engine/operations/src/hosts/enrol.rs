//! A host's agent joins with its one-time token.

use crate::Rooms;
use base::{Call, Fault, HostId, Timestamp};
use domain::hosts::Host;
use std::sync::Arc;

/// The host a token was given out for. Nothing is changed: sign the certificate, then `enrol`.
///
/// # Errors
/// 403 when no host waits with this token, or its time is over.
pub fn host_of_token(rooms: &Rooms, token: &str) -> Result<Arc<Host>, Fault> {
    let _ = (rooms, token);
    Err(Fault::not_supported("enrolling a host"))
}

/// Notes that the host has a certificate; the token is spent.
///
/// # Errors
/// 403 when no host waits with this token, or its time is over.
pub async fn enrol(
    call: &Call,
    rooms: &Rooms,
    token: &str,
    fingerprint: &str,
    certificate_expires: Timestamp,
) -> Result<HostId, Fault> {
    let _ = (call, rooms, token, fingerprint, certificate_expires);
    Err(Fault::not_supported("enrolling a host"))
}
