//! The measurement from its beginning to its end.

use crate::CommandLine;
use crate::api::{Api, Form, Place};
use crate::bare;
use crate::figures::{Samples, Table};
use crate::idle::Holder;
use crate::lists::lists;
use crate::programs::{Held, Program};
use crate::rights;
use anyhow::{Context as _, bail, ensure};
use base::{OsRandom, Random as _, Timestamp};
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use vireo_sim::inventory::{Center, Size};
use vireo_sim::places::PartHome;
use vireo_sim::seed::seed;

const PATIENCE: Duration = Duration::from_secs(600);
/// 5 % of the VMs in each 15 s, in thousandths.
const PACE: u64 = 50;
const TIMES: usize = 300;
/// Logins that come at the same moment.
const LOGINS: usize = 500;
/// The goals are for this size.
const GOAL_HOSTS: u32 = 1000;
const GOAL_VMS: u32 = 50_000;

/// Directories of one measurement.
struct Dirs {
    top: PathBuf,
    engine: PathBuf,
    sim: PathBuf,
    /// Files of the simulated agents: memory, since a real host has a disk of its own.
    state: PathBuf,
}

struct Measure<'a> {
    line: &'a CommandLine,
    dirs: Dirs,
    address: SocketAddr,
    table: Table,
}

/// Measures; answers whether all goals are kept.
pub async fn run(line: &CommandLine) -> anyhow::Result<bool> {
    let top = line.dir.join(format!("scale-{}", std::process::id()));
    std::fs::create_dir_all(&top).with_context(|| format!("cannot make {}", top.display()))?;
    let top = top.canonicalize()?;
    let memory = Path::new("/dev/shm");
    let state = if memory.is_dir() {
        memory
    } else {
        top.as_path()
    };
    let dirs = Dirs {
        engine: top.join("engine"),
        sim: top.join("sim"),
        state: state.join(format!("vireo-scale-{}", std::process::id())),
        top: top.clone(),
    };
    let state = dirs.state.clone();
    let title = format!(
        "{} hosts, {} VMs, data centers: {}; load before: {}",
        line.hosts,
        line.vms,
        line.parts,
        load()
    );
    let mut measure = Measure {
        line,
        dirs,
        address: free_address()?,
        table: Table::begin(&title, line.hosts <= GOAL_HOSTS && line.vms <= GOAL_VMS),
    };
    let outcome = measure.all().await;
    let _ = std::fs::remove_dir_all(&state);
    if line.keep {
        println!("\neverything is left in {}", top.display());
    } else {
        let _ = std::fs::remove_dir_all(&top);
    }
    outcome?;
    Ok(measure.table.end())
}

