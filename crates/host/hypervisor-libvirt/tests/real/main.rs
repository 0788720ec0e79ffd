//! The adapter against a real libvirt and QEMU of its own.

mod agent;
mod bench;
mod guest;
mod hardware;
mod lab;

use hypervisor::conformance::{CASES, LAYER_CASES, MOVE_CASES, run};

/// Says loudly why nothing is proven here.
fn skipped(test: &str) -> bool {
    match lab::missing() {
        None => false,
        Some(why) => {
            testkit::skip(test, &why);
            true
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn libvirt_conforms() {
    if skipped("libvirt_conforms") {
        return;
    }
    let bench = bench::LibvirtBench::start().await;
    run(&bench, CASES).await;
    run(&bench, LAYER_CASES).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn machines_move_between_two_libvirts() {
    if skipped("machines_move_between_two_libvirts") {
        return;
    }
    let bench = bench::LibvirtBench::start().await;
    run(&bench, MOVE_CASES).await;
}
