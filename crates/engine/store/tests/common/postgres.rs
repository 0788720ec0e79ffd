//! A PostgreSQL server of this process, or of one test.

use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};
use testkit::TestDir;

/// Why a test is skipped. `scripts/prepare test` installs it.
pub const MISSING: &str = "PostgreSQL is not installed";

/// A server; it is stopped and everything of it removed when this is dropped, or when the process
/// ends, whichever comes first.
pub struct Server {
    dir: PathBuf,
    keeper: Mutex<Keeper>,
    databases: AtomicU32,
}

/// The shell that outlives us by a moment.
struct Keeper {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Server {
    /// The server that the tests of this process share; `None` when there is no PostgreSQL here.
    pub fn shared() -> Option<&'static Server> {
        static SHARED: OnceLock<Option<Server>> = OnceLock::new();
        SHARED.get_or_init(Server::start).as_ref()
    }

    /// A new server.
    pub fn start() -> Option<Server> {
        let bin = programs()?;
        let dir = TestDir::new();
        let path = dir.path().to_owned();
        // The keeper removes it.
        std::mem::forget(dir);
        let mut child = Command::new("sh")
            .arg("-c")
            .arg(include_str!("postgres.sh"))
            .arg("postgres.sh")
            .args([&bin, &path])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let keeper = Keeper {
            orders: child.stdin.take(),
            answers: BufReader::new(child.stdout.take().unwrap()),
            child,
        };
        let server = Server {
            dir: path,
            keeper: Mutex::new(keeper),
            databases: AtomicU32::new(0),
        };
        server.order("init");
        server.order("start");
        Some(server)
    }

    fn order(&self, order: &str) {
        let mut keeper = self.keeper.lock().unwrap();
        writeln!(keeper.orders.as_mut().unwrap(), "{order}").unwrap();
        let mut answer = String::new();
        keeper.answers.read_line(&mut answer).unwrap();
        assert_eq!(answer.trim(), "done", "{order}");
    }

    /// Ends it as a crash would, between two instructions.
    pub fn crash(&self) {
        self.order("stop immediate");
    }

    /// Starts it again.
    pub fn again(&self) {
        self.order("start");
    }

    /// The socket's directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The URL of a database.
    pub fn url(&self, database: &str) -> String {
        let dir = self.dir.display();
        format!("postgres://localhost/{database}?host={dir}&user=postgres")
    }

    /// Makes a database; answers its name.
    pub async fn database(&self) -> String {
        let name = format!("t{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let mut db = connect(&self.url("postgres")).await;
        let sql = format!("CREATE DATABASE {name}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
            .execute(&mut db)
            .await
            .unwrap();
        db.close().await.unwrap();
        name
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let keeper = self.keeper.get_mut().unwrap_or_else(|e| e.into_inner());
        drop(keeper.orders.take());
        let _ = keeper.child.wait();
    }
}

/// A connection beside the store's.
pub async fn connect(url: &str) -> PgConnection {
    let options = PgConnectOptions::from_str(url).unwrap();
    PgConnection::connect_with(&options).await.unwrap()
}

/// The newest PostgreSQL's programs: Debian keeps them by version, others in the path.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let mut versions: Vec<(u32, PathBuf)> = versions
        .filter_map(|v| {
            let v = v.ok()?;
            Some((v.file_name().to_str()?.parse().ok()?, v.path().join("bin")))
        })
        .collect();
    versions.sort();
    let newest = versions.into_iter().map(|(_, bin)| bin);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut all: Vec<PathBuf> = newest.rev().chain(std::env::split_paths(&path)).collect();
    all.retain(|bin| bin.join("initdb").is_file() && bin.join("pg_ctl").is_file());
    all.into_iter().next()
}
