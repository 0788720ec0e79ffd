//! What is missing on this machine, and how to mend it.
//!
//! Each check is a pure function of what was read; `examine` reads.

use std::fmt;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::Path;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing to do.
    Good,
    /// It works, but not as well as it could.
    Weak,
    /// It does not work.
    Bad,
}

/// One line of the doctor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub topic: &'static str,
    /// How it is.
    pub verdict: Verdict,
    /// What was seen.
    pub seen: String,
    /// How to mend it; empty when there is nothing to mend.
    pub mend: String,
}

impl Finding {
    fn good(topic: &'static str, seen: impl Into<String>) -> Self {
        Finding {
            topic,
            verdict: Verdict::Good,
            seen: seen.into(),
            mend: String::new(),
        }
    }

    fn weak(topic: &'static str, seen: impl Into<String>, mend: impl Into<String>) -> Self {
        Finding {
            topic,
            verdict: Verdict::Weak,
            seen: seen.into(),
            mend: mend.into(),
        }
    }

    fn bad(topic: &'static str, seen: impl Into<String>, mend: impl Into<String>) -> Self {
        Finding {
            topic,
            verdict: Verdict::Bad,
            seen: seen.into(),
            mend: mend.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.verdict {
            Verdict::Good => "ok  ",
            Verdict::Weak => "weak",
            Verdict::Bad => "BAD ",
        };
        write!(f, "{mark}  {:<10} {}", self.topic, self.seen)?;
        if !self.mend.is_empty() {
            write!(f, "\n                  to mend: {}", self.mend)?;
        }
        Ok(())
    }
}

/// Whether hardware virtualization can be used, from the outcome of opening `/dev/kvm` and the
/// processor's flags. A device that opens is not enough: where the flags lack `vmx` and `svm` the
/// kernel only emulates, which is far slower than QEMU's own emulation.
#[must_use]
pub fn kvm(opened: Result<(), ErrorKind>, cpuinfo: &str) -> Finding {
    let flags = cpuinfo
        .lines()
        .find(|l| l.starts_with("flags"))
        .unwrap_or("");
    let hardware = flags.split_whitespace().any(|f| f == "vmx" || f == "svm");
    let slow = "VMs run under QEMU's emulation (TCG)";
    match (opened, hardware) {
        (Ok(()), true) => Finding::good(
            "KVM",
            "usable: /dev/kvm opens and the processor has virtualization",
        ),
        (Ok(()), false) => Finding::weak(
            "KVM",
            format!(
                "not usable: /dev/kvm opens, but the processor shows neither vmx nor svm; {slow}"
            ),
            "if this is a virtual machine, switch on nested virtualization on its host",
        ),
        (Err(ErrorKind::NotFound), true) => Finding::weak(
            "KVM",
            format!(
                "not usable: the processor has virtualization, but there is no /dev/kvm; {slow}"
            ),
            "load the module (modprobe kvm_intel or kvm_amd), or switch virtualization on in the firmware",
        ),
        (Err(ErrorKind::NotFound), false) => Finding::weak(
            "KVM",
            format!("not usable: no /dev/kvm, and the processor shows neither vmx nor svm; {slow}"),
            "switch on virtualization in the firmware; in a virtual machine, nested virtualization on its host",
        ),
        (Err(kind), _) => Finding::weak(
            "KVM",
            format!("not usable: /dev/kvm can't be opened ({kind}); {slow}"),
            "run as root, or add your user to the group kvm",
        ),
    }
}

/// Programs that a host or the lab needs, with the package that brings them.
pub const PROGRAMS: &[(&str, &str)] = &[
    ("libvirtd", "libvirt-daemon-system"),
    ("virtlogd", "libvirt-daemon-system"),
    ("virsh", "libvirt-clients"),
    ("qemu-system-x86_64", "qemu-system-x86"),
    ("qemu-img", "qemu-utils"),
    ("ip", "iproute2"),
    ("dnsmasq", "dnsmasq-base"),
    ("mformat", "mtools"),
    ("syslinux", "syslinux"),
    ("unshare", "util-linux"),
    ("setpriv", "util-linux"),
];

/// Whether the programs are there.
#[must_use]
pub fn packages(has: impl Fn(&str) -> bool) -> Finding {
    let mut missing: Vec<&str> = PROGRAMS
        .iter()
        .filter(|(p, _)| !has(p))
        .map(|(_, package)| *package)
        .collect();
    missing.sort_unstable();
    missing.dedup();
    if missing.is_empty() {
        return Finding::good(
            "packages",
            format!("all {} programs are there", PROGRAMS.len()),
        );
    }
    Finding::bad(
        "packages",
        format!("missing: {}", missing.join(", ")),
        format!(
            "apt-get install {} (libvirt and QEMU from bookworm-backports; make run does it)",
            missing.join(" ")
        ),
    )
}

/// Whether control groups can bound VMs, from `/proc/mounts`.
#[must_use]
pub fn cgroups(mounts: &str) -> Finding {
    let kinds: Vec<(&str, &str)> = mounts
        .lines()
        .filter_map(|l| {
            let mut words = l.split_whitespace().skip(1);
            Some((words.next()?, words.next()?))
        })
        .filter(|(place, _)| place.starts_with("/sys/fs/cgroup"))
        .collect();
    let first = kinds.iter().filter(|(_, kind)| *kind == "cgroup").count();
    if kinds
        .iter()
        .any(|(place, kind)| *place == "/sys/fs/cgroup" && *kind == "cgroup2")
    {
        Finding::good("cgroups", "version 2")
    } else if first > 0 {
        Finding::good("cgroups", format!("version 1, {first} hierarchies"))
    } else {
        Finding::bad(
            "cgroups",
            "no control groups are mounted below /sys/fs/cgroup",
            "mount -t cgroup2 cgroup2 /sys/fs/cgroup",
        )
    }
}

/// Whether the API's port is free or the engine's own.
#[must_use]
pub fn port(number: u16, bound: Result<(), ErrorKind>, engine_answers: bool) -> Finding {
    match bound {
        Ok(()) => Finding::good("port", format!("{number} is free")),
        Err(ErrorKind::AddrInUse) if engine_answers => Finding::good(
            "port",
            format!("{number} is in use, and an engine answers on its socket"),
        ),
        Err(ErrorKind::AddrInUse) => Finding::bad(
            "port",
            format!("{number} is in use by another program"),
            "find it with: ss -ltnp; or choose another port: VIREO_PORT=9443 make run",
        ),
        Err(kind) => Finding::bad(
            "port",
            format!("{number} can't be used: {kind}"),
            "choose a port above 1023",
        ),
    }
}

const GIB: u64 = 1 << 30;

/// Whether there is room for disks.
#[must_use]
pub fn disk_space(place: &Path, free_bytes: u64) -> Finding {
    let seen = format!("{} MiB free below {}", free_bytes >> 20, place.display());
    let mend = "make room, or put the state elsewhere with VIREO_HOME";
    if free_bytes < GIB {
        Finding::bad("disk space", seen, mend)
    } else if free_bytes < 5 * GIB {
        Finding::weak("disk space", format!("{seen}; new disks need more"), mend)
    } else {
        Finding::good("disk space", seen)
    }
}

/// Whether there is memory for VMs, from `/proc/meminfo`.
#[must_use]
pub fn memory(meminfo: &str) -> Finding {
    let free = meminfo
        .lines()
        .find_map(|l| l.strip_prefix("MemAvailable:"))
        .and_then(|l| l.split_whitespace().next())
        .and_then(|n| n.parse::<u64>().ok())
        .unwrap_or(0);
    let seen = format!("{} MiB available", free >> 10);
    if free < 1 << 20 {
        Finding::weak(
            "memory",
            format!("{seen}; a lab with one VM needs about 1 GiB"),
            "end other programs",
        )
    } else {
        Finding::good("memory", seen)
    }
}

/// The KVM check on this machine.
#[must_use]
pub fn kvm_here() -> Finding {
    let opened = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/kvm");
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    kvm(opened.map(|_| ()).map_err(|e| e.kind()), &cpuinfo)
}

/// All checks on this machine. `home` is where state lies or will lie.
#[must_use]
pub fn examine(home: &Path, api_port: u16, engine_answers: bool) -> Vec<Finding> {
    let bound = TcpListener::bind(("127.0.0.1", api_port))
        .map(|_| ())
        .map_err(|e| e.kind());
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let mut findings = vec![
        kvm_here(),
        packages(in_path),
        cgroups(&read("/proc/mounts")),
        port(api_port, bound, engine_answers),
        memory(&read("/proc/meminfo")),
    ];
    // The nearest directory that is there already.
    if let Some(place) = home
        .ancestors()
        .find(|p| p.is_dir())
        .or(Some(Path::new("/")))
        && let Ok(stat) = nix::sys::statvfs::statvfs(place)
    {
        findings.push(disk_space(
            place,
            stat.blocks_available().saturating_mul(stat.fragment_size()),
        ));
    }
    findings
}

/// Whether a program is where programs of the system are.
fn in_path(program: &str) -> bool {
    let path = std::env::var("PATH").unwrap_or_default();
    path.split(':')
        .chain(["/usr/sbin", "/sbin", "/usr/bin"])
        .any(|dir| Path::new(dir).join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kvm_needs_the_device_and_the_flag() {
        let with = "processor: 0\nflags\t\t: fpu vmx sse\n";
        let without = "flags\t\t: fpu sse vmxnet\n";
        assert_eq!(kvm(Ok(()), with).verdict, Verdict::Good);
        let emulated = kvm(Ok(()), without);
        assert_eq!(emulated.verdict, Verdict::Weak);
        assert!(emulated.seen.contains("neither vmx nor svm"), "{emulated}");
        assert!(
            kvm(Err(ErrorKind::NotFound), with)
                .mend
                .contains("modprobe")
        );
        assert!(
            kvm(Err(ErrorKind::PermissionDenied), with)
                .mend
                .contains("group kvm")
        );
        assert!(kvm(Err(ErrorKind::NotFound), "").mend.contains("firmware"));
    }

    #[test]
    fn missing_programs_are_named_by_package_once() {
        assert_eq!(packages(|_| true).verdict, Verdict::Good);
        let found = packages(|p| !["libvirtd", "virtlogd", "dnsmasq"].contains(&p));
        assert_eq!(found.seen, "missing: dnsmasq-base, libvirt-daemon-system");
    }

    #[test]
    fn both_versions_of_control_groups_will_do() {
        assert_eq!(
            cgroups("cgroup2 /sys/fs/cgroup cgroup2 rw 0 0").seen,
            "version 2"
        );
        let first = "tmpfs /sys/fs/cgroup tmpfs rw 0 0\nc /sys/fs/cgroup/cpu cgroup rw 0 0\n";
        assert_eq!(cgroups(first).seen, "version 1, 1 hierarchies");
        assert_eq!(cgroups("tmpfs /tmp tmpfs rw 0 0").verdict, Verdict::Bad);
    }

    #[test]
    fn a_port_in_use_is_fine_only_when_it_is_ours() {
        assert_eq!(port(1, Ok(()), false).verdict, Verdict::Good);
        assert_eq!(
            port(1, Err(ErrorKind::AddrInUse), true).verdict,
            Verdict::Good
        );
        assert_eq!(
            port(1, Err(ErrorKind::AddrInUse), false).verdict,
            Verdict::Bad
        );
        assert_eq!(
            port(1, Err(ErrorKind::PermissionDenied), true).verdict,
            Verdict::Bad
        );
    }

    #[test]
    fn little_space_is_weak_and_none_is_bad() {
        let place = Path::new("/x");
        assert_eq!(disk_space(place, 100 << 20).verdict, Verdict::Bad);
        assert_eq!(disk_space(place, 2 * GIB).verdict, Verdict::Weak);
        assert_eq!(disk_space(place, 50 * GIB).verdict, Verdict::Good);
        assert_eq!(memory("MemAvailable:   204800 kB\n").verdict, Verdict::Weak);
        assert_eq!(memory("MemAvailable: 9204800 kB\n").verdict, Verdict::Good);
    }

    #[test]
    fn this_machine_can_be_examined() {
        let findings = examine(Path::new("/nowhere/at/all"), 0, false);
        assert!(findings.len() >= 6, "{findings:?}");
    }
}
