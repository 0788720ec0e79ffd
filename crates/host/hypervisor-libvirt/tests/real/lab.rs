//! A libvirtd of the test's own: in its own mount, network, PID, UTS and IPC namespaces, with its own
//! configuration and state, reached through a socket in the test's directory. The machine's libvirt
//! and network are never touched.
//!
//! It lives as long as the pipe into its first process: when the test ends, however it ends, the
//! kernel ends everything in the PID namespace, and the mounts go with it.

use base::VmId;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};
use testkit::TestDir;

/// What must be installed.
const PROGRAMS: [&str; 7] = [
    "/usr/sbin/libvirtd",
    "/usr/sbin/virtlogd",
    "/usr/bin/qemu-system-x86_64",
    "/usr/bin/virsh",
    "/usr/bin/unshare",
    "/usr/sbin/ip",
    "/bin/bash",
];

/// Run by the first process of the namespaces. `$1` is the test's directory, `$2` the host's name.
const BOOT: &str = r#"
set -e
# The strictest: libvirt takes bytes for characters.
export LC_ALL=C
mount --make-rprivate /
umount -R /sys/fs/cgroup 2>/dev/null || true
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/lock /run/libvirt
for d in etc lib log cache; do mkdir -p "$1/$d"; done
mkdir -p /etc/libvirt /var/lib/libvirt /var/log/libvirt /var/cache/libvirt
cp "$1/libvirtd.conf" "$1/qemu.conf" "$1/etc/"
mount --bind "$1/etc" /etc/libvirt
mount --bind "$1/lib" /var/lib/libvirt
mount --bind "$1/log" /var/log/libvirt
mount --bind "$1/cache" /var/cache/libvirt
hostname "$2"
ip link set lo up
ip link add ovirtmgmt type bridge
ip link set ovirtmgmt up
virtlogd -d </dev/null
start() { libvirtd --listen </dev/null & daemon=$!; echo "$daemon" > "$1/daemon.pid"; }
start "$1"
while read -r order; do
  case $order in
    restart) kill "$daemon"; wait "$daemon" || true; start "$1" ;;
    stop) kill -STOP "$daemon" ;;
    continue) kill -CONT "$daemon" ;;
  esac
done
"#;

/// Addresses of the two hosts of a pair, on the cable between them.
pub const HERE: &str = "192.0.2.1";
pub const THERE: &str = "192.0.2.2";

pub struct Lab {
    pub dir: TestDir,
    orders: Option<ChildStdin>,
    unshare: Child,
}

/// Why the tests can't run here; `None` when they can.
pub fn missing() -> Option<String> {
    let absent = PROGRAMS.iter().find(|p| !PathBuf::from(p).exists());
    if let Some(program) = absent {
        return Some(format!("{program} is not installed"));
    }
    (!nix::unistd::geteuid().is_root()).then(|| "not root".into())
}

impl Lab {
    pub fn start() -> Self {
        Lab::named("here.lab")
    }

    /// Two, joined by a cable.
    pub fn pair() -> (Self, Self) {
        let (here, there) = (Lab::start(), Lab::named("there.lab"));
        let first = here.first();
        let net = |pid: &str, arguments: &str| {
            let output = Command::new("nsenter")
                .args(["--target", pid, "--net", "ip"])
                .args(arguments.split_whitespace())
                .output()
                .unwrap();
            assert!(output.status.success(), "{arguments}: {output:?}");
        };
        let second = there.first();
        net(
            &first,
            &format!("link add wire type veth peer name wire netns {second}"),
        );
        for (pid, address) in [(&first, HERE), (&second, THERE)] {
            net(pid, &format!("addr add {address}/24 dev wire"));
            net(pid, "link set wire up");
        }
        (here, there)
    }

