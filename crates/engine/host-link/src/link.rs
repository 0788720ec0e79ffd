//! All hosts that are spoken with.

use crate::dial::Dial;
use crate::keeper::{Keeper, Target};
use crate::session::Session;
use base::{Clock, HostId, Random};
use ports::hosts::{HostDialer, HostObserver};
use ports::{Agents, HostSession};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::watch;

/// Intervals of the connections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkOptions {
    /// Pause after the first failed try.
    pub pause_first: Duration,
    /// Longest pause between tries.
    pub pause_most: Duration,
    /// A host is asked for a sample this often.
    pub stats_every: Duration,
}

impl Default for LinkOptions {
    fn default() -> Self {
        LinkOptions {
            pause_first: Duration::from_millis(200),
            pause_most: Duration::from_secs(5),
            stats_every: Duration::from_secs(5),
        }
    }
}

/// Keeps the connections with all hosts. Clones share them.
#[derive(Clone)]
pub struct HostLink(Arc<Inner>);

struct Inner {
    dial: Arc<dyn Dial>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    options: LinkOptions,
    runtime: Handle,
    observer: OnceLock<Arc<dyn HostObserver>>,
    hosts: Mutex<HashMap<HostId, Entry>>,
}

struct Entry {
    target: watch::Sender<Option<Target>>,
    session: Arc<Session>,
    task: tokio::task::JoinHandle<()>,
}

impl HostLink {
    /// No connection yet. Must be called inside the runtime that the connections shall live in.
    #[must_use]
    pub fn new(
        dial: Arc<dyn Dial>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        options: LinkOptions,
    ) -> Self {
        HostLink(Arc::new(Inner {
            dial,
            clock,
            random,
            options,
            runtime: Handle::current(),
            observer: OnceLock::new(),
            hosts: Mutex::default(),
        }))
    }

    /// Says who is told what hosts say. Nothing is dialled before; a second observer is ignored.
    pub fn observe(&self, observer: Arc<dyn HostObserver>) {
        if self.0.observer.set(observer).is_err() {
            tracing::error!("hosts have an observer already; another one is ignored");
            return;
        }
        // Hosts that were to be dialled before wait for the observer.
        for (host, entry) in self.hosts().iter_mut() {
            entry.task = self.keep(*host, &entry.target, &entry.session);
        }
    }

    /// Ends all connections and returns when their tasks have ended. Observers hear nothing of it.
    pub async fn stop(&self) {
        let entries: Vec<Entry> = self.hosts().drain().map(|(_, entry)| entry).collect();
        for entry in &entries {
            entry.target.send_replace(None);
        }
        for entry in entries {
            let _ = entry.task.await;
        }
    }

    fn hosts(&self) -> std::sync::MutexGuard<'_, HashMap<HostId, Entry>> {
        self.0.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(
        &self,
        host: HostId,
        target: &watch::Sender<Option<Target>>,
        session: &Arc<Session>,
    ) -> tokio::task::JoinHandle<()> {
        let Some(observer) = self.0.observer.get() else {
            return self.0.runtime.spawn(async {});
        };
        let keeper = Keeper {
            host,
            dial: Arc::clone(&self.0.dial),
            clock: Arc::clone(&self.0.clock),
            random: Arc::clone(&self.0.random),
            options: self.0.options.clone(),
            observer: Arc::clone(observer),
            session: Arc::clone(session),
        };
        self.0.runtime.spawn(keeper.run(target.subscribe()))
    }
}

impl Agents for HostLink {
    /// O(1).
    fn session(&self, host: HostId) -> Option<Arc<dyn HostSession>> {
        let hosts = self.hosts();
        let session = Arc::clone(&hosts.get(&host)?.session);
        Some(session)
    }
}

impl HostDialer for HostLink {
    fn dial(&self, host: HostId, address: &str, port: u16, fence_epoch: u64) {
        let target = Target {
            address: address.to_owned(),
            port,
            fence_epoch,
        };
        let mut hosts = self.hosts();
        if let Some(entry) = hosts.get(&host) {
            entry.target.send_if_modified(|now| {
                let is_other = now.as_ref() != Some(&target);
                *now = Some(target);
                is_other
            });
            return;
        }
        let target = watch::Sender::new(Some(target));
        let session = Arc::new(Session::new(host));
        let task = self.keep(host, &target, &session);
        hosts.insert(
            host,
            Entry {
                target,
                session,
                task,
            },
        );
    }

    fn hang_up(&self, host: HostId) {
        if let Some(entry) = self.hosts().remove(&host) {
            entry.target.send_replace(None);
        }
    }
}
