//! The agent itself: restarts, lost connections, readers, samples, storage.

mod world;

use domain::vms::{ExitReason, ExitStatus, RunState};
use futures::StreamExt;
use hypervisor_fake::{GuestBehaviour, Verb};
use ports::HostSession;
use ports::hosts::{CopySource, HostError, StopHow, VmPhase, VolumeCopy};
use std::time::Duration;
use world::{VM, World, address, boot, launch, seconds_pass, state};

#[tokio::test]
async fn a_restarted_agent_finds_its_machines_as_they_were() {
    let mut world = World::new().await;
    world.hypervisor.guests_behave(GuestBehaviour::with_agent());
    world.host.vm_launch(launch(7)).await.unwrap();
    let before = world.until_state(RunState::Up).await;
    let first = world.host.hello().await.unwrap().agent_epoch;
    let mut world = world.restart(async |_, _| {}).await;
    let reports = world.everything().await;
    assert_eq!(reports.len(), 1);
    assert_eq!(
        (reports[0].epoch, state(&reports[0])),
        (7, Some(RunState::Up))
    );
    assert_eq!(reports[0].consoles, before.consoles);
    assert_eq!(reports[0].since, before.since);
    assert!(world.host.hello().await.unwrap().agent_epoch > first);
    world.host.vm_launch(launch(7)).await.unwrap();
    assert_eq!(world.hypervisor.launches().len(), 1);
}

#[tokio::test]
async fn a_machine_that_was_never_noted_is_taken_on() {
    let world = World::new().await;
    world.host.vm_launch(launch(7)).await.unwrap();
    let mut world = world
        .restart(async |_, home| std::fs::remove_dir_all(home.join("runs")).unwrap())
        .await;
    let reports = world.everything().await;
    assert_eq!((reports[0].vm, reports[0].epoch), (VM, 7));
}

#[tokio::test]
async fn a_run_that_ends_while_the_agent_is_away_is_still_told() {
    let world = World::new().await;
    world.host.vm_launch(launch(1)).await.unwrap();
    let mut world = world
        .restart(async |hypervisor, _| hypervisor.qemu_dies(VM))
        .await;
    let (epoch, exit) = world.until_ended().await;
    assert_eq!(epoch, 1);
    assert_eq!(
        (exit.status, exit.reason),
        (ExitStatus::Error, ExitReason::LibvirtDomainMissing)
    );
    // Told again after one more restart, until it is forgotten.
    let mut world = world.restart(async |_, _| {}).await;
    assert_eq!(world.until_ended().await.1, exit);
    world.host.vm_forget(VM, 1).await.unwrap();
    let mut world = world.restart(async |_, _| {}).await;
    assert_eq!(world.everything().await, []);
    let stale = world.host.vm_launch(launch(1)).await;
    assert!(matches!(stale, Err(HostError::Stale { .. })), "{stale:?}");
}

#[tokio::test]
async fn a_host_that_was_restarted_says_so() {
    let world = World::new().await;
    world.host.vm_launch(launch(1)).await.unwrap();
    let mut world = world
        .restart(async |hypervisor, home| {
            hypervisor.qemu_dies(VM);
            boot(home, "second");
        })
        .await;
    assert_eq!(world.until_ended().await.1.reason, ExitReason::HostShutdown);
}

#[tokio::test]
async fn a_launch_whose_answer_is_lost_is_found_out() {
    let mut world = World::new().await;
    world.hypervisor.lose_answer_of_next(Verb::Launch);
    let lost = world.host.vm_launch(launch(1)).await;
    assert!(matches!(lost, Err(HostError::Failed { .. })), "{lost:?}");
    world.hypervisor.connection_lost("test");
    world.hypervisor.connection_back();
    world.until_state(RunState::PoweringUp).await;
    world.host.vm_launch(launch(1)).await.unwrap();
    assert_eq!(world.hypervisor.launches().len(), 1);
}

#[tokio::test]
async fn what_happens_while_the_connection_is_lost_is_found_out() {
    let mut world = World::new().await;
    world.host.vm_launch(launch(1)).await.unwrap();
    world.until_state(RunState::PoweringUp).await;
    world.hypervisor.connection_lost("test");
    world.hypervisor.qemu_dies(VM);
    world.hypervisor.connection_back();
    // No event comes; after a moment that is certain.
    let seconds_pass = seconds_pass(world.clock.clone());
    tokio::select! {
        (_, exit) = world.until_ended() => assert_eq!(exit.reason, ExitReason::LibvirtDomainMissing),
        () = seconds_pass => {}
    }
}

#[tokio::test]
async fn a_stop_that_the_restart_interrupted_is_still_wanted() {
    let world = World::new().await;
    world.host.vm_launch(launch(1)).await.unwrap();
    world.hypervisor.lose_answer_of_next(Verb::Destroy);
    let lost = world.host.vm_stop(VM, 1, StopHow::Destroy).await;
    let mut world = world.restart(async |_, _| {}).await;
    let (_, exit) = world.until_ended().await;
    assert!(matches!(lost, Err(HostError::Failed { .. })), "{lost:?}");
    assert_eq!(exit.status, ExitStatus::Normal);
}

#[tokio::test]
async fn a_reader_who_was_away_gets_everything_again() {
    let mut world = World::new().await;
    assert_eq!(world.everything().await, []);
    for epoch in 1..=100 {
        world.host.vm_launch(launch(epoch)).await.unwrap();
        world
            .host
            .vm_stop(VM, epoch, StopHow::Destroy)
            .await
            .unwrap();
    }
    let reports = world.everything().await;
    assert_eq!(reports.len(), 1);
    assert_eq!(reports[0].epoch, 100);
    assert!(matches!(reports[0].phase, VmPhase::Ended(_)));
}

#[tokio::test]
async fn samples_come_at_once_and_then_at_their_interval() {
    let world = World::new().await;
    world.host.vm_launch(launch(1)).await.unwrap();
    let mut stats = world.host.stats(Duration::from_secs(5));
    let frame = stats.next().await.unwrap();
    assert_eq!(frame.host.memory_total_bytes, 4 << 20);
    assert_eq!(frame.vms.keys().copied().collect::<Vec<_>>(), [VM]);
    assert_eq!(frame.domains.len(), 1);
    assert!(frame.host.nics.contains_key("ovirtmgmt"));
    let (next, ()) = tokio::join!(stats.next(), async {
        world.clock.wait_for_sleepers(2).await;
        world.clock.advance(Duration::from_secs(5));
    });
    let between = next.unwrap().host.at.since(frame.host.at);
    assert_eq!(between, Duration::from_secs(5));
}

#[tokio::test]
async fn storage_is_reached_through_the_same_session() {
    let world = World::new().await;
    let info = world.host.volume_extend(address(), 2 << 30).await.unwrap();
    assert_eq!(info.capacity_bytes, 2 << 30);
    assert_eq!(world.host.volume_info(address()).await.unwrap(), info);
    let copy = VolumeCopy {
        source: CopySource::Volume(address()),
        to: address(),
    };
    let error = world.host.volume_copy(copy).await.unwrap_err();
    assert!(matches!(error, HostError::Refused { .. }), "{error:?}");
    let at = address();
    world
        .host
        .disk_remove(at.domain, at.disk, false)
        .await
        .unwrap();
    let error = world.host.volume_info(at).await.unwrap_err();
    assert!(matches!(error, HostError::NotFound { .. }), "{error:?}");
    let error = world.host.image_probe("/none".into()).await.unwrap_err();
    assert!(error.to_string().contains("no such file"), "{error}");
}
