//! The engine's handle: accepting, waking, cancelling and waiting for workflows. One task runs per
//! runnable row (`turns`), none per sleeping one.
//!
//! A slot per unfinished row holds its last journalled state. Signals and timers make a slot
//! runnable; the task runs steps until the row waits, is over or the engine stops.

use crate::journal::{self, Draft};
use crate::kind::Kind;
use crate::plan::{Recovery, recovery_of};
use crate::slots::{Slot, SlotState, Slots};
use crate::table::Workflow;
use crate::timers::run_timers;
use base::{Call, Clock, Fault, Random, Timestamp, WorkflowId};
use domain::jobs::{WorkflowRow, WorkflowState};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, RwLock};
use store::{Batch, Change, Committed, Store, StoreError};
use tokio::sync::{Notify, Semaphore, watch};
use tracing::info;
use uuid::Uuid;

/// Told before and after each journal write; tests crash the engine here.
pub type JournalHook = Arc<dyn Fn(JournalPoint, &WorkflowRow) -> bool + Send + Sync>;

/// Where in a journal write the hook is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JournalPoint {
    /// The step's effect has happened, the journal does not know.
    Before,
    /// The journal knows, nobody else does.
    After,
}

/// Limits of the engine.
#[derive(Clone)]
pub struct EngineOptions {
    /// Steps that run at the same time.
    pub concurrency: usize,
    /// Tries to undo a step before a person is asked.
    pub undo_attempts: u32,
    /// Asked around each journal write; `true` kills this engine on the spot (tests).
    pub hook: Option<JournalHook>,
}

impl Default for EngineOptions {
    fn default() -> Self {
        EngineOptions {
            concurrency: 64,
            undo_attempts: 10,
            hook: None,
        }
    }
}

/// Runs durable workflows. Cheap to clone; all clones are one engine.
#[derive(Clone)]
pub struct Engine(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) options: EngineOptions,
    pub(crate) kinds: RwLock<HashMap<&'static str, Arc<dyn Kind>>>,
    pub(crate) slots: Mutex<Slots>,
    pub(crate) timer: Notify,
    pub(crate) permits: Semaphore,
    pub(crate) stopped: watch::Sender<bool>,
}

