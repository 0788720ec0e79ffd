//! What is done with the disks of running machines. Everything here blocks.
//!
//! Each command looks at the chain first: what is done already is not done again.

use crate::failure::{failure, is_gone};
use crate::link::Link;
use crate::machines::{Seen, find_run};
use crate::meaning::block_job_kind;
use crate::sys::{Domain, VirError, code};
use base::{DiskId, StorageDomainId, VmId, VolumeId};
use hypervisor::xml::{copy_xml, disk_chain_read, placed_metadata, snapshot_xml};
use hypervisor::{
    BlockCommit, BlockCopy, BlockJob, BlockJobKind, DiskChain, DiskOverlay, HypervisorError,
    MachineState,
};
use std::path::Path;

/// A disk of a running machine.
struct Disk<'a> {
    link: &'a Link,
    vm: VmId,
    epoch: u64,
    domain: Domain,
    xml: String,
    /// `vda`.
    target: String,
    chain: DiskChain,
}

impl<'a> Disk<'a> {
    fn find(link: &'a Link, vm: VmId, epoch: u64, disk: DiskId) -> Result<Self, HypervisorError> {
        let (domain, seen) = find_here(link, vm, epoch)?;
        let (target, chain) = chain_of(vm, &seen.xml, disk)?;
        Ok(Disk {
            link,
            vm,
            epoch,
            domain,
            xml: seen.xml,
            target,
            chain,
        })
    }

    /// Libvirt's "not running" and "not now" have one number: it depends on whether the run is there.
    fn failed(&self, doing: &str, error: VirError) -> HypervisorError {
        failed(self.link, (self.vm, self.epoch), doing, error)
    }

    fn job(&self) -> Result<Option<BlockJob>, HypervisorError> {
        let found = self.domain.block_job(&self.target);
        let found = found.map_err(|e| self.failed("looking at a disk's job", e))?;
        let Some(raw) = found else { return Ok(None) };
        Ok(block_job_kind(raw.kind).map(|kind| BlockJob {
            kind,
            current: raw.current,
            end: raw.end,
            ready: self.chain.mirror.as_ref().is_some_and(|m| m.ready),
        }))
    }

    fn busy(&self, message: impl Into<String>) -> HypervisorError {
        HypervisorError::Busy {
            vm: self.vm,
            message: message.into(),
        }
    }

    fn mirrors(&self, kind: BlockJobKind, to: &Path) -> bool {
        let mirror = self.chain.mirror.as_ref();
        mirror.is_some_and(|m| m.kind == kind && m.path == to)
    }
}

/// The run with its devices: they are not shown while it comes.
fn find_here(link: &Link, vm: VmId, epoch: u64) -> Result<(Domain, Seen), HypervisorError> {
    let found = find_run(link.control(), vm, epoch)?;
    if found.1.state == MachineState::Incoming {
        let message = "it is still coming here from another host".into();
        return Err(HypervisorError::Busy { vm, message });
    }
    Ok(found)
}

fn failed(link: &Link, run: (VmId, u64), doing: &str, error: VirError) -> HypervisorError {
    if is_gone(&error) {
        let gone = find_run(link.control(), run.0, run.1).err();
        if let Some(gone @ HypervisorError::NoMachine { .. }) = gone {
            return gone;
        }
    }
    if error.code == code::BLOCK_COPY_ACTIVE {
        return HypervisorError::Busy {
            vm: run.0,
            message: error.message,
        };
    }
    failure(doing, error)
}

fn chain_of(vm: VmId, xml: &str, disk: DiskId) -> Result<(String, DiskChain), HypervisorError> {
    let found = disk_chain_read(xml, disk)?;
    found.ok_or_else(|| {
        HypervisorError::unfit(format!("Virtual machine {vm} runs without disk {disk}."))
    })
}

/// What QEMU uses.
pub(crate) fn chain(
    link: &Link,
    vm: VmId,
    epoch: u64,
    disk: DiskId,
) -> Result<DiskChain, HypervisorError> {
    Ok(Disk::find(link, vm, epoch, disk)?.chain)
}

/// The job on a disk.
pub(crate) fn job(
    link: &Link,
    vm: VmId,
    epoch: u64,
    disk: DiskId,
) -> Result<Option<BlockJob>, HypervisorError> {
    Disk::find(link, vm, epoch, disk)?.job()
}

/// Puts new layers on disks.
pub(crate) fn snapshot(
    link: &Link,
    vm: VmId,
    epoch: u64,
    overlays: &[DiskOverlay],
    quiesce: bool,
) -> Result<(), HypervisorError> {
    let (domain, seen) = find_here(link, vm, epoch)?;
    let mut named = Vec::new();
    let mut there = 0;
    for overlay in overlays {
        let (target, chain) = chain_of(vm, &seen.xml, overlay.disk)?;
        there += usize::from(chain.has(&overlay.to.path));
        named.push((target, overlay.clone()));
    }
    if there == overlays.len() {
        return Ok(());
    }
    if there > 0 {
        return Err(HypervisorError::unfit(format!(
            "{there} of the {} new layers are in use already: they cannot all begin at the same moment.",
            overlays.len()
        )));
    }
    let silent = |message: String| HypervisorError::GuestAgent { vm, message };
    if quiesce && !seen.domain.agent_connected {
        return Err(silent("its channel is not open".into()));
    }
    let targets = seen.domain.disks.iter().map(|disk| disk.target.clone());
    let others: Vec<_> = targets
        .filter(|target| named.iter().all(|(name, _)| name != target))
        .collect();
    let xml = snapshot_xml(&named, &others)?;
    domain.snapshot(&xml, quiesce).map_err(|error| {
        if quiesce && is_of_agent(&error) {
            return silent(error.message);
        }
        failed(link, (vm, epoch), "putting new layers on the disks", error)
    })
}

