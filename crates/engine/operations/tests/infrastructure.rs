//! The verbs on hosts, storage domains, networks, data centers and users.

mod common;

use base::{FaultKind, Generation, HostId, StorageDomainId, Timestamp, TokenId, WorkflowId};
use common::hosts::Trouble;
use common::{HOST1, World, call};
use domain::hosts::Enrolment;
use domain::jobs::{WorkflowRow, WorkflowState};
use domain::storage::{StorageBacking, StorageDomainStatus};
use domain::users::Token;
use operations::data_centers::update::{DataCenterUpdate, update};
use operations::hosts::add::HostAdd;
use operations::networks::add::NetworkAdd;
use operations::restored::after_restore;
use operations::storage_domains::add::StorageDomainAdd;
use operations::{hosts, networks, storage_domains, users};
use std::sync::Arc;
use std::time::Duration;
use store::Batch;
use workflow::{JournalHook, JournalPoint};

fn host(world: &World, name: &str) -> HostAdd {
    HostAdd {
        name: name.into(),
        description: String::new(),
        comment: String::new(),
        address: format!("{name}.example"),
        port: None,
        cluster: world.cluster(),
    }
}

#[tokio::test]
async fn a_host_enrols_once_with_its_token() {
    let world = World::new().await;
    let added = hosts::add::add(&call(), &world.rooms, host(&world, "host3")).await;
    let first = added.unwrap();
    assert!(!format!("{first:?}").contains(&first.token));
    let stored = world.snapshot().host(first.id).unwrap().to_owned();
    assert_eq!(stored.port, 54321);
    assert!(
        !format!("{stored:?}").contains(&first.token),
        "only a digest is kept"
    );
    // The same again: a new token, the old one is void.
    let added = hosts::add::add(&call(), &world.rooms, host(&world, "host3")).await;
    let second = added.unwrap();
    assert_eq!(second.id, first.id);
    let enrol = |token: String| {
        let world = &world;
        async move { hosts::enrol::enrol(&call(), &world.rooms, &token, signed("k", "ab")).await }
    };
    let void = enrol(first.token).await.unwrap_err();
    assert_eq!(void.kind, FaultKind::Forbidden);
    assert_eq!(
        hosts::enrol::host_of_token(&world.rooms, &second.token)
            .unwrap()
            .id,
        second.id
    );
    assert_eq!(enrol(second.token.clone()).await, Ok(second.id));
    // The answer may have been lost: the same key may ask again, no other one.
    assert_eq!(enrol(second.token.clone()).await, Ok(second.id));
    let other = signed("other", "cd");
    let other = hosts::enrol::enrol(&call(), &world.rooms, &second.token, other).await;
    assert_eq!(other.unwrap_err().kind, FaultKind::Forbidden);
    let snapshot = world.snapshot();
    let host = snapshot.host(second.id).unwrap();
    assert!(matches!(&host.enrolment, Enrolment::Done { fingerprint, .. } if fingerprint == "ab"));
    assert!(world.events().ends_with(&[42, 504]), "told once");
}

fn signed<'a>(key_sha256: &'a str, fingerprint: &'a str) -> hosts::enrol::Signed<'a> {
    hosts::enrol::Signed {
        key_sha256,
        fingerprint,
        expires: Timestamp(i64::MAX),
    }
}

#[tokio::test]
async fn a_host_that_has_joined_gets_a_new_token_and_keeps_its_certificate_until_it_is_used() {
    let world = World::new().await;
    let enrol = |token: String, key: &'static str| {
        let world = &world;
        async move { hosts::enrol::enrol(&call(), &world.rooms, &token, signed(key, key)).await }
    };
    let added = hosts::add::add(&call(), &world.rooms, host(&world, "host3")).await;
    let added = added.unwrap();
    enrol(added.token.clone(), "k1").await.unwrap();
    let renewed = hosts::renew_token::renew_token(&call(), &world.rooms, added.id).await;
    let renewed = renewed.unwrap();
    let shown = || {
        let snapshot = world.snapshot();
        let host = snapshot.host(added.id).unwrap();
        let shown: Vec<String> = host.enrolment.fingerprints().map(str::to_owned).collect();
        shown
    };
    assert_eq!(shown(), ["k1"]);
    assert!(
        enrol(added.token, "k1").await.is_err(),
        "the old one is void"
    );
    assert_eq!(enrol(renewed.token, "k2").await, Ok(added.id));
    assert_eq!(shown(), ["k2"]);
    let nobody = hosts::renew_token::renew_token(&call(), &world.rooms, HostId::known(99)).await;
    assert_eq!(nobody.unwrap_err().kind, FaultKind::NotFound);
}

