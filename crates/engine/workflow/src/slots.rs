//! Which rows are unfinished, who works on them, and who waits for their end.

use base::{Timestamp, WorkflowId};
use domain::jobs::WorkflowRow;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet, VecDeque};
use std::hash::Hash;
use std::sync::Arc;
use tokio::sync::watch;
use uuid::Uuid;

#[derive(Default)]
pub(crate) struct Slots {
    pub(crate) by_id: HashMap<WorkflowId, Slot>,
    pub(crate) by_subject: HashMap<Uuid, HashSet<WorkflowId>>,
    /// Unfinished children of a workflow that may itself be over.
    pub(crate) by_parent: HashMap<WorkflowId, HashSet<WorkflowId>>,
    pub(crate) timers: BinaryHeap<Reverse<(Timestamp, WorkflowId)>>,
    pub(crate) over: VecDeque<Arc<WorkflowRow>>,
}

pub(crate) struct Slot {
    pub(crate) row: Arc<WorkflowRow>,
    pub(crate) state: SlotState,
    pub(crate) cancel: bool,
    /// Woken while it ran: a rest after a failed try is left out once.
    pub(crate) woken: bool,
    /// Its last step is being journalled: too late to cancel.
    pub(crate) closing: bool,
    pub(crate) over: watch::Sender<Option<Arc<WorkflowRow>>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum SlotState {
    /// A task works on it; was it signalled meanwhile?
    Running { signalled: bool },
    /// Nobody works on it until then; signals wake it unless it is deaf (a back-off).
    Waiting { until: Timestamp, deaf: bool },
    /// A person must look.
    Stuck,
}

impl Slots {
    /// Puts a slot in, also at its subjects and its parent.
    pub(crate) fn insert(&mut self, id: WorkflowId, slot: Slot) {
        for subject in &slot.row.subjects {
            self.by_subject.entry(*subject).or_default().insert(id);
        }
        if let Some(parent) = slot.row.parent {
            self.by_parent.entry(parent).or_default().insert(id);
        }
        self.by_id.insert(id, slot);
    }

    /// Takes a slot out, also from its subjects and its parent.
    pub(crate) fn remove(&mut self, id: WorkflowId) -> Option<Slot> {
        let slot = self.by_id.remove(&id)?;
        for subject in &slot.row.subjects {
            forget(&mut self.by_subject, subject, id);
        }
        if let Some(parent) = slot.row.parent {
            forget(&mut self.by_parent, &parent, id);
        }
        Some(slot)
    }
}

fn forget<K: Eq + Hash>(map: &mut HashMap<K, HashSet<WorkflowId>>, key: &K, id: WorkflowId) {
    if let Some(ids) = map.get_mut(key) {
        ids.remove(&id);
        if ids.is_empty() {
            map.remove(key);
        }
    }
}
