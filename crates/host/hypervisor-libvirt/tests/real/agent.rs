//! A Linux guest with a guest agent, from the bootable qcow2 image that `VIREO_TEST_GUEST` names
//! (`vireo-lab guest` makes one and prints its path).

use crate::bench::{config, connect};
use crate::guest;
use crate::lab::Lab;
use domain::disks::DiskFormat;
use domain::vms::{ExitReason, ExitStatus};
use hypervisor::conformance::Watch;
use hypervisor::{DiskSource, Hypervisor, HypervisorError, MachineChange, ShutdownBy};
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_with_an_agent_answers_and_is_ended_by_it() {
    let test = "a_guest_with_an_agent_answers_and_is_ended_by_it";
    if crate::skipped(test) {
        return;
    }
    let Some(image) = std::env::var_os("VIREO_TEST_GUEST") else {
        testkit::skip(test, "VIREO_TEST_GUEST names no image");
        return;
    };
    let lab = Lab::start();
    let adapter = connect(&lab, config(&lab)).await;
    let mut launch = guest::launch(lab.dir.path(), "linux");
    let copy = lab.dir.join("linux.qcow2");
    std::fs::copy(image, &copy).unwrap();
    launch.disks.clear();
    launch.machine.disks[0].format = DiskFormat::Cow;
    let at = hypervisor::MachineLaunch::address_of(&launch.machine.disks[0]);
    launch.disks.insert(at, DiskSource::file(copy));
    launch.machine.memory_bytes = 256 << 20;
    let vm = launch.machine.id;
    let log = launch.serial_log.clone().unwrap();

    let mut watch = Watch::on(&*adapter);
    let begin = Instant::now();
    adapter.launch(launch).await.unwrap();
    watch
        .machine(vm, "AgentConnected", |c| {
            (*c == MachineChange::AgentConnected).then_some(())
        })
        .await;
    println!("agent connected after {:?}", begin.elapsed());
    assert!(adapter.machine(vm).await.unwrap().agent_connected);
    let patience = Duration::from_secs(10);
    let ask = |command: &'static str| adapter.guest_agent(vm, command, patience);
    let pong = ask(r#"{"execute":"guest-ping"}"#).await;
    assert_eq!(pong.as_deref(), Ok(r#"{"return":{}}"#));
    for command in [
        r#"{"execute":"guest-info"}"#,
        r#"{"execute":"guest-get-host-name"}"#,
        r#"{"execute":"guest-get-osinfo"}"#,
        r#"{"execute":"guest-network-get-interfaces"}"#,
        r#"{"execute":"guest-get-timezone"}"#,
    ] {
        println!("{command}: {:?}", ask(command).await);
    }
    let unknown = ask(r#"{"execute":"guest-no-such-thing"}"#).await;
    assert!(
        matches!(unknown, Err(HypervisorError::GuestAgent { .. })),
        "{unknown:?}"
    );
    println!("{:?}", adapter.stats().await.unwrap()[&vm]);
    let cpu = std::fs::read_to_string(&log).unwrap_or_default();
    println!("{cpu}");

    let begin = Instant::now();
    let by = adapter.shutdown(vm, 1).await;
    assert_eq!(by, Ok(ShutdownBy::GuestAgent));
    let exit = watch
        .machine(vm, "Ended", |c| match c {
            MachineChange::Ended(exit) => Some(exit.clone()),
            _ => None,
        })
        .await;
    println!("ended after {:?}: {exit:?}", begin.elapsed());
    assert_eq!(exit.status, ExitStatus::Normal);
    assert_eq!(exit.reason, ExitReason::AdminShutdown);
}
