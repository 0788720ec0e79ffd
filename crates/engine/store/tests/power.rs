//! Power cuts: what the disk holds when only synced writes are on it, or any of the others too. A
//! process commits under `strace`; its writes and syncs are replayed up to many moments, and each
//! time every change that was acknowledged by then must be found.

mod common;

use base::Random as _;
use common::{data_center, event, put};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::process::{Command, Stdio};
use store::Store;
use testkit::{SeededRandom, TestDir};

const COMMITS: u128 = 200;
const CUTS: usize = 40;

/// The other half of the test below, in a process of its own. By itself it does nothing.
#[tokio::test]
async fn commit_and_vanish() {
    let Ok(path) = std::env::var("VIREO_TEST_POWER") else {
        return;
    };
    let (store, _) = Store::open(Path::new(&path)).await.unwrap();
    for n in 1..=COMMITS {
        let mut dc = data_center(n, &format!("dc{n}"));
        // Long enough that the log is written back into the database on the way.
        dc.description = "x".repeat(30_000);
        let mut batch = put(dc);
        batch.event(event(1, 1, &format!("event {n}")));
        store.commit(batch).await.unwrap();
        println!("\ncommitted {n}.");
    }
    std::process::exit(0);
}

/// A change of a file that may not be on the disk yet.
enum Write {
    At(usize, Vec<u8>),
    Length(usize),
}

/// A file as the disk has it for sure, and what may have reached it.
#[derive(Default)]
struct Replayed {
    synced: Vec<u8>,
    open: Vec<Write>,
}

fn apply(content: &mut Vec<u8>, write: &Write) {
    match write {
        Write::Length(length) => content.resize(*length, 0),
        Write::At(offset, data) => {
            let end = offset + data.len();
            if content.len() < end {
                content.resize(end, 0);
            }
            content[*offset..end].copy_from_slice(data);
        }
    }
}

impl Replayed {
    /// The file when these of the open writes have reached the disk.
    fn image(&self, mut reached: impl FnMut() -> bool) -> Vec<u8> {
        let mut content = self.synced.clone();
        for write in &self.open {
            if reached() {
                apply(&mut content, write);
            }
        }
        content
    }

    fn sync(&mut self, writes: usize) {
        for write in self.open.drain(..writes) {
            apply(&mut self.synced, &write);
        }
    }
}

/// `\x2f\x74` as bytes.
fn decoded(hex: &str) -> Vec<u8> {
    let digits = hex.split("\\x").filter(|d| !d.is_empty());
    digits.map(|d| u8::from_str_radix(d, 16).unwrap()).collect()
}

/// A line of the trace: thread, call, file descriptor, file and the rest.
fn call(line: &str) -> Option<(&str, &str, &str, String, &str)> {
    let (thread, rest) = line.split_once(' ')?;
    let (name, rest) = rest.trim_start().split_once('(')?;
    let (descriptor, rest) = rest.split_once('<')?;
    let (path, rest) = rest.split_once('>')?;
    let path = String::from_utf8(decoded(path)).ok()?;
    Some((thread, name, descriptor, path, rest))
}

fn number(text: &str) -> Option<usize> {
    let digits = text.trim_start_matches([',', ' ']);
    let end = digits.find(|c: char| !c.is_ascii_digit());
    digits[..end.unwrap_or(digits.len())].parse().ok()
}

/// What a cut leaves, and how many commits were acknowledged before it.
struct Cut {
    acknowledged: usize,
    files: BTreeMap<String, Vec<u8>>,
}

