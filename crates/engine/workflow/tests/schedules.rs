//! Random schedules: steps and undos that fail in every way, crashes at any journal write, cancels and
//! resumes. Whatever comes, the row ends, what it did is all there or all gone, and no step runs that
//! the journal has done with. `VIREO_SCHEDULES_SEED` repeats one of them.

use async_trait::async_trait;
use base::{Call, Fault, Random as _, Timestamp, WorkflowId};
use domain::jobs::{StepPhase, WorkflowRow, WorkflowState};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::{Batch, Store};
use testkit::{ManualClock, SeededRandom, TestDir};
use tokio::sync::Notify;
use uuid::Uuid;
use workflow::{Cx, Engine, EngineOptions, JournalPoint, Outcome, StepDef, StepError, Workflow};

const SCHEDULES: u64 = 60;
const ID: WorkflowId = WorkflowId::known(1);
const SECOND: Duration = Duration::from_secs(1);

/// What the steps work on, what the journal says of them, and what went wrong.
#[derive(Default)]
struct World {
    there: BTreeSet<&'static str>,
    noted: BTreeMap<String, StepPhase>,
    over: bool,
    closed: u32,
    wrong: Vec<String>,
    history: Vec<String>,
}

#[derive(Clone)]
struct Fate {
    random: Arc<SeededRandom>,
    world: Arc<Mutex<World>>,
}

impl Fate {
    /// One in `n`.
    fn hits(&self, n: u8) -> bool {
        let mut byte = [0];
        self.random.fill(&mut byte);
        byte[0] % n == 0
    }

    fn note(&self, row: &WorkflowRow) {
        let mut world = self.world.lock().unwrap();
        world.noted = row
            .steps
            .iter()
            .map(|s| (s.name.clone(), s.phase))
            .collect();
        world.over = row.state.is_over();
    }

    /// A step is run or undone: may it?
    fn check(&self, step: &str, verb: &str, allowed: &[StepPhase]) {
        let mut world = self.world.lock().unwrap();
        world.history.push(format!("{verb} {step}"));
        let phase = world.noted.get(step).copied();
        if world.over || !phase.is_some_and(|p| allowed.contains(&p)) {
            let over = world.over;
            world
                .wrong
                .push(format!("{verb} {step}, which is {phase:?}, over: {over}"));
        }
    }

    /// Makes a step's effect there or not, and says one of several things about it.
    fn work(&self, step: &'static str, there: bool, finals: bool) -> Result<(), StepError> {
        let fault = || Fault::unavailable("FATE", format!("{step} fails"));
        if self.hits(6) {
            return Err(StepError::Passing(fault()));
        }
        if finals && self.hits(9) {
            return Err(StepError::Final(fault()));
        }
        let mut world = self.world.lock().unwrap();
        if there {
            world.there.insert(step);
        } else {
            world.there.remove(step);
        }
        drop(world);
        // It happened, and nobody hears of it.
        if self.hits(6) {
            return Err(StepError::Passing(fault()));
        }
        Ok(())
    }
}

macro_rules! fated {
    ($name:ident, $kind:literal, $steps:expr) => {
        struct $name(Fate);
        #[async_trait]
        impl Workflow for $name {
            type Memo = u32;
            const KIND: &'static str = $kind;
            const MEMO_VERSION: u32 = 1;
            const STEPS: &'static [StepDef] = $steps;

            async fn run(
                &self,
                step: &'static str,
                cx: &Cx,
                _: &mut u32,
            ) -> Result<Outcome, StepError> {
                self.0.check(step, "run", &[StepPhase::Begun]);
                if self.0.hits(5) {
                    return Ok(Outcome::Wait(cx.now.after(SECOND)));
                }
                if self.0.hits(8) {
                    return Ok(Outcome::Progress(50, cx.now.after(SECOND)));
                }
                self.0.work(step, true, true)?;
                if step == "c" && self.0.hits(5) {
                    // Whoever goes back leaves nothing of itself.
                    self.0.world.lock().unwrap().there.remove(step);
                    return Ok(Outcome::Back("b", Batch::new()));
                }
                Ok(Outcome::Done(Batch::new()))
            }

            async fn undo(
                &self,
                step: &'static str,
                _: &Cx,
                _: &mut u32,
            ) -> Result<Batch, StepError> {
                self.0
                    .check(step, "undo", &[StepPhase::Begun, StepPhase::Done]);
                self.0.work(step, false, false)?;
                Ok(Batch::new())
            }

            async fn failed(
                &self,
                _: &Cx,
                _: &u32,
                _: &Fault,
                _: bool,
            ) -> Result<Batch, StepError> {
                self.0.world.lock().unwrap().closed += 1;
                Ok(Batch::new())
            }
        }
    };
}

const RETRIED: StepDef = StepDef::new("b", "Second").retry(3, SECOND);

