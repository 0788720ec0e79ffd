//! What readers see.

mod common;

use base::*;
use common::*;
use domain::Noun;
use domain::events::{About, Event, NewEvent, Severity};
use domain::jobs::{WorkflowRow, WorkflowState};
use projection::{Projection, Snapshot};
use std::sync::Arc;
use store::{Change, Contents, EVENTS_KEPT};

fn empty() -> Projection {
    Projection::new(&Contents::default())
}

fn names<'a, T: 'a>(
    rows: impl Iterator<Item = &'a Arc<T>>,
    name: impl Fn(&T) -> &str,
) -> Vec<String> {
    rows.map(|r| name(r).to_owned()).collect()
}

#[test]
fn lists_are_by_name_then_id_and_names_find_their_owner() {
    let projection = empty();
    commit(
        &projection,
        puts(vec![
            data_center(1, "Default"),
            disk(12, "b", 5, None),
            disk(11, "b", 5, None),
            disk(13, "a", 5, None),
            vm(21, "caf\u{e9}", 2, 1, &[], None),
            vm(22, "web", 2, 1, &[], None),
        ]),
    );
    let now = projection.snapshot();
    let disks: Vec<u128> = now.disks().map(|d| d.id.0.as_u128()).collect();
    assert_eq!(disks, [13, 11, 12]);
    assert_eq!((now.vm_count(), now.disk_count()), (2, 3));
    let dc = DataCenterId::known(1);
    assert_eq!(now.vm_named(dc, "cafe\u{301}").unwrap().id, VmId::known(21));
    assert!(now.vm_named(dc, "Web").is_none());
    assert!(now.vm_named(DataCenterId::known(9), "web").is_none());
    assert_eq!(now.data_center_named("Default").unwrap().id, dc);
    // A name changes hands within one commit, in whichever order.
    commit(
        &projection,
        puts(vec![
            vm(21, "web", 2, 1, &[], None),
            vm(22, "old", 2, 1, &[], None),
        ]),
    );
    let next = projection.snapshot();
    assert_eq!(next.vm_named(dc, "web").unwrap().id, VmId::known(21));
    assert_eq!(next.vm_named(dc, "old").unwrap().id, VmId::known(22));
    assert!(next.vm_named(dc, "caf\u{e9}").is_none());
    // The old snapshot stays as it was.
    assert_eq!(now.vm(VmId::known(22)).unwrap().name, "web");
    assert!(next.version() > now.version());
}

#[test]
fn tokens_are_by_id() {
    let projection = empty();
    commit(
        &projection,
        puts(vec![token(2, 7), token(1, 7), token(3, 8)]),
    );
    let now = projection.snapshot();
    let ids: Vec<u128> = now.tokens().map(|t| t.id.0.as_u128()).collect();
    assert_eq!(ids, [1, 2, 3]);
    assert_eq!(now.tokens_of(UserId::known(7)).count(), 2);
    commit(&projection, vec![deletion(Noun::Token, 1)]);
    assert_eq!(projection.snapshot().tokens_of(UserId::known(7)).count(), 1);
}