/// Replays a trace and cuts the power at `CUTS` moments: once with nothing but what was synced, once
/// with a drawn part of the rest.
fn cuts(trace: &str, dir: &str, random: &SeededRandom) -> Vec<Cut> {
    let lines: Vec<&str> = trace.lines().collect();
    let mut files: BTreeMap<String, Replayed> = BTreeMap::new();
    let mut positions: HashMap<(String, String), usize> = HashMap::new();
    let mut syncing: HashMap<String, (String, usize)> = HashMap::new();
    let mut removed: Vec<String> = Vec::new();
    let mut acknowledged = 0;
    let mut cuts = Vec::new();
    let first = lines
        .iter()
        .position(|l| said(l).is_some())
        .expect("something is committed");
    let every = (lines.len() - first) / CUTS;
    for (at, line) in lines.iter().enumerate() {
        if let Some(n) = said(line) {
            acknowledged = n;
        }
        if let Some((thread, name, descriptor, path, rest)) = call(line) {
            let file = Path::new(&path).file_name().unwrap_or_default();
            let file = file.to_string_lossy().into_owned();
            if name == "fsync" && path == dir {
                for file in removed.drain(..) {
                    files.remove(&file);
                }
            } else if ["engine.db", "engine.db-wal", "engine.db-journal"].contains(&file.as_str()) {
                let replayed = files.entry(file.clone()).or_default();
                let place = (path.clone(), descriptor.to_owned());
                let data = || {
                    let mut parts = rest.splitn(3, '"');
                    (decoded(parts.nth(1).unwrap()), parts.next().unwrap())
                };
                match name {
                    "lseek" => {
                        positions.insert(place, number(rest).unwrap());
                    }
                    "write" => {
                        let (data, _) = data();
                        let position = positions.entry(place).or_default();
                        let offset = *position;
                        *position += data.len();
                        replayed.open.push(Write::At(offset, data));
                    }
                    "pwrite64" => {
                        let (data, after) = data();
                        let offset = after.rsplit_once(", ").unwrap().1;
                        replayed.open.push(Write::At(number(offset).unwrap(), data));
                    }
                    "ftruncate" => replayed.open.push(Write::Length(number(rest).unwrap())),
                    "fsync" | "fdatasync" if rest.contains("unfinished") => {
                        let open = replayed.open.len();
                        syncing.insert(thread.to_owned(), (file, open));
                    }
                    "fsync" | "fdatasync" if rest.ends_with("= 0") => {
                        let open = replayed.open.len();
                        replayed.sync(open);
                    }
                    _ => panic!("{line:.200}"),
                }
            }
        } else if let Some((_, rest)) = line.split_once(" unlink(\"") {
            // It is gone for good when the directory is synced.
            let path = String::from_utf8(decoded(rest.split('"').next().unwrap())).unwrap();
            removed.extend(path.strip_prefix(&format!("{dir}/")).map(str::to_owned));
        } else if line.contains("sync resumed") && line.ends_with("= 0") {
            let thread = line.split(' ').next().unwrap();
            if let Some((file, open)) = syncing.remove(thread) {
                files.get_mut(&file).unwrap().sync(open);
            }
        }
        if at >= first && (at - first).is_multiple_of(every) {
            for part in [false, true] {
                let mut byte = [0];
                let mut reached = || {
                    random.fill(&mut byte);
                    part && byte[0] % 2 == 0
                };
                let mut images = BTreeMap::new();
                for (name, replayed) in &files {
                    images.insert(name.clone(), replayed.image(&mut reached));
                }
                cuts.push(Cut {
                    acknowledged,
                    files: images,
                });
            }
        }
    }
    cuts
}

/// `committed N.` on standard output.
fn said(line: &str) -> Option<usize> {
    let (_, rest) = line.split_once("write(1<")?;
    let data = decoded(rest.split('"').nth(1)?);
    let text = String::from_utf8(data).ok()?;
    text.split_once("committed ")?
        .1
        .split_once('.')?
        .0
        .parse()
        .ok()
}

#[tokio::test]
async fn a_power_cut_loses_nothing_that_was_acknowledged() {
    if Command::new("strace").arg("-V").output().is_err() {
        println!("SKIPPED a_power_cut_loses_nothing_that_was_acknowledged: no strace");
        return;
    }
    let dir = TestDir::new();
    let (path, trace) = (dir.join("engine.db"), dir.join("trace"));
    let ran = Command::new("strace")
        .args(["-f", "-y", "-xx", "-s", "1000000", "-o"])
        .arg(&trace)
        .args([
            "-e",
            "trace=lseek,write,pwrite64,pwritev,ftruncate,fsync,fdatasync,unlink",
        ])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "commit_and_vanish", "--nocapture"])
        .env("VIREO_TEST_POWER", &path)
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(ran.success(), "{ran}");
    let trace = std::fs::read_to_string(&trace).unwrap();
    let cuts = cuts(&trace, dir.path().to_str().unwrap(), &SeededRandom::new(11));
    assert!(cuts.len() >= 2 * CUTS);
    for (n, cut) in cuts.iter().enumerate() {
        let place = dir.join(format!("cut{n}"));
        std::fs::create_dir(&place).unwrap();
        for (name, content) in &cut.files {
            std::fs::write(place.join(name), content).unwrap();
        }
        let (store, contents) = Store::open(&place.join("engine.db")).await.unwrap();
        let found = contents.entities.len();
        assert!(
            found >= cut.acknowledged,
            "cut {n}: {found} found, {} acknowledged",
            cut.acknowledged
        );
        assert_eq!(contents.events.len(), found, "cut {n}");
        store.close().await;
        std::fs::remove_dir_all(&place).unwrap();
    }
}
