//! Which hosts this engine speaks with: all that have enrolled, each claimed once by this engine.

use crate::host::Note;
use crate::reconciler::Shared;
use audit::AuditEvent;
use base::{DataCenterId, Fault, HostId, NetworkId, StorageDomainId};
use domain::hosts::Host;
use operations::restored::reclaimed;
use projection::Snapshot;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use store::Batch;
use tokio::sync::mpsc;

/// A durable change that hosts may have to follow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Changed {
    Host(HostId),
    StorageDomain(StorageDomainId),
    Network(NetworkId),
    /// The host obeys an engine of this fence epoch, which is newer than ours.
    Superseded(HostId, u64),
}

/// Claims and dials.
pub(crate) struct Roster {
    shared: Arc<Shared>,
    /// Each host this engine has claimed, with the joining that was claimed.
    claimed: HashMap<HostId, String>,
}

impl Roster {
    pub fn new(shared: Arc<Shared>) -> Self {
        Roster {
            shared,
            claimed: HashMap::new(),
        }
    }

    /// Claims every enrolled host that is not claimed yet, in one commit, and dials all.
    pub async fn claim_all(&mut self) -> Result<(), Fault> {
        let claimed = &self.claimed;
        let is_new = |host: &Host| {
            let joined = host.enrolment.joined();
            joined.is_some_and(|j| claimed.get(&host.id).is_none_or(|c| c != j))
        };
        self.shared
            .commit(|snapshot, _| {
                let mut batch = Batch::new();
                for host in snapshot.hosts().filter(|h| is_new(h)) {
                    let mut next = (**host).clone();
                    next.fence_epoch += 1;
                    batch.put(next);
                }
                (!batch.writes.is_empty()).then_some(batch)
            })
            .await?;
        let snapshot = self.shared.rooms.projection.snapshot();
        for host in snapshot.hosts() {
            if let Some(joined) = host.enrolment.joined() {
                self.claimed.insert(host.id, joined.to_owned());
                self.dial(host);
            }
        }
        Ok(())
    }

    /// A host whose address or epoch is another than before gets a new connection.
    fn dial(&self, host: &Host) {
        self.shared.host_ensure(host.id);
        self.shared
            .dialer
            .dial(host.id, &host.address, host.port, host.fence_epoch);
    }

    /// Follows what is committed, until the room is stopped.
    pub async fn run(mut self, mut changed: mpsc::UnboundedReceiver<Changed>) {
        while let Some(first) = changed.recv().await {
            let mut hosts = HashSet::new();
            let mut centers = HashSet::new();
            let mut superseded = Vec::new();
            let mut next = Some(first);
            // What waits already is answered together: many changes often are one story.
            while let Some(change) = next {
                let snapshot = self.shared.rooms.projection.snapshot();
                match change {
                    Changed::Host(id) => drop(hosts.insert(id)),
                    Changed::StorageDomain(id) => {
                        centers.extend(snapshot.storage_domain(id).and_then(|d| d.data_center))
                    }
                    Changed::Network(id) => {
                        centers.extend(snapshot.network(id).map(|n| n.data_center));
                    }
                    Changed::Superseded(id, newest) => superseded.push((id, newest)),
                }
                next = changed.try_recv().ok();
            }
            for (host, newest) in superseded {
                self.reclaim(host, newest).await;
            }
            for host in hosts {
                self.follow(host).await;
            }
            let snapshot = self.shared.rooms.projection.snapshot();
            for center in centers {
                self.check_again(&snapshot, center).await;
            }
        }
    }

    async fn follow(&mut self, id: HostId) {
        let snapshot = self.shared.rooms.projection.snapshot();
        let Some(host) = snapshot.host(id) else {
            if self.claimed.remove(&id).is_some() {
                self.shared.dialer.hang_up(id);
                self.shared.host_drop(id);
            }
            return;
        };
        let Some(joined) = host.enrolment.joined() else {
            return;
        };
        if self.claimed.get(&id).is_some_and(|c| c == joined) {
            self.dial(host);
            return;
        }
        if let Err(fault) = self.claim_all().await {
            tracing::error!(host.id = %id, host.name = host.name, %fault, "the host cannot be claimed; it is dialled when it changes again or the engine is started again");
        }
    }

    /// A restored engine takes back a host that has heard newer epochs than the backup knew. The
    /// commit is followed by a new connection. Any other engine was rightly superseded.
    async fn reclaim(&self, id: HostId, newest: u64) {
        let shared = &self.shared;
        let claimed = shared
            .commit(|snapshot, now| {
                let next = reclaimed(snapshot.host(id)?, newest, now)?;
                let mut batch = Batch::new();
                batch.put(next);
                Some(batch)
            })
            .await;
        match claimed {
            Ok(true) => {
                tracing::warn!(host.id = %id, newest, "the host had heard a newer engine; this restored one takes it back");
            }
            Ok(false) => {
                let snapshot = shared.rooms.projection.snapshot();
                if let Some(host) = snapshot.host(id) {
                    let host = (**host).clone();
                    let beside = Arc::clone(shared);
                    let event = AuditEvent::EngineFenced { host, newest };
                    shared.spawn(async move { beside.tell(vec![event]).await });
                }
            }
            Err(e) => {
                tracing::error!(host.id = %id, error = &e as &dyn std::error::Error, "the host cannot be taken back; start the engine again");
            }
        }
    }

    /// Hosts of a data center look again at what they must reach.
    async fn check_again(&self, snapshot: &Snapshot, center: DataCenterId) {
        for cluster in snapshot.clusters_of(center) {
            for host in snapshot.hosts_of(cluster.id) {
                if let Some(inbox) = self.shared.inbox(host.id) {
                    let _ = inbox.send(Note::CheckAgain).await;
                }
            }
        }
    }
}
