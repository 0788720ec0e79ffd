//! Layers of fake disks and the jobs on them.

use crate::host::{FakeMachine, Host, Table};
use base::{DiskId, VmId};
use hypervisor::{
    BlockCommit, BlockCopy, BlockJob, BlockJobKind, BlockJobPhase, DiskChain, DiskLayer,
    DiskMirror, DiskOverlay, HypervisorError, MachineChange,
};
use std::path::Path;

/// A job and what the disk's layers are when it is done.
#[derive(Debug, Clone)]
pub(crate) struct FakeJob {
    pub job: BlockJob,
    after: Vec<DiskLayer>,
}

/// The layers of a disk.
pub(crate) fn chain(
    fake: &FakeMachine,
    vm: VmId,
    disk: DiskId,
) -> Result<DiskChain, HypervisorError> {
    let chain = fake.chains.get(&disk).cloned();
    chain.ok_or_else(|| {
        HypervisorError::unfit(format!("Virtual machine {vm} runs without disk {disk}."))
    })
}

/// Puts new layers on disks.
pub(crate) fn snapshot(
    fake: &mut FakeMachine,
    vm: VmId,
    overlays: &[DiskOverlay],
    quiesce: bool,
) -> Result<(), HypervisorError> {
    let mut there = 0;
    for overlay in overlays {
        there += usize::from(chain(fake, vm, overlay.disk)?.has(&overlay.to.path));
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
    if quiesce && !fake.machine.agent_connected {
        let message = "its channel is not open".into();
        return Err(HypervisorError::GuestAgent { vm, message });
    }
    if overlays.iter().any(|o| fake.jobs.contains_key(&o.disk)) {
        let message = "a job is on the disk".into();
        return Err(HypervisorError::Busy { vm, message });
    }
    for overlay in overlays {
        let layer = DiskLayer {
            path: overlay.to.path.clone(),
            format: Some(overlay.format),
        };
        let mut layers = chain(fake, vm, overlay.disk)?.layers;
        layers.insert(0, layer);
        layers_set(fake, overlay.disk, layers);
    }
    Ok(())
}

/// The layers a disk has from now on, without a job.
pub(crate) fn layers_set(fake: &mut FakeMachine, disk: DiskId, layers: Vec<DiskLayer>) {
    let seen = fake.machine.disks.iter_mut().find(|d| d.disk == disk);
    if let (Some(seen), Some(active)) = (seen, layers.first()) {
        seen.path.clone_from(&active.path);
    }
    fake.chains.insert(
        disk,
        DiskChain {
            layers,
            mirror: None,
        },
    );
}

impl Host {
    /// Begins to mirror a disk.
    pub(crate) fn copy(&self, table: &mut Table, copy: &BlockCopy) -> Result<(), HypervisorError> {
        let (vm, disk, to) = (copy.vm, copy.disk, copy.to.path.as_path());
        let backing = table.backings.get(to).cloned();
        let fake = run(table, vm, copy.epoch)?;
        let now = chain(fake, vm, disk)?;
        let mirrored = now.mirror.as_ref();
        if now.active() == Some(to)
            || mirrored.is_some_and(|m| m.path == to && m.kind == BlockJobKind::Copy)
        {
            return Ok(());
        }
        let mut after = vec![DiskLayer {
            path: to.to_owned(),
            format: Some(copy.format),
        }];
        match backing {
            Some(below) => after.extend(below),
            None if copy.shallow => after.extend(now.layers.iter().skip(1).cloned()),
            None => {}
        }
        self.job_begins(table, (vm, disk), BlockJobKind::Copy, Some(to), after)
    }

    /// Begins to merge layers.
    pub(crate) fn commit(
        &self,
        table: &mut Table,
        commit: &BlockCommit,
    ) -> Result<(), HypervisorError> {
        let (vm, disk) = (commit.vm, commit.disk);
        let fake = run(table, vm, commit.epoch)?;
        let now = chain(fake, vm, disk)?;
        let (top, base) = match (now.position(&commit.top), now.position(&commit.base)) {
            (Some(top), Some(base)) if top < base => (top, base),
            (None, Some(_)) => return Ok(()),
            _ => {
                return Err(HypervisorError::unfit(format!(
                    "`{}` does not stand on `{}`.",
                    commit.top.display(),
                    commit.base.display()
                )));
            }
        };
        let (kind, mirror) = if top == 0 {
            (BlockJobKind::ActiveCommit, Some(commit.base.as_path()))
        } else {
            (BlockJobKind::Commit, None)
        };
        let there = fake.jobs.get(&disk).is_some_and(|j| j.job.kind == kind);
        if there && now.mirror.as_ref().map(|m| m.path.as_path()) == mirror {
            return Ok(());
        }
        let mut after = now.layers;
        after.drain(top..base);
        self.job_begins(table, (vm, disk), kind, mirror, after)
    }

    fn job_begins(
        &self,
        table: &mut Table,
        (vm, disk): (VmId, DiskId),
        kind: BlockJobKind,
        mirror: Option<&Path>,
        after: Vec<DiskLayer>,
    ) -> Result<(), HypervisorError> {
        let waits = table.jobs_wait;
        let fake = table.machines.get_mut(&vm);
        let fake = fake.ok_or(HypervisorError::NoMachine { vm })?;
        if let Some(other) = fake.jobs.get(&disk) {
            let message = format!("another job ({:?}) is on the disk", other.job.kind);
            return Err(HypervisorError::Busy { vm, message });
        }
        let job = BlockJob {
            kind,
            current: 0,
            end: 1 << 20,
            ready: false,
        };
        fake.jobs.insert(disk, FakeJob { job, after });
        if let Some(chain) = fake.chains.get_mut(&disk) {
            chain.mirror = mirror.map(|path| DiskMirror {
                path: path.to_owned(),
                kind,
                ready: false,
            });
        }
        if !waits {
            self.job_catches_up(table, vm, disk);
        }
        Ok(())
    }

    /// The job has done its work: it is ready, or over when nobody needs to switch over.
    pub(crate) fn job_catches_up(&self, table: &mut Table, vm: VmId, disk: DiskId) {
        let Some(fake) = table.machines.get_mut(&vm) else {
            return;
        };
        let Some(held) = fake.jobs.get_mut(&disk) else {
            return;
        };
        held.job.current = held.job.end;
        let kind = held.job.kind;
        if kind == BlockJobKind::Commit {
            return self.job_ends(fake, disk, BlockJobPhase::Completed);
        }
        held.job.ready = true;
        let mirror = fake.chains.get_mut(&disk).and_then(|c| c.mirror.as_mut());
        if let Some(mirror) = mirror {
            mirror.ready = true;
        }
        let (epoch, phase) = (fake.machine.epoch, BlockJobPhase::Ready);
        self.tell(vm, epoch, MachineChange::BlockJob { disk, kind, phase });
    }

    /// The job is over.
    pub(crate) fn job_ends(&self, fake: &mut FakeMachine, disk: DiskId, phase: BlockJobPhase) {
        let Some(ended) = fake.jobs.remove(&disk) else {
            return;
        };
        if phase == BlockJobPhase::Completed {
            layers_set(fake, disk, ended.after);
        } else if let Some(chain) = fake.chains.get_mut(&disk) {
            chain.mirror = None;
        }
        let change = MachineChange::BlockJob {
            disk,
            kind: ended.job.kind,
            phase,
        };
        self.tell(fake.machine.vm, fake.machine.epoch, change);
    }

    /// Lets the guest use the other side.
    pub(crate) fn pivot(
        &self,
        fake: &mut FakeMachine,
        disk: DiskId,
        to: &Path,
    ) -> Result<(), HypervisorError> {
        let vm = fake.machine.vm;
        let now = chain(fake, vm, disk)?;
        match &now.mirror {
            None if now.active() == Some(to) => Ok(()),
            Some(mirror) if mirror.path == to && mirror.ready => {
                self.job_ends(fake, disk, BlockJobPhase::Completed);
                Ok(())
            }
            Some(mirror) if mirror.path == to => Err(HypervisorError::Busy {
                vm,
                message: format!("the job to `{}` has not caught up yet", to.display()),
            }),
            _ => Err(HypervisorError::unfit(format!(
                "No job of the disk leads to `{}`.",
                to.display()
            ))),
        }
    }
}

/// The machine when it is this run.
pub(crate) fn run(
    table: &mut Table,
    vm: VmId,
    epoch: u64,
) -> Result<&mut FakeMachine, HypervisorError> {
    let found = table.machines.get_mut(&vm);
    found
        .filter(|fake| fake.machine.epoch == epoch)
        .ok_or(HypervisorError::NoMachine { vm })
}
