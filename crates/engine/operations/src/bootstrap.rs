//! What an empty engine begins with.

use crate::Rooms;
use base::Fault;

/// Makes the first objects of an empty store in one commit: data center, cluster and MAC pool
/// `Default`, network and vNIC profile `ovirtmgmt`, template `Blank`, user `admin@internal` with the
/// given password hash (PHC). Does nothing when there is a data center or a user already.
///
/// Answers whether it made them.
///
/// # Errors
/// As the store's.
pub async fn bootstrap(rooms: &Rooms, admin_password_hash: &str) -> Result<bool, Fault> {
    let _ = (rooms, admin_password_hash);
    Err(Fault::not_supported("bootstrap"))
}
