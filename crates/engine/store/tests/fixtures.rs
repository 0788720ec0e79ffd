//! A database of every milestone is opened by this version, and everything in it is found.

mod common;

use common::place::{HOLDER, Place};
use common::{data_center, put};
use domain::{Entity, Noun};
use serde_json::{Value, json};
use store::{Contents, Store};
use testkit::TestDir;
use uuid::Uuid;

async fn open_copy_of(name: &str) -> (Store, Contents, TestDir) {
    let dir = TestDir::new();
    let from = format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::copy(&from, dir.join("engine.db")).unwrap();
    let (store, contents) = Store::open(&dir.join("engine.db")).await.unwrap();
    (store, contents, dir)
}

#[tokio::test]
async fn the_spine() {
    let (store, contents, _dir) = open_copy_of("0001-spine.db").await;
    let expected = spine();
    assert_eq!(contents.entities.len(), expected.len());
    for (entity, (noun, value)) in contents.entities.iter().zip(&expected) {
        assert_eq!(entity.noun(), *noun);
        let found: Value = serde_json::from_str(&entity.to_json().unwrap()).unwrap();
        assert!(
            holds(&found, value),
            "{noun:?}: {found} lacks a part of {value}"
        );
    }
    assert_eq!(contents.workflows.len(), 1);
    assert_eq!(contents.workflows[0].title, "Launching VM web");
    assert_eq!(contents.events.len(), 1);
    assert_eq!(contents.events[0].event.message, "The engine was started.");
    let seq = i64::try_from(expected.len()).unwrap() + 2;
    assert_eq!(contents.seq, seq);
    // It goes on from there: names are still taken, numbers go on.
    assert!(store.commit(put(data_center(77, "Default"))).await.is_err());
    let next = store.commit(put(data_center(77, "Second"))).await.unwrap();
    assert_eq!(next.seq, seq + 1);
    store.close().await;
}

/// The same over the bridge of a backup: what SQLite held, PostgreSQL holds.
#[tokio::test]
async fn the_spine_moves_to_postgres() {
    let Some(at) = Place::postgres("the_spine_moves_to_postgres").await else {
        return;
    };
    let (store, expected, dir) = open_copy_of("0001-spine.db").await;
    store.backup(&dir.join("backup")).await.unwrap();
    store.close().await;
    Store::restore(&dir.join("backup"), &at.url(), HOLDER)
        .await
        .unwrap();
    let (store, found) = at.open().await;
    assert_eq!(found.entities, expected.entities);
    assert_eq!(found.workflows, expected.workflows);
    assert_eq!(found.events, expected.events);
    assert_eq!(found.seq, expected.seq);
    store.close().await;
}

/// An engine's database with one object of each noun that came with the administration of
/// infrastructure: written by the program itself, through the operator's socket.
#[tokio::test]
async fn the_administration() {
    let (store, contents, _dir) = open_copy_of("0004-administration.db").await;
    let count = |noun| {
        contents
            .entities
            .iter()
            .filter(|e| e.noun() == noun)
            .count()
    };
    for noun in [
        Noun::DataCenter,
        Noun::MacPool,
        Noun::Cluster,
        Noun::Network,
        Noun::VnicProfile,
        Noun::Template,
        Noun::Vm,
        Noun::User,
        Noun::Tag,
        Noun::Bookmark,
        Noun::AffinityGroup,
        Noun::AffinityLabel,
        Noun::SchedulingPolicy,
        Noun::Membership,
    ] {
        assert_eq!(count(noun), 1, "{noun:?}");
    }
    assert_eq!(count(Noun::InstanceType), 5);
    assert_eq!(contents.events.len(), 8);
    let vm = contents.entities.iter().find(|e| e.noun() == Noun::Vm);
    assert_eq!(vm.map(Entity::name), Some("сервер-1"));
    assert!(store.commit(put(data_center(77, "Default"))).await.is_err());
    store.close().await;
}

fn id(n: u128) -> String {
    Uuid::from_u128(n).to_string()
}

