//! Changing a data center.

use crate::{Accepted, Rooms};
use base::{Call, DataCenterId, Fault};

/// What is to change; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataCenterUpdate {
    /// New name.
    pub name: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// New comment.
    pub comment: Option<String>,
    /// Local storage of one host, or shared.
    pub local: Option<bool>,
}

/// Changes a data center.
///
/// # Errors
/// 404 for an unknown one; 400 for a bad name; 409 for a name in use, or when `local` is to change
/// and it has a storage domain, or several hosts are to become a local data center.
pub async fn update(
    call: &Call,
    rooms: &Rooms,
    id: DataCenterId,
    change: DataCenterUpdate,
) -> Result<Accepted<DataCenterId>, Fault> {
    let _ = (call, rooms, id, change);
    Err(Fault::not_supported("updating a data center"))
}
