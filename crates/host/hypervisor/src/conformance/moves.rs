//! Cases of machines that move to another host.

use super::cases::{Case, destroyed, is, launched};
use super::{Bench, Watch};
use crate::{
    Hypervisor, HypervisorError, HypervisorEvent, MachineChange, MachineState, MigrateOut,
};
use base::VmId;
use domain::vms::PauseReason;
use std::time::Duration;

cases![
    a_machine_moves_to_another_host_and_keeps_its_run,
    a_paused_machine_stays_paused_on_its_way,
    a_way_that_is_given_up_leaves_the_machine_where_it_is,
    a_way_to_nowhere_fails_and_the_machine_runs_on,
    a_new_adapter_finds_a_machine_on_its_way,
];

const RUNNING: Result<MachineState, HypervisorError> = Ok(MachineState::Running);

async fn state(hypervisor: &dyn Hypervisor, vm: VmId) -> Result<MachineState, HypervisorError> {
    hypervisor.machine(vm).await.map(|machine| machine.state)
}

/// A way out, with something different on the other host.
fn way(bench: &dyn Bench, vm: VmId) -> MigrateOut {
    let neighbour = bench.neighbour();
    let mut out = MigrateOut::plain(vm, 1, neighbour.uri);
    out.migrate_uri = neighbour.migrate_uri;
    out
}

async fn a_machine_moves_to_another_host_and_keeps_its_run(bench: &dyn Bench) {
    let (here, there) = (bench.hypervisor(), bench.neighbour().hypervisor);
    let name = "Umzug-テスト-語語語";
    let (launch, machine) = launched(bench, name).await;
    bench.booted(&launch).await;
    let vm = launch.machine.id;
    assert_eq!(here.migration(vm, 1).await, Ok(None));
    let (mut watch, mut watch_there) = (Watch::on(&*here), Watch::on(&*there));
    let mut out = way(bench, vm);
    let log = launch.serial_log.as_ref().expect("the guest has a log");
    out.serial_log = Some(log.with_extension("there"));
    out.console_listen = Some("127.0.0.2".into());

    let done = here.migrate(out.clone()).await.expect("migrate");
    assert!(done.downtime.is_some(), "{done:?}");
    let ended_or_left = |c: &MachineChange| match c {
        MachineChange::Ended(_) | MachineChange::Paused(_) | MachineChange::PoweringDown => {
            panic!("it left: {c:?}")
        }
        MachineChange::MigratedAway => Some(()),
        _ => None,
    };
    watch.machine(vm, "MigratedAway", ended_or_left).await;
    watch_there
        .machine(vm, "Incoming", is(MachineChange::Incoming))
        .await;
    watch_there
        .machine(vm, "MigratedIn", is(MachineChange::MigratedIn))
        .await;

    assert_eq!(here.list().await, Ok(vec![]));
    let list = there.list().await.expect("list");
    assert_eq!(list.len(), 1, "{list:?}");
    assert_eq!((list[0].vm, list[0].epoch), (vm, 1));
    assert_eq!(list[0].name, name);
    assert_eq!(list[0].started, machine.started);
    assert_eq!(list[0].state, MachineState::Running);
    assert_eq!(list[0].disks, machine.disks);
    assert_eq!(list[0].serial_log, out.serial_log);
    assert_eq!(list[0].consoles[0].address, "127.0.0.2");

    // Twice is once, and nothing of the run can begin here again.
    assert!(here.migrate(out.clone()).await.is_ok());
    let missing = HypervisorError::NoMachine { vm };
    assert_eq!(here.migrate_abort(vm, 1).await, Err(missing.clone()));
    out.epoch = 2;
    assert_eq!(here.migrate(out).await, Err(missing.clone()));
    let again = here.launch(launch.clone()).await;
    assert!(
        matches!(again, Err(HypervisorError::Stale { .. })),
        "{again:?}"
    );
    assert_eq!(there.migrate_abort(vm, 1).await, Ok(()));
    assert_eq!(there.destroy(vm, 1).await, Ok(()));
}

async fn a_paused_machine_stays_paused_on_its_way(bench: &dyn Bench) {
    let (here, there) = (bench.hypervisor(), bench.neighbour().hypervisor);
    let (launch, _) = launched(bench, "standing").await;
    bench.booted(&launch).await;
    let vm = launch.machine.id;
    here.pause(vm, 1).await.expect("pause");
    let mut watch = Watch::on(&*there);
    here.migrate(way(bench, vm)).await.expect("migrate");
    watch
        .machine(vm, "MigratedIn", is(MachineChange::MigratedIn))
        .await;
    let paused = MachineState::Paused(PauseReason::User);
    watch
        .machine(vm, "Paused", is(MachineChange::Paused(PauseReason::User)))
        .await;
    assert_eq!(state(&*there, vm).await, Ok(paused));
    assert_eq!(there.resume(vm, 1).await, Ok(()));
    assert_eq!(state(&*there, vm).await, RUNNING);
    assert_eq!(there.destroy(vm, 1).await, Ok(()));
}

