//! The data center: one of each noun, its VM down or up.

#![allow(missing_docs)]

use base::{
    Actor, Call, ClusterId, DataCenterId, DiskId, Generation, HostId, MacPoolId, NetworkId, NicId,
    Origin, StepId, StorageDomainId, TemplateId, Timestamp, UserId, VmId, VnicProfileId, VolumeId,
    WorkflowId,
};
use domain::clusters::Cluster;
use domain::data_centers::{CompatibilityVersion, DataCenter};
use domain::disks::{Disk, DiskFormat, DiskStatus, Volume};
use domain::hosts::{
    Enrolment, Host, HostFacts, HostNicFacts, HostObserved, HostStats, HostStatus,
};
use domain::jobs::{StepPhase, StepRow, WorkflowRow, WorkflowState};
use domain::networks::{Network, VnicProfile};
use domain::storage::{StorageBacking, StorageDomain, StorageDomainObserved, StorageDomainStatus};
use domain::templates::{Template, TemplateStatus};
use domain::users::User;
use domain::vms::{
    BiosType, BootDevice, ConsoleAddress, CpuTopology, DiskAttachment, DiskInterface, Graphics,
    GraphicsProtocol, GuestDevice, GuestInfo, Hardware, HighAvailability, Migratable, Nic,
    NicInterface, Placement, Run, RunState, Vm, VmKind, VmObserved, VmStats,
};
use projection::{HostSample, Projection, Snapshot};
use std::sync::Arc;
use store::Contents;

pub const DC: DataCenterId = DataCenterId::known(1);
pub const CLUSTER: ClusterId = ClusterId::known(2);
pub const NETWORK: NetworkId = NetworkId::known(3);
pub const PROFILE: VnicProfileId = VnicProfileId::known(4);
pub const HOST: HostId = HostId::known(5);
pub const DOMAIN: StorageDomainId = StorageDomainId::known(6);
pub const DISK: DiskId = DiskId::known(7);
pub const VM: VmId = VmId::known(8);
pub const NIC: NicId = NicId::known(9);
pub const USER: UserId = UserId::known(10);
pub const MIB: u64 = 1 << 20;

pub fn hardware() -> Hardware {
    Hardware {
        kind: VmKind::Server,
        os: "rhel_9x64".into(),
        memory_bytes: 256 * MIB,
        memory_guaranteed_bytes: 128 * MIB,
        memory_max_bytes: 1024 * MIB,
        ballooning: true,
        topology: CpuTopology {
            sockets: 2,
            cores: 1,
            threads: 1,
        },
        cpu_shares: 0,
        bios: BiosType::ClusterDefault,
        boot: vec![BootDevice::Network, BootDevice::Hd],
        graphics: vec![Graphics {
            protocol: GraphicsProtocol::Vnc,
        }],
        serial_console: true,
        rng: true,
        high_availability: HighAvailability {
            enabled: true,
            priority: 50,
        },
        placement: Placement {
            affinity: Migratable::Migratable,
            hosts: vec![HOST],
        },
        start_paused: false,
        time_zone: String::new(),
        nics: vec![Nic {
            id: NIC,
            name: "nic1".into(),
            mac: "56:6f:00:00:00:01".parse().unwrap(),
            interface: NicInterface::Virtio,
            profile: Some(PROFILE),
            plugged: true,
            linked: true,
            shared_mac: false,
        }],
        disks: vec![DiskAttachment {
            disk: DISK,
            interface: DiskInterface::VirtioScsi,
            bootable: true,
            active: true,
            read_only: false,
            pass_discard: false,
        }],
    }
}

pub fn vm_entity(run: Option<Run>) -> Vm {
    Vm {
        id: VM,
        generation: Generation(1),
        name: "web".into(),
        description: "ż".into(),
        comment: String::new(),
        cluster: CLUSTER,
        data_center: DC,
        template: TemplateId::BLANK,
        hardware: hardware(),
        delete_protected: false,
        run,
        run_epoch: 1,
        last_exit: None,
        locked_by: None,
        created: Timestamp(1),
        creator: "admin@internal".into(),
    }
}

pub fn blank() -> Template {
    Template {
        id: TemplateId::BLANK,
        generation: Generation(1),
        name: "Blank".into(),
        description: String::new(),
        comment: String::new(),
        cluster: None,
        data_center: None,
        version_number: 1,
        version_name: "base version".into(),
        hardware: Hardware {
            nics: vec![],
            disks: vec![],
            ..hardware()
        },
        status: TemplateStatus::Ok,
        locked_by: None,
        created: Timestamp(1),
    }
}