impl Engine {
    /// An engine without kinds and rows. `register` the kinds, then `recover` the rows.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        options: EngineOptions,
    ) -> Self {
        let engine = Engine(Arc::new(Inner {
            store,
            clock,
            random,
            permits: Semaphore::new(options.concurrency.max(1)),
            options,
            kinds: RwLock::default(),
            slots: Mutex::default(),
            timer: Notify::new(),
            stopped: watch::Sender::new(false),
        }));
        tokio::spawn(run_timers(Arc::downgrade(&engine.0)));
        engine
    }

    /// Makes a kind known.
    pub fn register<W: Workflow>(&self, workflow: W) {
        let mut kinds = self
            .0
            .kinds
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        kinds.insert(W::KIND, Arc::new(workflow));
    }

    /// A row of kind `W` with its first step begun; put it into the accepting verb's batch.
    ///
    /// `subjects` are the objects it works on: the job shows them, and `signal` finds it by them.
    ///
    /// # Errors
    /// When the memo can't be written as JSON (a defect).
    pub fn draft<W: Workflow>(
        &self,
        id: WorkflowId,
        call: &Call,
        title: impl Into<String>,
        subjects: Vec<Uuid>,
        memo: &W::Memo,
    ) -> Result<WorkflowRow, Fault> {
        let memo = serde_json::to_value(memo)
            .map_err(|e| Fault::internal(format!("memo of {} cannot be written: {e}", W::KIND)))?;
        let draft = Draft {
            id,
            kind: W::KIND,
            memo_version: W::MEMO_VERSION,
            memo,
            steps: W::STEPS,
            title: title.into(),
            call,
            subjects,
        };
        Ok(journal::new_row(draft, &*self.0.random, self.0.clock.now()))
    }

    /// Commits a batch and starts every workflow in it. Once called it goes its way, even if the
    /// caller stops waiting: no workflow is committed and then forgotten.
    ///
    /// # Errors
    /// As the store's; nothing happened then.
    pub async fn submit(&self, batch: Batch) -> Result<Committed, StoreError> {
        let engine = self.clone();
        let submitting = tokio::spawn(async move {
            let committed = engine.0.store.commit(batch).await?;
            engine.accepted(&committed);
            Ok(committed)
        });
        // It ends early only with the runtime.
        submitting.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Starts every workflow of a commit that somebody else made.
    pub fn accepted(&self, committed: &Committed) {
        for change in &committed.changes {
            if let Change::Workflow(row) = change
                && !row.state.is_over()
            {
                let state = SlotState::Running { signalled: false };
                self.adopt(row.clone(), state);
                self.set_going(row.id, state);
            }
        }
    }

    /// Takes up rows found at start. O(rows).
    pub fn recover(&self, rows: Vec<WorkflowRow>) {
        let now = self.0.clock.now();
        let mut going = Vec::new();
        for row in rows {
            let plan = recovery_of(&row, now);
            let state = match plan {
                Recovery::Leave if row.state == WorkflowState::NeedsOperator => SlotState::Stuck,
                Recovery::Leave => continue,
                Recovery::Resume | Recovery::Undo => SlotState::Running { signalled: false },
                Recovery::Sleep(until) => SlotState::Waiting { until, deaf: true },
            };
            info!(workflow.id = %row.id, workflow.kind = row.kind, "`{}` goes on after a restart: {plan:?}", row.title);
            going.push((row.id, state));
            self.adopt(Arc::new(row), state);
        }
        // Only now: a parent that is undone must see its children.
        for (id, state) in going {
            self.set_going(id, state);
        }
    }

    /// Something about `subject` changed: workflows that wait for it look again. O(workflows on it).
    pub fn signal(&self, subject: Uuid) {
        self.rouse(subject, false);
    }

    /// What was out of reach for `subject` can be reached again: also workflows that rest after a
    /// failed try (which hear no signals) try again now. O(workflows on it).
    pub fn wake(&self, subject: Uuid) {
        self.rouse(subject, true);
    }

    fn rouse(&self, subject: Uuid, from_rest: bool) {
        let ids: Vec<WorkflowId> = {
            let slots = self.slots();
            let ids = slots.by_subject.get(&subject).into_iter().flatten();
            ids.copied().collect()
        };
        self.rouse_all(ids, from_rest);
    }

    /// Workflows look again, also from their rest after a failed try if `from_rest`.
    pub(crate) fn rouse_all(&self, ids: impl IntoIterator<Item = WorkflowId>, from_rest: bool) {
        let mut wake = Vec::new();
        {
            let mut slots = self.slots();
            for id in ids {
                if let Some(slot) = slots.by_id.get_mut(&id) {
                    match &mut slot.state {
                        SlotState::Running { signalled } => {
                            *signalled = true;
                            // A try that fails right now began before the change.
                            slot.woken |= from_rest;
                        }
                        SlotState::Waiting { deaf, .. } if from_rest || !*deaf => {
                            slot.state = SlotState::Running { signalled: false };
                            wake.push(id);
                        }
                        // Undoing failed too often; what changed may be what was in its way.
                        SlotState::Stuck if slot.row.state == WorkflowState::NeedsOperator => {
                            slot.state = SlotState::Running { signalled: false };
                            wake.push(id);
                        }
                        _ => {}
                    }
                }
            }
        }
        for id in wake {
            self.spawn(id);
        }
    }

    /// Asks an unfinished workflow to stop: what it did is undone. Answers when the wish is noted;
    /// it takes effect when the step that runs right now has ended.
    ///
    /// # Errors
    /// 404 when no such workflow is unfinished, 409 when it is past its point of no return.
    pub fn cancel(&self, id: WorkflowId) -> Result<(), Fault> {
        {
            let mut slots = self.slots();
            let slot = slots
                .by_id
                .get_mut(&id)
                .ok_or_else(|| Fault::not_found("running job", id))?;
            let defs = self
                .kind(&slot.row.kind)
                .map(|k| k.steps())
                .unwrap_or_default();
            if slot.closing || journal::past_no_return(&slot.row, defs) {
                return Err(Fault::conflict(
                    "JOB_PAST_POINT_OF_NO_RETURN",
                    format!(
                        "`{}` can no longer be cancelled; it only goes forward now.",
                        slot.row.title
                    ),
                ));
            }
            slot.cancel = true;
            match &mut slot.state {
                SlotState::Running { signalled } => {
                    *signalled = true;
                    return Ok(());
                }
                state => *state = SlotState::Running { signalled: false },
            }
        }
        self.spawn(id);
        Ok(())
    }

    /// Lets a workflow that needed a person try again.
    ///
    /// # Errors
    /// 404 when there is none, 409 when it does not wait for a person.
    pub fn resume(&self, id: WorkflowId) -> Result<(), Fault> {
        {
            let mut slots = self.slots();
            let slot = slots
                .by_id
                .get_mut(&id)
                .ok_or_else(|| Fault::not_found("job", id))?;
            if slot.state != SlotState::Stuck {
                return Err(Fault::conflict(
                    "JOB_NOT_STUCK",
                    format!("`{}` does not wait for a person.", slot.row.title),
                ));
            }
            slot.state = SlotState::Running { signalled: false };
        }
        self.spawn(id);
        Ok(())
    }

    /// Waits until a workflow is over or the deadline has come (`None`).
    pub async fn wait(&self, id: WorkflowId, deadline: Timestamp) -> Option<Arc<WorkflowRow>> {
        let mut over = {
            let slots = self.slots();
            match slots.by_id.get(&id) {
                Some(slot) => slot.over.subscribe(),
                None => return slots.over.iter().find(|r| r.id == id).cloned(),
            }
        };
        let ended = async {
            match over.wait_for(Option::is_some).await {
                Ok(row) => row.clone(),
                Err(_) => None,
            }
        };
        tokio::select! {
            row = ended => row,
            () = self.0.clock.sleep_until(deadline) => None,
        }
    }

    /// Unfinished workflows on a subject, in no order. O(workflows on it).
    #[must_use]
    pub fn unfinished(&self, subject: Uuid) -> Vec<Arc<WorkflowRow>> {
        let slots = self.slots();
        let ids = slots.by_subject.get(&subject).into_iter().flatten();
        ids.filter_map(|id| slots.by_id.get(id))
            .map(|s| s.row.clone())
            .collect()
    }

    /// Unfinished children of a workflow, in no order. O(children).
    #[must_use]
    pub fn children(&self, parent: WorkflowId) -> Vec<Arc<WorkflowRow>> {
        let slots = self.slots();
        let ids = slots.by_parent.get(&parent).into_iter().flatten();
        ids.filter_map(|id| slots.by_id.get(id))
            .map(|s| s.row.clone())
            .collect()
    }

    /// Unfinished workflows, and those of them that wait for a person.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let slots = self.slots();
        let stuck = slots
            .by_id
            .values()
            .filter(|s| s.state == SlotState::Stuck)
            .count();
        (slots.by_id.len(), stuck)
    }

    /// No step is begun any more; rows stay as they are for the next engine.
    pub fn stop(&self) {
        self.0.stopped.send_replace(true);
    }

    pub(crate) fn slots(&self) -> MutexGuard<'_, Slots> {
        self.0
            .slots
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(crate) fn kind(&self, name: &str) -> Option<Arc<dyn Kind>> {
        self.0
            .kinds
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .get(name)
            .cloned()
    }

    fn adopt(&self, row: Arc<WorkflowRow>, state: SlotState) {
        let id = row.id;
        let mut slots = self.slots();
        if let SlotState::Waiting { until, .. } = state {
            slots.timers.push(Reverse((until, id)));
        }
        let slot = Slot {
            row,
            state,
            cancel: false,
            woken: false,
            closing: false,
            over: watch::Sender::new(None),
        };
        slots.insert(id, slot);
    }

    fn set_going(&self, id: WorkflowId, state: SlotState) {
        match state {
            SlotState::Running { .. } => self.spawn(id),
            SlotState::Waiting { .. } => self.0.timer.notify_one(),
            SlotState::Stuck => {}
        }
    }

    pub(crate) fn spawn(&self, id: WorkflowId) {
        let engine = self.clone();
        tokio::spawn(async move {
            let mut stopped = engine.0.stopped.subscribe();
            tokio::select! {
                biased;
                _ = stopped.wait_for(|s| *s) => {}
                () = engine.drive(id) => {}
            }
        });
    }
}
