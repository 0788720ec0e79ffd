//! Cases of disks whose layers change while a machine runs.

use super::cases::{Case, destroyed, is, launched};
use super::{Bench, Watch};
use crate::{
    BlockCommit, BlockCopy, BlockJobKind, BlockJobPhase, DiskOverlay, DiskSource, Hypervisor,
    HypervisorError, MachineChange, MachineLaunch,
};
use base::{DiskId, StorageDomainId, VmId, VolumeId};
use domain::disks::DiskFormat;
use std::path::{Path, PathBuf};

cases![
    a_new_layer_is_merged_back,
    an_inner_layer_is_merged_by_itself,
    a_disk_in_use_moves_elsewhere,
    a_copy_that_is_given_up_changes_nothing,
    jobs_of_missing_runs_and_disks_are_refused,
];

/// A machine and its only disk.
struct Used {
    launch: MachineLaunch,
    vm: VmId,
    disk: DiskId,
    base: PathBuf,
}

async fn used(bench: &dyn Bench, name: &str) -> Used {
    let (launch, machine) = launched(bench, name).await;
    bench.booted(&launch).await;
    Used {
        vm: launch.machine.id,
        disk: machine.disks[0].disk,
        base: machine.disks[0].path.clone(),
        launch,
    }
}

impl Used {
    async fn layers(&self, hypervisor: &dyn Hypervisor) -> Vec<PathBuf> {
        let chain = hypervisor.disk_chain(self.vm, 1, self.disk).await;
        let chain = chain.expect("the chain");
        chain.layers.into_iter().map(|layer| layer.path).collect()
    }

    /// Puts a new layer on top.
    async fn layered(&self, bench: &dyn Bench, on: &Path, format: DiskFormat) -> DiskSource {
        let to = bench.layer(on, format).await;
        let overlay = DiskOverlay {
            disk: self.disk,
            to: to.clone(),
            format: DiskFormat::Cow,
        };
        for _ in 0..2 {
            let hypervisor = bench.hypervisor();
            let overlays = vec![overlay.clone()];
            let done = hypervisor.snapshot(self.vm, 1, overlays, false).await;
            assert_eq!(done, Ok(()), "twice is once");
        }
        to
    }

    fn commit(&self, top: &Path, base: &Path) -> BlockCommit {
        BlockCommit {
            vm: self.vm,
            epoch: 1,
            disk: self.disk,
            top: top.to_owned(),
            base: base.to_owned(),
            bandwidth: None,
        }
    }

    async fn told(&self, watch: &mut Watch, kind: BlockJobKind, phase: BlockJobPhase) {
        let expected = MachineChange::BlockJob {
            disk: self.disk,
            kind,
            phase,
        };
        let words = format!("{expected:?}");
        watch.machine(self.vm, &words, is(expected)).await;
    }
}

async fn a_new_layer_is_merged_back(bench: &dyn Bench) {
    let hypervisor = bench.hypervisor();
    let used = used(bench, "layered").await;
    let (vm, disk, base) = (used.vm, used.disk, used.base.as_path());
    assert_eq!(used.layers(&*hypervisor).await, [base]);
    let top = used.layered(bench, base, DiskFormat::Raw).await;
    let top = top.path.as_path();
    assert_eq!(used.layers(&*hypervisor).await, [top, base]);
    let (domain, volume) = (StorageDomainId::known(0x5e), VolumeId::known(0x701));
    for _ in 0..2 {
        let placed = hypervisor.disk_placed(vm, 1, disk, domain, volume).await;
        assert_eq!(placed, Ok(()));
    }
    let machine = hypervisor.machine(vm).await.expect("the machine");
    assert_eq!(machine.disks[0].path, top);
    assert_eq!(
        (machine.disks[0].domain, machine.disks[0].volume),
        (domain, volume)
    );

    let mut watch = Watch::on(&*hypervisor);
    let commit = used.commit(top, base);
    for _ in 0..2 {
        assert_eq!(hypervisor.block_commit(commit.clone()).await, Ok(()));
    }
    let kind = BlockJobKind::ActiveCommit;
    used.told(&mut watch, kind, BlockJobPhase::Ready).await;
    let job = hypervisor.block_job(vm, 1, disk).await;
    let job = job.expect("block_job").expect("a job");
    assert_eq!((job.kind, job.ready, job.percent()), (kind, true, 100));
    let chain = hypervisor.disk_chain(vm, 1, disk).await.expect("chain");
    let mirror = chain.mirror.clone().expect("a mirror");
    assert_eq!((mirror.path.as_path(), mirror.kind), (base, kind));
    for _ in 0..2 {
        assert_eq!(hypervisor.block_pivot(vm, 1, disk, base).await, Ok(()));
    }
    used.told(&mut watch, kind, BlockJobPhase::Completed).await;
    assert_eq!(used.layers(&*hypervisor).await, [base]);
    assert_eq!(hypervisor.block_commit(commit).await, Ok(()));
    assert_eq!(hypervisor.block_job(vm, 1, disk).await, Ok(None));
    destroyed(bench, &used.launch).await;
}

async fn an_inner_layer_is_merged_by_itself(bench: &dyn Bench) {
    let hypervisor = bench.hypervisor();
    let used = used(bench, "inner").await;
    let base = used.base.as_path();
    let middle = used.layered(bench, base, DiskFormat::Raw).await.path;
    let top = used.layered(bench, &middle, DiskFormat::Cow).await.path;
    assert_eq!(used.layers(&*hypervisor).await, [&*top, &*middle, base]);
    let mut watch = Watch::on(&*hypervisor);
    let wrong = hypervisor.block_commit(used.commit(base, &middle)).await;
    assert!(
        matches!(wrong, Err(HypervisorError::Unfit { .. })),
        "{wrong:?}"
    );
    let commit = used.commit(&middle, base);
    assert_eq!(hypervisor.block_commit(commit.clone()).await, Ok(()));
    used.told(&mut watch, BlockJobKind::Commit, BlockJobPhase::Completed)
        .await;
    assert_eq!(used.layers(&*hypervisor).await, [&*top, base]);
    assert_eq!(hypervisor.block_commit(commit).await, Ok(()));
    destroyed(bench, &used.launch).await;
}

