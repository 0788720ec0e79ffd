//! The workflow engine on a real store, with a clock moved by hand.

use async_trait::async_trait;
use base::{Call, Clock, Fault, Timestamp, WorkflowId};
use domain::jobs::{StepPhase, WorkflowRow, WorkflowState};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::{Batch, Store};
use testkit::{ManualClock, SeededRandom, TestDir};
use tokio::sync::Semaphore;
use uuid::Uuid;
use workflow::{
    Cx, Engine, EngineOptions, JournalPoint, Outcome, StepDef, StepError, Workflow, mark_done,
};

/// What a step does when it is run; the script's last line holds for ever.
#[derive(Clone, Debug)]
enum Act {
    Done,
    Pass,
    Fail,
    WaitSeconds(u64),
    Back(&'static str),
    /// Waits until the test lets it go, then is done.
    Block,
}

#[derive(Clone, Default)]
struct Script {
    acts: Arc<Mutex<HashMap<String, VecDeque<Act>>>>,
    log: Arc<Mutex<Vec<String>>>,
    gate: Arc<Mutex<Option<Arc<Semaphore>>>>,
}

impl Script {
    fn on(self, step: &str, acts: &[Act]) -> Self {
        let acts = acts.iter().cloned().collect();
        self.acts.lock().unwrap().insert(step.to_owned(), acts);
        self
    }
    fn next(&self, step: &str) -> Act {
        self.log.lock().unwrap().push(step.to_owned());
        let mut acts = self.acts.lock().unwrap();
        let line = acts.entry(step.to_owned()).or_default();
        match line.len() {
            0 => Act::Done,
            1 => line[0].clone(),
            _ => line.pop_front().unwrap(),
        }
    }
    fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }
    fn gate(&self) -> Arc<Semaphore> {
        let gate = &mut *self.gate.lock().unwrap();
        gate.get_or_insert_with(|| Arc::new(Semaphore::new(0)))
            .clone()
    }
    async fn act(&self, step: &str, now: Timestamp) -> Result<Outcome, StepError> {
        let fault = || Fault::unavailable("SCRIPTED", format!("{step} fails as the script says"));
        match self.next(step) {
            Act::Done => Ok(Outcome::Done(Batch::new())),
            Act::Pass => Err(StepError::Passing(fault())),
            Act::Fail => Err(StepError::Final(fault())),
            Act::WaitSeconds(s) => Ok(Outcome::Wait(now.after(Duration::from_secs(s)))),
            Act::Back(to) => Ok(Outcome::Back(to, Batch::new())),
            Act::Block => {
                self.gate().acquire().await.unwrap().forget();
                Ok(Outcome::Done(Batch::new()))
            }
        }
    }
}

#[derive(Clone, Default, Serialize, Deserialize)]
struct Memo {
    ran: Vec<String>,
}

macro_rules! scripted {
    ($name:ident, $kind:literal, $steps:expr) => {
        struct $name(Script);
        #[async_trait]
        impl Workflow for $name {
            type Memo = Memo;
            const KIND: &'static str = $kind;
            const MEMO_VERSION: u32 = 1;
            const STEPS: &'static [StepDef] = $steps;
            async fn run(
                &self,
                step: &'static str,
                cx: &Cx,
                memo: &mut Memo,
            ) -> Result<Outcome, StepError> {
                memo.ran.push(format!("{step}{}", cx.attempt));
                self.0.act(step, cx.now).await
            }
            async fn undo(
                &self,
                step: &'static str,
                cx: &Cx,
                _: &mut Memo,
            ) -> Result<Batch, StepError> {
                match self.0.act(&format!("undo {step}"), cx.now).await? {
                    Outcome::Done(batch) => Ok(batch),
                    _ => Ok(Batch::new()),
                }
            }
            async fn failed(
                &self,
                _: &Cx,
                _: &Memo,
                _: &Fault,
                cancelled: bool,
            ) -> Result<Batch, StepError> {
                self.0.next(if cancelled { "cancelled" } else { "failed" });
                Ok(Batch::new())
            }
        }
    };
}