#[test]
fn links_follow_what_they_point_at() {
    let projection = empty();
    commit(
        &projection,
        puts(vec![
            cluster(2, "c", 1),
            host(3, "h", 2, false),
            storage(5, "data", Some(1), "Active"),
            disk(11, "base", 5, None),
            disk(12, "thin", 5, Some(11)),
            template(31, "t", 2, 1, &[11]),
            vm(21, "a", 2, 1, &[12], Some((1, 3, false))),
            vm(22, "b", 2, 1, &[], None),
        ]),
    );
    let vms = |rows: Vec<&Arc<domain::vms::Vm>>| names(rows.into_iter(), |v| &v.name);
    let now = projection.snapshot();
    assert_eq!(vms(now.vms_on_host(HostId::known(3)).collect()), ["a"]);
    assert_eq!(
        vms(now.vms_of_cluster(ClusterId::known(2)).collect()),
        ["a", "b"]
    );
    assert_eq!(vms(now.vms_with_disk(DiskId::known(12)).collect()), ["a"]);
    assert_eq!(
        vms(now.vms_of_template(TemplateId::BLANK).collect()),
        ["a", "b"]
    );
    assert_eq!(
        names(now.disks_over(DiskId::known(11)), |d| &d.name),
        ["thin"]
    );
    assert_eq!(
        names(now.disks_on(StorageDomainId::known(5)), |d| &d.name),
        ["base", "thin"]
    );
    assert_eq!(
        names(now.templates_with_disk(DiskId::known(11)), |t| &t.name),
        ["t"]
    );
    assert_eq!(names(now.hosts_of(ClusterId::known(2)), |h| &h.name), ["h"]);
    assert_eq!(
        names(now.clusters_of(DataCenterId::known(1)), |c| &c.name),
        ["c"]
    );
    commit(
        &projection,
        vec![
            Change::Put(vm(21, "a", 9, 1, &[], None)),
            deletion(Noun::Vm, 22),
            deletion(Noun::Disk, 12),
        ],
    );
    let now = projection.snapshot();
    assert_eq!(now.vms_on_host(HostId::known(3)).count(), 0);
    assert_eq!(now.vms_of_cluster(ClusterId::known(2)).count(), 0);
    assert_eq!(now.vms_with_disk(DiskId::known(12)).count(), 0);
    assert_eq!(now.disks_over(DiskId::known(11)).count(), 0);
    assert_eq!(vms(now.vms_of_template(TemplateId::BLANK).collect()), ["a"]);
}

fn workflow(n: u128, revision: u64, started: i64) -> Change {
    Change::Workflow(Arc::new(WorkflowRow {
        id: WorkflowId::known(n),
        revision,
        kind: "test".to_owned(),
        memo_version: 1,
        memo: serde_json::Value::Null,
        state: WorkflowState::Forward,
        cursor: 0,
        steps: Vec::new(),
        title: String::new(),
        call: Call::internal("c"),
        subjects: Vec::new(),
        parent: None,
        cancel_requested: false,
        wake_at: None,
        fault: None,
        started: Timestamp(started),
        ended: None,
    }))
}

#[test]
fn workflows_are_newest_first_and_can_be_forgotten() {
    let projection = empty();
    commit(
        &projection,
        vec![workflow(1, 1, 10), workflow(2, 1, 20), workflow(1, 2, 10)],
    );
    let order = |s: Snapshot| {
        s.workflows()
            .map(|w| (w.id.0.as_u128(), w.revision))
            .collect::<Vec<_>>()
    };
    assert_eq!(order(projection.snapshot()), [(2, 1), (1, 2)]);
    commit(
        &projection,
        vec![Change::WorkflowForgotten(WorkflowId::known(2))],
    );
    assert_eq!(order(projection.snapshot()), [(1, 2)]);
    assert!(
        projection
            .snapshot()
            .workflow(WorkflowId::known(2))
            .is_none()
    );
}

#[test]
fn the_last_events_are_kept() {
    let event = |id: i64| {
        Change::Event(Arc::new(Event {
            id,
            event: NewEvent {
                code: 1,
                severity: Severity::Normal,
                message: String::new(),
                at: Timestamp(id),
                correlation_id: String::new(),
                about: About::default(),
                external: None,
            },
        }))
    };
    let projection = empty();
    let many = i64::try_from(EVENTS_KEPT).unwrap() + 10;
    commit(&projection, (1..=many).map(event).collect());
    let now = projection.snapshot();
    assert_eq!(now.events().count(), EVENTS_KEPT);
    assert_eq!(now.events().next_back().unwrap().id, many);
    assert_eq!(now.events().next().unwrap().id, 11);
}

#[tokio::test]
async fn waiting_for_a_version_hears_every_change() {
    let projection = empty();
    let mut version = projection.version();
    let before = *version.borrow_and_update();
    let writer = projection.clone();
    let task = tokio::spawn(async move {
        version.changed().await.unwrap();
        *version.borrow()
    });
    commit(&writer, puts(vec![data_center(1, "a")]));
    assert!(task.await.unwrap() > before);
}
