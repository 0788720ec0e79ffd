//! Small objects for the store's tests.

#![allow(dead_code)]

pub mod place;
pub mod postgres;
pub mod proxy;

use base::{Call, ClusterId, DataCenterId, Generation, MacPoolId, Timestamp, WorkflowId};
use domain::clusters::Cluster;
use domain::data_centers::{CompatibilityVersion, DataCenter};
use domain::events::{About, NewEvent, Severity};
use domain::jobs::{WorkflowRow, WorkflowState};
use domain::{Entity, Noun};
use store::{Batch, Change, Committed};

/// A data center that was never stored.
pub fn data_center(id: u128, name: &str) -> DataCenter {
    DataCenter {
        id: DataCenterId::known(id),
        generation: Generation::NEW,
        name: name.to_owned(),
        description: String::new(),
        comment: String::new(),
        local: false,
        version: CompatibilityVersion::NEWEST,
        created: Timestamp(1),
    }
}

/// A cluster that was never stored.
pub fn cluster(id: u128, name: &str) -> Cluster {
    Cluster {
        id: ClusterId::known(id),
        generation: Generation::NEW,
        name: name.to_owned(),
        description: String::new(),
        comment: String::new(),
        data_center: DataCenterId::known(1),
        version: CompatibilityVersion::NEWEST,
        cpu_type: String::new(),
        memory_overcommit_percent: 100,
        threads_as_cores: false,
        ballooning: true,
        ksm: false,
        mac_pool: MacPoolId::known(1),
        created: Timestamp(1),
        policies: domain::clusters::ClusterPolicies::default(),
    }
}

/// An event about nothing.
pub fn event(code: i32, at: i64, message: &str) -> NewEvent {
    NewEvent {
        code,
        severity: Severity::Normal,
        message: message.to_owned(),
        at: Timestamp(at),
        correlation_id: "c".to_owned(),
        about: About::default(),
        external: None,
    }
}

/// A batch with one put.
pub fn put(entity: impl Into<Entity>) -> Batch {
    let mut batch = Batch::new();
    batch.put(entity);
    batch
}

/// The data center that a commit stored.
pub fn stored(committed: &Committed) -> DataCenter {
    match &committed.changes[0] {
        Change::Put(Entity::DataCenter(dc)) => (**dc).clone(),
        other => panic!("{other:?} is not a data center ({:?})", Noun::DataCenter),
    }
}

/// A row of work.
pub fn workflow(id: u128, revision: u64, state: WorkflowState) -> WorkflowRow {
    WorkflowRow {
        id: WorkflowId::known(id),
        revision,
        kind: "test".to_owned(),
        memo_version: 1,
        memo: serde_json::json!({"n": revision}),
        state,
        cursor: 0,
        steps: Vec::new(),
        title: "Testing".to_owned(),
        call: Call::internal("c"),
        subjects: Vec::new(),
        parent: None,
        cancel_requested: false,
        wake_at: None,
        fault: None,
        started: Timestamp(i64::try_from(id).unwrap()),
        ended: None,
    }
}
