//! The verbs on virtual machines and their network cards.

mod common;

use base::{Fault, TemplateId, VmId};
use common::hosts::Trouble;
use common::{GIB, HOST1, HOST2, World, call, disk_add, template_add};
use domain::hosts::HostStatus;
use domain::jobs::WorkflowState;
use domain::vms::status::VmStatus;
use domain::vms::{BootDevice, ExitReason, ExitStatus};
use operations::vms::add::VmAdd;
use operations::vms::hardware::HardwareChange;
use operations::vms::nics::add::NicAdd;
use operations::vms::nics::update::NicUpdate;
use operations::vms::remove::VmRemove;
use operations::vms::start::StartOptions;
use operations::vms::update::VmUpdate;
use operations::{Accepted, disks, templates, vms};

async fn start(world: &World, vm: VmId) -> Result<Accepted<VmId>, Fault> {
    vms::start::start(&call(), &world.rooms, vm, StartOptions::default()).await
}

async fn running_vm(world: &World, name: &str) -> VmId {
    let (vm, _) = world.vm_with_disk(name).await;
    world.done(start(world, vm).await.unwrap()).await
}

fn status(world: &World, vm: VmId) -> Option<VmStatus> {
    world.snapshot().vm_status(vm)
}

fn nic(name: &str) -> NicAdd {
    NicAdd {
        name: name.into(),
        interface: None,
        profile: None,
        mac: None,
        plugged: true,
        linked: true,
    }
}

#[tokio::test]
async fn a_new_engine_has_the_first_objects_once() {
    let world = World::new().await;
    let again = operations::bootstrap::bootstrap(&world.rooms, "other").await;
    assert_eq!(again, Ok(false));
    let snapshot = world.snapshot();
    let blank = snapshot.template(TemplateId::BLANK).unwrap();
    assert_eq!(blank.name, "Blank");
    assert_eq!(blank.hardware.boot, [BootDevice::Hd]);
    let dc = world.data_center();
    let network = snapshot.network_named(dc, "ovirtmgmt").unwrap();
    assert!(network.management && network.vm_network);
    assert!(
        snapshot
            .vnic_profile_named(network.id, "ovirtmgmt")
            .is_some()
    );
    let admin = snapshot.users().next().unwrap();
    assert_eq!(admin.principal(), "admin@internal");
    assert_eq!(admin.password_hash, "$argon2id$x");
}

#[tokio::test]
async fn a_vm_from_blank_is_down_at_once_with_what_was_asked() {
    let world = World::new().await;
    let mut add = VmAdd::new("сервер-1", world.cluster(), TemplateId::BLANK);
    add.description = "ż <b>&amp;</b>".into();
    add.hardware.memory_bytes = Some(256 << 20);
    add.hardware.ha_enabled = Some(true);
    add.hardware.ha_priority = Some(50);
    let added = vms::add::add(&call(), &world.rooms, add).await.unwrap();
    assert_eq!(added.job, None);
    assert_eq!(status(&world, added.id), Some(VmStatus::Down));
    let snapshot = world.snapshot();
    let vm = snapshot.vm(added.id).unwrap();
    assert_eq!(vm.hardware.memory_bytes, 256 << 20);
    assert_eq!(vm.hardware.high_availability.priority, 50);
    assert_eq!(vm.description, "ż <b>&amp;</b>");
    assert_eq!(world.events(), [34]);
}

#[tokio::test]
async fn names_are_unique_in_the_data_center() {
    let world = World::new().await;
    let first = world.vm("cafe\u{301}").await;
    let add = |name: &str| VmAdd::new(name, world.cluster(), TemplateId::BLANK);
    let same = vms::add::add(&call(), &world.rooms, add("caf\u{e9}")).await;
    assert_eq!(
        same.unwrap_err().key,
        "ACTION_TYPE_FAILED_NAME_ALREADY_USED"
    );
    // Two at the same moment: one wins.
    let call = call();
    let (a, b) = tokio::join!(
        vms::add::add(&call, &world.rooms, add("twin")),
        vms::add::add(&call, &world.rooms, add("twin")),
    );
    let refused = [a, b]
        .into_iter()
        .filter_map(Result::err)
        .collect::<Vec<_>>();
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].key, "ACTION_TYPE_FAILED_NAME_ALREADY_USED");
    let rename = VmUpdate {
        name: Some("twin".into()),
        ..VmUpdate::default()
    };
    let renamed = vms::update::update(&call, &world.rooms, first, rename).await;
    assert_eq!(
        renamed.unwrap_err().key,
        "ACTION_TYPE_FAILED_NAME_ALREADY_USED"
    );
}

