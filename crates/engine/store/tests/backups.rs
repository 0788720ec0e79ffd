//! Backups: from either database onto either, and what is refused.

mod common;

use base::Timestamp;
use common::place::{HOLDER, Place};
use common::{cluster, data_center, event, put, stored, workflow};
use domain::data_centers::DataCenter;
use domain::jobs::WorkflowState;
use std::path::Path;
use store::{BackupError, Contents, Store, StoreError};
use testkit::TestDir;

/// Something of everything, and odd texts.
async fn fill(store: &Store) {
    let dc = stored(&store.commit(put(data_center(1, "Default"))).await.unwrap());
    let mut batch = put(DataCenter {
        description: "żółw \u{1F422} \" \\ \n".into(),
        ..dc
    });
    for n in 2..260 {
        batch.put(data_center(n, &format!("dc{n}")));
        batch.event(event(1, i64::try_from(n).unwrap(), &format!("event {n}")));
    }
    batch
        .put(cluster(3, "Default"))
        .workflow(workflow(5, 1, WorkflowState::Forward));
    store.commit(batch).await.unwrap();
}

fn same(a: &Contents, b: &Contents) {
    assert_eq!(a.entities, b.entities);
    assert_eq!(a.workflows, b.workflows);
    assert_eq!(a.events, b.events);
    assert_eq!(a.seq, b.seq);
}

/// Backs up one place and restores onto the other; the restored one goes on.
async fn carry(from: &Place, to: &Place) {
    let (store, _) = from.open().await;
    fill(&store).await;
    let file = from.join("backup");
    let made = store.backup(&file).await.unwrap();
    // What comes after the backup is not in it.
    store.commit(put(data_center(900, "later"))).await.unwrap();
    let restored = Store::restore(&file, &to.url(), HOLDER).await.unwrap();
    assert_eq!(made, restored);
    let (copy, found) = to.open().await;
    assert_eq!(made.seq, found.seq);
    store.close().await;
    let (store, mut expected) = from.open().await;
    expected.entities.retain(|e| e.name() != "later");
    expected.seq -= 1;
    same(&found, &expected);
    store.close().await;
    // Names are taken, numbers go on, old events can be found and removed.
    let e = copy.commit(put(data_center(901, "Default"))).await;
    assert!(matches!(e, Err(StoreError::Claimed { .. })));
    let next = copy.commit(put(data_center(901, "new"))).await.unwrap();
    assert_eq!(next.seq, made.seq + 1);
    assert_eq!(
        copy.event(7).await.unwrap().unwrap().event.message,
        "event 8"
    );
    assert_eq!(copy.events_prune(Timestamp(12)).await.unwrap(), 10);
    copy.close().await;
}

async fn onto_the_same_kind(at: Place) {
    carry(&at, &at.another().await).await;
}

async fn onto_postgres(at: Place) {
    if let Some(to) = Place::postgres("onto_postgres").await {
        carry(&at, &to).await;
    }
}

async fn onto_sqlite(at: Place) {
    carry(&at, &Place::sqlite().await).await;
}

async fn a_backup_is_of_one_moment(at: Place) {
    let (store, _) = at.open().await;
    let file = at.join("backup");
    let writing = async {
        for n in 1..=300 {
            let mut batch = put(data_center(n, &format!("dc{n}")));
            batch.event(event(1, 1, &format!("event {n}")));
            store.commit(batch).await.unwrap();
        }
    };
    let (made, ()) = tokio::join!(store.backup(&file), writing);
    let made = made.unwrap();
    store.close().await;
    let to = at.another().await;
    Store::restore(&file, &to.url(), HOLDER).await.unwrap();
    let (copy, found) = to.open().await;
    assert_eq!(found.seq, made.seq);
    assert_eq!(found.entities.len(), found.events.len());
    assert_eq!(found.seq, 2 * i64::try_from(found.events.len()).unwrap());
    copy.close().await;
}

async fn only_a_new_database_is_filled(at: Place) {
    let (store, _) = at.open().await;
    fill(&store).await;
    let file = at.join("backup");
    store.backup(&file).await.unwrap();
    let e = store.backup(&file).await.unwrap_err();
    assert!(matches!(e, BackupError::Exists(_)), "{e}");
    // One that is at work is not touched, nor one that holds anything.
    let e = Store::restore(&file, &at.url(), "other").await.unwrap_err();
    assert!(
        matches!(e, BackupError::Store(StoreError::InUse { .. })),
        "{e}"
    );
    let (store, before) = at.reopen(store).await;
    store.close().await;
    let e = Store::restore(&file, &at.url(), HOLDER).await.unwrap_err();
    assert!(matches!(e, BackupError::NotEmpty { .. }), "{e}");
    let (store, after) = at.open().await;
    same(&before, &after);
    store.close().await;
}

