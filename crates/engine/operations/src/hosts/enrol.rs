//! A host's agent joins with its one-time token.

use super::tokens;
use crate::Rooms;
use crate::deciding::decide;
use audit::AuditEvent;
use base::{Call, Fault, FaultKind, HostId, Timestamp};
use domain::hosts::{Enrolment, Host};
use projection::Snapshot;
use std::sync::Arc;
use store::Batch;

/// The host a token was given out for. Nothing is changed: sign the certificate, then `enrol`.
///
/// # Errors
/// 403 when no host waits with this token, or its time is over.
pub fn host_of_token(rooms: &Rooms, token: &str) -> Result<Arc<Host>, Fault> {
    find(&rooms.projection.snapshot(), token, rooms.clock.now()).cloned()
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
    decide(rooms, |snapshot, now| {
        let mut next = (**find(snapshot, token, now)?).clone();
        next.enrolment = Enrolment::Done {
            fingerprint: fingerprint.to_owned(),
            expires: certificate_expires,
        };
        let id = next.id;
        let mut batch = Batch::new();
        batch.event(AuditEvent::HostEnrolled { host: next.clone() }.at(call, now));
        batch.put(next);
        Ok((batch, id))
    })
    .await
}

/// Digests are compared, not tokens: how long it takes tells nothing of a token. O(hosts).
fn find<'a>(snapshot: &'a Snapshot, token: &str, now: Timestamp) -> Result<&'a Arc<Host>, Fault> {
    let digest = tokens::digest(token);
    snapshot
        .hosts()
        .find(|h| match &h.enrolment {
            Enrolment::Pending {
                token_sha256,
                expires,
            } => *token_sha256 == digest && now < *expires,
            Enrolment::Done { .. } => false,
        })
        .ok_or_else(|| {
            Fault::new(
                FaultKind::Forbidden,
                "ENROLMENT_TOKEN_INVALID",
                "No host waits for this token, or its time is over. Add the host again to get a new one.",
            )
        })
}
