//! The moves between a host's states, each with its events.

use super::HostTask;
use super::checks::Checked;
use crate::storage::observed;
use audit::AuditEvent;
use base::{StorageDomainId, Timestamp, VmId};
use domain::hosts::{Host, HostObserved, HostStats, HostStatus};
use ports::hosts::{HostEvent, HostHello, StatsFrame};
use projection::HostSample;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// So many samples in a row must lack a domain before it counts as not reached.
const MISSES_MOST: u32 = 3;
/// Events of VMs that are put into one commit.
const EVENTS_AT_ONCE: usize = 200;

/// What is known of one host.
pub(super) struct State {
    pub status: HostStatus,
    pub reason: Option<String>,
    pub since: Timestamp,
    /// The host is non responsive when it is not connected by then.
    pub grace_until: Option<Timestamp>,
    /// Something was missing: look again then.
    pub recheck_at: Option<Timestamp>,
    /// Counts connections, so that late results are known as such.
    pub connection: u64,
    pub connected: Option<Connection>,
    /// Connected domains, each with the number of samples in a row that lacked it.
    pub storage: BTreeMap<StorageDomainId, u32>,
    pub stats: Option<HostStats>,
    /// It was non responsive and was not up since.
    pub recovering: bool,
    /// VMs whose state was told as unknown.
    pub unknown: HashSet<VmId>,
    /// Runs on the host that the engine has not ordered, told once.
    pub strangers: HashSet<(VmId, u64)>,
}

/// What is known since the connection was made.
pub(super) struct Connection {
    pub at: Timestamp,
    /// The first report was heard.
    pub reported: bool,
    /// The host's kernel was started since the last connection.
    pub rebooted: bool,
    pub bridges: Vec<String>,
    /// Checks are under way; do them again afterwards?
    pub checking: Option<bool>,
    /// `None` while the first checks are under way, then why the host is unfit, if it is.
    pub fitness: Option<Option<String>>,
    /// Runs that were heard of in this connection.
    pub heard: HashMap<VmId, u64>,
}

impl State {
    pub fn new(now: Timestamp, grace_until: Timestamp) -> Self {
        State {
            status: HostStatus::Connecting,
            reason: None,
            since: now,
            grace_until: Some(grace_until),
            recheck_at: None,
            connection: 0,
            connected: None,
            storage: BTreeMap::new(),
            stats: None,
            recovering: false,
            unknown: HashSet::new(),
            strangers: HashSet::new(),
        }
    }
}

impl HostTask {
    /// The host as it is stored; `None` when it was removed a moment ago.
    pub(super) fn stored(&self) -> Option<Arc<Host>> {
        let snapshot = self.shared.rooms.projection.snapshot();
        snapshot.host(self.id).cloned()
    }

    /// Tells the projection, whoever waits for this host, and the storage monitor.
    pub(super) fn publish(&self) {
        self.publish_samples();
        self.shared.rooms.workflows.signal(self.id.0);
        self.shared.storage.review(&self.shared, self.id);
    }

    fn publish_samples(&self) {
        let projection = &self.shared.rooms.projection;
        projection.host_observed(self.id, self.observed());
    }

    /// What is known of the host, as others see it.
    fn observed(&self) -> HostObserved {
        let state = &self.state;
        HostObserved {
            status: state.status,
            reason: state.reason.clone(),
            since: state.since,
            storage: state.storage.keys().copied().collect(),
            stats: state.stats.clone(),
        }
    }

    pub(super) fn become_(&mut self, status: HostStatus, reason: Option<String>) {
        if self.state.status != status {
            self.state.since = self.shared.rooms.clock.now();
        }
        self.state.status = status;
        self.state.reason = reason;
    }

    pub(super) fn connected(&mut self, hello: HostHello) {
        let known = self.stored().and_then(|h| h.facts.clone());
        let rebooted = known.is_some_and(|facts| facts.boot_id != hello.facts.boot_id);
        self.state.connection += 1;
        self.state.grace_until = None;
        self.state.recheck_at = None;
        self.state.storage.clear();
        self.state.connected = Some(Connection {
            at: self.shared.rooms.clock.now(),
            reported: false,
            rebooted,
            bridges: hello.facts.bridges.clone(),
            checking: None,
            fitness: None,
            heard: HashMap::new(),
        });
        self.become_(HostStatus::Initializing, None);
        self.publish();
        self.keep_facts(hello.facts);
        self.shared.look_at_certificate(self.id);
        self.check();
    }

    pub(super) fn event(&mut self, event: HostEvent) {
        if self.state.connected.is_none() {
            return;
        }
        match event {
            HostEvent::Report(reports) => {
                self.report(reports);
                self.settle();
            }
            HostEvent::Vm(report) => self.vms(vec![report]),
        }
    }

    pub(super) fn stats(&mut self, frame: StatsFrame) {
        if self.state.connected.is_none() {
            return;
        }
        let now = self.shared.rooms.clock.now();
        let mut gone = false;
        let mut usages = Vec::new();
        for (domain, misses) in &mut self.state.storage {
            match frame.domains.get(domain) {
                Some(usage) => {
                    *misses = 0;
                    usages.push((*domain, *usage));
                }
                None => {
                    *misses += 1;
                    gone |= *misses >= MISSES_MOST;
                }
            }
        }
        self.state.stats = Some(frame.host);
        if gone {
            self.state.storage.retain(|_, misses| *misses < MISSES_MOST);
        }
        let domains = usages
            .iter()
            .map(|(id, usage)| (*id, observed(*usage, now)));
        let sample = HostSample {
            seen: self.observed(),
            vms: frame.vms,
            domains: domains.collect(),
        };
        self.shared.rooms.projection.host_sampled(self.id, sample);
        for (domain, usage) in usages {
            self.shared.storage.warn(&self.shared, domain, usage);
        }
        if gone {
            self.publish();
            self.check();
        }
    }

