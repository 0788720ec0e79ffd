//! An engine's inner rooms with a manual clock, and builders of what is stored in them.

use crate::far_host::{FarHost, FarHosts};
use base::{
    ClusterId, DataCenterId, Generation, HostId, StorageDomainId, TemplateId, Timestamp, VmId,
};
use domain::Entity;
use domain::events::Event;
use domain::hosts::{Enrolment, Host, HostFacts, HostStats, HostStatus};
use domain::storage::{StorageBacking, StorageDomain, StorageDomainStatus};
use domain::vms::{GuestInfo, PauseReason, Run, RunState, Vm};
use operations::{Rooms, Settings};
use ports::hosts::{
    HostEvent, HostHello, HostObserver, StatsFrame, StorageDomainUsage, VmPhase, VmReport,
};
use projection::{Projection, Snapshot};
use reconcile::{ReconcileOptions, Reconciler};
use std::sync::Arc;
use std::time::Duration;
use store::{Batch, EventQuery, Store};
use testkit::{ManualClock, SeededRandom, TestDir};
use workflow::{Engine, EngineOptions};

pub const GRACE: Duration = Duration::from_secs(60);
/// Nothing here takes longer, unless it hangs.
const LIMIT: Duration = Duration::from_secs(20);

pub struct Lab {
    pub rooms: Rooms,
    pub far: Arc<FarHosts>,
    pub clock: ManualClock,
    pub reconciler: Reconciler,
    pub observer: Arc<dyn HostObserver>,
    pub center: DataCenterId,
    pub cluster: ClusterId,
    _dir: TestDir,
}

impl Lab {
    /// An engine that has just been set up; the reconciler is not started.
    pub async fn new() -> Self {
        let dir = TestDir::new();
        let (store, contents) = Store::open(&dir.join("engine.db")).await.unwrap();
        let projection = Projection::new(&contents);
        store.observe(Arc::new(projection.clone()));
        let clock = ManualClock::new();
        let random = Arc::new(SeededRandom::new(1));
        let far = Arc::new(FarHosts::default());
        let rooms = Rooms {
            workflows: Engine::new(
                store.clone(),
                Arc::new(clock.clone()),
                random.clone(),
                EngineOptions::default(),
            ),
            store,
            projection,
            agents: far.clone(),
            clock: Arc::new(clock.clone()),
            random,
            settings: Arc::new(Settings {
                host_grace: GRACE,
                ..Settings::default()
            }),
        };
        operations::bootstrap::bootstrap(&rooms, "no password")
            .await
            .unwrap();
        let snapshot = rooms.projection.snapshot();
        let center = snapshot.data_center_named("Default").unwrap().id;
        let cluster = snapshot.cluster_named("Default").unwrap().id;
        let reconciler = Reconciler::new(rooms.clone(), far.clone(), ReconcileOptions::default());
        Lab {
            observer: reconciler.host_observer(),
            rooms,
            far,
            clock,
            reconciler,
            center,
            cluster,
            _dir: dir,
        }
    }

    /// With one enrolled host, claimed and dialled.
    pub async fn with_host() -> (Self, HostId) {
        let lab = Lab::new().await;
        let host = lab.host(1).await;
        lab.reconciler.start().await.unwrap();
        (lab, host)
    }

    pub fn snapshot(&self) -> Snapshot {
        self.rooms.projection.snapshot()
    }

    pub async fn put(&self, entity: impl Into<Entity>) {
        let mut batch = Batch::new();
        batch.put(entity);
        self.rooms.store.commit(batch).await.unwrap();
    }

    /// Stores an enrolled host and lets it answer.
    pub async fn host(&self, number: u16) -> HostId {
        let id = HostId::known(number.into());
        self.far
            .hosts
            .lock()
            .unwrap()
            .insert(id, Arc::new(FarHost::new(id)));
        self.put(self.stored_host(number)).await;
        id
    }

    pub fn stored_host(&self, number: u16) -> Host {
        Host {
            id: HostId::known(number.into()),
            generation: Generation::NEW,
            name: format!("host{number}"),
            description: String::new(),
            comment: String::new(),
            address: "192.0.2.1".to_owned(),
            port: number,
            cluster: self.cluster,
            enrolment: Enrolment::Done {
                fingerprint: "aa".to_owned(),
                expires: Timestamp(i64::MAX),
                renewal: domain::hosts::Renewal::default(),
            },
            maintenance: false,
            preparing: None,
            fence_epoch: 0,
            restored: None,
            facts: None,
            created: ManualClock::START,
        }
    }

    pub fn far_host(&self, host: HostId) -> Arc<FarHost> {
        self.far.hosts.lock().unwrap().get(&host).unwrap().clone()
    }

