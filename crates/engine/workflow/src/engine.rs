//! Running workflows: one task per runnable row, none per sleeping one.
//!
//! A slot per unfinished row holds its last journalled state. Signals and timers make a slot
//! runnable; the task runs steps until the row waits, is over or the engine stops.

use crate::journal::{self, Draft};
use crate::kind::Kind;
use crate::plan::{Recovery, recovery_of};
use crate::table::{Cx, Outcome, StepDef, StepError, Workflow};
use base::{Call, Clock, Fault, Random, Timestamp, WorkflowId};
use domain::jobs::{StepPhase, WorkflowRow, WorkflowState};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, RwLock};
use std::time::Duration;
use store::{Batch, Change, Committed, Store, StoreError};
use tokio::sync::{Notify, Semaphore, watch};
use tracing::{error, info, warn};
use uuid::Uuid;

/// How many rows that are over are remembered for late waiters.
const REMEMBERED: usize = 1024;
/// How often a commit that lost a compare-and-set makes its step run again before it is a failure.
const LOST_LIMIT: u32 = 20;
/// Pause before a step is run again when the database could not take its result.
const STORE_PAUSE: Duration = Duration::from_secs(1);

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
pub struct Engine(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    options: EngineOptions,
    kinds: RwLock<HashMap<&'static str, Arc<dyn Kind>>>,
    slots: Mutex<Slots>,
    timer: Notify,
    permits: Semaphore,
    stopped: watch::Sender<bool>,
}

#[derive(Default)]
struct Slots {
    by_id: HashMap<WorkflowId, Slot>,
    by_subject: HashMap<Uuid, HashSet<WorkflowId>>,
    timers: BinaryHeap<Reverse<(Timestamp, WorkflowId)>>,
    over: VecDeque<Arc<WorkflowRow>>,
}

struct Slot {
    row: Arc<WorkflowRow>,
    state: SlotState,
    cancel: bool,
    /// Its last step is being journalled: too late to cancel.
    closing: bool,
    over: watch::Sender<Option<Arc<WorkflowRow>>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum SlotState {
    /// A task works on it; was it signalled meanwhile?
    Running { signalled: bool },
    /// Nobody works on it until then; signals wake it unless it is deaf (a back-off).
    Waiting { until: Timestamp, deaf: bool },
    /// A person must look.
    Stuck,
}

/// What a task does next with its slot.
enum Next {
    Again,
    Sleep { until: Timestamp, deaf: bool },
    Stuck,
    Over,
    Gone,
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

    /// Commits a batch and starts every workflow in it.
    ///
    /// # Errors
    /// As the store's; nothing happened then.
    pub async fn submit(&self, batch: Batch) -> Result<Committed, StoreError> {
        let committed = self.0.store.commit(batch).await?;
        self.accepted(&committed);
        Ok(committed)
    }

    /// Starts every workflow of a commit that somebody else made.
    pub fn accepted(&self, committed: &Committed) {
        for change in &committed.changes {
            if let Change::Workflow(row) = change
                && !row.state.is_over()
            {
                self.adopt(row.clone(), SlotState::Running { signalled: false });
            }
        }
    }

    /// Takes up rows found at start. O(rows).
    pub fn recover(&self, rows: Vec<WorkflowRow>) {
        let now = self.0.clock.now();
        for row in rows {
            let plan = recovery_of(&row, now);
            let state = match plan {
                Recovery::Leave if row.state == WorkflowState::NeedsOperator => SlotState::Stuck,
                Recovery::Leave => continue,
                Recovery::Resume | Recovery::Undo => SlotState::Running { signalled: false },
                Recovery::Sleep(until) => SlotState::Waiting { until, deaf: true },
            };
            info!(workflow.id = %row.id, workflow.kind = row.kind, "`{}` goes on after a restart: {plan:?}", row.title);
            self.adopt(Arc::new(row), state);
        }
    }