#[tokio::test]
async fn what_a_running_machine_can_not_take_is_not_done_silently() {
    let world = World::new().await;
    let vm = running_vm(&world, "web1").await;
    let change = VmUpdate {
        description: Some("front".into()),
        hardware: HardwareChange {
            ha_enabled: Some(true),
            ..HardwareChange::default()
        },
        ..VmUpdate::default()
    };
    vms::update::update(&call(), &world.rooms, vm, change)
        .await
        .unwrap();
    let change = VmUpdate {
        hardware: HardwareChange {
            memory_bytes: Some(2 * GIB),
            ..HardwareChange::default()
        },
        ..VmUpdate::default()
    };
    let refused = vms::update::update(&call(), &world.rooms, vm, change).await;
    assert_eq!(refused.unwrap_err().kind, base::FaultKind::NotSupported);
}

#[tokio::test]
async fn starting_a_running_machine_is_refused() {
    let world = World::new().await;
    let vm = running_vm(&world, "web1").await;
    let refused = start(&world, vm).await.unwrap_err();
    assert_eq!(refused.key, "ACTION_TYPE_FAILED_VM_IS_RUNNING");
    assert!(refused.detail().contains("running"));
    let removed = vms::remove::remove(&call(), &world.rooms, vm, VmRemove::default()).await;
    assert_eq!(removed.unwrap_err().key, "ACTION_TYPE_FAILED_VM_IS_RUNNING");
}

#[tokio::test]
async fn a_machine_that_can_not_boot_is_not_started() {
    let world = World::new().await;
    let vm = world.vm("bare").await;
    assert_eq!(
        start(&world, vm).await.unwrap_err().key,
        "VM_CANNOT_RUN_FROM_DISK_WITHOUT_DISK"
    );
    // Not while its disk is being made either.
    let added = disks::add::add(&call(), &world.rooms, disk_add("d", Some(vm))).await;
    assert_eq!(
        start(&world, vm).await.unwrap_err().key,
        "ACTION_TYPE_FAILED_DISKS_LOCKED"
    );
    world.done(added.unwrap()).await;
    assert!(start(&world, vm).await.is_ok());
}

#[tokio::test]
async fn no_fitting_host_is_told_with_every_reason() {
    let world = World::new().await;
    let (vm, _) = world.vm_with_disk("big").await;
    let change = VmUpdate {
        hardware: HardwareChange {
            memory_bytes: Some(64 * GIB),
            ..HardwareChange::default()
        },
        ..VmUpdate::default()
    };
    vms::update::update(&call(), &world.rooms, vm, change)
        .await
        .unwrap();
    let refused = start(&world, vm).await.unwrap_err();
    assert_eq!(
        refused.key,
        "ACTION_TYPE_FAILED_NO_VDS_AVAILABLE_IN_CLUSTER"
    );
    assert_eq!(refused.messages.len(), 3, "{refused:?}");
}

#[tokio::test]
async fn a_host_that_refuses_is_left_out() {
    let world = World::new().await;
    let (vm, _) = world.vm_with_disk("web1").await;
    world.hosts.trouble("vm_launch", Trouble::Refuses, 1);
    let started = start(&world, vm).await.unwrap();
    let first = world.snapshot().vm(vm).unwrap().run.clone().unwrap();
    world.done(started).await;
    let second = world.snapshot().vm(vm).unwrap().run.clone().unwrap();
    assert_ne!(first.host, second.host);
    assert!(second.epoch > first.epoch);
    assert_eq!(world.hosts.running(vm), [second.host.unwrap()]);
    assert_eq!(second.requested, first.requested);
}

#[tokio::test]
async fn a_host_that_knows_a_newer_run_gets_one_above_it() {
    let world = World::new().await;
    let (vm, _) = world.vm_with_disk("web1").await;
    let hosts: Vec<_> = world.snapshot().hosts().map(|h| h.id).collect();
    for host in &hosts {
        world.hosts.knows(*host, vm, 50);
    }
    let started = start(&world, vm).await.unwrap();
    world.done(started).await;
    let run = world.snapshot().vm(vm).unwrap().run.clone().unwrap();
    assert_eq!(run.epoch, 51);
    assert_eq!(world.hosts.running(vm), [run.host.unwrap()]);
    assert!(world.snapshot().vm(vm).unwrap().run_epoch == 51);
    // One that was never given out is no reason to go on.
    let (other, _) = world.vm_with_disk("web2").await;
    for host in &hosts {
        world.hosts.knows(*host, other, u64::MAX);
    }
    let started = start(&world, other).await.unwrap();
    let ended = world.end(started.job.unwrap()).await;
    assert_eq!(ended.state, domain::jobs::WorkflowState::Failed);
    assert!(world.snapshot().vm(other).unwrap().run.is_none());
}

