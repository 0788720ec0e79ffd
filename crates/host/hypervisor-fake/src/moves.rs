//! The handles for moves: of machines between hosts, of disks between places.

use crate::adapter::FakeHypervisor;
use crate::blocks::layers_set;
use base::{DiskId, VmId};
use hypervisor::{BlockJobPhase, DiskLayer, MachineChange, MigrationProgress};
use std::path::PathBuf;

impl FakeHypervisor {
    /// From now on this host reaches the host of `other` by a URI.
    pub fn peer_add(&self, uri: &str, other: &FakeHypervisor) {
        let peer = other.host.clone();
        self.host.table().peers.insert(uri.into(), peer);
    }
    /// Machines that leave wait on their way until a handle lets them arrive or fail; else they
    /// arrive at once.
    pub fn migrations_wait(&self, wait: bool) {
        self.host.table().ways_wait = wait;
    }
    /// How far a machine on its way is.
    pub fn migration_progress(&self, vm: VmId, progress: MigrationProgress) {
        let mut table = self.host.table();
        let Some(way) = table.ways.get_mut(&vm) else {
            return;
        };
        let again = progress.iteration > way.progress.iteration;
        way.progress = progress;
        let epoch = table.machines.get(&vm).map(|fake| fake.machine.epoch);
        if let Some(epoch) = epoch.filter(|_| again) {
            let iteration = progress.iteration;
            self.host
                .tell(vm, epoch, MachineChange::Migrating { iteration });
        }
    }
    /// A machine on its way arrives.
    pub fn migration_converges(&self, vm: VmId) {
        self.host.arrives(vm);
    }
    /// A machine's way fails; it stays.
    pub fn migration_fails(&self, vm: VmId, message: &str) {
        let mut table = self.host.table();
        self.host.way_fails(&mut table, vm, message);
    }

    /// What a file stands on, for copies onto it; otherwise a shallow copy keeps the layers below.
    pub fn backing_set(&self, path: impl Into<PathBuf>, below: Vec<DiskLayer>) {
        self.host.table().backings.insert(path.into(), below);
    }
    /// The layers of a running machine's disk, the active one first; after its launch there is one.
    pub fn layers_set(&self, vm: VmId, disk: DiskId, layers: Vec<DiskLayer>) {
        if let Some(fake) = self.host.table().machines.get_mut(&vm) {
            layers_set(fake, disk, layers);
        }
    }
    /// Jobs on disks wait until a handle lets them catch up or fail; else they have caught up at once.
    pub fn block_jobs_wait(&self, wait: bool) {
        self.host.table().jobs_wait = wait;
    }
    /// How far a job is.
    pub fn block_job_progress(&self, vm: VmId, disk: DiskId, current: u64, end: u64) {
        let mut table = self.host.table();
        let fake = table.machines.get_mut(&vm);
        if let Some(held) = fake.and_then(|fake| fake.jobs.get_mut(&disk)) {
            held.job.current = current;
            held.job.end = end;
        }
    }
    /// A job catches up: it is ready, or done when it needs no pivot.
    pub fn block_job_catches_up(&self, vm: VmId, disk: DiskId) {
        self.host.job_catches_up(&mut self.host.table(), vm, disk);
    }
    /// A job fails; the disk is as before.
    pub fn block_job_fails(&self, vm: VmId, disk: DiskId) {
        if let Some(fake) = self.host.table().machines.get_mut(&vm) {
            self.host.job_ends(fake, disk, BlockJobPhase::Failed);
        }
    }
}
