//! Storage domains: who reaches them, how full they are.

use crate::lab::Lab;
use domain::hosts::HostStatus;
use domain::storage::StorageDomainStatus;
use ports::hosts::StorageDomainUsage;
use std::time::Duration;

const ACTIVATED: i32 = 966;
const LOST: i32 = 970;
const LOW: i32 = 26;
const CRITICAL: i32 = 201;

fn free(gib: u64) -> StorageDomainUsage {
    StorageDomainUsage {
        total_bytes: 100 << 30,
        available_bytes: gib << 30,
    }
}

#[tokio::test]
async fn a_new_domain_is_connected_by_hosts_that_are_up() {
    let (lab, host) = Lab::with_host().await;
    lab.up(host).await;
    let domain = lab.domain(1).await;
    lab.until("the domain is active", |s| {
        s.storage_domain_status(domain) == Some(StorageDomainStatus::Active)
    })
    .await;
    let observed = *lab.snapshot().storage_domain_observed(domain).unwrap();
    assert_eq!(observed.available_bytes, 60 << 30);
    assert_eq!(observed.used_bytes, 40 << 30);
    lab.settle().await;
    assert!(
        lab.events(ACTIVATED).await.is_empty(),
        "whoever made it tells that"
    );
}

#[tokio::test]
async fn a_domain_that_nobody_reaches_is_inactive_and_comes_back() {
    let (lab, host) = Lab::with_host().await;
    let domain = lab.domain(1).await;
    lab.up(host).await;
    // Three samples in a row without it.
    lab.far_host(host)
        .unreachable
        .lock()
        .unwrap()
        .insert(domain);
    for _ in 0..3 {
        lab.frame(host, &[]).await;
    }
    lab.until("the domain is inactive", |s| {
        s.storage_domain_status(domain) == Some(StorageDomainStatus::Inactive)
    })
    .await;
    assert_eq!(
        lab.snapshot().host_status(host),
        Some(HostStatus::Up),
        "the domain is to blame, not the host"
    );
    let event = lab.until_event(LOST).await;
    assert_eq!(event.event.about.storage_domain, Some(domain));

    lab.far_host(host).unreachable.lock().unwrap().clear();
    lab.clock.wait_for_sleepers(1).await;
    lab.clock.advance(Duration::from_secs(30));
    lab.until_event(ACTIVATED).await;
    assert_eq!(
        lab.snapshot().storage_domain_status(domain),
        Some(StorageDomainStatus::Active)
    );
}

#[tokio::test]
async fn a_sample_without_a_domain_now_and_then_changes_nothing() {
    let (lab, host) = Lab::with_host().await;
    let domain = lab.domain(1).await;
    lab.up(host).await;
    for _ in 0..5 {
        lab.frame(host, &[]).await;
        lab.frame(host, &[]).await;
        lab.frame(host, &[(domain, free(60))]).await;
    }
    lab.settle().await;
    assert_eq!(
        lab.snapshot().host_observed(host).unwrap().storage,
        [domain]
    );
    assert!(lab.events(LOST).await.is_empty());
}

#[tokio::test]
async fn lack_of_space_is_told_once_until_there_is_space_again() {
    let (lab, host) = Lab::with_host().await;
    let domain = lab.domain(1).await;
    lab.up(host).await;
    for gib in [60, 9, 9, 4, 4, 9, 60] {
        lab.frame(host, &[(domain, free(gib))]).await;
    }
    lab.until_event(CRITICAL).await;
    lab.frame(host, &[(domain, free(8))]).await;
    lab.until("low twice", |s| {
        s.events().filter(|e| e.event.code == LOW).count() == 2
    })
    .await;
    assert_eq!(lab.events(CRITICAL).await.len(), 1);
    assert_eq!(
        lab.snapshot()
            .storage_domain_observed(domain)
            .unwrap()
            .available_bytes,
        8 << 30
    );
}
