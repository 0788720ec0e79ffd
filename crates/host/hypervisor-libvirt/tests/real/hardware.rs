//! Hardware of every kind, machines of others, and a daemon that falls silent.

use crate::bench::{booted, config, connect};
use crate::guest;
use crate::lab::Lab;
use base::{DiskId, NicId, VmId, VolumeId};
use domain::disks::DiskFormat;
use domain::vms::{DiskInterface, GraphicsProtocol, NicInterface, PauseReason};
use hypervisor::conformance::Watch;
use hypervisor::{
    DiskSource, Hypervisor, HypervisorError, HypervisorEvent, MachineChange, MachineLaunch,
    MachineState,
};
use hypervisor_libvirt::LibvirtConfig;
use ports::hosts::NicSpec;
use std::process::Command;
use std::time::Duration;

fn nic(n: u8, interface: NicInterface, bridge: Option<&str>) -> NicSpec {
    NicSpec {
        id: NicId(base::Random::uuid(&base::OsRandom)),
        mac: format!("56:6f:00:00:00:{n:02x}").parse().unwrap(),
        interface,
        bridge: bridge.map(str::to_owned),
        linked: true,
        mtu: 0,
    }
}

/// One more disk of the machine, empty.
fn disk_add(
    launch: &mut MachineLaunch,
    lab: &Lab,
    interface: DiskInterface,
    format: DiskFormat,
) -> DiskId {
    let mut spec = launch.machine.disks[0].clone();
    spec.disk = DiskId::random(&base::OsRandom);
    spec.volume = VolumeId::random(&base::OsRandom);
    (spec.interface, spec.format, spec.bootable) = (interface, format, false);
    let path = lab.dir.join(spec.volume.to_string());
    let name = match format {
        DiskFormat::Raw => "raw",
        DiskFormat::Cow => "qcow2",
    };
    let made = Command::new("qemu-img")
        .args(["create", "-q", "-f", name])
        .arg(&path)
        .arg("64M")
        .status();
    assert!(made.unwrap().success());
    let at = MachineLaunch::address_of(&spec);
    launch.disks.insert(at, DiskSource::file(path));
    let id = spec.disk;
    launch.machine.disks.push(spec);
    id
}

