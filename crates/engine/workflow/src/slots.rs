//! Which rows are unfinished, who works on them, and who waits for their end.

use base::{Timestamp, WorkflowId};
use domain::jobs::WorkflowRow;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet, VecDeque};
use std::sync::Arc;
use tokio::sync::watch;
use uuid::Uuid;

#[derive(Default)]
pub(crate) struct Slots {
    pub(crate) by_id: HashMap<WorkflowId, Slot>,
    pub(crate) by_subject: HashMap<Uuid, HashSet<WorkflowId>>,
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
    /// Takes a slot out, also from its subjects.
    pub(crate) fn remove(&mut self, id: WorkflowId) -> Option<Slot> {
        let slot = self.by_id.remove(&id)?;
        for subject in &slot.row.subjects {
            if let Some(ids) = self.by_subject.get_mut(subject) {
                ids.remove(&id);
                if ids.is_empty() {
                    self.by_subject.remove(subject);
                }
            }
        }
        Some(slot)
    }
}
