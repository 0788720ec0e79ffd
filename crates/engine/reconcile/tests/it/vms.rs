//! What hosts' words mean for VMs.

use crate::lab::{Lab, paused, report, running};
use base::{HostId, Timestamp, VmId};
use domain::hosts::HostStatus;
use domain::vms::status::VmStatus;
use domain::vms::{Exit, ExitReason, ExitStatus, PauseReason, RunState};
use ports::hosts::{HostEvent, VmPhase, VmReport};
use std::time::Duration;
use testkit::ManualClock;

const VM_UP: i32 = 32;
const VM_DOWN: i32 = 61;
const VM_DOWN_ERROR: i32 = 119;

/// A host that is up with one VM that was started long ago.
async fn with_vm(state: RunState) -> (Lab, HostId, VmId) {
    let (lab, host) = Lab::with_host().await;
    let vm = lab.vm(1, host, true).await;
    lab.connect(host, vec![running(vm, state)]).await;
    lab.until_host(host, HostStatus::Up).await;
    (lab, host, vm)
}

fn ended(vm: VmId, status: ExitStatus) -> VmReport {
    report(
        vm,
        VmPhase::Ended(Exit {
            status,
            reason: ExitReason::UserShutdown,
            message: "It shut down from inside.".to_owned(),
            at: ManualClock::START,
        }),
    )
}

#[tokio::test]
async fn that_a_vm_is_up_is_noted_once() {
    let (lab, host, vm) = with_vm(RunState::PoweringUp).await;
    assert_eq!(lab.snapshot().vm_status(vm), Some(VmStatus::PoweringUp));
    lab.event(host, running(vm, RunState::Up)).await;
    let event = lab.until_event(VM_UP).await;
    assert_eq!(
        (event.event.about.vm, event.event.about.host),
        (Some(vm), Some(host))
    );
    assert!(
        event.event.message.contains("host1"),
        "{}",
        event.event.message
    );
    assert_eq!(lab.snapshot().vm_status(vm), Some(VmStatus::Up));
    let run = lab.snapshot().vm(vm).unwrap().run.clone().unwrap();
    assert_eq!(run.up, Some(lab.rooms.clock.now()));

    for state in [RunState::RebootInProgress, RunState::Up, RunState::Up] {
        lab.event(host, running(vm, state)).await;
    }
    lab.connect(host, vec![running(vm, RunState::Up)]).await;
    lab.until_host(host, HostStatus::Up).await;
    lab.settle().await;
    assert_eq!(lab.events(VM_UP).await.len(), 1);
}

#[tokio::test]
async fn a_start_that_nobody_noted_is_noted_from_the_report() {
    let (lab, host) = Lab::with_host().await;
    let vm = lab.vm(1, host, false).await;
    lab.connect(host, vec![running(vm, RunState::PoweringUp)])
        .await;
    lab.until("it has started", |s| {
        s.vm(vm)
            .unwrap()
            .run
            .as_ref()
            .is_some_and(|r| r.started.is_some())
    })
    .await;
}

#[tokio::test]
async fn an_end_is_noted_and_then_forgotten_by_the_host() {
    let (lab, host, vm) = with_vm(RunState::Up).await;
    lab.event(host, ended(vm, ExitStatus::Normal)).await;
    lab.until("it is down", |s| s.vm_status(vm) == Some(VmStatus::Down))
        .await;
    let exit = lab.snapshot().vm(vm).unwrap().last_exit.clone().unwrap();
    assert_eq!(exit.reason, ExitReason::UserShutdown);
    assert_eq!(lab.until_event(VM_DOWN).await.event.about.vm, Some(vm));
    let mut forgotten = lab.far_host(host).forgotten.subscribe();
    forgotten.wait_for(|list| *list == [(vm, 1)]).await.unwrap();

    // Told again: noted already, and forgotten again.
    lab.event(host, ended(vm, ExitStatus::Normal)).await;
    forgotten.wait_for(|list| list.len() == 2).await.unwrap();
    assert_eq!(lab.events(VM_DOWN).await.len(), 1);
    assert!(lab.snapshot().vm_observed(vm).is_none());
}

#[tokio::test]
async fn an_end_nobody_wanted_is_an_error() {
    let (lab, host, vm) = with_vm(RunState::Up).await;
    lab.event(host, ended(vm, ExitStatus::Error)).await;
    let event = lab.until_event(VM_DOWN_ERROR).await;
    assert!(
        event.event.message.contains("from inside"),
        "{}",
        event.event.message
    );
    assert_eq!(lab.snapshot().vm_status(vm), Some(VmStatus::Down));
}

#[tokio::test]
async fn a_run_that_is_missing_in_the_first_report_has_ended() {
    let (lab, host, vm) = with_vm(RunState::Up).await;
    lab.observer.lost(host, "gone".to_owned()).await;
    lab.clock.advance(Duration::from_secs(1));
    lab.connect(host, Vec::new()).await;
    lab.until_event(VM_DOWN_ERROR).await;
    let exit = lab.snapshot().vm(vm).unwrap().last_exit.clone().unwrap();
    assert_eq!(exit.reason, ExitReason::LibvirtDomainMissing);
}

