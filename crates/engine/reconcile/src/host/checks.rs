//! What a host must reach before it runs VMs: the management network and the data center's storage.

use super::{HostTask, Note};
use crate::reconciler::Shared;
use base::{DataCenterId, HostId, StorageDomainId};
use domain::hosts::{HostFacts, HostStatus};
use domain::storage::{StorageDomain, StorageDomainStatus};
use ports::hosts::{HostError, StorageDomainSpec, StorageDomainUsage};
use projection::Snapshot;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the checks found.
#[derive(Default)]
pub(crate) struct Checked {
    /// Domains that are connected; with their space where they were connected just now.
    pub storage: Vec<(StorageDomainId, Option<StorageDomainUsage>)>,
    /// A domain is not connected.
    pub incomplete: bool,
    /// Why the host may not run VMs, as a sentence.
    pub unfit: Option<String>,
}

impl HostTask {
    /// Keeps what the host can do, if it is something else than before.
    pub(super) fn keep_facts(&self, facts: HostFacts) {
        let (shared, id) = (Arc::clone(&self.shared), self.id);
        self.shared.spawn(async move {
            let what = format!("what host {id} can do");
            shared
                .note(&what, |snapshot, _| {
                    let host = snapshot.host(id)?;
                    if host.facts.as_ref() == Some(&facts) {
                        return None;
                    }
                    let mut next = (**host).clone();
                    next.facts = Some(facts.clone());
                    let mut batch = store::Batch::new();
                    batch.put(next);
                    Some(batch)
                })
                .await;
        });
    }

    /// Checks beside, if connected; checks that are under way are followed by others.
    pub(super) fn check(&mut self) {
        let Some(connected) = &mut self.state.connected else {
            return;
        };
        if let Some(again) = &mut connected.checking {
            *again = true;
            return;
        }
        connected.checking = Some(false);
        let (shared, id) = (Arc::clone(&self.shared), self.id);
        let (inbox, connection) = (self.inbox.clone(), self.state.connection);
        let bridges = connected.bridges.clone();
        let connected: BTreeSet<_> = self.state.storage.keys().copied().collect();
        self.shared.spawn(async move {
            let outcome = checks(&shared, id, &bridges, &connected).await;
            if let Some(inbox) = inbox.upgrade() {
                let _ = inbox
                    .send(Note::Checked {
                        connection,
                        outcome,
                    })
                    .await;
            }
        });
    }
}

async fn checks(
    shared: &Shared,
    id: HostId,
    bridges: &[String],
    connected: &BTreeSet<StorageDomainId>,
) -> Checked {
    let snapshot = shared.rooms.projection.snapshot();
    let Some(center) = data_center_of(&snapshot, id) else {
        return Checked {
            unfit: Some("Its cluster belongs to no data center.".to_owned()),
            ..Checked::default()
        };
    };
    let mut found = Checked {
        unfit: missing_network(&snapshot, center, bridges),
        ..Checked::default()
    };
    let wanted: Vec<Arc<StorageDomain>> = snapshot
        .storage_domains_of(center)
        .filter(|d| d.status == StorageDomainStatus::Active)
        .cloned()
        .collect();
    // All at once: a server that hangs must not keep the host from the others.
    let tries = wanted.iter().map(|domain| async move {
        if connected.contains(&domain.id) {
            return (domain, Ok(None));
        }
        (domain, connect(shared, id, domain).await.map(Some))
    });
    for (domain, outcome) in futures::future::join_all(tries).await {
        match outcome {
            Ok(usage) => found.storage.push((domain.id, usage)),
            Err(error) => {
                found.incomplete = true;
                tracing::warn!(host.id = %id, storage_domain.id = %domain.id, storage_domain.name = domain.name, %error, "the host does not reach a storage domain");
                // Where nobody reaches it, the domain is to blame, not the host.
                let newest = shared.rooms.projection.snapshot();
                if reached_elsewhere(&newest, center, id, domain.id) {
                    found.unfit.get_or_insert(format!(
                        "It does not reach the storage domain {}: {error}",
                        domain.name
                    ));
                }
            }
        }
    }
    found
}

async fn connect(
    shared: &Shared,
    id: HostId,
    domain: &StorageDomain,
) -> Result<StorageDomainUsage, HostError> {
    let session = shared
        .rooms
        .agents
        .session(id)
        .ok_or_else(|| HostError::Unreachable {
            host: id,
            message: "it is not connected".to_owned(),
        })?;
    session
        .storage_connect(StorageDomainSpec {
            id: domain.id,
            backing: domain.backing.clone(),
            data_center: domain.data_center,
        })
        .await
}

pub(crate) fn data_center_of(snapshot: &Snapshot, host: HostId) -> Option<DataCenterId> {
    let host = snapshot.host(host)?;
    Some(snapshot.cluster(host.cluster)?.data_center)
}

/// The management network's bridge must be there; hosts without another network's bridge are left
/// out when a VM needs it.
fn missing_network(
    snapshot: &Snapshot,
    center: DataCenterId,
    bridges: &[String],
) -> Option<String> {
    let network = snapshot
        .networks_of(center)
        .find(|n| n.management && !bridges.contains(&n.bridge))?;
    Some(format!(
        "The management network {} is missing: the host has no bridge {}.",
        network.name, network.bridge
    ))
}

fn reached_elsewhere(
    snapshot: &Snapshot,
    center: DataCenterId,
    not: HostId,
    domain: StorageDomainId,
) -> bool {
    snapshot
        .clusters_of(center)
        .flat_map(|cluster| snapshot.hosts_of(cluster.id))
        .filter(|host| host.id != not)
        .any(|host| {
            snapshot.host_status(host.id) == Some(HostStatus::Up)
                && snapshot
                    .host_observed(host.id)
                    .is_some_and(|seen| seen.storage.contains(&domain))
        })
}