    fn named(name: &str) -> Self {
        let dir = TestDir::new();
        let sockets = dir.join("sock");
        let write = |name: &str, text: String| std::fs::write(dir.join(name), text).unwrap();
        std::fs::create_dir(&sockets).unwrap();
        write(
            "libvirtd.conf",
            format!(
                "unix_sock_dir = \"{}\"\nauth_unix_ro = \"none\"\nauth_unix_rw = \"none\"\n\
                 listen_tls = 0\nlisten_tcp = 1\nauth_tcp = \"none\"\nhost_uuid = \"{}\"\n\
                 log_outputs = \"3:file:/var/log/libvirt/libvirtd.log\"\n",
                sockets.display(),
                VmId(base::Random::uuid(&base::OsRandom)),
            ),
        );
        write(
            "qemu.conf",
            format!(
                "security_driver = \"none\"\nuser = \"root\"\ngroup = \"root\"\n\
                 dynamic_ownership = 0\nremember_owner = 0\nnamespaces = []\n\
                 stdio_handler = \"logd\"\nshared_filesystems = [ \"{}\" ]\n",
                std::env::temp_dir().display()
            ),
        );
        let mut unshare = Command::new("unshare")
            .args(["--mount", "--net", "--uts", "--ipc", "--pid", "--fork"])
            .args(["--kill-child", "--mount-proc", "bash", "-c", BOOT, "lab"])
            .arg(dir.path())
            .arg(name)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(dir.join("boot.log")).unwrap())
            .spawn()
            .unwrap();
        let orders = unshare.stdin.take();
        Lab {
            dir,
            orders,
            unshare,
        }
    }

    pub fn uri(&self) -> String {
        let socket = self.dir.join("sock/libvirt-sock");
        format!("qemu:///system?socket={}", socket.display())
    }

    /// `restart`, `stop` or `continue` for libvirtd.
    pub fn daemon(&mut self, order: &str) {
        let orders = self.orders.as_mut().unwrap();
        writeln!(orders, "{order}").unwrap();
    }

    pub fn virsh(&self, arguments: &[&str]) -> String {
        let output = Command::new("virsh")
            .args(["-q", "-c", &self.uri()])
            .args(arguments)
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "virsh {arguments:?}: {error}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Ends a machine's QEMU as if somebody had said `kill -9`.
    pub fn kill(&self, vm: VmId) {
        let pid = nix::unistd::Pid::from_raw(self.qemu_of(vm));
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL).unwrap();
        let gone = || !PathBuf::from(format!("/proc/{pid}")).exists();
        let patience = Instant::now() + Duration::from_secs(10);
        while !gone() && Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(gone(), "QEMU does not end");
    }

    /// The QEMU process of a machine here: its command line has the id.
    fn qemu_of(&self, vm: VmId) -> i32 {
        let id = vm.to_string();
        let space = |pid: &str| std::fs::read_link(format!("/proc/{pid}/ns/pid")).ok();
        let here = space(&self.first());
        let is_it = |pid: &i32| {
            let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            let mut words = line.split(|b| *b == 0);
            words
                .next()
                .is_some_and(|w| w.ends_with(b"qemu-system-x86_64"))
                && words.any(|w| w == id.as_bytes())
                && space(&pid.to_string()) == here
        };
        let names = std::fs::read_dir("/proc").unwrap().flatten();
        let pids = names.filter_map(|e| e.file_name().to_str()?.parse::<i32>().ok());
        let found: Vec<i32> = pids.filter(is_it).collect();
        assert_eq!(found.len(), 1, "QEMU processes of {vm}: {found:?}");
        found[0]
    }

    /// Runs a shell command where libvirtd sees its files.
    pub fn shell(&self, command: &str) {
        let first = self.first();
        let output = Command::new("nsenter")
            // `--root`: in a chroot the namespace's own root is another one.
            .args([
                "--target", &first, "--mount", "--root", "sh", "-ec", command,
            ])
            .output()
            .unwrap();
        assert!(output.status.success(), "{command}: {output:?}");
    }

    /// The first process of the namespaces.
    fn first(&self) -> String {
        let id = self.unshare.id();
        let patience = Instant::now() + Duration::from_secs(10);
        while Instant::now() < patience {
            let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
            if let Some(first) = children.unwrap_or_default().split_whitespace().next() {
                return first.to_owned();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("the namespaces have no process: {}", self.logs());
    }

    /// What went wrong in the namespaces, for messages.
    pub fn logs(&self) -> String {
        let read = |name: &str| std::fs::read_to_string(self.dir.join(name)).unwrap_or_default();
        format!("{}\n{}", read("boot.log"), read("log/libvirtd.log"))
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        // The first process reads the end of its orders and ends, and the kernel ends the rest.
        drop(self.orders.take());
        let patience = Instant::now() + Duration::from_secs(10);
        while matches!(self.unshare.try_wait(), Ok(None)) && Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.unshare.kill();
        let _ = self.unshare.wait();
    }
}