/// One object of every noun as it was written at the first milestone, in the order of loading.
/// What is added to a noun later must have a default.
fn spine() -> Vec<(Noun, Value)> {
    let version = json!({"major": 4, "minor": 8});
    let hardware = json!({
        "kind": "Server", "os": "other", "memory_bytes": 1_073_741_824,
        "memory_guaranteed_bytes": 1_073_741_824, "memory_max_bytes": 4_294_967_296u64,
        "ballooning": true, "topology": {"sockets": 1, "cores": 2, "threads": 1},
        "bios": "ClusterDefault", "boot": ["Hd", "Network"],
        "graphics": [{"protocol": "Vnc"}], "rng": true,
        "nics": [{"id": id(20), "name": "nic1", "mac": "56:6f:00:00:00:0a", "interface": "Virtio",
                  "profile": id(5), "plugged": true, "linked": true}],
        "disks": [{"disk": id(8), "interface": "VirtioScsi", "bootable": true, "active": true}],
    });
    let data_center = json!({"id": id(1), "name": "Default", "local": true, "version": version,
        "created": 1_764_000_000_000_000i64});
    let mac_pool = json!({"id": id(2), "name": "Default", "default": true,
        "allow_duplicates": false, "ranges": [["56:6f:00:00:00:00", "56:6f:00:00:ff:ff"]]});
    let cluster = json!({"id": id(3), "name": "Кластер", "data_center": id(1), "version": version,
        "memory_overcommit_percent": 100, "ballooning": true, "ksm": false, "mac_pool": id(2),
        "created": 1});
    let network = json!({"id": id(4), "name": "ovirtmgmt", "data_center": id(1),
        "vm_network": true, "management": true, "bridge": "ovirtmgmt"});
    let profile = json!({"id": id(5), "name": "ovirtmgmt", "network": id(4)});
    let host = json!({"id": id(6), "name": "host1", "address": "host1.example", "port": 54321,
        "cluster": id(3), "enrolment": {"Done": {"fingerprint": "00", "expires": 2}},
        "fence_epoch": 1, "created": 1});
    let storage = json!({"id": id(7), "name": "data",
        "backing": {"type": "localfs", "path": "/data"}, "data_center": id(1),
        "status": "Active", "master": true, "warning_low_space_percent": 10,
        "critical_space_gib": 5, "created": 1});
    let disk = json!({"id": id(8), "name": "root", "storage_domain": id(7), "format": "Cow",
        "sparse": true, "provisioned_bytes": 1_073_741_824, "actual_bytes": 200_704,
        "volumes": [{"id": id(21), "format": "Cow", "sparse": true,
                     "capacity_bytes": 1_073_741_824}],
        "status": "Ok", "created": 1});
    let mut template = json!({"id": id(9), "name": "vireo-demo", "cluster": id(3),
        "data_center": id(1), "version_number": 1, "version_name": "base version",
        "status": "Ok", "created": 1});
    template["hardware"] = hardware.clone();
    template["hardware"]["nics"] = json!([]);
    let mut vm = json!({"id": id(10), "name": "web-\u{17c}", "cluster": id(3), "data_center": id(1),
        "template": id(9), "description": "<b>&amp;</b>", "run_epoch": 3,
        "run": {"epoch": 3, "host": id(6), "requested": 1, "started": 2, "up": 3, "ending": null},
        "last_exit": {"status": "Normal", "reason": "AdminShutdown", "message": "m", "at": 1},
        "created": 1, "creator": "admin@internal"});
    vm["hardware"] = hardware;
    let user = json!({"id": id(11), "name": "admin", "domain": "internal",
        "password_hash": "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$AAAA", "created": 1});
    let token = json!({"id": id(12), "name": "ab", "user": id(11), "expires": 2, "created": 1});
    vec![
        (Noun::DataCenter, data_center),
        (Noun::MacPool, mac_pool),
        (Noun::Cluster, cluster),
        (Noun::Network, network),
        (Noun::VnicProfile, profile),
        (Noun::Host, host),
        (Noun::StorageDomain, storage),
        (Noun::Disk, disk),
        (Noun::Template, template),
        (Noun::Vm, vm),
        (Noun::User, user),
        (Noun::Token, token),
    ]
}

/// Is everything that was written found again? What was added since may be there, too.
fn holds(found: &Value, written: &Value) -> bool {
    match (found, written) {
        (Value::Object(found), Value::Object(written)) => written
            .iter()
            .all(|(key, value)| found.get(key).is_some_and(|f| holds(f, value))),
        (Value::Array(found), Value::Array(written)) => {
            found.len() == written.len() && found.iter().zip(written).all(|(f, w)| holds(f, w))
        }
        (found, written) => found == written,
    }
}