    /// Stores an active domain.
    pub async fn domain(&self, number: u128) -> StorageDomainId {
        let id = StorageDomainId::known(number);
        self.put(StorageDomain {
            id,
            generation: Generation::NEW,
            name: format!("data{number}"),
            description: String::new(),
            comment: String::new(),
            backing: StorageBacking::LocalFs {
                path: format!("/data{number}"),
            },
            data_center: Some(self.center),
            status: StorageDomainStatus::Active,
            master: number == 1,
            warning_low_space_percent: 10,
            critical_space_gib: 5,
            created: ManualClock::START,
        })
        .await;
        id
    }

    /// Stores a VM that runs on a host as run 1, accepted and (if told) started long ago.
    pub async fn vm(&self, number: u128, host: HostId, started: bool) -> VmId {
        let id = VmId::known(number);
        let snapshot = self.snapshot();
        let blank = snapshot.template(TemplateId::BLANK).unwrap();
        let before = Timestamp(ManualClock::START.0 - 1_000_000);
        self.put(Vm {
            id,
            generation: Generation::NEW,
            name: format!("vm{number}"),
            description: String::new(),
            comment: String::new(),
            cluster: self.cluster,
            data_center: self.center,
            template: TemplateId::BLANK,
            hardware: blank.hardware.clone(),
            delete_protected: false,
            run: Some(Run {
                epoch: 1,
                host: Some(host),
                requested: before,
                started: started.then_some(before),
                up: None,
                ending: None,
                migration: None,
                arrived: None,
            }),
            run_epoch: 1,
            last_exit: None,
            locked_by: None,
            created: before,
            creator: String::new(),
        })
        .await;
        id
    }

    pub fn hello() -> HostHello {
        HostHello {
            facts: HostFacts {
                boot_id: "boot-1".to_owned(),
                bridges: vec!["ovirtmgmt".to_owned()],
                ..HostFacts::default()
            },
            agent_epoch: 1,
        }
    }

    /// The host connects and reports these VMs.
    pub async fn connect(&self, host: HostId, vms: Vec<VmReport>) {
        self.observer.connected(host, Lab::hello()).await;
        self.observer.event(host, HostEvent::Report(vms)).await;
    }

    /// The host connects without VMs and gets up.
    pub async fn up(&self, host: HostId) {
        self.connect(host, Vec::new()).await;
        self.until_host(host, HostStatus::Up).await;
    }

    pub async fn event(&self, host: HostId, report: VmReport) {
        self.observer.event(host, HostEvent::Vm(report)).await;
    }

    pub async fn frame(&self, host: HostId, domains: &[(StorageDomainId, StorageDomainUsage)]) {
        let frame = StatsFrame {
            host: HostStats {
                at: self.rooms.clock.now(),
                ..HostStats::default()
            },
            domains: domains.iter().copied().collect(),
            ..StatsFrame::default()
        };
        self.observer.stats(host, frame).await;
    }

    /// Waits until something has become true; it must within a short time.
    pub async fn until(&self, what: &str, mut is: impl FnMut(&Snapshot) -> bool) {
        let mut version = self.rooms.projection.version();
        let wait = async {
            while !is(&self.snapshot()) {
                version.changed().await.unwrap();
            }
        };
        if tokio::time::timeout(LIMIT, wait).await.is_err() {
            panic!("not within {LIMIT:?}: {what}");
        }
    }

    pub async fn until_host(&self, host: HostId, status: HostStatus) {
        self.until(&format!("host is {status:?}"), |s| {
            s.host_status(host) == Some(status)
        })
        .await;
    }

    pub async fn until_event(&self, code: i32) -> Event {
        self.until(&format!("event {code}"), |s| {
            s.events().any(|e| e.event.code == code)
        })
        .await;
        let events = self.events(code).await;
        events.last().cloned().unwrap()
    }

    /// All events with a code, oldest first.
    pub async fn events(&self, code: i32) -> Vec<Event> {
        let query = EventQuery {
            code: Some(code),
            ..EventQuery::default()
        };
        self.rooms.store.events(query).await.unwrap()
    }

    /// Lets everything that can run now run.
    pub async fn settle(&self) {
        // A round trip through the host's task and the store's writer, a few times.
        for _ in 0..20 {
            self.rooms.store.ping().await.unwrap();
            tokio::task::yield_now().await;
        }
    }
}

/// A report of run 1.
pub fn running(vm: VmId, state: RunState) -> VmReport {
    report(vm, VmPhase::Running { state, pause: None })
}

pub fn paused(vm: VmId, why: PauseReason) -> VmReport {
    let pause = Some(why);
    let state = RunState::Paused;
    report(vm, VmPhase::Running { state, pause })
}

pub fn report(vm: VmId, phase: VmPhase) -> VmReport {
    VmReport {
        vm,
        epoch: 1,
        phase,
        guest: GuestInfo::default(),
        consoles: Vec::new(),
        since: ManualClock::START,
    }
}
