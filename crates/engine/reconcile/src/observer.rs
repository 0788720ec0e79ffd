//! The two doors through which news comes in: what hosts say, and what was committed.

use crate::host::Note;
use crate::reconciler::Shared;
use crate::roster::Changed;
use async_trait::async_trait;
use base::{HostId, NetworkId, StorageDomainId};
use domain::{Entity, Key, Noun};
use ports::hosts::{HostEvent, HostHello, HostObserver, StatsFrame};
use std::sync::Arc;
use store::{Change, CommitObserver, Committed};

pub(crate) struct Observer(pub Arc<Shared>);

impl Observer {
    async fn hand_on(&self, host: HostId, note: Note) {
        // A host that was removed a moment ago has no task any more.
        if let Some(inbox) = self.0.inbox(host) {
            let _ = inbox.send(note).await;
        }
    }
}

#[async_trait]
impl HostObserver for Observer {
    async fn connected(&self, host: HostId, hello: HostHello) {
        self.hand_on(host, Note::Connected(Box::new(hello))).await;
    }

    async fn event(&self, host: HostId, event: HostEvent) {
        self.hand_on(host, Note::Event(event)).await;
    }

    async fn stats(&self, host: HostId, frame: StatsFrame) {
        // A sample that finds no room is old when there is room again.
        if let Some(inbox) = self.0.inbox(host) {
            let _ = inbox.try_send(Note::Stats(Box::new(frame)));
        }
    }

    async fn lost(&self, host: HostId, message: String) {
        self.hand_on(host, Note::Lost(message)).await;
    }

    async fn superseded(&self, host: HostId, newest: u64) {
        self.0.changed(Changed::Superseded(host, newest));
    }
}

impl CommitObserver for Observer {
    fn committed(&self, commit: &Committed) {
        for change in &commit.changes {
            let changed = match change {
                Change::Put(Entity::Host(host)) => Changed::Host(host.id),
                Change::Put(Entity::StorageDomain(domain)) => Changed::StorageDomain(domain.id),
                Change::Put(Entity::Network(network)) => Changed::Network(network.id),
                Change::Deleted(Key { noun, id }) => match noun {
                    Noun::Host => Changed::Host(HostId(*id)),
                    Noun::StorageDomain => Changed::StorageDomain(StorageDomainId(*id)),
                    Noun::Network => Changed::Network(NetworkId(*id)),
                    _ => continue,
                },
                _ => continue,
            };
            self.0.changed(changed);
        }
    }
}
