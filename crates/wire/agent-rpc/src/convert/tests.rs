//! Everything that goes out comes in as it was; what comes in broken is refused by name; no bytes
//! break the reader.

use super::{Numbered, Wire};
use crate::proto;
use base::{DataCenterId, DiskId, NicId, StorageDomainId, Timestamp, VmId, VolumeId};
use domain::disks::DiskFormat;
use domain::hosts::{HostFacts, HostNicFacts, HostStats, NicCounters};
use domain::networks::MacAddress;
use domain::storage::StorageBacking;
use domain::vms::{
    BootDevice, ConsoleAddress, CpuTopology, DiskInterface, Exit, ExitReason, ExitStatus,
    GraphicsProtocol, GuestDevice, GuestInfo, NicInterface, PauseReason, RunState, VmStats,
};
use ports::hosts::{
    CopySource, DiskSpec, HostEvent, HostHello, ImageProbe, MachineSpec, NicSpec, Smbios,
    StatsFrame, StorageDomainSpec, StorageDomainUsage, VmLaunch, VmPhase, VmReport, VolumeAddress,
    VolumeCopy, VolumeCreate, VolumeInfo,
};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use prost::Message;

fn id<T>(make: fn(u128) -> T) -> impl Strategy<Value = T>
where
    T: std::fmt::Debug,
{
    any::<u128>().prop_map(make)
}

fn text() -> impl Strategy<Value = String> {
    "\\PC{0,12}"
}

fn moment() -> impl Strategy<Value = Timestamp> {
    any::<i64>().prop_map(Timestamp)
}

fn rate() -> impl Strategy<Value = f64> {
    -1e12..1e12f64
}

fn format() -> impl Strategy<Value = DiskFormat> {
    select(vec![DiskFormat::Cow, DiskFormat::Raw])
}

fn graphics() -> impl Strategy<Value = GraphicsProtocol> {
    select(vec![GraphicsProtocol::Vnc, GraphicsProtocol::Spice])
}

prop_compose! {
    fn disk()(
        disk in id(DiskId::known), domain in id(StorageDomainId::known), volume in id(VolumeId::known),
        format in format(),
        interface in select(vec![DiskInterface::Virtio, DiskInterface::VirtioScsi, DiskInterface::Sata]),
        flags in any::<[bool; 5]>(),
    ) -> DiskSpec {
        let [bootable, read_only, shareable, pass_discard, propagate_errors] = flags;
        DiskSpec { disk, domain, volume, format, interface, bootable, read_only, shareable, pass_discard, propagate_errors }
    }
}

prop_compose! {
    fn nic()(
        id in id(NicId::known),
        mac in (1u64..1 << 40).prop_filter_map("unicast", |n| MacAddress::from_number(n << 1)),
        interface in select(vec![NicInterface::Virtio, NicInterface::E1000, NicInterface::E1000e, NicInterface::Rtl8139]),
        bridge in option::of(text()), linked in any::<bool>(), mtu in any::<u32>(),
    ) -> NicSpec {
        NicSpec { id, mac, interface, bridge, linked, mtu }
    }
}

prop_compose! {
    fn topology()(sockets in 1..=u32::MAX, cores in 1..=u32::MAX, threads in 1..=u32::MAX) -> CpuTopology {
        CpuTopology { sockets, cores, threads }
    }
}

prop_compose! {
    fn smbios()(manufacturer in text(), product in text(), version in text(), serial in text()) -> Smbios {
        Smbios { manufacturer, product, version, serial }
    }
}

prop_compose! {
    fn machine()(
        (id, name, topology) in (id(VmId::known), text(), topology()),
        (memory_bytes, memory_guaranteed_bytes) in any::<(u64, u64)>(),
        (cpu_model, cpu_shares) in (option::of(text()), any::<u32>()),
        boot in vec(select(vec![BootDevice::Hd, BootDevice::Cdrom, BootDevice::Network]), 0..4),
        (disks, nics) in (vec(disk(), 0..3), vec(nic(), 0..3)),
        graphics in vec(graphics(), 0..3),
        (rng, balloon, clock_offset_seconds) in any::<(bool, bool, i64)>(),
        (smbios, cluster_version) in (smbios(), text()),
    ) -> MachineSpec {
        MachineSpec {
            id, name, memory_bytes, memory_guaranteed_bytes, topology, cpu_model, cpu_shares, boot,
            disks, nics, graphics, rng, balloon, clock_offset_seconds, smbios, cluster_version,
        }
    }
}

prop_compose! {
    fn launch()(
        machine in machine(),
        (epoch, paused, up_without_agent_seconds) in any::<(u64, bool, u32)>(),
    ) -> VmLaunch {
        VmLaunch { machine, epoch, paused, up_without_agent_seconds }
    }
}

