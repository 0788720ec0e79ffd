//! The engine's word against the host's processes and the files on storage.

use super::lab::Lab;
use super::world::{World, text};
use anyhow::{Context as _, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;
use vireo_lab::wait;

/// Waits for a short while until all agree; what follows a job needs a moment.
pub async fn settled(lab: &Lab, world: &World, patience: Duration) -> anyhow::Result<()> {
    let mut last = None;
    let agreed = wait::until("all to agree", patience, async || {
        last = check(lab, world).await.err();
        Ok(last.is_none().then_some(()))
    });
    match (agreed.await, last) {
        (Err(e), Some(last)) => Err(last.context(format!("{e:#}"))),
        (other, _) => other,
    }
}

/// Compares once.
pub async fn check(lab: &Lab, world: &World) -> anyhow::Result<()> {
    machines(lab, world).await?;
    files(lab, world).await?;
    for template in world.list("templates", "template").await? {
        let status = text(&template, "status");
        ensure!(
            status == "ok",
            "template `{}` is {status}",
            text(&template, "name")
        );
    }
    let left = world.unfinished().await;
    ensure!(left == Some(0), "unfinished jobs: {left:?}");
    Ok(())
}

/// VMs that run, as the engine, libvirt and the processes say.
async fn machines(lab: &Lab, world: &World) -> anyhow::Result<()> {
    let mut said = BTreeSet::new();
    for vm in world.list("vms", "vm").await? {
        let (name, status) = (text(&vm, "name"), text(&vm, "status"));
        ensure!(
            [
                "down",
                "wait_for_launch",
                "powering_up",
                "up",
                "powering_down",
                "paused",
                "reboot_in_progress"
            ]
            .contains(&status),
            "VM `{name}` is {status}"
        );
        if status != "down" {
            said.insert(text(&vm, "id").to_owned());
        }
    }
    let listed = lab.on_host(&["virsh", "-q", "list", "--all", "--uuid"])?;
    let libvirt: BTreeSet<String> = words(&listed).collect();
    let lines = lab.on_host(&["ps", "-C", "qemu-system-x86_64", "-o", "args=", "-ww"]);
    let mut processes: BTreeMap<String, u32> = BTreeMap::new();
    // `ps` fails when there is none.
    for line in lines.unwrap_or_default().lines() {
        let mut arguments = line.split_whitespace();
        let uuid = arguments
            .find(|a| *a == "-uuid")
            .and_then(|_| arguments.next());
        let uuid = uuid.context("a QEMU without -uuid")?;
        *processes.entry(uuid.to_owned()).or_default() += 1;
    }
    let running: BTreeSet<String> = processes.keys().cloned().collect();
    ensure!(
        processes.values().all(|n| *n == 1),
        "a VM runs twice: {processes:?}"
    );
    ensure!(
        said == libvirt && libvirt == running,
        "VMs that run: {said:?} says the engine, {libvirt:?} says libvirt, {running:?} are processes"
    );
    Ok(())
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split_whitespace().map(str::to_owned)
}

/// Disks, as the engine and the storage domains say.
async fn files(lab: &Lab, world: &World) -> anyhow::Result<()> {
    let mut said = BTreeSet::new();
    for disk in world.list("disks", "disk").await? {
        let status = text(&disk, "status");
        ensure!(status == "ok", "disk `{}` is {status}", text(&disk, "name"));
        said.insert(text(&disk, "id").to_owned());
    }
    let mut found = BTreeSet::new();
    for images in image_directories(&lab.storage())? {
        for disk in entries(&images)? {
            found.insert(name(&disk));
            legal(&disk)?;
        }
    }
    ensure!(
        said == found,
        "disks that only the engine knows: {:?}; that only lie on storage: {:?}",
        said.difference(&found),
        found.difference(&said)
    );
    Ok(())
}

/// Each volume is whole.
fn legal(disk: &Path) -> anyhow::Result<()> {
    let files = entries(disk)?;
    let metadata: Vec<&PathBuf> = files
        .iter()
        .filter(|f| f.extension().is_some_and(|e| e == "meta"))
        .collect();
    ensure!(!metadata.is_empty(), "{} is empty", disk.display());
    for file in metadata {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read {}", file.display()))?;
        ensure!(
            text.contains("LEGALITY=LEGAL"),
            "{} is not legal",
            file.display()
        );
        let data = file.with_extension("");
        ensure!(data.exists(), "{} is missing", data.display());
    }
    Ok(())
}

fn image_directories(storage: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for place in entries(storage)? {
        for domain in entries(&place)? {
            let images = domain.join("images");
            if images.is_dir() {
                found.push(images);
            }
        }
    }
    ensure!(!found.is_empty(), "there is no storage domain");
    Ok(found)
}

fn entries(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let failed = || format!("cannot list {}", dir.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).with_context(failed)? {
        found.push(entry.with_context(failed)?.path());
    }
    found.sort();
    Ok(found)
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
