//! Objects for the projection's tests, as small as they can be.

#![allow(dead_code)]

use domain::{Entity, Key, Noun};
use serde_json::{Value, json};
use store::{Change, CommitObserver, Committed};
use uuid::Uuid;

pub fn id(n: u128) -> String {
    Uuid::from_u128(n).to_string()
}

fn entity(noun: Noun, value: &Value) -> Entity {
    Entity::from_json(noun, &value.to_string()).unwrap()
}

pub fn data_center(n: u128, name: &str) -> Entity {
    entity(
        Noun::DataCenter,
        &json!({"id": id(n), "generation": 1, "name": name, "local": false,
                "version": {"major": 4, "minor": 8}, "created": 1}),
    )
}

pub fn cluster(n: u128, name: &str, dc: u128) -> Entity {
    entity(
        Noun::Cluster,
        &json!({"id": id(n), "generation": 1, "name": name, "data_center": id(dc),
                "version": {"major": 4, "minor": 8}, "memory_overcommit_percent": 100,
                "ballooning": true, "ksm": false, "mac_pool": id(1), "created": 1}),
    )
}

pub fn host(n: u128, name: &str, cluster: u128, pending: bool) -> Entity {
    let enrolment = if pending {
        json!({"Pending": {"token_sha256": "", "expires": 9}})
    } else {
        json!({"Done": {"fingerprint": "", "expires": 9}})
    };
    entity(
        Noun::Host,
        &json!({"id": id(n), "generation": 1, "name": name, "address": name, "port": 54321,
                "cluster": id(cluster), "enrolment": enrolment, "fence_epoch": 1, "created": 1}),
    )
}

pub fn storage(n: u128, name: &str, dc: Option<u128>, status: &str) -> Entity {
    entity(
        Noun::StorageDomain,
        &json!({"id": id(n), "generation": 1, "name": name,
                "backing": {"type": "localfs", "path": "/data"}, "data_center": dc.map(id),
                "status": status, "master": true, "warning_low_space_percent": 10,
                "critical_space_gib": 5, "created": 1}),
    )
}

pub fn disk(n: u128, name: &str, storage: u128, backing: Option<u128>) -> Entity {
    entity(
        Noun::Disk,
        &json!({"id": id(n), "generation": 1, "name": name, "storage_domain": id(storage),
                "format": "Cow", "sparse": true, "provisioned_bytes": 512, "actual_bytes": 0,
                "volumes": [], "backing": backing.map(|b| json!({"disk": id(b), "volume": id(1)})),
                "status": "Ok", "created": 1}),
    )
}

fn hardware(disks: &[u128]) -> Value {
    let disks: Vec<Value> = disks
        .iter()
        .map(|d| json!({"disk": id(*d), "interface": "Virtio", "bootable": true, "active": true}))
        .collect();
    json!({"kind": "Server", "os": "other", "memory_bytes": 1, "memory_guaranteed_bytes": 1,
           "memory_max_bytes": 1, "ballooning": true,
           "topology": {"sockets": 1, "cores": 1, "threads": 1}, "bios": "ClusterDefault",
           "boot": ["Hd"], "graphics": [], "rng": true, "disks": disks})
}

pub fn template(n: u128, name: &str, cluster: u128, dc: u128, disks: &[u128]) -> Entity {
    entity(
        Noun::Template,
        &json!({"id": id(n), "generation": 1, "name": name, "cluster": id(cluster),
                "data_center": id(dc), "version_number": 1, "version_name": "base version",
                "hardware": hardware(disks), "status": "Ok", "created": 1}),
    )
}

/// `run`: epoch, host, and whether QEMU was seen running.
pub fn vm(
    n: u128,
    name: &str,
    cluster: u128,
    dc: u128,
    disks: &[u128],
    run: Option<(u64, u128, bool)>,
) -> Entity {
    let run = run.map(|(epoch, host, started)| {
        json!({"epoch": epoch, "host": id(host), "requested": 1,
               "started": started.then_some(2)})
    });
    entity(
        Noun::Vm,
        &json!({"id": id(n), "generation": 1, "name": name, "cluster": id(cluster),
                "data_center": id(dc), "template": id(0), "hardware": hardware(disks),
                "run": run, "created": 1}),
    )
}

pub fn token(n: u128, user: u128) -> Entity {
    entity(
        Noun::Token,
        &json!({"id": id(n), "generation": 1, "name": format!("{:x}", u128::MAX - n),
                "user": id(user), "expires": 9, "created": 1}),
    )
}

/// A commit as the store would tell it.
pub fn commit(observer: &impl CommitObserver, changes: Vec<Change>) {
    observer.committed(&Committed { seq: 1, changes });
}

pub fn puts(entities: Vec<Entity>) -> Vec<Change> {
    entities.into_iter().map(Change::Put).collect()
}

pub fn deletion(noun: Noun, n: u128) -> Change {
    Change::Deleted(Key {
        noun,
        id: Uuid::from_u128(n),
    })
}
