//! Adding a host: it is known at once, and may enrol with a one-time token.

use crate::Rooms;
use base::{Call, ClusterId, Fault, HostId, Timestamp};

/// The host to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostAdd {
    /// Name.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Free text.
    pub comment: String,
    /// FQDN or IP address.
    pub address: String,
    /// The agent's TCP port; `None` is 54321.
    pub port: Option<u16>,
    /// Its cluster.
    pub cluster: ClusterId,
}

/// A host that was added.
#[derive(Clone, PartialEq, Eq)]
pub struct HostAdded {
    /// Its id.
    pub id: HostId,
    /// The one-time token; it is kept nowhere.
    pub token: String,
    /// The token is worthless afterwards.
    pub expires: Timestamp,
}

impl std::fmt::Debug for HostAdded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HostAdded")
            .field("id", &self.id)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// Adds a host. The same name and address again, while it has not enrolled, gives a new token.
///
/// # Errors
/// 400 for a bad name or address; 404 for an unknown cluster; 409 for a name or address in use, or a
/// second host in a local data center.
pub async fn add(call: &Call, rooms: &Rooms, host: HostAdd) -> Result<HostAdded, Fault> {
    let _ = (call, rooms, host);
    Err(Fault::not_supported("adding a host"))
}
