//! Everything that is true now, in memory: every list and get is served from here.
//!
//! One writer at a time (the store's commits, and what hosts say) makes a new state out of the old
//! one; persistent maps share what did not change. Readers take a [`Snapshot`], which never changes
//! under them. What is durable is decided in the `store`, not here; SQL and the API's words are not
//! here either.

mod macs;
mod rights;
mod sight;
mod snapshot;
mod state;
mod status;
mod table;

pub use rights::Rights;
pub use snapshot::{Listed, Snapshot};

use base::{HostId, StorageDomainId, VmId};
use domain::hosts::HostObserved;
use domain::storage::StorageDomainObserved;
use domain::vms::{VmObserved, VmStats};
use state::State;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use store::{Change, CommitObserver, Committed, Contents};
use tokio::sync::watch;

/// What a host measured at one moment.
#[derive(Clone, Debug)]
pub struct HostSample {
    /// Of itself.
    pub seen: HostObserved,
    /// Of the VMs that run on it.
    pub vms: BTreeMap<VmId, VmStats>,
    /// Of the storage domains it has connected.
    pub domains: Vec<(StorageDomainId, StorageDomainObserved)>,
}

/// The present. Cheap to clone; all clones are one projection.
#[derive(Clone)]
pub struct Projection(Arc<Inner>);

struct Inner {
    writer: Mutex<()>,
    current: RwLock<Snapshot>,
    version: watch::Sender<u64>,
}

impl Projection {
    /// A projection of what a database holds; make it an observer of the store's commits next.
    #[must_use]
    pub fn new(contents: &Contents) -> Self {
        let mut state = State {
            seq: contents.seq,
            version: 1,
            ..State::default()
        };
        for entity in &contents.entities {
            state.put(entity);
        }
        for row in &contents.workflows {
            state.apply(&Change::Workflow(Arc::new(row.clone())));
        }
        for event in &contents.events {
            state.apply(&Change::Event(Arc::new(event.clone())));
        }
        Projection(Arc::new(Inner {
            writer: Mutex::new(()),
            version: watch::Sender::new(state.version),
            current: RwLock::new(Snapshot(Arc::new(state), None)),
        }))
    }

    /// What is true now. O(1).
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.0
            .current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Grows with every change; for waiting until something has become true.
    #[must_use]
    pub fn version(&self) -> watch::Receiver<u64> {
        self.0.version.subscribe()
    }

    /// A host said this of a VM; `None`: no host knows it any more.
    pub fn vm_observed(&self, vm: VmId, seen: Option<VmObserved>) {
        self.change(|state| state.vm_said(vm, seen));
    }

    /// A host said this of VMs: one change, however many they are.
    pub fn vms_observed(&self, seen: Vec<(VmId, VmObserved)>) {
        if seen.is_empty() {
            return;
        }
        self.change(|state| {
            for (vm, seen) in seen {
                state.vm_said(vm, Some(seen));
            }
        });
    }

    /// A host's sample, as one change. O(log objects), however many VMs it measures.
    pub fn host_sampled(&self, host: HostId, sample: HostSample) {
        self.change(|state| {
            state.host_said(host, sample.seen);
            state.host_samples.insert(host, Arc::new(sample.vms));
            for (domain, seen) in sample.domains {
                state.storage_seen.insert(domain, seen);
            }
        });
    }

    /// What is known of a host now.
    pub fn host_observed(&self, host: HostId, seen: HostObserved) {
        self.change(|state| state.host_said(host, seen));
    }

    /// What hosts measured of a storage domain; `None`: nothing is known any more.
    pub fn storage_domain_observed(
        &self,
        sd: StorageDomainId,
        seen: Option<StorageDomainObserved>,
    ) {
        self.change(|state| match seen {
            Some(seen) => drop(state.storage_seen.insert(sd, seen)),
            None => drop(state.storage_seen.remove(&sd)),
        });
    }

    /// One change by one writer; readers see all of it or nothing.
    fn change(&self, change: impl FnOnce(&mut State)) {
        let _writer = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = (*self.snapshot().0).clone();
        change(&mut state);
        state.version += 1;
        let version = state.version;
        let next = Snapshot(Arc::new(state), None);
        *self
            .0
            .current
            .write()
            .unwrap_or_else(PoisonError::into_inner) = next;
        self.0.version.send_replace(version);
    }
}

impl CommitObserver for Projection {
    fn committed(&self, commit: &Committed) {
        self.change(|state| {
            for change in &commit.changes {
                state.apply(change);
            }
            state.seq = commit.seq;
        });
    }
}
