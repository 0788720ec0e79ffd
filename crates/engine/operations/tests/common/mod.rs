//! A whole engine without network: a real store, projection and workflow engine, and hosts that are
//! values in memory.

#![allow(dead_code, reason = "each test file uses a part")]

pub mod hosts;

use access::Permitted;
use base::{Clock, Timestamp, WorkflowId};
use base::{ClusterId, DataCenterId, DiskId, Generation, HostId, StorageDomainId, VmId};
use domain::Entity;
use domain::disks::DiskFormat;
use domain::hosts::{Enrolment, Host, HostFacts, HostObserved, HostStatus};
use domain::jobs::{WorkflowRow, WorkflowState};
use domain::storage::{StorageBacking, StorageDomain, StorageDomainObserved, StorageDomainStatus};
use domain::vms::DiskInterface;
use hosts::Hosts;
use operations::disks::add::{AttachTo, DiskAdd};
use operations::vms::add::VmAdd;
use operations::{Accepted, Rooms, Settings};
use projection::{Projection, Snapshot};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use store::{Batch, Contents, Store};
use testkit::{ManualClock, SeededRandom, TestDir};
use workflow::{Engine, EngineOptions, JournalHook};

pub const GIB: u64 = 1 << 30;
pub const HOST1: HostId = HostId::known(0x11);
pub const HOST2: HostId = HostId::known(0x12);
pub const DATA: StorageDomainId = StorageDomainId::known(0x21);
pub const DATA2: StorageDomainId = StorageDomainId::known(0x22);

/// An engine with a data center, two hosts that are up and two active domains.
pub struct World {
    pub rooms: Rooms,
    pub hosts: Hosts,
    pub clock: ManualClock,
    dir: TestDir,
}

impl World {
    pub async fn new() -> Self {
        let dir = TestDir::new();
        let hosts = Hosts::default();
        let clock = ManualClock::new();
        let (store, contents) = Store::open(&dir.join("engine.db")).await.unwrap();
        let rooms = rooms_on(store, &contents, &hosts, &clock, 1, None);
        operations::bootstrap::bootstrap(&rooms, "$argon2id$x")
            .await
            .unwrap();
        let world = World {
            rooms,
            hosts,
            clock,
            dir,
        };
        let mut batch = Batch::new();
        for (id, name) in [(HOST1, "host1"), (HOST2, "host2")] {
            batch.put(world.host_entity(id, name));
        }
        for (id, name) in [(DATA, "data"), (DATA2, "data2")] {
            batch.put(world.domain_entity(id, name));
            world.hosts.domain(id);
        }
        world.rooms.store.commit(batch).await.unwrap();
        world.observe();
        world
    }

    fn host_entity(&self, id: HostId, name: &str) -> Host {
        Host {
            id,
            generation: Generation::NEW,
            name: name.into(),
            description: String::new(),
            comment: String::new(),
            address: format!("{name}.example"),
            port: 54321,
            cluster: self.cluster(),
            enrolment: Enrolment::Done {
                fingerprint: "00".into(),
                expires: Timestamp(i64::MAX),
                renewal: domain::hosts::Renewal::default(),
            },
            maintenance: false,
            preparing: None,
            fence_epoch: 1,
            restored: None,
            facts: Some(HostFacts {
                cpu_sockets: 1,
                cpu_cores: 4,
                cpu_threads: 1,
                memory_bytes: 16 * GIB,
                bridges: vec!["ovirtmgmt".into()],
                ..HostFacts::default()
            }),
            created: self.clock.now(),
        }
    }

    fn domain_entity(&self, id: StorageDomainId, name: &str) -> StorageDomain {
        StorageDomain {
            id,
            generation: Generation::NEW,
            name: name.into(),
            description: String::new(),
            comment: String::new(),
            backing: StorageBacking::PosixFs {
                path: format!("/srv/{name}"),
                vfs_type: "none".into(),
                mount_options: "bind".into(),
            },
            data_center: Some(self.data_center()),
            status: StorageDomainStatus::Active,
            master: name == "data",
            warning_low_space_percent: 10,
            critical_space_gib: 5,
            created: self.clock.now(),
        }
    }

