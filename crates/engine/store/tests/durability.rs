//! What survives a crash, who is kept out, and what a full disk does.

mod common;

use common::place::{HOLDER, Place};
use common::{data_center, event, put};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use store::{Store, StoreError};
use testkit::TestDir;

/// The other half of the test below, which runs it in a process of its own: commits and tells,
/// until it is killed. By itself it does nothing.
#[tokio::test]
async fn commit_until_killed() {
    let Ok(url) = std::env::var("VIREO_TEST_DATABASE") else {
        return;
    };
    let (store, _) = Store::connect(&url.parse().unwrap(), HOLDER).await.unwrap();
    for n in 1.. {
        let mut batch = put(data_center(n, &format!("dc{n}")));
        batch.event(event(1, 1, &format!("event {n}")));
        store.commit(batch).await.unwrap();
        println!("\ncommitted {n}");
    }
}

async fn a_kill_loses_nothing_that_was_acknowledged(at: Place) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "commit_until_killed", "--nocapture"])
        .env("VIREO_TEST_DATABASE", at.url_text())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut last = 0usize;
    let mut hear = |line: std::io::Result<String>| {
        if let Some(n) = line.unwrap().strip_prefix("committed ") {
            last = n.parse().unwrap();
        }
        last
    };
    while hear(lines.next().unwrap()) < 50 {}
    child.kill().unwrap();
    child.wait().unwrap();
    for line in lines {
        hear(line);
    }
    let (store, contents) = at.open().await;
    let found = contents.entities.len();
    assert!(
        found == last || found == last + 1,
        "{found} objects, {last} acknowledged"
    );
    assert_eq!(contents.events.len(), found);
    assert_eq!(contents.seq, 2 * i64::try_from(found).unwrap());
    store.close().await;
}

async fn a_second_opener_is_turned_away(at: Place) {
    let (store, _) = at.open().await;
    for holder in [HOLDER, "another engine"] {
        let e = Store::connect(&at.url(), holder).await.err().unwrap();
        assert!(matches!(e, StoreError::InUse { .. }), "{e}");
        assert!(e.to_string().contains(&at.url().to_string()), "{e}");
    }
    store.commit(put(data_center(1, "a"))).await.unwrap();
    store.close().await;
    let (store, _) = Store::connect(&at.url(), "another engine").await.unwrap();
    store.close().await;
}

async fn a_database_of_a_newer_version_is_refused_and_left_alone(at: Place) {
    let (store, _) = at.open().await;
    store.close().await;
    at.sql(if at.is_postgres() {
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'the future', true, '\\x00', 0)"
    } else {
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'the future', 1, x'00', 0)"
    })
    .await;
    for _ in 0..2 {
        let e = Store::connect(&at.url(), HOLDER).await.err().unwrap();
        assert!(
            matches!(
                e,
                StoreError::Newer {
                    found: 9999,
                    known: 5,
                }
            ),
            "{e}"
        );
    }
}

async fn a_row_that_cannot_be_read_is_named(at: Place) {
    let (store, _) = at.open().await;
    store.commit(put(data_center(1, "a"))).await.unwrap();
    store.close().await;
    at.sql("UPDATE data_center SET detail = '{}'").await;
    for _ in 0..2 {
        let e = Store::connect(&at.url(), HOLDER).await.err().unwrap();
        let said = e.to_string();
        assert!(
            said.contains("data_center") && said.contains("00000001"),
            "{said}"
        );
    }
}

#[tokio::test]
async fn what_is_no_database_is_refused() {
    let dir = TestDir::new();
    let path = dir.join("engine.db");
    std::fs::write(&path, "this is no database ".repeat(100)).unwrap();
    assert!(matches!(
        Store::open(&path).await,
        Err(StoreError::Database { .. } | StoreError::Migrate(_))
    ));
    let nowhere = dir.join("no/such/directory/engine.db");
    assert!(matches!(
        Store::open(&nowhere).await,
        Err(StoreError::Open { .. })
    ));
}

on_both!(
    a_kill_loses_nothing_that_was_acknowledged,
    a_second_opener_is_turned_away,
    a_database_of_a_newer_version_is_refused_and_left_alone,
    a_row_that_cannot_be_read_is_named,
);
