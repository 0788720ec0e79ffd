//! What the kernel's and the system's files tell of the host.

use crate::HostVmsError;
use base::Timestamp;
use domain::hosts::{HostFacts, HostStats};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// Reads below a root: `/` for a real host, a directory of copies in tests.
#[derive(Debug, Clone)]
pub struct SystemFiles {
    root: PathBuf,
}

impl Default for SystemFiles {
    fn default() -> Self {
        SystemFiles { root: "/".into() }
    }
}

/// CPU time since the boot, in the kernel's ticks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct CpuTicks {
    user: u64,
    system: u64,
    idle: u64,
}

impl CpuTicks {
    /// Per cent of user, system and idle time between an earlier moment and this one.
    pub(crate) fn percent_since(self, earlier: CpuTicks) -> (f64, f64, f64) {
        let parts = [
            self.user.saturating_sub(earlier.user),
            self.system.saturating_sub(earlier.system),
            self.idle.saturating_sub(earlier.idle),
        ];
        let all: u64 = parts.iter().sum();
        if all == 0 {
            return (0.0, 0.0, 100.0);
        }
        let [user, system, idle] = parts.map(|part| part as f64 * 100.0 / all as f64);
        (user, system, idle)
    }
}

impl SystemFiles {
    /// Files below `root`.
    #[must_use]
    pub fn below(root: impl Into<PathBuf>) -> Self {
        SystemFiles { root: root.into() }
    }

    fn text(&self, name: &str) -> Result<String, HostVmsError> {
        let path = self.root.join(name);
        let bytes = std::fs::read(&path).map_err(HostVmsError::io("read", &path))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn line(&self, name: &str) -> Result<String, HostVmsError> {
        Ok(self.text(name)?.trim().to_owned())
    }

    /// The kernel's id of this boot.
    pub(crate) fn boot_id(&self) -> Result<String, HostVmsError> {
        self.line("proc/sys/kernel/random/boot_id")
    }

    /// The firmware's UUID; none where it has none or it may not be read.
    #[must_use]
    pub fn hardware_uuid(&self) -> Option<String> {
        let text = self.line("sys/class/dmi/id/product_uuid").ok()?;
        let text = text.to_lowercase();
        let real = text.len() == 36 && text.bytes().any(|b| !b"0f-".contains(&b));
        real.then_some(text)
    }

    /// The part of a host's facts that stands in files.
    ///
    /// # Errors
    /// When the kernel's files can't be read.
    pub fn facts(&self) -> Result<HostFacts, HostVmsError> {
        let cpu = self.text("proc/cpuinfo")?;
        let cpu = CpuInfo::parse(&cpu);
        let memory = self.memory()?;
        let release = self.text("etc/os-release").unwrap_or_default();
        Ok(HostFacts {
            boot_id: self.boot_id()?,
            cpu_model: cpu.model,
            cpu_sockets: cpu.sockets,
            cpu_cores: cpu.cores,
            cpu_threads: cpu.threads,
            cpu_mhz: cpu.mhz,
            cpu_flags: cpu.flags,
            memory_bytes: memory.get("MemTotal").copied().unwrap_or(0),
            os: pretty_name(&release),
            kernel: self.line("proc/sys/kernel/osrelease")?,
            ..HostFacts::default()
        })
    }

    /// Memory by the kernel's names, in bytes.
    fn memory(&self) -> Result<HashMap<String, u64>, HostVmsError> {
        let text = self.text("proc/meminfo")?;
        let rows = text.lines().filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            let mut words = value.split_whitespace();
            let number: u64 = words.next()?.parse().ok()?;
            let unit = if words.next() == Some("kB") { 1024 } else { 1 };
            Some((name.to_owned(), number.saturating_mul(unit)))
        });
        Ok(rows.collect())
    }

    /// A sample without rates, and the ticks that rates are made of.
    pub(crate) fn sample(&self, at: Timestamp) -> Result<(HostStats, CpuTicks), HostVmsError> {
        let memory = self.memory()?;
        let bytes = |name: &str| memory.get(name).copied().unwrap_or(0);
        let stat = self.text("proc/stat")?;
        let boot = stat.lines().find_map(|l| l.strip_prefix("btime "));
        let boot_seconds: i64 = boot.and_then(|s| s.trim().parse().ok()).unwrap_or(0);
        let load = self.text("proc/loadavg")?;
        let load = load.split_whitespace().nth(1);
        let stats = HostStats {
            at,
            load_5min: load.and_then(|l| l.parse().ok()).unwrap_or(0.0),
            memory_total_bytes: bytes("MemTotal"),
            memory_available_bytes: bytes("MemAvailable"),
            swap_total_bytes: bytes("SwapTotal"),
            swap_free_bytes: bytes("SwapFree"),
            boot_time: Timestamp(boot_seconds.saturating_mul(1_000_000)),
            ..HostStats::default()
        };
        Ok((stats, ticks(&stat)))
    }

    /// Where it reads, for messages.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }
}

/// The first line of /proc/stat: user nice system idle iowait irq softirq steal.
fn ticks(stat: &str) -> CpuTicks {
    let line = stat.lines().find_map(|l| l.strip_prefix("cpu "));
    let numbers: Vec<u64> = line
        .unwrap_or("")
        .split_whitespace()
        .map(|n| n.parse().unwrap_or(0))
        .collect();
    let at = |i: usize| numbers.get(i).copied().unwrap_or(0);
    CpuTicks {
        user: at(0) + at(1),
        system: at(2) + at(5) + at(6) + at(7),
        idle: at(3) + at(4),
    }
}