/// The way of a live move: a layer on top, its mirror elsewhere, the rest copied, the switch, the
/// merge of the layer.
async fn a_disk_in_use_moves_elsewhere(bench: &dyn Bench) {
    let hypervisor = bench.hypervisor();
    let used = used(bench, "moved").await;
    let (vm, disk, base) = (used.vm, used.disk, used.base.as_path());
    let top = used.layered(bench, base, DiskFormat::Raw).await.path;
    let new_base = bench.copied(base).await;
    let new_top = bench.layer(&new_base, DiskFormat::Raw).await;
    let mut watch = Watch::on(&*hypervisor);
    let copy = BlockCopy {
        vm,
        epoch: 1,
        disk,
        to: new_top.clone(),
        format: DiskFormat::Cow,
        shallow: true,
        reuse_external: true,
        bandwidth: None,
    };
    for _ in 0..2 {
        assert_eq!(hypervisor.block_copy(copy.clone()).await, Ok(()));
    }
    let kind = BlockJobKind::Copy;
    used.told(&mut watch, kind, BlockJobPhase::Ready).await;
    let busy = hypervisor.block_commit(used.commit(&top, base)).await;
    assert!(
        matches!(busy, Err(HypervisorError::Busy { .. })),
        "{busy:?}"
    );
    assert_eq!(used.layers(&*hypervisor).await, [&*top, base]);
    let to = new_top.path.as_path();
    for _ in 0..2 {
        assert_eq!(hypervisor.block_pivot(vm, 1, disk, to).await, Ok(()));
    }
    used.told(&mut watch, kind, BlockJobPhase::Completed).await;
    assert_eq!(used.layers(&*hypervisor).await, [to, &*new_base]);
    assert_eq!(hypervisor.block_copy(copy).await, Ok(()), "it is done");

    let merge = used.commit(to, &new_base);
    assert_eq!(hypervisor.block_commit(merge).await, Ok(()));
    let kind = BlockJobKind::ActiveCommit;
    used.told(&mut watch, kind, BlockJobPhase::Ready).await;
    let pivoted = hypervisor.block_pivot(vm, 1, disk, &new_base).await;
    assert_eq!(pivoted, Ok(()));
    assert_eq!(used.layers(&*hypervisor).await, [&*new_base]);
    destroyed(bench, &used.launch).await;
}

async fn a_copy_that_is_given_up_changes_nothing(bench: &dyn Bench) {
    let hypervisor = bench.hypervisor();
    let used = used(bench, "kept").await;
    let (vm, disk, base) = (used.vm, used.disk, used.base.as_path());
    let target = bench.copied(base).await;
    let mut watch = Watch::on(&*hypervisor);
    let copy = BlockCopy {
        vm,
        epoch: 1,
        disk,
        to: DiskSource::file(&target),
        format: DiskFormat::Raw,
        shallow: false,
        reuse_external: true,
        bandwidth: None,
    };
    assert_eq!(hypervisor.block_copy(copy).await, Ok(()));
    used.told(&mut watch, BlockJobKind::Copy, BlockJobPhase::Ready)
        .await;
    // A restarted agent finds the job.
    bench.agent_restarted().await;
    let hypervisor = bench.hypervisor();
    let mut watch = Watch::on(&*hypervisor);
    let job = hypervisor.block_job(vm, 1, disk).await.expect("block_job");
    assert!(job.is_some_and(|job| job.ready), "{job:?}");
    for _ in 0..2 {
        assert_eq!(hypervisor.block_abort(vm, 1, disk).await, Ok(()));
    }
    used.told(&mut watch, BlockJobKind::Copy, BlockJobPhase::Cancelled)
        .await;
    assert_eq!(used.layers(&*hypervisor).await, [base]);
    let nowhere = hypervisor.block_pivot(vm, 1, disk, &target).await;
    assert!(
        matches!(nowhere, Err(HypervisorError::Unfit { .. })),
        "{nowhere:?}"
    );
    destroyed(bench, &used.launch).await;
}

async fn jobs_of_missing_runs_and_disks_are_refused(bench: &dyn Bench) {
    let hypervisor = bench.hypervisor();
    let used = used(bench, "refused").await;
    let (vm, disk) = (used.vm, used.disk);
    let missing = HypervisorError::NoMachine { vm };
    let chain = hypervisor.disk_chain(vm, 2, disk).await;
    assert_eq!(chain, Err(missing.clone()));
    assert_eq!(hypervisor.block_abort(vm, 2, disk).await, Err(missing));
    let nothing = DiskId::known(0xdead);
    let unfit = hypervisor.block_job(vm, 1, nothing).await;
    assert!(
        matches!(unfit, Err(HypervisorError::Unfit { .. })),
        "{unfit:?}"
    );
    let overlay = DiskOverlay {
        disk,
        to: bench.layer(&used.base, DiskFormat::Raw).await,
        format: DiskFormat::Cow,
    };
    // The guest is deaf: nobody can bring its file systems to rest.
    let silent = hypervisor.snapshot(vm, 1, vec![overlay], true).await;
    assert!(
        matches!(silent, Err(HypervisorError::GuestAgent { .. })),
        "{silent:?}"
    );
    assert_eq!(used.layers(&*hypervisor).await, [used.base.as_path()]);
    destroyed(bench, &used.launch).await;
}
