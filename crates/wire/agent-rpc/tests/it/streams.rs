//! What the host says: in order, from a report on, until the connection or the agent ends.

use crate::Lab;
use base::{Timestamp, VmId};
use domain::vms::{GuestInfo, RunState};
use futures::StreamExt;
use ports::hosts::{HostError, HostEvent, VmPhase, VmReport};
use std::time::Duration;

fn vm(number: u128) -> HostEvent {
    HostEvent::Vm(VmReport {
        vm: VmId::known(number),
        epoch: 1,
        phase: VmPhase::Running {
            state: RunState::Up,
            pause: None,
        },
        guest: GuestInfo::default(),
        consoles: Vec::new(),
        since: Timestamp(0),
    })
}

#[tokio::test]
async fn events_come_in_order_after_a_report() {
    let lab = Lab::new().await;
    let client = lab.client(1).await;
    let mut events = client.watch().await.unwrap();
    assert_eq!(
        events.next().await.unwrap(),
        Ok(HostEvent::Report(Vec::new()))
    );
    for number in 0..50 {
        lab.host.events.send(vm(number)).unwrap();
    }
    for number in 0..50 {
        assert_eq!(events.next().await.unwrap(), Ok(vm(number)));
    }
}

#[tokio::test]
async fn samples_come_at_the_wanted_interval_and_senseless_ones_are_refused() {
    let lab = Lab::new().await;
    let client = lab.client(1).await;
    let mut frames = client.stats(Duration::from_millis(1500)).await.unwrap();
    let frame = frames.next().await.unwrap().unwrap();
    assert_eq!(frame.host.at, Timestamp(1_500_000));
    for bad in [
        Duration::ZERO,
        Duration::from_millis(99),
        Duration::from_secs(3601),
    ] {
        let refused = client.stats(bad).await.err().unwrap();
        assert!(
            matches!(refused, HostError::Unsupported { .. }),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn an_agent_that_stops_ends_its_streams_and_finishes_commands() {
    let mut lab = Lab::new().await;
    let client = lab.client(1).await;
    let mut events = client.watch().await.unwrap();
    assert!(events.next().await.unwrap().is_ok());
    lab.stop();
    let end = events.next().await.unwrap().unwrap_err();
    assert!(matches!(end, HostError::Unreachable { .. }), "{end}");
    (&mut lab.served).await.unwrap();
    assert!(client.hello().await.is_err());
}
