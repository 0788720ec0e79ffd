//! A new one-time token for a host that is known: its certificate ended, its disk was lost, or the
//! first token's time was over before it was used.

use super::add::HostAdded;
use super::tokens;
use crate::Rooms;
use crate::deciding::decide;
use access::Permitted;
use base::{Fault, HostId};
use domain::hosts::{Enrolment, JoinToken};
use store::Batch;

/// Gives out a token for a host; a token that was given out before is worthless. The host keeps the
/// certificate it has until its agent joins anew.
///
/// # Errors
/// 404 for an unknown host.
pub async fn renew_token(call: &Permitted, rooms: &Rooms, id: HostId) -> Result<HostAdded, Fault> {
    let token = tokens::new_token(&*rooms.random);
    let added = decide(rooms, |snapshot, now| {
        let host = snapshot
            .host(id)
            .ok_or_else(|| Fault::not_found("host", id))?;
        let expires = now.after(rooms.settings.enrolment_token_life);
        let sha256 = tokens::digest(&token);
        let mut next = (**host).clone();
        match &mut next.enrolment {
            pending @ Enrolment::Pending { .. } => {
                *pending = Enrolment::Pending {
                    token_sha256: sha256,
                    expires,
                };
            }
            Enrolment::Done { renewal, .. } => {
                renewal.token = Some(JoinToken {
                    sha256,
                    expires,
                    key_sha256: None,
                });
            }
        }
        let mut batch = Batch::new();
        batch.put(next);
        let added = HostAdded {
            id,
            token: token.clone(),
            expires,
        };
        Ok((batch, added))
    })
    .await?;
    tracing::info!(host.id = %id, correlation_id = call.correlation_id, "a new enrolment token was given out");
    Ok(added)
}
