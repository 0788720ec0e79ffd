//! The rules of a commit.

mod common;

use base::{Generation, WorkflowId};
use common::place::Place;
use common::{cluster, data_center, event, put, stored, workflow};
use domain::Entity;
use domain::data_centers::DataCenter;
use domain::jobs::WorkflowState;
use std::sync::{Arc, Mutex};
use store::{Batch, Change, CommitObserver, Committed, StoreError};

#[derive(Default)]
struct Seen(Mutex<Vec<Committed>>);

impl CommitObserver for Seen {
    fn committed(&self, commit: &Committed) {
        self.0.lock().unwrap().push(commit.clone());
    }
}

async fn what_was_committed_is_there_after_reopening(at: Place) {
    let (store, empty) = at.open().await;
    assert!(empty.entities.is_empty() && empty.seq == 0);
    let dc = stored(&store.commit(put(data_center(1, "Default"))).await.unwrap());
    assert_eq!(dc.generation, Generation(1));
    let mut batch = put(DataCenter {
        description: "żółw \u{1F422} <&>".into(),
        ..dc.clone()
    });
    batch
        .event(event(1, 7, "changed"))
        .workflow(workflow(5, 1, WorkflowState::Forward));
    let committed = store.commit(batch).await.unwrap();
    assert_eq!((committed.seq, committed.changes.len()), (4, 3));
    let (store, contents) = at.reopen(store).await;
    assert_eq!(contents.seq, 4);
    assert_eq!(contents.entities.len(), 1);
    let Entity::DataCenter(again) = &contents.entities[0] else {
        panic!("no data center")
    };
    assert_eq!(again.description, "żółw \u{1F422} <&>");
    assert_eq!(again.generation, Generation(2));
    assert_eq!(contents.workflows, [workflow(5, 1, WorkflowState::Forward)]);
    assert_eq!(contents.events.len(), 1);
    assert_eq!(
        (contents.events[0].id, contents.events[0].event.code),
        (1, 1)
    );
    let next = store
        .commit({
            let mut b = Batch::new();
            b.event(event(2, 8, "next"));
            b
        })
        .await
        .unwrap();
    assert!(matches!(&next.changes[0], Change::Event(e) if e.id == 2));
    assert_eq!(next.seq, 5);
    store.close().await;
}

async fn a_stale_writer_loses_and_nothing_of_its_batch_happens(at: Place) {
    let (store, _) = at.open().await;
    let first = stored(&store.commit(put(data_center(1, "a"))).await.unwrap());
    store
        .commit(put(DataCenter {
            name: "b".into(),
            ..first.clone()
        }))
        .await
        .unwrap();
    let mut batch = Batch::new();
    batch
        .event(event(1, 1, "lost"))
        .put(data_center(2, "other"));
    batch.put(DataCenter {
        name: "c".into(),
        ..first.clone()
    });
    let e = store.commit(batch).await.unwrap_err();
    assert!(
        matches!(
            e,
            StoreError::Lost {
                expected: Generation(1),
                ..
            }
        ),
        "{e}"
    );
    let mut batch = Batch::new();
    batch.delete(first.clone());
    assert!(matches!(
        store.commit(batch).await,
        Err(StoreError::Lost { .. })
    ));
    let again = store
        .commit(put(data_center(1, "new again")))
        .await
        .unwrap_err();
    assert!(matches!(
        again,
        StoreError::Lost {
            expected: Generation::NEW,
            ..
        }
    ));
    let (store, contents) = at.reopen(store).await;
    assert_eq!(contents.entities.len(), 1);
    assert_eq!(contents.entities[0].name(), "b");
    assert!(contents.events.is_empty());
    assert_eq!(contents.seq, 2);
    store.close().await;
}

async fn a_claim_has_one_owner_until_it_is_given_up(at: Place) {
    let (store, _) = at.open().await;
    let a = stored(&store.commit(put(data_center(1, "a"))).await.unwrap());
    let e = store.commit(put(data_center(2, "a"))).await.unwrap_err();
    match e {
        StoreError::Claimed { claim, owner } => {
            assert_eq!(
                (claim.space.as_str(), claim.value.as_str()),
                ("data-center-name", "a")
            );
            assert_eq!(owner, Entity::from(a.clone()).key());
        }
        other => panic!("{other}"),
    }
    // The same value in another space is another claim.
    store.commit(put(cluster(3, "a"))).await.unwrap();
    // Renaming frees the old name ...
    let b = stored(
        &store
            .commit(put(DataCenter {
                name: "b".into(),
                ..a
            }))
            .await
            .unwrap(),
    );
    let a = stored(&store.commit(put(data_center(2, "a"))).await.unwrap());
    // ... within one batch in the order of its writes ...
    let mut swap = Batch::new();
    swap.delete(a).put(DataCenter {
        name: "a".into(),
        ..b.clone()
    });
    store.commit(swap).await.unwrap();
    // ... and removal frees it, too.
    store.commit(put(data_center(4, "b"))).await.unwrap();
    store.close().await;
}

