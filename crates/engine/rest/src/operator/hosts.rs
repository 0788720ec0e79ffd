//! Adding a host and giving out its one-time token.

use super::json::{Fallible, answer, read};
use super::{call, find};
use crate::Front;
use axum::extract::State;
use axum::response::Response;
use base::Call;
use bytes::Bytes;
use operations::hosts::add::{HostAdd, add as host_add};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    name: String,
    address: String,
    #[serde(default)]
    port: Option<u16>,
    cluster: String,
    #[serde(default)]
    description: String,
}

#[derive(Serialize)]
struct Added {
    id: String,
    token: String,
    ca_sha256: String,
    expires: String,
}

/// `POST /operator/hosts {name,address,port,cluster}` answers `{id,token,ca_sha256,expires}`.
pub async fn add(State(front): State<Front>, body: Bytes) -> Response {
    let call = call(&front);
    let answered = added(&front, &call, &body).await;
    answer(&call, answered)
}

async fn added(front: &Front, call: &Call, body: &[u8]) -> Fallible<Added> {
    let wanted: Wanted = read(body)?;
    let snapshot = front.rooms.projection.snapshot();
    let cluster = find!(snapshot, cluster, cluster_named, "cluster", &wanted.cluster)?;
    let host = HostAdd {
        name: wanted.name,
        description: wanted.description,
        comment: String::new(),
        address: wanted.address,
        port: wanted.port,
        cluster: cluster.id,
    };
    let added = host_add(call, &front.rooms, host).await?;
    Ok(Added {
        id: added.id.to_string(),
        token: added.token,
        ca_sha256: front.pki.ca_fingerprint().to_string(),
        expires: added.expires.to_string(),
    })
}
