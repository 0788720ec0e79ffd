//! The fake does what every adapter must do, and fails on command.

use base::{DiskId, StorageDomainId, VmId, VolumeId};
use domain::disks::DiskFormat;
use domain::vms::{
    BootDevice, CpuTopology, DiskInterface, ExitReason, GraphicsProtocol, PauseReason,
};
use hypervisor::conformance::{Bench, Neighbour, Watch, run_all};
use hypervisor::{
    BlockCopy, DiskLayer, DiskSource, Hypervisor, HypervisorError, HypervisorEvent, MachineChange,
    MachineLaunch, MachineState, MigrateOut, MigrationProgress,
};
use hypervisor_fake::{FakeHypervisor, GuestBehaviour, Verb};
use ports::hosts::{DiskSpec, MachineSpec, Smbios};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use testkit::ManualClock;

const NEIGHBOUR: &str = "fake://neighbour";

struct FakeBench {
    adapter: Mutex<FakeHypervisor>,
    neighbour: FakeHypervisor,
    next: AtomicU64,
}

impl FakeBench {
    fn new() -> Self {
        let host = || FakeHypervisor::new(Arc::new(ManualClock::default()));
        let (adapter, neighbour) = (host(), host());
        adapter.peer_add(NEIGHBOUR, &neighbour);
        FakeBench {
            adapter: Mutex::new(adapter),
            neighbour,
            next: AtomicU64::new(1),
        }
    }
    fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }
    fn fake(&self) -> FakeHypervisor {
        self.adapter.lock().unwrap().clone()
    }
}

#[async_trait::async_trait]
impl Bench for FakeBench {
    fn hypervisor(&self) -> Arc<dyn Hypervisor> {
        Arc::new(self.fake())
    }
    fn deaf_guest(&self, name: &str) -> MachineLaunch {
        let n = u128::from(self.number());
        let disk = DiskSpec {
            disk: DiskId::known(0xd000 + n),
            domain: StorageDomainId::known(1),
            volume: VolumeId::known(0xe000 + n),
            format: DiskFormat::Raw,
            interface: DiskInterface::Virtio,
            bootable: true,
            read_only: false,
            shareable: false,
            pass_discard: false,
            propagate_errors: false,
        };
        let source = DiskSource::file(format!("/disks/{n}"));
        MachineLaunch {
            disks: [(MachineLaunch::address_of(&disk), source)].into(),
            machine: MachineSpec {
                id: VmId::known(n),
                name: name.into(),
                memory_bytes: 16 << 20,
                memory_guaranteed_bytes: 16 << 20,
                topology: CpuTopology {
                    sockets: 1,
                    cores: 1,
                    threads: 1,
                },
                cpu_model: None,
                cpu_shares: 0,
                boot: vec![BootDevice::Hd],
                disks: vec![disk],
                nics: vec![],
                graphics: vec![GraphicsProtocol::Vnc],
                rng: true,
                balloon: true,
                clock_offset_seconds: 0,
                smbios: Smbios::default(),
                cluster_version: "4.8".into(),
            },
            epoch: 1,
            paused: false,
            serial_log: Some(format!("/logs/{n}").into()),
            console_listen: "127.0.0.1".into(),
        }
    }
    async fn booted(&self, _: &MachineLaunch) {}
    async fn qemu_killed(&self, vm: VmId) {
        self.fake().qemu_dies(vm);
    }
    async fn daemon_restarted(&self) {
        self.fake().connection_lost("the daemon was restarted");
        self.fake().connection_back();
    }
    async fn agent_restarted(&self) {
        let new = self.fake().reopened();
        *self.adapter.lock().unwrap() = new;
    }
    fn neighbour(&self) -> Neighbour {
        Neighbour {
            hypervisor: Arc::new(self.neighbour.clone()),
            uri: NEIGHBOUR.into(),
            migrate_uri: None,
        }
    }
    fn busy_guest(&self, name: &str) -> MachineLaunch {
        let launch = self.deaf_guest(name);
        let busy = GuestBehaviour {
            busy: true,
            ..GuestBehaviour::default()
        };
        self.fake().guest_behaves(launch.machine.id, busy);
        launch
    }
    async fn layer(&self, on: &Path, format: DiskFormat) -> DiskSource {
        let path = PathBuf::from(format!("/layers/{}", self.number()));
        let below = DiskLayer {
            path: on.to_owned(),
            format: Some(format),
        };
        self.fake().backing_set(&path, vec![below]);
        DiskSource::file(path)
    }
    async fn copied(&self, _: &Path) -> PathBuf {
        PathBuf::from(format!("/copies/{}", self.number()))
    }
}

