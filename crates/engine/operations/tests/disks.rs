//! The verbs on disks and their attachments.

mod common;

use base::{DiskId, Fault, FaultKind, VmId};
use common::hosts::Trouble;
use common::{DATA, GIB, HOST1, HOST2, World, call, disk_add};
use domain::disks::{DiskFormat, DiskStatus};
use domain::hosts::HostStatus;
use domain::jobs::WorkflowState;
use domain::vms::DiskInterface;
use operations::disks::attach::DiskAttach;
use operations::disks::attachment_update::AttachmentUpdate;
use operations::disks::update::DiskUpdate;
use operations::vms::start::StartOptions;
use operations::{Accepted, disks, vms};

fn attachment(disk: DiskId) -> DiskAttach {
    DiskAttach {
        disk,
        interface: DiskInterface::VirtioScsi,
        bootable: false,
        active: true,
        read_only: false,
        pass_discard: false,
    }
}

async fn attach(world: &World, vm: VmId, to: DiskAttach) -> Result<Accepted<DiskId>, Fault> {
    disks::attach::attach(&call(), &world.rooms, vm, to).await
}

fn attached(world: &World, vm: VmId) -> Vec<DiskId> {
    let snapshot = world.snapshot();
    let disks = &snapshot.vm(vm).unwrap().hardware.disks;
    disks.iter().map(|d| d.disk).collect()
}

#[tokio::test]
async fn a_disk_is_attached_extended_through_the_attachment_and_detached() {
    let world = World::new().await;
    let vm = world.vm("web1").await;
    let disk = world.disk("data", None).await;
    attach(&world, vm, attachment(disk)).await.unwrap();
    assert_eq!(attached(&world, vm), [disk]);
    let change = AttachmentUpdate {
        bootable: Some(true),
        disk: DiskUpdate {
            provisioned_bytes: Some(2 * GIB),
            ..DiskUpdate::default()
        },
        ..AttachmentUpdate::default()
    };
    let updated = disks::attachment_update::update(&call(), &world.rooms, vm, disk, change).await;
    world.done(updated.unwrap()).await;
    let snapshot = world.snapshot();
    assert_eq!(snapshot.disk(disk).unwrap().provisioned_bytes, 2 * GIB);
    assert!(snapshot.vm(vm).unwrap().hardware.disks[0].bootable);
    let off = disks::detach::detach(&call(), &world.rooms, vm, disk, false).await;
    assert_eq!(off.unwrap().job, None);
    assert!(attached(&world, vm).is_empty());
    assert!(world.snapshot().disk(disk).is_some());
}

#[tokio::test]
async fn an_attachment_and_its_disk_change_in_one_commit() {
    let world = World::new().await;
    let vm = world.vm("web1").await;
    let disk = world.disk("data", None).await;
    attach(&world, vm, attachment(disk)).await.unwrap();
    let change = AttachmentUpdate {
        bootable: Some(true),
        disk: DiskUpdate {
            provisioned_bytes: Some(2 * GIB),
            ..DiskUpdate::default()
        },
        ..AttachmentUpdate::default()
    };
    // No step ends while it is looked at.
    world.hosts.trouble("volume_extend", Trouble::Hangs, 1);
    let before = world.rooms.store.stats().batches;
    let updated = disks::attachment_update::update(&call(), &world.rooms, vm, disk, change).await;
    assert!(updated.unwrap().job.is_some());
    assert_eq!(world.rooms.store.stats().batches, before + 1);
    let locked = world.snapshot().disk(disk).unwrap().status;
    assert_eq!(locked, DiskStatus::Locked);
    assert!(world.snapshot().vm(vm).unwrap().hardware.disks[0].bootable);
}

