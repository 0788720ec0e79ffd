//! How many commits a verb takes, from the request to its end: each is a sync of the disk that
//! somebody waits for.

mod common;

use common::hosts::Trouble;
use common::{HOST2, World, call};
use domain::vms::status::VmStatus;
use operations::vms::start::StartOptions;
use operations::vms::{start, stop};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use workflow::{JournalHook, JournalPoint};

/// States of a journal as they are written: each step's phase, and the number of commits before.
type Written = Arc<Mutex<Vec<String>>>;

fn noting(written: &Written) -> JournalHook {
    let written = written.clone();
    Arc::new(move |point, row| {
        if point == JournalPoint::After {
            let phases = row
                .steps
                .iter()
                .map(|s| format!("{} {:?}", s.name, s.phase));
            written
                .lock()
                .unwrap()
                .push(phases.collect::<Vec<_>>().join(", "));
        }
        false
    })
}

/// A world with a VM that is down, whose journal writes are noted.
async fn world(written: &Written) -> (World, base::VmId) {
    let world = World::new().await;
    let (vm, _) = world.vm_with_disk("web1").await;
    let world = world.restart(Some(noting(written))).await;
    world.hosts.away(HOST2, true);
    world.observe();
    written.lock().unwrap().clear();
    (world, vm)
}

#[tokio::test]
async fn a_start_takes_one_commit_before_qemu_and_one_after() {
    let written = Written::default();
    let (world, vm) = world(&written).await;
    let before = world.rooms.store.stats().batches;
    let commits = || world.rooms.store.stats().batches - before;
    world.hosts.trouble("vm_launch", Trouble::Hangs, 1);
    world.hosts.count_from_here();
    let started = start::start(&call(), &world.rooms, vm, StartOptions::default()).await;
    let job = started.unwrap().job.unwrap();
    // The request is answered after the one commit that holds the run, the job, its event and its first step, and the
    // host is asked for QEMU without another.
    assert_eq!(commits(), 1);
    let row = world.snapshot().workflow(job).cloned().unwrap();
    let phases: Vec<String> = row
        .steps
        .iter()
        .map(|s| format!("{} {:?}", s.name, s.phase))
        .collect();
    assert_eq!(phases, ["choose_host Done", "launch Begun"]);
    assert_eq!(
        world.snapshot().vm_status(vm),
        Some(VmStatus::WaitForLaunch)
    );
    assert_eq!(world.events().last(), Some(&153));
    while world.hosts.asked() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(
        (world.hosts.asked(), commits()),
        (1, 1),
        "QEMU was asked for"
    );
    assert!(written.lock().unwrap().is_empty());
    drop(world);
}

#[tokio::test]
async fn a_step_that_ends_and_the_next_that_begins_are_one_commit() {
    let written = Written::default();
    let (world, vm) = world(&written).await;
    let before = world.rooms.store.stats().batches;
    let started = start::start(&call(), &world.rooms, vm, StartOptions::default()).await;
    world.done(started.unwrap()).await;
    assert_eq!(
        *written.lock().unwrap(),
        ["choose_host Done, launch Done"],
        "the journal of the start behind the request's own commit"
    );
    assert_eq!(world.rooms.store.stats().batches, before + 2);

    written.lock().unwrap().clear();
    let before = world.rooms.store.stats().batches;
    let stopped = stop::stop(&call(), &world.rooms, vm).await;
    world.done(stopped.unwrap()).await;
    let written = written.lock().unwrap().clone();
    for (turn, phases) in written.iter().enumerate() {
        let begun = phases.matches("Begun").count();
        let last = turn + 1 == written.len();
        assert_eq!(begun, usize::from(!last), "{written:#?}");
    }
    let commits = world.rooms.store.stats().batches - before;
    assert_eq!(commits, 1 + written.len() as u64, "{written:#?}");
}
