//! A host: libvirt, QEMU and the real agent in namespaces of their own.

use super::{Space, control_groups_remove, inside};
use crate::plan::Plan;
use crate::tools;
use anyhow::{Context as _, bail, ensure};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Port of a host's agent.
pub const AGENT_PORT: u16 = 54321;

/// In a host's directory: its first process, by its number outside.
const PID_FILE: &str = "pid";

/// A host that runs.
#[derive(Debug)]
pub struct Host {
    /// `host1`, `host2`, ...
    pub name: String,
    /// Its address on the hosts' network.
    pub address: Ipv4Addr,
    /// What its disks and settings are.
    pub dir: PathBuf,
    space: Space,
    agent: PathBuf,
    group: String,
}

/// What a host needs to know of its lab.
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    /// The lab's plan.
    pub plan: &'a Plan,
    /// The home of the lab.
    pub home: &'a Path,
    /// `vireo-agent`.
    pub agent: &'a Path,
    /// `auto`, `kvm` or `tcg`.
    pub accel: &'a str,
}

impl Host {
    /// Boots host 1, 2, ...; its libvirtd does not run yet, nor is it plugged in.
    ///
    /// # Errors
    /// When a file can't be written or a program fails.
    pub fn boot(frame: &Frame<'_>, number: u8) -> anyhow::Result<Self> {
        let name = format!("host{number}");
        let dir = frame.home.join("hosts").join(&name);
        let address = frame.plan.host_address(number);
        furnish(&dir, &name, frame.plan)?;
        agent_settings(&dir, address, frame.accel)?;
        let group = format!("vireo-{}-{name}", frame.plan.id);
        let space = Space::start(
            &name,
            &group,
            include_str!("host.sh"),
            &[
                &name,
                &dir.display().to_string(),
                &frame.agent.display().to_string(),
            ],
            &dir.join("host.log"),
        )?;
        let file = dir.join(PID_FILE);
        std::fs::write(&file, space.first().to_string())
            .with_context(|| format!("cannot write {}", file.display()))?;
        Ok(Host {
            name,
            address,
            dir,
            space,
            agent: frame.agent.to_owned(),
            group,
        })
    }

    /// Its namespaces.
    #[must_use]
    pub fn space(&self) -> &Space {
        &self.space
    }

    /// Makes its bridges, once its cables are in.
    ///
    /// # Errors
    /// When `ip` fails.
    pub fn bridges(&self) -> anyhow::Result<()> {
        for (nic, bridge) in [("eth0", "ovirtmgmt"), ("eth1", "internal")] {
            self.space
                .ip(&format!("link add {bridge} type bridge forward_delay 0"))?;
            self.space
                .ip(&format!("link set {nic} master {bridge} up"))?;
            self.space.ip(&format!("link set {bridge} up"))?;
        }
        self.space
            .ip(&format!("address add {}/24 dev ovirtmgmt", self.address))
    }

    /// Starts libvirt; returns when it answers.
    ///
    /// # Errors
    /// When it does not.
    pub fn libvirt(&mut self) -> anyhow::Result<()> {
        self.space
            .ask("libvirt", "libvirt")
            .with_context(|| format!("see {}", self.dir.join("host.log").display()))
    }

    /// Lets the agent join an engine.
    ///
    /// # Errors
    /// When it is refused.
    pub fn enrol(&self, engine: &str, ca_sha256: &str, token: &str) -> anyhow::Result<()> {
        tools::run(
            self.space
                .command(&self.agent)
                .args([
                    "enrol",
                    "--engine",
                    engine,
                    "--ca-sha256",
                    ca_sha256,
                    "--token",
                    token,
                    "--home",
                ])
                .arg(self.dir.join("agent")),
        )
        .with_context(|| format!("{} can't join the engine", self.name))
    }

    /// Lets the agent run.
    ///
    /// # Errors
    /// When the host has ended.
    pub fn run_agent(&mut self) -> anyhow::Result<()> {
        self.space.ask("agent", "agent")
    }

    /// Whether it has ended by itself.
    ///
    /// # Errors
    /// When the system can't tell.
    pub fn ended(&mut self) -> anyhow::Result<bool> {
        Ok(self.space.ended()?.is_some())
    }

    /// Cuts its power.
    ///
    /// # Errors
    /// When something of it stays.
    pub fn end(self) -> anyhow::Result<()> {
        self.space.end();
        control_groups_remove(&self.group)
    }
}

