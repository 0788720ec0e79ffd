//! Logical networks, vNIC profiles and MAC pools.

use crate::entity::Claim;
use base::{ClusterId, DataCenterId, Generation, MacPoolId, NetworkId, VnicProfileId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// A logical network of a data center.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Network {
    /// Its id.
    pub id: NetworkId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// Name, unique in the data center.
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub description: String,
    /// Free text.
    #[serde(default)]
    pub comment: String,
    /// Its data center.
    pub data_center: DataCenterId,
    /// VLAN tag 1..4094, or none.
    #[serde(default)]
    pub vlan: Option<u16>,
    /// Bytes; 0 means the default of 1500.
    #[serde(default)]
    pub mtu: u32,
    /// VMs may be attached (a bridge on the hosts).
    pub vm_network: bool,
    /// The management network of its clusters; also display and migration network by default.
    pub management: bool,
    /// The bridge's name on hosts (oVirt's `vdsm_name`), at most 15 characters.
    pub bridge: String,
    /// The clusters it is attached to; `None` is every cluster of its data center.
    #[serde(default)]
    pub clusters: Option<BTreeMap<ClusterId, NetworkUse>>,
}

/// What a network is for in a cluster.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NetworkUse {
    /// A host that lacks it is non-operational.
    pub required: bool,
    /// Consoles are reached over it.
    pub display: bool,
    /// VMs are moved over it.
    pub migration: bool,
}

impl Network {
    /// What it is for in a cluster of its data center; `None` when it is not attached to it. The
    /// management network carries whatever no other network of the cluster does.
    #[must_use]
    pub fn use_in(&self, cluster: ClusterId) -> Option<NetworkUse> {
        match &self.clusters {
            Some(clusters) => clusters.get(&cluster).copied(),
            None => Some(NetworkUse {
                required: self.management,
                display: self.management,
                migration: self.management,
            }),
        }
    }

    /// Its name is unique in its data center.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        vec![Claim::new(
            format!("network-name/{}", self.data_center),
            &self.name,
        )]
    }
}

/// How a vNIC joins a network.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct VnicProfile {
    /// Its id.
    pub id: VnicProfileId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// Name, unique in the network.
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub description: String,
    /// Free text.
    #[serde(default)]
    pub comment: String,
    /// Its network.
    pub network: NetworkId,
    /// The vNIC sees all traffic of the network.
    #[serde(default)]
    pub port_mirroring: bool,
}

impl VnicProfile {
    /// Its name is unique in its network.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        vec![Claim::new(
            format!("vnic-profile-name/{}", self.network),
            &self.name,
        )]
    }
}

/// Ranges that MAC addresses are handed out from.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct MacPool {
    /// Its id.
    pub id: MacPoolId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// Name, unique in the system.
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub description: String,
    /// Free text.
    #[serde(default)]
    pub comment: String,
    /// The pool of clusters that name none.
    pub default: bool,
    /// May the same address be given by hand twice?
    pub allow_duplicates: bool,
    /// First and last address of each range, both included.
    pub ranges: Vec<(MacAddress, MacAddress)>,
}

impl MacPool {
    /// Its name is unique.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        vec![Claim::new("mac-pool-name", &self.name)]
    }
}

/// A unicast Ethernet address, printed as `56:6f:00:00:00:0a`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MacAddress([u8; 6]);

/// Not a unicast Ethernet address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadMac {
    /// Not six pairs of hexadecimal digits with colons.
    #[error(
        "`{0}` is not a MAC address; expected six pairs of hexadecimal digits such as 56:6f:00:00:00:0a"
    )]
    Form(String),
    /// The lowest bit of the first byte is set, or all bytes are zero.
    #[error(
        "`{0}` is not an address a card may have; expected a unicast address (the first byte even) that is not all zero"
    )]
    NotUnicast(String),
}

impl MacAddress {
    /// As a number below 2^48, for ranges.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0.iter().fold(0, |n, b| (n << 8) | u64::from(*b))
    }
    /// The inverse of `number`; `None` when it is no unicast address.
    #[must_use]
    pub fn from_number(number: u64) -> Option<Self> {
        let b = number.to_be_bytes();
        let mac = MacAddress([b[2], b[3], b[4], b[5], b[6], b[7]]);
        (b[0] == 0 && b[1] == 0 && mac.is_unicast()).then_some(mac)
    }
    fn is_unicast(self) -> bool {
        self.0[0] & 1 == 0 && self.0 != [0; 6]
    }
}

impl FromStr for MacAddress {
    type Err = BadMac;
    fn from_str(text: &str) -> Result<Self, BadMac> {
        let form = || BadMac::Form(text.chars().take(64).collect());
        let mut bytes = [0u8; 6];
        let mut parts = text.split(':');
        for b in &mut bytes {
            let part = parts.next().ok_or_else(form)?;
            if part.len() != 2 || !part.bytes().all(|c| c.is_ascii_hexdigit()) {
                return Err(form());
            }
            *b = u8::from_str_radix(part, 16).map_err(|_| form())?;
        }
        if parts.next().is_some() {
            return Err(form());
        }
        let mac = MacAddress(bytes);
        if mac.is_unicast() {
            Ok(mac)
        } else {
            Err(BadMac::NotUnicast(text.into()))
        }
    }
}

impl TryFrom<String> for MacAddress {
    type Error = BadMac;
    fn try_from(text: String) -> Result<Self, BadMac> {
        text.parse()
    }
}

impl From<MacAddress> for String {
    fn from(mac: MacAddress) -> String {
        mac.to_string()
    }
}

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let b = self.0;
        write!(
            f,
            "{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}",
            b[0], b[1], b[2], b[3], b[4], b[5]
        )
    }
}

impl fmt::Debug for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mac_is_read_and_printed_in_lower_case() {
        let mac: MacAddress = "56:6F:00:00:00:0a".parse().unwrap();
        assert_eq!(mac.to_string(), "56:6f:00:00:00:0a");
        assert_eq!(MacAddress::from_number(mac.number()), Some(mac));
    }

    #[test]
    fn what_is_no_card_address_is_refused_with_the_reason() {
        for bad in [
            "",
            "56:6f:00:00:00",
            "56:6f:00:00:00:0a:0b",
            "5:6f:0:0:0:0a",
            "56-6f-00-00-00-0a",
            "gg:00:00:00:00:00",
        ] {
            assert!(
                matches!(bad.parse::<MacAddress>(), Err(BadMac::Form(_))),
                "{bad}"
            );
        }
        for bad in [
            "01:00:00:00:00:00",
            "00:00:00:00:00:00",
            "ff:ff:ff:ff:ff:ff",
        ] {
            assert!(
                matches!(bad.parse::<MacAddress>(), Err(BadMac::NotUnicast(_))),
                "{bad}"
            );
        }
    }
}