    /// Something about `subject` changed: workflows that wait for it look again. O(workflows on it).
    pub fn signal(&self, subject: Uuid) {
        let mut wake = Vec::new();
        {
            let mut slots = self.slots();
            let ids: Vec<WorkflowId> = slots
                .by_subject
                .get(&subject)
                .into_iter()
                .flatten()
                .copied()
                .collect();
            for id in ids {
                if let Some(slot) = slots.by_id.get_mut(&id) {
                    match &mut slot.state {
                        SlotState::Running { signalled } => *signalled = true,
                        SlotState::Waiting { deaf: false, .. } => {
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

    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.0
            .slots
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn kind(&self, name: &str) -> Option<Arc<dyn Kind>> {
        self.0
            .kinds
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .get(name)
            .cloned()
    }

    fn adopt(&self, row: Arc<WorkflowRow>, state: SlotState) {
        let id = row.id;
        {
            let mut slots = self.slots();
            for subject in &row.subjects {
                slots.by_subject.entry(*subject).or_default().insert(id);
            }
            if let SlotState::Waiting { until, .. } = state {
                slots.timers.push(Reverse((until, id)));
            }
            let slot = Slot {
                row,
                state,
                cancel: false,
                closing: false,
                over: watch::Sender::new(None),
            };
            slots.by_id.insert(id, slot);
        }
        match state {
            SlotState::Running { .. } => self.spawn(id),
            SlotState::Waiting { .. } => self.0.timer.notify_one(),
            SlotState::Stuck => {}
        }
    }

    fn spawn(&self, id: WorkflowId) {
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

    /// Runs a slot until it waits or is over.
    async fn drive(&self, id: WorkflowId) {
        let mut lost = 0;
        loop {
            let Ok(_permit) = self.0.permits.acquire().await else {
                return;
            };
            let Some((row, cancel)) = self
                .slots()
                .by_id
                .get(&id)
                .map(|s| (s.row.clone(), s.cancel))
            else {
                return;
            };
            let next = match self.kind(&row.kind) {
                None => {
                    error!(workflow.id = %id, "workflow kind `{}` is unknown to this version", row.kind);
                    Next::Stuck
                }
                Some(kind) if kind.memo_version() != row.memo_version => {
                    error!(workflow.id = %id, "memo of `{}` has version {}, this program knows {}", row.kind, row.memo_version, kind.memo_version());
                    Next::Stuck
                }
                Some(kind) => self.turn(&*kind, row, cancel, &mut lost).await,
            };
            match next {
                Next::Again => {}
                Next::Over => return self.retire(id),
                Next::Gone => {
                    self.slots().remove(id);
                    return;
                }
                Next::Stuck => {
                    if let Some(slot) = self.slots().by_id.get_mut(&id) {
                        slot.state = SlotState::Stuck;
                    }
                    return;
                }
                Next::Sleep { until, deaf } => {
                    let mut slots = self.slots();
                    let Some(slot) = slots.by_id.get_mut(&id) else {
                        return;
                    };
                    if slot.state == (SlotState::Running { signalled: true })
                        && (!deaf || slot.cancel)
                    {
                        slot.state = SlotState::Running { signalled: false };
                        continue;
                    }
                    slot.state = SlotState::Waiting { until, deaf };
                    slots.timers.push(Reverse((until, id)));
                    drop(slots);
                    self.0.timer.notify_one();
                    return;
                }
            }
        }
    }

    /// One step forward or back.
    async fn turn(
        &self,
        kind: &dyn Kind,
        row: Arc<WorkflowRow>,
        cancel: bool,
        lost: &mut u32,
    ) -> Next {
        if row.state == WorkflowState::Undoing || row.state == WorkflowState::NeedsOperator {
            return self.turn_undo(kind, row, lost).await;
        }
        let defs = kind.steps();
        let no_return = journal::past_no_return(&row, defs);
        if cancel && !no_return {
            let mut next = (*row).clone();
            next.cancel_requested = true;
            journal::turn_back(&mut next, cancelled(&row));
            return self.write(next, Batch::new(), lost).await;
        }
        let Some(def) = defs.get(row.cursor) else {
            return Next::Stuck;
        };
        let now = self.0.clock.now();
        let cx = context(&row, now);
        let mut next = (*row).clone();
        let ran = self
            .limited(def, kind.run(def.name, &cx, &mut next.memo))
            .await;
        let now = self.0.clock.now();
        match ran {
            Ok(Outcome::Done(batch)) => {
                journal::step_done(&mut next, now);
                if next.state == WorkflowState::Finished && self.cancelled_late(&next, defs) {
                    next.state = WorkflowState::Undoing;
                    next.ended = None;
                    next.cancel_requested = true;
                    journal::turn_back(&mut next, cancelled(&row));
                }
                self.write(next, batch, lost).await
            }
            Ok(Outcome::Wait(until)) => {
                let limit = cx.step_started.after(def.timeout);
                if now >= limit && !no_return {
                    let fault = Fault::unavailable(
                        "STEP_TIMED_OUT",
                        format!(
                            "`{}` did not come true within {} s.",
                            def.title,
                            def.timeout.as_secs()
                        ),
                    );
                    journal::turn_back(&mut next, fault);
                    return self.write(next, Batch::new(), lost).await;
                }
                let until = if no_return { until } else { until.min(limit) };
                Next::Sleep { until, deaf: false }
            }
            Ok(Outcome::Back(to, batch)) => match defs.iter().position(|d| d.name == to) {
                Some(index) if index <= row.cursor => {
                    journal::step_back(&mut next, index, now);
                    self.write(next, batch, lost).await
                }
                _ => {
                    error!(workflow.id = %row.id, "step `{}` wants to go back to `{to}`, which is not before it", def.name);
                    Next::Stuck
                }
            },
            Err(error) => {
                let (fault, passing) = match error {
                    StepError::Passing(f) => (f, true),
                    StepError::Final(f) => (f, false),
                };
                if no_return || (passing && cx.attempt < def.retry.attempts) {
                    warn!(workflow.id = %row.id, "`{}` failed (try {}) and is tried again: {fault}", def.title, cx.attempt);
                    journal::step_retry(
                        &mut next,
                        fault,
                        now.after(def.retry.pause_after(cx.attempt)),
                    );
                } else {
                    warn!(workflow.id = %row.id, "`{}` of `{}` failed, undoing: {fault}", def.title, row.title);
                    journal::turn_back(&mut next, fault);
                }
                self.write(next, Batch::new(), lost).await
            }
        }
    }

    /// The last step is done. Did somebody cancel while it ran? If not, it is too late now.
    fn cancelled_late(&self, row: &WorkflowRow, defs: &[StepDef]) -> bool {
        let mut slots = self.slots();
        let Some(slot) = slots.by_id.get_mut(&row.id) else {
            return false;
        };
        let late = slot.cancel && !journal::past_no_return(row, defs);
        slot.closing = !late;
        late
    }

    /// One step back.
    async fn turn_undo(&self, kind: &dyn Kind, row: Arc<WorkflowRow>, lost: &mut u32) -> Next {
        let now = self.0.clock.now();
        let cx = context(&row, now);
        let mut next = (*row).clone();
        next.state = WorkflowState::Undoing;
        let Some(def) = kind.steps().get(row.cursor) else {
            return Next::Stuck;
        };
        let touched = row
            .steps
            .get(row.cursor)
            .is_some_and(|s| matches!(s.phase, StepPhase::Begun | StepPhase::Done));
        let undone = if touched {
            self.limited(def, async {
                kind.undo(def.name, &cx, &mut next.memo)
                    .await
                    .map(Outcome::Done)
            })
            .await
        } else {
            Ok(Outcome::Done(Batch::new()))
        };
        let mut result = match undone {
            Ok(Outcome::Done(batch)) => Ok(batch),
            Ok(_) => Ok(Batch::new()),
            Err(e) => Err(e),
        };
        if let Ok(batch) = &mut result
            && !journal::step_undone(&mut next, now)
        {
            let fault = next
                .fault
                .clone()
                .unwrap_or_else(|| Fault::internal("undone without a reason"));
            match kind
                .failed(&cx, &next.memo, &fault, next.cancel_requested)
                .await
            {
                Ok(last) => {
                    batch.append(last);
                    journal::close(&mut next, now);
                }
                Err(e) => result = Err(e),
            }
        }
        match result {
            Ok(batch) => self.write(next, batch, lost).await,
            Err(StepError::Passing(fault) | StepError::Final(fault)) => {
                let memo = next.memo;
                let mut next = (*row).clone();
                next.memo = memo;
                if cx.attempt >= self.0.options.undo_attempts {
                    error!(workflow.id = %row.id, "`{}` of `{}` cannot be undone, a person must look: {fault}", def.title, row.title);
                    next.state = WorkflowState::NeedsOperator;
                    next.fault = Some(fault);
                    if let Some(step) = next.steps.get_mut(next.cursor) {
                        step.attempts = 1;
                    }
                } else {
                    let pause = def.retry.pause_after(cx.attempt);
                    next.state = WorkflowState::Undoing;
                    journal::step_retry(&mut next, fault, now.after(pause));
                }
                self.write(next, Batch::new(), lost).await
            }
        }
    }

    async fn limited(
        &self,
        def: &StepDef,
        step: impl Future<Output = Result<Outcome, StepError>>,
    ) -> Result<Outcome, StepError> {
        tokio::select! {
            result = step => result,
            () = self.0.clock.sleep(def.timeout) => Err(StepError::Passing(Fault::unavailable(
                "STEP_TIMED_OUT",
                format!("`{}` took longer than {} s.", def.title, def.timeout.as_secs()),
            ))),
        }
    }

    /// One journal write: the row's next state with what the step changes.
    async fn write(&self, mut next: WorkflowRow, mut batch: Batch, lost: &mut u32) -> Next {
        next.revision += 1;
        if self.hook(JournalPoint::Before, &next) {
            return Next::Gone;
        }
        batch.workflow(next.clone());
        let id = next.id;
        match self.0.store.commit(batch).await {
            Ok(_) => {
                *lost = 0;
                if self.hook(JournalPoint::After, &next) {
                    return Next::Gone;
                }
                let after = match (next.state, next.wake_at) {
                    (WorkflowState::NeedsOperator, _) => Next::Stuck,
                    (state, _) if state.is_over() => Next::Over,
                    (_, Some(until)) => Next::Sleep { until, deaf: true },
                    _ => Next::Again,
                };
                if let Some(slot) = self.slots().by_id.get_mut(&id) {
                    slot.row = Arc::new(next);
                }
                after
            }
            Err(StoreError::Lost { .. }) if *lost < LOST_LIMIT => {
                *lost += 1;
                self.reopen(id);
                Next::Again
            }
            Err(StoreError::LostWorkflow { .. }) => {
                error!(workflow.id = %id, "`{}` was moved on by somebody else; leaving it to them", next.title);
                Next::Gone
            }
            Err(StoreError::Closed) => Next::Gone,
            Err(e) => {
                warn!(workflow.id = %id, "the journal of `{}` could not be written, trying again: {e}", next.title);
                self.reopen(id);
                Next::Sleep {
                    until: self.0.clock.now().after(STORE_PAUSE),
                    deaf: true,
                }
            }
        }
    }

    /// The last journal write did not happen: it can be cancelled again.
    fn reopen(&self, id: WorkflowId) {
        if let Some(slot) = self.slots().by_id.get_mut(&id) {
            slot.closing = false;
        }
    }

    fn hook(&self, point: JournalPoint, row: &WorkflowRow) -> bool {
        let crash = self.0.options.hook.as_ref().is_some_and(|h| h(point, row));
        if crash {
            self.stop();
        }
        crash
    }

    fn retire(&self, id: WorkflowId) {
        let mut slots = self.slots();
        let Some(slot) = slots.remove(id) else { return };
        slots.over.push_back(slot.row.clone());
        if slots.over.len() > REMEMBERED {
            slots.over.pop_front();
        }
        drop(slots);
        slot.over.send_replace(Some(slot.row));
    }
}

impl Slots {
    fn remove(&mut self, id: WorkflowId) -> Option<Slot> {
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

fn cancelled(row: &WorkflowRow) -> Fault {
    Fault::conflict("JOB_CANCELLED", format!("`{}` was cancelled.", row.title))
}

fn context(row: &WorkflowRow, now: Timestamp) -> Cx {
    let step = row.steps.get(row.cursor);
    Cx {
        id: row.id,
        call: row.call.clone(),
        now,
        step_started: step.and_then(|s| s.started).unwrap_or(now),
        attempt: step.map_or(1, |s| s.attempts.max(1)),
    }
}

/// Wakes slots whose time has come. Ends with the last handle of the engine.
async fn run_timers(engine: std::sync::Weak<Inner>) {
    loop {
        let Some(inner) = engine.upgrade() else {
            return;
        };
        let engine_now = Engine(inner);
        let now = engine_now.0.clock.now();
        let (due, next) = {
            let mut slots = engine_now.slots();
            let mut due = Vec::new();
            while let Some(Reverse((at, id))) = slots.timers.peek().copied() {
                if at > now {
                    break;
                }
                slots.timers.pop();
                if let Some(slot) = slots.by_id.get_mut(&id)
                    && matches!(slot.state, SlotState::Waiting { until, .. } if until <= now)
                {
                    slot.state = SlotState::Running { signalled: false };
                    due.push(id);
                }
            }
            (due, slots.timers.peek().map(|Reverse((at, _))| *at))
        };
        for id in due {
            engine_now.spawn(id);
        }
        let mut stopped = engine_now.0.stopped.subscribe();
        tokio::select! {
            _ = stopped.wait_for(|s| *s) => return,
            () = engine_now.0.timer.notified() => {}
            () = async {
                match next {
                    Some(at) => engine_now.0.clock.sleep_until(at).await,
                    None => std::future::pending().await,
                }
            } => {}
        }
    }
}
