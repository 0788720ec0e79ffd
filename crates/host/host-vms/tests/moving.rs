//! A run that moves between two hosts in memory, and a disk that moves under a running machine.

mod world;

use base::{DiskId, StorageDomainId, Timestamp, VolumeId};
use domain::disks::DiskFormat;
use domain::storage::StorageBacking;
use domain::vms::RunState;
use host_storage::fake::FakeCommand;
use host_storage::{StorageError, VolumeStore};
use hypervisor::Hypervisor;
use hypervisor_fake::FakeHypervisor;
use ports::HostSession;
use ports::hosts::{
    CopySource, DiskMerge, DiskMirror, DiskSnapshot, HostError, MigrationPrepare, MigrationSend,
    MigrationState, RunDisk, RunPlace, StopHow, StorageDomainSpec, VmPhase, VolumeAddress,
    VolumeCopy, VolumeCreate,
};
use testkit::TestDir;
use world::{VM, World, address, launch};

async fn pair() -> (World, World) {
    let (mut from, to) = (World::new().await, World::new().await);
    from.hypervisor
        .peer_add("qemu+tls://host2/system", &to.hypervisor);
    from.host.vm_launch(launch(1)).await.unwrap();
    from.until_state(RunState::PoweringUp).await;
    (from, to)
}

fn prepare(address: &str) -> MigrationPrepare {
    MigrationPrepare {
        machine: launch(1).machine,
        epoch: 1,
        up: true,
        up_without_agent_seconds: 60,
        address: address.into(),
    }
}

async fn send(from: &World, to: &World, attempt: u32) -> Result<MigrationState, HostError> {
    send_to(from, to, "host2", attempt).await
}

async fn send_to(
    from: &World,
    to: &World,
    address: &str,
    attempt: u32,
) -> Result<MigrationState, HostError> {
    let to = to.host.migration_prepare(prepare(address)).await.unwrap();
    let send = MigrationSend {
        vm: VM,
        epoch: 1,
        attempt,
        to,
    };
    from.host.migration_send(send).await
}

async fn places(from: &World, to: &World) -> (RunPlace, RunPlace) {
    (
        from.host.run_place(VM, 1).await.unwrap(),
        to.host.run_place(VM, 1).await.unwrap(),
    )
}

#[tokio::test]
async fn a_run_moves_and_both_hosts_say_so() {
    let (mut from, mut to) = pair().await;
    assert_eq!(
        places(&from, &to).await,
        (RunPlace::Here, RunPlace::Nowhere)
    );
    let gone = send(&from, &to, 1).await.unwrap();
    assert!(matches!(gone, MigrationState::Gone { .. }));
    // It was up there, so it is here.
    let report = to.until_state(RunState::Up).await;
    assert_eq!(report.epoch, 1);
    from.until(|r| r.phase == VmPhase::Left).await;
    assert_eq!(places(&from, &to).await, (RunPlace::Left, RunPlace::Here));
    // The same again, and late words.
    let again = send(&from, &to, 2).await.unwrap();
    assert!(matches!(again, MigrationState::Gone { .. }));
    assert!(from.host.vm_launch(launch(1)).await.is_err());
    from.host.vm_stop(VM, 1, StopHow::Destroy).await.unwrap();
    assert_eq!(to.host.run_place(VM, 1).await.unwrap(), RunPlace::Here);
    // After a restart of both agents everybody still knows.
    let from = from.restart(async |_, _| {}).await;
    let mut to = to.restart(async |_, _| {}).await;
    to.until_state(RunState::Up).await;
    assert_eq!(places(&from, &to).await, (RunPlace::Left, RunPlace::Here));
}

#[tokio::test]
async fn a_run_moves_there_and_back_and_there_again() {
    let (from, to) = pair().await;
    to.hypervisor
        .peer_add("qemu+tls://host1/system", &from.hypervisor);
    for round in 1..=3 {
        let gone = send(&from, &to, 1).await.unwrap();
        assert!(matches!(gone, MigrationState::Gone { .. }));
        let there = (RunPlace::Left, RunPlace::Here);
        assert_eq!(places(&from, &to).await, there, "round {round}");
        let gone = send_to(&to, &from, "host1", 1).await.unwrap();
        assert!(matches!(gone, MigrationState::Gone { .. }));
        let back = (RunPlace::Here, RunPlace::Left);
        assert_eq!(places(&from, &to).await, back, "round {round}");
    }
}

#[tokio::test]
async fn a_run_that_is_given_up_stays() {
    let (from, to) = pair().await;
    from.hypervisor.migrations_wait(true);
    let clock = from.clock.clone();
    let waits = async {
        tokio::select! {
            going = send(&from, &to, 1) => going,
            () = world::seconds_pass(clock) => unreachable!("time goes on"),
        }
    };
    let going = waits.await.unwrap();
    assert!(matches!(going, MigrationState::Going { .. }));
    // It ends at once: no time passes.
    let place = from.host.migration_cancel(VM, 1).await.unwrap();
    assert_eq!(place, RunPlace::Here);
    assert_eq!(
        to.host.migration_cancel(VM, 1).await.unwrap(),
        RunPlace::Nowhere
    );
    assert_eq!(
        places(&from, &to).await,
        (RunPlace::Here, RunPlace::Nowhere)
    );
    // It can go another time.
    from.hypervisor.migrations_wait(false);
    let gone = send(&from, &to, 2).await.unwrap();
    assert!(matches!(gone, MigrationState::Gone { .. }));
}