    /// What hosts would have said by now.
    pub fn observe(&self) {
        for host in [HOST1, HOST2] {
            let away = self.hosts.is_away(host);
            let status = if away {
                HostStatus::NonResponsive
            } else {
                HostStatus::Up
            };
            self.host_is(host, status);
        }
        for domain in [DATA, DATA2] {
            self.space(domain, 100 * GIB);
        }
    }

    pub fn host_is(&self, host: HostId, status: HostStatus) {
        let seen = HostObserved {
            status,
            reason: None,
            since: self.clock.now(),
            storage: vec![DATA, DATA2],
            stats: None,
        };
        self.rooms.projection.host_observed(host, seen);
    }

    /// The host of a VM says that it is up.
    pub fn vm_is_up(&self, vm: VmId) {
        let snapshot = self.snapshot();
        let run = snapshot.vm(vm).unwrap().run.clone().unwrap();
        let seen = domain::vms::VmObserved {
            host: run.host.unwrap(),
            epoch: run.epoch,
            state: domain::vms::RunState::Up,
            pause: None,
            since: self.clock.now(),
            guest: Default::default(),
            consoles: Vec::new(),
        };
        self.rooms.projection.vms_observed(vec![(vm, seen)]);
    }

    pub fn clock_now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn space(&self, domain: StorageDomainId, available_bytes: u64) {
        let seen = StorageDomainObserved {
            available_bytes,
            used_bytes: GIB,
            at: self.clock.now(),
        };
        self.rooms
            .projection
            .storage_domain_observed(domain, Some(seen));
    }

    /// The same database under a new engine, as after a crash. `hook` goes to the new engine.
    pub async fn restart(self, hook: Option<JournalHook>) -> Self {
        let World {
            rooms,
            hosts,
            clock,
            dir,
        } = self;
        rooms.workflows.stop();
        rooms.store.close().await;
        drop(rooms);
        let (store, contents) = Store::open(&dir.join("engine.db")).await.unwrap();
        let rooms = rooms_on(store, &contents, &hosts, &clock, 2, hook);
        let world = World {
            rooms,
            hosts,
            clock,
            dir,
        };
        world.observe();
        world.rooms.workflows.recover(contents.workflows);
        world
    }

    pub fn snapshot(&self) -> Snapshot {
        self.rooms.projection.snapshot()
    }
    pub fn cluster(&self) -> ClusterId {
        self.snapshot().cluster_named("Default").unwrap().id
    }
    pub fn data_center(&self) -> DataCenterId {
        self.snapshot().data_center_named("Default").unwrap().id
    }