pub fn host_entity() -> Host {
    Host {
        id: HOST,
        generation: Generation(1),
        name: "host1".into(),
        description: String::new(),
        comment: String::new(),
        address: "10.0.0.1".into(),
        port: 54321,
        cluster: CLUSTER,
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
            agent_version: "0.1.0".into(),
            boot_id: "b".into(),
            hardware_uuid: "u".into(),
            cpu_model: "Intel(R) Xeon(R)".into(),
            cpu_model_libvirt: "Skylake-Server".into(),
            architecture: "x86_64".into(),
            cpu_sockets: 1,
            cpu_cores: 2,
            cpu_threads: 1,
            cpu_mhz: 2400,
            cpu_flags: vec![],
            memory_bytes: 8192 * MIB,
            kvm: false,
            kvm_reason: "there is no /dev/kvm".into(),
            os: "Debian GNU/Linux 12 (bookworm)".into(),
            kernel: "6.1.0-18-amd64".into(),
            libvirt_version: "11.3.0".into(),
            qemu_version: "10.0.0".into(),
            machine_types: vec![],
            bridges: vec!["ovirtmgmt".into()],
            nics: vec![
                HostNicFacts {
                    name: "ovirtmgmt".into(),
                    mac: "52:54:00:00:00:01".into(),
                    mtu: 1500,
                    up: true,
                    speed_mbps: 0,
                    bridge: None,
                    addresses: vec![],
                    is_bridge: true,
                },
                HostNicFacts {
                    name: "eth0".into(),
                    mac: "52:54:00:00:00:01".into(),
                    mtu: 1500,
                    up: true,
                    speed_mbps: 1000,
                    bridge: Some("ovirtmgmt".into()),
                    addresses: vec!["10.0.0.1/24".into(), "fe80::1/64".into()],
                    is_bridge: false,
                },
            ],
        }),
        created: Timestamp(1),
    }
}

pub fn contents(vm: Vm) -> Contents {
    let disk = Disk {
        id: DISK,
        generation: Generation(1),
        name: "web_Disk1".into(),
        description: String::new(),
        storage_domain: DOMAIN,
        format: DiskFormat::Cow,
        sparse: true,
        provisioned_bytes: 1024 * MIB,
        actual_bytes: MIB,
        volumes: vec![Volume {
            id: VolumeId::known(77),
            format: DiskFormat::Cow,
            sparse: true,
            capacity_bytes: 1024 * MIB,
        }],
        backing: None,
        template: None,
        shareable: false,
        wipe_after_delete: false,
        propagate_errors: false,
        status: DiskStatus::Ok,
        locked_by: None,
        created: Timestamp(1),
    };
    Contents {
        entities: vec![
            DataCenter {
                id: DC,
                generation: Generation(1),
                name: "Default".into(),
                description: String::new(),
                comment: String::new(),
                local: false,
                version: CompatibilityVersion::NEWEST,
                created: Timestamp(1),
            }
            .into(),
            Cluster {
                id: CLUSTER,
                generation: Generation(1),
                name: "Default".into(),
                description: String::new(),
                comment: String::new(),
                data_center: DC,
                version: CompatibilityVersion::NEWEST,
                cpu_type: String::new(),
                memory_overcommit_percent: 100,
                threads_as_cores: false,
                ballooning: true,
                ksm: false,
                mac_pool: MacPoolId::known(11),
                created: Timestamp(1),
                policies: domain::clusters::ClusterPolicies::default(),
            }
            .into(),
            Network {
                id: NETWORK,
                generation: Generation(1),
                name: "ovirtmgmt".into(),
                description: String::new(),
                comment: String::new(),
                data_center: DC,
                vlan: Some(7),
                mtu: 0,
                vm_network: true,
                management: true,
                bridge: "ovirtmgmt".into(),
                clusters: None,
            }
            .into(),
            VnicProfile {
                id: PROFILE,
                generation: Generation(1),
                name: "ovirtmgmt".into(),
                description: String::new(),
                network: NETWORK,
                port_mirroring: false,
                comment: String::new(),
            }
            .into(),
            host_entity().into(),
            StorageDomain {
                id: DOMAIN,
                generation: Generation(1),
                name: "data".into(),
                description: String::new(),
                comment: String::new(),
                backing: StorageBacking::PosixFs {
                    path: "/srv/data".into(),
                    vfs_type: "none".into(),
                    mount_options: "bind".into(),
                },
                data_center: Some(DC),
                status: StorageDomainStatus::Active,
                master: true,
                warning_low_space_percent: 10,
                critical_space_gib: 5,
                created: Timestamp(1),
            }
            .into(),
            disk.into(),
            blank().into(),
            vm.into(),
            User {
                id: USER,
                generation: Generation(1),
                name: "admin".into(),
                domain: "internal".into(),
                password_hash: "secret-hash".into(),
                password_expires: None,
                first_name: String::new(),
                last_name: String::new(),
                email: String::new(),
                created: Timestamp(1),
            }
            .into(),
        ],
        workflows: vec![],
        events: vec![],
        seq: 0,
    }
}