/// Waits until a machine is on its way.
async fn under_way(here: &dyn Hypervisor, there: &mut Watch, vm: VmId) {
    there
        .machine(vm, "Incoming", is(MachineChange::Incoming))
        .await;
    let begun = async {
        while here.migration(vm, 1).await.expect("migration").is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(30), begun).await;
    assert!(waited.is_ok(), "the machine is not on its way");
}

async fn a_way_that_is_given_up_leaves_the_machine_where_it_is(bench: &dyn Bench) {
    let (here, there) = (bench.hypervisor(), bench.neighbour().hypervisor);
    let launch = bench.busy_guest("stays");
    let vm = launch.machine.id;
    here.launch(launch.clone()).await.expect("launch");
    bench.booted(&launch).await;
    let (mut watch, mut watch_there) = (Watch::on(&*here), Watch::on(&*there));
    let mut slow = way(bench, vm);
    slow.bandwidth = Some(1);
    let first = async {
        let outcome = here.migrate(slow.clone()).await;
        println!("its way ended: {outcome:?}");
        outcome
    };
    let second = here.migrate(slow.clone());
    let giving_up = async {
        under_way(&*here, &mut watch_there, vm).await;
        assert_eq!(state(&*there, vm).await, Ok(MachineState::Incoming));
        assert_eq!(state(&*here, vm).await, RUNNING);
        here.migrate_abort(vm, 1).await
    };
    let (first, second, given_up) = futures::join!(first, second, giving_up);
    assert_eq!(given_up, Ok(()));
    for outcome in [first, second] {
        assert!(
            matches!(outcome, Err(HypervisorError::Cancelled { .. })),
            "{outcome:?}"
        );
    }
    watch_there
        .machine(vm, "IncomingFailed", is(MachineChange::IncomingFailed))
        .await;
    assert_eq!(there.list().await, Ok(vec![]));
    assert_eq!(state(&*here, vm).await, RUNNING);
    assert_eq!(here.migration(vm, 1).await, Ok(None));
    assert_eq!(here.migrate_abort(vm, 1).await, Ok(()));
    // It may go later.
    assert!(here.migrate(way(bench, vm)).await.is_ok());
    watch
        .machine(vm, "MigratedAway", is(MachineChange::MigratedAway))
        .await;
    assert_eq!(there.destroy(vm, 1).await, Ok(()));
}

async fn a_way_to_nowhere_fails_and_the_machine_runs_on(bench: &dyn Bench) {
    let here = bench.hypervisor();
    let (launch, _) = launched(bench, "nowhere").await;
    let vm = launch.machine.id;
    let out = MigrateOut::plain(vm, 1, "qemu+tcp://127.0.0.1:1/system");
    let failed = here.migrate(out).await;
    assert!(
        matches!(failed, Err(HypervisorError::Failed { .. })),
        "{failed:?}"
    );
    assert!(here.is_connected());
    assert_eq!(state(&*here, vm).await, RUNNING);
    destroyed(bench, &launch).await;
}

async fn a_new_adapter_finds_a_machine_on_its_way(bench: &dyn Bench) {
    let (old, there) = (bench.hypervisor(), bench.neighbour().hypervisor);
    let launch = bench.busy_guest("found on its way");
    let vm = launch.machine.id;
    old.launch(launch.clone()).await.expect("launch");
    bench.booted(&launch).await;
    let mut watch_there = Watch::on(&*there);
    let mut slow = way(bench, vm);
    slow.bandwidth = Some(1);
    let (other, out) = (old.clone(), slow.clone());
    let task = tokio::spawn(async move { other.migrate(out).await.map(drop) });
    under_way(&*old, &mut watch_there, vm).await;
    drop(old);
    task.abort();
    bench.agent_restarted().await;
    let new = bench.hypervisor();
    let progress = new.migration(vm, 1).await;
    let progress = progress.expect("it is still here").expect("on its way");
    assert!(progress.percent() < 100, "{progress:?}");
    let mut watch = Watch::on(&*new);
    assert_eq!(watch.next("Back").await, HypervisorEvent::Back);
    let giving_up = async {
        let asked = new.migrate_abort(vm, 1).await;
        watch_there
            .machine(vm, "IncomingFailed", is(MachineChange::IncomingFailed))
            .await;
        asked
    };
    let (waited, given_up) = futures::join!(new.migrate(slow), giving_up);
    assert_eq!(given_up, Ok(()));
    assert!(waited.is_err(), "{waited:?}");
    assert_eq!(state(&*new, vm).await, RUNNING);
    destroyed(bench, &launch).await;
}