fn everything(lab: &Lab) -> MachineLaunch {
    let mut launch = guest::launch(lab.dir.path(), "everything & <more>");
    for (interface, format) in [
        (DiskInterface::VirtioScsi, DiskFormat::Cow),
        (DiskInterface::Sata, DiskFormat::Cow),
        (DiskInterface::Virtio, DiskFormat::Raw),
    ] {
        disk_add(&mut launch, lab, interface, format);
    }
    let machine = &mut launch.machine;
    machine.memory_bytes = 64 << 20;
    machine.disks[1].pass_discard = true;
    machine.disks[2].propagate_errors = true;
    machine.disks[3].shareable = true;
    machine.disks[3].read_only = true;
    machine.nics = vec![
        nic(1, NicInterface::Virtio, Some("ovirtmgmt")),
        nic(2, NicInterface::E1000, Some("ovirtmgmt")),
        nic(3, NicInterface::E1000e, None),
        nic(4, NicInterface::Rtl8139, Some("ovirtmgmt")),
    ];
    machine.nics[0].mtu = 1400;
    machine.nics[1].linked = false;
    machine.graphics = vec![GraphicsProtocol::Vnc];
    machine.topology.sockets = 2;
    machine.cpu_model = Some("Skylake-Client".into());
    machine.clock_offset_seconds = 3600;
    machine.cpu_shares = 2048;
    launch
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_hardware_starts() {
    if crate::skipped("every_kind_of_hardware_starts") {
        return;
    }
    let lab = Lab::start();
    let adapter = connect(&lab, config(&lab)).await;
    let launch = everything(&lab);
    let vm = launch.machine.id;
    let machine = adapter.launch(launch.clone()).await;
    let machine = machine.unwrap_or_else(|e| panic!("{e}\n{}", lab.logs()));
    booted(&launch).await;

    // In libvirt's order: by bus.
    let targets: Vec<_> = machine.disks.iter().map(|d| d.target.as_str()).collect();
    assert_eq!(targets, ["vda", "vdb", "sda", "sdb"]);
    let given = &launch.machine.disks;
    let expected = [&given[0], &given[3], &given[1], &given[2]];
    for (seen, given) in machine.disks.iter().zip(expected) {
        assert_eq!((seen.disk, seen.volume), (given.disk, given.volume));
    }
    for (seen, given) in machine.nics.iter().zip(&launch.machine.nics) {
        assert_eq!((seen.nic, seen.mac), (given.id, given.mac));
        assert_eq!(seen.bridge, given.bridge);
        assert!(seen.tap.is_some(), "{seen:?}");
    }
    let xml = lab.virsh(&["dumpxml", &vm.to_string()]);
    let free = xml.matches("model='pcie-root-port'").count();
    assert!(free >= 12, "{free} PCIe ports");
    let smbios = format!("<entry name='serial'>{vm}</entry>");
    assert!(xml.contains(&smbios), "{xml}");
    assert_eq!(adapter.stats().await.unwrap()[&vm].nics.len(), 4);
    adapter.destroy(vm, 1).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn machines_of_others_are_left_alone() {
    if crate::skipped("machines_of_others_are_left_alone") {
        return;
    }
    let lab = Lab::start();
    let adapter = connect(&lab, config(&lab)).await;
    let launch = guest::launch(lab.dir.path(), "ours");
    let vm = launch.machine.id;
    let foreign = format!(
        "<domain type='qemu'><name>theirs</name><uuid>{vm}</uuid><memory unit='MiB'>16</memory>
         <os><type arch='x86_64' machine='q35'>hvm</type></os></domain>"
    );
    let file = lab.dir.join("foreign.xml");
    std::fs::write(&file, foreign).unwrap();
    lab.virsh(&["create", file.to_str().unwrap()]);

    assert_eq!(adapter.list().await, Ok(vec![]));
    assert_eq!(adapter.destroy(vm, 1).await, Ok(()));
    let busy = adapter.launch(launch).await;
    assert!(
        matches!(busy, Err(HypervisorError::Busy { .. })),
        "{busy:?}"
    );
    assert!(adapter.stats().await.unwrap().is_empty());
    assert!(lab.virsh(&["list", "--name"]).contains("theirs"));
    lab.virsh(&["destroy", &vm.to_string()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_others_do_to_our_machine_is_told() {
    if crate::skipped("what_others_do_to_our_machine_is_told") {
        return;
    }
    let lab = Lab::start();
    let adapter = connect(&lab, config(&lab)).await;
    let mut watch = Watch::on(&*adapter);
    let launch = guest::launch(lab.dir.path(), "touched");
    let vm = launch.machine.id;
    adapter.launch(launch).await.unwrap();
    lab.virsh(&["suspend", &vm.to_string()]);
    let paused = MachineChange::Paused(PauseReason::User);
    watch
        .machine(vm, "Paused", |c| (*c == paused).then_some(()))
        .await;
    lab.virsh(&["resume", &vm.to_string()]);
    lab.virsh(&["reset", &vm.to_string()]);
    watch
        .machine(vm, "Rebooted", |c| {
            (*c == MachineChange::Rebooted).then_some(())
        })
        .await;
    lab.virsh(&["destroy", &vm.to_string()]);
    let exit = watch
        .machine(vm, "Ended", |c| match c {
            MachineChange::Ended(exit) => Some(exit.clone()),
            _ => None,
        })
        .await;
    assert!(exit.message.contains("not through the engine"), "{exit:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_file_system_pauses_the_machine_with_its_reason() {
    if crate::skipped("a_full_file_system_pauses_the_machine_with_its_reason") {
        return;
    }
    let lab = Lab::start();
    let adapter = connect(&lab, config(&lab)).await;
    let mut launch = guest::launch(lab.dir.path(), "full");
    let (vm, disk) = (launch.machine.id, launch.machine.disks[0].disk);
    let sector = lab.dir.join("sector");
    std::fs::write(&sector, guest::writing()).unwrap();
    let small = lab.dir.join("small");
    std::fs::create_dir(&small).unwrap();
    lab.shell(&format!(
        "cd {}; mount -t tmpfs -o size=1m tmpfs small; cp sector small/; truncate -s 16M small/sector",
        lab.dir.path().display()
    ));
    for source in launch.disks.values_mut() {
        *source = DiskSource::file(small.join("sector"));
    }
    let mut watch = Watch::on(&*adapter);
    adapter.launch(launch).await.unwrap();
    let failed = MachineChange::IoError {
        disk: Some(disk),
        reason: PauseReason::Enospc,
        stops: true,
    };
    watch
        .machine(vm, "IoError", |c| (*c == failed).then_some(()))
        .await;
    let paused = MachineChange::Paused(PauseReason::Enospc);
    watch
        .machine(vm, "Paused", |c| (*c == paused).then_some(()))
        .await;
    // An adapter that heard nothing finds the same.
    let late = connect(&lab, config(&lab)).await;
    let state = late.machine(vm).await.map(|m| m.state);
    assert_eq!(state, Ok(MachineState::Paused(PauseReason::Enospc)));
    late.destroy(vm, 1).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_daemon_is_given_up_and_found_again() {
    if crate::skipped("a_silent_daemon_is_given_up_and_found_again") {
        return;
    }
    let mut lab = Lab::start();
    let impatient = LibvirtConfig {
        call_deadline: Duration::from_secs(1),
        keepalive_seconds: 60,
        ..config(&lab)
    };
    let adapter = connect(&lab, impatient).await;
    let launch = guest::launch(lab.dir.path(), "waiting");
    let vm = launch.machine.id;
    adapter.launch(launch).await.unwrap();
    let mut watch = Watch::on(&*adapter);
    assert_eq!(watch.next("Back").await, HypervisorEvent::Back);

    lab.daemon("stop");
    // Until the signal has reached it, it still answers.
    let lost = loop {
        if let Err(error) = adapter.list().await {
            break error;
        }
    };
    assert!(matches!(lost, HypervisorError::Lost { .. }), "{lost}");
    assert!(adapter.abandoned_calls() >= 1);
    watch
        .until("Lost", |e| {
            matches!(e, HypervisorEvent::Lost { .. }).then_some(())
        })
        .await;
    assert!(!adapter.is_connected());
    lab.daemon("continue");
    watch
        .until("Back", |e| (*e == HypervisorEvent::Back).then_some(()))
        .await;
    let state = adapter.machine(vm).await.map(|m| m.state);
    assert_eq!(state, Ok(MachineState::Running));
    adapter.destroy(vm, 1).await.unwrap();
    assert_eq!(adapter.machine(vm).await.err(), missing(vm));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_given_up_are_closed() {
    if crate::skipped("connections_that_are_given_up_are_closed") {
        return;
    }
    let lab = Lab::start();
    let adapter = connect(&lab, config(&lab)).await;
    // The daemon's ends of its connections, which the kernel counts to our network namespace.
    let socket = lab.dir.join("sock/libvirt-sock").display().to_string();
    let connections = || {
        let table = std::fs::read_to_string("/proc/net/unix").unwrap();
        table.lines().filter(|line| line.ends_with(&socket)).count()
    };
    assert_eq!(connections(), 2);
    for _ in 0..5 {
        drop(connect(&lab, config(&lab)).await);
    }
    // Closing is done by threads that tell nobody.
    let closed = async {
        while connections() > 2 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(20), closed).await;
    assert!(waited.is_ok(), "{} connections stay open", connections());
    assert_eq!(adapter.list().await, Ok(vec![]));
}

fn missing(vm: VmId) -> Option<HypervisorError> {
    Some(HypervisorError::NoMachine { vm })
}