#[tokio::test]
async fn a_run_that_left_while_the_agent_was_away_has_not_ended() {
    let (from, mut to) = pair().await;
    from.hypervisor.migrations_wait(true);
    let clock = from.clock.clone();
    tokio::select! {
        going = send(&from, &to, 1) => drop(going.unwrap()),
        () = world::seconds_pass(clock) => unreachable!("time goes on"),
    }
    let from = from
        .restart(async |hypervisor, _| hypervisor.migration_converges(VM))
        .await;
    to.until_state(RunState::Up).await;
    assert_eq!(places(&from, &to).await, (RunPlace::Left, RunPlace::Here));
}

const OTHER: StorageDomainId = StorageDomainId::known(0x22);
const LAYER: VolumeId = VolumeId::known(0x44);

fn on(domain: StorageDomainId, volume: VolumeId) -> VolumeAddress {
    VolumeAddress {
        domain,
        volume,
        ..address()
    }
}

async fn volume(world: &World, at: VolumeAddress, parent: Option<VolumeId>) {
    let create = VolumeCreate {
        at,
        format: match parent {
            None => DiskFormat::Raw,
            Some(_) => DiskFormat::Cow,
        },
        sparse: true,
        capacity_bytes: 1 << 30,
        parent: parent.map(|p| (at.disk, p)),
        alias: "disk".into(),
        description: String::new(),
        created: Timestamp(0),
    };
    world.host.volume_create(create).await.unwrap();
}

async fn active(world: &World, disk: DiskId) -> String {
    let chain = world.hypervisor.disk_chain(VM, 1, disk).await.unwrap();
    chain.active().unwrap().display().to_string()
}

/// A disk that is about to be switched to its copy on the other domain: its layer and the mirror.
async fn mirrored(world: &World) -> (VolumeAddress, DiskMirror) {
    let spec = StorageDomainSpec {
        id: OTHER,
        backing: StorageBacking::LocalFs {
            path: "/other".into(),
        },
        data_center: None,
    };
    world.storage.create_domain(spec, "other").await.unwrap();
    let base = address();
    let of = RunDisk {
        vm: VM,
        epoch: 1,
        disk: base.disk,
    };
    let layer = on(base.domain, LAYER);
    volume(world, layer, Some(base.volume)).await;
    let snapshot = DiskSnapshot {
        of,
        layer,
        format: DiskFormat::Cow,
    };
    for _ in 0..2 {
        world.host.disk_snapshot(snapshot).await.unwrap();
    }
    assert!(active(world, base.disk).await.ends_with(&LAYER.to_string()));

    volume(world, on(OTHER, base.volume), None).await;
    let copy = VolumeCopy {
        source: CopySource::Volume(base),
        to: on(OTHER, base.volume),
    };
    world.host.volume_copy(copy).await.unwrap();
    volume(world, on(OTHER, LAYER), Some(base.volume)).await;
    let mirror = DiskMirror {
        of,
        to: on(OTHER, LAYER),
        format: DiskFormat::Cow,
        replaces: layer,
    };
    (layer, mirror)
}

#[tokio::test]
async fn a_disk_moves_under_a_running_machine() {
    let (world, _) = pair().await;
    let (layer, mirror) = mirrored(&world).await;
    assert!(world.host.disk_pivot(mirror).await.is_err());
    // The machine stays on its layer, which counts.
    world.host.volume_info(layer).await.unwrap();
    assert!(world.host.disk_mirror(mirror).await.unwrap().done);
    for _ in 0..2 {
        world.host.disk_pivot(mirror).await.unwrap();
    }
    let active = active(&world, mirror.of.disk).await;
    assert!(active.contains(&OTHER.to_string()));
    // Its absence says that the copy is the one that counts.
    let left = world.host.volume_info(layer).await;
    assert!(matches!(left, Err(HostError::NotFound { .. })));
}

#[tokio::test]
async fn what_a_guest_wrote_after_the_switch_survives_agent_and_machine() {
    let (world, _) = pair().await;
    let (layer, mirror) = mirrored(&world).await;
    assert!(world.host.disk_mirror(mirror).await.unwrap().done);
    for at in [layer, mirror.to] {
        world.storage.content_put(at, "written before");
    }
    // As far as the switch and no further.
    let killed = StorageError::BrokenOff;
    world.storage.fail_next(FakeCommand::VolumeRemove, killed);
    world.host.disk_pivot(mirror).await.unwrap();
    world.storage.content_put(mirror.to, "written after");
    let dies = async |hypervisor: &FakeHypervisor, _: &TestDir| hypervisor.qemu_dies(VM);
    let world = world.restart(dies).await;
    let copy = VolumeCopy {
        source: CopySource::Layer(layer),
        to: mirror.to,
    };
    let copied = world.host.volume_copy(copy).await;
    assert!(
        matches!(copied, Err(HostError::NotFound { .. })),
        "{copied:?}"
    );
    let content = world.storage.content(mirror.to);
    assert_eq!(content.as_deref(), Some("written after"));
}

#[tokio::test]
async fn a_layer_is_merged_and_gone() {
    let (world, _) = pair().await;
    let base = address();
    let of = RunDisk {
        vm: VM,
        epoch: 1,
        disk: base.disk,
    };
    let layer = on(base.domain, LAYER);
    volume(&world, layer, Some(base.volume)).await;
    let snapshot = DiskSnapshot {
        of,
        layer,
        format: DiskFormat::Cow,
    };
    world.host.disk_snapshot(snapshot).await.unwrap();
    let merge = DiskMerge {
        of,
        top: layer,
        base,
    };
    for _ in 0..2 {
        assert!(world.host.disk_merge(merge).await.unwrap().done);
    }
    world.host.volume_remove(layer).await.unwrap();
    world.host.volume_remove(layer).await.unwrap();
    assert!(
        active(&world, base.disk)
            .await
            .ends_with(&base.volume.to_string())
    );
    assert!(world.host.disk_merge(merge).await.unwrap().done);
}
