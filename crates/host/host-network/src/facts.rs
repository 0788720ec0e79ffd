//! What the engine is told of a host's cards.

use crate::{Link, LinkKind, Observed};
use domain::hosts::{HostNicFacts, NicCounters};
use std::collections::BTreeMap;

/// Links that an administrator thinks of: cards and bridges, not machines' taps.
fn told(observed: &Observed) -> impl Iterator<Item = &Link> {
    observed
        .links
        .iter()
        .filter(|link| matches!(link.kind, LinkKind::Card | LinkKind::Bridge))
}

/// The cards and bridges as the engine's inventory shows them. A port of a bridge shows the
/// bridge's addresses, since it answers on them.
#[must_use]
pub fn nic_facts(observed: &Observed) -> Vec<HostNicFacts> {
    told(observed)
        .map(|link| {
            let bridge = link.master.as_deref().and_then(|m| observed.link(m));
            let bridge = bridge.filter(|m| m.kind == LinkKind::Bridge);
            let mut addresses = link.addresses.clone();
            addresses.extend(bridge.iter().flat_map(|b| b.addresses.iter().cloned()));
            HostNicFacts {
                name: link.name.clone(),
                mac: link.mac.clone(),
                mtu: link.mtu,
                up: link.up && link.carrier,
                speed_mbps: link.speed_mbps,
                bridge: bridge.map(|b| b.name.clone()),
                addresses,
                is_bridge: link.kind == LinkKind::Bridge,
            }
        })
        .collect()
}

/// Traffic of the same links.
#[must_use]
pub fn nic_counters(observed: &Observed) -> BTreeMap<String, NicCounters> {
    told(observed)
        .map(|link| (link.name.clone(), link.counters))
        .collect()
}

/// Bridges that machines may be attached to.
#[must_use]
pub fn bridge_names(observed: &Observed) -> Vec<String> {
    let bridges = observed
        .links
        .iter()
        .filter(|link| link.kind == LinkKind::Bridge);
    bridges.map(|link| link.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_show_their_bridges_addresses_and_taps_are_left_out() {
        let link = |name: &str, kind| Link {
            name: name.into(),
            kind,
            up: true,
            carrier: true,
            ..Link::default()
        };
        let bridge = Link {
            addresses: vec!["10.0.0.1/24".into()],
            ..link("br", LinkKind::Bridge)
        };
        let port = Link {
            master: Some("br".into()),
            ..link("eth0", LinkKind::Card)
        };
        let observed = Observed::new(vec![
            port,
            bridge,
            link("vnet0", LinkKind::Tap),
            link("lo", LinkKind::Loopback),
        ]);
        let facts = nic_facts(&observed);
        let shown: Vec<_> = facts
            .iter()
            .map(|n| {
                (
                    n.name.as_str(),
                    n.is_bridge,
                    n.bridge.as_deref(),
                    n.addresses.len(),
                )
            })
            .collect();
        assert_eq!(
            shown,
            [("br", true, None, 1), ("eth0", false, Some("br"), 1)]
        );
        assert_eq!(bridge_names(&observed), ["br"]);
        assert_eq!(nic_counters(&observed).len(), 2);
    }
}
