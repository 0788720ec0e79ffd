//! A socket in the part's home by which a measurement makes single things happen: one command a line,
//! one answer a line.
//!
//! ```text
//! pause VM | resume VM | reboot VM   ->  ok | error WORDS
//! pace PER_MILLE                     ->  ok
//! count                              ->  ok HOSTS MACHINES
//! ```

use crate::changes::{Change, Pace, make};
use crate::part::Part;
use anyhow::{Context as _, anyhow, bail};
use base::VmId;
use hypervisor::Hypervisor as _;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};

/// No command is longer.
const LINE_MAX: u64 = 200;

/// Serves the socket for ever.
///
/// # Errors
/// When it can't be made.
pub async fn serve(part: Arc<Part>, pace: Pace) -> anyhow::Result<()> {
    let path = part.home().control();
    let failed = || format!("cannot listen on {}", path.display());
    match std::fs::remove_file(&path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e).with_context(failed),
        _ => {}
    }
    let listener = UnixListener::bind(&path).with_context(failed)?;
    loop {
        let (stream, _) = listener.accept().await.with_context(failed)?;
        let (part, pace) = (Arc::clone(&part), pace.clone());
        tokio::spawn(async move {
            if let Err(error) = talk(&part, &pace, stream).await {
                tracing::debug!(%error, "a conversation on the control socket ended");
            }
        });
    }
}

async fn talk(part: &Part, pace: &Pace, stream: UnixStream) -> anyhow::Result<()> {
    use tokio::io::AsyncReadExt as _;
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read);
    loop {
        let mut line = String::new();
        if (&mut lines).take(LINE_MAX).read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let answer = match obey(part, pace, line.trim()).await {
            Ok(answer) => format!("ok {answer}\n"),
            Err(error) => format!("error {error:#}\n"),
        };
        write.write_all(answer.as_bytes()).await?;
    }
}

async fn obey(part: &Part, pace: &Pace, line: &str) -> anyhow::Result<String> {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let change = match verb {
        "pause" => Change::Pause,
        "resume" => Change::Resume,
        "reboot" => Change::Reboot,
        "pace" => {
            pace.set(
                rest.parse()
                    .map_err(|_| anyhow!("`{rest}` is not a number"))?,
            );
            return Ok(String::new());
        }
        "count" => {
            let (hosts, machines) = part.count();
            return Ok(format!("{hosts} {machines}"));
        }
        _ => bail!("expected pause, resume, reboot, pace or count"),
    };
    let vm: VmId = rest.parse()?;
    for host in &part.hosts {
        if let Ok(machine) = host.hypervisor.machine(vm).await {
            make(&host.hypervisor, vm, machine.epoch, change).await?;
            if change == Change::Reboot {
                host.hypervisor.guest_agent_connects(vm);
            }
            return Ok(String::new());
        }
    }
    bail!("no simulated host has the VM {vm}")
}
