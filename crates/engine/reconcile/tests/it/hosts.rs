//! The states of hosts.

use crate::lab::{GRACE, Lab, running};
use domain::hosts::HostStatus;
use domain::vms::RunState;
use domain::vms::status::VmStatus;
use ports::hosts::HostEvent;
use std::time::Duration;

const HOST_UP: i32 = 13;
const HOST_RECOVERED: i32 = 14;
const HOST_NON_RESPONSIVE: i32 = 12;
const HOST_NOT_RESPONDING: i32 = 9027;
const HOST_NON_OPERATIONAL: i32 = 517;
const VM_UNKNOWN: i32 = 142;
const VM_RESTORED: i32 = 163;

#[tokio::test]
async fn a_host_is_up_when_it_is_connected_checked_and_has_reported() {
    let (lab, host) = Lab::with_host().await;
    let domain = lab.domain(1).await;
    assert_eq!(
        lab.snapshot().host_status(host),
        Some(HostStatus::Connecting)
    );
    lab.observer.connected(host, Lab::hello()).await;
    lab.until("the domain is connected", |s| {
        s.host_observed(host).is_some_and(|o| o.storage == [domain])
    })
    .await;
    assert_eq!(
        lab.snapshot().host_status(host),
        Some(HostStatus::Initializing)
    );
    lab.observer
        .event(host, HostEvent::Report(Vec::new()))
        .await;
    lab.until_host(host, HostStatus::Up).await;
    let event = lab.until_event(HOST_UP).await;
    assert_eq!(event.event.about.host, Some(host));
    lab.until("facts are kept", |s| {
        s.host(host).unwrap().facts.as_ref() == Some(&Lab::hello().facts)
    })
    .await;
}

#[tokio::test]
async fn the_same_facts_again_are_not_stored_again() {
    let (lab, host) = Lab::with_host().await;
    lab.up(host).await;
    lab.until("facts are kept", |s| s.host(host).unwrap().facts.is_some())
        .await;
    lab.until_event(HOST_UP).await;
    let generation = lab.snapshot().host(host).unwrap().generation;
    lab.up(host).await;
    lab.settle().await;
    assert_eq!(lab.snapshot().host(host).unwrap().generation, generation);
}

#[tokio::test]
async fn a_short_loss_is_bridged_and_a_long_one_makes_vms_unknown_until_they_report() {
    let (lab, host) = Lab::with_host().await;
    let vm = lab.vm(1, host, true).await;
    let report = || vec![running(vm, RunState::PoweringUp)];
    lab.connect(host, report()).await;
    lab.until_host(host, HostStatus::Up).await;
    assert_eq!(lab.snapshot().vm_status(vm), Some(VmStatus::PoweringUp));

    lab.observer.lost(host, "pulled".to_owned()).await;
    lab.until_host(host, HostStatus::Connecting).await;
    let event = lab.until_event(HOST_NOT_RESPONDING).await;
    assert!(
        event.event.message.contains("pulled"),
        "{}",
        event.event.message
    );
    assert_eq!(lab.snapshot().vm_status(vm), Some(VmStatus::PoweringUp));
    lab.connect(host, report()).await;
    lab.until_host(host, HostStatus::Up).await;
    lab.until("up twice", |s| {
        s.events().filter(|e| e.event.code == HOST_UP).count() == 2
    })
    .await;

    lab.observer.lost(host, "pulled".to_owned()).await;
    lab.until_host(host, HostStatus::Connecting).await;
    lab.clock.wait_for_sleepers(1).await;
    lab.observer.lost(host, "no route".to_owned()).await;
    lab.until("the newest reason is known", |s| {
        s.host_observed(host).unwrap().reason.as_deref() == Some("no route")
    })
    .await;
    lab.clock.advance(GRACE);
    lab.until_host(host, HostStatus::NonResponsive).await;
    assert_eq!(lab.snapshot().vm_status(vm), Some(VmStatus::Unknown));
    let event = lab.until_event(HOST_NON_RESPONSIVE).await;
    assert!(
        event.event.message.contains("no route"),
        "{}",
        event.event.message
    );
    assert_eq!(lab.until_event(VM_UNKNOWN).await.event.about.vm, Some(vm));

    lab.observer.connected(host, Lab::hello()).await;
    lab.until_host(host, HostStatus::Initializing).await;
    assert_eq!(
        lab.snapshot().vm_status(vm),
        Some(VmStatus::Unknown),
        "not reported yet"
    );
    lab.observer.event(host, HostEvent::Report(report())).await;
    lab.until_host(host, HostStatus::Up).await;
    assert_eq!(lab.snapshot().vm_status(vm), Some(VmStatus::PoweringUp));
    lab.until_event(HOST_RECOVERED).await;
    lab.until_event(VM_RESTORED).await;
    assert_eq!(lab.events(HOST_RECOVERED).await.len(), 1);
}