const SECOND: Duration = Duration::from_secs(1);

scripted!(
    Three,
    "test.three",
    &[
        StepDef::new("a", "First"),
        StepDef::new("b", "Second")
            .retry(3, SECOND)
            .timeout(Duration::from_secs(10)),
        StepDef::new("c", "Third"),
    ]
);
scripted!(
    Parent,
    "test.parent",
    &[
        StepDef::new("parent b", "Waits for its children").timeout(Duration::from_secs(3600)),
        StepDef::new("parent c", "Goes on"),
    ]
);
scripted!(
    OneWay,
    "test.one_way",
    &[
        StepDef::new("a", "First").no_return(),
        StepDef::new("b", "Second").retry(2, SECOND),
    ]
);

struct Bench {
    engine: Engine,
    store: Store,
    clock: ManualClock,
    dir: TestDir,
}

fn engine_on(
    store: &Store,
    clock: &ManualClock,
    script: &Script,
    options: EngineOptions,
) -> Engine {
    let engine = Engine::new(
        store.clone(),
        Arc::new(clock.clone()),
        Arc::new(SeededRandom::new(7)),
        options,
    );
    engine.register(Three(script.clone()));
    engine.register(Parent(script.clone()));
    engine.register(OneWay(script.clone()));
    engine
}

async fn bench(script: &Script, options: EngineOptions) -> Bench {
    let dir = TestDir::new();
    let (store, _) = Store::open(&dir.join("engine.db")).await.unwrap();
    let clock = ManualClock::new();
    let engine = engine_on(&store, &clock, script, options);
    Bench {
        engine,
        store,
        clock,
        dir,
    }
}

const ID: WorkflowId = WorkflowId::known(1);
const CHILD: WorkflowId = WorkflowId::known(2);
const SUBJECT: Uuid = Uuid::from_u128(42);

async fn begin<W: Workflow<Memo = Memo>>(engine: &Engine) {
    begin_as::<W>(engine, ID, None).await;
}

async fn begin_as<W: Workflow<Memo = Memo>>(
    engine: &Engine,
    id: WorkflowId,
    parent: Option<WorkflowId>,
) {
    let mut row = engine
        .draft::<W>(
            id,
            &Call::internal("test"),
            "Test",
            vec![SUBJECT],
            &Memo::default(),
        )
        .unwrap();
    row.parent = parent;
    let mut batch = Batch::new();
    batch.workflow(row);
    engine.submit(batch).await.unwrap();
}

/// Waits for the end in real time; the clock stands unless the test moves it.
async fn end(engine: &Engine) -> Arc<WorkflowRow> {
    let over = engine.wait(ID, Timestamp(i64::MAX));
    tokio::time::timeout(Duration::from_secs(20), over)
        .await
        .expect("the workflow ends")
        .expect("the workflow is known")
}

/// Lets everything run that can run now, until the script's log is that long.
async fn logged(script: &Script, length: usize) {
    let until = async {
        while script.log().len() < length {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), until)
        .await
        .unwrap_or_else(|_| panic!("wanted {length} lines: {:?}", script.log()));
}

/// Moves the clock whenever somebody sleeps on it, as long as the future runs.
async fn in_time<T>(clock: &ManualClock, future: impl Future<Output = T>) -> T {
    let mover = async {
        loop {
            tokio::time::sleep(Duration::from_millis(2)).await;
            clock.advance(SECOND);
        }
    };
    tokio::select! {
        value = future => value,
        () = mover => unreachable!("the mover never ends"),
    }
}

#[tokio::test]
async fn steps_run_in_order_and_the_row_tells_it() {
    let script = Script::default();
    let b = bench(&script, EngineOptions::default()).await;
    begin::<Three>(&b.engine).await;
    let row = end(&b.engine).await;
    assert_eq!(row.state, WorkflowState::Finished);
    assert_eq!(script.log(), ["a", "b", "c"]);
    assert!(row.steps.iter().all(|s| s.phase == StepPhase::Done));
    // Accepted with `a` begun, then one write a step.
    assert_eq!(row.revision, 4);
    assert_eq!(b.engine.counts(), (0, 0));
    assert!(b.engine.unfinished(SUBJECT).is_empty());
}

