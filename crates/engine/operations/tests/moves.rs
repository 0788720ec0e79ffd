//! Moves that are given up, refused, or lose their machine in the middle.

mod common;

use base::{DiskId, VmId};
use common::hosts::Trouble;
use common::{DATA, DATA2, HOST1, HOST2, World, call};
use domain::disks::DiskStatus;
use domain::hosts::HostStatus;
use domain::jobs::WorkflowState;
use domain::vms::status::VmStatus;
use domain::vms::{Exit, ExitReason, ExitStatus};
use operations::disks::move_disk::move_disk;
use operations::hosts::activate::activate;
use operations::hosts::maintenance::deactivate;
use operations::vms::exit::run_ended;
use operations::vms::migrate::{MigrateOptions, arrived, cancel_migration, migrate};
use operations::vms::start::{StartOptions, start};
use std::time::Duration;

/// A VM that is up on the first host; both hosts are up.
async fn running() -> (World, VmId, DiskId) {
    let world = World::new().await;
    let (vm, disk) = world.vm_with_disk("web1").await;
    world.hosts.away(HOST2, true);
    world.observe();
    let started = start(&call(), &world.rooms, vm, StartOptions::default()).await;
    world.done(started.unwrap()).await;
    world.hosts.away(HOST2, false);
    world.observe();
    world.vm_is_up(vm);
    (world, vm, disk)
}

async fn until(world: &World, what: impl Fn() -> bool) {
    for _ in 0..5000 {
        if what() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
        world.clock.advance(Duration::from_millis(100));
    }
    panic!("it does not come true: {:#?}", world.hosts.log());
}

fn step_progress(world: &World, job: base::WorkflowId) -> Option<u8> {
    let snapshot = world.snapshot();
    let row = snapshot.workflow(job)?;
    row.steps.get(row.cursor)?.progress
}

#[tokio::test]
async fn a_migration_tells_how_far_it_is_and_can_be_given_up() {
    let (world, vm, _) = running().await;
    world.hosts.slow();
    let job = migrate(&call(), &world.rooms, vm, MigrateOptions::default()).await;
    let job = job.unwrap().job.unwrap();
    until(&world, || step_progress(&world, job) == Some(50)).await;
    assert_eq!(world.snapshot().vm_status(vm), Some(VmStatus::Migrating));
    let again = migrate(&call(), &world.rooms, vm, MigrateOptions::default()).await;
    assert_eq!(
        again.unwrap_err().key,
        "ACTION_TYPE_FAILED_VM_IS_BEING_MIGRATED"
    );
    let stopped = operations::vms::stop::stop(&call(), &world.rooms, vm).await;
    assert_eq!(
        stopped.unwrap_err().key,
        "ACTION_TYPE_FAILED_VM_IS_BEING_MIGRATED"
    );

    cancel_migration(&call(), &world.rooms, vm).await.unwrap();
    assert_eq!(world.end(job).await.state, WorkflowState::Aborted);
    let snapshot = world.snapshot();
    let run = snapshot.vm(vm).unwrap().run.clone().unwrap();
    assert_eq!((run.host, run.migration), (Some(HOST1), None));
    assert_eq!(world.hosts.running(vm), [HOST1]);
    assert!(world.events().contains(&161));
    assert!(cancel_migration(&call(), &world.rooms, vm).await.is_err());
}

#[tokio::test]
async fn a_run_that_arrived_although_it_was_given_up_stays_where_it_is() {
    let (world, vm, _) = running().await;
    // The answer that it is gone never comes, nor any other of that host.
    world
        .hosts
        .trouble("migration_send", Trouble::AnswerLost, usize::MAX);
    world
        .hosts
        .trouble("migration_cancel", Trouble::Unreachable, 3);
    let job = migrate(&call(), &world.rooms, vm, MigrateOptions::default()).await;
    let job = job.unwrap().job.unwrap();
    until(&world, || world.hosts.running(vm) == [HOST2]).await;
    let _ = cancel_migration(&call(), &world.rooms, vm).await;
    world.end(job).await;
    let snapshot = world.snapshot();
    let run = snapshot.vm(vm).unwrap().run.clone().unwrap();
    assert_eq!((run.host, run.migration), (Some(HOST2), None));
    assert_eq!(world.hosts.running(vm), [HOST2]);
    assert!(world.events().contains(&63));
}

#[tokio::test]
async fn whoever_hears_first_notes_the_arrival() {
    let (world, vm, _) = running().await;
    world.hosts.slow();
    let job = migrate(&call(), &world.rooms, vm, MigrateOptions::default()).await;
    let job = job.unwrap().job.unwrap();
    let epoch = world.snapshot().vm(vm).unwrap().run_epoch;
    let now = world.clock_now();
    let snapshot = world.snapshot();
    assert!(arrived(&snapshot, &call(), vm, epoch, HOST1, now).is_none());
    assert!(arrived(&snapshot, &call(), vm, epoch + 1, HOST2, now).is_none());
    let batch = arrived(&snapshot, &call(), vm, epoch, HOST2, now).unwrap();
    world.rooms.store.commit(batch).await.unwrap();
    world.rooms.workflows.signal(vm.0);
    assert_eq!(world.end(job).await.state, WorkflowState::Finished);
    let again = world.snapshot();
    assert!(arrived(&again, &call(), vm, epoch, HOST2, now).is_none());
}

