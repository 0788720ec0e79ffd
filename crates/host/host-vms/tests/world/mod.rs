//! A host in memory: fake hypervisor, storage and kernel, a clock moved by hand, a home on disk.

#![allow(dead_code, reason = "each test program uses its part")]

use base::{DiskId, HostId, NicId, StorageDomainId, Timestamp, VmId, VolumeId};
use domain::disks::DiskFormat;
use domain::storage::StorageBacking;
use domain::vms::{CpuTopology, DiskInterface, Exit, GraphicsProtocol, NicInterface, RunState};
use futures::StreamExt;
use futures::stream::BoxStream;
use host_network::fake::FakeKernel;
use host_network::{Link, LinkKind};
use host_storage::VolumeStore;
use host_storage::fake::FakeStore;
use host_vms::{HostPorts, HostVms, HostVmsConfig, SystemFiles};
use hypervisor_fake::FakeHypervisor;
use ports::hosts::{
    DiskSpec, HostEvent, MachineSpec, NicSpec, Smbios, StorageDomainSpec, VmLaunch, VmPhase,
    VmReport, VolumeAddress, VolumeCreate,
};
use std::sync::Arc;
use std::time::Duration;
use testkit::{ManualClock, TestDir};

pub const VM: VmId = VmId::known(1);
const DOMAIN: StorageDomainId = StorageDomainId::known(2);
const DISK: DiskId = DiskId::known(3);
const VOLUME: VolumeId = VolumeId::known(4);

pub struct World {
    pub home: TestDir,
    pub clock: ManualClock,
    pub hypervisor: FakeHypervisor,
    pub storage: FakeStore,
    pub kernel: FakeKernel,
    pub host: HostVms,
    pub events: BoxStream<'static, HostEvent>,
}

impl World {
    /// A host with one disk and the bridge `ovirtmgmt`.
    pub async fn new() -> World {
        let home = TestDir::new();
        boot(&home, "first");
        let clock = ManualClock::new();
        let hypervisor = FakeHypervisor::new(Arc::new(clock.clone()));
        let (storage, kernel) = (FakeStore::new(), FakeKernel::default());
        kernel.link_put(Link {
            name: "ovirtmgmt".into(),
            kind: LinkKind::Bridge,
            up: true,
            ..Link::default()
        });
        disk(&storage).await;
        let host = agent(&home, &clock, &hypervisor, &storage, &kernel).await;
        let events = host.watch().await;
        World {
            home,
            clock,
            hypervisor,
            storage,
            kernel,
            host,
            events,
        }
    }

    /// The agent stops; `meanwhile` happens; it starts again.
    pub async fn restart(self, meanwhile: impl AsyncFnOnce(&FakeHypervisor, &TestDir)) -> World {
        let World {
            home,
            clock,
            hypervisor,
            storage,
            kernel,
            host,
            events,
        } = self;
        drop(events);
        host.stop().await;
        meanwhile(&hypervisor, &home).await;
        let hypervisor = hypervisor.reopened();
        let host = agent(&home, &clock, &hypervisor, &storage, &kernel).await;
        let events = host.watch().await;
        World {
            home,
            clock,
            hypervisor,
            storage,
            kernel,
            host,
            events,
        }
    }

    /// The next event.
    pub async fn event(&mut self) -> HostEvent {
        let next = tokio::time::timeout(Duration::from_secs(20), self.events.next()).await;
        next.expect("an event comes in time")
            .expect("the stream goes on")
    }

    /// The next event must be a report of everything.
    pub async fn everything(&mut self) -> Vec<VmReport> {
        match self.event().await {
            HostEvent::Report(reports) => reports,
            HostEvent::Vm(report) => panic!("expected everything, got {report:?}"),
        }
    }

    /// Reads events until the VM is reported so.
    pub async fn until(&mut self, wanted: impl Fn(&VmReport) -> bool) -> VmReport {
        loop {
            let reports = match self.event().await {
                HostEvent::Report(reports) => reports,
                HostEvent::Vm(report) => vec![report],
            };
            let found = reports.into_iter().find(|r| r.vm == VM && wanted(r));
            if let Some(report) = found {
                return report;
            }
        }
    }

    pub async fn until_state(&mut self, wanted: RunState) -> VmReport {
        self.until(|r| state(r) == Some(wanted)).await
    }

    pub async fn until_ended(&mut self) -> (u64, Exit) {
        let report = self.until(|r| matches!(r.phase, VmPhase::Ended(_))).await;
        match report.phase {
            VmPhase::Ended(exit) => (report.epoch, exit),
            VmPhase::Running { .. } | VmPhase::Left => unreachable!("it was asked for an end"),
        }
    }