/// Directories and settings that its libvirt sees in place of the machine's.
fn furnish(dir: &Path, name: &str, plan: &Plan) -> anyhow::Result<()> {
    for d in [
        "agent",
        "etc/libvirt",
        "var/lib/libvirt/qemu",
        "var/lib/libvirt/images",
        "var/lib/libvirt/dnsmasq",
        "var/lib/libvirt/boot",
        "var/log/libvirt/qemu",
        "var/cache/libvirt/qemu",
    ] {
        let path = dir.join(d);
        std::fs::create_dir_all(&path)
            .with_context(|| format!("cannot make {}", path.display()))?;
    }
    let uuid = uuid_of(dir)?;
    let write = |file: &str, text: String| {
        let path = dir.join(file);
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    };
    let address = name
        .strip_prefix("host")
        .and_then(|n| n.parse().ok())
        .map(|n| plan.host_address(n));
    let Some(address) = address else {
        bail!("`{name}` is no host's name")
    };
    // Hosts of a lab are alone on their network: libvirt's daemons speak plainly with each other.
    write(
        "etc/libvirt/libvirtd.conf",
        format!(
            "host_uuid = \"{uuid}\"\nauth_unix_rw = \"none\"\nauth_unix_ro = \"none\"\n\
             unix_sock_rw_perms = \"0700\"\nlog_outputs = \"3:file:/var/log/libvirt/libvirtd.log\"\n\
             listen_tls = 0\nlisten_tcp = 1\nauth_tcp = \"none\"\nlisten_addr = \"{address}\"\n\
             max_clients = 500\nmax_workers = 20\nkeepalive_interval = 5\nkeepalive_count = 3\n"
        ),
    )?;
    write(
        "etc/libvirt/qemu.conf",
        format!(
            "security_driver = \"none\"\nuser = \"root\"\ngroup = \"root\"\ndynamic_ownership = 0\n\
             remember_owner = 0\nnamespaces = [ ]\nstdio_handler = \"logd\"\nvnc_listen = \"0.0.0.0\"\n\
             shared_filesystems = [ \"/run/vireo/data-center\" ]\n\
             migration_address = \"0.0.0.0\"\nmigration_host = \"{address}\"\n"
        ),
    )?;
    write("etc/libvirt/virtlogd.conf", String::new())?;
    let hosts: String = (1..=plan.hosts)
        .map(|n| format!("{} host{n}\n", plan.host_address(n)))
        .collect();
    write(
        "etc/hosts",
        format!("127.0.0.1 localhost\n::1 localhost\n{hosts}"),
    )
}

/// The host's hardware id: the same at each start.
fn uuid_of(dir: &Path) -> anyhow::Result<String> {
    let file = dir.join("uuid");
    if let Ok(uuid) = std::fs::read_to_string(&file)
        && uuid.trim().len() == 36
    {
        return Ok(uuid.trim().to_owned());
    }
    let uuid = std::fs::read_to_string("/proc/sys/kernel/random/uuid")
        .context("the kernel gives no uuid")?;
    std::fs::write(&file, &uuid).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(uuid.trim().to_owned())
}

/// The agent's settings. Its data root lies on a file system of the host's own, so that the path is
/// the same on every host.
fn agent_settings(dir: &Path, address: Ipv4Addr, accel: &str) -> anyhow::Result<()> {
    let file = dir.join("agent/agent.toml");
    let mut table = toml::Table::new();
    table.insert(
        "listen".to_owned(),
        format!("{address}:{AGENT_PORT}").into(),
    );
    table.insert("accel".to_owned(), accel.into());
    table.insert("bridges".to_owned(), vec!["ovirtmgmt", "internal"].into());
    table.insert("data_root".to_owned(), "/run/vireo/data-center".into());
    table.insert("console_address".to_owned(), address.to_string().into());
    table.insert(
        "migration_uri".to_owned(),
        "qemu+tcp://{address}/system".into(),
    );
    std::fs::write(&file, table.to_string())
        .with_context(|| format!("cannot write {}", file.display()))
}

/// Runs a program on a host of its own, made for it and gone afterwards; answers its exit status.
/// For tests against a real libvirt.
///
/// # Errors
/// When the host can't be made.
pub fn with_host(program: &str, arguments: &[String]) -> anyhow::Result<i32> {
    let id: String = format!("{:06x}", std::process::id() & 0xff_ffff);
    let plan = Plan {
        id,
        subnet: [10, 0, 0],
        hosts: 1,
    };
    let home = std::env::temp_dir().join(format!("vireo-host-{}", std::process::id()));
    let frame = Frame {
        plan: &plan,
        home: &home,
        agent: Path::new("vireo-agent"),
        accel: "auto",
    };
    let outcome = (|| {
        let mut host = Host::boot(&frame, 1)?;
        // Nothing is plugged in, but libvirt listens on the host's address.
        host.space
            .ip(&format!("address add {}/32 dev lo", host.address))?;
        host.libvirt()?;
        let status = Command::new("nsenter")
            .args([
                "-t",
                &host.space.first().to_string(),
                "-m",
                "-u",
                "-i",
                "-n",
                "-p",
                "-C",
                "-r",
            ])
            .arg(format!("--wdns={}", std::env::current_dir()?.display()))
            .arg("--")
            .arg(program)
            .args(arguments)
            .env("VIREO_TEST_LIBVIRT", "qemu:///system")
            .status()
            .with_context(|| format!("cannot run {program}"))?;
        host.end()?;
        Ok(status.code().unwrap_or(1))
    })();
    // A host that failed on its way has not said goodbye to its control groups.
    control_groups_remove(&format!("vireo-{}-", plan.id))?;
    std::fs::remove_dir_all(&home).with_context(|| format!("cannot remove {}", home.display()))?;
    outcome
}

/// Runs a program on a host of a lab that runs; answers its exit status.
///
/// # Errors
/// When there is no such host.
pub fn on_host(
    home: &Path,
    name: &str,
    program: &str,
    arguments: &[String],
) -> anyhow::Result<i32> {
    let file = home.join("hosts").join(name).join(PID_FILE);
    let text = std::fs::read_to_string(&file)
        .with_context(|| format!("no host `{name}` runs in {}", home.display()))?;
    let pid: u32 = text
        .trim()
        .parse()
        .with_context(|| format!("in {}", file.display()))?;
    // The number may be somebody else's by now.
    let runs = std::fs::read(format!("/proc/{pid}/cmdline"))
        .is_ok_and(|line| String::from_utf8_lossy(&line).contains("host.sh"));
    ensure!(runs, "no host `{name}` runs in {}", home.display());
    let status = inside(pid)
        .arg(program)
        .args(arguments)
        .status()
        .context("cannot run nsenter")?;
    Ok(status.code().unwrap_or(1))
}
