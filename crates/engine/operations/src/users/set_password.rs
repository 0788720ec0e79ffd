//! Giving a user another password. His tokens end with the old one.

use crate::{Accepted, Rooms};
use base::{Call, Fault, UserId};

/// Stores the hash (PHC) of a user's new password and forgets his tokens.
///
/// # Errors
/// 404 for an unknown user.
pub async fn set_password(
    call: &Call,
    rooms: &Rooms,
    id: UserId,
    password_hash: &str,
) -> Result<Accepted<UserId>, Fault> {
    let _ = (call, rooms, id, password_hash);
    Err(Fault::not_supported("setting a password"))
}