#[tokio::test]
async fn a_new_disk_of_a_vm_gets_a_name_and_its_shape() {
    let world = World::new().await;
    let vm = world.vm("web1").await;
    for n in 1..=2 {
        let mut add = disk_add("", Some(vm));
        add.name = None;
        add.attach.as_mut().unwrap().bootable = false;
        add.format = Some(DiskFormat::Cow);
        let added = disks::add::add(&call(), &world.rooms, add).await.unwrap();
        let snapshot = world.snapshot();
        let disk = snapshot.disk(added.id).unwrap();
        assert_eq!(disk.name, format!("web1_Disk{n}"));
        assert_eq!(disk.status, DiskStatus::Locked);
        world.done(added).await;
    }
    assert_eq!(attached(&world, vm).len(), 2);
    assert!(world.events().ends_with(&[78, 97]));
}

#[tokio::test]
async fn what_can_not_be_is_refused_by_its_key() {
    let world = World::new().await;
    let (vm, disk) = world.vm_with_disk("web1").await;
    let other = world.vm("web2").await;
    let key = |r: Result<Accepted<DiskId>, Fault>| r.unwrap_err().key;
    assert_eq!(
        key(attach(&world, vm, attachment(disk)).await),
        "ACTION_TYPE_FAILED_DISK_ALREADY_ATTACHED"
    );
    assert_eq!(
        key(attach(&world, other, attachment(disk)).await),
        "ACTION_TYPE_FAILED_NOT_SHAREABLE_DISK_ALREADY_ATTACHED"
    );
    let free = world.disk("free", None).await;
    let mut bootable = attachment(free);
    bootable.bootable = true;
    assert_eq!(
        key(attach(&world, vm, bootable).await),
        "ACTION_TYPE_FAILED_DISK_BOOT_IN_USE"
    );
    let shrink = disks::extend::extend(&call(), &world.rooms, free, GIB / 2).await;
    assert_eq!(
        key(shrink),
        "ACTION_TYPE_FAILED_REQUESTED_DISK_SIZE_IS_TOO_SMALL"
    );
    let none = attach(&world, other, attachment(DiskId::known(9))).await;
    assert_eq!(none.unwrap_err().kind, FaultKind::NotFound);
    let detach = disks::detach::detach(&call(), &world.rooms, other, free, false).await;
    assert_eq!(detach.unwrap_err().kind, FaultKind::NotFound);
    let mut big = disk_add("big", None);
    big.sparse = Some(false);
    big.provisioned_bytes = 96 * GIB;
    assert_eq!(
        key(disks::add::add(&call(), &world.rooms, big).await),
        "ACTION_TYPE_FAILED_DISK_SPACE_LOW_ON_STORAGE_DOMAIN"
    );
    world.space(DATA, 4 * GIB);
    assert_eq!(
        key(disks::add::add(&call(), &world.rooms, disk_add("thin", None)).await),
        "ACTION_TYPE_FAILED_DISK_SPACE_LOW_ON_STORAGE_DOMAIN"
    );
    world.host_is(HOST1, HostStatus::NonResponsive);
    world.host_is(HOST2, HostStatus::NonResponsive);
    assert_eq!(
        key(disks::add::add(&call(), &world.rooms, disk_add("lost", None)).await),
        "ACTION_TYPE_FAILED_STORAGE_DOMAIN_STATUS_ILLEGAL2"
    );
}

#[tokio::test]
async fn several_machines_share_a_shareable_disk() {
    let world = World::new().await;
    let (one, two) = (world.vm("one").await, world.vm("two").await);
    let mut add = disk_add("shared", None);
    add.shareable = true;
    let added = disks::add::add(&call(), &world.rooms, add).await;
    let disk = world.done(added.unwrap()).await;
    attach(&world, one, attachment(disk)).await.unwrap();
    attach(&world, two, attachment(disk)).await.unwrap();
    let change = DiskUpdate {
        shareable: Some(false),
        ..DiskUpdate::default()
    };
    let refused = disks::update::update(&call(), &world.rooms, disk, change).await;
    assert_eq!(
        refused.unwrap_err().key,
        "ACTION_TYPE_FAILED_DISK_IS_ATTACHED_TO_SEVERAL_VMS"
    );
    // Removing one machine leaves the disk to the other.
    let removed =
        vms::remove::remove(&call(), &world.rooms, one, vms::remove::VmRemove::default()).await;
    world.done(removed.unwrap()).await;
    assert_eq!(attached(&world, two), [disk]);
    // Removing the disk takes it off.
    let removed = disks::detach::detach(&call(), &world.rooms, two, disk, true).await;
    world.done(removed.unwrap()).await;
    assert!(attached(&world, two).is_empty());
    assert!(world.hosts.content(disk).is_none());
}