#[tokio::test]
async fn a_host_that_never_answers_is_non_responsive_after_the_grace_time() {
    let (lab, host) = Lab::with_host().await;
    lab.observer
        .lost(host, "connection refused".to_owned())
        .await;
    lab.until("the reason is known", |s| {
        s.host_observed(host).is_some_and(|o| o.reason.is_some())
    })
    .await;
    assert_eq!(
        lab.snapshot().host_status(host),
        Some(HostStatus::Connecting)
    );
    lab.clock.wait_for_sleepers(1).await;
    lab.clock.advance(GRACE);
    lab.until_host(host, HostStatus::NonResponsive).await;
    lab.until_event(HOST_NON_RESPONSIVE).await;
    assert!(
        lab.events(HOST_NOT_RESPONDING).await.is_empty(),
        "it never did respond"
    );
}

#[tokio::test]
async fn a_host_without_the_management_bridge_is_non_operational_and_says_why() {
    let (lab, host) = Lab::with_host().await;
    let mut hello = Lab::hello();
    hello.facts.bridges = vec!["br0".to_owned()];
    lab.observer.connected(host, hello).await;
    lab.observer
        .event(host, HostEvent::Report(Vec::new()))
        .await;
    lab.until_host(host, HostStatus::NonOperational).await;
    let reason = lab
        .snapshot()
        .host_observed(host)
        .unwrap()
        .reason
        .clone()
        .unwrap();
    assert!(reason.contains("no bridge ovirtmgmt"), "{reason}");
    let event = lab.until_event(HOST_NON_OPERATIONAL).await;
    assert!(
        event.event.message.contains("ovirtmgmt"),
        "{}",
        event.event.message
    );

    // The same finding is not told again.
    lab.clock.wait_for_sleepers(1).await;
    lab.clock.advance(Duration::from_secs(30));
    lab.settle().await;
    assert_eq!(lab.events(HOST_NON_OPERATIONAL).await.len(), 1);
    // It comes back with the bridge.
    lab.up(host).await;
}

#[tokio::test]
async fn a_host_that_lacks_a_domain_which_others_reach_is_non_operational_until_it_does() {
    let lab = Lab::new().await;
    let (one, two) = (lab.host(1).await, lab.host(2).await);
    let domain = lab.domain(1).await;
    lab.reconciler.start().await.unwrap();
    lab.up(one).await;
    let far = lab.far_host(two);
    far.unreachable.lock().unwrap().insert(domain);
    lab.connect(two, Vec::new()).await;
    lab.until_host(two, HostStatus::NonOperational).await;
    let reason = lab
        .snapshot()
        .host_observed(two)
        .unwrap()
        .reason
        .clone()
        .unwrap();
    assert!(
        reason.contains("data1") && reason.contains("does not answer"),
        "{reason}"
    );

    far.unreachable.lock().unwrap().clear();
    lab.clock.wait_for_sleepers(1).await;
    lab.clock.advance(Duration::from_secs(30));
    lab.until_host(two, HostStatus::Up).await;
    assert_eq!(lab.snapshot().host_observed(two).unwrap().storage, [domain]);
}