impl Measure<'_> {
    async fn all(&mut self) -> anyhow::Result<()> {
        let engine = self.engine().await?;
        engine.end(PATIENCE).await?;
        let size = Size {
            hosts: self.line.hosts,
            vms: self.line.vms,
            parts: self.line.parts,
        };
        let begun = Instant::now();
        seed(&self.dirs.engine, &self.dirs.sim, size).await?;
        self.table
            .row("inventory written", seconds(begun.elapsed()));
        let sims = self.sims().await?;
        for (sim, number) in sims.iter().zip(1..) {
            let held = sim.held()?;
            let what = format!("simulator {number}: RSS with all machines, hosts not connected");
            self.table.row(&what, format!("{} MiB", held.rss_mib));
        }
        let engine = self.first_contact().await?;
        engine.end(PATIENCE).await?;
        let engine = self.restart("orderly restart").await?;
        engine.crash().await?;
        let engine = self.restart("restart after a crash").await?;
        let mut place = self.place()?;
        place.login(&self.dirs.engine).await?;
        self.pace(PACE).await?;
        self.long(&engine, &sims).await?;
        self.reads(&place).await?;
        lists(&mut self.table, &engine, &place, self.line.vms).await?;
        self.rights(&place).await?;
        self.events(&place).await?;
        self.pace(0).await?;
        self.writes(&place).await?;
        if self.line.connections > 0 {
            self.idle(&place, &engine).await?;
        }
        self.table.row("engine at the end", memory(engine.held()?));
        engine.end(PATIENCE).await?;
        for sim in sims {
            sim.end(PATIENCE).await?;
        }
        Ok(())
    }

    async fn engine(&self) -> anyhow::Result<Program> {
        let ready = self.dirs.top.join("ready.json");
        let _ = std::fs::remove_file(&ready);
        let address = self.address.to_string();
        let words = [
            OsStr::new("--home"),
            self.dirs.engine.as_os_str(),
            OsStr::new("--listen"),
            OsStr::new(&address),
            OsStr::new("--ready-file"),
            ready.as_os_str(),
        ];
        let log = self.dirs.top.join("engine.log");
        let mut engine = Program::start("vireo-engine", &words, &log)?;
        engine.ready(&ready, PATIENCE).await?;
        Ok(engine)
    }

    async fn sims(&self) -> anyhow::Result<Vec<Program>> {
        let mut all = Vec::new();
        for number in 1..=self.line.parts {
            let ready = self.dirs.top.join(format!("sim-{number}.ready"));
            let part = number.to_string();
            let state = self.dirs.state.join(&part);
            let words = [
                OsStr::new("run"),
                OsStr::new("--home"),
                self.dirs.sim.as_os_str(),
                OsStr::new("--part"),
                OsStr::new(&part),
                OsStr::new("--state"),
                state.as_os_str(),
                OsStr::new("--ready-file"),
                ready.as_os_str(),
            ];
            let log = self.dirs.top.join(format!("sim-{number}.log"));
            let mut sim = Program::start("vireo-sim", &words, &log)?;
            let took = sim.ready(&ready, PATIENCE).await?;
            let what = format!("simulator {number}: start to all hosts listening");
            self.table.row(&what, seconds(took));
            all.push(sim);
        }
        Ok(all)
    }

    fn place(&self) -> anyhow::Result<Place> {
        Place::of(&self.dirs.engine, self.address)
    }

    /// Hosts connect for the first time: all that they can do is stored.
    async fn first_contact(&self) -> anyhow::Result<Program> {
        let engine = self.engine().await?;
        let begun = engine.begun;
        self.all_up().await?;
        let what = "first start with the hosts: all up, what they can do stored";
        self.table.row(what, seconds(begun.elapsed()));
        Ok(engine)
    }

    /// Every host is up.
    async fn all_up(&self) -> anyhow::Result<()> {
        let mut api = self.place()?.connect().await?;
        let begun = Instant::now();
        loop {
            let rest = api.json("hosts?search=status%21%3Dup&max=1").await?;
            if items(&rest, "host").is_empty() {
                return Ok(());
            }
            ensure!(begun.elapsed() < PATIENCE, "hosts are not up: {rest}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn restart(&mut self, how: &str) -> anyhow::Result<Program> {
        let vm = format!("sim-vm-{:06}", self.line.vms / 2 + 1);
        let path = format!("vms?search=name%3D{vm}");
        let starting = self.engine_started()?;
        let begun = starting.begun;
        let place = self.place()?;
        // The first request goes with the whole login, as a client's does. The port is open long before
        // it is served.
        let mut api = loop {
            match place.connect().await {
                Ok(api) => break api,
                Err(_) if begun.elapsed() < PATIENCE => {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                Err(e) => return Err(e.context("the engine does not answer")),
            }
        };
        let found = api.json(&path).await?;
        let took = begun.elapsed();
        ensure!(items(&found, "vm").len() == 1, "{vm} is not there: {found}");
        self.table.goal(
            &format!("{how}: to the first correct answer"),
            seconds(took),
            "under 5 s",
            took < Duration::from_secs(5),
        );
        self.all_up().await?;
        let took = begun.elapsed();
        let goal = format!("under 5 s (load {})", load());
        self.table.goal(
            &format!("{how}: to all hosts up"),
            seconds(took),
            &goal,
            took < Duration::from_secs(5),
        );
        let unknown = api.json("vms?search=status%21%3Dup&max=1").await?;
        let rest = items(&unknown, "vm").len();
        self.table.row(
            &format!("{how}: to all VMs known"),
            format!("{}, {rest} not up", seconds(begun.elapsed())),
        );
        Ok(starting)
    }

    /// Started, not waited for.
    fn engine_started(&self) -> anyhow::Result<Program> {
        let address = self.address.to_string();
        let words = [
            OsStr::new("--home"),
            self.dirs.engine.as_os_str(),
            OsStr::new("--listen"),
            OsStr::new(&address),
        ];
        Program::start("vireo-engine", &words, &self.dirs.top.join("engine.log"))
    }

    async fn pace(&self, per_mille: u64) -> anyhow::Result<()> {
        for part in 1..=self.line.parts {
            let mut control = Control::open(&self.dirs.sim, part).await?;
            control.say(&format!("pace {per_mille}")).await?;
        }
        Ok(())
    }

    /// Memory and CPU over a long time of changes.
    async fn long(&mut self, engine: &Program, sims: &[Program]) -> anyhow::Result<()> {
        let length = Duration::from_secs_f64(self.line.minutes * 60.0);
        // The storm of the start is not the weather.
        tokio::time::sleep(Duration::from_secs(5)).await;
        let begun = Instant::now();
        let before = (engine.held()?, all_held(sims)?);
        tokio::time::sleep(length).await;
        let after = (engine.held()?, all_held(sims)?);
        let wall = begun.elapsed().as_secs_f64();
        let cores = |a: Held, b: Held| (b.cpu - a.cpu).as_secs_f64() / wall;
        let what = format!("while 5 % change each 15 s, {:.1} min", self.line.minutes);
        let peak = after.0.peak_mib;
        self.table.goal(
            &format!("engine, peak RSS, {what}"),
            format!("{peak} MiB (now {} MiB)", after.0.rss_mib),
            "under 1024 MiB",
            peak < 1024,
        );
        let used = cores(before.0, after.0);
        self.table.goal(
            &format!("engine, CPU, {what}"),
            format!("{used:.2} cores (load {})", load()),
            "under 1 core",
            used < 1.0,
        );
        self.table.row(
            &format!("simulators together, {what}"),
            format!(
                "{:.2} cores, {} MiB RSS",
                cores(before.1, after.1),
                after.1.rss_mib
            ),
        );
        Ok(())
    }

    async fn reads(&mut self, place: &Place) -> anyhow::Result<()> {
        let mut api = place.connect().await?;
        let pages = u64::from(self.line.vms / 100).max(1);
        for (form, name) in [(Form::Xml, "XML"), (Form::Json, "JSON")] {
            let mut samples = Samples::default();
            for _ in 0..TIMES {
                let page = draw(pages) + 1;
                let path = format!("vms?search=page%20{page}");
                samples.add(timed(api.get(&path, form)).await?);
            }
            let p99 = samples.quantile(0.99);
            self.table.goal(
                &format!("page of 100 of {} VMs, {name}, any page", self.line.vms),
                format!("{} (load {})", samples.words(), load()),
                "p99 under 20 ms",
                p99 < Duration::from_millis(20),
            );
        }
        let ids = self.ids(&mut api).await?;
        let mut samples = Samples::default();
        for _ in 0..TIMES * 3 {
            let id = &ids[usize::try_from(draw(ids.len() as u64))?];
            samples.add(timed(api.get(&format!("vms/{id}"), Form::Json)).await?);
        }
        self.table.goal(
            "GET of one VM",
            samples.words(),
            "p50 under 1.6 ms",
            samples.quantile(0.5) < Duration::from_micros(1600),
        );
        let mut samples = Samples::default();
        for _ in 0..TIMES {
            let n = draw(u64::from(self.line.vms)) + 1;
            let path = format!("vms?search=name%3Dsim-vm-{n:06}");
            samples.add(timed(api.get(&path, Form::Json)).await?);
        }
        self.table
            .row("search of one VM by its name", samples.words());
        for (what, path, times) in [
            (
                "search by name with `*`",
                "vms?search=name%3D%2A12345%2A",
                20,
            ),
            (
                "search by status, first 100",
                "vms?search=status%3Dpaused%20page%201",
                20,
            ),
            (
                "sorted by name from the end, first 100",
                "vms?search=sortby%20name%20desc%20page%201",
                10,
            ),
            ("all hosts", "hosts", 5),
            ("all VMs", "vms", 3),
        ] {
            let mut samples = Samples::default();
            let mut bytes = 0;
            for _ in 0..times {
                let begun = Instant::now();
                bytes = api.get(path, Form::Json).await?.len();
                samples.add(begun.elapsed());
            }
            self.table
                .row(what, format!("{}, {} KiB", samples.words(), bytes / 1024));
        }
        Ok(())
    }

    async fn rights(&mut self, place: &Place) -> anyhow::Result<()> {
        let mut api = place.connect().await?;
        let ids = self.ids(&mut api).await?;
        let user = rights::user_of(place, &mut api, &ids).await?;
        let samples = rights::lists(&user, TIMES, ids.len()).await?;
        self.table.goal(
            &format!(
                "list of a user who sees {} of {} VMs",
                ids.len(),
                self.line.vms
            ),
            format!("{} (load {})", samples.words(), load()),
            "p99 under 20 ms",
            samples.quantile(0.99) < Duration::from_millis(20),
        );
        let took = rights::logins(place, LOGINS).await?;
        self.table.goal(
            &format!("{LOGINS} logins at once, none refused"),
            format!("{} (load {})", seconds(took), load()),
            "under 15 s",
            took < Duration::from_secs(15),
        );
        Ok(())
    }

    /// Ids of some VMs.
    async fn ids(&self, api: &mut Api) -> anyhow::Result<Vec<String>> {
        let page = draw(u64::from(self.line.vms / 100).max(1)) + 1;
        let found = api.json(&format!("vms?search=page%20{page}")).await?;
        let ids = items(&found, "vm")
            .iter()
            .filter_map(|vm| vm.get("id")?.as_str());
        let ids: Vec<String> = ids.map(str::to_owned).collect();
        ensure!(!ids.is_empty(), "there are no VMs");
        Ok(ids)
    }

    /// From the moment a guest stands still to the API saying so, and back.
    async fn events(&mut self, place: &Place) -> anyhow::Result<()> {
        let mut api = place.connect().await?;
        let mut control = Control::open(&self.dirs.sim, 1).await?;
        let mut samples = Samples::default();
        let mut done = 0;
        while done < TIMES {
            for id in self.ids(&mut api).await? {
                let path = format!("vms/{id}");
                let status = async |api: &mut Api| -> anyhow::Result<String> {
                    let vm = api.json(&path).await?;
                    let status = vm.get("status").and_then(Value::as_str);
                    Ok(status.unwrap_or_default().to_owned())
                };
                if status(&mut api).await? != "up" {
                    continue;
                }
                for (verb, wanted) in [("pause", "paused"), ("resume", "up")] {
                    if control.say(&format!("{verb} {id}")).await.is_err() {
                        // It belongs to another simulator.
                        continue;
                    }
                    let begun = Instant::now();
                    while status(&mut api).await? != wanted {
                        if begun.elapsed() > Duration::from_secs(20) {
                            bail!("VM {id} does not become {wanted}");
                        }
                    }
                    samples.add(begun.elapsed());
                }
                done += 1;
                if done == TIMES {
                    break;
                }
            }
        }
        self.table.goal(
            "host event to the API's answer",
            format!("{} (load {})", samples.words(), load()),
            "p99 under 200 ms",
            samples.quantile(0.99) < Duration::from_millis(200),
        );
        Ok(())
    }

    /// What others notice of many connections that ask nothing. The samples before are taken around them,
    /// so that a machine that grows busier meanwhile is not taken for their doing.
    async fn idle(&mut self, place: &Place, engine: &Program) -> anyhow::Result<()> {
        let mut api = place.connect().await?;
        let ids = self.ids(&mut api).await?;
        let asked = async |api: &mut Api, samples: &mut Samples| -> anyhow::Result<()> {
            for _ in 0..TIMES * 10 {
                let id = &ids[usize::try_from(draw(ids.len() as u64))?];
                samples.add(timed(api.get(&format!("vms/{id}"), Form::Json)).await?);
            }
            Ok(())
        };
        let (mut without, mut with) = (Samples::default(), Samples::default());
        asked(&mut api, &mut without).await?;
        let before = engine.held()?;
        let count = self.line.connections;
        let begun = Instant::now();
        let mut holders = [count / 2, count - count / 2]
            .map(|n| Holder::start(&self.dirs.engine, self.address, n))
            .into_iter()
            .collect::<anyhow::Result<Vec<_>>>()?;
        for holder in &mut holders {
            holder.held().await?;
        }
        self.table.row(
            &format!("{count} connections opened, each with a first question"),
            seconds(begun.elapsed()),
        );
        let held = engine.held()?;
        asked(&mut api, &mut with).await?;
        let mut left = 0;
        for holder in holders {
            left += holder.end().await?;
        }
        ensure!(left == count, "only {left} of {count} were open to the end");
        asked(&mut api, &mut without).await?;
        let (p99, then) = (without.quantile(0.99), with.quantile(0.99));
        self.table
            .row("GET of one VM, without idle connections", without.words());
        self.table.goal(
            &format!("GET of one VM, {count} connections open and idle"),
            format!(
                "{}, p99 {:.2} times (load {})",
                with.words(),
                then.as_secs_f64() / p99.as_secs_f64(),
                load()
            ),
            "p99 at most 1.2 times",
            then.as_secs_f64() <= p99.as_secs_f64() * 1.2,
        );
        let grown = held.rss_mib.saturating_sub(before.rss_mib);
        self.table.row(
            &format!("engine's memory for {count} idle connections"),
            format!(
                "{grown} MiB, {} KiB each",
                grown * 1024 / u64::from(count.max(1))
            ),
        );
        Ok(())
    }

    /// New VMs through the API, against the bare commits of the same run.
    async fn writes(&mut self, place: &Place) -> anyhow::Result<()> {
        let length = Duration::from_secs(self.line.seconds);
        let model = model()?;
        for (clients, name, least) in [(1, "one client", 200.0), (32, "32 clients", 1000.0)] {
            let bare = bare::rate(&self.dirs.top, clients, length, &model).await?;
            self.table.row(
                &format!("bare commits of a VM with its event, {name}"),
                format!("{bare:.0} /s"),
            );
            let made = rate(place, clients, length).await?;
            let (goal, limit) = if clients == 1 {
                let limit = f64::min(least, bare * 0.25);
                (
                    format!("{limit:.0} /s (200, or 0.25 of the bare rate)"),
                    limit,
                )
            } else {
                ("1000 /s".to_owned(), least)
            };
            self.table.goal(
                &format!("VMs made through the API, {name}"),
                format!(
                    "{made:.0} /s, {:.2} of the bare rate (load {})",
                    made / bare,
                    load()
                ),
                &goal,
                made >= limit,
            );
        }
        Ok(())
    }
}

/// VMs for a second.
async fn rate(place: &Place, clients: u32, length: Duration) -> anyhow::Result<f64> {
    let mut apis = Vec::new();
    for _ in 0..clients {
        apis.push(place.connect().await?);
    }
    let begun = Instant::now();
    let work = apis
        .into_iter()
        .zip(0..)
        .map(|(mut api, client): (Api, u32)| {
            tokio::spawn(async move {
                let mut count = 0_u32;
                while begun.elapsed() < length {
                    let body = json!({
                        "name": format!("made-{clients}-{client}-{count}"),
                        "cluster": { "name": "Simulated" },
                        "template": { "name": "Blank" },
                    });
                    api.post("vms", &body).await?;
                    count += 1;
                }
                Ok::<u32, anyhow::Error>(count)
            })
        });
    let mut all = 0;
    for done in futures::future::join_all(work).await {
        all += done??;
    }
    Ok(f64::from(all) / begun.elapsed().as_secs_f64())
}

/// A VM such as a new one of the API is.
fn model() -> anyhow::Result<domain::vms::Vm> {
    let hardware = operations::vms::hardware::blank();
    let mut center = Center::new(&OsRandom, 1, hardware, Timestamp(1));
    let enrolment = domain::hosts::Enrolment::Pending {
        token_sha256: String::new(),
        expires: Timestamp(1),
    };
    center.host(base::HostId::known(1), 0, enrolment);
    Ok(center.vm(&OsRandom, 0, 0)?.0)
}

struct Control {
    lines: BufReader<UnixStream>,
}

impl Control {
    async fn open(sim: &Path, part: u32) -> anyhow::Result<Self> {
        let path = PartHome::of(sim, part).control();
        let stream = UnixStream::connect(&path)
            .await
            .with_context(|| format!("no simulator listens on {}", path.display()))?;
        Ok(Control {
            lines: BufReader::new(stream),
        })
    }
    async fn say(&mut self, words: &str) -> anyhow::Result<()> {
        let line = format!("{words}\n");
        self.lines.get_mut().write_all(line.as_bytes()).await?;
        let mut answer = String::new();
        self.lines.read_line(&mut answer).await?;
        ensure!(answer.starts_with("ok"), "`{words}`: {answer}");
        Ok(())
    }
}

async fn timed<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    work.await?;
    Ok(begun.elapsed())
}

fn items<'v>(answer: &'v Value, tag: &str) -> &'v [Value] {
    let list = answer.get(tag).and_then(Value::as_array);
    list.map(Vec::as_slice).unwrap_or_default()
}

fn draw(below: u64) -> u64 {
    let mut bytes = [0; 8];
    OsRandom.fill(&mut bytes);
    u64::from_le_bytes(bytes).checked_rem(below).unwrap_or(0)
}

fn all_held(programs: &[Program]) -> anyhow::Result<Held> {
    let mut all = Held::default();
    for program in programs {
        let held = program.held()?;
        all.cpu += held.cpu;
        all.rss_mib += held.rss_mib;
        all.peak_mib += held.peak_mib;
    }
    Ok(all)
}

fn memory(held: Held) -> String {
    format!("{} MiB RSS, {} MiB peak", held.rss_mib, held.peak_mib)
}

fn seconds(took: Duration) -> String {
    format!("{:.2} s", took.as_secs_f64())
}

/// How busy the machine is besides.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or("?").to_owned()
}

fn free_address() -> anyhow::Result<SocketAddr> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    Ok(listener.local_addr()?)
}