#[tokio::test]
async fn a_running_machine_keeps_its_disk_as_it_is() {
    let world = World::new().await;
    let (vm, disk) = world.vm_with_disk("web1").await;
    let started = vms::start::start(&call(), &world.rooms, vm, StartOptions::default()).await;
    world.done(started.unwrap()).await;
    let removed = disks::remove::remove(&call(), &world.rooms, disk).await;
    assert_eq!(
        removed.unwrap_err().key,
        "ACTION_TYPE_FAILED_VM_IS_NOT_DOWN"
    );
    let grown = disks::extend::extend(&call(), &world.rooms, disk, 2 * GIB).await;
    assert_eq!(grown.unwrap_err().key, "ACTION_TYPE_FAILED_VM_IS_NOT_DOWN");
    let off = disks::detach::detach(&call(), &world.rooms, vm, disk, false).await;
    assert_eq!(off.unwrap_err().kind, FaultKind::NotSupported);
    // Names may change.
    let change = DiskUpdate {
        name: Some("корень".into()),
        ..DiskUpdate::default()
    };
    disks::update::update(&call(), &world.rooms, disk, change)
        .await
        .unwrap();
    assert_eq!(world.snapshot().disk(disk).unwrap().name, "корень");
}

#[tokio::test]
async fn an_illegal_disk_can_only_be_removed() {
    let world = World::new().await;
    let disk = world.disk("data", None).await;
    world.hosts.trouble("disk_remove", Trouble::Fails, 1);
    let removed = disks::remove::remove(&call(), &world.rooms, disk).await;
    let row = world.end(removed.unwrap().job.unwrap()).await;
    assert_eq!(row.state, WorkflowState::Failed);
    let vm = world.vm("web1").await;
    let refused = attach(&world, vm, attachment(disk)).await;
    assert_eq!(refused.unwrap_err().key, "ACTION_TYPE_FAILED_DISKS_ILLEGAL");
    let removed = disks::remove::remove(&call(), &world.rooms, disk).await;
    world.done(removed.unwrap()).await;
    assert!(world.snapshot().disk(disk).is_none());
    assert!(world.events().ends_with(&[2038, 2014]));
}

#[tokio::test]
async fn a_growth_whose_answer_never_came_is_noted_as_it_is() {
    let world = World::new().await;
    let disk = world.disk("data", None).await;
    world
        .hosts
        .trouble("volume_extend", Trouble::AnswerLost, 99);
    let grown = disks::extend::extend(&call(), &world.rooms, disk, 2 * GIB).await;
    let row = world.end(grown.unwrap().job.unwrap()).await;
    assert_eq!(row.state, WorkflowState::Failed);
    let snapshot = world.snapshot();
    let disk = snapshot.disk(disk).unwrap();
    assert_eq!(disk.status, DiskStatus::Ok);
    assert_eq!(disk.provisioned_bytes, 2 * GIB);
}

#[tokio::test]
async fn an_image_that_is_not_there_is_not_imported() {
    let world = World::new().await;
    let import = |path: &str| disks::import::DiskImport {
        name: "x".into(),
        description: String::new(),
        path: path.into(),
        host: HOST1,
        storage_domain: DATA,
    };
    let missing = disks::import::import(&call(), &world.rooms, import("/none")).await;
    assert_eq!(missing.unwrap_err().kind, FaultKind::Conflict);
    let relative = disks::import::import(&call(), &world.rooms, import("etc/passwd")).await;
    assert_eq!(relative.unwrap_err().kind, FaultKind::BadRequest);
    world.hosts.away(HOST1, true);
    let away = disks::import::import(&call(), &world.rooms, import("/none")).await;
    assert_eq!(away.unwrap_err().kind, FaultKind::Unavailable);
    assert_eq!(world.snapshot().disk_count(), 0);
}