pub fn down() -> Snapshot {
    Projection::new(&contents(vm_entity(None))).snapshot()
}

pub fn up() -> Snapshot {
    let run = Run {
        epoch: 1,
        host: Some(HOST),
        requested: Timestamp(10_000_000),
        started: Some(Timestamp(20_000_000)),
        up: None,
        ending: None,
        migration: None,
        arrived: None,
    };
    let projection = Projection::new(&contents(vm_entity(Some(run))));
    projection.host_observed(
        HOST,
        HostObserved {
            status: HostStatus::Up,
            reason: None,
            since: Timestamp(1),
            storage: vec![DOMAIN],
            stats: Some(HostStats {
                memory_total_bytes: 8192 * MIB,
                memory_available_bytes: 4096 * MIB,
                load_5min: 0.5,
                ..HostStats::default()
            }),
        },
    );
    projection.storage_domain_observed(
        DOMAIN,
        Some(StorageDomainObserved {
            available_bytes: 10 << 30,
            used_bytes: 1 << 30,
            at: Timestamp(1),
        }),
    );
    projection.vm_observed(
        VM,
        Some(VmObserved {
            host: HOST,
            epoch: 1,
            state: RunState::Up,
            pause: None,
            since: Timestamp(30_000_000),
            guest: GuestInfo {
                agent: true,
                hostname: Some("web.example".into()),
                os: Some("Debian GNU/Linux 12".into()),
                kernel: Some("6.1.0".into()),
                timezone: Some(("NST".into(), -12600)),
                devices: vec![GuestDevice {
                    name: "eth0".into(),
                    mac: Some("56:6f:00:00:00:01".into()),
                    addresses: vec!["10.1.1.9".parse().unwrap(), "fe80::2".parse().unwrap()],
                }],
            },
            consoles: vec![ConsoleAddress {
                protocol: GraphicsProtocol::Vnc,
                address: "10.0.0.1".into(),
                port: Some(5900),
                tls_port: None,
            }],
        }),
    );
    let sample = VmStats {
        at: Timestamp(50_000_000),
        cpu_percent: 12.5,
        memory_installed_bytes: 256 * MIB,
        memory_used_bytes: Some(100 * MIB),
        ..VmStats::default()
    };
    let seen = projection.snapshot().host_observed(HOST).unwrap().clone();
    projection.host_sampled(
        HOST,
        HostSample {
            seen: (*seen).clone(),
            vms: [(VM, sample)].into(),
            domains: Vec::new(),
        },
    );
    projection.snapshot()
}

pub fn find_vm(snapshot: &Snapshot) -> Arc<Vm> {
    snapshot.vm(VM).unwrap().clone()
}

pub fn job_row() -> WorkflowRow {
    WorkflowRow {
        id: WorkflowId::known(20),
        revision: 1,
        kind: "vm.start".into(),
        memo_version: 1,
        memo: serde_json::Value::Null,
        state: WorkflowState::Forward,
        cursor: 1,
        steps: vec![StepRow {
            id: StepId::known(21),
            name: "launch".into(),
            title: "Launching".into(),
            phase: StepPhase::Begun,
            attempts: 1,
            started: Some(Timestamp(5)),
            ended: None,
            progress: None,
            fault: None,
        }],
        title: "Launching VM web".into(),
        call: Call {
            actor: Actor::User {
                id: USER,
                name: "admin@internal".into(),
            },
            correlation_id: "c".into(),
            origin: Origin::Rest,
            deadline: None,
            source: base::Source::default(),
        },
        subjects: vec![],
        parent: None,
        cancel_requested: false,
        wake_at: None,
        fault: None,
        started: Timestamp(1),
        ended: None,
    }
}
