//! The life of a run: launch, up, paused, stopped, ended, forgotten.

mod world;

use domain::vms::{ExitReason, ExitStatus, PauseReason, RunState};
use host_storage::StorageError;
use host_storage::fake::FakeCommand;
use hypervisor::HypervisorError;
use hypervisor_fake::{GuestBehaviour, Verb};
use ports::HostSession;
use ports::hosts::{HostError, StopHow, VmPhase};
use world::{VM, World, address, launch, seconds_pass, state};

const INTERFACES: &str = r#"[{"name":"eth0","hardware-address":"56:6F:1A:00:00:01",
    "ip-addresses":[{"ip-address":"10.1.0.7","prefix":24,"ip-address-type":"ipv4"}]}]"#;

#[tokio::test]
async fn a_run_is_launched_once_however_often_it_is_asked_for() {
    let mut world = World::new().await;
    assert_eq!(world.everything().await, []);
    let (one, two) = tokio::join!(
        world.host.vm_launch(launch(1)),
        world.host.vm_launch(launch(1))
    );
    assert_eq!((one, two), (Ok(()), Ok(())));
    assert_eq!(world.hypervisor.launches().len(), 1);
    let report = world.until_state(RunState::WaitForLaunch).await;
    assert_eq!(report.epoch, 1);
    let report = world.until_state(RunState::PoweringUp).await;
    assert_eq!(report.consoles.len(), 1);
    let told = &world.hypervisor.launches()[0];
    assert!(told.disks[&address()].path.starts_with("/fake"));
    assert!(
        told.serial_log
            .as_ref()
            .unwrap()
            .starts_with(world.home.path())
    );
}

#[tokio::test]
async fn runs_that_are_out_of_date_are_refused() {
    let mut world = World::new().await;
    world.host.vm_launch(launch(4)).await.unwrap();
    let stale = world.host.vm_launch(launch(3)).await;
    assert!(matches!(stale, Err(HostError::Stale { .. })), "{stale:?}");
    let other = world.host.vm_launch(launch(5)).await;
    assert!(matches!(other, Err(HostError::Refused { .. })), "{other:?}");
    world.host.vm_stop(VM, 3, StopHow::Destroy).await.unwrap();
    world.host.vm_stop(VM, 5, StopHow::Destroy).await.unwrap();
    world.until_state(RunState::PoweringUp).await;
    world.host.vm_stop(VM, 4, StopHow::Destroy).await.unwrap();
    let again = world.host.vm_launch(launch(4)).await;
    assert!(matches!(again, Err(HostError::Stale { .. })), "{again:?}");
    world.host.vm_forget(VM, 4).await.unwrap();
    let again = world.host.vm_launch(launch(4)).await;
    assert!(matches!(again, Err(HostError::Stale { .. })), "{again:?}");
    world.host.vm_launch(launch(5)).await.unwrap();
}

#[tokio::test]
async fn a_launch_that_comes_after_its_stop_is_too_late() {
    let world = World::new().await;
    world.host.vm_stop(VM, 2, StopHow::Destroy).await.unwrap();
    let late = world.host.vm_launch(launch(2)).await;
    assert!(matches!(late, Err(HostError::Stale { .. })), "{late:?}");
    world.host.vm_launch(launch(3)).await.unwrap();
}