async fn a_restore_that_fails_leaves_nothing(at: Place) {
    let (store, _) = at.open().await;
    fill(&store).await;
    let file = at.join("backup");
    store.backup(&file).await.unwrap();
    store.close().await;
    let to = at.another().await;
    let (empty, _) = to.open().await;
    empty.close().await;
    to.sql("ALTER TABLE workflow RENAME COLUMN kind TO other")
        .await;
    let e = Store::restore(&file, &to.url(), HOLDER).await.unwrap_err();
    assert!(matches!(e, BackupError::Store(_)), "{e}");
    to.sql("ALTER TABLE workflow RENAME COLUMN other TO kind")
        .await;
    let (empty, found) = to.open().await;
    assert!(found.entities.is_empty() && found.events.is_empty() && found.seq == 0);
    empty.close().await;
    Store::restore(&file, &to.url(), HOLDER).await.unwrap();
}

on_both!(
    onto_the_same_kind,
    onto_postgres,
    onto_sqlite,
    a_backup_is_of_one_moment,
    only_a_new_database_is_filled,
    a_restore_that_fails_leaves_nothing,
);

async fn refused(dir: &TestDir, bytes: &[u8]) -> BackupError {
    let file = dir.join("damaged");
    std::fs::write(&file, bytes).unwrap();
    let to = dir.join("new.db");
    let url = store::DatabaseUrl::file(&to);
    let e = Store::restore(&file, &url, HOLDER).await.unwrap_err();
    assert!(!to.exists(), "the database was touched");
    e
}

fn line_of(e: &BackupError) -> (u64, u64) {
    match e {
        BackupError::Damaged { line, offset, .. } => (*line, *offset),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn the_first_damaged_line_is_named() {
    let dir = TestDir::new();
    let (store, _) = Store::open(&dir.join("engine.db")).await.unwrap();
    store.commit(put(data_center(1, "a"))).await.unwrap();
    store.commit(put(data_center(2, "b"))).await.unwrap();
    let file = dir.join("backup");
    store.backup(&file).await.unwrap();
    store.close().await;
    assert_eq!(mode(&file) & 0o777, 0o600);
    let whole = std::fs::read(&file).unwrap();
    let ends: Vec<usize> = (0..whole.len()).filter(|i| whole[*i] == b'\n').collect();
    let start = |line: usize| if line == 1 { 0 } else { ends[line - 2] + 1 };
    // Each byte changed is found in its own line.
    for at in (0..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        let line = ends.iter().filter(|e| **e < at).count() + 1;
        let e = refused(&dir, &bytes).await;
        let found = line_of(&e);
        assert_eq!(found, (line as u64, start(line) as u64), "byte {at}: {e}");
    }
    // A line left out, twice there, or missing at the end.
    let (third, fourth) = (start(3)..start(4), start(4)..start(5));
    let without = [&whole[..third.start], &whole[third.end..]].concat();
    assert_eq!(line_of(&refused(&dir, &without).await).0, 3);
    let twice = [
        &whole[..fourth.start],
        &whole[third],
        &whole[fourth.start..],
    ]
    .concat();
    assert_eq!(line_of(&refused(&dir, &twice).await).0, 4);
    let last = ends.len();
    let cut = &whole[..start(last)];
    assert_eq!(line_of(&refused(&dir, cut).await).0, last as u64);
    let cut = &whole[..whole.len() - 1];
    assert_eq!(line_of(&refused(&dir, cut).await).0, last as u64);
    let more = [&whole[..], b"\n"].concat();
    assert_eq!(line_of(&refused(&dir, &more).await).0, last as u64 + 1);
    assert_eq!(line_of(&refused(&dir, b"").await), (1, 0));
}

#[tokio::test]
async fn a_backup_of_a_newer_program_is_refused() {
    let dir = TestDir::new();
    let sealed = |body: &str| {
        use sha2::{Digest, Sha256};
        let sum = Sha256::digest([&[0; 32], body.as_bytes()].concat());
        let digits: String = sum[..8].iter().map(|b| format!("{b:02x}")).collect();
        format!("{body},\"sum\":\"{digits}\"}}\n")
    };
    let head = r#"{"vireo":{"format":1,"schema":99,"program":"9","made":1}"#;
    let e = refused(&dir, sealed(head).as_bytes()).await;
    assert!(
        matches!(
            e,
            BackupError::Newer {
                found: 99,
                known: 5,
                ..
            }
        ),
        "{e}"
    );
    let head = r#"{"vireo":{"format":2,"schema":2,"program":"9","made":1}"#;
    let e = refused(&dir, sealed(head).as_bytes()).await;
    assert!(matches!(e, BackupError::Newer { found: 2, .. }), "{e}");
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().unwrap().permissions().mode()
}