#[tokio::test]
async fn locks_of_disks_and_migrations_keep_each_other_out() {
    let (world, vm, disk) = running().await;
    world.hosts.slow();
    let job = migrate(&call(), &world.rooms, vm, MigrateOptions::default()).await;
    let job = job.unwrap().job.unwrap();
    let moved = move_disk(&call(), &world.rooms, disk, DATA2).await;
    assert_eq!(
        moved.unwrap_err().key,
        "ACTION_TYPE_FAILED_VM_IS_BEING_MIGRATED"
    );
    cancel_migration(&call(), &world.rooms, vm).await.unwrap();
    world.end(job).await;
    world.vm_is_up(vm);

    let moved = move_disk(&call(), &world.rooms, disk, DATA2).await.unwrap();
    let refused = migrate(&call(), &world.rooms, vm, MigrateOptions::default()).await;
    assert_eq!(refused.unwrap_err().key, "ACTION_TYPE_FAILED_DISKS_LOCKED");
    world.done(moved).await;
    let same = move_disk(&call(), &world.rooms, disk, DATA2).await;
    assert_eq!(
        same.unwrap_err().key,
        "ACTION_TYPE_FAILED_SOURCE_AND_TARGET_SAME"
    );
}

#[tokio::test]
async fn a_machine_that_ends_before_the_switch_keeps_its_disk() {
    let (world, vm, disk) = running().await;
    world.hosts.trouble("disk_mirror", Trouble::Unreachable, 3);
    let job = move_disk(&call(), &world.rooms, disk, DATA2)
        .await
        .unwrap()
        .job
        .unwrap();
    until(&world, || {
        world
            .hosts
            .log()
            .iter()
            .any(|l| l.starts_with("disk_mirror"))
    })
    .await;
    ends(&world, vm).await;
    assert_eq!(world.end(job).await.state, WorkflowState::Failed);
    let snapshot = world.snapshot();
    let it = snapshot.disk(disk).unwrap();
    assert_eq!(
        (it.storage_domain, it.volumes.len(), it.status),
        (DATA, 1, DiskStatus::Ok)
    );
    assert_eq!(
        world.hosts.places(disk).into_iter().collect::<Vec<_>>(),
        [(DATA, 1)]
    );
    assert_eq!(world.hosts.content(disk).unwrap(), "written meanwhile");
}

#[tokio::test]
async fn a_machine_that_ends_after_the_switch_has_its_disk_whole_on_the_other_domain() {
    let (world, vm, disk) = running().await;
    world.hosts.trouble("disk_merge", Trouble::Unreachable, 3);
    let job = move_disk(&call(), &world.rooms, disk, DATA2)
        .await
        .unwrap()
        .job
        .unwrap();
    until(&world, || {
        world
            .hosts
            .log()
            .iter()
            .any(|l| l.starts_with("disk_merge"))
    })
    .await;
    ends(&world, vm).await;
    assert_eq!(world.end(job).await.state, WorkflowState::Finished);
    let snapshot = world.snapshot();
    let it = snapshot.disk(disk).unwrap();
    assert_eq!(
        (it.storage_domain, it.volumes.len(), it.status),
        (DATA2, 1, DiskStatus::Ok)
    );
    assert_eq!(
        world.hosts.places(disk).into_iter().collect::<Vec<_>>(),
        [(DATA2, 1)]
    );
    assert_eq!(world.hosts.content(disk).unwrap(), "written meanwhile");
}

#[tokio::test]
async fn what_was_written_after_the_switch_survives_agent_and_machine() {
    let (world, vm, disk) = running().await;
    world.hosts.die_at_pivot();
    let moved = move_disk(&call(), &world.rooms, disk, DATA2).await;
    let job = moved.unwrap().job.unwrap();
    let pivoted = || {
        let used = world.hosts.used(vm, disk).0;
        used.is_some_and(|at| at.domain == DATA2)
    };
    until(&world, pivoted).await;
    ends(&world, vm).await;
    assert_eq!(world.end(job).await.state, WorkflowState::Finished);
    assert_eq!(
        world.hosts.places(disk).into_iter().collect::<Vec<_>>(),
        [(DATA2, 1)]
    );
    let content = world.hosts.content(disk);
    assert_eq!(content.unwrap(), common::hosts::AFTER_PIVOT);
}

/// The machine ends, the engine hears of it.
async fn ends(world: &World, vm: VmId) {
    world.hosts.ends(vm);
    let now = world.clock_now();
    loop {
        let snapshot = world.snapshot();
        let epoch = snapshot.vm(vm).unwrap().run_epoch;
        let exit = Exit {
            status: ExitStatus::Normal,
            reason: ExitReason::UserShutdown,
            message: "the guest ended itself".into(),
            at: now,
        };
        let Some(batch) = run_ended(&snapshot, &call(), vm, epoch, exit, now) else {
            break;
        };
        if world.rooms.store.commit(batch).await.is_ok() {
            break;
        }
    }
    world.rooms.workflows.signal(vm.0);
}

#[tokio::test]
async fn a_host_on_its_way_to_maintenance_can_be_called_back() {
    let (world, vm, _) = running().await;
    world.hosts.slow();
    let asked = deactivate(&call(), &world.rooms, HOST1, Some("why".into())).await;
    let job = asked.unwrap().job.unwrap();
    let status = |host| world.snapshot().host_status(host);
    assert_eq!(status(HOST1), Some(HostStatus::PreparingForMaintenance));
    assert!(
        deactivate(&call(), &world.rooms, HOST1, None)
            .await
            .is_err()
    );
    let moving = || world.snapshot().vm_status(vm) == Some(VmStatus::Migrating);
    until(&world, moving).await;
    activate(&call(), &world.rooms, HOST1).await.unwrap();
    assert_eq!(world.end(job).await.state, WorkflowState::Aborted);
    assert_eq!(status(HOST1), Some(HostStatus::Up));
    assert!(activate(&call(), &world.rooms, HOST1).await.is_err());
}
