//! A host's agent joins with its one-time token.

use super::tokens;
use crate::Rooms;
use crate::deciding::decide;
use access::Permitted;
use audit::AuditEvent;
use base::{Fault, FaultKind, HostId, Timestamp};
use domain::hosts::{Enrolment, Host, JoinToken, Renewal};
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

/// The certificate that was signed for a host.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// SHA-256 of its key (hexadecimal).
    pub key_sha256: &'a str,
    /// SHA-256 of itself (hexadecimal).
    pub fingerprint: &'a str,
    /// Its end.
    pub expires: Timestamp,
}

/// Notes that the host has a certificate. The token then belongs to its key: the same key may ask
/// again until the token ends, since the answer may have been lost; no other key may.
///
/// # Errors
/// 403 when no host waits with this token, its time is over, or another key has used it.
pub async fn enrol(
    call: &Permitted,
    rooms: &Rooms,
    token: &str,
    signed: Signed<'_>,
) -> Result<HostId, Fault> {
    decide(rooms, |snapshot, now| {
        let mut next = (**find(snapshot, token, now)?).clone();
        let (sha256, ends, used_by) = match &next.enrolment {
            Enrolment::Pending {
                token_sha256,
                expires,
            } => (token_sha256.clone(), *expires, None),
            Enrolment::Done { renewal, .. } => {
                let token = renewal.token.clone().ok_or_else(refused)?;
                (token.sha256, token.expires, token.key_sha256)
            }
        };
        if used_by.as_deref().is_some_and(|by| by != signed.key_sha256) {
            return Err(refused());
        }
        next.enrolment = Enrolment::Done {
            fingerprint: signed.fingerprint.to_owned(),
            expires: signed.expires,
            renewal: Renewal {
                joined: None,
                next: None,
                token: Some(JoinToken {
                    sha256,
                    expires: ends,
                    key_sha256: Some(signed.key_sha256.to_owned()),
                }),
            },
        };
        let id = next.id;
        let mut batch = Batch::new();
        if used_by.is_none() {
            batch.event(AuditEvent::HostEnrolled { host: next.clone() }.at(call, now));
        }
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
            Enrolment::Done { renewal, .. } => renewal
                .token
                .as_ref()
                .is_some_and(|token| token.sha256 == digest && now < token.expires),
        })
        .ok_or_else(refused)
}

fn refused() -> Fault {
    Fault::new(
        FaultKind::Forbidden,
        "ENROLMENT_TOKEN_INVALID",
        "No host waits for this token, its time is over, or another key has used it. \
         `vireoctl host renew-token` gives a new one.",
    )
}
