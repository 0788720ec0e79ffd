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
    CopySource, DiskMirror, DiskSnapshot, HostError, HostEvent, RunDisk, StopHow,
    StorageDomainSpec, VmLaunch, VmPhase, VmReport, VolumeAddress, VolumeCopy, VolumeCreate,
};
use ports::{HostSession, SystemClock, SystemCommands, failpoint};
use std::path::{Path, PathBuf};
use std::process::Command;
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
        Agent::with(lab.dir.path(), lab.uri()).await
    }

    /// An agent of the libvirt at `uri` with all its files in `dir`, and one storage domain.
    async fn with(dir: &Path, uri: String) -> Agent {
        let config = LibvirtConfig {
            uri,
            ..LibvirtConfig::default()
        };
        let hypervisor = LibvirtHypervisor::start(config, Arc::new(SystemClock::default()));
        let home = dir.join("agent");
        std::fs::create_dir_all(&home).unwrap();
        let ports = HostPorts {
            hypervisor: Arc::new(hypervisor.unwrap()),
            storage: Arc::new(FileStore::new(dir.join("rhev"), Arc::new(SystemCommands))),
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
        let agent = Agent { host, events };
        agent.domain(AT.domain, &dir.join("data"), "main").await;
        agent
    }

    /// A storage domain that is made or found.
    async fn domain(&self, id: StorageDomainId, data: &Path, name: &str) {
        std::fs::create_dir_all(data).unwrap();
        let domain = StorageDomainSpec {
            id,
            backing: StorageBacking::LocalFs {
                path: data.to_str().unwrap().into(),
            },
            data_center: None,
        };
        self.host.storage_create(domain, name.into()).await.unwrap();
    }

    /// A thin volume, on that volume of its disk or on nothing.
    async fn volume(&self, at: VolumeAddress, bytes: u64, parent: Option<VolumeId>) {
        let create = VolumeCreate {
            at,
            format: DiskFormat::Cow,
            sparse: true,
            capacity_bytes: bytes,
            parent: parent.map(|volume| (at.disk, volume)),
            alias: "boot".into(),
            description: String::new(),
            created: Timestamp(0),
        };
        self.host.volume_create(create).await.unwrap();
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
async fn disk(agent: &Agent, dir: &Path, mut bytes: Vec<u8>) {
    let image = dir.join("boot.raw");
    bytes.resize(1 << 20, 0);
    std::fs::write(&image, bytes).unwrap();
    let path = image.to_str().unwrap().to_owned();
    let probe = agent.host.image_probe(path.clone()).await.unwrap();
    agent.volume(AT, probe.virtual_bytes, None).await;
    let source = CopySource::File {
        path,
        format: probe.format,
    };
    let copy = VolumeCopy { source, to: AT };
    agent.host.volume_copy(copy).await.unwrap();
}

fn launch(dir: &Path, epoch: u64) -> VmLaunch {
    let mut machine = guest::launch(dir, "boots").machine;
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
    disk(&agent, lab.dir.path(), guest::halting()).await;
    // libvirt comes up beside us: the first event says that it was asked.
    assert_eq!(
        agent.events.next().await,
        Some(HostEvent::Report(Vec::new()))
    );
    let hello = agent.host.hello().await.unwrap();
    assert!(!hello.facts.qemu_version.is_empty() && hello.facts.memory_bytes > 0);

    agent
        .host
        .vm_launch(launch(lab.dir.path(), 1))
        .await
        .unwrap();
    agent
        .host
        .vm_launch(launch(lab.dir.path(), 1))
        .await
        .unwrap();
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

    agent
        .host
        .vm_launch(launch(lab.dir.path(), 2))
        .await
        .unwrap();
    agent.until_state(&lab, RunState::PoweringUp).await;
    agent.host.stop().await;
    lab.virsh(&["destroy", &VM.to_string()]);
    let mut agent = Agent::start(&lab).await;
    let ended = agent.until_ended(&lab).await;
    assert_eq!(ended, (ExitStatus::Error, ExitReason::LibvirtDomainMissing));
    let stale = agent.host.vm_launch(launch(lab.dir.path(), 2)).await;
    assert!(stale.is_err(), "{stale:?}");
    agent
        .host
        .disk_remove(AT.domain, AT.disk, true)
        .await
        .unwrap();
}

const OTHER: StorageDomainId = StorageDomainId::known(4);
/// The layer that takes what the guest writes while its disk moves.
const LAYER: VolumeAddress = VolumeAddress {
    volume: VolumeId::known(5),
    ..AT
};

fn on_other(at: VolumeAddress) -> VolumeAddress {
    VolumeAddress {
        domain: OTHER,
        ..at
    }
}

/// What the counting guest has written last, as the volume and what it stands on hold it.
fn counter(dir: &Path, at: VolumeAddress) -> u32 {
    let place = if at.domain == OTHER { "other" } else { "data" };
    let image: PathBuf = [
        place.to_owned(),
        at.domain.to_string(),
        "images".into(),
        at.disk.to_string(),
        at.volume.to_string(),
    ]
    .iter()
    .collect();
    let output = dir.join("content.raw");
    let done = Command::new("qemu-img")
        .args(["convert", "-U", "-f", "qcow2", "-O", "raw"])
        .args([&dir.join(image), &output])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{told}");
    let content = std::fs::read(output).unwrap();
    let at = usize::try_from(guest::COUNTER * 512).unwrap();
    u32::from_le_bytes(content[at..at + 4].try_into().unwrap())
}

async fn counts_beyond(dir: &Path, at: VolumeAddress, than: u32) -> u32 {
    let counts = async {
        loop {
            let now = counter(dir, at);
            if now > than {
                return now;
            }
            // A file has no event to wait for.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, counts).await.unwrap()
}

/// Moves the guest's disk as the engine would, and dies when the guest has just left its old layer.
async fn agent_that_dies_at_the_switch(dir: &Path, uri: String) {
    let mut agent = Agent::with(dir, uri).await;
    // The first event says that libvirt is there.
    agent.events.next().await.unwrap();
    agent.domain(OTHER, &dir.join("other"), "other").await;
    disk(&agent, dir, guest::counting()).await;
    agent.host.vm_launch(launch(dir, 1)).await.unwrap();
    counts_beyond(dir, AT, 0).await;
    let of = RunDisk {
        vm: VM,
        epoch: 1,
        disk: AT.disk,
    };
    let format = DiskFormat::Cow;
    agent.volume(LAYER, 1 << 20, Some(AT.volume)).await;
    let snapshot = DiskSnapshot {
        of,
        layer: LAYER,
        format,
    };
    agent.host.disk_snapshot(snapshot).await.unwrap();
    let to = on_other(AT);
    agent.volume(to, 1 << 20, None).await;
    let source = CopySource::Volume(AT);
    let copy = VolumeCopy { source, to };
    agent.host.volume_copy(copy).await.unwrap();
    let to = on_other(LAYER);
    agent.volume(to, 1 << 20, Some(AT.volume)).await;
    let mirror = DiskMirror {
        of,
        to,
        format,
        replaces: LAYER,
    };
    while !agent.host.disk_mirror(mirror).await.unwrap().done {}
    let pivoted = agent.host.disk_pivot(mirror).await;
    unreachable!("it dies before: {pivoted:?}");
}

const DIR: &str = "VIREO_TEST_DIR";
const URI: &str = "VIREO_TEST_URI";

/// Runs the test once more as the agent that is killed at that place, while the guest runs; nothing when
/// this is that agent or tests can't run here.
async fn lab_whose_agent_dies(test: &str, place: &str) -> Option<Lab> {
    if let (Some(dir), Ok(uri)) = (std::env::var_os(DIR), std::env::var(URI)) {
        agent_that_dies_at_the_switch(Path::new(&dir), uri).await;
        return None;
    }
    let no_failpoints = (!failpoint::BUILT_IN).then(|| "built without failpoints".to_owned());
    if let Some(why) = lab::missing().or(no_failpoints) {
        testkit::skip(test, &why);
        return None;
    }
    let lab = Lab::start();
    let dir = lab.dir.path();
    let this = std::env::current_exe().unwrap();
    let arm = dir.join(this.file_name().unwrap()).with_extension("arm");
    std::fs::write(arm, format!("{place} 1\n")).unwrap();
    let died = Command::new(this)
        .args(["--exact", test, "--nocapture"])
        .envs([(DIR, dir.as_os_str()), (URI, lab.uri().as_ref())])
        .env(failpoint::VARIABLE, dir)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&died.stderr);
    let killed = std::os::unix::process::ExitStatusExt::signal(&died.status);
    assert_eq!(killed, Some(9), "{told}\n{}", lab.logs());
    Some(lab)
}

/// QEMU is gone and the agent is back: what the engine does then. Answers what came of the copy of the
/// old layer.
async fn completed(lab: &Lab) -> Result<(), HostError> {
    let mut agent = Agent::start(lab).await;
    agent.domain(OTHER, &lab.dir.join("other"), "other").await;
    agent.until_ended(lab).await;
    let (source, to) = (CopySource::Layer(LAYER), on_other(LAYER));
    let copied = agent.host.volume_copy(VolumeCopy { source, to }).await;
    agent.host.volume_merge(to).await.unwrap();
    copied.map(drop)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_guest_wrote_after_the_switch_survives_agent_and_qemu() {
    let name = "what_a_guest_wrote_after_the_switch_survives_agent_and_qemu";
    let Some(lab) = lab_whose_agent_dies(name, "disk/pivot/after").await else {
        return;
    };
    let dir = lab.dir.path();
    // The guest uses the copy, and the old layer is still there.
    let left = counter(dir, LAYER);
    counts_beyond(dir, on_other(LAYER), left).await;
    lab.kill(VM);
    let written = counter(dir, on_other(LAYER));
    assert!(written > left, "{written} after {left}");
    let copied = completed(&lab).await;
    assert!(
        matches!(copied, Err(HostError::NotFound { .. })),
        "{copied:?}"
    );
    assert_eq!(counter(dir, on_other(AT)), written);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_guest_wrote_before_the_switch_survives_agent_and_qemu() {
    let name = "what_a_guest_wrote_before_the_switch_survives_agent_and_qemu";
    let Some(lab) = lab_whose_agent_dies(name, "disk/pivot/before").await else {
        return;
    };
    let dir = lab.dir.path();
    // The guest goes on with the layer that is retired, and the mirror follows.
    let before = counter(dir, LAYER);
    counts_beyond(dir, LAYER, before).await;
    lab.kill(VM);
    let written = counter(dir, LAYER);
    let copied = completed(&lab).await;
    assert!(
        matches!(copied, Ok(()) | Err(HostError::NotFound { .. })),
        "{copied:?}"
    );
    // All but a write that was not over: it may be on one side alone.
    let kept = counter(dir, on_other(AT));
    assert!(
        (written - 1..=written + 1).contains(&kept),
        "{kept} of {written}"
    );
}