#[tokio::test]
async fn a_token_ends_and_names_are_taken() {
    let world = World::new().await;
    let added = hosts::add::add(&call(), &world.rooms, host(&world, "host3")).await;
    let added = added.unwrap();
    world.clock.advance(Duration::from_secs(601));
    let late = hosts::enrol::host_of_token(&world.rooms, &added.token);
    assert_eq!(late.unwrap_err().kind, FaultKind::Forbidden);
    let mut same_name = host(&world, "host3");
    same_name.address = "10.0.0.9".into();
    let refused = hosts::add::add(&call(), &world.rooms, same_name).await;
    assert_eq!(
        refused.unwrap_err().key,
        "ACTION_TYPE_FAILED_NAME_ALREADY_USED"
    );
    let mut same_address = host(&world, "host4");
    same_address.address = "host3.example".into();
    let refused = hosts::add::add(&call(), &world.rooms, same_address).await;
    assert_eq!(
        refused.unwrap_err().key,
        "ACTION_TYPE_FAILED_VDS_WITH_SAME_HOST_EXIST"
    );
}

fn domain(world: &World, name: &str, backing: StorageBacking) -> StorageDomainAdd {
    StorageDomainAdd {
        name: name.into(),
        description: String::new(),
        comment: String::new(),
        data_center: world.data_center(),
        host: HOST1,
        backing,
    }
}

fn posix(path: &str) -> StorageBacking {
    StorageBacking::PosixFs {
        path: path.into(),
        vfs_type: "none".into(),
        mount_options: String::new(),
    }
}

#[tokio::test]
async fn a_domain_fits_its_data_center_and_has_a_place_of_its_own() {
    let world = World::new().await;
    let add = |name: &str, backing| {
        let add = domain(&world, name, backing);
        let world = &world;
        async move {
            storage_domains::add::add(&call(), &world.rooms, add)
                .await
                .map_err(|f| f.key)
        }
    };
    let local = StorageBacking::LocalFs { path: "/d".into() };
    assert_eq!(
        add("local", local).await.unwrap_err(),
        "ERROR_CANNOT_ATTACH_STORAGE_DOMAIN_STORAGE_TYPE_NOT_MATCH"
    );
    assert_eq!(
        add("data", posix("/x")).await.unwrap_err(),
        "ACTION_TYPE_FAILED_STORAGE_DOMAIN_NAME_ALREADY_EXIST"
    );
    assert_eq!(
        add("more", posix("/srv/data")).await.unwrap_err(),
        "ACTION_TYPE_FAILED_STORAGE_CONNECTION_ALREADY_EXISTS"
    );
    assert_eq!(
        add("диск", posix("/x")).await.unwrap_err(),
        "ACTION_TYPE_FAILED_NAME_MAY_NOT_CONTAIN_SPECIAL_CHARS"
    );
    world.done(add("more", posix("/x")).await.unwrap()).await;
    assert!(world.events().ends_with(&[956, 966]));
}

/// A world that was restored from a backup of the moment when a domain's making had been accepted;
/// `meanwhile` happens before its engine starts.
async fn restored_while_a_domain_was_made(
    meanwhile: impl FnOnce(&World, StorageDomainId),
) -> (World, WorkflowId) {
    let stops: JournalHook = Arc::new(|_: JournalPoint, _: &WorkflowRow| true);
    let world = World::new().await.restart(Some(stops)).await;
    let add = domain(&world, "more", posix("/srv/more"));
    let accepted = storage_domains::add::add(&call(), &world.rooms, add).await;
    let job = accepted.unwrap().job.unwrap();
    let made = world.clock_now();
    let batch = after_restore(&world.snapshot(), &call(), made, made);
    world.rooms.store.commit(batch).await.unwrap();
    let domain = world.snapshot().storage_domain_named("more").cloned();
    let domain = domain.unwrap();
    assert_eq!(domain.status, StorageDomainStatus::Locked);
    meanwhile(&world, domain.id);
    (world.restart(None).await, job)
}