#[tokio::test]
async fn the_fake_conforms() {
    run_all(&FakeBench::new()).await;
}

#[tokio::test]
async fn failures_come_when_they_are_ordered_and_once() {
    let bench = FakeBench::new();
    let fake = bench.fake();
    let launch = bench.deaf_guest("vm");
    let vm = launch.machine.id;
    let refusal = HypervisorError::unfit("no huge pages");
    fake.refuse_next(Verb::Launch, refusal.clone());
    fake.lose_answer_of_next(Verb::Launch);
    assert_eq!(fake.launch(launch.clone()).await, Err(refusal));
    assert!(fake.list().await.unwrap().is_empty());
    let lost = fake.launch(launch.clone()).await;
    assert!(
        matches!(lost, Err(HypervisorError::Lost { .. })),
        "{lost:?}"
    );
    assert_eq!(fake.launch(launch.clone()).await.map(|m| m.vm), Ok(vm));
    assert_eq!(fake.launches().len(), 1);
}

#[tokio::test]
async fn a_held_command_waits_until_it_is_released() {
    let bench = FakeBench::new();
    let fake = bench.fake();
    fake.hold(Verb::Launch);
    let (other, launch) = (fake.clone(), bench.deaf_guest("vm"));
    let task = tokio::spawn(async move { other.launch(launch).await.map(|m| m.epoch) });
    tokio::task::yield_now().await;
    assert!(fake.list().await.unwrap().is_empty());
    fake.release(Verb::Launch);
    assert_eq!(task.await.unwrap(), Ok(1));
}

#[tokio::test]
async fn a_guest_with_an_agent_answers_and_ends_when_asked() {
    let bench = FakeBench::new();
    let fake = bench.fake();
    fake.guests_behave(
        GuestBehaviour::with_agent().answering("guest-get-host-name", "{\"host-name\":\"x\"}"),
    );
    let mut watch = Watch::on(&fake);
    let launch = bench.deaf_guest("vm");
    let vm = launch.machine.id;
    fake.launch(launch).await.unwrap();
    watch
        .machine(vm, "agent", |c| {
            (*c == MachineChange::AgentConnected).then_some(())
        })
        .await;
    let command = r#"{"execute": "guest-get-host-name"}"#;
    let answer = fake.guest_agent(vm, command, Duration::from_secs(1)).await;
    assert_eq!(answer.as_deref(), Ok(r#"{"return":{"host-name":"x"}}"#));
    fake.shutdown(vm, 1).await.unwrap();
    let exit = watch
        .machine(vm, "Ended", |c| match c {
            MachineChange::Ended(exit) => Some(exit.clone()),
            _ => None,
        })
        .await;
    assert_eq!(exit.reason, ExitReason::AdminShutdown);
}

#[tokio::test]
async fn what_happens_while_the_connection_is_lost_is_found_by_list_only() {
    let bench = FakeBench::new();
    let fake = bench.fake();
    let (one, two) = (bench.deaf_guest("one"), bench.deaf_guest("two"));
    fake.launch(one.clone()).await.unwrap();
    fake.launch(two.clone()).await.unwrap();
    fake.disk_fails(two.machine.id, None, PauseReason::Enospc);
    let mut watch = Watch::on(&fake);
    fake.connection_lost("cable");
    assert!(!fake.is_connected());
    fake.qemu_dies(one.machine.id);
    assert!(fake.list().await.unwrap_err().is_passing());
    fake.connection_back();
    let lost = HypervisorEvent::Lost {
        message: "cable".into(),
    };
    assert_eq!(watch.next("first").await, HypervisorEvent::Back);
    assert_eq!(watch.next("loss").await, lost);
    assert_eq!(watch.next("return").await, HypervisorEvent::Back);
    let list = fake.list().await.unwrap();
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].state, MachineState::Paused(PauseReason::Enospc));
}

async fn pair() -> (FakeBench, MachineLaunch) {
    let bench = FakeBench::new();
    let launch = bench.deaf_guest("vm");
    bench.fake().launch(launch.clone()).await.unwrap();
    (bench, launch)
}