    pub(super) async fn lost(&mut self, message: String) {
        let now = self.shared.rooms.clock.now();
        let was_connected = self.state.connected.take().is_some();
        if !was_connected {
            self.state.reason = Some(message);
            self.publish_samples();
            return;
        }
        self.state.storage.clear();
        self.state.recheck_at = None;
        self.state.grace_until = Some(now.after(self.shared.rooms.settings.host_grace));
        self.become_(HostStatus::Connecting, Some(message.clone()));
        self.publish();
        if let Some(host) = self.stored() {
            let host = (*host).clone();
            self.shared
                .tell(vec![AuditEvent::HostNotResponding { host, message }])
                .await;
        }
    }

    /// The host was away for longer than it may be: nothing is known of its VMs.
    pub(super) async fn grace_over(&mut self) {
        self.state.grace_until = None;
        let reason = self.state.reason.clone();
        let message = reason.unwrap_or_else(|| "it does not answer".to_owned());
        self.become_(HostStatus::NonResponsive, Some(message.clone()));
        self.state.recovering = true;
        let snapshot = self.shared.rooms.projection.snapshot();
        let mut events = Vec::new();
        if let Some(host) = snapshot.host(self.id) {
            let host = (**host).clone();
            events.push(AuditEvent::HostNonResponsive { host, message });
        }
        for vm in snapshot.vms_on_host(self.id) {
            self.shared.rooms.projection.vm_observed(vm.id, None);
            if self.state.unknown.insert(vm.id) {
                let (vm, host) = ((**vm).clone(), Some(self.id));
                events.push(AuditEvent::VmUnknown { vm, host });
            }
        }
        self.publish();
        for vm in &self.state.unknown {
            self.shared.rooms.workflows.signal(vm.0);
        }
        while !events.is_empty() {
            let rest = events.split_off(events.len().min(EVENTS_AT_ONCE));
            self.shared.tell(events).await;
            events = rest;
        }
    }

    /// The checks have ended: what the host reaches, and what it lacks.
    pub(super) async fn checked(&mut self, connection: u64, outcome: Checked) {
        if connection != self.state.connection {
            return;
        }
        let Some(connected) = &mut self.state.connected else {
            return;
        };
        let again = connected.checking.take().unwrap_or(false);
        connected.fitness = Some(outcome.unfit.clone());
        if outcome.incomplete || outcome.unfit.is_some() {
            let now = self.shared.rooms.clock.now();
            self.state.recheck_at = Some(now.after(self.shared.options.recheck));
        }
        let before = std::mem::take(&mut self.state.storage);
        for (domain, usage) in outcome.storage {
            let misses = before.get(&domain).copied().unwrap_or(0);
            self.state.storage.insert(domain, misses);
            if let Some(usage) = usage {
                self.shared.storage.usage(&self.shared, domain, usage);
            }
        }
        self.publish();
        self.settle();
        if again {
            self.check();
        }
    }

    /// Up or non operational, once the checks have ended and the first report was heard.
    fn settle(&mut self) {
        let Some(Connection {
            reported: true,
            fitness: Some(unfit),
            ..
        }) = &self.state.connected
        else {
            return;
        };
        let unfit = unfit.clone();
        let (before, reason_before) = (self.state.status, self.state.reason.clone());
        match &unfit {
            None => self.become_(HostStatus::Up, None),
            Some(reason) => self.become_(HostStatus::NonOperational, Some(reason.clone())),
        }
        self.publish();
        if self.state.status == HostStatus::Up && before != HostStatus::Up {
            self.wake();
        }
        let Some(host) = self.stored().map(|host| (*host).clone()) else {
            return;
        };
        let mut events = Vec::new();
        match (unfit, self.state.status == before) {
            (None, false) => {
                if std::mem::take(&mut self.state.recovering) {
                    events.push(AuditEvent::HostRecovered { host: host.clone() });
                }
                events.push(AuditEvent::HostUp { host });
            }
            (Some(reason), same) if !same || reason_before.as_ref() != Some(&reason) => {
                events.push(AuditEvent::HostNonOperational { host, reason });
            }
            _ => {}
        }
        self.tell(events);
    }

    /// What rests because the host was out of reach goes on now, not when its pause is over.
    fn wake(&self) {
        let workflows = &self.shared.rooms.workflows;
        workflows.wake(self.id.0);
        let snapshot = self.shared.rooms.projection.snapshot();
        for vm in snapshot.vms_on_host(self.id) {
            workflows.wake(vm.id.0);
        }
        for domain in self.state.storage.keys() {
            self.shared.storage.wake(&self.shared, *domain);
        }
    }

    /// Notes events beside: the host's news goes on.
    pub(super) fn tell(&self, events: Vec<AuditEvent>) {
        if !events.is_empty() {
            let shared = Arc::clone(&self.shared);
            self.shared.spawn(async move { shared.tell(events).await });
        }
    }
}
