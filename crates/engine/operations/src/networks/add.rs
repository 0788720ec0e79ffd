//! Adding a logical network with a vNIC profile of the same name.

use crate::{Accepted, Rooms};
use base::{Call, DataCenterId, Fault, NetworkId};

/// The network to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkAdd {
    /// Name.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Free text.
    pub comment: String,
    /// Its data center.
    pub data_center: DataCenterId,
    /// The bridge's name on hosts; `None` is the network's name where that can be a bridge's.
    pub bridge: Option<String>,
    /// VLAN tag.
    pub vlan: Option<u16>,
    /// Bytes; 0 is the default.
    pub mtu: u32,
}

/// Adds a network and its vNIC profile.
///
/// # Errors
/// 400 for a bad name, bridge, VLAN tag or MTU; 404 for an unknown data center; 409 for a name or
/// bridge in use.
pub async fn add(
    call: &Call,
    rooms: &Rooms,
    network: NetworkAdd,
) -> Result<Accepted<NetworkId>, Fault> {
    let _ = (call, rooms, network);
    Err(Fault::not_supported("adding a network"))
}
