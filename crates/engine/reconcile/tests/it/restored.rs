//! An engine that was restored from a backup, and hosts that went on meanwhile.

use crate::lab::{Lab, running};
use access::Permitted;
use base::{HostId, Timestamp, VmId};
use domain::hosts::HostStatus;
use domain::jobs::{StepPhase, StepRow, WorkflowRow, WorkflowState};
use domain::vms::RunState;
use domain::vms::status::VmStatus;
use operations::restored::{after_restore, confirm_off};
use operations::vms::start::{StartOptions, start};
use ports::hosts::VmReport;
use testkit::ManualClock;

const RESTORED: i32 = 9802;
const NOT_KNOWN: i32 = 9803;
const VM_DOWN: i32 = 61;

fn call() -> Permitted {
    Permitted::engine("restore")
}

/// What the restore commits behind the rows of the backup.
async fn restore(lab: &Lab) {
    let now = lab.rooms.clock.now();
    let batch = after_restore(&lab.snapshot(), &call(), Timestamp(5), now);
    lab.rooms.store.commit(batch).await.unwrap();
}

async fn down(lab: &Lab, vm: VmId) {
    let mut vm = (**lab.snapshot().vm(vm).unwrap()).clone();
    vm.run = None;
    lab.put(vm).await;
}

fn of_run(vm: VmId, epoch: u64) -> VmReport {
    VmReport {
        epoch,
        ..running(vm, RunState::Up)
    }
}

fn place(lab: &Lab, vm: VmId) -> Option<(u64, Option<HostId>)> {
    let snapshot = lab.snapshot();
    let run = snapshot.vm(vm)?.run.as_ref()?;
    Some((run.epoch, run.host))
}

fn dialled(lab: &Lab, host: HostId) -> u64 {
    lab.far.dialled.borrow().get(&host).unwrap().2
}

async fn refused(lab: &Lab, vm: VmId) -> String {
    let call = call();
    let start = start(&call, &lab.rooms, vm, StartOptions::default());
    start.await.unwrap_err().to_string()
}

#[tokio::test]
async fn what_hosts_tell_first_is_taken_over_and_nothing_is_doubled_or_ended() {
    let lab = Lab::new().await;
    let (one, two) = (lab.host(1).await, lab.host(2).await);
    let stays = lab.vm(1, one, true).await;
    let ended = lab.vm(2, one, true).await;
    let moved = lab.vm(3, one, true).await;
    let started = lab.vm(4, one, true).await;
    down(&lab, started).await;
    let again = lab.vm(5, one, true).await;
    let stranger = VmId::known(99);
    restore(&lab).await;
    lab.reconciler.start().await.unwrap();

    let e = refused(&lab, started).await;
    assert!(e.contains("host1, host2"), "{e}");
    lab.connect(one, vec![of_run(stays, 1)]).await;
    lab.until_host(one, HostStatus::Up).await;
    let e = refused(&lab, started).await;
    assert!(e.contains("host2") && !e.contains("host1"), "{e}");
    assert_eq!(lab.snapshot().vm_status(stays), Some(VmStatus::Up));
    assert_eq!(place(&lab, ended), None);
    assert!(lab.snapshot().host(one).unwrap().restored.is_none());
    assert_eq!(lab.events(VM_DOWN).await.len(), 3, "no alarm");

    let there = vec![
        of_run(moved, 1),
        of_run(started, 2),
        of_run(again, 7),
        of_run(stranger, 1),
    ];
    lab.connect(two, there).await;
    lab.until_host(two, HostStatus::Up).await;
    assert_eq!(place(&lab, stays), Some((1, Some(one))));
    for (vm, epoch) in [(moved, 1), (started, 2), (again, 7)] {
        assert_eq!(place(&lab, vm), Some((epoch, Some(two))));
        assert_eq!(lab.snapshot().vm_status(vm), Some(VmStatus::Up));
        let e = refused(&lab, vm).await;
        assert!(e.contains("is running"), "{e}");
    }
    assert_eq!(lab.events(RESTORED).await.len(), 1 + 3);
    let told = lab.until_event(NOT_KNOWN).await.event.message;
    assert!(
        told.contains("host2") && told.contains(&stranger.to_string()),
        "{told}"
    );
    let e = refused(&lab, ended).await;
    assert!(!e.contains("restored"), "all have answered: {e}");
    lab.settle().await;
    for host in [one, two] {
        assert!(lab.far_host(host).forgotten.borrow().is_empty());
    }
    lab.reconciler.stop().await;
}

