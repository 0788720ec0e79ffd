//! The demo guest: a small Linux from Debian's own packages on a bootable disk.
//!
//! Here: fetching the packages, the first file system, the disk image, and the cache. What runs
//! inside the guest is in `guest/`. Nothing of this needs loop devices or root's rights.

mod cpio;
mod image;
mod modules;

use crate::tools;
use anyhow::{Context as _, ensure};
use cpio::Archive;
use modules::{Modules, Wanted};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Grows when this builder would make another disk from the same files.
const BUILDER: &str = "1";

/// Scripts and settings of the guest: path, mode, content.
const FILES: &[(&str, u32, &str)] = &[
    ("init", 0o755, include_str!("../../guest/root/init")),
    (
        "bin/agent",
        0o755,
        include_str!("../../guest/root/bin/agent"),
    ),
    ("bin/late", 0o755, include_str!("../../guest/root/bin/late")),
    (
        "bin/leased",
        0o755,
        include_str!("../../guest/root/bin/leased"),
    ),
    (
        "bin/nic-added",
        0o755,
        include_str!("../../guest/root/bin/nic-added"),
    ),
    (
        "bin/powerbutton",
        0o755,
        include_str!("../../guest/root/bin/powerbutton"),
    ),
    (
        "bin/serial-shell",
        0o755,
        include_str!("../../guest/root/bin/serial-shell"),
    ),
    (
        "bin/uevent-seen",
        0o755,
        include_str!("../../guest/root/bin/uevent-seen"),
    ),
    (
        "sbin/shutdown",
        0o755,
        include_str!("../../guest/root/sbin/shutdown"),
    ),
    (
        "etc/group",
        0o644,
        include_str!("../../guest/root/etc/group"),
    ),
    (
        "etc/inittab",
        0o644,
        include_str!("../../guest/root/etc/inittab"),
    ),
    (
        "etc/os-release",
        0o644,
        include_str!("../../guest/root/etc/os-release"),
    ),
    (
        "etc/passwd",
        0o644,
        include_str!("../../guest/root/etc/passwd"),
    ),
    (
        "etc/shells",
        0o644,
        include_str!("../../guest/root/etc/shells"),
    ),
];

const MODULES: &str = include_str!("../../guest/modules");

const DIRECTORIES: &[&str] = &[
    "bin",
    "dev",
    "etc",
    "lib",
    "lib/modules",
    "lib64",
    "proc",
    "root",
    "run",
    "sbin",
    "sys",
    "tmp",
    "usr",
    "usr/bin",
    "usr/lib",
    "usr/sbin",
    "var",
];

/// Answers the guest's disk (qcow2), made first if the cache has none of this recipe.
///
/// # Errors
/// When a package can't be fetched or a program fails.
pub fn disk(cache: &Path) -> anyhow::Result<PathBuf> {
    let file = cache.join(format!("vireo-demo-{}.qcow2", recipe()));
    if file.exists() {
        return Ok(file);
    }
    // Not to the standard output: `vireo-lab guest` prints the path there, and programs read it.
    eprintln!("making the demo guest from Debian packages (once, about half a minute)");
    std::fs::create_dir_all(cache).with_context(|| format!("cannot make {}", cache.display()))?;
    let work = cache.join(format!("guest-{}", std::process::id()));
    let outcome = make(&work, &file);
    let removed = std::fs::remove_dir_all(&work);
    outcome.context("cannot make the demo guest")?;
    removed.with_context(|| format!("cannot remove {}", work.display()))?;
    Ok(file)
}

/// A name for everything the disk is made from, but for the versions of the packages.
fn recipe() -> String {
    let mut hash = Sha256::new();
    let mut add = |part: &str| {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    };
    add(BUILDER);
    add(MODULES);
    for (path, mode, content) in FILES {
        add(path);
        add(&mode.to_string());
        add(content);
    }
    hash.finalize()
        .iter()
        .take(8)
        .map(|b| format!("{b:02x}"))
        .collect()
}

fn make(work: &Path, file: &Path) -> anyhow::Result<()> {
    let packages = work.join("packages");
    std::fs::create_dir_all(&packages)
        .with_context(|| format!("cannot make {}", packages.display()))?;
    let root = work.join("root");
    let kernel = fetch(&packages, &root)?;
    let first = work.join("initrd");
    std::fs::write(&first, first_files(&root)?).context("cannot write the first file system")?;
    tools::run(Command::new("gzip").arg("-1").arg(&first))?;
    image::make(work, &kernel, &first.with_extension("gz"), file)
}

