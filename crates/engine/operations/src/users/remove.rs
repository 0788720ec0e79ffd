//! Removing a user, with his tokens, permissions and memberships.

use crate::deciding::decide;
use crate::{Accepted, Rooms, configured, memberships, permissions};
use access::Permitted;
use audit::Change;
use base::{Fault, UserId};
use domain::rights::Principal;
use store::Batch;

/// Removes a user. What he made stays.
///
/// # Errors
/// 404 for an unknown one; 409 for the last super user of the system, and for oneself.
pub async fn remove(
    call: &Permitted,
    rooms: &Rooms,
    id: UserId,
) -> Result<Accepted<UserId>, Fault> {
    decide(rooms, |snapshot, now| {
        let user = snapshot
            .user(id)
            .ok_or_else(|| Fault::not_found(UserId::WHAT, id))?;
        if call.actor.user_id() == Some(id) {
            return Err(Fault::conflict(
                "USER_CANNOT_REMOVE_HIMSELF",
                "Cannot remove User. You can't remove yourself.",
            ));
        }
        let mut supers = permissions::super_users(snapshot);
        let others = supers.any(|p| p.principal != Principal::User(id));
        if !others {
            return Err(Fault::conflict(
                "ERROR_CANNOT_REMOVE_LAST_SUPER_USER_ROLE",
                "Cannot remove User. The system would have no super user any more.",
            ));
        }
        let mut batch = Batch::new();
        memberships::forget(snapshot, id.0, &mut batch);
        for token in snapshot.tokens_of(id) {
            batch.delete(token.clone());
        }
        let name = user.principal();
        batch.event(configured::event(call, now, Change::UserRemoved, &name));
        batch.delete(user.clone());
        Ok((batch, Accepted::done(id)))
    })
    .await
}