#[tokio::test]
async fn only_a_restored_engine_goes_above_a_newer_fence_epoch_and_does_so_until_it_is_heard() {
    let lab = Lab::new().await;
    let host = lab.host(1).await;
    restore(&lab).await;
    let at_restore = lab.snapshot().host(host).unwrap().fence_epoch;
    assert!(
        at_restore > 1 << 20,
        "beyond what the backup's engine could reach"
    );
    lab.reconciler.start().await.unwrap();
    assert_eq!(dialled(&lab, host), at_restore + 1);

    // Another engine was restored later, by a clock that is ahead.
    let newest = at_restore + (1 << 40);
    let mut targets = lab.far.dialled.subscribe();
    lab.observer.superseded(host, newest).await;
    targets.wait_for(|d| d[&host].2 > newest).await.unwrap();
    let ours = dialled(&lab, host);
    assert!(
        ours >= newest + (1 << 20),
        "that one's restarts come not level"
    );
    lab.observer.superseded(host, newest).await;
    lab.settle().await;
    assert_eq!(dialled(&lab, host), ours, "an old word");

    lab.up(host).await;
    lab.observer.superseded(host, ours + 5).await;
    lab.settle().await;
    assert_eq!(
        dialled(&lab, host),
        ours,
        "it has rightly lost the host now"
    );
    lab.reconciler.stop().await;
}

#[tokio::test]
async fn an_engine_that_was_not_restored_stays_superseded() {
    let (lab, host) = Lab::with_host().await;
    lab.observer.superseded(host, 9).await;
    lab.observer.lost(host, "another engine".to_owned()).await;
    lab.settle().await;
    assert_eq!(dialled(&lab, host), 1);
    assert_eq!(lab.snapshot().host(host).unwrap().fence_epoch, 1);
    lab.reconciler.stop().await;
}

#[tokio::test]
async fn jobs_of_the_backup_are_ended_and_new_machines_wait_for_nobody() {
    let lab = Lab::new().await;
    let host = lab.host(1).await;
    let vm = lab.vm(1, host, true).await;
    down(&lab, vm).await;
    let job = base::WorkflowId::known(7);
    let row = WorkflowRow {
        id: job,
        revision: 1,
        kind: "vm.start".to_owned(),
        memo_version: 1,
        memo: serde_json::Value::Null,
        state: WorkflowState::Forward,
        cursor: 0,
        steps: vec![StepRow {
            id: base::StepId::known(8),
            name: "launch".to_owned(),
            title: "Starting".to_owned(),
            phase: StepPhase::Begun,
            attempts: 1,
            started: Some(ManualClock::START),
            ended: None,
            progress: None,
            fault: None,
        }],
        title: "Launching VM vm1".to_owned(),
        call: (*call()).clone(),
        subjects: vec![vm.0],
        parent: None,
        cancel_requested: false,
        wake_at: None,
        fault: None,
        started: ManualClock::START,
        ended: None,
    };
    let mut batch = store::Batch::new();
    batch.workflow(row);
    lab.rooms.store.commit(batch).await.unwrap();
    let mut locked = (**lab.snapshot().vm(vm).unwrap()).clone();
    locked.locked_by = Some(job);
    lab.put(locked).await;
    restore(&lab).await;
    let snapshot = lab.snapshot();
    let row = snapshot.workflow(job).unwrap();
    assert_eq!(row.state, WorkflowState::Failed);
    assert!(row.fault.as_ref().unwrap().to_string().contains("restored"));
    assert_eq!(snapshot.vm(vm).unwrap().locked_by, None);
    let told = lab.until_event(RESTORED).await.event.message;
    assert!(told.contains("Launching VM vm1"), "{told}");

    let mut young = (**snapshot.vm(vm).unwrap()).clone();
    young.id = VmId::known(2);
    young.generation = base::Generation::NEW;
    young.name = "young".to_owned();
    young.created = lab.rooms.clock.now();
    let young_id = young.id;
    lab.put(young).await;
    assert!(refused(&lab, vm).await.contains("restored"));
    assert!(!refused(&lab, young_id).await.contains("restored"));
    confirm_off(&call(), &lab.rooms, host).await.unwrap();
    assert!(!refused(&lab, vm).await.contains("restored"));
    let e = confirm_off(&call(), &lab.rooms, host).await.unwrap_err();
    assert!(e.to_string().contains("Nothing waits"), "{e}");
}
