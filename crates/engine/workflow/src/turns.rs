//! One turn of a row: a step forward or back, and the journal write that follows it.

use crate::engine::{Engine, JournalPoint};
use crate::journal;
use crate::kind::Kind;
use crate::slots::SlotState;
use crate::table::{Cx, Outcome, StepDef, StepError};
use base::{Fault, Timestamp, WorkflowId};
use domain::jobs::{StepPhase, WorkflowRow, WorkflowState};
use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;
use store::{Batch, StoreError};
use tracing::{debug, error, warn};

/// How many rows that are over are remembered for late waiters.
const REMEMBERED: usize = 1024;
/// How often a commit that lost a compare-and-set makes its step run again before it is a failure.
const LOST_LIMIT: u32 = 20;
/// Pause before a step is run again when the database could not take its result.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// How often a workflow on its way back looks for its children at the latest; their ends wake it.
const CHILDREN_LOOK: Duration = Duration::from_secs(30);

/// What a task does next with its slot.
enum Next {
    Again,
    Sleep { until: Timestamp, deaf: bool },
    Stuck,
    Over,
    Gone,
}

impl Engine {
    /// Runs a slot until it waits or is over.
    pub(crate) async fn drive(&self, id: WorkflowId) {
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
                    let woken = std::mem::take(&mut slot.woken);
                    if slot.state == (SlotState::Running { signalled: true })
                        && (!deaf || slot.cancel || woken)
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
            Ok(outcome @ (Outcome::Wait(_) | Outcome::Progress(..))) => {
                let (percent, until) = match outcome {
                    Outcome::Progress(percent, until) => (Some(percent.min(100)), until),
                    Outcome::Wait(until) => (None, until),
                    Outcome::Done(_) | Outcome::Back(..) => return Next::Stuck,
                };
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
                let sleep = Next::Sleep { until, deaf: false };
                let known = row.steps.get(row.cursor).and_then(|s| s.progress);
                if percent.is_none() || (percent == known && next.memo == row.memo) {
                    return sleep;
                }
                if let Some(step) = next.steps.get_mut(next.cursor) {
                    step.progress = percent;
                }
                next.wake_at = None;
                match self.write(next, Batch::new(), lost).await {
                    Next::Again => sleep,
                    other => other,
                }
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

    /// Nothing is undone below a child that still works: children are cancelled where they can be, and
    /// are there any? The end of each wakes its parent.
    fn recall(&self, parent: &WorkflowRow) -> bool {
        let children = self.children(parent.id);
        let working = |child: &&Arc<WorkflowRow>| child.state == WorkflowState::Forward;
        for child in children.iter().filter(working) {
            // Past its point of no return it goes forward to its end.
            if let Err(fault) = self.cancel(child.id) {
                debug!(workflow.id = %child.id, "a child goes on: {fault}");
            }
        }
        !children.is_empty()
    }

    /// One step back.
    async fn turn_undo(&self, kind: &dyn Kind, row: Arc<WorkflowRow>, lost: &mut u32) -> Next {
        let now = self.0.clock.now();
        if self.recall(&row) {
            return Next::Sleep {
                until: now.after(CHILDREN_LOOK),
                deaf: false,
            };
        }
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
        if let Some(parent) = slot.row.parent {
            self.rouse_all([parent], false);
        }
        slot.over.send_replace(Some(slot.row));
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