#[tokio::test]
async fn what_comes_back_into_reach_ends_a_rest_early() {
    let script = Script::default().on("b", &[Act::Pass, Act::Done]);
    let b = bench(&script, EngineOptions::default()).await;
    begin::<Three>(&b.engine).await;
    logged(&script, 2).await;
    // Whether it rests already or is about to: the wake is not lost.
    b.engine.wake(SUBJECT);
    let row = end(&b.engine).await;
    assert_eq!(row.state, WorkflowState::Finished);
    assert_eq!(script.log(), ["a", "b", "b", "c"]);
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_its_workflow_running() {
    let script = Script::default();
    let b = bench(&script, EngineOptions::default()).await;
    let gone = tokio::time::timeout(Duration::ZERO, begin::<Three>(&b.engine)).await;
    assert!(gone.is_err());
    logged(&script, 3).await;
}

#[tokio::test]
async fn steps_that_the_verb_did_are_not_run_again() {
    let script = Script::default();
    let b = bench(&script, EngineOptions::default()).await;
    let mut row = b
        .engine
        .draft::<Three>(ID, &Call::internal("t"), "Test", vec![], &Memo::default())
        .unwrap();
    mark_done(&mut row, "b", b.clock.now());
    let mut batch = Batch::new();
    batch.workflow(row);
    b.engine.submit(batch).await.unwrap();
    assert_eq!(end(&b.engine).await.state, WorkflowState::Finished);
    assert_eq!(script.log(), ["c"]);
}

#[tokio::test]
async fn a_passing_failure_is_tried_again_after_a_growing_pause() {
    let script = Script::default().on("b", &[Act::Pass, Act::Pass, Act::Done]);
    let b = bench(&script, EngineOptions::default()).await;
    begin::<Three>(&b.engine).await;
    logged(&script, 2).await;
    // A back-off hears no signals.
    b.engine.signal(SUBJECT);
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert_eq!(script.log(), ["a", "b"]);
    b.clock.wait_for_sleepers(1).await;
    b.clock.advance(SECOND);
    logged(&script, 3).await;
    tokio::time::sleep(Duration::from_millis(30)).await;
    b.clock.advance(SECOND);
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert_eq!(script.log().len(), 3, "the second pause is longer");
    b.clock.advance(SECOND);
    let row = end(&b.engine).await;
    assert_eq!(row.state, WorkflowState::Finished);
    let memo: Memo = serde_json::from_value(row.memo.clone()).unwrap();
    // What failed runs noted is kept.
    assert_eq!(memo.ran, ["a1", "b1", "b2", "b3", "c1"]);
}

#[tokio::test]
async fn when_tries_are_used_up_everything_is_undone_backwards() {
    let script = Script::default().on("b", &[Act::Pass]);
    let b = bench(&script, EngineOptions::default()).await;
    begin::<Three>(&b.engine).await;
    let row = in_time(&b.clock, end(&b.engine)).await;
    assert_eq!(row.state, WorkflowState::Failed);
    assert_eq!(row.fault.as_ref().unwrap().key, "SCRIPTED");
    assert_eq!(
        script.log(),
        ["a", "b", "b", "b", "undo b", "undo a", "failed"]
    );
    assert_eq!(row.steps[2].phase, StepPhase::Pending);
    assert_eq!(row.steps[1].phase, StepPhase::Undone);
}

#[tokio::test]
async fn a_final_failure_is_not_tried_again() {
    let script = Script::default().on("c", &[Act::Fail]);
    let b = bench(&script, EngineOptions::default()).await;
    begin::<Three>(&b.engine).await;
    assert_eq!(end(&b.engine).await.state, WorkflowState::Failed);
    assert_eq!(
        script.log(),
        ["a", "b", "c", "undo c", "undo b", "undo a", "failed"]
    );
}

#[tokio::test]
async fn a_step_that_takes_too_long_is_dropped_and_tried_again() {
    let script = Script::default().on("b", &[Act::Block, Act::Done]);
    let b = bench(&script, EngineOptions::default()).await;
    begin::<Three>(&b.engine).await;
    logged(&script, 2).await;
    let row = in_time(&b.clock, end(&b.engine)).await;
    assert_eq!(row.state, WorkflowState::Finished);
    assert_eq!(script.log(), ["a", "b", "b", "c"]);
    assert_eq!(row.steps[1].fault.as_ref().unwrap().key, "STEP_TIMED_OUT");
}

#[tokio::test]
async fn a_waiting_step_is_run_again_by_a_signal_or_by_its_time() {
    let wait = Act::WaitSeconds(5);
    let script = Script::default().on("b", &[wait.clone(), wait, Act::Done]);
    let b = bench(&script, EngineOptions::default()).await;
    begin::<Three>(&b.engine).await;
    logged(&script, 2).await;
    // Whether it sleeps already or not: the signal is not lost.
    b.engine.signal(SUBJECT);
    logged(&script, 3).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    b.clock.advance(Duration::from_secs(5));
    assert_eq!(end(&b.engine).await.state, WorkflowState::Finished);
    assert_eq!(script.log(), ["a", "b", "b", "b", "c"]);
}

#[tokio::test]
async fn a_step_does_not_wait_for_ever() {
    let script = Script::default().on("b", &[Act::WaitSeconds(3)]);
    let b = bench(&script, EngineOptions::default()).await;
    begin::<Three>(&b.engine).await;
    let row = in_time(&b.clock, end(&b.engine)).await;
    assert_eq!(row.state, WorkflowState::Failed);
    assert_eq!(row.fault.as_ref().unwrap().key, "STEP_TIMED_OUT");
}

#[tokio::test]
async fn a_back_edge_repeats_steps() {
    let script = Script::default().on("c", &[Act::Back("b"), Act::Done]);
    let b = bench(&script, EngineOptions::default()).await;
    begin::<Three>(&b.engine).await;
    assert_eq!(end(&b.engine).await.state, WorkflowState::Finished);
    assert_eq!(script.log(), ["a", "b", "c", "b", "c"]);
}

#[tokio::test]
async fn cancelling_a_paused_workflow_undoes_it_at_once() {
    let script = Script::default().on("b", &[Act::Pass]);
    let b = bench(&script, EngineOptions::default()).await;
    begin::<Three>(&b.engine).await;
    logged(&script, 2).await;
    b.engine.cancel(ID).unwrap();
    let row = end(&b.engine).await;
    assert_eq!(row.state, WorkflowState::Aborted);
    assert!(row.cancel_requested);
    assert_eq!(script.log(), ["a", "b", "undo b", "undo a", "cancelled"]);
    assert_eq!(b.engine.cancel(ID).unwrap_err().key, "ENTITY_NOT_FOUND");
}

#[tokio::test]
async fn cancelling_while_the_last_step_runs_undoes_it_too() {
    let script = Script::default().on("c", &[Act::Block]);
    let b = bench(&script, EngineOptions::default()).await;
    begin::<Three>(&b.engine).await;
    logged(&script, 3).await;
    b.engine.cancel(ID).unwrap();
    script.gate().add_permits(1);
    assert_eq!(end(&b.engine).await.state, WorkflowState::Aborted);
    assert_eq!(
        script.log(),
        ["a", "b", "c", "undo c", "undo b", "undo a", "cancelled"]
    );
}

#[tokio::test]
async fn past_the_point_of_no_return_there_is_only_forward() {
    let pass = Act::Pass;
    let script = Script::default().on(
        "b",
        &[pass.clone(), pass.clone(), pass, Act::Fail, Act::Done],
    );
    let b = bench(&script, EngineOptions::default()).await;
    begin::<OneWay>(&b.engine).await;
    logged(&script, 2).await;
    assert_eq!(
        b.engine.cancel(ID).unwrap_err().key,
        "JOB_PAST_POINT_OF_NO_RETURN"
    );
    let row = in_time(&b.clock, end(&b.engine)).await;
    assert_eq!(row.state, WorkflowState::Finished);
    assert_eq!(script.log(), ["a", "b", "b", "b", "b", "b"]);
}

#[tokio::test]
async fn an_undo_that_fails_too_often_needs_a_person_or_a_change() {
    let pass = Act::Pass;
    let script = Script::default().on("b", &[Act::Fail]).on(
        "undo b",
        &[pass.clone(), pass.clone(), pass.clone(), pass, Act::Done],
    );
    let options = EngineOptions {
        undo_attempts: 2,
        ..EngineOptions::default()
    };
    let b = bench(&script, options).await;
    begin::<Three>(&b.engine).await;
    let stuck = async {
        while b.engine.counts() != (1, 1) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    in_time(&b.clock, stuck).await;
    assert_eq!(script.log(), ["a", "b", "undo b", "undo b"]);
    let row = b.engine.unfinished(SUBJECT).remove(0);
    assert_eq!(row.state, WorkflowState::NeedsOperator);
    // Something about its subject changed: it tries by itself, and is stuck again.
    b.engine.signal(SUBJECT);
    logged(&script, 5).await;
    let stuck = async {
        while script.log().len() < 6 || b.engine.counts() != (1, 1) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    in_time(&b.clock, stuck).await;
    // A person lets it go on.
    b.engine.resume(ID).unwrap();
    assert_eq!(end(&b.engine).await.state, WorkflowState::Failed);
    assert_eq!(script.log().last().unwrap(), "failed");
}

#[tokio::test]
async fn a_kind_nobody_knows_waits_and_harms_nothing() {
    let script = Script::default();
    let b = bench(&script, EngineOptions::default()).await;
    let mut row = b
        .engine
        .draft::<Three>(ID, &Call::internal("t"), "Test", vec![], &Memo::default())
        .unwrap();
    row.kind = "test.of_the_future".into();
    let mut batch = Batch::new();
    batch.workflow(row);
    b.engine.submit(batch).await.unwrap();
    while b.engine.counts() != (1, 1) {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(script.log().is_empty());
}

#[tokio::test]
async fn the_end_of_a_child_wakes_its_parent() {
    // The clock stands, so nothing else can wake it.
    let script = Script::default()
        .on("b", &[Act::WaitSeconds(9), Act::Done])
        .on("parent b", &[Act::WaitSeconds(9), Act::Done]);
    let b = bench(&script, EngineOptions::default()).await;
    begin::<Parent>(&b.engine).await;
    logged(&script, 1).await;
    begin_as::<Three>(&b.engine, CHILD, Some(ID)).await;
    logged(&script, 3).await;
    assert_eq!(b.engine.children(ID).len(), 1);
    b.engine.cancel(CHILD).unwrap();
    assert_eq!(end(&b.engine).await.state, WorkflowState::Finished);
    assert!(b.engine.children(ID).is_empty());
    let log = script.log();
    let position = |line: &str| log.iter().position(|l| l == line).unwrap();
    assert!(position("cancelled") < position("parent c"), "{log:?}");
}

#[tokio::test]
async fn nothing_is_undone_before_the_children_are_over() {
    let script = Script::default()
        .on("b", &[Act::WaitSeconds(9)])
        .on("undo a", &[Act::Block])
        .on("parent b", &[Act::WaitSeconds(9)]);
    let b = bench(&script, EngineOptions::default()).await;
    begin::<Parent>(&b.engine).await;
    logged(&script, 1).await;
    begin_as::<Three>(&b.engine, CHILD, Some(ID)).await;
    logged(&script, 3).await;
    b.engine.cancel(ID).unwrap();
    // The child is called back and hangs in its undo; its parent waits.
    while !script.log().contains(&"undo a".to_owned()) {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    b.engine.signal(SUBJECT);
    assert!(!script.log().iter().any(|l| l.starts_with("undo parent")));
    script.gate().add_permits(1);
    assert_eq!(end(&b.engine).await.state, WorkflowState::Aborted);
    let log = script.log();
    let position = |line: &str| log.iter().position(|l| l == line).unwrap();
    assert!(position("cancelled") < position("undo parent b"), "{log:?}");
}

#[tokio::test]
async fn a_parent_found_on_its_way_back_waits_for_its_children() {
    let script = Script::default()
        .on("b", &[Act::WaitSeconds(9)])
        .on("undo a", &[Act::Block])
        .on("parent b", &[Act::WaitSeconds(9)]);
    let b = bench(&script, EngineOptions::default()).await;
    begin::<Parent>(&b.engine).await;
    logged(&script, 1).await;
    begin_as::<Three>(&b.engine, CHILD, Some(ID)).await;
    logged(&script, 3).await;
    b.engine.cancel(ID).unwrap();
    while !script.log().contains(&"undo a".to_owned()) {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let Bench {
        engine, store, dir, ..
    } = b;
    engine.stop();
    drop(engine);
    store.close().await;
    let (store, contents) = Store::open(&dir.join("engine.db")).await.unwrap();
    let clock = ManualClock::new();
    let engine = engine_on(&store, &clock, &script, EngineOptions::default());
    let lines = script.log().len();
    engine.recover(contents.workflows);
    logged(&script, lines + 1).await;
    assert!(!script.log().iter().any(|l| l.starts_with("undo parent")));
    script.gate().add_permits(1);
    assert_eq!(end(&engine).await.state, WorkflowState::Aborted);
    let log = script.log();
    let position = |line: &str| log.iter().position(|l| l == line).unwrap();
    assert!(position("cancelled") < position("undo parent b"), "{log:?}");
}

/// Kills the engine at the `n`th time the hook is asked; answers whether it came to that.
async fn crash_and_recover(script: &Script, n: usize) -> (bool, Arc<WorkflowRow>) {
    let asked = Arc::new(Mutex::new(0));
    let died = Arc::new(tokio::sync::Notify::new());
    let hook = {
        let (asked, died) = (asked.clone(), died.clone());
        Arc::new(move |_: JournalPoint, _: &WorkflowRow| {
            let mut asked = asked.lock().unwrap();
            *asked += 1;
            if *asked == n {
                died.notify_one();
            }
            *asked == n
        })
    };
    let options = EngineOptions {
        hook: Some(hook),
        ..EngineOptions::default()
    };
    let b = bench(script, options).await;
    begin::<Three>(&b.engine).await;
    let crashed = tokio::select! {
        biased;
        () = died.notified() => true,
        row = in_time(&b.clock, end(&b.engine)) => return (false, row),
    };
    let Bench {
        engine, store, dir, ..
    } = b;
    drop(engine);
    store.close().await;
    let (store, contents) = Store::open(&dir.join("engine.db")).await.unwrap();
    let clock = ManualClock::new();
    let engine = engine_on(&store, &clock, script, EngineOptions::default());
    let over = contents.workflows.iter().find(|w| w.id == ID).unwrap();
    if over.state.is_over() {
        return (crashed, Arc::new(over.clone()));
    }
    engine.recover(contents.workflows);
    (crashed, in_time(&clock, end(&engine)).await)
}

#[tokio::test]
async fn a_crash_at_any_journal_write_leads_to_the_same_end() {
    for (acts, expected) in [
        (vec![Act::Done], WorkflowState::Finished),
        (vec![Act::Fail], WorkflowState::Failed),
    ] {
        let mut n = 1;
        loop {
            let script = Script::default().on("c", &acts);
            let (crashed, row) = crash_and_recover(&script, n).await;
            assert_eq!(row.state, expected, "crash {n}: {:?}", script.log());
            let log = script.log();
            for step in ["a", "b", "c"] {
                assert!(log.contains(&step.to_owned()), "crash {n}: {log:?}");
            }
            if !crashed {
                break;
            }
            n += 1;
        }
        assert!(n > 6, "{n}");
    }
}
