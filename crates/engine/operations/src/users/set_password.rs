//! Giving a user another password. The tokens of the user end with the old one.

use crate::deciding::decide;
use crate::{Accepted, Rooms};
use access::Permitted;
use audit::AuditEvent;
use base::{Fault, UserId};
use store::Batch;

/// Stores the hash (PHC) of a user's new password and forgets the user's tokens.
///
/// # Errors
/// 404 for an unknown user.
pub async fn set_password(
    call: &Permitted,
    rooms: &Rooms,
    id: UserId,
    password_hash: &str,
) -> Result<Accepted<UserId>, Fault> {
    decide(rooms, |snapshot, now| {
        let user = snapshot
            .user(id)
            .ok_or_else(|| Fault::not_found("user", id))?;
        let mut next = (**user).clone();
        password_hash.clone_into(&mut next.password_hash);
        let mut batch = Batch::new();
        let event = AuditEvent::PasswordChanged {
            user: next.principal(),
        };
        batch.event(event.at(call, now));
        batch.put(next);
        for token in snapshot.tokens_of(id) {
            batch.delete(token.clone());
        }
        Ok((batch, Accepted::done(id)))
    })
    .await
}