#[tokio::test]
async fn a_guest_is_up_when_its_agent_answers_and_tells_its_addresses() {
    let mut world = World::new().await;
    let guest = GuestBehaviour::with_agent()
        .answering("guest-network-get-interfaces", INTERFACES)
        .answering("guest-get-host-name", r#"{"host-name":"web"}"#)
        .answering(
            "guest-get-osinfo",
            r#"{"pretty-name":"Tiny","kernel-release":"6.1"}"#,
        )
        .answering("guest-get-timezone", r#"{"zone":"UTC","offset":0}"#);
    world.hypervisor.guests_behave(guest);
    world.host.vm_launch(launch(1)).await.unwrap();
    let report = world.until_state(RunState::Up).await;
    assert!(report.guest.agent);
    assert_eq!(report.guest.hostname.as_deref(), Some("web"));
    assert_eq!(report.guest.os.as_deref(), Some("Tiny"));
    assert_eq!(report.guest.devices[0].addresses[0].to_string(), "10.1.0.7");
    world.hypervisor.guest_agent_disconnects(VM);
    let report = world.until(|r| !r.guest.agent).await;
    assert_eq!(state(&report), Some(RunState::Up));
}

#[tokio::test]
async fn a_guest_without_an_agent_is_up_after_the_wait() {
    let mut world = World::new().await;
    world.host.vm_launch(launch(1)).await.unwrap();
    world.until_state(RunState::PoweringUp).await;
    world.pass(59).await;
    world.pass(1).await;
    let report = world.until_state(RunState::Up).await;
    assert!(!report.guest.agent);
}

#[tokio::test]
async fn an_agent_that_does_not_answer_at_once_is_asked_again() {
    let mut world = World::new().await;
    world.hypervisor.guests_behave(GuestBehaviour::with_agent());
    let error = HypervisorError::GuestAgent {
        vm: VM,
        message: "no answer".into(),
    };
    world.hypervisor.refuse_next(Verb::GuestAgent, error);
    world.host.vm_launch(launch(1)).await.unwrap();
    let seconds_pass = seconds_pass(world.clock.clone());
    tokio::select! {
        report = world.until_state(RunState::Up) => assert!(report.guest.agent),
        () = seconds_pass => {}
    }
}

#[tokio::test]
async fn qemu_that_dies_ends_the_run_with_an_error() {
    let mut world = World::new().await;
    world.host.vm_launch(launch(1)).await.unwrap();
    world.hypervisor.qemu_dies(VM);
    let (epoch, exit) = world.until_ended().await;
    assert_eq!(epoch, 1);
    assert_eq!(
        (exit.status, exit.reason),
        (ExitStatus::Error, ExitReason::LostQemuConnection)
    );
    world.host.vm_forget(VM, 1).await.unwrap();
    let mut again = World {
        events: world.host.watch().await,
        ..world
    };
    assert_eq!(again.everything().await, []);
}

#[tokio::test]
async fn a_stop_ends_the_run_as_wanted() {
    let mut world = World::new().await;
    world.host.vm_launch(launch(1)).await.unwrap();
    world.host.vm_stop(VM, 1, StopHow::Destroy).await.unwrap();
    world.host.vm_stop(VM, 1, StopHow::Destroy).await.unwrap();
    let (_, exit) = world.until_ended().await;
    assert_eq!(
        (exit.status, exit.reason),
        (ExitStatus::Normal, ExitReason::AdminShutdown)
    );
}

#[tokio::test]
async fn a_guest_that_obeys_powers_down_and_is_ended() {
    let mut world = World::new().await;
    world.hypervisor.guests_behave(GuestBehaviour::with_agent());
    world.host.vm_launch(launch(1)).await.unwrap();
    world.until_state(RunState::Up).await;
    world.host.vm_stop(VM, 1, StopHow::Shutdown).await.unwrap();
    let (_, exit) = world.until_ended().await;
    assert_eq!(exit.status, ExitStatus::Normal);
}

#[tokio::test]
async fn a_guest_that_ignores_it_is_up_again_after_five_minutes() {
    let mut world = World::new().await;
    world.host.vm_launch(launch(1)).await.unwrap();
    world.pass(60).await;
    world.until_state(RunState::Up).await;
    world.host.vm_stop(VM, 1, StopHow::Shutdown).await.unwrap();
    world.until_state(RunState::PoweringDown).await;
    world.pass(300).await;
    world.until_state(RunState::Up).await;
}

#[tokio::test]
async fn a_full_disk_pauses_with_its_reason() {
    let mut world = World::new().await;
    world.host.vm_launch(launch(1)).await.unwrap();
    world.hypervisor.disk_fails(VM, None, PauseReason::Enospc);
    let report = world.until_state(RunState::Paused).await;
    let expected = VmPhase::Running {
        state: RunState::Paused,
        pause: Some(PauseReason::Enospc),
    };
    assert_eq!(report.phase, expected);
}

#[tokio::test]
async fn a_host_that_cannot_says_why_and_keeps_nothing() {
    let mut world = World::new().await;
    let error = HypervisorError::unfit("no huge pages");
    world.hypervisor.refuse_next(Verb::Launch, error);
    let refused = HostError::Refused {
        message: "no huge pages".into(),
    };
    assert_eq!(world.host.vm_launch(launch(1)).await, Err(refused));
    let mut nowhere = launch(1);
    nowhere.machine.nics[0].bridge = Some("br9".into());
    let error = world.host.vm_launch(nowhere).await.unwrap_err();
    assert!(error.to_string().contains("br9"), "{error}");
    world.storage.fail_next(
        FakeCommand::Path,
        StorageError::VolumeIllegal { at: address() },
    );
    let error = world.host.vm_launch(launch(1)).await.unwrap_err();
    assert!(matches!(error, HostError::Refused { .. }), "{error:?}");
    world.events = world.host.watch().await;
    assert_eq!(world.everything().await, []);
    world.host.vm_launch(launch(1)).await.unwrap();
    let running = world.host.vm_forget(VM, 1).await;
    assert!(matches!(running, Err(HostError::Refused { .. })));
}

#[tokio::test]
async fn the_console_is_read_from_its_end() {
    let world = World::new().await;
    let none = world.host.vm_serial_log(VM, 10).await;
    assert!(matches!(none, Err(HostError::NotFound { .. })), "{none:?}");
    world.host.vm_launch(launch(1)).await.unwrap();
    assert_eq!(world.host.vm_serial_log(VM, 10).await.unwrap(), b"");
    let path = world.hypervisor.launches()[0].serial_log.clone().unwrap();
    std::fs::write(path, "login: ").unwrap();
    assert_eq!(world.host.vm_serial_log(VM, 3).await.unwrap(), b"n: ");
}