#[tokio::test]
async fn the_restart_of_a_host_is_the_reason_when_it_was_restarted() {
    let (lab, host, vm) = with_vm(RunState::Up).await;
    lab.until("facts are kept", |s| s.host(host).unwrap().facts.is_some())
        .await;
    let mut hello = Lab::hello();
    hello.facts.boot_id = "boot-2".to_owned();
    lab.clock.advance(Duration::from_secs(1));
    lab.observer.connected(host, hello).await;
    lab.observer
        .event(host, HostEvent::Report(Vec::new()))
        .await;
    lab.until_event(VM_DOWN_ERROR).await;
    let exit = lab.snapshot().vm(vm).unwrap().last_exit.clone().unwrap();
    assert!(exit.message.contains("was restarted"), "{}", exit.message);
}

#[tokio::test]
async fn a_run_that_starts_or_arrives_is_not_missed_by_a_report_that_was_under_way() {
    let (lab, host) = Lab::with_host().await;
    // Accepted, and not launched yet.
    let waiting = lab.vm(1, host, false).await;
    lab.observer.connected(host, Lab::hello()).await;
    lab.until_host(host, HostStatus::Initializing).await;
    // Launched through this connection, before its first report was heard.
    let launched = lab.vm(2, host, false).await;
    let mut vm = (**lab.snapshot().vm(launched).unwrap()).clone();
    vm.run.as_mut().unwrap().started = Some(lab.rooms.clock.now());
    lab.put(vm).await;
    // Started long ago on another host, and moved here in the meantime.
    let moved = lab.vm(3, host, true).await;
    let mut vm = (**lab.snapshot().vm(moved).unwrap()).clone();
    vm.run.as_mut().unwrap().arrived = Some(lab.rooms.clock.now());
    lab.put(vm).await;
    lab.observer
        .event(host, HostEvent::Report(Vec::new()))
        .await;
    lab.until_host(host, HostStatus::Up).await;
    lab.settle().await;
    for vm in [waiting, launched, moved] {
        assert_eq!(lab.snapshot().vm_status(vm), Some(VmStatus::WaitForLaunch));
    }
}

#[tokio::test]
async fn a_run_that_a_later_report_lacks_has_ended() {
    let (lab, host, vm) = with_vm(RunState::Up).await;
    lab.observer
        .event(host, HostEvent::Report(Vec::new()))
        .await;
    lab.until("it is down", |s| s.vm_status(vm) == Some(VmStatus::Down))
        .await;
}

#[tokio::test]
async fn pauses_and_recoveries_are_told_when_they_happen() {
    let (lab, host, vm) = with_vm(RunState::Up).await;
    lab.event(host, paused(vm, PauseReason::Enospc)).await;
    lab.event(host, paused(vm, PauseReason::Enospc)).await;
    lab.until_event(138).await;
    assert_eq!(lab.snapshot().vm_status(vm), Some(VmStatus::Paused));
    assert_eq!(
        lab.snapshot().vm_pause_reason(vm),
        Some(PauseReason::Enospc)
    );
    lab.event(host, running(vm, RunState::Up)).await;
    lab.until_event(196).await;
    lab.event(host, running(vm, RunState::NotResponding)).await;
    lab.until_event(126).await;
    assert_eq!(lab.events(138).await.len(), 1);
}

#[tokio::test]
async fn what_the_engine_did_not_order_is_left_alone() {
    let (lab, host, vm) = with_vm(RunState::Up).await;
    let unknown = VmId::known(99);
    lab.event(host, running(unknown, RunState::Up)).await;
    let mut older = running(vm, RunState::Paused);
    older.epoch = 7;
    lab.event(host, older).await;
    lab.settle().await;
    assert_eq!(lab.snapshot().vm_status(vm), Some(VmStatus::Up));
    assert!(lab.snapshot().vm_observed(unknown).is_none());
    assert!(lab.far_host(host).forgotten.borrow().is_empty());
}

#[tokio::test]
async fn another_host_cannot_end_a_run() {
    let lab = Lab::new().await;
    let (one, two) = (lab.host(1).await, lab.host(2).await);
    lab.reconciler.start().await.unwrap();
    let vm = lab.vm(1, one, true).await;
    lab.connect(one, vec![running(vm, RunState::Up)]).await;
    lab.up(two).await;
    lab.event(two, ended(vm, ExitStatus::Error)).await;
    let mut forgotten = lab.far_host(two).forgotten.subscribe();
    forgotten.wait_for(|list| list.len() == 1).await.unwrap();
    assert!(lab.snapshot().vm(vm).unwrap().run.is_some());
    assert_eq!(lab.snapshot().vm_status(vm), Some(VmStatus::Up));
}

#[tokio::test]
async fn samples_are_kept_with_the_vm() {
    let (lab, host, vm) = with_vm(RunState::Up).await;
    let mut frame = ports::hosts::StatsFrame::default();
    let stats = domain::vms::VmStats {
        at: Timestamp(5),
        rss_bytes: 77,
        ..domain::vms::VmStats::default()
    };
    frame.vms.insert(vm, stats.clone());
    lab.observer.stats(host, frame).await;
    lab.until("the sample is seen", |s| s.vm_stats(vm) == Some(&stats))
        .await;
}
