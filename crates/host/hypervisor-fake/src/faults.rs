//! What goes wrong, and when.

use hypervisor::HypervisorError;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// A command of the port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// `facts`.
    Facts,
    /// `launch`.
    Launch,
    /// `shutdown`.
    Shutdown,
    /// `destroy`.
    Destroy,
    /// `pause`.
    Pause,
    /// `resume`.
    Resume,
    /// `list` and `machine`.
    List,
    /// `guest_agent`.
    GuestAgent,
    /// `stats`.
    Stats,
    /// `migrate`.
    Migrate,
    /// `migration`.
    Migration,
    /// `migrate_abort`.
    MigrateAbort,
    /// `snapshot`.
    Snapshot,
    /// `block_copy`.
    BlockCopy,
    /// `block_commit`.
    BlockCommit,
    /// `block_job`.
    BlockJob,
    /// `block_pivot`.
    BlockPivot,
    /// `block_abort`.
    BlockAbort,
    /// `disk_chain`.
    DiskChain,
    /// `disk_placed`.
    DiskPlaced,
}

/// How a command fails.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// It is refused.
    Refuse(HypervisorError),
    /// It is carried out, but the answer is lost.
    LoseAnswer,
}

/// Failures that are waiting for their command.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    waiting: BTreeMap<Verb, VecDeque<Fault>>,
    held: BTreeMap<Verb, Arc<Semaphore>>,
}

impl Faults {
    pub(crate) fn add(&mut self, verb: Verb, fault: Fault) {
        self.waiting.entry(verb).or_default().push_back(fault);
    }
    pub(crate) fn take(&mut self, verb: Verb) -> Option<Fault> {
        self.waiting.get_mut(&verb)?.pop_front()
    }
    pub(crate) fn hold(&mut self, verb: Verb) {
        self.held.insert(verb, Arc::new(Semaphore::new(0)));
    }
    /// Lets those that wait and all later ones through.
    pub(crate) fn release(&mut self, verb: Verb) {
        if let Some(gate) = self.held.remove(&verb) {
            gate.close();
        }
    }
    pub(crate) fn gate(&self, verb: Verb) -> Option<Arc<Semaphore>> {
        self.held.get(&verb).cloned()
    }
}
