//! What the program promises of its disk: no success is answered before the change is on the disk, and
//! a full disk loses nothing. Needs `strace` for the one and root's rights for the other.

use serde_json::Value;
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use testkit::TestDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_vireo-engine");
const PATIENCE: Duration = Duration::from_secs(60);

/// A process that may have the engine as its child; both end with the value.
struct Running {
    child: Child,
    said: Receiver<String>,
}

impl Running {
    fn start(command: &mut Command) -> Self {
        let mut child = command
            .env_remove("VIREO_LOG")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = lines(child.stderr.take().unwrap());
        Running { child, said }
    }

    fn until(&self, word: &str) {
        let begun = Instant::now();
        loop {
            let left = PATIENCE.saturating_sub(begun.elapsed());
            let line = self.said.recv_timeout(left).unwrap();
            if line.contains(word) {
                return;
            }
        }
    }

    /// The engine's number: this process's, or its child's.
    fn engine(&self) -> u32 {
        let own = self.child.id();
        let children = format!("/proc/{own}/task/{own}/children");
        let text = std::fs::read_to_string(children).unwrap();
        text.split_whitespace()
            .next()
            .map_or(own, |n| n.parse().unwrap())
    }

    fn end(mut self) {
        let engine = self.engine().to_string();
        let told = Command::new("kill").args(["-s", "TERM", &engine]).status();
        assert!(told.unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let engine = self.engine().to_string();
            let _ = Command::new("kill").args(["-s", "KILL", &engine]).status();
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// The log, read on a thread of its own so that the engine never waits for us.
fn lines(log: ChildStderr) -> Receiver<String> {
    let (send, said) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(log).lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                return;
            }
        }
    });
    said
}

/// One request over the operator's socket: status and body.
fn operator(home: &Path, method: &str, path: &str, body: &str) -> (u16, Value) {
    let mut stream = UnixStream::connect(home.join("operator.sock")).unwrap();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: engine\r\nConnection: close\r\nAccept: application/json\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

fn add_network(home: &Path, name: &str) -> (u16, Value) {
    let body = format!(r#"{{"name":"{name}","data_center":"Default"}}"#);
    operator(home, "POST", "/operator/networks", &body)
}

fn networks(home: &Path) -> Vec<String> {
    let (status, all) = operator(home, "GET", "/ovirt-engine/api/networks", "");
    assert_eq!(status, 200);
    let all = all["network"].as_array().unwrap();
    all.iter()
        .map(|n| n["name"].as_str().unwrap().to_owned())
        .collect()
}

/// SQLite's log of changes is synced between the request and its answer, each time.
#[test]
fn no_success_is_answered_before_the_change_is_on_the_disk() {
    if Command::new("strace").arg("-V").output().is_err() {
        println!("SKIPPED no_success_is_answered_before_the_change_is_on_the_disk: no strace");
        return;
    }
    let dir = TestDir::new();
    let (home, trace) = (dir.join("home"), dir.join("trace"));
    let engine = Running::start(
        Command::new("strace")
            .args(["-f", "-y", "-s", "200", "-o"])
            .arg(&trace)
            .args(["-e", "trace=fsync,fdatasync,sendto,sendmsg,write,writev"])
            .arg(PROGRAM)
            .arg("--home")
            .arg(&home)
            .args(["--listen", "127.0.0.1:0"]),
    );
    engine.until("ready: the API is on");
    for n in 0..10 {
        let (status, answer) = add_network(&home, &format!("net{n}"));
        assert!((200..300).contains(&status), "{status}: {answer}");
    }
    engine.end();
    let trace = std::fs::read_to_string(&trace).unwrap();
    let (mut synced, mut began, mut answers) = (false, false, 0);
    // A call that another thread interrupts is on two lines; it is done on the second.
    let mut unfinished = HashSet::new();
    for line in trace.lines() {
        let thread = line.split(' ').next().unwrap();
        if line.contains("sync(") && line.contains("engine.db-wal") {
            if line.contains("unfinished") {
                unfinished.insert(thread);
            }
            synced |= line.ends_with("= 0");
        } else if line.contains("sync resumed") && unfinished.remove(thread) {
            synced |= line.ends_with("= 0");
        }
        if line.contains("ready: the API is on") {
            (began, synced) = (true, false);
        }
        if began && line.contains("HTTP/1.1 20") {
            assert!(synced, "answer {answers} came before any sync: {line}");
            (answers, synced) = (answers + 1, false);
        }
    }
    assert_eq!(answers, 10, "{trace}");
}

/// A home on a small file system in a namespace of its own.
struct SmallHome {
    engine: Running,
    /// The home, as seen from here.
    home: PathBuf,
}

impl SmallHome {
    fn start(dir: &TestDir) -> Option<Self> {
        if !nix::unistd::geteuid().is_root() {
            return None;
        }
        let place = dir.join("small");
        std::fs::create_dir(&place).unwrap();
        let script = "mount -t tmpfs -o size=8m tmpfs \"$1\" && \
                      exec \"$2\" --home \"$1/home\" --listen 127.0.0.1:0";
        let engine = Running::start(
            Command::new("unshare")
                .args(["--mount", "sh", "-c", script, "sh"])
                .arg(&place)
                .arg(PROGRAM),
        );
        engine.until("ready: the API is on");
        let root = PathBuf::from(format!("/proc/{}/root", engine.engine()));
        let inside = place.join("home");
        let home = root.join(inside.strip_prefix("/").unwrap());
        Some(SmallHome { engine, home })
    }

    /// Takes all space there is.
    fn fill(&self) -> PathBuf {
        let path = self.home.join("ballast");
        let mut file = std::fs::File::create(&path).unwrap();
        for piece in [1 << 16, 1 << 12, 1] {
            while file.write_all(&vec![1; piece]).is_ok() {}
        }
        path
    }
}

#[test]
fn a_full_disk_is_said_loses_nothing_and_is_over_when_there_is_room() {
    let dir = TestDir::new();
    let Some(small) = SmallHome::start(&dir) else {
        println!(
            "SKIPPED a_full_disk_is_said_loses_nothing_and_is_over_when_there_is_room: not root"
        );
        return;
    };
    let home = &small.home;
    assert!((200..300).contains(&add_network(home, "before").0));
    let ballast = small.fill();
    let mut kept = vec!["before".to_owned()];
    let mut refused = None;
    // Pages that the file holds already may still take some.
    for n in 0..200 {
        let name = format!("during{n}");
        let (status, answer) = add_network(home, &name);
        if (200..300).contains(&status) {
            kept.push(name);
        } else {
            refused = Some((name, status, answer));
            break;
        }
    }
    let (name, status, answer) = refused.expect("a full disk refuses at last");
    assert_eq!(status, 503, "{answer}");
    let words = answer.to_string();
    assert!(words.contains("space") || words.contains("full"), "{words}");
    // Reading goes on, and what was refused is not there.
    let there = networks(home);
    assert!(!there.contains(&name), "{there:?}");
    for name in &kept {
        assert!(there.contains(name), "{name} of {there:?}");
    }
    let (status, said) = operator(home, "GET", "/operator/status", "");
    assert_eq!((status, &said["database"]), (200, &Value::from("up")));
    std::fs::remove_file(ballast).unwrap();
    let (status, answer) = add_network(home, &name);
    assert!((200..300).contains(&status), "{status}: {answer}");
    let there = networks(home);
    for name in kept.iter().chain([&name]) {
        assert!(there.contains(name), "{name} of {there:?}");
    }
    small.engine.end();
}
