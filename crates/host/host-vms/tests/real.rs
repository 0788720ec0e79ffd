//! The agent's heart on real libvirt, QEMU and qemu-img: one boot sector through a whole life.

#[allow(
    dead_code,
    reason = "the guests and the lab of `hypervisor-libvirt`'s own tests"
)]
#[path = "../../hypervisor-libvirt/tests/real/guest.rs"]
mod guest;
#[allow(dead_code, reason = "the same")]
#[path = "../../hypervisor-libvirt/tests/real/lab.rs"]
mod lab;

use base::{DiskId, HostId, StorageDomainId, Timestamp, VmId, VolumeId};
use domain::disks::DiskFormat;
use domain::storage::StorageBacking;
use domain::vms::{ExitReason, ExitStatus, RunState};
use futures::StreamExt;
use futures::stream::BoxStream;
use host_network::fake::FakeKernel;
use host_storage::FileStore;
use host_vms::{HostPorts, HostVms, HostVmsConfig, SystemFiles};
use hypervisor_libvirt::{LibvirtConfig, LibvirtHypervisor};
use lab::Lab;
use ports::hosts::{
    CopySource, HostEvent, StopHow, StorageDomainSpec, VmLaunch, VmPhase, VmReport, VolumeAddress,
    VolumeCopy, VolumeCreate,
};
use ports::{HostSession, SystemClock, SystemCommands};
use std::sync::Arc;
use std::time::Duration;

/// TCG on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);
const VM: VmId = VmId::known(0x7e57);
const AT: VolumeAddress = VolumeAddress {
    domain: StorageDomainId::known(1),
    disk: DiskId::known(2),
    volume: VolumeId::known(3),
};

struct Agent {
    host: HostVms,
    events: BoxStream<'static, HostEvent>,
}

impl Agent {
    async fn start(lab: &Lab) -> Agent {
        let config = LibvirtConfig {
            uri: lab.uri(),
            ..LibvirtConfig::default()
        };
        let hypervisor = LibvirtHypervisor::start(config, Arc::new(SystemClock::default()));
        let home = lab.dir.join("agent");
        std::fs::create_dir_all(&home).unwrap();
        let ports = HostPorts {
            hypervisor: Arc::new(hypervisor.unwrap()),
            storage: Arc::new(FileStore::new(
                lab.dir.join("rhev"),
                Arc::new(SystemCommands),
            )),
            network: Arc::new(FakeKernel::default()),
            clock: Arc::new(SystemClock::default()),
        };
        let config = HostVmsConfig {
            host: HostId::known(9),
            home,
            console_listen: "127.0.0.1".into(),
            agent_version: "0".into(),
            system: SystemFiles::default(),
        };
        let host = HostVms::start(config, ports).await.unwrap();
        let events = host.watch().await;
        let data = lab.dir.join("data");
        std::fs::create_dir_all(&data).unwrap();
        let domain = StorageDomainSpec {
            id: AT.domain,
            backing: StorageBacking::LocalFs {
                path: data.to_str().unwrap().into(),
            },
            data_center: None,
        };
        host.storage_create(domain, "main".into()).await.unwrap();
        Agent { host, events }
    }

    async fn until(&mut self, lab: &Lab, wanted: impl Fn(&VmPhase) -> bool) -> VmReport {
        let find = async {
            while let Some(event) = self.events.next().await {
                let reports = match event {
                    HostEvent::Report(reports) => reports,
                    HostEvent::Vm(report) => vec![report],
                };
                let found = reports.into_iter().find(|r| r.vm == VM && wanted(&r.phase));
                if found.is_some() {
                    return found;
                }
            }
            None
        };
        let found = tokio::time::timeout(PATIENCE, find).await;
        found
            .ok()
            .flatten()
            .unwrap_or_else(|| panic!("{}", lab.logs()))
    }

    async fn until_state(&mut self, lab: &Lab, wanted: RunState) -> VmReport {
        let is =
            |phase: &VmPhase| matches!(phase, VmPhase::Running { state, .. } if *state == wanted);
        self.until(lab, is).await
    }

    async fn until_ended(&mut self, lab: &Lab) -> (ExitStatus, ExitReason) {
        let report = self.until(lab, |p| matches!(p, VmPhase::Ended(_))).await;
        match report.phase {
            VmPhase::Ended(exit) => (exit.status, exit.reason),
            VmPhase::Left => panic!("nobody moved it"),
            VmPhase::Running { .. } => unreachable!("it was asked for an end"),
        }
    }