#[tokio::test]
async fn a_host_that_does_not_get_done_is_left_out_and_cleared() {
    let world = World::new().await;
    let (vm, _) = world.vm_with_disk("web1").await;
    world.hosts.trouble("vm_launch", Trouble::Hangs, 1);
    let started = start(&world, vm).await.unwrap();
    let first = world.snapshot().vm(vm).unwrap().run.clone().unwrap();
    world.done(started).await;
    let second = world.snapshot().vm(vm).unwrap().run.clone().unwrap();
    assert_ne!(first.host, second.host);
    assert_eq!(world.hosts.running(vm), [second.host.unwrap()]);
}

#[tokio::test]
async fn when_every_host_refuses_the_start_has_failed() {
    let world = World::new().await;
    let (vm, _) = world.vm_with_disk("web1").await;
    world.hosts.trouble("vm_launch", Trouble::Refuses, 9);
    let started = start(&world, vm).await.unwrap();
    let row = world.end(started.job.unwrap()).await;
    assert_eq!(row.state, WorkflowState::Failed);
    assert_eq!(row.memo["refused"].as_array().unwrap().len(), 2);
    assert_eq!(status(&world, vm), Some(VmStatus::Down));
    let exit = world.snapshot().vm(vm).unwrap().last_exit.clone().unwrap();
    assert_eq!(exit.status, ExitStatus::Error);
    assert!(exit.message.contains("no memory"), "{exit:?}");
    assert!(world.events().ends_with(&[153, 54]));
    assert!(world.hosts.running(vm).is_empty());
}

#[tokio::test]
async fn two_starts_at_the_same_moment_do_not_share_one_place() {
    let world = World::new().await;
    let large = VmUpdate {
        hardware: HardwareChange {
            memory_bytes: Some(9 * GIB),
            ..HardwareChange::default()
        },
        ..VmUpdate::default()
    };
    let mut vms_made = Vec::new();
    for name in ["one", "two", "three"] {
        let (vm, _) = world.vm_with_disk(name).await;
        vms::update::update(&call(), &world.rooms, vm, large.clone())
            .await
            .unwrap();
        vms_made.push(vm);
    }
    let (a, b, c) = tokio::join!(
        start(&world, vms_made[0]),
        start(&world, vms_made[1]),
        start(&world, vms_made[2]),
    );
    for job in [a, b, c].into_iter().flatten().filter_map(|a| a.job) {
        world.end(job).await;
    }
    let mut places: Vec<_> = vms_made.iter().map(|vm| world.hosts.running(*vm)).collect();
    places.sort();
    assert_eq!(places, [vec![], vec![HOST1], vec![HOST2]]);
}

#[tokio::test]
async fn stopping_a_start_undoes_it() {
    let world = World::new().await;
    let (vm, _) = world.vm_with_disk("web1").await;
    // The machine runs, but the host's answers are lost: the start goes on trying.
    world.hosts.trouble("vm_launch", Trouble::AnswerLost, 3);
    let started = start(&world, vm).await.unwrap();
    while world.hosts.running(vm).is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    let stopped = vms::stop::stop(&call(), &world.rooms, vm).await.unwrap();
    assert_eq!(stopped.job, started.job);
    let row = world.end(stopped.job.unwrap()).await;
    assert!(matches!(
        row.state,
        WorkflowState::Aborted | WorkflowState::Failed
    ));
    assert!(world.hosts.running(vm).is_empty());
    let exit = world.snapshot().vm(vm).unwrap().last_exit.clone().unwrap();
    assert_eq!(exit.reason, ExitReason::AdminShutdown);
    assert_eq!(status(&world, vm), Some(VmStatus::Down));
}

#[tokio::test]
async fn a_machine_that_may_run_on_a_lost_host_is_not_given_up() {
    let world = World::new().await;
    let (vm, _) = world.vm_with_disk("web1").await;
    world.hosts.trouble("vm_launch", Trouble::AnswerLost, 1);
    let started = start(&world, vm).await.unwrap();
    let host = world.snapshot().vm(vm).unwrap().run.clone().unwrap().host;
    while world.hosts.running(vm).is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    world.hosts.away(host.unwrap(), true);
    let job = started.job.unwrap();
    while world.rooms.workflows.counts().1 == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        world.clock.advance(std::time::Duration::from_secs(1));
    }
    // A person must look; the VM is not down and can't be started elsewhere.
    assert_eq!(
        start(&world, vm).await.unwrap_err().key,
        "ACTION_TYPE_FAILED_VM_IS_RUNNING"
    );
    // The host comes back: the monitor signals, and the way back is finished.
    world.hosts.away(host.unwrap(), false);
    world.rooms.workflows.signal(vm.0);
    assert_eq!(world.end(job).await.state, WorkflowState::Failed);
    assert!(world.hosts.running(vm).is_empty());
    assert_eq!(status(&world, vm), Some(VmStatus::Down));
}

