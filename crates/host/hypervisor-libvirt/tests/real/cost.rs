//! What a launch through the adapter costs over `virsh create` of the same machine. A measurement,
//! run by hand: `cargo test -p hypervisor-libvirt --test real cost -- --ignored --nocapture`.

use crate::bench::{booted, config, connect};
use crate::guest;
use crate::lab::Lab;
use hypervisor::xml::{BuildContext, domain_xml};
use hypervisor::{Hypervisor, MachineLaunch};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

const PAIRS: usize = 15;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement, not a test"]
async fn launch_against_virsh_create() {
    if crate::skipped("launch_against_virsh_create") {
        return;
    }
    let lab = Lab::start();
    let adapter = connect(&lab, config(&lab)).await;
    let facts = adapter.facts().await.unwrap();
    let (mut ours, mut theirs, mut boots) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        let launch = guest::launch(lab.dir.path(), "measured");
        let begin = Instant::now();
        adapter.launch(launch.clone()).await.unwrap();
        ours.push(begin.elapsed());
        booted(&launch).await;
        boots.push(begin.elapsed());
        adapter.destroy(launch.machine.id, 1).await.unwrap();

        let launch = MachineLaunch {
            serial_log: None,
            ..guest::launch(lab.dir.path(), "measured")
        };
        let context = BuildContext {
            accel: facts.accel,
            architecture: facts.architecture.clone(),
            started: base::Timestamp(0),
            buffered: BTreeSet::new(),
        };
        let file = lab.dir.join("measured.xml");
        std::fs::write(&file, domain_xml(&launch, &context).unwrap()).unwrap();
        let begin = Instant::now();
        lab.virsh(&["create", file.to_str().unwrap()]);
        theirs.push(begin.elapsed());
        lab.virsh(&["destroy", &launch.machine.id.to_string()]);
    }
    let line = |what: &str, all: &mut Vec<Duration>| {
        all.sort();
        println!(
            "{what}: median {:?}, least {:?}, most {:?}",
            all[PAIRS / 2],
            all[0],
            all[PAIRS - 1]
        );
    };
    line("launch", &mut ours);
    line("virsh create", &mut theirs);
    line("launch until the guest prints", &mut boots);
}
