//! What the kernel says of its links.

use domain::hosts::NicCounters;

/// What a link is, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LinkKind {
    /// A bridge.
    Bridge,
    /// The loopback.
    Loopback,
    /// A tap or tun device, most likely a running machine's card.
    Tap,
    /// Everything else: cards, bonds, VLANs, veths.
    #[default]
    Card,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Link {
    /// Kernel name.
    pub name: String,
    /// What it is.
    pub kind: LinkKind,
    /// Ethernet address, lower case; empty where there is none.
    pub mac: String,
    /// Bytes.
    pub mtu: u32,
    /// Administratively up.
    pub up: bool,
    /// A signal is there.
    pub carrier: bool,
    /// Mbit/s; 0 unknown.
    pub speed_mbps: u64,
    /// The bridge (or bond) it is a port of.
    pub master: Option<String>,
    /// Addresses with prefix length, link-local ones too.
    pub addresses: Vec<String>,
    /// Traffic.
    pub counters: NicCounters,
}

/// All links, in the order of their names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Observed {
    /// The links.
    pub links: Vec<Link>,
}

impl Observed {
    /// Of these links.
    #[must_use]
    pub fn new(mut links: Vec<Link>) -> Self {
        links.sort_by(|a, b| a.name.cmp(&b.name));
        Observed { links }
    }

    /// A link by its name.
    #[must_use]
    pub fn link(&self, name: &str) -> Option<&Link> {
        self.links.iter().find(|link| link.name == name)
    }
}
