//! The keeper's conduct.

use crate::wire::{Answer, Dials, Ear, FarEnd, Heard, Wire, wire};
use base::{HostId, VmId};
use host_link::{HostLink, LinkOptions};
use ports::Agents;
use ports::hosts::{HostDialer, HostError, HostEvent, StatsFrame};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use testkit::{ManualClock, SeededRandom};
use tokio::sync::mpsc;

const HOST: HostId = HostId::known(7);

struct Lab {
    link: HostLink,
    wire: Arc<Wire>,
    clock: ManualClock,
    dials: Dials,
    ends: mpsc::UnboundedReceiver<FarEnd>,
    heard: mpsc::UnboundedReceiver<(HostId, Heard)>,
}

impl Lab {
    fn new() -> Self {
        let (wire, dials, ends) = wire();
        let clock = ManualClock::new();
        let link = HostLink::new(
            wire.clone(),
            Arc::new(clock.clone()),
            Arc::new(SeededRandom::new(1)),
            LinkOptions::default(),
        );
        let (ear, heard) = mpsc::unbounded_channel();
        link.observe(Arc::new(Ear(ear)));
        Lab {
            link,
            wire,
            clock,
            dials,
            ends,
            heard,
        }
    }

    fn dial(&self, fence_epoch: u64) {
        self.link.dial(HOST, "192.0.2.1", 54321, fence_epoch);
    }

    async fn hears(&mut self) -> Heard {
        self.heard.recv().await.unwrap().1
    }

    /// Dials, connects, and gives the far end.
    async fn stand(&mut self, fence_epoch: u64) -> FarEnd {
        self.wire.answer(Answer::Stands);
        self.dial(fence_epoch);
        let end = self.ends.recv().await.unwrap();
        assert_eq!(self.hears().await, Heard::Connected);
        end
    }

    /// Lets the pause before the next try be over.
    async fn pause_is_over(&self) {
        self.clock.wait_for_sleepers(1).await;
        self.clock.advance(LinkOptions::default().pause_most);
    }
}

fn report() -> HostEvent {
    HostEvent::Report(Vec::new())
}

#[tokio::test]
async fn what_a_host_says_is_heard_in_order_and_its_session_answers() {
    let mut lab = Lab::new();
    assert!(lab.link.session(HOST).is_none());
    let end = lab.stand(3).await;
    assert_eq!(
        lab.dials.recv().await.unwrap(),
        ("192.0.2.1".to_owned(), 54321, 3)
    );
    let session = lab.link.session(HOST).unwrap();
    assert!(session.is_connected());
    assert_eq!(session.vm_forget(VmId::known(1), 1).await, Ok(()));
    end.events.send(Ok(report())).unwrap();
    assert_eq!(lab.hears().await, Heard::Event(Box::new(report())));
    end.frames.send(Ok(StatsFrame::default())).unwrap();
    assert_eq!(lab.hears().await, Heard::Stats);
}

#[tokio::test]
async fn a_broken_connection_is_told_once_and_made_again_after_a_pause() {
    let mut lab = Lab::new();
    let end = lab.stand(1).await;
    let session = lab.link.session(HOST).unwrap();
    drop(end.events);
    let Heard::Lost(message) = lab.hears().await else {
        panic!("expected a loss");
    };
    assert!(message.contains("stream of events"), "{message}");
    assert!(
        end.closed.load(Ordering::SeqCst),
        "the old connection is closed"
    );
    assert!(!session.is_connected());
    let e = session.vm_forget(VmId::known(1), 1).await.unwrap_err();
    assert!(
        matches!(e, HostError::Unreachable { host: HOST, .. }),
        "{e}"
    );

    lab.wire.answer(Answer::Refused("no route"));
    lab.pause_is_over().await;
    assert_eq!(lab.hears().await, Heard::Lost("no route".to_owned()));
    lab.wire.answer(Answer::Stands);
    lab.pause_is_over().await;
    let _end = lab.ends.recv().await.unwrap();
    assert_eq!(lab.hears().await, Heard::Connected);
    assert!(session.is_connected(), "the session outlives connections");
}

#[tokio::test]
async fn the_same_target_again_changes_nothing_and_another_replaces_the_connection() {
    let mut lab = Lab::new();
    let old = lab.stand(1).await;
    lab.dial(1);
    old.events.send(Ok(report())).unwrap();
    assert_eq!(lab.hears().await, Heard::Event(Box::new(report())));
    assert!(!old.closed.load(Ordering::SeqCst));

    let new = lab.stand(2).await;
    assert!(old.closed.load(Ordering::SeqCst));
    assert!(
        old.events.send(Ok(report())).is_err(),
        "nobody listens to it"
    );
    new.events.send(Ok(report())).unwrap();
    assert_eq!(lab.hears().await, Heard::Event(Box::new(report())));
    let epochs = [
        lab.dials.recv().await.unwrap().2,
        lab.dials.recv().await.unwrap().2,
    ];
    assert_eq!(epochs, [1, 2]);
}

#[tokio::test]
async fn an_engine_that_was_superseded_is_told_and_rests_until_it_claims_again() {
    let mut lab = Lab::new();
    lab.wire.answer(Answer::Hello(HostError::Stale {
        message: "9 is newer".to_owned(),
        newest: Some(9),
    }));
    lab.dial(1);
    assert_eq!(lab.hears().await, Heard::Superseded(9));
    let Heard::Lost(message) = lab.hears().await else {
        panic!("expected a loss");
    };
    assert!(
        message.contains("another engine") && message.contains("9 is newer"),
        "{message}"
    );
    lab.clock.advance(Duration::from_secs(3600));
    tokio::task::yield_now().await;
    assert_eq!(lab.clock.sleepers(), 0, "no try is planned");
    let _end = {
        lab.ends.recv().await.unwrap();
        lab.stand(10).await
    };
}

#[tokio::test]
async fn a_host_that_is_hung_up_has_no_session_and_hears_nothing_more() {
    let mut lab = Lab::new();
    let end = lab.stand(1).await;
    let session = lab.link.session(HOST).unwrap();
    lab.link.hang_up(HOST);
    assert!(lab.link.session(HOST).is_none());
    end.events.closed().await;
    assert!(!session.is_connected());
    assert!(lab.heard.try_recv().is_err());
    // Dialling it again makes a new connection.
    lab.stand(1).await;
}

#[tokio::test]
async fn stopping_ends_every_connection() {
    let mut lab = Lab::new();
    let end = lab.stand(1).await;
    lab.link.stop().await;
    assert!(end.closed.load(Ordering::SeqCst));
    assert!(lab.link.session(HOST).is_none());
}

#[tokio::test]
async fn hosts_dialled_before_there_is_an_observer_are_dialled_with_it() {
    let (wire, _dials, mut ends) = wire();
    let link = HostLink::new(
        wire.clone(),
        Arc::new(ManualClock::new()),
        Arc::new(SeededRandom::new(1)),
        LinkOptions::default(),
    );
    wire.answer(Answer::Stands);
    link.dial(HOST, "192.0.2.1", 54321, 1);
    let (ear, mut heard) = mpsc::unbounded_channel();
    link.observe(Arc::new(Ear(ear)));
    let _end = ends.recv().await.unwrap();
    assert_eq!(heard.recv().await.unwrap(), (HOST, Heard::Connected));
}
