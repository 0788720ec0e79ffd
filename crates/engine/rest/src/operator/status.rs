//! How the engine and everything below it is, on one page.

use super::call;
use super::json::{Fallible, answer};
use crate::{Front, words};
use axum::extract::State;
use axum::response::Response;
use domain::jobs::WorkflowState;
use projection::Snapshot;
use serde::Serialize;

#[derive(Serialize)]
struct Status {
    product: String,
    version: String,
    database: &'static str,
    data_centers: Vec<DataCenter>,
    hosts: Vec<Host>,
    storage_domains: Vec<Domain>,
    vms: Vms,
    jobs: Jobs,
}

#[derive(Serialize)]
struct DataCenter {
    id: String,
    name: String,
    status: &'static str,
    local: bool,
}

#[derive(Serialize)]
struct Host {
    id: String,
    name: String,
    address: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The engine was restored, and the host has not told since then what it runs.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    awaited: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    kvm: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kvm_reason: Option<String>,
}

#[derive(Serialize)]
struct Domain {
    id: String,
    name: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    available_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    used_bytes: Option<u64>,
}

#[derive(Serialize)]
struct Vms {
    total: usize,
    running: usize,
}

#[derive(Serialize)]
struct Jobs {
    unfinished: usize,
    need_operator: Vec<String>,
}

/// `GET /operator/status`.
pub async fn status(State(front): State<Front>) -> Response {
    let database = match front.rooms.store.ping().await {
        Ok(()) => "up",
        Err(_) => "down",
    };
    let answered: Fallible<Status> = Ok(gathered(&front, database));
    answer(&call(&front), answered)
}

fn gathered(front: &Front, database: &'static str) -> Status {
    let snapshot = front.rooms.projection.snapshot();
    Status {
        product: front.product.name.clone(),
        version: front.product.full_version.clone(),
        database,
        data_centers: snapshot
            .data_centers()
            .map(|dc| DataCenter {
                id: dc.id.to_string(),
                name: dc.name.clone(),
                status: words::data_center(snapshot.data_center_status(dc.id)),
                local: dc.local,
            })
            .collect(),
        hosts: hosts(&snapshot),
        storage_domains: snapshot
            .storage_domains()
            .map(|sd| {
                let seen = snapshot.storage_domain_observed(sd.id);
                Domain {
                    id: sd.id.to_string(),
                    name: sd.name.clone(),
                    status: words::storage_domain(snapshot.storage_domain_status(sd.id)),
                    available_bytes: seen.map(|s| s.available_bytes),
                    used_bytes: seen.map(|s| s.used_bytes),
                }
            })
            .collect(),
        vms: Vms {
            total: snapshot.vms().count(),
            running: snapshot
                .vms()
                .filter(|vm| snapshot.vm_status(vm.id).is_some_and(|s| s.is_running()))
                .count(),
        },
        jobs: Jobs {
            unfinished: snapshot.workflows().filter(|w| !w.state.is_over()).count(),
            need_operator: snapshot
                .workflows()
                .filter(|w| w.state == WorkflowState::NeedsOperator)
                .map(|w| format!("{} ({})", w.title, w.id))
                .collect(),
        },
    }
}

fn hosts(snapshot: &Snapshot) -> Vec<Host> {
    snapshot
        .hosts()
        .map(|host| Host {
            id: host.id.to_string(),
            name: host.name.clone(),
            address: format!("{}:{}", host.address, host.port),
            status: words::host(snapshot.host_status(host.id)),
            reason: snapshot
                .host_observed(host.id)
                .and_then(|o| o.reason.clone()),
            awaited: host.restored.is_some(),
            kvm: host.facts.as_ref().map(|f| f.kvm),
            kvm_reason: host
                .facts
                .as_ref()
                .map(|f| f.kvm_reason.clone())
                .filter(|r| !r.is_empty()),
        })
        .collect()
}
