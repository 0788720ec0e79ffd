//! The engine's word against the host's processes and the files on storage.

use super::lab::{HOSTS, Lab};
use super::world::{MARKED, World, text};
use anyhow::{Context as _, bail, ensure};
use serde_json::Value;
use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt as _;
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
    files(world).await?;
    for template in world.list("templates", "template").await? {
        let status = text(&template, "status");
        ensure!(
            status == "ok",
            "template `{}` is {status}",
            text(&template, "name")
        );
    }
    let marked = world.named("disks", "disk", MARKED).await?;
    let marked = marked.context("the marked disk is lost")?;
    world.marked(text(&marked, "id")).await?;
    let left = world.unfinished().await;
    ensure!(left == Some(0), "unfinished jobs: {left:?}");
    Ok(())
}

/// VMs that run and where, as the engine, libvirt and the processes say; what they have open.
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
                "reboot_in_progress"
            ]
            .contains(&status),
            "VM `{name}` is {status}"
        );
        if status != "down" {
            let host = vm.get("host").map(|host| text(host, "id"));
            let host = host.with_context(|| format!("VM `{name}` is {status} on no host"))?;
            said.insert((host.to_owned(), text(&vm, "id").to_owned()));
        }
    }
    let (mut libvirt, mut running) = (BTreeSet::new(), BTreeSet::new());
    for host in world.list("hosts", "host").await? {
        let (name, id) = (text(&host, "name"), text(&host, "id"));
        let listed = lab.on(name, &["virsh", "-q", "list", "--all", "--uuid"])?;
        for vm in listed.split_whitespace() {
            libvirt.insert((id.to_owned(), vm.to_owned()));
            opened(world, vm, &lab.on(name, &["virsh", "-q", "dumpxml", vm])?).await?;
        }
        let lines = lab.on(
            name,
            &["ps", "-C", "qemu-system-x86_64", "-o", "args=", "-ww"],
        );
        // `ps` fails when there is none.
        for line in lines.unwrap_or_default().lines() {
            let mut arguments = line.split_whitespace();
            let uuid = arguments
                .find(|a| *a == "-uuid")
                .and_then(|_| arguments.next());
            let uuid = uuid.context("a QEMU without -uuid")?;
            ensure!(
                running.insert((id.to_owned(), uuid.to_owned())),
                "VM {uuid} runs twice on {name}"
            );
        }
    }
    ensure!(
        said == libvirt && libvirt == running,
        "VMs that run, with their hosts: {said:?} says the engine, {libvirt:?} says libvirt, {running:?} are processes"
    );
    Ok(())
}

/// The run in which a VM is, as its host's libvirt has it noted.
pub fn run_of(lab: &Lab, vm: &str) -> anyhow::Result<Option<String>> {
    for host in HOSTS {
        let listed = lab.on(host, &["virsh", "-q", "list", "--uuid"])?;
        if listed.split_whitespace().any(|uuid| uuid == vm) {
            let xml = lab.on(host, &["virsh", "-q", "dumpxml", vm])?;
            let epoch = xml.split_once("<vireo:epoch>");
            let epoch = epoch.and_then(|(_, rest)| rest.split_once('<'));
            return Ok(epoch.map(|(epoch, _)| epoch.to_owned()));
        }
    }
    Ok(None)
}

/// A VM has its disks open where the engine says that they are, and nothing copies them any more.
async fn opened(world: &World, vm: &str, xml: &str) -> anyhow::Result<()> {
    ensure!(
        !xml.contains("<mirror"),
        "a disk of VM {vm} is still mirrored"
    );
    let attachments = world
        .list(&format!("vms/{vm}/diskattachments"), "disk_attachment")
        .await?;
    for attachment in attachments {
        let disk = text(&attachment, "id");
        let disk = world.get(&format!("disks/{disk}")).await?;
        let place = format!("{}/images/{}/", domain_of(&disk)?, text(&disk, "id"));
        ensure!(
            xml.contains(&place),
            "VM {vm} does not have disk `{}` open at {place}",
            text(&disk, "name")
        );
    }
    Ok(())
}