#[tokio::test]
async fn a_domain_that_was_being_made_at_the_backup_is_made_after_the_restore() {
    let (world, job) = restored_while_a_domain_was_made(|_, _| ()).await;
    assert_eq!(world.end(job).await.state, WorkflowState::Finished);
    let status = world
        .snapshot()
        .storage_domain_named("more")
        .map(|d| d.status);
    assert_eq!(status, Some(StorageDomainStatus::Active));
}

#[tokio::test]
async fn a_domain_that_cannot_be_made_after_the_restore_is_gone_with_its_files() {
    let mut made = None;
    let never = |world: &World, id| {
        made = Some(id);
        world
            .hosts
            .trouble("storage_connect", Trouble::Fails, usize::MAX);
    };
    let (world, job) = restored_while_a_domain_was_made(never).await;
    assert_eq!(world.end(job).await.state, WorkflowState::Failed);
    assert!(world.snapshot().storage_domain_named("more").is_none());
    assert!(!world.hosts.holds(made.unwrap()), "files stay");
}

#[tokio::test]
async fn a_domain_that_turns_out_to_hold_disks_keeps_its_files() {
    let mut made = None;
    let used = |world: &World, id| {
        world.hosts.disk_of_another_engine(id);
        world
            .hosts
            .trouble("storage_connect", Trouble::Fails, usize::MAX);
        made = Some(id);
    };
    let (world, job) = restored_while_a_domain_was_made(used).await;
    assert_eq!(world.end(job).await.state, WorkflowState::Failed);
    assert!(
        world.hosts.holds(made.unwrap()),
        "the disk's domain was removed"
    );
}

#[tokio::test]
async fn a_data_center_changes_its_kind_only_while_it_is_empty() {
    let world = World::new().await;
    let id = world.data_center();
    let change = DataCenterUpdate {
        local: Some(true),
        ..DataCenterUpdate::default()
    };
    let refused = update(&call(), &world.rooms, id, change).await;
    assert_eq!(
        refused.unwrap_err().key,
        "ERROR_CANNOT_CHANGE_STORAGE_POOL_TYPE_WITH_LOCAL"
    );
    let change = DataCenterUpdate {
        description: Some("дата-центр".into()),
        ..DataCenterUpdate::default()
    };
    update(&call(), &world.rooms, id, change).await.unwrap();
    let snapshot = world.snapshot();
    assert_eq!(snapshot.data_center(id).unwrap().description, "дата-центр");
}

#[tokio::test]
async fn a_network_comes_with_a_profile_and_a_bridge() {
    let world = World::new().await;
    let network = |name: &str| NetworkAdd {
        name: name.into(),
        description: String::new(),
        comment: String::new(),
        data_center: world.data_center(),
        bridge: None,
        vlan: Some(7),
        mtu: 1400,
        vm_network: true,
        profile: true,
        everywhere: true,
    };
    let added = networks::add::add(&call(), &world.rooms, network("внутренняя сеть")).await;
    let id = added.unwrap().id;
    let snapshot = world.snapshot();
    assert!(snapshot.network(id).unwrap().bridge.starts_with("on"));
    assert_eq!(snapshot.vnic_profiles_of(id).count(), 1);
    let again = networks::add::add(&call(), &world.rooms, network("ovirtmgmt")).await;
    assert_eq!(
        again.unwrap_err().key,
        "ACTION_TYPE_FAILED_NETWORK_NAME_IN_USE"
    );
    let mut bad = network("x");
    bad.vlan = Some(4095);
    let refused = networks::add::add(&call(), &world.rooms, bad).await;
    assert_eq!(refused.unwrap_err().kind, FaultKind::BadRequest);
}

#[tokio::test]
async fn a_new_password_ends_the_users_tokens() {
    let world = World::new().await;
    let user = world.snapshot().users().next().unwrap().id;
    let mut batch = Batch::new();
    batch.put(Token {
        id: TokenId::known(1),
        generation: Generation::NEW,
        name: "aa".into(),
        user,
        kind: Default::default(),
        scopes: Vec::new(),
        description: String::new(),
        address: None,
        expires: Timestamp(i64::MAX),
        created: Timestamp(0),
    });
    world.rooms.store.commit(batch).await.unwrap();
    users::set_password::set_password(&call(), &world.rooms, user, "$new")
        .await
        .unwrap();
    let snapshot = world.snapshot();
    assert_eq!(snapshot.token_count(), 0);
    assert_eq!(snapshot.user(user).unwrap().password_hash, "$new");
}