prop_compose! {
    fn exit()(
        status in select(vec![ExitStatus::Normal, ExitStatus::Error, ExitStatus::Unknown]),
        reason in select(vec![
            ExitReason::Unknown, ExitReason::Success, ExitReason::GenericError,
            ExitReason::LostQemuConnection, ExitReason::LibvirtStartFailed, ExitReason::AdminShutdown,
            ExitReason::UserShutdown, ExitReason::LibvirtDomainMissing, ExitReason::DestroyedOnStartup,
            ExitReason::HostShutdown,
        ]),
        message in text(), at in moment(),
    ) -> Exit {
        Exit { status, reason, message, at }
    }
}

fn phase() -> impl Strategy<Value = VmPhase> {
    let state = select(vec![
        RunState::WaitForLaunch,
        RunState::PoweringUp,
        RunState::Up,
        RunState::Paused,
        RunState::PoweringDown,
        RunState::RebootInProgress,
        RunState::NotResponding,
    ]);
    let pause = option::of(select(vec![
        PauseReason::User,
        PauseReason::Eio,
        PauseReason::Enospc,
        PauseReason::Eperm,
        PauseReason::Other,
    ]));
    prop_oneof![
        (state, pause).prop_map(|(state, pause)| VmPhase::Running { state, pause }),
        exit().prop_map(VmPhase::Ended),
        Just(VmPhase::Left),
    ]
}

prop_compose! {
    fn device()(name in text(), mac in option::of(text()), addresses in vec(any::<std::net::IpAddr>(), 0..3)) -> GuestDevice {
        GuestDevice { name, mac, addresses }
    }
}

prop_compose! {
    fn guest()(
        agent in any::<bool>(),
        (hostname, os, kernel) in (option::of(text()), option::of(text()), option::of(text())),
        timezone in option::of((text(), any::<i32>())),
        devices in vec(device(), 0..3),
    ) -> GuestInfo {
        GuestInfo { agent, hostname, os, kernel, timezone, devices }
    }
}

prop_compose! {
    fn console()(
        protocol in graphics(), address in text(),
        port in option::of(1..=u16::MAX), tls_port in option::of(1..=u16::MAX),
    ) -> ConsoleAddress {
        ConsoleAddress { protocol, address, port, tls_port }
    }
}

prop_compose! {
    fn report()(
        vm in id(VmId::known), epoch in any::<u64>(), phase in phase(), guest in guest(),
        consoles in vec(console(), 0..3), since in moment(),
    ) -> VmReport {
        VmReport { vm, epoch, phase, guest, consoles, since }
    }
}

fn event() -> impl Strategy<Value = HostEvent> {
    prop_oneof![
        vec(report(), 0..4).prop_map(HostEvent::Report),
        report().prop_map(HostEvent::Vm),
    ]
}

prop_compose! {
    fn host_nic()(
        (name, mac, bridge) in (text(), text(), option::of(text())),
        (mtu, up, speed_mbps, is_bridge) in any::<(u32, bool, u64, bool)>(),
        addresses in vec(text(), 0..3),
    ) -> HostNicFacts {
        HostNicFacts { name, mac, mtu, up, speed_mbps, bridge, addresses, is_bridge }
    }
}

prop_compose! {
    fn facts()(
        (agent_version, boot_id, hardware_uuid, cpu_model, cpu_model_libvirt) in (text(), text(), text(), text(), text()),
        (architecture, kvm_reason, os, kernel) in (text(), text(), text(), text()),
        (libvirt_version, qemu_version) in (text(), text()),
        (cpu_sockets, cpu_cores, cpu_threads, cpu_mhz, memory_bytes, kvm) in any::<(u32, u32, u32, u32, u64, bool)>(),
        (cpu_flags, machine_types, bridges) in (vec(text(), 0..3), vec(text(), 0..3), vec(text(), 0..3)),
        nics in vec(host_nic(), 0..3),
    ) -> HostFacts {
        HostFacts {
            agent_version, boot_id, hardware_uuid, cpu_model, cpu_model_libvirt, architecture,
            cpu_sockets, cpu_cores, cpu_threads, cpu_mhz, cpu_flags, memory_bytes, kvm, kvm_reason,
            os, kernel, libvirt_version, qemu_version, machine_types, bridges, nics,
        }
    }
}

prop_compose! {
    fn vm_stats()(
        at in moment(), cpu_percent in rate(),
        (cpu_time_ns, memory_installed_bytes, memory_used_bytes, memory_free_bytes, rss_bytes)
            in any::<(u64, u64, Option<u64>, Option<u64>, u64)>(),
    ) -> VmStats {
        VmStats { at, cpu_time_ns, cpu_percent, memory_installed_bytes, memory_used_bytes, memory_free_bytes, rss_bytes }
    }
}

