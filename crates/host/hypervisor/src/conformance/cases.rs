//! The cases.

use super::{Bench, Watch};
use crate::{
    DiskSource, HypervisorError, HypervisorEvent, Machine, MachineChange, MachineLaunch,
    MachineState, ShutdownBy,
};
use base::VmId;
use domain::vms::{Exit, ExitReason, ExitStatus, PauseReason};
use futures::future::BoxFuture;
use std::time::Duration;

/// A case and its name.
pub type Case = (&'static str, Run);
/// How a case is run.
pub type Run = fn(&dyn Bench) -> BoxFuture<'_, ()>;

cases![
    the_host_describes_itself,
    a_listener_first_hears_whether_the_connection_stands,
    a_launched_machine_is_seen_and_twice_is_once,
    a_machine_launched_paused_stands_still_until_it_is_resumed,
    pausing_and_resuming_twice_is_once,
    a_destroyed_machine_ends_normally_and_twice_is_once,
    a_deaf_guest_is_asked_by_the_power_button_and_runs_on,
    commands_of_older_and_ended_runs_are_refused,
    a_killed_qemu_is_an_error_that_is_told,
    machines_survive_a_restart_of_the_daemon,
    a_new_adapter_finds_the_machines,
    names_of_any_script_come_back_unchanged,
    a_machine_that_cannot_start_leaves_nothing_behind,
    a_silent_guest_agent_is_told_apart_from_a_missing_machine,
    statistics_grow,
];

pub(super) async fn launched(bench: &dyn Bench, name: &str) -> (MachineLaunch, Machine) {
    let launch = bench.deaf_guest(name);
    match bench.hypervisor().launch(launch.clone()).await {
        Ok(machine) => (launch, machine),
        Err(e) => panic!("`{name}` was not launched: {e}"),
    }
}

pub(super) async fn destroyed(bench: &dyn Bench, launch: &MachineLaunch) {
    let hypervisor = bench.hypervisor();
    let answer = hypervisor.destroy(launch.machine.id, launch.epoch).await;
    assert_eq!(answer, Ok(()), "destroying `{}`", launch.machine.name);
}

fn ended(change: &MachineChange) -> Option<Exit> {
    match change {
        MachineChange::Ended(exit) => Some(exit.clone()),
        _ => None,
    }
}

pub(super) fn is(wanted: MachineChange) -> impl Fn(&MachineChange) -> Option<()> {
    move |change| (*change == wanted).then_some(())
}

async fn the_host_describes_itself(bench: &dyn Bench) {
    let facts = bench.hypervisor().facts().await.expect("facts");
    assert!(facts.libvirt_version.contains('.'), "{facts:?}");
    assert!(facts.qemu_version.contains('.'), "{facts:?}");
    assert!(!facts.architecture.is_empty(), "{facts:?}");
    assert!(!facts.kvm_reason.is_empty(), "{facts:?}");
    assert!(
        facts.machine_types.iter().any(|m| m.contains("q35")),
        "{facts:?}"
    );
}

async fn a_listener_first_hears_whether_the_connection_stands(bench: &dyn Bench) {
    let hypervisor = bench.hypervisor();
    let first = Watch::on(&*hypervisor).next("the connection's state").await;
    assert_eq!(first, HypervisorEvent::Back);
    assert!(hypervisor.is_connected());
}

async fn a_launched_machine_is_seen_and_twice_is_once(bench: &dyn Bench) {
    let hypervisor = bench.hypervisor();
    let mut watch = Watch::on(&*hypervisor);
    let (launch, machine) = launched(bench, "seen").await;
    let vm = launch.machine.id;
    watch
        .machine(vm, "Started", is(MachineChange::Started))
        .await;
    bench.booted(&launch).await;

    assert_eq!((machine.vm, machine.epoch), (vm, 1));
    assert_eq!(machine.name, "seen");
    assert_eq!(machine.state, MachineState::Running);
    assert_eq!(machine.serial_log, launch.serial_log);
    assert_eq!(machine.disks.len(), 1, "{machine:?}");
    assert_eq!(machine.disks[0].disk, launch.machine.disks[0].disk);
    assert_eq!(machine.disks[0].target, "vda");
    assert_eq!(machine.consoles.len(), 1, "{machine:?}");
    assert!(machine.consoles[0].port.is_some(), "{machine:?}");
    assert!(!machine.agent_connected);

    let again = hypervisor.launch(launch.clone()).await;
    assert_eq!(again.as_ref().map(|m| m.started), Ok(machine.started));
    let list = hypervisor.list().await.expect("list");
    assert_eq!(list.len(), 1, "{list:?}");
    assert_eq!(hypervisor.machine(vm).await.as_ref(), Ok(&list[0]));
    destroyed(bench, &launch).await;
}

async fn a_machine_launched_paused_stands_still_until_it_is_resumed(bench: &dyn Bench) {
    let hypervisor = bench.hypervisor();
    let mut watch = Watch::on(&*hypervisor);
    let mut launch = bench.deaf_guest("standing");
    launch.paused = true;
    let vm = launch.machine.id;
    let machine = hypervisor.launch(launch.clone()).await.expect("launch");
    assert_eq!(machine.state, MachineState::Paused(PauseReason::User));
    assert_eq!(hypervisor.resume(vm, 1).await, Ok(()));
    watch
        .machine(vm, "Resumed", is(MachineChange::Resumed))
        .await;
    let state = hypervisor.machine(vm).await.map(|m| m.state);
    assert_eq!(state, Ok(MachineState::Running));
    bench.booted(&launch).await;
    destroyed(bench, &launch).await;
}

async fn pausing_and_resuming_twice_is_once(bench: &dyn Bench) {
    let hypervisor = bench.hypervisor();
    let (launch, _) = launched(bench, "paused").await;
    let vm = launch.machine.id;
    let mut watch = Watch::on(&*hypervisor);
    for _ in 0..2 {
        assert_eq!(hypervisor.pause(vm, 1).await, Ok(()));
    }
    let paused = MachineChange::Paused(PauseReason::User);
    watch.machine(vm, "Paused", is(paused)).await;
    let state = hypervisor.machine(vm).await.map(|m| m.state);
    assert_eq!(state, Ok(MachineState::Paused(PauseReason::User)));
    for _ in 0..2 {
        assert_eq!(hypervisor.resume(vm, 1).await, Ok(()));
    }
    watch
        .machine(vm, "Resumed", is(MachineChange::Resumed))
        .await;
    let nobody = VmId::known(0xdead);
    let missing = Err(HypervisorError::NoMachine { vm: nobody });
    assert_eq!(hypervisor.pause(nobody, 1).await, missing);
    assert_eq!(hypervisor.resume(nobody, 1).await, missing);
    assert_eq!(
        hypervisor.pause(vm, 2).await,
        Err(HypervisorError::NoMachine { vm })
    );
    destroyed(bench, &launch).await;
}

async fn a_destroyed_machine_ends_normally_and_twice_is_once(bench: &dyn Bench) {
    let hypervisor = bench.hypervisor();
    let mut watch = Watch::on(&*hypervisor);
    let (launch, _) = launched(bench, "destroyed").await;
    let vm = launch.machine.id;
    // Another run is not there: nothing happens.
    assert_eq!(hypervisor.destroy(vm, 2).await, Ok(()));
    assert!(hypervisor.machine(vm).await.is_ok());
    destroyed(bench, &launch).await;
    let exit = watch.machine(vm, "Ended", ended).await;
    assert_eq!(exit.status, ExitStatus::Normal, "{exit:?}");
    assert_eq!(exit.reason, ExitReason::AdminShutdown, "{exit:?}");
    destroyed(bench, &launch).await;
    let missing = Err(HypervisorError::NoMachine { vm });
    assert_eq!(hypervisor.machine(vm).await, missing);
}

async fn a_deaf_guest_is_asked_by_the_power_button_and_runs_on(bench: &dyn Bench) {
    let hypervisor = bench.hypervisor();
    let (launch, _) = launched(bench, "deaf").await;
    bench.booted(&launch).await;
    let vm = launch.machine.id;
    assert_eq!(hypervisor.shutdown(vm, 1).await, Ok(ShutdownBy::Acpi));
    let state = hypervisor.machine(vm).await.map(|m| m.state);
    assert_eq!(state, Ok(MachineState::Running));
    let missing = Err(HypervisorError::NoMachine { vm });
    assert_eq!(hypervisor.shutdown(vm, 2).await, missing);
    destroyed(bench, &launch).await;
    let missing = Err(HypervisorError::NoMachine { vm });
    assert_eq!(hypervisor.shutdown(vm, 1).await, missing);
}

async fn commands_of_older_and_ended_runs_are_refused(bench: &dyn Bench) {
    let hypervisor = bench.hypervisor();
    let mut launch = bench.deaf_guest("runs");
    launch.epoch = 5;
    let vm = launch.machine.id;
    hypervisor.launch(launch.clone()).await.expect("launch");

    let with = |epoch| MachineLaunch {
        epoch,
        ..launch.clone()
    };
    let stale = |epoch| {
        Err(HypervisorError::Stale {
            vm,
            epoch,
            newest: 5,
        })
    };
    assert_eq!(hypervisor.launch(with(4)).await, stale(4));
    let newer = hypervisor.launch(with(6)).await;
    assert!(
        matches!(newer, Err(HypervisorError::Busy { .. })),
        "{newer:?}"
    );
    destroyed(bench, &launch).await;
    assert_eq!(hypervisor.launch(with(4)).await, stale(4));
    assert_eq!(hypervisor.launch(with(5)).await, stale(5));
    let next = with(6);
    assert_eq!(
        hypervisor.launch(next.clone()).await.map(|m| m.epoch),
        Ok(6)
    );
    destroyed(bench, &next).await;
}

async fn a_killed_qemu_is_an_error_that_is_told(bench: &dyn Bench) {
    let hypervisor = bench.hypervisor();
    let mut watch = Watch::on(&*hypervisor);
    let (launch, _) = launched(bench, "killed").await;
    let vm = launch.machine.id;
    bench.qemu_killed(vm).await;
    let exit = watch.machine(vm, "Ended", ended).await;
    assert_eq!(exit.status, ExitStatus::Error, "{exit:?}");
    assert_eq!(exit.reason, ExitReason::LostQemuConnection, "{exit:?}");
    assert!(!exit.message.is_empty());
}

async fn machines_survive_a_restart_of_the_daemon(bench: &dyn Bench) {
    let hypervisor = bench.hypervisor();
    let (launch, machine) = launched(bench, "Überlebende-テスト-語語語").await;
    bench.booted(&launch).await;
    let mut watch = Watch::on(&*hypervisor);
    bench.daemon_restarted().await;
    watch
        .until("Lost", |e| {
            matches!(e, HypervisorEvent::Lost { .. }).then_some(())
        })
        .await;
    watch
        .until("Back", |e| (*e == HypervisorEvent::Back).then_some(()))
        .await;
    let list = hypervisor.list().await.expect("list after Back");
    assert_eq!(list.len(), 1, "{list:?}");
    assert_eq!(list[0].started, machine.started);
    assert_eq!(list[0].state, MachineState::Running);
    // Events come again too.
    let mut watch = Watch::on(&*hypervisor);
    destroyed(bench, &launch).await;
    let exit = watch.machine(launch.machine.id, "Ended", ended).await;
    assert_eq!(exit.reason, ExitReason::AdminShutdown, "{exit:?}");
}

async fn a_new_adapter_finds_the_machines(bench: &dyn Bench) {
    let mut launch = bench.deaf_guest("found");
    launch.epoch = 3;
    let machine = bench.hypervisor().launch(launch.clone()).await;
    let machine = machine.expect("launch");
    bench.agent_restarted().await;
    let hypervisor = bench.hypervisor();
    let mut watch = Watch::on(&*hypervisor);
    let list = hypervisor.list().await.expect("list");
    assert_eq!(list.len(), 1, "{list:?}");
    assert_eq!(list[0].epoch, 3);
    assert_eq!(list[0].started, machine.started);
    assert_eq!(list[0].disks, machine.disks);
    assert_eq!(list[0].consoles, machine.consoles);
    let again = hypervisor.launch(launch.clone()).await.map(|m| m.started);
    assert_eq!(again, Ok(machine.started));
    let older = MachineLaunch {
        epoch: 2,
        ..launch.clone()
    };
    let older = hypervisor.launch(older).await;
    assert!(
        matches!(older, Err(HypervisorError::Stale { newest: 3, .. })),
        "{older:?}"
    );
    bench.qemu_killed(launch.machine.id).await;
    let exit = watch.machine(launch.machine.id, "Ended", ended).await;
    assert_eq!(exit.status, ExitStatus::Error, "{exit:?}");
}

async fn names_of_any_script_come_back_unchanged(bench: &dyn Bench) {
    for name in [
        "Größe-テスト",
        "a/b\n100%",
        "..",
        "<&'\">,=",
        &"語".repeat(80),
    ] {
        let (launch, machine) = launched(bench, name).await;
        assert_eq!(machine.name, name);
        destroyed(bench, &launch).await;
    }
}

async fn a_machine_that_cannot_start_leaves_nothing_behind(bench: &dyn Bench) {
    let hypervisor = bench.hypervisor();
    let mut launch = bench.deaf_guest("unfit");
    let good = launch.disks.clone();
    for source in launch.disks.values_mut() {
        *source = DiskSource::file("/nowhere/at/all.img");
    }
    let refused = hypervisor.launch(launch.clone()).await;
    match &refused {
        Err(e) if !e.is_passing() => assert!(e.to_string().contains("all.img"), "{e}"),
        other => panic!("expected a refusal: {other:?}"),
    }
    assert_eq!(hypervisor.list().await, Ok(vec![]));
    // The same run may be tried again.
    launch.disks = good;
    let machine = hypervisor.launch(launch.clone()).await;
    assert_eq!(machine.map(|m| m.epoch), Ok(1));
    destroyed(bench, &launch).await;
}

async fn a_silent_guest_agent_is_told_apart_from_a_missing_machine(bench: &dyn Bench) {
    let hypervisor = bench.hypervisor();
    let (launch, _) = launched(bench, "silent").await;
    let ping = r#"{"execute":"guest-ping"}"#;
    let second = Duration::from_secs(1);
    let vm = launch.machine.id;
    let silent = hypervisor.guest_agent(vm, ping, second).await;
    assert!(
        matches!(&silent, Err(HypervisorError::GuestAgent { vm: id, .. }) if *id == vm),
        "{silent:?}"
    );
    let nobody = VmId::known(0xdead);
    let missing = Err(HypervisorError::NoMachine { vm: nobody });
    assert_eq!(hypervisor.guest_agent(nobody, ping, second).await, missing);
    destroyed(bench, &launch).await;
}

async fn statistics_grow(bench: &dyn Bench) {
    let hypervisor = bench.hypervisor();
    let (launch, _) = launched(bench, "measured").await;
    bench.booted(&launch).await;
    let all = hypervisor.stats().await.expect("stats");
    let Some(stats) = all.get(&launch.machine.id) else {
        panic!("no sample of the machine: {all:?}");
    };
    assert!(stats.cpu_time_ns > 0, "{stats:?}");
    assert_eq!(stats.vcpus, 1, "{stats:?}");
    assert_eq!(stats.memory_current_bytes, launch.machine.memory_bytes);
    assert!(stats.rss_bytes > 0, "{stats:?}");
    assert_eq!(stats.disks.len(), 1, "{stats:?}");
    assert_eq!(stats.disks[0].target, "vda");
    assert!(stats.disks[0].read_bytes > 0, "{stats:?}");
    destroyed(bench, &launch).await;
    let all = hypervisor.stats().await.expect("stats");
    assert!(!all.contains_key(&launch.machine.id), "{all:?}");
}