/// The storage domain on which a disk is.
pub fn domain_of(disk: &Value) -> anyhow::Result<&str> {
    let domain = disk.get("storage_domains").map(|d| &d["storage_domain"][0]);
    let domain = domain.map_or("", |d| text(d, "id"));
    ensure!(!domain.is_empty(), "a disk is on no storage domain: {disk}");
    Ok(domain)
}

/// Storage domains and their disks, as the engine says and as they lie there.
async fn files(world: &World) -> anyhow::Result<()> {
    let mut said = BTreeSet::new();
    for disk in world.list("disks", "disk").await? {
        let status = text(&disk, "status");
        ensure!(status == "ok", "disk `{}` is {status}", text(&disk, "name"));
        said.insert((domain_of(&disk)?.to_owned(), text(&disk, "id").to_owned()));
    }
    let domains = world.list("storagedomains", "storage_domain").await?;
    let known: BTreeSet<String> = domains.iter().map(|d| text(d, "id").to_owned()).collect();
    let (mut there, mut found) = (BTreeSet::new(), BTreeSet::new());
    for dir in domain_directories(&world.storage)? {
        let domain = name(&dir);
        for disk in entries(&dir.join("images"))? {
            found.insert((domain.clone(), name(&disk)));
            whole(&disk)?;
        }
        there.insert(domain);
    }
    ensure!(
        known == there,
        "storage domains: {known:?} says the engine, {there:?} are there"
    );
    ensure!(
        said == found,
        "disks that only the engine knows, with their domains: {:?}; that only lie on storage: {:?}",
        said.difference(&found),
        found.difference(&said)
    );
    Ok(())
}

/// The first volume's file of a disk, on whichever domain the engine says.
pub async fn volume(world: &World, disk: &str) -> anyhow::Result<PathBuf> {
    let disk = world.get(&format!("disks/{disk}")).await?;
    let domain = domain_of(&disk)?;
    for dir in domain_directories(&world.storage)? {
        if name(&dir) == domain {
            let images = dir.join("images").join(text(&disk, "id"));
            let volume = text(&disk, "image_id");
            return Ok(images.join(volume));
        }
    }
    bail!("storage domain {domain} is not there")
}

/// A disk here is one whole volume of its own: no layer stays, no file of a work that broke off. Volumes
/// with other names beside theirs are a template's.
fn whole(disk: &Path) -> anyhow::Result<()> {
    let files = entries(disk)?;
    let metadata: Vec<&PathBuf> = files.iter().filter(|f| ends(f, "meta")).collect();
    let mut own = 0;
    for file in &metadata {
        let failed = || format!("cannot read {}", file.display());
        let text = std::fs::read_to_string(file).with_context(failed)?;
        ensure!(
            text.contains("LEGALITY=LEGAL"),
            "{} is not legal",
            file.display()
        );
        let data = file.with_extension("");
        let links = std::fs::metadata(&data).with_context(failed)?.nlink();
        own += u32::from(links == 1);
    }
    ensure!(
        !metadata.is_empty() && own <= 1,
        "{} holds not one volume but {files:?}",
        disk.display()
    );
    let known = |f: &PathBuf| {
        ends(f, "meta") || ends(f, "lease") || metadata.iter().any(|m| m.with_extension("") == *f)
    };
    let foreign: Vec<&PathBuf> = files.iter().filter(|f| !known(f)).collect();
    ensure!(foreign.is_empty(), "files are left: {foreign:?}");
    Ok(())
}

fn ends(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|e| e == ending)
}

fn domain_directories(storage: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for place in entries(storage)? {
        let dirs = entries(&place)?.into_iter().filter(|d| d.is_dir());
        found.extend(dirs);
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