fn counters() -> impl Strategy<Value = NicCounters> {
    any::<(u64, u64, u64, u64)>().prop_map(|(rx_bytes, tx_bytes, rx_errors, tx_errors)| {
        NicCounters {
            rx_bytes,
            tx_bytes,
            rx_errors,
            tx_errors,
        }
    })
}

fn usage() -> impl Strategy<Value = StorageDomainUsage> {
    any::<(u64, u64)>().prop_map(|(total_bytes, available_bytes)| StorageDomainUsage {
        total_bytes,
        available_bytes,
    })
}

prop_compose! {
    fn host_stats()(
        (at, boot_time) in (moment(), moment()),
        (cpu_user_percent, cpu_system_percent, cpu_idle_percent, load_5min) in (rate(), rate(), rate(), rate()),
        (memory_total_bytes, memory_available_bytes, swap_total_bytes, swap_free_bytes) in any::<(u64, u64, u64, u64)>(),
        nics in btree_map(text(), counters(), 0..3),
    ) -> HostStats {
        HostStats {
            at, cpu_user_percent, cpu_system_percent, cpu_idle_percent, load_5min, memory_total_bytes,
            memory_available_bytes, swap_total_bytes, swap_free_bytes, boot_time, nics,
        }
    }
}

prop_compose! {
    fn frame()(
        host in host_stats(),
        vms in btree_map(id(VmId::known), vm_stats(), 0..3),
        domains in btree_map(id(StorageDomainId::known), usage(), 0..3),
    ) -> StatsFrame {
        StatsFrame { host, vms, domains }
    }
}

fn backing() -> impl Strategy<Value = StorageBacking> {
    prop_oneof![
        text().prop_map(|path| StorageBacking::LocalFs { path }),
        (text(), text(), text()).prop_map(|(path, vfs_type, mount_options)| {
            StorageBacking::PosixFs {
                path,
                vfs_type,
                mount_options,
            }
        }),
    ]
}

prop_compose! {
    fn address()(domain in id(StorageDomainId::known), disk in id(DiskId::known), volume in id(VolumeId::known)) -> VolumeAddress {
        VolumeAddress { domain, disk, volume }
    }
}

prop_compose! {
    fn storage_domain()(
        id in id(StorageDomainId::known), backing in backing(), data_center in option::of(id(DataCenterId::known)),
    ) -> StorageDomainSpec {
        StorageDomainSpec { id, backing, data_center }
    }
}

prop_compose! {
    fn create()(
        at in address(), format in format(), (sparse, capacity_bytes) in any::<(bool, u64)>(),
        parent in option::of((id(DiskId::known), id(VolumeId::known))),
        (alias, description, created) in (text(), text(), moment()),
    ) -> VolumeCreate {
        VolumeCreate { at, format, sparse, capacity_bytes, parent, alias, description, created }
    }
}

fn copy() -> impl Strategy<Value = VolumeCopy> {
    let source = prop_oneof![
        address().prop_map(CopySource::Volume),
        (text(), format()).prop_map(|(path, format)| CopySource::File { path, format }),
    ];
    (source, address()).prop_map(|(source, to)| VolumeCopy { source, to })
}