/// Fetches and unpacks the packages; answers the kernel.
fn fetch(packages: &Path, root: &Path) -> anyhow::Result<PathBuf> {
    let wanted = || -> anyhow::Result<String> {
        let text = tools::output(Command::new("apt-cache").args(["depends", "linux-image-amd64"]))?;
        text.lines()
            .filter_map(|l| l.trim().strip_prefix("Depends: "))
            .find(|p| p.starts_with("linux-image-"))
            .map(str::to_owned)
            .context("linux-image-amd64 names no kernel")
    };
    let download = || -> anyhow::Result<()> {
        tools::output(
            Command::new("apt-get")
                .args([
                    "download",
                    "-q",
                    &wanted()?,
                    "qemu-guest-agent",
                    "busybox-static",
                ])
                .current_dir(packages),
        )?;
        Ok(())
    };
    // Package lists may be absent or older than the archive.
    if let Err(first) = download() {
        tools::output(Command::new("apt-get").args(["update", "-qq"])).context(first)?;
        download()?;
    }
    std::fs::create_dir_all(root)?;
    for entry in std::fs::read_dir(packages)? {
        tools::run(
            Command::new("dpkg-deb")
                .arg("-x")
                .arg(entry?.path())
                .arg(root),
        )?;
    }
    let kernel = std::fs::read_dir(root.join("boot"))
        .context("the kernel package has no /boot")?
        .filter_map(Result::ok)
        .find(|e| e.file_name().to_string_lossy().starts_with("vmlinuz-"))
        .context("the kernel package has no kernel")?;
    Ok(kernel.path())
}

/// The first file system: busybox, the guest agent with its libraries, modules, and our files.
fn first_files(root: &Path) -> anyhow::Result<Vec<u8>> {
    let mut archive = Archive::default();
    let mut made: BTreeSet<String> = DIRECTORIES.iter().map(|d| (*d).to_owned()).collect();
    for directory in DIRECTORIES {
        archive.directory(directory);
    }
    let busybox = root.join("bin/busybox");
    add(&mut archive, &mut made, "bin/busybox", 0o755, &busybox)?;
    let ours: BTreeSet<&str> = FILES.iter().map(|(path, ..)| *path).collect();
    for applet in tools::output(Command::new(&busybox).arg("--list-full"))?.lines() {
        if applet != "bin/busybox" && !ours.contains(applet) {
            parents(&mut archive, &mut made, applet);
            archive.link(applet, "/bin/busybox");
        }
    }
    for (path, mode, content) in FILES {
        archive.file(path, *mode, content.as_bytes());
    }
    let agent = root.join("usr/sbin/qemu-ga");
    add(&mut archive, &mut made, "usr/sbin/qemu-ga", 0o755, &agent)?;
    for library in libraries(&agent)? {
        let inside = library
            .strip_prefix("/")
            .unwrap_or(&library)
            .to_string_lossy()
            .into_owned();
        add(&mut archive, &mut made, &inside, 0o755, &library)?;
    }
    let wanted = Wanted::parse(MODULES)?;
    let modules = Modules::below(&root.join("lib/modules"))?;
    let mut done = BTreeSet::new();
    for (list, names) in [("early", &wanted.early), ("late", &wanted.late)] {
        let mut text = String::new();
        for (name, bytes) in modules.order(names, &mut done)? {
            let path = format!("lib/modules/{name}.ko");
            archive.file(&path, 0o644, &bytes);
            text.push_str(&format!("/{path}\n"));
        }
        archive.file(&format!("lib/modules.{list}"), 0o644, text.as_bytes());
    }
    Ok(archive.end())
}

fn add(
    archive: &mut Archive,
    made: &mut BTreeSet<String>,
    path: &str,
    mode: u32,
    from: &Path,
) -> anyhow::Result<()> {
    let content = std::fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
    parents(archive, made, path);
    archive.file(path, mode, &content);
    Ok(())
}

fn parents(archive: &mut Archive, made: &mut BTreeSet<String>, path: &str) {
    for (at, _) in path.match_indices('/') {
        let directory = &path[..at];
        if made.insert(directory.to_owned()) {
            archive.directory(directory);
        }
    }
}

/// What the dynamic linker of this machine loads for a program.
fn libraries(program: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let text = tools::output(Command::new("ldd").arg(program))?;
    ensure!(
        !text.contains("not found"),
        "this machine lacks a library of the guest agent:\n{text}"
    );
    Ok(text
        .lines()
        .filter_map(|l| l.split_whitespace().find(|w| w.starts_with('/')))
        .map(PathBuf::from)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recipe_has_a_stable_name() {
        assert_eq!(recipe(), recipe());
        assert_eq!(recipe().len(), 16);
    }

    #[test]
    fn directories_are_made_once_and_before_what_is_in_them() {
        let mut archive = Archive::default();
        let mut made = BTreeSet::new();
        parents(&mut archive, &mut made, "a/b/c");
        parents(&mut archive, &mut made, "a/b/d");
        assert_eq!(made.into_iter().collect::<Vec<_>>(), ["a", "a/b"]);
    }
}
