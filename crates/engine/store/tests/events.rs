//! Events: search and retention.

mod common;

use base::{Timestamp, VmId};
use common::event;
use common::place::Place;
use domain::events::{About, NewEvent, Severity};
use store::{Batch, EventQuery, Store};

async fn with(events: Vec<NewEvent>, at: &Place) -> Store {
    let (store, _) = at.open().await;
    let mut batch = Batch::new();
    for event in events {
        batch.event(event);
    }
    store.commit(batch).await.unwrap();
    store
}

async fn ids(store: &Store, query: EventQuery) -> Vec<i64> {
    let found = store.events(query).await.unwrap();
    found.iter().map(|e| e.id).collect()
}

fn three() -> Vec<NewEvent> {
    let vm = About {
        vm: Some(VmId::known(9)),
        user_name: Some("admin@internal".into()),
        ..About::default()
    };
    vec![
        event(30, 100, "User admin@internal logged in."),
        NewEvent {
            about: vm,
            correlation_id: "abc".into(),
            ..event(32, 200, "VM 100%_Żółw started on host h1.")
        },
        NewEvent {
            severity: Severity::Alert,
            ..event(33, 300, "VM web is down\\.")
        },
    ]
}

async fn each_condition_narrows(at: Place) {
    let store = with(three(), &at).await;
    let all = EventQuery::default();
    assert_eq!(ids(&store, all.clone()).await, [1, 2, 3]);
    let newest = EventQuery {
        newest_first: true,
        max: Some(2),
        ..all.clone()
    };
    assert_eq!(ids(&store, newest).await, [3, 2]);
    assert_eq!(
        ids(
            &store,
            EventQuery {
                from: Some(1),
                before: Some(3),
                ..all.clone()
            }
        )
        .await,
        [2]
    );
    assert_eq!(
        ids(
            &store,
            EventQuery {
                code: Some(33),
                ..all.clone()
            }
        )
        .await,
        [3]
    );
    assert_eq!(
        ids(
            &store,
            EventQuery {
                severity: Some(Severity::Alert),
                ..all.clone()
            }
        )
        .await,
        [3]
    );
    assert_eq!(
        ids(
            &store,
            EventQuery {
                correlation_id: Some("abc".into()),
                ..all.clone()
            }
        )
        .await,
        [2]
    );
    let since = EventQuery {
        since: Some(Timestamp(200)),
        until: Some(Timestamp(300)),
        ..all.clone()
    };
    assert_eq!(ids(&store, since).await, [2]);
    let about = About {
        vm: Some(VmId::known(9)),
        ..About::default()
    };
    assert_eq!(
        ids(
            &store,
            EventQuery {
                about,
                ..all.clone()
            }
        )
        .await,
        [2]
    );
    let nobody = About {
        vm: Some(VmId::known(8)),
        ..About::default()
    };
    assert_eq!(
        ids(
            &store,
            EventQuery {
                about: nobody,
                ..all
            }
        )
        .await,
        [0i64; 0]
    );
    let whole = store.event(2).await.unwrap().unwrap();
    assert_eq!(whole.event, three()[1]);
    assert_eq!(store.event(4).await.unwrap(), None);
    store.close().await;
}

async fn text_is_searched_literally_and_ascii_in_any_case(at: Place) {
    let store = with(three(), &at).await;
    for (text, expected) in [
        ("LOGGED", vec![1]),
        ("100%_", vec![2]),
        ("Żółw", vec![2]),
        ("down\\.", vec![3]),
        ("1%0", vec![]),
        ("'; DROP TABLE event; --", vec![]),
        ("vm", vec![2, 3]),
    ] {
        let query = EventQuery {
            text: Some(text.into()),
            ..EventQuery::default()
        };
        assert_eq!(ids(&store, query).await, expected, "{text}");
    }
    store.close().await;
}

async fn old_events_go_but_their_numbers_never_come_again(at: Place) {
    let store = with(three(), &at).await;
    assert_eq!(store.events_prune(Timestamp(200)).await.unwrap(), 1);
    assert_eq!(ids(&store, EventQuery::default()).await, [2, 3]);
    assert_eq!(store.events_prune(Timestamp(i64::MAX)).await.unwrap(), 1);
    let (store, contents) = at.reopen(store).await;
    assert_eq!(contents.events.len(), 1);
    let mut batch = Batch::new();
    batch.event(event(1, 400, "next"));
    store.commit(batch).await.unwrap();
    assert_eq!(ids(&store, EventQuery::default()).await, [3, 4]);
    store.close().await;
}

on_both!(
    each_condition_narrows,
    text_is_searched_literally_and_ascii_in_any_case,
    old_events_go_but_their_numbers_never_come_again,
);