/// Out, through bytes, and in again.
fn there_and_back<T>(value: T) -> T
where
    T: Wire,
    T::Message: Message + Default,
{
    let bytes = value.into_wire().encode_to_vec();
    let message = T::Message::decode(bytes.as_slice()).expect("own bytes are read");
    T::from_wire(message).expect("own message makes sense")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn commands_arrive_as_they_were(
        launch in launch(), domain in storage_domain(), create in create(), copy in copy(), at in address(),
    ) {
        prop_assert_eq!(there_and_back(launch.clone()), launch);
        prop_assert_eq!(there_and_back(domain.clone()), domain);
        prop_assert_eq!(there_and_back(create.clone()), create);
        prop_assert_eq!(there_and_back(copy.clone()), copy);
        prop_assert_eq!(there_and_back(at), at);
    }

    #[test]
    fn what_hosts_say_arrives_as_it_was(
        sequence in any::<u64>(), event in event(), frame in frame(), facts in facts(), agent_epoch in any::<u64>(),
        usage in usage(), sizes in any::<(u64, u64)>(), format in format(),
    ) {
        let numbered = there_and_back(Numbered { sequence, event: event.clone() });
        prop_assert_eq!((numbered.sequence, numbered.event), (sequence, event));
        prop_assert_eq!(there_and_back(frame.clone()), frame);
        let hello = HostHello { facts, agent_epoch };
        prop_assert_eq!(there_and_back(hello.clone()), hello);
        prop_assert_eq!(there_and_back(usage), usage);
        let info = VolumeInfo { capacity_bytes: sizes.0, actual_bytes: sizes.1 };
        prop_assert_eq!(there_and_back(info), info);
        let probe = ImageProbe { format, virtual_bytes: sizes.0, actual_bytes: sizes.1 };
        prop_assert_eq!(there_and_back(probe.clone()), probe);
    }

    #[test]
    fn no_bytes_break_the_reader(bytes in vec(any::<u8>(), 0..200)) {
        fn read<T: Wire>(bytes: &[u8]) where T::Message: Message + Default {
            if let Ok(message) = T::Message::decode(bytes) {
                // Sense or not: an answer, never a panic.
                let _ = T::from_wire(message).map_err(|e| e.to_string());
            }
        }
        read::<VmLaunch>(&bytes);
        read::<Numbered>(&bytes);
        read::<HostHello>(&bytes);
        read::<StatsFrame>(&bytes);
        read::<StorageDomainSpec>(&bytes);
        read::<VolumeCreate>(&bytes);
        read::<VolumeCopy>(&bytes);
    }

    #[test]
    fn a_changed_byte_never_breaks_the_reader(launch in launch(), at in any::<proptest::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = launch.into_wire().encode_to_vec();
        let at = at.index(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
        if let Some(place) = bytes.get_mut(at) {
            *place = byte;
        }
        if let Ok(message) = proto::VmLaunchRequest::decode(bytes.as_slice()) {
            let _ = VmLaunch::from_wire(message);
        }
    }
}

#[test]
fn what_is_wrong_is_named_with_its_path() {
    let good = || {
        let disk = proto::DiskSpec {
            disk: vec![0; 16],
            domain: vec![0; 16],
            volume: vec![0; 16],
            format: proto::DiskFormat::Raw as i32,
            interface: proto::DiskInterface::Virtio as i32,
            ..proto::DiskSpec::default()
        };
        proto::VmLaunchRequest {
            machine: Some(proto::MachineSpec {
                id: vec![0; 16],
                topology: Some(proto::CpuTopology {
                    sockets: 1,
                    cores: 1,
                    threads: 1,
                }),
                disks: vec![disk.clone(), disk],
                smbios: Some(proto::Smbios::default()),
                ..proto::MachineSpec::default()
            }),
            ..proto::VmLaunchRequest::default()
        }
    };
    let refusal = |spoil: &dyn Fn(&mut proto::VmLaunchRequest)| {
        let mut message = good();
        spoil(&mut message);
        VmLaunch::from_wire(message).unwrap_err().to_string()
    };
    assert!(VmLaunch::from_wire(good()).is_ok());
    assert_eq!(
        refusal(&|m| m.machine = None),
        "field `machine`: is missing"
    );
    let machine = |m: &mut proto::VmLaunchRequest, spoil: &dyn Fn(&mut proto::MachineSpec)| {
        if let Some(machine) = &mut m.machine {
            spoil(machine);
        }
    };
    let e = refusal(&|m| machine(m, &|x| x.disks[1].format = 77));
    assert!(
        e.starts_with("field `machine.disks[1].format`: unknown value 77"),
        "{e}"
    );
    let e = refusal(&|m| machine(m, &|x| x.id = vec![1, 2, 3]));
    assert!(
        e.contains("`machine.id`") && e.contains("expected 16"),
        "{e}"
    );
    let e = refusal(&|m| machine(m, &|x| x.boot = vec![0]));
    assert!(
        e.contains("machine.boot[0]"),
        "UNSPECIFIED is no boot device: {e}"
    );
    let e = refusal(&|m| machine(m, &|x| x.topology = Some(proto::CpuTopology::default())));
    assert!(e.contains("machine.topology.sockets"), "{e}");
}

#[test]
fn numbers_that_make_no_sense_are_refused() {
    let stats = proto::HostStats {
        load_5min: f64::NAN,
        ..proto::HostStats::default()
    };
    let frame = proto::StatsFrame {
        host: Some(stats),
        ..proto::StatsFrame::default()
    };
    let e = StatsFrame::from_wire(frame).unwrap_err().to_string();
    assert!(e.contains("host.load_5min"), "{e}");
    let console = proto::ConsoleAddress {
        protocol: proto::GraphicsProtocol::Vnc as i32,
        port: Some(70_000),
        ..proto::ConsoleAddress::default()
    };
    assert!(ConsoleAddress::from_wire(console).is_err());
}