    /// Waits until somebody sleeps, then moves time.
    pub async fn pass(&self, seconds: u64) {
        self.clock.wait_for_sleepers(1).await;
        self.clock.advance(Duration::from_secs(seconds));
    }
}

async fn agent(
    home: &TestDir,
    clock: &ManualClock,
    hypervisor: &FakeHypervisor,
    storage: &FakeStore,
    kernel: &FakeKernel,
) -> HostVms {
    let config = HostVmsConfig {
        host: HostId::known(9),
        home: home.path().to_owned(),
        console_listen: "127.0.0.1".into(),
        agent_version: "0.1.0".into(),
        system: SystemFiles::below(home.join("system")),
    };
    let ports = HostPorts {
        hypervisor: Arc::new(hypervisor.clone()),
        storage: Arc::new(storage.clone()),
        network: Arc::new(kernel.clone()),
        clock: Arc::new(clock.clone()),
    };
    HostVms::start(config, ports).await.unwrap()
}

/// The host's files, as after a boot of that name.
pub fn boot(home: &TestDir, id: &str) {
    for (name, text) in [
        ("proc/sys/kernel/random/boot_id", id),
        ("proc/sys/kernel/osrelease", "6.12.0"),
        ("proc/cpuinfo", "processor: 0\nmodel name: Example\n"),
        ("proc/meminfo", "MemTotal: 4096 kB\nMemAvailable: 1024 kB\n"),
        ("proc/stat", "cpu  10 0 10 80 0 0 0 0\nbtime 1767225600\n"),
        ("proc/loadavg", "0.1 0.2 0.3 1/2 3\n"),
    ] {
        let path = home.join("system").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

async fn disk(storage: &FakeStore) {
    let spec = StorageDomainSpec {
        id: DOMAIN,
        backing: StorageBacking::LocalFs {
            path: "/data".into(),
        },
        data_center: None,
    };
    storage.create_domain(spec, "data").await.unwrap();
    let create = VolumeCreate {
        at: address(),
        format: DiskFormat::Raw,
        sparse: true,
        capacity_bytes: 1 << 30,
        parent: None,
        alias: "disk".into(),
        description: String::new(),
        created: Timestamp(0),
    };
    storage.volume_create(create).await.unwrap();
}

pub fn address() -> VolumeAddress {
    VolumeAddress {
        domain: DOMAIN,
        disk: DISK,
        volume: VOLUME,
    }
}

/// A start of the VM with its disk and a NIC.
pub fn launch(epoch: u64) -> VmLaunch {
    VmLaunch {
        machine: MachineSpec {
            id: VM,
            name: "web".into(),
            memory_bytes: 64 << 20,
            memory_guaranteed_bytes: 64 << 20,
            topology: CpuTopology {
                sockets: 1,
                cores: 1,
                threads: 1,
            },
            cpu_model: None,
            cpu_shares: 0,
            boot: vec![domain::vms::BootDevice::Hd],
            disks: vec![DiskSpec {
                disk: DISK,
                domain: DOMAIN,
                volume: VOLUME,
                format: DiskFormat::Raw,
                interface: DiskInterface::Virtio,
                bootable: true,
                read_only: false,
                shareable: false,
                pass_discard: false,
                propagate_errors: false,
            }],
            nics: vec![NicSpec {
                id: NicId::known(5),
                mac: "56:6f:1a:00:00:01".parse().unwrap(),
                interface: NicInterface::Virtio,
                bridge: Some("ovirtmgmt".into()),
                linked: true,
                mtu: 0,
            }],
            graphics: vec![GraphicsProtocol::Vnc],
            rng: true,
            balloon: true,
            clock_offset_seconds: 0,
            smbios: Smbios::default(),
            cluster_version: "4.8".into(),
        },
        epoch,
        paused: false,
        up_without_agent_seconds: 60,
    }
}

pub fn state(report: &VmReport) -> Option<RunState> {
    match report.phase {
        VmPhase::Running { state, .. } => Some(state),
        VmPhase::Ended(_) | VmPhase::Left => None,
    }
}

/// Lets time pass for whoever waits for it, and never ends.
pub async fn seconds_pass(clock: ManualClock) {
    loop {
        clock.wait_for_sleepers(1).await;
        clock.advance(Duration::from_secs(1));
        // The journal's threads have had their turn when this one has.
        tokio::task::spawn_blocking(|| ()).await.unwrap();
    }
}
