//! What the conformance suite needs of a back-end, and short words for commands.

#![allow(dead_code, reason = "each test program uses its part")]

use base::{DiskId, StorageDomainId, Timestamp, VolumeId};
use domain::disks::DiskFormat;
use domain::storage::StorageBacking;
use host_storage::FileStore;
use host_storage::VolumeStore;
use host_storage::fake::FakeStore;
use ports::SystemCommands;
use ports::hosts::{
    CopySource, ImageProbe, StorageDomainSpec, VolumeAddress, VolumeCopy, VolumeCreate,
};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use testkit::TestDir;

pub const MIB: u64 = 1 << 20;
pub const DOMAIN: StorageDomainId = StorageDomainId::known(0xd0);
/// On the place `second`.
pub const SECOND: StorageDomainId = StorageDomainId::known(0xd1);

/// A back-end with places for domains and images.
pub trait Bench {
    fn store(&self) -> &dyn VolumeStore;
    /// An empty place that can be made a domain.
    fn place(&self, name: &str) -> StorageBacking;
    /// An image of 4 MiB on the host that begins with `content`.
    fn image(&self, name: &str, format: DiskFormat, content: &str) -> String;
    /// What a volume begins with, through everything it stands on; empty for zeros.
    fn content(&self, at: VolumeAddress) -> String;
    /// As if a guest had written this to the beginning of a qcow2 volume.
    fn write(&self, at: VolumeAddress, content: &str);
}

/// Memory.
#[derive(Default)]
pub struct InMemory(FakeStore);

impl Bench for InMemory {
    fn store(&self) -> &dyn VolumeStore {
        &self.0
    }
    fn place(&self, name: &str) -> StorageBacking {
        StorageBacking::LocalFs {
            path: format!("/places/{name}"),
        }
    }
    fn image(&self, name: &str, format: DiskFormat, content: &str) -> String {
        let path = format!("/images/{name}");
        let probe = ImageProbe {
            format,
            virtual_bytes: 4 * MIB,
            actual_bytes: 0,
        };
        self.0.file_put(&path, probe, content);
        path
    }
    fn content(&self, at: VolumeAddress) -> String {
        self.0.content(at).unwrap_or_default()
    }
    fn write(&self, at: VolumeAddress, content: &str) {
        self.0.content_put(at, content);
    }
}

/// Directories of a test.
pub struct OnDisk {
    pub dir: TestDir,
    pub store: FileStore,
}

impl Default for OnDisk {
    fn default() -> Self {
        let dir = TestDir::new();
        let store = FileStore::new(dir.join("rhev"), Arc::new(SystemCommands));
        OnDisk { dir, store }
    }
}

impl OnDisk {
    /// Where a volume's file is.
    pub fn path(&self, at: VolumeAddress) -> PathBuf {
        self.images_of(at.domain)
            .join(at.disk.to_string())
            .join(at.volume.to_string())
    }
    /// The first domain's disks.
    pub fn images(&self) -> PathBuf {
        self.images_of(DOMAIN)
    }
    fn images_of(&self, domain: StorageDomainId) -> PathBuf {
        let place = if domain == DOMAIN { "main" } else { "second" };
        self.dir.join(place).join(domain.to_string()).join("images")
    }
    /// The same directories after a restart of the agent.
    pub fn restarted(self) -> Self {
        let store = FileStore::new(self.dir.join("rhev"), Arc::new(SystemCommands));
        OnDisk {
            dir: self.dir,
            store,
        }
    }
}

impl Bench for OnDisk {
    fn store(&self) -> &dyn VolumeStore {
        &self.store
    }
    fn place(&self, name: &str) -> StorageBacking {
        let path = self.dir.join(name);
        std::fs::create_dir_all(&path).unwrap();
        StorageBacking::LocalFs {
            path: path.to_str().unwrap().into(),
        }
    }
    fn image(&self, name: &str, format: DiskFormat, content: &str) -> String {
        let raw = self.dir.join(format!("{name}.raw"));
        std::fs::write(&raw, content).unwrap();
        let file = std::fs::File::options().write(true).open(&raw).unwrap();
        file.set_len(4 * MIB).unwrap();
        if format == DiskFormat::Raw {
            return raw.to_str().unwrap().into();
        }
        let cow = self.dir.join(format!("{name}.qcow2"));
        qemu_img(&["convert", "-f", "raw", "-O", "qcow2"], &[&raw, &cow]);
        cow.to_str().unwrap().into()
    }
    fn content(&self, at: VolumeAddress) -> String {
        let path = self.path(at);
        let mut magic = [0; 4];
        std::io::Read::read_exact(&mut std::fs::File::open(&path).unwrap(), &mut magic).unwrap();
        let format = if &magic == b"QFI\xfb" { "qcow2" } else { "raw" };
        let out = self.dir.join("content");
        qemu_img(&["convert", "-f", format, "-O", "raw"], &[&path, &out]);
        let bytes = std::fs::read(&out).unwrap();
        let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
        String::from_utf8_lossy(&bytes[..end]).into_owned()
    }
    fn write(&self, at: VolumeAddress, content: &str) {
        let from = self.dir.join("written");
        std::fs::write(&from, content).unwrap();
        let (path, length) = (self.path(at), content.len());
        let order = format!("write -s {} 0 {length}", from.display());
        run("qemu-io", &["-f", "qcow2", "-c", &order], &[&path]);
    }
}

pub fn qemu_img(args: &[&str], paths: &[&Path]) {
    run("qemu-img", args, paths);
}

fn run(program: &str, args: &[&str], paths: &[&Path]) {
    let done = Command::new(program)
        .args(args)
        .args(paths)
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

pub fn spec(backing: StorageBacking) -> StorageDomainSpec {
    StorageDomainSpec {
        id: DOMAIN,
        backing,
        data_center: None,
    }
}

/// A bench with one domain.
pub async fn ready<B: Bench + Default>() -> B {
    let bench = B::default();
    let spec = spec(bench.place("main"));
    bench.store().create_domain(spec, "main").await.unwrap();
    bench
}

/// Volume `n` of disk `n`.
pub fn at(n: u128) -> VolumeAddress {
    VolumeAddress {
        domain: DOMAIN,
        disk: DiskId::known(n),
        volume: VolumeId::known(0x100 + n),
    }
}

/// A thin raw volume of 8 MiB.
pub fn raw(at: VolumeAddress) -> VolumeCreate {
    VolumeCreate {
        at,
        format: DiskFormat::Raw,
        sparse: true,
        capacity_bytes: 8 * MIB,
        parent: None,
        alias: "disk é".into(),
        description: "about it".into(),
        created: Timestamp(1_767_225_600_000_000),
    }
}

/// A thin qcow2 volume of 8 MiB.
pub fn cow(at: VolumeAddress) -> VolumeCreate {
    VolumeCreate {
        format: DiskFormat::Cow,
        ..raw(at)
    }
}

/// A thin qcow2 volume that stands on another.
pub fn over(at: VolumeAddress, parent: VolumeAddress) -> VolumeCreate {
    VolumeCreate {
        parent: Some((parent.disk, parent.volume)),
        ..cow(at)
    }
}

/// A copy of a file.
pub fn import(path: &str, format: DiskFormat, to: VolumeAddress) -> VolumeCopy {
    VolumeCopy {
        source: CopySource::File {
            path: path.into(),
            format,
        },
        to,
    }
}
