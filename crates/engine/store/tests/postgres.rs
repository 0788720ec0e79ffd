//! What only PostgreSQL brings with it: lost connections, a lease, and events in ranges.

mod common;

use base::{Timestamp, VmId};
use common::place::{HOLDER, Place};
use common::postgres::{MISSING, Server, connect};
use common::proxy::{Loss, Proxy};
use common::{data_center, event, put, stored};
use domain::Entity;
use domain::data_centers::DataCenter;
use domain::events::About;
use sqlx::{AssertSqlSafe, Connection as _, Row as _};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use store::{Batch, CommitObserver, Committed, EventQuery, Store, StoreError};

#[derive(Default)]
struct Seen(Mutex<Vec<i64>>);

impl CommitObserver for Seen {
    fn committed(&self, commit: &Committed) {
        self.0.lock().unwrap().push(commit.seq);
    }
}

fn with_event(n: i64) -> Batch {
    let mut batch = put(data_center(n.unsigned_abs().into(), &format!("dc{n}")));
    batch.event(event(1, n, "made"));
    batch
}

async fn commits_are_made_once_whatever_the_network_loses(loss: Loss) {
    let test = "commits_are_made_once_whatever_the_network_loses";
    let Some(server) = Server::shared() else {
        testkit::skip(test, MISSING);
        return;
    };
    let proxy = Proxy::new(server.dir()).await;
    let database = server.database().await;
    let url = format!("postgres://postgres@{}/{database}", proxy.address);
    let url = url.parse().unwrap();
    let (store, _) = Store::connect(&url, HOLDER).await.unwrap();
    let seen = Arc::new(Seen::default());
    store.observe(seen.clone());
    store.commit(with_event(1)).await.unwrap();
    proxy.lose(loss);
    // Two that go together.
    let (a, b) = tokio::join!(store.commit(with_event(2)), store.commit(with_event(3)));
    assert!(proxy.lost());
    let mut seqs = [a.unwrap().seq, b.unwrap().seq];
    seqs.sort_unstable();
    assert_eq!(seqs, [4, 6]);
    assert_eq!(store.commit(with_event(4)).await.unwrap().seq, 8);
    assert_eq!(*seen.0.lock().unwrap(), [2, 4, 6, 8]);
    assert_eq!(store.stats().batches, 4);
    store.close().await;
    let (store, found) = Store::connect(&url, HOLDER).await.unwrap();
    assert_eq!((found.entities.len(), found.seq), (4, 8));
    let events: Vec<i64> = found.events.iter().map(|e| e.id).collect();
    assert_eq!(events, [1, 2, 3, 4]);
    store.close().await;
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_found() {
    commits_are_made_once_whatever_the_network_loses(Loss::Answer).await;
}

#[tokio::test]
async fn a_commit_that_never_arrived_is_made_again() {
    commits_are_made_once_whatever_the_network_loses(Loss::Request).await;
}

#[tokio::test]
async fn a_session_that_still_holds_the_transaction_is_ended_first() {
    commits_are_made_once_whatever_the_network_loses(Loss::Silence).await;
}

#[tokio::test]
async fn a_server_that_comes_again_is_found_and_nothing_acknowledged_is_lost() {
    let Some(server) = Server::start() else {
        let test = "a_server_that_comes_again_is_found_and_nothing_acknowledged_is_lost";
        testkit::skip(test, MISSING);
        return;
    };
    let url = server.url(&server.database().await).parse().unwrap();
    let (store, _) = Store::connect(&url, HOLDER).await.unwrap();
    let acknowledged = Arc::new(AtomicI64::new(0));
    let writing = tokio::spawn({
        let (store, acknowledged) = (store.clone(), acknowledged.clone());
        async move {
            for n in 1..=300 {
                // The server is away for a moment only: nobody is told of it.
                store.commit(with_event(n)).await.unwrap();
                acknowledged.store(n, Ordering::Relaxed);
            }
        }
    });
    while acknowledged.load(Ordering::Relaxed) < 20 {
        tokio::task::yield_now().await;
    }
    let server = tokio::task::spawn_blocking(move || {
        server.crash();
        server.again();
        server
    });
    let server = server.await.unwrap();
    writing.await.unwrap();
    let read = store.events(EventQuery::default()).await.unwrap();
    assert_eq!(read.len(), 300);
    // When it stays away the callers are told, and those that come later at once.
    server.crash();
    let e = store.commit(with_event(500)).await.unwrap_err();
    assert!(matches!(e, StoreError::Unreachable(_)), "{e}");
    let e = store.commit(with_event(500)).await.unwrap_err();
    assert!(matches!(e, StoreError::Unreachable(_)), "{e}");
    let e = store.event(1).await.unwrap_err();
    assert!(matches!(e, StoreError::Unreachable(_)), "{e}");
    server.again();
    assert_eq!(store.commit(with_event(500)).await.unwrap().seq, 602);
    store.close().await;
    let (store, found) = Store::connect(&url, HOLDER).await.unwrap();
    assert_eq!((found.entities.len(), found.seq), (301, 602));
    // A store without its server can be closed.
    server.crash();
    store.close().await;
}

#[tokio::test]
async fn an_engine_that_was_replaced_writes_nothing_any_more() {
    let Some(at) = Place::postgres("an_engine_that_was_replaced_writes_nothing_any_more").await
    else {
        return;
    };
    let (old, _) = at.open().await;
    let seen = Arc::new(Seen::default());
    old.observe(seen.clone());
    old.commit(with_event(1)).await.unwrap();
    // As if it had hung for longer than its lease lasts.
    at.sql("UPDATE lease SET until = 0").await;
    let (new, contents) = Store::connect(&at.url(), "another engine").await.unwrap();
    assert_eq!(contents.seq, 2);
    let e = old.commit(with_event(2)).await.unwrap_err();
    assert!(matches!(e, StoreError::InUse { .. }), "{e}");
    let e = old.commit(with_event(2)).await.unwrap_err();
    assert!(matches!(e, StoreError::InUse { .. }), "{e}");
    assert!(matches!(old.ping().await, Err(StoreError::InUse { .. })));
    assert_eq!(*seen.0.lock().unwrap(), [2]);
    old.close().await;
    assert_eq!(new.commit(with_event(2)).await.unwrap().seq, 4);
    new.close().await;
}

#[tokio::test]
async fn events_are_kept_in_ranges_and_go_with_them() {
    let Some(at) = Place::postgres("events_are_kept_in_ranges_and_go_with_them").await else {
        return;
    };
    let ranges = "SELECT CAST(substr(relname, 8) AS BIGINT) FROM pg_class \
                  WHERE relname LIKE 'event\\_p%' AND relkind = 'r' ORDER BY 1";
    let (store, _) = at.open().await;
    store.commit(with_event(1)).await.unwrap();
    assert_eq!(at.numbers(ranges).await, [0, 1]);
    store.close().await;
    at.sql(
        "INSERT INTO event (id, code, severity, at, message, correlation_id, vm, disk) \
         SELECT n, n % 100, 0, n, 'm', 'c', thing, thing FROM (SELECT n, \
         '00000000-0000-0000-0000-' || lpad(CAST(n % 1000 AS TEXT), 12, '0') AS thing \
         FROM generate_series(2, 99995) n) AS all_of_them; ANALYZE event",
    )
    .await;
    let (store, _) = at.open().await;
    let mut batch = Batch::new();
    for n in 0..10 {
        batch.event(event(7, 200_000, &format!("late {n}")));
    }
    store.commit(batch).await.unwrap();
    assert_eq!(at.numbers(ranges).await, [0, 1, 2]);
    let newest = EventQuery {
        newest_first: true,
        max: Some(12),
        ..EventQuery::default()
    };
    let found = store.events(newest).await.unwrap();
    let ids: Vec<i64> = found.iter().map(|e| e.id).collect();
    assert_eq!(ids, (99_994..=100_005).rev().collect::<Vec<i64>>());
    explained(&at).await;
    // Somebody reads: the rows go one by one, their range the next time.
    let mut reader = connect(at.url_text()).await;
    let read = "BEGIN; SELECT count(*) FROM event";
    sqlx::raw_sql(read).execute(&mut reader).await.unwrap();
    let removed = store.events_prune(Timestamp(90_000)).await.unwrap();
    assert_eq!(removed, 89_999);
    let removed = store.events_prune(Timestamp(150_000)).await.unwrap();
    assert_eq!(removed, 99_995 - 89_999);
    assert_eq!(at.numbers(ranges).await, [0, 1, 2]);
    reader.close().await.unwrap();
    // Four in the first range, and all but the newest of the second.
    assert_eq!(store.events_prune(Timestamp(300_000)).await.unwrap(), 9);
    assert_eq!(at.numbers(ranges).await, [1, 2]);
    let left = store.events(EventQuery::default()).await.unwrap();
    assert_eq!(left.len(), 1);
    store.commit(with_event(2)).await.unwrap();
    store.close().await;
    let (store, contents) = at.open().await;
    assert_eq!(contents.events.last().unwrap().id, 100_006);
    store.close().await;
}

/// Pages of events are found by an index of each range.
async fn explained(at: &Place) {
    let mut db = connect(at.url_text()).await;
    for condition in [
        "vm = '00000000-0000-0000-0000-000000000007'",
        "disk = '00000000-0000-0000-0000-000000000007'",
        "code = 7",
        "id < 5000",
        "id > 0",
    ] {
        let sql = format!(
            "EXPLAIN SELECT id, message FROM event WHERE {condition} ORDER BY id DESC LIMIT 10"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut db).await;
        let plan: Vec<String> = rows.unwrap().iter().map(|r| r.get(0)).collect();
        let plan = plan.join("\n");
        let scanned = plan.contains("Seq Scan on event_p0");
        assert!(
            !scanned && plan.contains("Index Scan"),
            "{condition}: {plan}"
        );
    }
    db.close().await.unwrap();
}

#[tokio::test]
async fn a_full_disk_of_the_server_is_told_apart() {
    let Some(at) = Place::postgres("a_full_disk_of_the_server_is_told_apart").await else {
        return;
    };
    let (store, _) = at.open().await;
    at.sql(
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$; \
         CREATE TRIGGER full_disk BEFORE INSERT ON data_center FOR EACH ROW \
         WHEN (NEW.name = 'big') EXECUTE FUNCTION full_disk()",
    )
    .await;
    let (small, big, other) = tokio::join!(
        store.commit(with_event(1)),
        store.commit(put(data_center(2, "big"))),
        store.commit(with_event(3))
    );
    let e = big.unwrap_err();
    assert!(matches!(e, StoreError::Full(_)), "{e}");
    assert_eq!((small.unwrap().seq, other.unwrap().seq), (2, 4));
    store.close().await;
}

#[tokio::test]
async fn a_zero_in_a_text_harms_nothing() {
    let Some(at) = Place::postgres("a_zero_in_a_text_harms_nothing").await else {
        return;
    };
    let (store, _) = at.open().await;
    let mut batch = put(data_center(1, "a\0b"));
    batch.event(event(1, 1, "message\0"));
    let dc = stored(&store.commit(batch).await.unwrap());
    // It is its own name's owner still.
    let again = put(DataCenter {
        description: "x".into(),
        ..dc
    });
    store.commit(again).await.unwrap();
    let (store, contents) = at.reopen(store).await;
    assert_eq!(contents.entities[0].name(), "a\0b");
    assert_eq!(contents.events[0].event.message, "message\u{FFFD}");
    let Entity::DataCenter(dc) = &contents.entities[0] else {
        panic!("no data center")
    };
    let mut gone = Batch::new();
    gone.delete((**dc).clone());
    store.commit(gone).await.unwrap();
    let nothing = EventQuery {
        about: About {
            vm: Some(VmId::known(1)),
            ..About::default()
        },
        ..EventQuery::default()
    };
    assert!(store.events(nothing).await.unwrap().is_empty());
    store.close().await;
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_without_the_password() {
    let (listener, address) = testkit::loopback_listener();
    drop(listener);
    let url = format!("postgres://vireo:s3cret@{address}/engine");
    let e = Store::connect(&url.parse().unwrap(), HOLDER)
        .await
        .err()
        .unwrap();
    assert!(matches!(e, StoreError::Unreachable(_)), "{e}");
    assert!(!format!("{e:?}").contains("s3cret"));
    if let Some(server) = Server::shared() {
        let url = server
            .url("nothing")
            .replace("user=postgres", "user=postgres&password=s3cret");
        let e = Store::connect(&url.parse().unwrap(), HOLDER)
            .await
            .err()
            .unwrap();
        assert!(matches!(e, StoreError::Database { .. }), "{e}");
        assert!(!format!("{e:?}").contains("s3cret"));
    }
}
