//! Storage domains, disks from image files, networks, and whether a data center is local.

use super::json::{Fallible, answer, read};
use super::{call, find, jobs};
use crate::Front;
use access::Permitted;
use axum::extract::{Path, State};
use axum::response::Response;
use bytes::Bytes;
use domain::storage::StorageBacking;
use operations::data_centers::update::{DataCenterUpdate, update as update_data_center};
use operations::disks::import::{DiskImport, import};
use operations::networks::add::{NetworkAdd, add as add_network};
use operations::storage_domains::add::{StorageDomainAdd, add as add_storage_domain};
use serde::{Deserialize, Serialize};

/// What was made, and the job that goes on with it.
#[derive(Serialize)]
struct Made {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    job: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DomainWanted {
    name: String,
    data_center: String,
    host: String,
    backing: StorageBacking,
    #[serde(default)]
    description: String,
}

/// `POST /operator/storage-domains {name,data_center,host,backing}`.
pub async fn domain_add(State(front): State<Front>, body: Bytes) -> Response {
    let call = call(&front);
    let answered = domain_added(&front, &call, &body).await;
    answer(&call, answered)
}

async fn domain_added(front: &Front, call: &Permitted, body: &[u8]) -> Fallible<Made> {
    let wanted: DomainWanted = read(body)?;
    let snapshot = front.rooms.projection.snapshot();
    let data_center = find!(
        snapshot,
        data_center,
        data_center_named,
        "data center",
        &wanted.data_center
    )?;
    let host = find!(snapshot, host, host_named, "host", &wanted.host)?;
    let domain = StorageDomainAdd {
        name: wanted.name,
        description: wanted.description,
        comment: String::new(),
        data_center: data_center.id,
        host: host.id,
        backing: wanted.backing,
    };
    let accepted = add_storage_domain(call, &front.rooms, domain).await?;
    Ok(Made {
        id: accepted.id.to_string(),
        job: accepted.job.map(|j| j.to_string()),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ImportWanted {
    name: String,
    path: String,
    host: String,
    storage_domain: String,
    #[serde(default)]
    description: String,
    /// Seconds to wait for the job's end before answering.
    #[serde(default)]
    wait: u64,
}

/// `POST /operator/disks/import {name,path,host,storage_domain}`.
pub async fn disk_import(State(front): State<Front>, body: Bytes) -> Response {
    let call = call(&front);
    let answered = disk_imported(&front, &call, &body).await;
    answer(&call, answered)
}

async fn disk_imported(front: &Front, call: &Permitted, body: &[u8]) -> Fallible<Made> {
    let wanted: ImportWanted = read(body)?;
    let snapshot = front.rooms.projection.snapshot();
    let host = find!(snapshot, host, host_named, "host", &wanted.host)?;
    let domain = find!(
        snapshot,
        storage_domain,
        storage_domain_named,
        "storage domain",
        &wanted.storage_domain
    )?;
    let disk = DiskImport {
        name: wanted.name,
        description: wanted.description,
        path: wanted.path,
        host: host.id,
        storage_domain: domain.id,
    };
    let accepted = import(call, &front.rooms, disk).await?;
    if let (Some(job), 1..) = (accepted.job, wanted.wait) {
        jobs::wait(front, job, wanted.wait).await;
    }
    Ok(Made {
        id: accepted.id.to_string(),
        job: accepted.job.map(|j| j.to_string()),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NetworkWanted {
    name: String,
    data_center: String,
    #[serde(default)]
    bridge: Option<String>,
    #[serde(default)]
    description: String,
}

/// `POST /operator/networks {name,data_center,bridge?}`.
pub async fn network_add(State(front): State<Front>, body: Bytes) -> Response {
    let call = call(&front);
    let answered = network_added(&front, &call, &body).await;
    answer(&call, answered)
}

async fn network_added(front: &Front, call: &Permitted, body: &[u8]) -> Fallible<Made> {
    let wanted: NetworkWanted = read(body)?;
    let snapshot = front.rooms.projection.snapshot();
    let data_center = find!(
        snapshot,
        data_center,
        data_center_named,
        "data center",
        &wanted.data_center
    )?;
    let network = NetworkAdd {
        name: wanted.name,
        description: wanted.description,
        comment: String::new(),
        data_center: data_center.id,
        bridge: wanted.bridge,
        vlan: None,
        mtu: 0,
        vm_network: true,
        profile: true,
        everywhere: true,
    };
    let accepted = add_network(call, &front.rooms, network).await?;
    Ok(Made {
        id: accepted.id.to_string(),
        job: accepted.job.map(|j| j.to_string()),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DataCenterWanted {
    local: bool,
}

/// `POST /operator/data-centers/{name} {local}`.
pub async fn data_center_update(
    State(front): State<Front>,
    Path(name): Path<String>,
    body: Bytes,
) -> Response {
    let call = call(&front);
    let answered = data_center_updated(&front, &call, &name, &body).await;
    answer(&call, answered)
}

async fn data_center_updated(
    front: &Front,
    call: &Permitted,
    name: &str,
    body: &[u8],
) -> Fallible<Made> {
    let wanted: DataCenterWanted = read(body)?;
    let snapshot = front.rooms.projection.snapshot();
    let data_center = find!(
        snapshot,
        data_center,
        data_center_named,
        "data center",
        name
    )?;
    let change = DataCenterUpdate {
        local: Some(wanted.local),
        ..DataCenterUpdate::default()
    };
    let accepted = update_data_center(call, &front.rooms, data_center.id, change).await?;
    Ok(Made {
        id: accepted.id.to_string(),
        job: accepted.job.map(|j| j.to_string()),
    })
}
