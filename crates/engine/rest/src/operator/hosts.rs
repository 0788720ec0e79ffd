//! Adding a host and giving out its one-time token; a new token for one that is known.

use super::json::{Fallible, answer, read};
use super::{call, find};
use crate::Front;
use access::Permitted;
use axum::extract::{Path, State};
use axum::response::Response;
use bytes::Bytes;
use operations::hosts::add::{HostAdd, HostAdded, add as host_add};
use operations::hosts::renew_token::renew_token as host_renew_token;
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

/// `POST /operator/hosts/{name}/confirm-off`: after a restore, nothing waits for this host any more.
pub async fn confirm_off(State(front): State<Front>, Path(name): Path<String>) -> Response {
    let call = call(&front);
    let answered = confirmed(&front, &call, &name).await;
    answer(&call, answered)
}

async fn confirmed(front: &Front, call: &Permitted, name: &str) -> Fallible<()> {
    let snapshot = front.rooms.projection.snapshot();
    let host = find!(snapshot, host, host_named, "host", name)?;
    operations::restored::confirm_off(call, &front.rooms, host.id).await
}

async fn added(front: &Front, call: &Permitted, body: &[u8]) -> Fallible<Added> {
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
    Ok(given(front, added))
}

/// `POST /operator/hosts/{name-or-id}/token` answers as adding does.
pub async fn renew_token(State(front): State<Front>, Path(host): Path<String>) -> Response {
    let call = call(&front);
    let answered = renewed(&front, &call, &host).await;
    answer(&call, answered)
}

async fn renewed(front: &Front, call: &Permitted, host: &str) -> Fallible<Added> {
    let snapshot = front.rooms.projection.snapshot();
    let host = find!(snapshot, host, host_named, "host", host)?;
    let added = host_renew_token(call, &front.rooms, host.id).await?;
    Ok(given(front, added))
}

fn given(front: &Front, added: HostAdded) -> Added {
    Added {
        id: added.id.to_string(),
        token: added.token,
        ca_sha256: front.pki.ca_fingerprint().to_string(),
        expires: added.expires.to_string(),
    }
}
