//! Changes of a host's network, each with its undo.

use std::fmt;

/// One change, small enough to be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Make a bridge, down, without STP.
    BridgeAdd {
        /// Its name.
        bridge: String,
    },
    /// Remove a bridge.
    BridgeRemove {
        /// Its name.
        bridge: String,
    },
    /// Change an MTU.
    Mtu {
        /// The link.
        link: String,
        /// As it is.
        from: u32,
        /// As it will be.
        to: u32,
    },
    /// Make a card a port of a bridge.
    PortAdd {
        /// The card.
        port: String,
        /// The bridge.
        bridge: String,
    },
    /// Take a card out of a bridge.
    PortRemove {
        /// The card.
        port: String,
        /// The bridge.
        bridge: String,
    },
    /// Switch a link on.
    Up {
        /// The link.
        link: String,
    },
    /// Switch a link off.
    Down {
        /// The link.
        link: String,
    },
}

impl Step {
    /// What takes it back.
    #[must_use]
    pub fn undo(&self) -> Step {
        match self.clone() {
            Step::BridgeAdd { bridge } => Step::BridgeRemove { bridge },
            Step::BridgeRemove { bridge } => Step::BridgeAdd { bridge },
            Step::Mtu { link, from, to } => Step::Mtu {
                link,
                from: to,
                to: from,
            },
            Step::PortAdd { port, bridge } => Step::PortRemove { port, bridge },
            Step::PortRemove { port, bridge } => Step::PortAdd { port, bridge },
            Step::Up { link } => Step::Down { link },
            Step::Down { link } => Step::Up { link },
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::BridgeAdd { bridge } => write!(f, "make the bridge `{bridge}`"),
            Step::BridgeRemove { bridge } => write!(f, "remove the bridge `{bridge}`"),
            Step::Mtu { link, from, to } => {
                write!(f, "change the MTU of `{link}` from {from} to {to}")
            }
            Step::PortAdd { port, bridge } => {
                write!(f, "make `{port}` a port of the bridge `{bridge}`")
            }
            Step::PortRemove { port, bridge } => {
                write!(f, "take `{port}` out of the bridge `{bridge}`")
            }
            Step::Up { link } => write!(f, "switch `{link}` on"),
            Step::Down { link } => write!(f, "switch `{link}` off"),
        }
    }
}