#[tokio::test]
async fn stopping_ends_a_run_and_asking_again_answers_the_same_job() {
    let world = World::new().await;
    let vm = running_vm(&world, "web1").await;
    world.hosts.trouble("vm_stop", Trouble::Unreachable, 1);
    let first = vms::stop::stop(&call(), &world.rooms, vm).await.unwrap();
    let again = vms::stop::stop(&call(), &world.rooms, vm).await.unwrap();
    assert_eq!(first, again);
    world.done(first).await;
    assert_eq!(status(&world, vm), Some(VmStatus::Down));
    let refused = vms::stop::stop(&call(), &world.rooms, vm).await;
    assert_eq!(
        refused.unwrap_err().key,
        "ACTION_TYPE_FAILED_VM_IS_NOT_RUNNING"
    );
    assert!(world.events().ends_with(&[33, 61]));
}

#[tokio::test]
async fn removing_keeps_or_takes_the_disks() {
    let world = World::new().await;
    let (vm, disk) = world.vm_with_disk("web1").await;
    let change = VmUpdate {
        delete_protected: Some(true),
        ..VmUpdate::default()
    };
    vms::update::update(&call(), &world.rooms, vm, change)
        .await
        .unwrap();
    let remove = |detach_only| vms::remove::remove(&C, &world.rooms, vm, VmRemove { detach_only });
    static C: std::sync::LazyLock<access::Permitted> = std::sync::LazyLock::new(call);
    assert_eq!(
        remove(true).await.unwrap_err().key,
        "ACTION_TYPE_FAILED_DELETE_PROTECTION_ENABLED"
    );
    let change = VmUpdate {
        delete_protected: Some(false),
        ..VmUpdate::default()
    };
    vms::update::update(&call(), &world.rooms, vm, change)
        .await
        .unwrap();
    let removed = remove(true).await.unwrap();
    assert_eq!(removed.job, None);
    assert!(world.snapshot().vm(vm).is_none());
    assert!(world.snapshot().disk(disk).is_some());
    assert!(world.hosts.content(disk).is_some());
}

#[tokio::test]
async fn a_template_that_machines_stand_on_stays() {
    let world = World::new().await;
    let (vm, _) = world.vm_with_disk("web1").await;
    let template = world.template("golden", vm).await;
    let again = templates::add::add(&call(), &world.rooms, template_add("golden", vm)).await;
    assert_eq!(
        again.unwrap_err().key,
        "ACTION_TYPE_FAILED_NAME_ALREADY_USED"
    );
    let add = VmAdd::new("child", world.cluster(), template);
    let added = vms::add::add(&call(), &world.rooms, add).await.unwrap();
    // Locked while it is made: neither started nor removed.
    assert_eq!(
        start(&world, added.id).await.unwrap_err().key,
        "ACTION_TYPE_FAILED_VM_IS_LOCKED"
    );
    let child = world.done(added).await;
    let remove = templates::remove::remove(&call(), &world.rooms, template).await;
    let refused = remove.unwrap_err();
    assert_eq!(refused.key, "VMT_CANNOT_REMOVE_DETECTED_DERIVED_VM");
    assert!(refused.detail().contains("child"));
    let keep = VmRemove { detach_only: true };
    assert_eq!(
        vms::remove::remove(&call(), &world.rooms, child, keep)
            .await
            .unwrap_err()
            .key,
        "VM_CANNOT_REMOVE_WITH_DETACH_DISKS_BASED_ON_TEMPLATE"
    );
    let removed = vms::remove::remove(&call(), &world.rooms, child, VmRemove::default()).await;
    world.done(removed.unwrap()).await;
    let removed = templates::remove::remove(&call(), &world.rooms, template).await;
    world.done(removed.unwrap()).await;
    let blank = templates::remove::remove(&call(), &world.rooms, TemplateId::BLANK).await;
    assert_eq!(blank.unwrap_err().key, "VMT_CANNOT_REMOVE_BLANK_TEMPLATE");
}

#[tokio::test]
async fn a_template_is_not_made_of_a_running_machine() {
    let world = World::new().await;
    let vm = running_vm(&world, "web1").await;
    let add = templates::add::add(&call(), &world.rooms, template_add("t", vm)).await;
    assert_eq!(add.unwrap_err().key, "ACTION_TYPE_FAILED_VM_IS_NOT_DOWN");
}

