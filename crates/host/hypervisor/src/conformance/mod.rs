//! What every adapter must do, as cases that run against any of them.
//!
//! A case panics with what was expected and what was found. The guests are deaf: they boot, print
//! one line, and answer neither agent nor power button.

mod cases;
mod watch;

pub use cases::CASES;
pub use watch::Watch;

use crate::{Hypervisor, MachineLaunch};
use base::VmId;
use std::sync::Arc;

/// What the suite needs from the surroundings of an adapter.
#[async_trait::async_trait]
pub trait Bench: Send + Sync {
    /// The adapter.
    fn hypervisor(&self) -> Arc<dyn Hypervisor>;
    /// A deaf guest with a new id, one disk and run 1, not launched yet.
    fn deaf_guest(&self, name: &str) -> MachineLaunch;
    /// Returns when the guest's own code runs.
    async fn booted(&self, launch: &MachineLaunch);
    /// Kills the machine's QEMU as a crash would.
    async fn qemu_killed(&self, vm: VmId);
    /// Ends the daemon behind the adapter and starts it again; machines run on.
    async fn daemon_restarted(&self);
    /// Throws the adapter away and makes a new one; machines run on.
    async fn agent_restarted(&self);
}

/// Runs every case, one after another; nothing must be left by any.
pub async fn run_all(bench: &dyn Bench) {
    for (name, case) in CASES {
        println!("conformance: {name}");
        case(bench).await;
        let left = bench.hypervisor().list().await;
        assert_eq!(left, Ok(vec![]), "{name} left machines behind");
    }
}
