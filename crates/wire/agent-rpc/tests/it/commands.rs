//! Every command arrives as it was sent, every answer and refusal comes back as it was given.

use crate::Lab;
use crate::far_host::{INFO, PROBE, Told, USAGE};
use base::{DataCenterId, DiskId, HostId, NicId, StorageDomainId, Timestamp, VmId, VolumeId};
use domain::disks::DiskFormat;
use domain::storage::StorageBacking;
use domain::vms::{BootDevice, CpuTopology, GraphicsProtocol, NicInterface};
use ports::HostSession;
use ports::hosts::{
    CopySource, HostError, MachineSpec, NicSpec, Smbios, StopHow, StorageDomainSpec, VmLaunch,
    VolumeAddress, VolumeCopy, VolumeCreate,
};

const VM: VmId = VmId::known(1);
const DISK: DiskId = DiskId::known(2);
const DOMAIN: StorageDomainId = StorageDomainId::known(3);
const AT: VolumeAddress = VolumeAddress {
    domain: DOMAIN,
    disk: DISK,
    volume: VolumeId::known(4),
};

fn domain() -> StorageDomainSpec {
    StorageDomainSpec {
        id: DOMAIN,
        backing: StorageBacking::PosixFs {
            path: "/данные".to_owned(),
            vfs_type: "none".to_owned(),
            mount_options: "bind".to_owned(),
        },
        data_center: Some(DataCenterId::known(9)),
    }
}

fn create() -> VolumeCreate {
    VolumeCreate {
        at: AT,
        format: DiskFormat::Cow,
        sparse: true,
        capacity_bytes: 1 << 40,
        parent: Some((DISK, VolumeId::known(5))),
        alias: "диск".to_owned(),
        description: "\u{1F600}".to_owned(),
        created: Timestamp(-1),
    }
}

fn launch() -> VmLaunch {
    VmLaunch {
        machine: MachineSpec {
            id: VM,
            name: "сервер-1".to_owned(),
            memory_bytes: 1 << 30,
            memory_guaranteed_bytes: 1 << 29,
            topology: CpuTopology {
                sockets: 1,
                cores: 2,
                threads: 1,
            },
            cpu_model: None,
            cpu_shares: 0,
            boot: vec![BootDevice::Network, BootDevice::Hd],
            disks: Vec::new(),
            nics: vec![NicSpec {
                id: NicId::known(8),
                mac: "56:6f:00:00:00:0a".parse().unwrap(),
                interface: NicInterface::Virtio,
                bridge: None,
                linked: true,
                mtu: 0,
            }],
            graphics: vec![GraphicsProtocol::Vnc],
            rng: true,
            balloon: true,
            clock_offset_seconds: -3600,
            smbios: Smbios::default(),
            cluster_version: "4.8".to_owned(),
        },
        epoch: u64::MAX,
        paused: true,
        up_without_agent_seconds: 60,
    }
}

#[tokio::test]
async fn every_command_arrives_and_its_answer_comes_back() {
    let lab = Lab::new().await;
    let c = lab.client(1).await;
    c.vm_launch(launch()).await.unwrap();
    c.vm_stop(VM, 2, StopHow::Shutdown).await.unwrap();
    c.vm_forget(VM, 3).await.unwrap();
    assert_eq!(c.vm_serial_log(VM, u64::MAX).await.unwrap(), b"\xff\x00log");
    assert_eq!(c.storage_connect(domain()).await.unwrap(), USAGE);
    let name = "данные".to_owned();
    assert_eq!(
        c.storage_create(domain(), name.clone()).await.unwrap(),
        USAGE
    );
    c.storage_remove(domain()).await.unwrap();
    assert_eq!(c.volume_create(create()).await.unwrap(), INFO);
    assert_eq!(c.volume_extend(AT, 1024).await.unwrap(), INFO);
    let copy = VolumeCopy {
        source: CopySource::File {
            path: "/tmp/образ.qcow2".to_owned(),
            format: DiskFormat::Raw,
        },
        to: AT,
    };
    assert_eq!(c.volume_copy(copy.clone()).await.unwrap(), INFO);
    c.disk_remove(DOMAIN, DISK, true).await.unwrap();
    assert_eq!(c.volume_info(AT).await.unwrap(), INFO);
    assert_eq!(c.image_probe("/x".to_owned()).await.unwrap(), PROBE);
    let told = lab.host.told.lock().unwrap();
    let expected = [
        Told::Launch(Box::new(launch())),
        Told::Stop(VM, 2, StopHow::Shutdown),
        Told::Forget(VM, 3),
        // No answer is longer than the wire's limit.
        Told::SerialLog(VM, agent_rpc::SERIAL_LOG_MAX_BYTES),
        Told::Connect(domain()),
        Told::CreateDomain(domain(), name),
        Told::RemoveDomain(domain()),
        Told::CreateVolume(create()),
        Told::Extend(AT, 1024),
        Told::Copy(copy),
        Told::Remove(DOMAIN, DISK, true),
        Told::Info(AT),
        Told::Probe("/x".to_owned()),
    ];
    assert_eq!(*told, expected);
}

#[tokio::test]
async fn refusals_come_back_word_for_word() {
    let lab = Lab::new().await;
    let c = lab.client(1).await;
    let message = || "не хватает памяти: 2 GiB".to_owned();
    for refusal in [
        HostError::Unreachable {
            host: HostId::known(42),
            message: message(),
        },
        HostError::Stale {
            message: message(),
            newest: Some(7),
        },
        HostError::Refused { message: message() },
        HostError::NotFound { what: message() },
        HostError::Unsupported { message: message() },
        HostError::Failed { message: message() },
    ] {
        *lab.host.failure.lock().unwrap() = Some(refusal.clone());
        assert_eq!(c.vm_launch(launch()).await, Err(refusal));
    }
    let long = "я".repeat(100_000);
    *lab.host.failure.lock().unwrap() = Some(HostError::Failed { message: long });
    let Err(HostError::Failed { message }) = c.vm_launch(launch()).await else {
        panic!("expected the failure, shortened");
    };
    assert!(message.starts_with('я') && message.len() <= 4096);
}

#[tokio::test]
async fn a_command_is_finished_although_the_engine_went_away() {
    let lab = Lab::new().await;
    lab.host.go.send_replace(false);
    let c = lab.client(1).await;
    let waiting = tokio::spawn({
        let c = c.clone();
        async move { c.vm_launch(launch()).await }
    });
    lab.host.begun.notified().await;
    c.close();
    let answer = waiting.await.unwrap();
    assert!(
        matches!(answer, Err(HostError::Unreachable { .. })),
        "{answer:?}"
    );
    assert!(!c.is_connected());
    assert!(c.vm_forget(VM, 1).await.is_err());
    drop(c);

    // The next connection finds it done.
    let c = lab.client(1).await;
    lab.host.go.send_replace(true);
    c.vm_forget(VM, 1).await.unwrap();
    while lab.host.told.lock().unwrap().len() < 2 {
        tokio::task::yield_now().await;
    }
    let told = lab.host.told.lock().unwrap().clone();
    assert!(told.contains(&Told::Launch(Box::new(launch()))), "{told:?}");
}
