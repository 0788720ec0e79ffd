//! The room's front: what is started, told and stopped.

use crate::certificates::{self, Look};
use crate::host::{HostTask, Note};
use crate::observer::Observer;
use crate::roster::{Changed, Roster};
use crate::storage::StorageMonitor;
use crate::upkeep;
use access::Access;
use base::{Call, Fault, HostId};
use operations::Rooms;
use pki::Pki;
use ports::hosts::{HostDialer, HostObserver};
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;

/// So many durable notes are written at the same time; the store commits them in groups.
const NOTES_AT_ONCE: usize = 64;
/// So many things a host said may wait for its task before the wire has to wait.
const INBOX: usize = 256;

/// Intervals and ages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReconcileOptions {
    /// What was missing at a host is looked for again after this time.
    pub recheck: Duration,
    /// Finished jobs are listed this long (oVirt: 10 minutes).
    pub job_keep_finished: Duration,
    /// Failed jobs are listed this long (oVirt: 60 minutes).
    pub job_keep_failed: Duration,
    /// Events are kept this long (`AuditLogAgingThreshold`: 30 days).
    pub event_keep: Duration,
}

impl Default for ReconcileOptions {
    fn default() -> Self {
        ReconcileOptions {
            recheck: Duration::from_secs(30),
            job_keep_finished: Duration::from_secs(10 * 60),
            job_keep_failed: Duration::from_secs(60 * 60),
            event_keep: Duration::from_secs(30 * 24 * 3600),
        }
    }
}

/// Keeps what is believed and what hosts say together. Clones share everything.
#[derive(Clone)]
pub struct Reconciler(Arc<Shared>);

/// What all tasks of the room use.
pub(crate) struct Shared {
    pub rooms: Rooms,
    pub dialer: Arc<dyn HostDialer>,
    pub options: ReconcileOptions,
    pub storage: StorageMonitor,
    pub notes: Semaphore,
    looks: mpsc::UnboundedSender<Look>,
    looking: Mutex<Option<mpsc::UnboundedReceiver<Look>>>,
    hosts: RwLock<HashMap<HostId, mpsc::Sender<Note>>>,
    changes: mpsc::UnboundedSender<Changed>,
    changed: Mutex<Option<mpsc::UnboundedReceiver<Changed>>>,
    stopped: watch::Sender<bool>,
    tasks: Mutex<JoinSet<()>>,
}

impl Reconciler {
    /// Nothing runs yet: give [`Reconciler::host_observer`] to the one who dials, then
    /// [`Reconciler::start`].
    #[must_use]
    pub fn new(rooms: Rooms, dialer: Arc<dyn HostDialer>, options: ReconcileOptions) -> Self {
        let (changes, changed) = mpsc::unbounded_channel();
        let (looks, looking) = mpsc::unbounded_channel();
        Reconciler(Arc::new(Shared {
            rooms,
            dialer,
            options,
            storage: StorageMonitor::default(),
            notes: Semaphore::new(NOTES_AT_ONCE),
            looks,
            looking: Mutex::new(Some(looking)),
            hosts: RwLock::default(),
            changes,
            changed: Mutex::new(Some(changed)),
            stopped: watch::Sender::new(false),
            tasks: Mutex::default(),
        }))
    }

    /// Where what hosts say is to be put.
    #[must_use]
    pub fn host_observer(&self) -> Arc<dyn HostObserver> {
        Arc::new(Observer(Arc::clone(&self.0)))
    }

    /// Claims all enrolled hosts for this engine (one commit), dials them, and from then on every
    /// host that enrols. Call it once, after the store's contents are in the projection.
    ///
    /// # Errors
    /// When the claim can't be committed: this engine must not command hosts then.
    pub async fn start(&self) -> Result<(), Fault> {
        let shared = &self.0;
        let changed = shared
            .changed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
            .ok_or_else(|| Fault::internal("the reconciler was started twice"))?;
        shared
            .rooms
            .store
            .observe(Arc::new(Observer(Arc::clone(shared))));
        let mut roster = Roster::new(Arc::clone(shared));
        roster.claim_all().await?;
        self.0.spawn(roster.run(changed));
        Ok(())
    }

    /// Starts what clears away and renews: sessions, jobs, events, certificates.
    pub fn upkeep(&self, access: Access, pki: Pki) {
        self.0.spawn(upkeep::tokens(Arc::clone(&self.0), access));
        self.0.spawn(upkeep::jobs(Arc::clone(&self.0)));
        self.0.spawn(upkeep::events(Arc::clone(&self.0)));
        let looking = self.0.looking.lock();
        let looking = looking.unwrap_or_else(PoisonError::into_inner).take();
        if let Some(looking) = looking {
            let shared = Arc::clone(&self.0);
            self.0.spawn(certificates::keep(shared, pki, looking));
        }
    }

    /// Looks at all certificates and their files now, not when it is time.
    pub fn look_at_certificates(&self) {
        let _ = self.0.looks.send(Look::All);
    }

    /// Ends all tasks and returns when they have ended. Hosts are left as they are.
    pub async fn stop(&self) {
        self.0.stopped.send_replace(true);
        loop {
            // What ends may have begun something else.
            let mut tasks = std::mem::take(&mut *self.0.tasks());
            if tasks.is_empty() {
                return;
            }
            while tasks.join_next().await.is_some() {}
        }
    }
}

impl Shared {
    fn tasks(&self) -> std::sync::MutexGuard<'_, JoinSet<()>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs something until it ends or the room is stopped. O(1) but for those that have ended.
    pub fn spawn(self: &Arc<Self>, work: impl Future<Output = ()> + Send + 'static) {
        let mut stopped = self.stopped.subscribe();
        let mut tasks = self.tasks();
        while tasks.try_join_next().is_some() {}
        tasks.spawn(async move {
            tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => {}
                () = work => {}
            }
        });
    }

    /// A host has connected: its certificate may be due.
    pub fn look_at_certificate(&self, host: HostId) {
        // Nobody looks before `upkeep`, or after the end.
        let _ = self.looks.send(Look::Host(host));
    }

    /// The call behind what the engine does by itself.
    pub fn call(&self) -> Call {
        Call::internal(self.rooms.random.uuid().to_string())
    }

    /// Something durable changed.
    pub fn changed(&self, changed: Changed) {
        // The roster ends only with the room.
        let _ = self.changes.send(changed);
    }

    /// The task that owns a host; made when there is none.
    pub fn host_ensure(self: &Arc<Self>, host: HostId) {
        let mut hosts = self.hosts.write().unwrap_or_else(PoisonError::into_inner);
        hosts.entry(host).or_insert_with(|| {
            let (inbox, notes) = mpsc::channel(INBOX);
            let task = HostTask::new(Arc::clone(self), host, inbox.downgrade());
            self.spawn(task.run(notes));
            inbox
        });
    }

    /// The host is gone: its task ends.
    pub fn host_drop(&self, host: HostId) {
        let mut hosts = self.hosts.write().unwrap_or_else(PoisonError::into_inner);
        hosts.remove(&host);
    }

    /// Where a host's task takes its notes; `None` for a host that was never dialled.
    pub fn inbox(&self, host: HostId) -> Option<mpsc::Sender<Note>> {
        let hosts = self.hosts.read().unwrap_or_else(PoisonError::into_inner);
        hosts.get(&host).cloned()
    }
}
