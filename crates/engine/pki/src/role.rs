//! What a certificate's bearer is, written as a URI into its subject alternative name.

use base::HostId;
use std::fmt;

const API: &str = "urn:vireo:api";
const ENGINE: &str = "urn:vireo:engine";
const HOST: &str = "urn:vireo:host:";

/// The bearer of a certificate of the engine's CA.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// The engine as it answers the API.
    Api,
    /// The engine as it commands hosts.
    Engine,
    /// One host's agent.
    Host(HostId),
}

impl Role {
    /// The role a URI names; `None` for any other URI.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        match uri {
            API => Some(Role::Api),
            ENGINE => Some(Role::Engine),
            _ => {
                let id = uri.strip_prefix(HOST)?.parse().ok().map(Role::Host)?;
                // One spelling only: the URI is compared by others, too.
                (id.to_string() == uri).then_some(id)
            }
        }
    }
}

impl fmt::Display for Role {
    /// The URI.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Role::Api => f.write_str(API),
            Role::Engine => f.write_str(ENGINE),
            Role::Host(id) => write!(f, "{HOST}{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_read_in_its_one_spelling() {
        let host = Role::Host(HostId::known(0xabc));
        for role in [Role::Api, Role::Engine, host] {
            assert_eq!(Role::from_uri(&role.to_string()), Some(role));
        }
        for other in [
            "",
            "urn:vireo:",
            "urn:vireo:engine2",
            "URN:vireo:engine",
            "urn:vireo:host:",
            "urn:vireo:host:engine",
            "urn:vireo:host:00000000-0000-0000-0000-000000000ABC",
        ] {
            assert_eq!(Role::from_uri(other), None, "{other}");
        }
    }
}
