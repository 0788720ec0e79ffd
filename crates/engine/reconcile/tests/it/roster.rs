//! Which hosts are claimed and dialled.

use crate::lab::Lab;
use base::HostId;
use domain::hosts::Enrolment;

#[tokio::test]
async fn enrolled_hosts_are_claimed_once_in_one_commit_and_dialled() {
    let lab = Lab::new().await;
    let (one, two) = (lab.host(1).await, lab.host(2).await);
    let mut waiting = lab.stored_host(3);
    waiting.enrolment = Enrolment::Pending {
        token_sha256: "x".to_owned(),
        expires: lab.rooms.clock.now(),
    };
    lab.put(waiting).await;
    let before = lab.snapshot().seq();
    lab.reconciler.start().await.unwrap();
    assert_eq!(lab.snapshot().seq(), before + 2, "one change for each host");
    let dialled = lab.far.dialled.borrow().clone();
    let target = |port| ("192.0.2.1".to_owned(), port, 1);
    assert_eq!(
        dialled.into_iter().collect::<Vec<_>>(),
        [(one, target(1)), (two, target(2))]
    );
    assert_eq!(lab.snapshot().host(one).unwrap().fence_epoch, 1);
    assert!(lab.reconciler.start().await.is_err(), "once is enough");
}

#[tokio::test]
async fn a_host_is_followed_through_enrolment_moves_and_removal() {
    let lab = Lab::new().await;
    lab.reconciler.start().await.unwrap();
    let mut dialled = lab.far.dialled.subscribe();
    let id = lab.host(1).await;
    let epoch = move |epoch| move |d: &_| target(d, id).is_some_and(|(_, _, e)| e == epoch);
    dialled.wait_for(epoch(1)).await.unwrap();

    // Another address: the same claim.
    let mut host = (**lab.snapshot().host(id).unwrap()).clone();
    host.address = "host1.example".to_owned();
    lab.put(host).await;
    let moved = |d: &_| target(d, id).is_some_and(|t| t.0 == "host1.example" && t.2 == 1);
    dialled.wait_for(moved).await.unwrap();

    // Another certificate: a new claim, so that the old connection ends.
    let mut host = (**lab.snapshot().host(id).unwrap()).clone();
    host.enrolment = Enrolment::Done {
        fingerprint: "bb".to_owned(),
        expires: lab.rooms.clock.now(),
        renewal: domain::hosts::Renewal::default(),
    };
    lab.put(host).await;
    dialled.wait_for(epoch(2)).await.unwrap();

    let host = (**lab.snapshot().host(id).unwrap()).clone();
    let mut batch = store::Batch::new();
    batch.delete(host);
    lab.rooms.store.commit(batch).await.unwrap();
    dialled.wait_for(|d| target(d, id).is_none()).await.unwrap();
    lab.reconciler.stop().await;
}

type Dialled = std::collections::BTreeMap<HostId, crate::far_host::Target>;

fn target(dialled: &Dialled, id: HostId) -> Option<crate::far_host::Target> {
    dialled.get(&id).cloned()
}
