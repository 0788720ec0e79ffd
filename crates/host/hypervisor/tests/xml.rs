//! The XML of machines against golden files (`UPDATE_GOLDEN=1` rewrites them), and back.

use base::{DiskId, NicId, StorageDomainId, Timestamp, VmId, VolumeId};
use domain::disks::DiskFormat;
use domain::vms::{BootDevice, CpuTopology, DiskInterface, GraphicsProtocol, NicInterface};
use hypervisor::xml::{BuildContext, XmlError, domain_name, domain_read, domain_xml};
use hypervisor::{Accel, DiskSource, MachineLaunch};
use ports::hosts::{DiskSpec, MachineSpec, NicSpec, Smbios};
use proptest::prelude::*;
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

fn disk(n: u128, interface: DiskInterface, format: DiskFormat) -> DiskSpec {
    DiskSpec {
        disk: DiskId::known(0xd000 + n),
        domain: StorageDomainId::known(0x5d),
        volume: VolumeId::known(0xe000 + n),
        format,
        interface,
        bootable: n == 0,
        read_only: false,
        shareable: false,
        pass_discard: false,
        propagate_errors: false,
    }
}

fn nic(n: u128, interface: NicInterface) -> NicSpec {
    NicSpec {
        id: NicId::known(0xa000 + n),
        mac: format!("56:6f:00:00:00:{n:02x}").parse().unwrap(),
        interface,
        bridge: Some("ovirtmgmt".into()),
        linked: true,
        mtu: 0,
    }
}

fn launch(name: &str) -> MachineLaunch {
    MachineLaunch {
        machine: MachineSpec {
            id: VmId::known(0x1),
            name: name.into(),
            memory_bytes: 512 << 20,
            memory_guaranteed_bytes: 256 << 20,
            topology: CpuTopology {
                sockets: 1,
                cores: 1,
                threads: 1,
            },
            cpu_model: None,
            cpu_shares: 0,
            boot: vec![BootDevice::Hd],
            disks: vec![],
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
        disks: HashMap::new(),
        serial_log: Some("/var/log/vireo/serial.log".into()),
        console_listen: "127.0.0.1".into(),
    }
}

fn with_disks(mut launch: MachineLaunch, disks: Vec<DiskSpec>) -> MachineLaunch {
    for disk in &disks {
        let path = format!("/rhev/data-center/mnt/x/{}", disk.volume);
        let at = MachineLaunch::address_of(disk);
        launch.disks.insert(at, DiskSource::file(path));
    }
    launch.machine.disks = disks;
    launch
}

fn context(accel: Accel) -> BuildContext {
    BuildContext {
        accel,
        architecture: "x86_64".into(),
        started: Timestamp(1_763_787_600_123_456),
        buffered: BTreeSet::new(),
    }
}

fn golden(file: &str, launch: &MachineLaunch, context: &BuildContext) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("golden")
        .join(file);
    let made = domain_xml(launch, context).unwrap();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        made, expected,
        "{file} differs; UPDATE_GOLDEN=1 rewrites it"
    );
}

#[test]
fn a_small_server() {
    let mut launch = with_disks(
        launch("web"),
        vec![disk(0, DiskInterface::Virtio, DiskFormat::Cow)],
    );
    launch.machine.nics = vec![nic(0, NicInterface::Virtio)];
    golden("small-server-tcg.xml", &launch, &context(Accel::Tcg));
    golden("small-server-kvm.xml", &launch, &context(Accel::Kvm));
}

#[test]
fn a_machine_with_everything() {
    let mut disks = vec![
        disk(0, DiskInterface::VirtioScsi, DiskFormat::Cow),
        disk(1, DiskInterface::Virtio, DiskFormat::Raw),
        disk(2, DiskInterface::Sata, DiskFormat::Cow),
        disk(3, DiskInterface::Virtio, DiskFormat::Raw),
    ];
    disks[0].pass_discard = true;
    disks[1].shareable = true;
    disks[2].propagate_errors = true;
    disks[3].read_only = true;
    let mut launch = with_disks(launch("Größe/テスト & <Söhne>"), disks);
    let block = MachineLaunch::address_of(&launch.machine.disks[1]);
    launch.disks.get_mut(&block).unwrap().block = true;
    let machine = &mut launch.machine;
    machine.nics = vec![
        nic(0, NicInterface::Virtio),
        nic(1, NicInterface::E1000),
        nic(2, NicInterface::E1000e),
        nic(3, NicInterface::Rtl8139),
    ];
    machine.nics[0].mtu = 9000;
    machine.nics[1].linked = false;
    machine.nics[2].bridge = None;
    machine.boot = vec![BootDevice::Network, BootDevice::Cdrom, BootDevice::Hd];
    machine.graphics = vec![GraphicsProtocol::Spice, GraphicsProtocol::Vnc];
    machine.topology = CpuTopology {
        sockets: 2,
        cores: 4,
        threads: 2,
    };
    machine.cpu_model = Some("Skylake-Client".into());
    machine.cpu_shares = 2048;
    machine.clock_offset_seconds = -3600;
    machine.smbios = Smbios {
        manufacturer: "oVirt".into(),
        product: "Vireo".into(),
        version: "0.1".into(),
        serial: "00000000-0000-0000-0000-0000000000ff".into(),
    };
    launch.epoch = u64::MAX;
    launch.paused = true;
    let mut context = context(Accel::Kvm);
    context.buffered.insert(DiskId::known(0xd003));
    golden("everything.xml", &launch, &context);
}

