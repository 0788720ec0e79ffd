//! Adding a host: it is known at once, and may enrol with a one-time token.

use super::tokens;
use crate::deciding::decide;
use crate::{Rooms, checks};
use access::Permitted;
use audit::AuditEvent;
use base::{ClusterId, Fault, Generation, HostId, Timestamp};
use domain::hosts::{Enrolment, Host};
use domain::names::{self, Alphabet};
use projection::Snapshot;
use std::net::IpAddr;
use std::sync::Arc;
use store::Batch;

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

/// The agent's port, if none is given.
const PORT: u16 = 54321;
const VERB: &str = "Cannot add Host";

/// Adds a host. The same name and address again, while it has not enrolled, gives a new token.
///
/// # Errors
/// 400 for a bad name or address; 404 for an unknown cluster; 409 for a name or address in use, or a
/// second host in a local data center.
pub async fn add(call: &Permitted, rooms: &Rooms, add: HostAdd) -> Result<HostAdded, Fault> {
    names::check_name("host", &add.name, names::HOST_NAME_MAX, Alphabet::AsciiDot)?;
    names::check_text("description", &add.description, names::DESCRIPTION_MAX)?;
    names::check_text("comment", &add.comment, checks::COMMENT_MAX)?;
    check_address(&add.address)?;
    let port = add.port.unwrap_or(PORT);
    let token = tokens::new_token(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let expires = now.after(rooms.settings.enrolment_token_life);
        let enrolment = Enrolment::Pending {
            token_sha256: tokens::digest(&token),
            expires,
        };
        let mut batch = Batch::new();
        let host = match same_pending(snapshot, &add, port) {
            Some(waiting) => Host {
                enrolment,
                ..(**waiting).clone()
            },
            None => {
                check_place(snapshot, &add, port)?;
                let host = Host {
                    id: HostId::random(&*rooms.random),
                    generation: Generation::NEW,
                    name: add.name.clone(),
                    description: add.description.clone(),
                    comment: add.comment.clone(),
                    address: add.address.clone(),
                    port,
                    cluster: add.cluster,
                    enrolment,
                    maintenance: false,
                    preparing: None,
                    fence_epoch: 0,
                    restored: None,
                    facts: None,
                    created: now,
                };
                batch.event(AuditEvent::HostAdded { host: host.clone() }.at(call, now));
                host
            }
        };
        let added = HostAdded {
            id: host.id,
            token: token.clone(),
            expires,
        };
        batch.put(host);
        Ok((batch, added))
    })
    .await
}

/// A host as described that still waits for its agent.
fn same_pending<'a>(snapshot: &'a Snapshot, add: &HostAdd, port: u16) -> Option<&'a Arc<Host>> {
    snapshot.host_named(&add.name).filter(|h| {
        h.address == add.address
            && h.port == port
            && h.cluster == add.cluster
            && matches!(h.enrolment, Enrolment::Pending { .. })
    })
}

fn check_place(snapshot: &Snapshot, add: &HostAdd, port: u16) -> Result<(), Fault> {
    let cluster = checks::cluster(snapshot, add.cluster)?;
    if snapshot.host_named(&add.name).is_some() {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_NAME_ALREADY_USED",
            format!(
                "{VERB}. The host name {} is already in use; choose another one.",
                add.name
            ),
        ));
    }
    let same = snapshot
        .hosts()
        .find(|h| h.address == add.address && h.port == port);
    if let Some(same) = same {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_VDS_WITH_SAME_HOST_EXIST",
            format!(
                "{VERB}. Host {} has the address {}:{port} already.",
                same.name, add.address
            ),
        ));
    }
    let local = snapshot
        .data_center(cluster.data_center)
        .filter(|dc| dc.local);
    if let Some(dc) = local {
        let other = snapshot
            .clusters_of(dc.id)
            .flat_map(|c| snapshot.hosts_of(c.id))
            .next();
        if let Some(other) = other {
            return Err(Fault::conflict(
                "VDS_CANNOT_ADD_MORE_THEN_ONE_HOST_TO_LOCAL_STORAGE",
                format!(
                    "{VERB}. Data center {} has local storage and its one host {} already.",
                    dc.name, other.name
                ),
            ));
        }
    }
    Ok(())
}

/// An IP address, or labels of letters, digits and `-` with dots between.
fn check_address(address: &str) -> Result<(), Fault> {
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let name = address.len() <= 255 && address.split('.').all(label);
    if name || address.parse::<IpAddr>().is_ok() {
        return Ok(());
    }
    Err(Fault::bad_request(
        "ACTION_TYPE_FAILED_INVALID_VDS_HOSTNAME",
        format!(
            "`{}` is not an address; expected a host name, an IPv4 or an IPv6 address.",
            address.chars().take(64).collect::<String>()
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_host_names_or_ip_addresses() {
        for good in ["host1", "a.example.com", "127.0.0.1", "fe80::1", "::1"] {
            assert_eq!(check_address(good), Ok(()), "{good}");
        }
        for bad in ["", "a b", "a..b", "-a", "хост", "a/b", "[::1]", "h:22"] {
            assert!(check_address(bad).is_err(), "{bad}");
        }
    }
}
