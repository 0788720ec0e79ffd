//! The program from outside: its first start, its files, its end, its next start.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use testkit::TestDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_vireo-engine");

/// A running engine; killed when the test fails.
struct Engine {
    child: Child,
    log: BufReader<ChildStderr>,
    said: String,
}

impl Drop for Engine {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(home: &Path, more: &[&str]) -> Engine {
    let mut child = Command::new(PROGRAM)
        .arg("--home")
        .arg(home)
        .args(["--listen", "127.0.0.1:0"])
        .args(more)
        .env_remove("VIREO_LOG")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let log = BufReader::new(child.stderr.take().unwrap());
    Engine {
        child,
        log,
        said: String::new(),
    }
}

impl Engine {
    /// Reads the log until a line holds `word`; the program's end fails the test.
    fn until(&mut self, word: &str) {
        loop {
            let mut line = String::new();
            let read = self.log.read_line(&mut line).unwrap();
            assert!(
                read > 0,
                "the engine ended before it said `{word}`:\n{}",
                self.said
            );
            self.said.push_str(&line);
            if line.contains(word) {
                return;
            }
        }
    }
    /// Waits for the program's end; the rest of its log is in `said`.
    fn end(&mut self) -> ExitStatus {
        self.log.read_to_string(&mut self.said).unwrap();
        self.child.wait().unwrap()
    }
    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let done = Command::new("kill")
            .args(["-s", name, &pid])
            .status()
            .unwrap();
        assert!(done.success());
    }
}

fn ready(file: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// One request over the operator's socket.
fn operator(home: &Path, method: &str, path: &str, body: &str) -> (String, String) {
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
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}

#[test]
fn an_engine_starts_answers_stops_and_starts_again_with_everything_it_had() {
    let dir = TestDir::new();
    let (home, file) = (dir.join("home"), dir.join("ready.json"));
    let mut engine = spawn(&home, &["--ready-file", file.to_str().unwrap()]);
    engine.until("ready: the API is on");

    let said = ready(&file);
    let home = home.canonicalize().unwrap();
    let url = said["url"].as_str().unwrap();
    assert!(
        url.starts_with("https://127.0.0.1:") && !url.ends_with(":0"),
        "{url}"
    );
    for (key, name) in [
        ("ca_file", "ca.pem"),
        ("password_file", "admin.password"),
        ("operator_socket", "operator.sock"),
    ] {
        assert_eq!(
            Path::new(said[key].as_str().unwrap()),
            home.join(name),
            "{key}"
        );
    }
    assert_eq!(mode(&home), 0o700);
    for secret in ["admin.password", "operator.sock", "engine.db"] {
        assert_eq!(mode(&home.join(secret)), 0o600, "{secret}");
    }
    assert_eq!(mode(&home.join("ca.pem")), 0o644);

    let (head, body) = operator(&home, "GET", "/operator/status", "");
    assert!(head.contains("200"), "{head}");
    let status: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(status["database"], "up");
    let data_center = status["data_centers"][0].clone();
    assert_eq!(data_center["name"], "Default");

    // A second engine in the same home is turned away and harms nothing.
    let mut second = spawn(&home, &[]);
    assert!(!second.end().success());
    assert!(
        second.said.contains("another engine works in"),
        "{}",
        second.said
    );

    engine.signal("TERM");
    assert!(engine.end().success(), "{}", engine.said);
    assert!(engine.said.contains("stopped"), "{}", engine.said);
    let password = std::fs::read_to_string(home.join("admin.password")).unwrap();
    assert!(
        !engine.said.contains(password.trim()),
        "the password was logged"
    );
    assert!(!file.exists() && !home.join("operator.sock").exists());

    let mut engine = spawn(&home, &["--log", "json"]);
    engine.until("ready: the API is on");
    let (_, body) = operator(&home, "GET", "/operator/status", "");
    let status: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(status["data_centers"][0], data_center);
    let again = std::fs::read_to_string(home.join("admin.password")).unwrap();
    assert_eq!(again, password);
    engine.signal("INT");
    assert!(engine.end().success());
    for line in engine.said.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert!(line["level"].is_string());
    }
}

#[test]
fn a_killed_engine_starts_again() {
    let dir = TestDir::new();
    let home = dir.join("home");
    let mut engine = spawn(&home, &[]);
    engine.until("ready: the API is on");
    let body = r#"{"name":"net1","data_center":"Default"}"#;
    let (head, answer) = operator(&home, "POST", "/operator/networks", body);
    assert!(head.contains(" 20"), "{head}: {answer}");
    engine.signal("KILL");
    assert!(!engine.end().success());
    let mut engine = spawn(&home, &[]);
    engine.until("ready: the API is on");
    let (head, answer) = operator(&home, "POST", "/operator/networks", body);
    assert!(
        head.contains("409"),
        "the network is there: {head}: {answer}"
    );
    engine.signal("TERM");
    assert!(engine.end().success());
}

#[test]
fn what_is_wrong_with_the_start_is_said_in_one_line() {
    let dir = TestDir::new();
    let taken = testkit::loopback_listener();
    let address = taken.1.to_string();
    let config = dir.join("engine.toml");
    std::fs::write(&config, "sesion_idle_minutes = 3\n").unwrap();
    let cases: [(PathBuf, Vec<&str>, &str); 3] = [
        (
            dir.join("a"),
            vec!["--listen", &address],
            "cannot listen on",
        ),
        (
            dir.join("b"),
            vec!["--config", config.to_str().unwrap()],
            "sesion_idle_minutes",
        ),
        (config.clone(), vec![], "cannot make the home"),
    ];
    for (home, more, word) in cases {
        let mut engine = spawn(&home, &more);
        assert_eq!(engine.end().code(), Some(1), "{word}");
        assert!(engine.said.contains(word), "{}", engine.said);
    }
}