#[test]
fn a_machine_without_anything() {
    let mut launch = launch("bare");
    launch.machine.graphics.clear();
    launch.machine.rng = false;
    launch.machine.balloon = false;
    launch.serial_log = None;
    golden("bare.xml", &launch, &context(Accel::Tcg));
}

#[test]
fn what_cannot_be_described_is_refused_in_whole_sentences() {
    type Flaw = fn(&mut MachineLaunch);
    let flaws: [(Flaw, &str); 9] = [
        (|l| l.machine.topology.cores = 0, "socket, core and thread"),
        (|l| l.machine.memory_bytes = 1023, "memory"),
        (|l| l.disks.clear(), "No path is known"),
        (|l| l.machine.disks[0].shareable = true, "raw disk"),
        (
            |l| {
                l.machine.disks[0].interface = DiskInterface::Sata;
                l.machine.disks[0].read_only = true;
            },
            "read-only",
        ),
        (|l| l.serial_log = Some("x.log".into()), "not absolute"),
        (|l| l.serial_log = Some("/a\u{1}b".into()), "\\u{1}"),
        (|l| l.console_listen = "host.example".into(), "IP address"),
        (|l| l.machine.cpu_model = Some("a\nb".into()), "CPU model"),
    ];
    for (flaw, expected) in flaws {
        let disks = vec![disk(0, DiskInterface::Virtio, DiskFormat::Cow)];
        let mut launch = with_disks(launch("web"), disks);
        flaw(&mut launch);
        match domain_xml(&launch, &context(Accel::Tcg)) {
            Err(XmlError::Unfit(message)) => {
                assert!(message.contains(expected), "{message}");
                assert!(
                    message.ends_with('.') || message.ends_with('}'),
                    "{message}"
                );
            }
            other => panic!("{expected}: {other:?}"),
        }
    }
}

#[test]
fn domains_of_others_and_broken_texts_are_told_apart() {
    let other = "<domain type='qemu' id='1'><name>x</name>
        <uuid>123e4567-e89b-12d3-a456-426614174000</uuid><devices/></domain>";
    assert_eq!(domain_read(other), Ok(None));
    assert!(domain_read("<network/>").is_err());
    assert!(domain_read("<domain><uuid>x</uuid></domain>").is_err());
    assert!(domain_read("not XML").is_err());
}

#[test]
fn what_libvirt_adds_to_a_running_domain_is_read() {
    let mut launch = with_disks(
        launch("web"),
        vec![disk(0, DiskInterface::Virtio, DiskFormat::Cow)],
    );
    launch.machine.nics = vec![nic(0, NicInterface::Virtio)];
    let live = domain_xml(&launch, &context(Accel::Tcg))
        .unwrap()
        .replace("port='-1'", "port='5901'")
        .replace(
            "name='org.qemu.guest_agent.0'",
            "name='org.qemu.guest_agent.0' state='connected'",
        )
        .replace(
            "<model type='virtio'/>",
            "<target dev='vnet0'/><model type='virtio'/>",
        );
    let seen = domain_read(&live).unwrap().unwrap();
    assert!(seen.agent_connected);
    assert_eq!(seen.consoles[0].port, Some(5901));
    assert_eq!(seen.consoles[0].address, "127.0.0.1");
    assert_eq!(seen.nics[0].tap.as_deref(), Some("vnet0"));
    assert_eq!(seen.nics[0].bridge.as_deref(), Some("ovirtmgmt"));
}

proptest! {
    #[test]
    fn any_machine_is_found_again(
        name in any::<String>(),
        epoch in any::<u64>(),
        id in any::<u128>(),
        at in any::<i64>(),
        buses in proptest::collection::vec(0..3usize, 0..40),
        nics in 0..20u128,
        file in "/\\PC{0,40}",
    ) {
        let bus = [DiskInterface::Virtio, DiskInterface::VirtioScsi, DiskInterface::Sata];
        let disks = buses.iter().zip(0..).map(|(b, n)| disk(n, bus[*b], DiskFormat::Cow)).collect();
        let mut launch = with_disks(launch(&name), disks);
        launch.machine.id = VmId::known(id);
        launch.machine.nics = (0..nics).map(|n| nic(n, NicInterface::Virtio)).collect();
        launch.epoch = epoch;
        launch.serial_log = Some(PathBuf::from(&file));
        let mut context = context(Accel::Tcg);
        context.started = Timestamp(at);
        let xml = domain_xml(&launch, &context);
        prop_assume!(xml.is_ok() || !file.contains(['\u{2028}', '\u{2029}', '\u{fffe}', '\u{ffff}']));
        let Ok(xml) = xml else { return Ok(()) };
        let seen = domain_read(&xml).unwrap().unwrap();
        prop_assert_eq!(seen.vm, launch.machine.id);
        prop_assert_eq!(seen.epoch, epoch);
        prop_assert_eq!(&seen.name, &name);
        prop_assert_eq!(seen.started, Timestamp(at));
        prop_assert_eq!(seen.serial_log.as_deref(), launch.serial_log.as_deref());
        let found: Vec<_> = seen.disks.iter().map(|d| (d.disk, d.volume)).collect();
        let given: Vec<_> = launch.machine.disks.iter().map(|d| (d.disk, d.volume)).collect();
        prop_assert_eq!(found, given);
        prop_assert_eq!(seen.nics.len() as u128, nics);
        let written = xml.contains("<name>");
        prop_assert!(written && !domain_name(&name, launch.machine.id).is_empty());
    }
}