fn is_of_agent(error: &VirError) -> bool {
    matches!(
        error.code,
        code::AGENT_UNRESPONSIVE
            | code::AGENT_UNSYNCED
            | code::AGENT_COMMAND_TIMEOUT
            | code::AGENT_COMMAND_FAILED
    )
}

/// Begins to mirror a disk.
pub(crate) fn copy(link: &Link, copy: &BlockCopy) -> Result<(), HypervisorError> {
    let disk = Disk::find(link, copy.vm, copy.epoch, copy.disk)?;
    let to = copy.to.path.as_path();
    if disk.chain.active() == Some(to) || disk.mirrors(BlockJobKind::Copy, to) {
        return Ok(());
    }
    if let Some(job) = disk.job()? {
        return Err(disk.busy(format!("another job ({:?}) is on the disk", job.kind)));
    }
    let xml = copy_xml(copy)?;
    let how = (copy.shallow, copy.reuse_external);
    let begun = disk
        .domain
        .block_copy(&disk.target, &xml, copy.bandwidth, how);
    begun.map_err(|e| disk.failed("beginning to copy the disk", e))
}

/// Begins to merge layers.
pub(crate) fn commit(link: &Link, commit: &BlockCommit) -> Result<(), HypervisorError> {
    let disk = Disk::find(link, commit.vm, commit.epoch, commit.disk)?;
    let (top, base) = (commit.top.as_path(), commit.base.as_path());
    let shown = (top.display(), base.display());
    let unfit = |what: String| Err(HypervisorError::unfit(what));
    match (disk.chain.position(top), disk.chain.position(base)) {
        (Some(top), Some(base)) if top < base => {}
        (None, Some(_)) => return Ok(()),
        (Some(_), Some(_)) => {
            return unfit(format!("`{}` does not stand on `{}`.", shown.0, shown.1));
        }
        (_, None) => return unfit(format!("The disk does not stand on `{}`.", shown.1)),
    }
    let active = disk.chain.active() == Some(top);
    let kind = if active {
        BlockJobKind::ActiveCommit
    } else {
        BlockJobKind::Commit
    };
    if let Some(job) = disk.job()? {
        // Which inner layers a job merges is not shown.
        let same = if active {
            disk.mirrors(kind, base)
        } else {
            job.kind == kind
        };
        if same {
            return Ok(());
        }
        return Err(disk.busy(format!("another job ({:?}) is on the disk", job.kind)));
    }
    let (Some(top), Some(base)) = (top.to_str(), base.to_str()) else {
        return unfit("The path of a layer is not valid UTF-8.".into());
    };
    let begun = disk
        .domain
        .block_commit(&disk.target, (top, base), active, commit.bandwidth);
    begun.map_err(|e| disk.failed("beginning to merge the disk's layers", e))
}

/// Lets the guest use the other side of the job.
pub(crate) fn pivot(
    link: &Link,
    vm: VmId,
    epoch: u64,
    disk_id: DiskId,
    to: &Path,
) -> Result<(), HypervisorError> {
    let disk = Disk::find(link, vm, epoch, disk_id)?;
    let shown = to.display();
    match &disk.chain.mirror {
        None if disk.chain.active() == Some(to) => return Ok(()),
        Some(mirror) if mirror.path == to => {
            if !mirror.ready {
                return Err(disk.busy(format!("the job to `{shown}` has not caught up yet")));
            }
        }
        _ => {
            return Err(HypervisorError::unfit(format!(
                "No job of the disk leads to `{shown}`."
            )));
        }
    }
    let ended = disk.domain.block_end(&disk.target, true);
    ended.map_err(|e| disk.failed("switching the disk over", e))?;
    let after = Disk::find(link, vm, epoch, disk_id)?;
    if after.chain.active() == Some(to) {
        return Ok(());
    }
    let message = format!("the guest does not use `{shown}` afterwards");
    Err(HypervisorError::failed(
        "switching the disk over",
        0,
        message,
    ))
}

/// Gives up the job.
pub(crate) fn abort(
    link: &Link,
    vm: VmId,
    epoch: u64,
    disk_id: DiskId,
) -> Result<(), HypervisorError> {
    let disk = Disk::find(link, vm, epoch, disk_id)?;
    if disk.job()?.is_none() {
        return Ok(());
    }
    let Err(error) = disk.domain.block_end(&disk.target, false) else {
        return Ok(());
    };
    // It may have ended in the same moment.
    match Disk::find(link, vm, epoch, disk_id)?.job() {
        Ok(None) => Ok(()),
        _ => Err(disk.failed("giving up the disk's job", error)),
    }
}

/// Writes down where a disk lies now.
pub(crate) fn placed(
    link: &Link,
    vm: VmId,
    epoch: u64,
    disk_id: DiskId,
    (domain, volume): (StorageDomainId, VolumeId),
) -> Result<(), HypervisorError> {
    let disk = Disk::find(link, vm, epoch, disk_id)?;
    for element in placed_metadata(&disk.xml, &disk.target, domain, volume)? {
        let set = disk
            .domain
            .metadata_set(&element.xml, element.prefix, element.namespace);
        set.map_err(|e| disk.failed("writing down where the disk lies", e))?;
    }
    Ok(())
}
