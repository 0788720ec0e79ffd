//! Connections that are open and ask nothing. They are held by processes of their own, since one process may
//! not have as many files open as both ends need.

use crate::api::Place;
use anyhow::{Context as _, anyhow, ensure};
use futures::StreamExt as _;
use std::path::Path;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio_rustls::client::TlsStream;

/// Handshakes at once of one holder.
const AT_ONCE: usize = 32;

/// A process that holds connections until it is told to tell how many are left.
pub struct Holder {
    child: Child,
    tell: ChildStdin,
    says: Lines<BufReader<ChildStdout>>,
    count: u32,
}

impl Holder {
    /// Started, not waited for.
    pub fn start(home: &Path, address: std::net::SocketAddr, count: u32) -> anyhow::Result<Self> {
        let program = std::env::current_exe().context("this program has no path")?;
        let mut child = Command::new(program)
            .args(["--hold", &count.to_string(), "--at", &address.to_string()])
            .arg("--dir")
            .arg(home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start a process that holds connections")?;
        let tell = child.stdin.take().context("no standard input")?;
        let output = child.stdout.take().context("no standard output")?;
        Ok(Holder {
            child,
            tell,
            says: BufReader::new(output).lines(),
            count,
        })
    }

    /// Returns when all connections are open.
    pub async fn held(&mut self) -> anyhow::Result<()> {
        let held = self.number().await?;
        ensure!(held == self.count, "only {held} connections are open");
        Ok(())
    }

    /// Closes them; answers how many were open until then.
    pub async fn end(self) -> anyhow::Result<u32> {
        let Holder {
            mut child,
            tell,
            mut says,
            ..
        } = self;
        drop(tell);
        let left = read(&mut says).await?;
        child.wait().await?;
        Ok(left)
    }

    async fn number(&mut self) -> anyhow::Result<u32> {
        read(&mut self.says).await
    }
}

async fn read(says: &mut Lines<BufReader<ChildStdout>>) -> anyhow::Result<u32> {
    let line = says.next_line().await?;
    let line = line.ok_or_else(|| anyhow!("a process that holds connections has died"))?;
    line.parse().with_context(|| format!("it says `{line}`"))
}

/// The other side: opens connections, asks something small on each, says how many, and waits for its
/// standard input to end.
pub async fn hold(place: &Place, count: u32) -> anyhow::Result<()> {
    let opened = futures::stream::iter(0..count).map(|_| open(place));
    let mut held: Vec<TlsStream<TcpStream>> = Vec::new();
    let mut opened = std::pin::pin!(opened.buffer_unordered(AT_ONCE));
    while let Some(stream) = opened.next().await {
        held.push(stream?);
    }
    println!("{}", held.len());
    let told = || std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
    tokio::task::spawn_blocking(told).await??;
    let mut left = 0;
    for stream in &mut held {
        let mut byte = [0];
        // Whatever comes without a question is the end.
        let silent = futures::poll!(std::pin::pin!(stream.read(&mut byte))).is_pending();
        left += u32::from(silent);
    }
    println!("{left}");
    Ok(())
}

async fn open(place: &Place) -> anyhow::Result<TlsStream<TcpStream>> {
    let mut stream = place.stream().await?;
    place.health(&mut stream).await?;
    Ok(stream)
}