fn pretty_name(release: &str) -> String {
    let name = release.lines().find_map(|l| l.strip_prefix("PRETTY_NAME="));
    name.unwrap_or("Linux").trim_matches('"').to_owned()
}

/// What /proc/cpuinfo tells.
#[derive(Debug, Default, PartialEq)]
struct CpuInfo {
    model: String,
    sockets: u32,
    cores: u32,
    threads: u32,
    mhz: u32,
    flags: Vec<String>,
}

impl CpuInfo {
    /// Sockets, cores in each, threads in each core; machines that don't tell have one socket.
    fn parse(text: &str) -> CpuInfo {
        let mut info = CpuInfo::default();
        let mut cpus = 0;
        let (mut sockets, mut cores) = (BTreeSet::new(), BTreeSet::new());
        for block in text.split("\n\n") {
            let rows: BTreeMap<&str, &str> = block
                .lines()
                .filter_map(|line| line.split_once(':'))
                .map(|(key, value)| (key.trim(), value.trim()))
                .collect();
            let Some(processor) = rows.get("processor").copied() else {
                continue;
            };
            cpus += 1;
            let socket = rows.get("physical id").copied().unwrap_or("0");
            sockets.insert(socket);
            cores.insert((socket, rows.get("core id").copied().unwrap_or(processor)));
            if cpus == 1 {
                info.model = rows.get("model name").unwrap_or(&"unknown").to_string();
                let mhz: f64 = rows
                    .get("cpu MHz")
                    .and_then(|m| m.parse().ok())
                    .unwrap_or(0.0);
                info.mhz = mhz.clamp(0.0, 1e6) as u32;
                let flags = rows.get("flags").or(rows.get("Features")).unwrap_or(&"");
                info.flags = flags.split_whitespace().map(Into::into).collect();
            }
        }
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).max(1);
        info.sockets = count(sockets.len());
        info.cores = (count(cores.len()) / info.sockets).max(1);
        info.threads = (count(cpus) / count(cores.len())).max(1);
        info
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cpus(sockets: u32, cores: u32, threads: u32) -> String {
        let mut text = String::new();
        let mut n = 0;
        for _ in 0..threads {
            for socket in 0..sockets {
                for core in 0..cores {
                    text += &format!(
                        "processor\t: {n}\nmodel name\t: Example CPU\ncpu MHz\t\t: 2400.5\nphysical id\t: {socket}\ncore id\t\t: {core}\nflags\t\t: fpu vmx\n\n"
                    );
                    n += 1;
                }
            }
        }
        text
    }

    #[test]
    fn the_topology_is_counted_from_cpuinfo() {
        for (s, c, t) in [(1, 1, 1), (2, 4, 2), (1, 8, 1)] {
            let info = CpuInfo::parse(&cpus(s, c, t));
            assert_eq!((info.sockets, info.cores, info.threads), (s, c, t));
            assert_eq!((info.model.as_str(), info.mhz), ("Example CPU", 2400));
            assert_eq!(info.flags, ["fpu", "vmx"]);
        }
        let bare = CpuInfo::parse("processor : 0\n\nprocessor : 1\n");
        assert_eq!((bare.sockets, bare.cores, bare.threads), (1, 2, 1));
        assert_eq!(CpuInfo::parse("").sockets, 1);
    }

    #[test]
    fn a_host_is_told_from_files() {
        let root = testkit::TestDir::new();
        for (name, text) in [
            ("proc/cpuinfo", cpus(1, 2, 1)),
            (
                "proc/meminfo",
                "MemTotal: 2048 kB\nMemAvailable: 1024 kB\nSwapTotal: 8 kB\n".into(),
            ),
            (
                "proc/stat",
                "cpu  10 10 5 60 10 1 2 2 0 0\nbtime 1767225600\n".into(),
            ),
            ("proc/loadavg", "0.10 0.25 0.30 1/200 99\n".into()),
            ("proc/sys/kernel/random/boot_id", "boot\n".into()),
            ("proc/sys/kernel/osrelease", "6.12.0\n".into()),
            ("etc/os-release", "ID=x\nPRETTY_NAME=\"Debian 12\"\n".into()),
            (
                "sys/class/dmi/id/product_uuid",
                "4C4C4544-0000-2010-8020-80C04F202020\n".into(),
            ),
        ] {
            let path = root.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let system = SystemFiles::below(root.path());
        let facts = system.facts().unwrap();
        assert_eq!(
            (facts.boot_id.as_str(), facts.kernel.as_str()),
            ("boot", "6.12.0")
        );
        assert_eq!(
            (facts.os.as_str(), facts.memory_bytes),
            ("Debian 12", 2 << 20)
        );
        assert_eq!(
            system.hardware_uuid().unwrap(),
            "4c4c4544-0000-2010-8020-80c04f202020"
        );
        let (stats, ticks) = system.sample(Timestamp(7)).unwrap();
        assert_eq!(
            (stats.load_5min, stats.memory_available_bytes),
            (0.25, 1 << 20)
        );
        assert_eq!(stats.boot_time, Timestamp(1_767_225_600_000_000));
        assert_eq!(ticks.percent_since(CpuTicks::default()), (20.0, 10.0, 70.0));
        assert_eq!(ticks.percent_since(ticks), (0.0, 0.0, 100.0));
        let none = SystemFiles::below(root.join("none"));
        assert!(
            none.facts()
                .unwrap_err()
                .to_string()
                .contains("none/proc/cpuinfo")
        );
    }
}
