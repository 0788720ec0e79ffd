//! From what is wanted and what there is to the steps between. Pure.

use crate::{Link, LinkKind, Observed, Step};
use std::collections::BTreeSet;

/// The kernel's limit of a link's name (bytes).
const NAME_LIMIT: usize = 15;
/// Smallest and largest MTU a bridge takes.
const MTU_RANGE: std::ops::RangeInclusive<u32> = 68..=65535;

/// A bridge that must exist and be up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BridgeWanted {
    /// Kernel name; oVirt's name of the network's bridge.
    pub name: String,
    /// Bytes; 0 leaves it as it is.
    pub mtu: u32,
    /// The card that joins it to the world; none is a network inside the host.
    pub uplink: Option<String>,
}

impl BridgeWanted {
    /// A bridge inside the host with the kernel's MTU.
    #[must_use]
    pub fn internal(name: impl Into<String>) -> Self {
        BridgeWanted {
            name: name.into(),
            mtu: 0,
            uplink: None,
        }
    }
}

/// What must be there. Links that are not mentioned are left alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Desired {
    /// Bridges.
    pub bridges: Vec<BridgeWanted>,
}

/// What is wanted can't be had, or is no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Not a link's name.
    #[error("`{name}` is no name for a link: expected 1 to 15 bytes without `/`, `:` and blanks")]
    Name {
        /// What was given.
        name: String,
    },
    /// Not an MTU.
    #[error("{mtu} is no MTU for bridge `{bridge}`: expected 0 or 68 to 65535")]
    Mtu {
        /// The bridge.
        bridge: String,
        /// What was given.
        mtu: u32,
    },
    /// Wanted twice.
    #[error("`{name}` is wanted twice")]
    Twice {
        /// The bridge or card.
        name: String,
    },
    /// Something else has the bridge's name.
    #[error("`{name}` exists and is no bridge; rename it or choose another bridge")]
    NotABridge {
        /// The name.
        name: String,
    },
    /// The card is not there.
    #[error("bridge `{bridge}` wants the card `{uplink}`, which this host does not have")]
    NoUplink {
        /// The bridge.
        bridge: String,
        /// The card.
        uplink: String,
    },
    /// The card can't become a port.
    #[error("bridge `{bridge}` cannot have the card `{uplink}`: {reason}")]
    Uplink {
        /// The bridge.
        bridge: String,
        /// The card.
        uplink: String,
        /// Why.
        reason: String,
    },
}

/// The steps from `observed` to `desired`, in an order in which each can be done.
///
/// # Errors
/// When what is wanted contradicts itself or what is there; then nothing should be done at all.
pub fn plan(observed: &Observed, desired: &Desired) -> Result<Vec<Step>, PlanError> {
    let mut names = BTreeSet::new();
    let mut steps = Vec::new();
    for wanted in &desired.bridges {
        for name in std::iter::once(&wanted.name).chain(&wanted.uplink) {
            check_name(name)?;
            if !names.insert(name.as_str()) {
                return Err(PlanError::Twice { name: name.clone() });
            }
        }
        bridge_steps(observed, wanted, &mut steps)?;
    }
    Ok(steps)
}

fn check_name(name: &str) -> Result<(), PlanError> {
    let bad = |c: char| c == '/' || c == ':' || c.is_whitespace() || c.is_control();
    if name.is_empty()
        || name.len() > NAME_LIMIT
        || name == "."
        || name == ".."
        || name.contains(bad)
    {
        return Err(PlanError::Name {
            name: name.chars().take(64).collect(),
        });
    }
    Ok(())
}

fn bridge_steps(
    observed: &Observed,
    wanted: &BridgeWanted,
    steps: &mut Vec<Step>,
) -> Result<(), PlanError> {
    /// What the kernel gives a new bridge.
    const NEW_MTU: u32 = 1500;
    let bridge = wanted.name.clone();
    if wanted.mtu != 0 && !MTU_RANGE.contains(&wanted.mtu) {
        return Err(PlanError::Mtu {
            bridge,
            mtu: wanted.mtu,
        });
    }
    let (there, up, mtu) = match observed.link(&bridge) {
        None => (false, false, NEW_MTU),
        Some(link) if link.kind == LinkKind::Bridge => (true, link.up, link.mtu),
        Some(_) => return Err(PlanError::NotABridge { name: bridge }),
    };
    if !there {
        steps.push(Step::BridgeAdd {
            bridge: bridge.clone(),
        });
    }
    if let Some(uplink) = &wanted.uplink {
        let card = uplink_of(observed, &bridge, uplink)?;
        // A bridge takes the smallest MTU of its ports, so they come first.
        if wanted.mtu != 0 && card.mtu != wanted.mtu {
            steps.push(Step::Mtu {
                link: uplink.clone(),
                from: card.mtu,
                to: wanted.mtu,
            });
        }
        if card.master.is_none() {
            steps.push(Step::PortAdd {
                port: uplink.clone(),
                bridge: bridge.clone(),
            });
        }
        if !card.up {
            steps.push(Step::Up {
                link: uplink.clone(),
            });
        }
    }
    if wanted.mtu != 0 && mtu != wanted.mtu {
        steps.push(Step::Mtu {
            link: bridge.clone(),
            from: mtu,
            to: wanted.mtu,
        });
    }
    if !up {
        steps.push(Step::Up { link: bridge });
    }
    Ok(())
}

