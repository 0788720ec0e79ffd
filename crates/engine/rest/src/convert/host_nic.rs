//! Network cards of a host as the API shows them.

use super::{links, numbers::int, references, reported_device};
use api_v4::{Ip, IpVersion, NicStatus};
use domain::hosts::{Host, HostNicFacts};
use projection::Snapshot;
use std::net::{IpAddr, Ipv4Addr};

/// Every card that the host told of; bridges show on their cards.
#[must_use]
pub fn host_nics(snapshot: &Snapshot, host: &Host) -> Vec<api_v4::HostNic> {
    let cards = host.facts.iter().flat_map(|facts| &facts.nics);
    cards
        .filter(|card| !card.is_bridge)
        .map(|card| shown(snapshot, host, card))
        .collect()
}

fn shown(snapshot: &Snapshot, host: &Host, card: &HostNicFacts) -> api_v4::HostNic {
    let dc = snapshot.cluster(host.cluster).map(|c| c.data_center);
    let network = card.bridge.as_ref().and_then(|bridge| {
        snapshot
            .networks_of(dc?)
            .find(|network| network.bridge == *bridge)
    });
    let addresses = || card.addresses.iter().filter_map(|text| ip(text));
    let of = |version| {
        addresses()
            .find(|ip| ip.version == Some(version))
            .map(Box::new)
    };
    let mut nic = api_v4::HostNic {
        name: Some(card.name.clone()),
        bridged: Some(card.bridge.is_some()),
        host: Some(references::host(host.id)),
        ip: of(IpVersion::V4),
        ipv6: of(IpVersion::V6),
        mac: Some(Box::new(api_v4::Mac {
            address: Some(card.mac.clone()),
        })),
        mtu: int(card.mtu),
        network: network.map(|network| references::network(network.id)),
        speed: (card.speed_mbps > 0)
            .then(|| int(card.speed_mbps.saturating_mul(1_000_000)))
            .flatten(),
        status: Some(if card.up {
            NicStatus::Up
        } else {
            NicStatus::Down
        }),
        ..api_v4::HostNic::default()
    };
    let of_host = host.id.to_string();
    let id = reported_device::id_of(&[&of_host, &card.name]);
    links::place(&mut nic, "hosts/{}/nics/{}", &[&of_host, &id]);
    nic
}

/// `10.0.0.1/24` as address and netmask; IPv6 has its prefix length as netmask, as in oVirt.
fn ip(text: &str) -> Option<Ip> {
    let (address, prefix) = text.split_once('/').unwrap_or((text, ""));
    let address: IpAddr = address.parse().ok()?;
    let prefix: Option<u32> = prefix.parse().ok();
    let netmask = match address {
        IpAddr::V4(_) => prefix.filter(|p| *p <= 32).map(|p| {
            let mask = u32::MAX.checked_shl(32 - p).unwrap_or(0);
            Ipv4Addr::from(mask).to_string()
        }),
        IpAddr::V6(_) => prefix.map(|p| p.to_string()),
    };
    Some(Ip {
        netmask,
        ..reported_device::ip(&address)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_become_netmasks() {
        let mask = |text| ip(text).and_then(|ip| ip.netmask);
        assert_eq!(mask("10.0.0.1/24").as_deref(), Some("255.255.255.0"));
        assert_eq!(mask("10.0.0.1/0").as_deref(), Some("0.0.0.0"));
        assert_eq!(mask("10.0.0.1/33"), None);
        assert_eq!(mask("fe80::1/64").as_deref(), Some("64"));
        assert!(ip("nonsense").is_none());
    }
}