    /// Waits for the end of a job, moving the clock.
    pub async fn end(&self, job: WorkflowId) -> Arc<WorkflowRow> {
        let over = async {
            loop {
                let row = self.snapshot().workflow(job).cloned();
                if let Some(row) = row.filter(|r| r.state.is_over()) {
                    return row;
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
                self.clock.advance(Duration::from_millis(500));
            }
        };
        match tokio::time::timeout(Duration::from_secs(30), over).await {
            Ok(row) => row,
            Err(_) => panic!(
                "the job does not end: {:#?}; hosts: {:#?}",
                self.snapshot().workflow(job),
                self.hosts.log()
            ),
        }
    }

    /// The job must end well.
    pub async fn done<T>(&self, accepted: Accepted<T>) -> T {
        if let Some(job) = accepted.job {
            let row = self.end(job).await;
            assert_eq!(row.state, WorkflowState::Finished, "{row:#?}");
        }
        accepted.id
    }

    pub async fn vm(&self, name: &str) -> VmId {
        let add = VmAdd::new(name, self.cluster(), base::TemplateId::BLANK);
        let added = operations::vms::add::add(&call(), &self.rooms, add).await;
        self.done(added.unwrap()).await
    }

    pub async fn disk(&self, name: &str, attach: Option<VmId>) -> DiskId {
        let added = operations::disks::add::add(&call(), &self.rooms, disk_add(name, attach)).await;
        self.done(added.unwrap()).await
    }

    /// A VM with one bootable disk.
    pub async fn vm_with_disk(&self, name: &str) -> (VmId, DiskId) {
        let vm = self.vm(name).await;
        let disk = self.disk(&format!("{name}-disk"), Some(vm)).await;
        (vm, disk)
    }

    pub async fn template(&self, name: &str, vm: VmId) -> base::TemplateId {
        let add = template_add(name, vm);
        let added = operations::templates::add::add(&call(), &self.rooms, add).await;
        self.done(added.unwrap()).await
    }

    /// Codes of the events of the last commits, oldest first.
    pub fn events(&self) -> Vec<i32> {
        self.snapshot().events().map(|e| e.event.code).collect()
    }

    /// Everything durable and everything on hosts, without times and generations.
    pub fn picture(&self) -> Picture {
        let snapshot = self.snapshot();
        let mut objects = BTreeMap::new();
        let mut add = |entity: Entity| {
            let mut value: Value = serde_json::from_str(&entity.to_json().unwrap()).unwrap();
            strip(&mut value);
            // Disks share names: a template's, and those made from it.
            let key = format!("{:?} {} {}", entity.noun(), entity.name(), entity.key().id);
            objects.insert(key, value);
        };
        snapshot.vms().for_each(|e| add(e.clone().into()));
        snapshot.disks().for_each(|e| add(e.clone().into()));
        snapshot.templates().for_each(|e| add(e.clone().into()));
        snapshot
            .storage_domains()
            .for_each(|e| add(e.clone().into()));
        snapshot.hosts().for_each(|e| add(e.clone().into()));
        Picture {
            objects,
            hosts: self.hosts.picture(),
        }
    }
}

/// See [`World::picture`].
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    pub objects: BTreeMap<String, Value>,
    pub hosts: Vec<String>,
}

/// Takes away what differs from run to run without meaning.
fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for time in [
                "generation",
                "created",
                "at",
                "requested",
                "started",
                "arrived",
                "run_epoch",
                "epoch",
            ] {
                fields.remove(time);
            }
            fields.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

fn rooms_on(
    store: Store,
    contents: &Contents,
    hosts: &Hosts,
    clock: &ManualClock,
    seed: u64,
    hook: Option<JournalHook>,
) -> Rooms {
    let projection = Projection::new(contents);
    store.observe(Arc::new(projection.clone()));
    let clock: Arc<ManualClock> = Arc::new(clock.clone());
    let random = Arc::new(SeededRandom::new(seed));
    let options = EngineOptions {
        hook,
        ..EngineOptions::default()
    };
    let workflows = Engine::new(store.clone(), clock.clone(), random.clone(), options);
    let rooms = Rooms {
        store,
        projection,
        agents: Arc::new(hosts.clone()),
        clock,
        random,
        workflows: workflows.clone(),
        settings: Arc::new(Settings::default()),
    };
    operations::register_all(&workflows, &rooms);
    rooms
}

pub fn call() -> Permitted {
    Permitted::engine("test")
}

pub fn disk_add(name: &str, attach: Option<VmId>) -> DiskAdd {
    DiskAdd {
        name: Some(name.into()),
        description: String::new(),
        storage_domain: DATA,
        format: Some(DiskFormat::Raw),
        sparse: Some(true),
        provisioned_bytes: GIB,
        shareable: false,
        wipe_after_delete: false,
        propagate_errors: false,
        attach: attach.map(|vm| AttachTo {
            vm,
            interface: DiskInterface::VirtioScsi,
            bootable: true,
            active: true,
            read_only: false,
            pass_discard: false,
        }),
    }
}

pub fn template_add(name: &str, vm: VmId) -> operations::templates::add::TemplateAdd {
    operations::templates::add::TemplateAdd {
        name: name.into(),
        description: None,
        comment: None,
        vm,
        cluster: None,
        storage_domain: None,
        disks: Vec::new(),
    }
}
