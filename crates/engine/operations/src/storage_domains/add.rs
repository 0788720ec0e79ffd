//! Making a storage domain, attached to a data center and active at the end.

use crate::{Accepted, Rooms};
use base::{Call, DataCenterId, Fault, HostId, StorageDomainId};
use domain::storage::StorageBacking;

/// The domain to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageDomainAdd {
    /// Name.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Free text.
    pub comment: String,
    /// The data center it is attached to.
    pub data_center: DataCenterId,
    /// The host that makes it.
    pub host: HostId,
    /// Where it lies.
    pub backing: StorageBacking,
}

/// Accepts the making of a domain: it is there at once, `locked` until its host has written it.
///
/// # Errors
/// 400 for a bad name or path; 404 for an unknown host or data center; 409 for a name or place in
/// use, a host that is not up or of another data center, or a backing that does not fit the data
/// center (local or shared).
pub async fn add(
    call: &Call,
    rooms: &Rooms,
    domain: StorageDomainAdd,
) -> Result<Accepted<StorageDomainId>, Fault> {
    let _ = (call, rooms, domain);
    Err(Fault::not_supported("adding a storage domain"))
}