fated!(
    Forth,
    "fate.forth",
    &[
        StepDef::new("a", "First").retry(2, SECOND),
        RETRIED,
        StepDef::new("c", "Third"),
        StepDef::new("d", "Fourth").retry(4, SECOND),
    ]
);
fated!(
    OneWay,
    "fate.one_way",
    &[
        StepDef::new("a", "First").retry(2, SECOND),
        StepDef::new("b", "Second").retry(3, SECOND).no_return(),
        StepDef::new("d", "Third").retry(2, SECOND),
    ]
);

fn engine_on(store: &Store, clock: &ManualClock, fate: &Fate, died: &Arc<Notify>) -> Engine {
    let hook = {
        let (fate, died) = (fate.clone(), died.clone());
        Arc::new(move |point: JournalPoint, row: &WorkflowRow| {
            if point == JournalPoint::After {
                fate.note(row);
            }
            let dies = fate.hits(9);
            if dies {
                died.notify_one();
            }
            dies
        })
    };
    let options = EngineOptions {
        hook: Some(hook),
        undo_attempts: 2,
        ..EngineOptions::default()
    };
    let random = Arc::new(SeededRandom::new(3));
    let engine = Engine::new(store.clone(), Arc::new(clock.clone()), random, options);
    engine.register(Forth(fate.clone()));
    engine.register(OneWay(fate.clone()));
    engine
}

/// Moves time, cancels at times, and lets a row that needs a person go on.
async fn drive(engine: &Engine, clock: &ManualClock, fate: &Fate) {
    loop {
        tokio::time::sleep(Duration::from_millis(1)).await;
        clock.advance(SECOND);
        if fate.hits(200) {
            let _ = engine.cancel(ID);
        }
        if engine.counts().1 > 0 {
            let _ = engine.resume(ID);
        }
    }
}

async fn schedule(seed: u64) -> WorkflowState {
    let fate = Fate {
        random: Arc::new(SeededRandom::new(seed)),
        world: Arc::default(),
    };
    let dir = TestDir::new();
    let path = dir.join("engine.db");
    let clock = ManualClock::new();
    let (mut store, _) = Store::open(&path).await.unwrap();
    let died = Arc::new(Notify::new());
    let mut engine = engine_on(&store, &clock, &fate, &died);
    let call = Call::internal("test");
    let subjects = vec![Uuid::from_u128(9)];
    let row = if seed.is_multiple_of(2) {
        engine.draft::<Forth>(ID, &call, "Forth", subjects, &0)
    } else {
        engine.draft::<OneWay>(ID, &call, "One way", subjects, &0)
    };
    let row = row.unwrap();
    fate.note(&row);
    let mut batch = Batch::new();
    batch.workflow(row);
    engine.submit(batch).await.unwrap();
    let row = loop {
        let over = tokio::select! {
            biased;
            () = died.notified() => None,
            row = engine.wait(ID, Timestamp(i64::MAX)) => Some(row.expect("it ends")),
            () = drive(&engine, &clock, &fate) => None,
        };
        if let Some(row) = over {
            break row;
        }
        engine.stop();
        store.close().await;
        let (again, contents) = Store::open(&path).await.unwrap();
        store = again;
        let row = contents.workflows.iter().find(|w| w.id == ID).unwrap();
        fate.note(row);
        if row.state.is_over() {
            break Arc::new(row.clone());
        }
        engine = engine_on(&store, &clock, &fate, &died);
        engine.recover(contents.workflows);
    };
    store.close().await;
    let world = fate.world.lock().unwrap();
    let told = format!("seed {seed}: {:?} {:?}", row.state, world.history);
    assert_eq!(world.wrong, Vec::<String>::new(), "{told}");
    match row.state {
        WorkflowState::Finished => {
            let all = row.steps.iter().all(|s| world.there.contains(&*s.name));
            assert!(all, "{:?} are there: {told}", world.there);
        }
        WorkflowState::Failed | WorkflowState::Aborted => {
            assert_eq!(world.there, BTreeSet::new(), "{told}");
            assert!(world.closed > 0, "{told}");
        }
        other => panic!("{other:?}: {told}"),
    }
    row.state
}

#[tokio::test]
async fn every_schedule_ends_with_all_or_nothing() {
    let only = std::env::var("VIREO_SCHEDULES_SEED")
        .ok()
        .map(|seed| seed.parse::<u64>().unwrap());
    let seeds = match only {
        Some(seed) => seed..seed + 1,
        None => 0..SCHEDULES,
    };
    let mut ends = Vec::new();
    for seed in seeds {
        let ended = tokio::time::timeout(Duration::from_secs(60), schedule(seed)).await;
        ends.push(ended.unwrap_or_else(|_| panic!("seed {seed} does not end")));
    }
    if only.is_none() {
        for state in [WorkflowState::Finished, WorkflowState::Failed] {
            assert!(ends.contains(&state), "no schedule is {state:?}");
        }
    }
}
