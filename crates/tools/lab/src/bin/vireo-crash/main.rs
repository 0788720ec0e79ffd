//! `vireo-crash`: a lab whose engine and agent are killed at drawn places, and what is true afterwards.
//!
//! Each verb is first driven once as it is, and every failpoint that it passes is noted. Then places
//! are drawn: the program is told to die there, the verb is driven, the program comes up again, the
//! work goes on by itself; then the engine's word is compared with the host's QEMU processes and with
//! the files on the storage domain, and nothing may be lost, doubled, locked or unfinished.

mod draw;
mod lab;
mod points;
mod truth;
mod verbs;
mod world;

use anyhow::{Context as _, bail, ensure};
use draw::{Draw, Draws};
use lab::Lab;
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use verbs::Verb;
use world::World;

/// What follows a job has so long to come true.
const SETTLES: Duration = Duration::from_secs(20);
/// What is drawn when nobody says how many.
const COUNT: usize = 20;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let outcome = runtime
        .context("cannot start the runtime")
        .and_then(|runtime| runtime.block_on(run()));
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("vireo-crash: {e:#}");
            ExitCode::FAILURE
        }
    }
}

fn number(name: &str) -> anyhow::Result<Option<u64>> {
    match std::env::var(name).ok().filter(|v| !v.is_empty()) {
        None => Ok(None),
        Some(text) => match text.parse() {
            Ok(n) => Ok(Some(n)),
            Err(_) => bail!("{name} is `{text}`; it must be a number"),
        },
    }
}

async fn run() -> anyhow::Result<bool> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let seed = number("VIREO_CRASH_SEED")?.unwrap_or(now.as_secs());
    let count = match number("VIREO_CRASH_COUNT")? {
        Some(n) => usize::try_from(n)?,
        None => COUNT,
    };
    println!("VIREO_CRASH_SEED={seed} VIREO_CRASH_COUNT={count}");
    let begun = Instant::now();
    let mut lab = Lab::up()?;
    println!("lab ready after {:.1} s", begun.elapsed().as_secs_f64());
    let outcome = crash(&mut lab, seed, count).await;
    if !matches!(outcome, Ok(0)) {
        lab.keep();
    }
    lab.down()?;
    let failures = outcome?;
    println!("all in {:.0} s", begun.elapsed().as_secs_f64());
    if failures > 0 {
        println!(
            "{failures} of {count} went wrong; again with VIREO_CRASH_SEED={seed} VIREO_CRASH_COUNT={count}"
        );
    }
    Ok(failures == 0)
}

/// Answers how many draws went wrong.
async fn crash(lab: &mut Lab, seed: u64, count: usize) -> anyhow::Result<usize> {
    let world = World::of(lab);
    world.furnish().await.context("cannot prepare the lab")?;
    let learned = learn(lab, &world).await?;
    let mut draws = Draws::new(seed, &learned);
    let (mut failures, mut missed) = (0, 0);
    let mut killed: BTreeMap<&str, usize> = BTreeMap::new();
    for number in 1..=count {
        let draw = draws.next().context("no verb passes any failpoint")?;
        let begun = Instant::now();
        let outcome = one(lab, &world, &draw).await;
        let took = begun.elapsed().as_secs_f64();
        match outcome {
            Ok(true) => {
                *killed.entry(draw.program).or_default() += 1;
                println!("{number:3} {draw}: well ({took:.1} s)");
            }
            Ok(false) => {
                missed += 1;
                println!("{number:3} {draw}: not reached, well ({took:.1} s)");
            }
            Err(e) => {
                failures += 1;
                println!("{number:3} {draw}: FAILED ({took:.1} s): {e:#}");
                ensure!(
                    world.repair().await.is_ok(),
                    "the lab is beyond repair after this"
                );
            }
        }
    }
    println!("killed: {killed:?}; not reached: {missed}; went wrong: {failures}");
    ensure!(
        killed.values().sum::<usize>() * 2 >= count,
        "fewer than half of the draws killed anything"
    );
    Ok(failures)
}

/// Drives each verb once without a kill.
async fn learn(lab: &Lab, world: &World) -> anyhow::Result<BTreeMap<Verb, Vec<(Draw, u64)>>> {
    let mut learned = BTreeMap::new();
    for verb in Verb::ALL {
        let stage = verb
            .prepare(lab, world)
            .await
            .with_context(|| format!("cannot prepare {verb:?}"))?;
        let before = lab.points.passed()?;
        verb.act(world, &stage)
            .await
            .with_context(|| format!("cannot {verb:?}"))?;
        world.idle().await?;
        ensure!(
            verb.happened(world, &stage).await?,
            "{verb:?} does not do what it is to do"
        );
        let passed = lab.points.passed()?.since(&before);
        truth::settled(lab, world, SETTLES)
            .await
            .with_context(|| format!("after {verb:?} without any kill"))?;
        verb.kept(lab, world, &stage).await?;
        verb.tidy(world).await?;
        let places = passed
            .into_iter()
            .map(|((program, name), n)| {
                let draw = Draw {
                    verb,
                    program,
                    name,
                    number: 1,
                    then: None,
                };
                (draw, n)
            })
            .collect::<Vec<_>>();
        println!("{verb:?} passes {} failpoints", places.len());
        learned.insert(verb, places);
    }
    Ok(learned)
}

/// One draw; answers whether anything was killed.
async fn one(lab: &Lab, world: &World, draw: &Draw) -> anyhow::Result<bool> {
    let verb = draw.verb;
    let stage = verb.prepare(lab, world).await.context("preparing")?;
    let before = world.census().await?;
    lab.points.arm(draw.program, &draw.name, draw.number)?;
    let answer = verb.act(world, &stage).await;
    let fired = lab
        .points
        .fired(draw.program, async || {
            Ok(world.unfinished().await == Some(0))
        })
        .await?;
    lab.points.disarm(draw.program)?;
    let mut engine_alone = draw.program == points::ENGINE;
    if let (true, Some((program, name))) = (fired, &draw.then) {
        lab.points.arm(program, name, 1)?;
        world.idle().await?;
        lab.points.disarm(program)?;
        engine_alone &= *program == points::ENGINE;
    }
    world.idle().await?;
    truth::settled(lab, world, SETTLES).await?;
    verb.kept(lab, world, &stage).await?;
    let happened = verb.happened(world, &stage).await?;
    world.census().await?.follows(&before, verb, happened)?;
    match (&answer, fired) {
        // The engine's word was given, and the engine finds its work again: it must come true.
        (Ok(()), _) if engine_alone => {
            ensure!(happened, "it was accepted and did not happen");
        }
        (Err(e), false) => bail!("it was refused: {e:#}"),
        _ => {}
    }
    verb.tidy(world).await.context("tidying up")?;
    Ok(fired)
}
