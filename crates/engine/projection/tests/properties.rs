//! However commits come, the projection is what the last state of the objects says.

mod common;

use base::*;
use common::*;
use domain::{Entity, Noun};
use projection::{Projection, Snapshot};
use proptest::prelude::*;
use std::collections::BTreeMap;
use store::{Change, Contents};
use uuid::Uuid;

#[derive(Clone, Debug)]
enum Step {
    Disk {
        n: u128,
        name: u8,
        on: u128,
        over: Option<u128>,
    },
    Vm {
        n: u128,
        cluster: u128,
        disks: Vec<u128>,
        host: Option<u128>,
    },
    Delete {
        disk: bool,
        n: u128,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let small = 1..4u128;
    let disk = (
        10..16u128,
        0..3u8,
        small.clone(),
        prop::option::of(10..16u128),
    )
        .prop_map(|(n, name, on, over)| Step::Disk { n, name, on, over });
    let vm = (
        20..26u128,
        small.clone(),
        prop::collection::vec(10..16u128, 0..3),
        prop::option::of(small),
    )
        .prop_map(|(n, cluster, disks, host)| Step::Vm {
            n,
            cluster,
            disks,
            host,
        });
    let delete = (any::<bool>(), 0..6u128).prop_map(|(disk, n)| Step::Delete {
        disk,
        n: n + if disk { 10 } else { 20 },
    });
    prop::collection::vec(prop_oneof![disk, vm, delete], 0..60)
}

/// Everything that can be asked of disks and VMs, as comparable text.
fn answers(now: &Snapshot) -> Vec<String> {
    let mut all = Vec::new();
    let mut list = |what: String, ids: Vec<Uuid>| all.push(format!("{what}: {ids:?}"));
    list("disks".into(), now.disks().map(|d| d.id.0).collect());
    list("vms".into(), now.vms().map(|v| v.id.0).collect());
    for n in 1..4 {
        list(
            format!("on {n}"),
            now.disks_on(StorageDomainId::known(n))
                .map(|d| d.id.0)
                .collect(),
        );
        list(
            format!("host {n}"),
            now.vms_on_host(HostId::known(n)).map(|v| v.id.0).collect(),
        );
        list(
            format!("cluster {n}"),
            now.vms_of_cluster(ClusterId::known(n))
                .map(|v| v.id.0)
                .collect(),
        );
    }
    for n in 10..16 {
        list(
            format!("over {n}"),
            now.disks_over(DiskId::known(n)).map(|d| d.id.0).collect(),
        );
        list(
            format!("with {n}"),
            now.vms_with_disk(DiskId::known(n))
                .map(|v| v.id.0)
                .collect(),
        );
    }
    for n in 20..26 {
        let found = now.vm_named(DataCenterId::known(1), &format!("vm{n}"));
        list(
            format!("named {n}"),
            found.map(|v| v.id.0).into_iter().collect(),
        );
    }
    all
}

proptest! {
    #[test]
    fn a_history_ends_in_the_state_it_describes(steps in steps()) {
        let history = Projection::new(&Contents::default());
        let mut last: BTreeMap<(Noun, u128), Entity> = BTreeMap::new();
        for step in steps {
            let change = match step {
                Step::Disk { n, name, on, over } => {
                    let name = format!("disk{name}");
                    let entity = disk(n, &name, on, over);
                    last.insert((Noun::Disk, n), entity.clone());
                    Change::Put(entity)
                }
                Step::Vm { n, cluster, disks, host } => {
                    let name = format!("vm{n}");
                    let run = host.map(|h| (1, h, false));
                    let entity = vm(n, &name, cluster, 1, &disks, run);
                    last.insert((Noun::Vm, n), entity.clone());
                    Change::Put(entity)
                }
                Step::Delete { disk, n } => {
                    let noun = if disk { Noun::Disk } else { Noun::Vm };
                    last.remove(&(noun, n));
                    deletion(noun, n)
                }
            };
            commit(&history, vec![change]);
        }
        let fresh = Projection::new(&Contents {
            entities: last.into_values().collect(),
            ..Contents::default()
        });
        prop_assert_eq!(answers(&history.snapshot()), answers(&fresh.snapshot()));
    }
}