async fn a_workflow_moves_from_revision_to_revision(at: Place) {
    let (store, _) = at.open().await;
    let row = |revision, state| {
        let mut batch = Batch::new();
        batch.workflow(workflow(1, revision, state));
        batch
    };
    store.commit(row(1, WorkflowState::Forward)).await.unwrap();
    let e = store
        .commit(row(1, WorkflowState::Forward))
        .await
        .unwrap_err();
    assert!(matches!(e, StoreError::LostWorkflow { expected: 0, .. }));
    let e = store
        .commit(row(3, WorkflowState::Forward))
        .await
        .unwrap_err();
    assert!(matches!(e, StoreError::LostWorkflow { expected: 2, .. }));
    let mut forget = Batch::new();
    forget.forget_workflow(WorkflowId::known(1));
    assert_eq!(
        store.commit(forget.clone()).await.unwrap().changes,
        [],
        "not over"
    );
    store.commit(row(2, WorkflowState::Finished)).await.unwrap();
    let forgotten = store.commit(forget.clone()).await.unwrap();
    assert_eq!(
        forgotten.changes,
        [Change::WorkflowForgotten(WorkflowId::known(1))]
    );
    assert_eq!(store.commit(forget).await.unwrap().changes, []);
    let (store, contents) = at.reopen(store).await;
    assert!(contents.workflows.is_empty());
    store.close().await;
}

async fn observers_are_told_in_commit_order_before_the_committer(at: Place) {
    let (store, _) = at.open().await;
    let seen = Arc::new(Seen::default());
    store.observe(seen.clone());
    let mut tasks = Vec::new();
    for n in 1..=200u128 {
        let (store, seen) = (store.clone(), seen.clone());
        tasks.push(tokio::spawn(async move {
            let committed = store
                .commit(put(data_center(n, &format!("dc{n}"))))
                .await
                .unwrap();
            assert!(seen.0.lock().unwrap().contains(&committed));
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let _ = store.commit(put(data_center(1, "lost"))).await.unwrap_err();
    store.commit(Batch::new()).await.unwrap();
    let seqs: Vec<i64> = seen.0.lock().unwrap().iter().map(|c| c.seq).collect();
    assert_eq!(seqs, (1..=200).collect::<Vec<i64>>());
    // The feed tells the same in the same order.
    let fed = at.numbers("SELECT seq FROM change ORDER BY seq").await;
    assert_eq!(fed, seqs);
    store.close().await;
}

async fn batches_that_wait_together_share_a_transaction_and_a_loser_harms_nobody(at: Place) {
    let (store, _) = at.open().await;
    store.commit(put(data_center(1, "taken"))).await.unwrap();
    let before = store.stats();
    let commits = (0..100u128).map(|n| {
        let name = if n % 10 == 0 {
            "taken".to_owned()
        } else {
            format!("dc{n}")
        };
        store.commit(put(data_center(100 + n, &name)))
    });
    let results = futures::future::join_all(commits).await;
    let lost = results
        .iter()
        .filter(|r| matches!(r, Err(StoreError::Claimed { .. })))
        .count();
    let won = results.iter().filter(|r| r.is_ok()).count();
    assert_eq!((won, lost), (90, 10));
    let after = store.stats();
    assert_eq!(after.batches - before.batches, 100);
    let transactions = after.transactions - before.transactions;
    assert!(
        transactions <= 3,
        "{transactions} transactions for 100 batches"
    );
    let (store, contents) = at.reopen(store).await;
    assert_eq!(contents.entities.len(), 91);
    store.close().await;
}

async fn writers_of_one_object_take_turns(at: Place) {
    let (store, _) = at.open().await;
    let dc = stored(&store.commit(put(data_center(1, "a"))).await.unwrap());
    let mut tasks = Vec::new();
    for n in 0..8 {
        let (store, mut dc) = (store.clone(), dc.clone());
        tasks.push(tokio::spawn(async move {
            for m in 0..5 {
                loop {
                    dc.description = format!("{n}/{m}");
                    match store.commit(put(dc.clone())).await {
                        Ok(committed) => {
                            dc = stored(&committed);
                            break;
                        }
                        Err(StoreError::Lost { .. }) => dc.generation = dc.generation.next(),
                        Err(e) => panic!("{e}"),
                    }
                }
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let (store, contents) = at.reopen(store).await;
    assert_eq!(contents.entities[0].generation(), Generation(41));
    store.close().await;
}

async fn a_closed_store_says_so(at: Place) {
    let (store, _) = at.open().await;
    store.ping().await.unwrap();
    let pending = store.commit(put(data_center(1, "a")));
    let (committed, ()) = tokio::join!(pending, store.close());
    committed.unwrap();
    store.close().await;
    assert!(matches!(store.ping().await, Err(StoreError::Closed)));
    assert!(matches!(
        store.commit(Batch::new()).await,
        Err(StoreError::Closed)
    ));
    assert!(matches!(store.event(1).await, Err(StoreError::Closed)));
}

on_both!(
    what_was_committed_is_there_after_reopening,
    a_stale_writer_loses_and_nothing_of_its_batch_happens,
    a_claim_has_one_owner_until_it_is_given_up,
    a_workflow_moves_from_revision_to_revision,
    observers_are_told_in_commit_order_before_the_committer,
    batches_that_wait_together_share_a_transaction_and_a_loser_harms_nobody,
    writers_of_one_object_take_turns,
    a_closed_store_says_so,
);
