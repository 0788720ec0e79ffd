//! A database of every milestone is opened by this version, and everything in it is found.

mod common;

use base::{Call, Timestamp, WorkflowId};
use common::{cluster, data_center, event, put};
use domain::jobs::{WorkflowRow, WorkflowState};
use store::{Contents, Store};
use testkit::TestDir;

async fn open_copy_of(name: &str) -> (Store, Contents, TestDir) {
    let dir = TestDir::new();
    let from = format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::copy(&from, dir.join("engine.db")).unwrap();
    let (store, contents) = Store::open(&dir.join("engine.db")).await.unwrap();
    (store, contents, dir)
}

#[tokio::test]
async fn the_spine() {
    let (store, contents, _dir) = open_copy_of("0001-spine.db").await;
    let names: Vec<&str> = contents.entities.iter().map(|e| e.name()).collect();
    assert_eq!(names, ["Default", "Кластер"]);
    assert_eq!(contents.workflows.len(), 1);
    assert_eq!(contents.workflows[0].title, "Launching VM web");
    assert_eq!(contents.events.len(), 1);
    assert_eq!(contents.events[0].event.message, "The engine was started.");
    assert_eq!(contents.seq, 4);
    // It goes on from there: names are still taken, numbers go on.
    assert!(store.commit(put(data_center(77, "Default"))).await.is_err());
    let next = store.commit(put(data_center(77, "Second"))).await.unwrap();
    assert_eq!(next.seq, 5);
    store.close().await;
}

#[tokio::test]
#[ignore = "writes the fixture of this milestone, once"]
async fn write_the_fixture() {
    let path = format!("{}/fixtures/0001-spine.db", env!("CARGO_MANIFEST_DIR"));
    let path = std::path::Path::new(&path);
    assert!(
        !path.exists(),
        "a fixture that has landed is never written again"
    );
    let (store, _) = Store::open(path).await.unwrap();
    let mut batch = put(data_center(1, "Default"));
    batch.put(cluster(2, "Кластер"));
    batch.event(event(1, 1_764_000_000_000_000, "The engine was started."));
    batch.workflow(WorkflowRow {
        id: WorkflowId::known(3),
        revision: 1,
        kind: "vm.start".to_owned(),
        memo_version: 1,
        memo: serde_json::json!({"vm": "00000000-0000-0000-0000-000000000004"}),
        state: WorkflowState::Forward,
        cursor: 0,
        steps: Vec::new(),
        title: "Launching VM web".to_owned(),
        call: Call::internal("c"),
        subjects: Vec::new(),
        cancel_requested: false,
        wake_at: None,
        fault: None,
        started: Timestamp(1_764_000_000_000_000),
        ended: None,
    });
    store.commit(batch).await.unwrap();
    store.close().await;
    std::fs::remove_file(path.with_extension("db.lock")).unwrap();
}