#[tokio::test]
async fn a_machine_waits_on_its_way_until_it_is_told() {
    let (bench, launch) = pair().await;
    let (fake, vm) = (bench.fake(), launch.machine.id);
    fake.migrations_wait(true);
    let mut watch = Watch::on(&fake);
    for ends_well in [false, true] {
        let (other, out) = (fake.clone(), MigrateOut::plain(vm, 1, NEIGHBOUR));
        let way = tokio::spawn(async move { other.migrate(out).await });
        while fake.migration(vm, 1).await.unwrap().is_none() {
            tokio::task::yield_now().await;
        }
        let progress = MigrationProgress {
            iteration: 2,
            memory_total: 100,
            memory_remaining: 25,
            ..MigrationProgress::default()
        };
        fake.migration_progress(vm, progress);
        let pass = MachineChange::Migrating { iteration: 2 };
        watch
            .machine(vm, "Migrating", |c| (*c == pass).then_some(()))
            .await;
        assert_eq!(fake.migration(vm, 1).await, Ok(Some(progress)));
        if ends_well {
            fake.migration_converges(vm);
            assert!(way.await.unwrap().is_ok());
            assert_eq!(bench.neighbour.list().await.unwrap().len(), 1);
        } else {
            fake.migration_fails(vm, "the cable was cut");
            let failed = way.await.unwrap().unwrap_err();
            assert!(failed.to_string().contains("the cable was cut"), "{failed}");
            assert!(bench.neighbour.list().await.unwrap().is_empty());
        }
    }
}

#[tokio::test]
async fn a_machine_whose_answer_is_lost_arrives_all_the_same() {
    let (bench, launch) = pair().await;
    let (fake, vm) = (bench.fake(), launch.machine.id);
    fake.lose_answer_of_next(Verb::Migrate);
    let out = MigrateOut::plain(vm, 1, NEIGHBOUR);
    assert!(fake.migrate(out.clone()).await.unwrap_err().is_passing());
    assert!(fake.list().await.unwrap().is_empty());
    assert_eq!(bench.neighbour.machine(vm).await.map(|m| m.epoch), Ok(1));
    assert!(fake.migrate(out).await.is_ok());
}

#[tokio::test]
async fn a_machine_that_dies_on_its_way_is_on_no_host() {
    let (bench, launch) = pair().await;
    let (fake, vm) = (bench.fake(), launch.machine.id);
    fake.migrations_wait(true);
    let (other, out) = (fake.clone(), MigrateOut::plain(vm, 1, NEIGHBOUR));
    let way = tokio::spawn(async move { other.migrate(out).await });
    while bench.neighbour.list().await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    fake.qemu_dies(vm);
    let missing = HypervisorError::NoMachine { vm };
    assert_eq!(way.await.unwrap(), Err(missing));
    assert!(bench.neighbour.list().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_job_waits_until_it_is_told_and_may_fail() {
    let (bench, launch) = pair().await;
    let (fake, vm) = (bench.fake(), launch.machine.id);
    let disk = launch.machine.disks[0].disk;
    fake.block_jobs_wait(true);
    let copy = BlockCopy {
        vm,
        epoch: 1,
        disk,
        to: DiskSource::file("/copy"),
        format: DiskFormat::Raw,
        shallow: false,
        reuse_external: true,
        bandwidth: None,
    };
    let before = fake.disk_chain(vm, 1, disk).await;
    fake.block_copy(copy.clone()).await.unwrap();
    fake.block_job_progress(vm, disk, 1, 4);
    let job = fake.block_job(vm, 1, disk).await.unwrap().unwrap();
    assert_eq!((job.percent(), job.ready), (25, false));
    let to = Path::new("/copy");
    let early = fake.block_pivot(vm, 1, disk, to).await;
    assert!(
        matches!(early, Err(HypervisorError::Busy { .. })),
        "{early:?}"
    );
    fake.block_job_fails(vm, disk);
    assert_eq!(fake.disk_chain(vm, 1, disk).await, before);
    fake.block_copy(copy).await.unwrap();
    fake.block_job_catches_up(vm, disk);
    assert_eq!(fake.block_pivot(vm, 1, disk, to).await, Ok(()));
    let chain = fake.disk_chain(vm, 1, disk).await.unwrap();
    assert_eq!(chain.active(), Some(to));
}
