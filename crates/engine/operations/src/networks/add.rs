//! Adding a logical network with a vNIC profile of the same name.

use crate::deciding::decide;
use crate::{Accepted, Rooms, checks};
use access::Permitted;
use audit::AuditEvent;
use base::{DataCenterId, Fault, Generation, NetworkId, VnicProfileId};
use domain::names::{self, Alphabet};
use domain::networks::{Network, VnicProfile};
use projection::Snapshot;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use store::Batch;

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
    /// VMs may be attached.
    pub vm_network: bool,
    /// A vNIC profile of the same name is made, too (for networks that take VMs).
    pub profile: bool,
    /// It is in every cluster of the data center; otherwise in none.
    pub everywhere: bool,
}

/// Longest name of a network.
const NAME_MAX: usize = 256;
/// Longest name of a device in Linux.
const BRIDGE_MAX: usize = 15;
/// Highest VLAN tag.
const VLAN_MAX: u16 = 4094;
/// Smallest MTU of IPv4.
const MTU_MIN: u32 = 68;
/// Largest MTU that Linux bridges take.
const MTU_MAX: u32 = 65_535;
const VERB: &str = "Cannot create Logical Network";

/// Adds a network and its vNIC profile.
///
/// # Errors
/// 400 for a bad name, bridge, VLAN tag or MTU; 404 for an unknown data center; 409 for a name or
/// bridge in use.
pub async fn add(
    call: &Permitted,
    rooms: &Rooms,
    add: NetworkAdd,
) -> Result<Accepted<NetworkId>, Fault> {
    check(&add)?;
    let id = NetworkId::random(&*rooms.random);
    let bridge = match &add.bridge {
        Some(bridge) => bridge.clone(),
        None => bridge_of(&add.name),
    };
    check_bridge(&bridge)?;
    decide(rooms, |snapshot, now| {
        check_free(snapshot, &add, &bridge)?;
        let network = Network {
            id,
            generation: Generation::NEW,
            name: add.name.clone(),
            description: add.description.clone(),
            comment: add.comment.clone(),
            data_center: add.data_center,
            vlan: add.vlan,
            mtu: add.mtu,
            vm_network: add.vm_network,
            management: false,
            bridge: bridge.clone(),
            clusters: (!add.everywhere).then(BTreeMap::new),
        };
        let profile = VnicProfile {
            id: VnicProfileId::random(&*rooms.random),
            generation: Generation::NEW,
            name: add.name.clone(),
            description: String::new(),
            network: id,
            port_mirroring: false,
            comment: String::new(),
        };
        let mut batch = Batch::new();
        let event = AuditEvent::NetworkAdded {
            network: network.clone(),
        };
        batch.event(event.at(call, now));
        batch.put(network);
        if add.vm_network && add.profile {
            batch.put(profile);
        }
        Ok((batch, Accepted::done(id)))
    })
    .await
}

fn check(add: &NetworkAdd) -> Result<(), Fault> {
    check_values(&add.name, &add.description, &add.comment, add.vlan, add.mtu)
}

/// Name, texts, VLAN tag and MTU are legal.
pub(crate) fn check_values(
    name: &str,
    description: &str,
    comment: &str,
    vlan: Option<u16>,
    mtu: u32,
) -> Result<(), Fault> {
    if name.trim().is_empty() {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_NAME_MAY_NOT_BE_EMPTY",
            "The name of a network may not be empty.",
        ));
    }
    names::check_text("name", name, NAME_MAX)?;
    names::check_text("description", description, names::DESCRIPTION_MAX)?;
    names::check_text("comment", comment, checks::COMMENT_MAX)?;
    if vlan.is_some_and(|v| v > VLAN_MAX) {
        return Err(Fault::bad_request(
            "NETWORK_VLAN_OUT_OF_RANGE",
            format!("A VLAN tag goes from 0 to {VLAN_MAX}."),
        ));
    }
    if mtu != 0 && !(MTU_MIN..=MTU_MAX).contains(&mtu) {
        return Err(Fault::bad_request(
            "NETWORK_MTU_OUT_OF_RANGE",
            format!("An MTU goes from {MTU_MIN} to {MTU_MAX}; 0 is the default."),
        ));
    }
    Ok(())
}

fn check_bridge(bridge: &str) -> Result<(), Fault> {
    names::check_name("bridge", bridge, BRIDGE_MAX, Alphabet::AsciiDot)?;
    if bridge == "." || bridge == ".." {
        return Err(Fault::bad_request(
            "NETWORK_BRIDGE_NAME_ILLEGAL",
            format!("`{bridge}` can't be the name of a bridge."),
        ));
    }
    Ok(())
}

/// The network's name if a device can have it, else `on` and a digest of it (oVirt's form).
fn bridge_of(name: &str) -> String {
    let device = name.len() <= BRIDGE_MAX
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        && !name.is_empty();
    if device {
        return name.to_owned();
    }
    let digest = Sha256::digest(name.as_bytes());
    let hex: String = digest.iter().map(|b| format!("{b:02x}")).collect();
    format!("on{}", &hex[..BRIDGE_MAX - 2])
}

fn check_free(snapshot: &Snapshot, add: &NetworkAdd, bridge: &str) -> Result<(), Fault> {
    snapshot
        .data_center(add.data_center)
        .ok_or_else(|| Fault::not_found("data center", add.data_center))?;
    if snapshot.network_named(add.data_center, &add.name).is_some() {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_NETWORK_NAME_IN_USE",
            format!(
                "{VERB}. The network name {} is already in use; choose another one.",
                add.name
            ),
        ));
    }
    let same = snapshot
        .networks_of(add.data_center)
        .find(|n| n.bridge == bridge);
    if let Some(same) = same {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_NETWORK_BRIDGE_IN_USE",
            format!(
                "{VERB}. Network {} has the bridge {bridge} already.",
                same.name
            ),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bridge_gets_a_name_that_a_device_can_have() {
        assert_eq!(bridge_of("lan_1"), "lan_1");
        for long in ["a network with spaces", "сеть", "sixteen-letters-"] {
            let bridge = bridge_of(long);
            assert_eq!(bridge.len(), BRIDGE_MAX, "{bridge}");
            assert_eq!(check_bridge(&bridge), Ok(()));
            assert_eq!(bridge, bridge_of(long));
        }
        assert!(check_bridge("..").is_err() && check_bridge("a/b").is_err());
    }
}