#[tokio::test]
async fn cards_get_addresses_that_nobody_has() {
    let world = World::new().await;
    let (one, two) = (world.vm("one").await, world.vm("two").await);
    let add = |vm, name: &'static str| {
        let world = &world;
        async move { vms::nics::add::add(&call(), &world.rooms, vm, nic(name)).await }
    };
    // At the same moment: both look at the same pool, one decides again.
    let (a, b) = tokio::join!(add(one, "nic1"), add(two, "nic1"));
    a.unwrap();
    b.unwrap();
    let snapshot = world.snapshot();
    let macs: Vec<_> = snapshot.vms().map(|vm| vm.hardware.nics[0].mac).collect();
    assert_ne!(macs[0], macs[1]);
    assert!(macs[0].to_string().starts_with("56:6f:"), "{macs:?}");
    assert_eq!(
        add(one, "nic1").await.unwrap_err().key,
        "NETWORK_INTERFACE_NAME_ALREADY_IN_USE"
    );
    let mut by_hand = nic("nic2");
    by_hand.mac = Some(macs[1]);
    let taken = vms::nics::add::add(&call(), &world.rooms, one, by_hand).await;
    assert_eq!(taken.unwrap_err().key, "NETWORK_MAC_ADDRESS_IN_USE");
}

#[tokio::test]
async fn cards_are_changed_and_removed() {
    let world = World::new().await;
    let vm = world.vm("one").await;
    let profile = world.snapshot().vnic_profiles().next().unwrap().id;
    let mut first = nic("nic1");
    first.profile = Some(profile);
    let added = vms::nics::add::add(&call(), &world.rooms, vm, first).await;
    let id = added.unwrap().id;
    let change = NicUpdate {
        name: Some("eth-0".into()),
        profile: Some(None),
        linked: Some(false),
        ..NicUpdate::default()
    };
    vms::nics::update::update(&call(), &world.rooms, vm, id, change)
        .await
        .unwrap();
    let card = world.snapshot().vm(vm).unwrap().hardware.nics[0].clone();
    assert_eq!(
        (card.name.as_str(), card.profile, card.linked),
        ("eth-0", None, false)
    );
    let bad = NicUpdate {
        name: Some("ethé".into()),
        ..NicUpdate::default()
    };
    let refused = vms::nics::update::update(&call(), &world.rooms, vm, id, bad).await;
    assert_eq!(refused.unwrap_err().kind, base::FaultKind::BadRequest);
    vms::nics::remove::remove(&call(), &world.rooms, vm, id)
        .await
        .unwrap();
    let gone = vms::nics::remove::remove(&call(), &world.rooms, vm, id).await;
    assert_eq!(gone.unwrap_err().kind, base::FaultKind::NotFound);
    assert!(world.events().ends_with(&[932, 934, 930]));
}

#[tokio::test]
async fn a_running_machine_keeps_its_cards() {
    let world = World::new().await;
    let (vm, _) = world.vm_with_disk("web1").await;
    let added = vms::nics::add::add(&call(), &world.rooms, vm, nic("nic1")).await;
    let id = added.unwrap().id;
    world.done(start(&world, vm).await.unwrap()).await;
    let plug = vms::nics::add::add(&call(), &world.rooms, vm, nic("nic2")).await;
    assert_eq!(plug.unwrap_err().kind, base::FaultKind::NotSupported);
    let removed = vms::nics::remove::remove(&call(), &world.rooms, vm, id).await;
    assert_eq!(
        removed.unwrap_err().key,
        "ACTION_TYPE_FAILED_CANNOT_REMOVE_ACTIVE_DEVICE"
    );
}

#[tokio::test]
async fn storage_work_moves_on_from_a_host_that_is_lost() {
    let world = World::new().await;
    for host in [HOST1, HOST2] {
        let world_disk = format!("on-{host}");
        world
            .hosts
            .trouble(&format!("volume_create@{host}"), Trouble::Unreachable, 1);
        world.disk(&world_disk, None).await;
    }
    // Nobody is there: the work waits for somebody.
    world.hosts.away(HOST1, true);
    world.hosts.away(HOST2, true);
    let added = disks::add::add(&call(), &world.rooms, disk_add("later", None)).await;
    let added = added.unwrap();
    world.rooms.workflows.signal(added.id.0);
    world.hosts.away(HOST2, false);
    world.done(added).await;
    world.host_is(HOST1, HostStatus::NonResponsive);
}