fn uplink_of<'a>(
    observed: &'a Observed,
    bridge: &str,
    uplink: &str,
) -> Result<&'a Link, PlanError> {
    let refuse = |reason: String| {
        Err(PlanError::Uplink {
            bridge: bridge.to_owned(),
            uplink: uplink.to_owned(),
            reason,
        })
    };
    let Some(card) = observed.link(uplink) else {
        return Err(PlanError::NoUplink {
            bridge: bridge.to_owned(),
            uplink: uplink.to_owned(),
        });
    };
    if card.kind != LinkKind::Card {
        return refuse("it is no network card".into());
    }
    match &card.master {
        Some(master) if master == bridge => return Ok(card),
        Some(master) => return refuse(format!("it is a port of `{master}`")),
        None => {}
    }
    // As a port it would no longer answer on them, and the host could be cut off.
    let own = card.addresses.iter().find(|a| !a.starts_with("fe80:"));
    match own {
        Some(address) => refuse(format!(
            "it has the address {address}; move its addresses to the bridge first"
        )),
        None => Ok(card),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(name: &str) -> Link {
        Link {
            name: name.into(),
            mtu: 1500,
            ..Link::default()
        }
    }
    fn wanted(name: &str, mtu: u32, uplink: Option<&str>) -> Desired {
        Desired {
            bridges: vec![BridgeWanted {
                name: name.into(),
                mtu,
                uplink: uplink.map(Into::into),
            }],
        }
    }
    fn words(steps: &[Step]) -> Vec<String> {
        steps.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_missing_bridge_is_made_and_its_card_joins_it() {
        let observed = Observed::new(vec![card("eth0")]);
        let steps = plan(&observed, &wanted("ovirtmgmt", 9000, Some("eth0"))).unwrap();
        assert_eq!(
            words(&steps),
            [
                "make the bridge `ovirtmgmt`",
                "change the MTU of `eth0` from 1500 to 9000",
                "make `eth0` a port of the bridge `ovirtmgmt`",
                "switch `eth0` on",
                "change the MTU of `ovirtmgmt` from 1500 to 9000",
                "switch `ovirtmgmt` on",
            ]
        );
    }

    #[test]
    fn what_is_there_needs_no_step() {
        let bridge = Link {
            kind: LinkKind::Bridge,
            up: true,
            ..card("br")
        };
        let port = Link {
            master: Some("br".into()),
            addresses: vec!["10.0.0.1/24".into()],
            up: true,
            ..card("eth0")
        };
        let observed = Observed::new(vec![port, bridge]);
        let steps = plan(&observed, &wanted("br", 1500, Some("eth0"))).unwrap();
        assert_eq!(steps, []);
    }

    #[test]
    fn what_cannot_be_is_refused_before_anything_is_done() {
        let addressed = Link {
            addresses: vec!["fe80::1/64".into(), "10.0.0.1/24".into()],
            ..card("eth1")
        };
        let taken = Link {
            master: Some("bond0".into()),
            ..card("eth2")
        };
        let tap = Link {
            kind: LinkKind::Tap,
            ..card("vnet0")
        };
        let observed = Observed::new(vec![card("eth0"), addressed, taken, tap]);
        for (desired, words) in [
            (wanted("", 0, None), "no name"),
            (wanted("a/b", 0, None), "no name"),
            (wanted("sixteen-bytes-xx", 0, None), "no name"),
            (wanted("br", 67, None), "no MTU"),
            (wanted("eth0", 0, None), "no bridge"),
            (wanted("br", 0, Some("br")), "twice"),
            (wanted("br", 0, Some("eth9")), "does not have"),
            (wanted("br", 0, Some("eth1")), "10.0.0.1/24"),
            (wanted("br", 0, Some("eth2")), "port of `bond0`"),
            (wanted("br", 0, Some("vnet0")), "no network card"),
        ] {
            let error = plan(&observed, &desired).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn the_undo_of_an_undo_is_the_step() {
        let observed = Observed::new(vec![card("eth0")]);
        for step in plan(&observed, &wanted("br", 1400, Some("eth0"))).unwrap() {
            assert_eq!(step.undo().undo(), step);
        }
    }
}
