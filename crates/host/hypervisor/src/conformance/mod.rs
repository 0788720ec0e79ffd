//! What every adapter must do, as cases that run against any of them.
//!
//! A case panics with what was expected and what was found. The guests are deaf: they boot, print
//! one line, and answer neither agent nor power button.

/// Names cases and lists them as `CASES`.
macro_rules! cases {
    ($($name:ident),* $(,)?) => {
        /// Every case.
        pub const CASES: &[Case] = &[$((stringify!($name), |bench| Box::pin($name(bench)))),*];
    };
}

mod cases;
mod layers;
mod moves;
mod watch;

pub use cases::{CASES, Case};
pub use layers::CASES as LAYER_CASES;
pub use moves::CASES as MOVE_CASES;
pub use watch::Watch;

use crate::{DiskSource, Hypervisor, MachineLaunch};
use base::VmId;
use domain::disks::DiskFormat;
use std::path::{Path, PathBuf};
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
    /// A second host that sees the same files. The same one each time.
    fn neighbour(&self) -> Neighbour;
    /// The same that writes to its memory all the time: with the smallest bandwidth its way to
    /// another host does not end by itself.
    fn busy_guest(&self, name: &str) -> MachineLaunch;
    /// A new, empty layer in qcow2 that names `on`, in `format`, as its backing file.
    async fn layer(&self, on: &Path, format: DiskFormat) -> DiskSource;
    /// A raw copy of a raw file, elsewhere.
    async fn copied(&self, file: &Path) -> PathBuf;
}

/// The host next door.
pub struct Neighbour {
    /// Its adapter.
    pub hypervisor: Arc<dyn Hypervisor>,
    /// How the first host's libvirt reaches it.
    pub uri: String,
    /// Where the first host's QEMU sends memory to.
    pub migrate_uri: Option<String>,
}

/// Runs every case, one after another; nothing must be left by any.
pub async fn run_all(bench: &dyn Bench) {
    for cases in [CASES, LAYER_CASES, MOVE_CASES] {
        run(bench, cases).await;
    }
}

/// Runs some of the cases.
pub async fn run(bench: &dyn Bench, cases: &[Case]) {
    for (name, case) in cases {
        println!("conformance: {name}");
        case(bench).await;
        for hypervisor in [bench.hypervisor(), bench.neighbour().hypervisor] {
            let left = hypervisor.list().await;
            assert_eq!(left, Ok(vec![]), "{name} left machines behind");
        }
    }
}
