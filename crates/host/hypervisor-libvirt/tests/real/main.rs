//! The adapter against a real libvirt and QEMU of its own.

mod agent;
mod bench;
mod cost;
mod guest;
mod hardware;
mod lab;

use hypervisor::conformance::run_all;

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
    run_all(&bench).await;
}