    async fn printed(&self) {
        let read = async {
            loop {
                let log = self.host.vm_serial_log(VM, 4096).await.unwrap();
                if String::from_utf8_lossy(&log).contains(guest::LINE) {
                    return;
                }
                // The log has no event to wait for.
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, read).await.unwrap();
    }
}

/// The boot sector as a volume, imported as an operator would.
async fn disk(agent: &Agent, lab: &Lab) {
    let image = lab.dir.join("boot.raw");
    let mut bytes = guest::halting();
    bytes.resize(1 << 20, 0);
    std::fs::write(&image, bytes).unwrap();
    let path = image.to_str().unwrap().to_owned();
    let probe = agent.host.image_probe(path.clone()).await.unwrap();
    let create = VolumeCreate {
        at: AT,
        format: DiskFormat::Cow,
        sparse: true,
        capacity_bytes: probe.virtual_bytes,
        parent: None,
        alias: "boot".into(),
        description: String::new(),
        created: Timestamp(0),
    };
    agent.host.volume_create(create).await.unwrap();
    let source = CopySource::File {
        path,
        format: probe.format,
    };
    let copy = VolumeCopy { source, to: AT };
    agent.host.volume_copy(copy).await.unwrap();
}

fn launch(lab: &Lab, epoch: u64) -> VmLaunch {
    let mut machine = guest::launch(lab.dir.path(), "boots").machine;
    machine.id = VM;
    machine.disks[0].domain = AT.domain;
    machine.disks[0].disk = AT.disk;
    machine.disks[0].volume = AT.volume;
    machine.disks[0].format = DiskFormat::Cow;
    VmLaunch {
        machine,
        epoch,
        paused: false,
        up_without_agent_seconds: 2,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_boot_sector_lives_through_everything() {
    if let Some(why) = lab::missing() {
        return testkit::skip("a_boot_sector_lives_through_everything", &why);
    }
    let lab = Lab::start();
    let mut agent = Agent::start(&lab).await;
    disk(&agent, &lab).await;
    // libvirt comes up beside us: the first event says that it was asked.
    assert_eq!(
        agent.events.next().await,
        Some(HostEvent::Report(Vec::new()))
    );
    let hello = agent.host.hello().await.unwrap();
    assert!(!hello.facts.qemu_version.is_empty() && hello.facts.memory_bytes > 0);

    agent.host.vm_launch(launch(&lab, 1)).await.unwrap();
    agent.host.vm_launch(launch(&lab, 1)).await.unwrap();
    agent.until_state(&lab, RunState::PoweringUp).await;
    let up = agent.until_state(&lab, RunState::Up).await;
    assert!(up.consoles[0].port.is_some_and(|port| port >= 5900));
    agent.printed().await;
    let frame = agent
        .host
        .stats(Duration::from_secs(1))
        .next()
        .await
        .unwrap();
    assert!(frame.vms[&VM].cpu_time_ns > 0 && frame.domains.contains_key(&AT.domain));

    // The disk is open in QEMU.
    let grow = agent.host.volume_extend(AT, 2 << 20).await.unwrap_err();
    assert!(grow.to_string().contains("in use"), "{grow}");

    drop(agent);
    let mut agent = Agent::start(&lab).await;
    let found = agent.until_state(&lab, RunState::Up).await;
    assert_eq!((found.epoch, &found.consoles), (1, &up.consoles));
    agent.host.vm_stop(VM, 1, StopHow::Destroy).await.unwrap();
    let ended = agent.until_ended(&lab).await;
    assert_eq!(ended, (ExitStatus::Normal, ExitReason::AdminShutdown));
    agent.host.vm_forget(VM, 1).await.unwrap();
    agent.host.volume_extend(AT, 2 << 20).await.unwrap();

    agent.host.vm_launch(launch(&lab, 2)).await.unwrap();
    agent.until_state(&lab, RunState::PoweringUp).await;
    agent.host.stop().await;
    lab.virsh(&["destroy", &VM.to_string()]);
    let mut agent = Agent::start(&lab).await;
    let ended = agent.until_ended(&lab).await;
    assert_eq!(ended, (ExitStatus::Error, ExitReason::LibvirtDomainMissing));
    let stale = agent.host.vm_launch(launch(&lab, 2)).await;
    assert!(stale.is_err(), "{stale:?}");
    agent
        .host
        .disk_remove(AT.domain, AT.disk, true)
        .await
        .unwrap();
}
