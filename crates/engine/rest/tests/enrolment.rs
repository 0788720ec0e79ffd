//! A host's agent joins with its one-time token, as the agent does it.

mod common;

use axum::body::Body;
use common::{Reply, World};
use http::{Request, StatusCode};
use pki::HostKey;
use serde_json::{Value, json};

async fn enrol(world: &World, body: Value) -> Reply {
    let request =
        Request::post("/ovirt-engine/services/vireo-enrol").body(Body::from(body.to_string()));
    world.send(request.unwrap()).await
}

fn json_of(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

#[tokio::test]
async fn a_token_brings_a_certificate_to_one_key_only() {
    let world = World::new().await;
    let announce =
        json!({"name": "host2", "address": "192.0.2.2", "port": 54322, "cluster": "Default"});
    let request = Request::post("/operator/hosts")
        .body(Body::from(announce.to_string()))
        .unwrap();
    let added = json_of(&world.send_operator(request).await);
    assert_eq!(
        added["ca_sha256"],
        world.front.pki.ca_fingerprint().to_string()
    );

    let key = HostKey::make().unwrap();
    let body = json!({"token": added["token"], "csr_pem": key.request().unwrap()});
    let reply = enrol(&world, body.clone()).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let answer = json_of(&reply);
    assert_eq!(answer["host_id"], added["id"]);
    assert_eq!(answer["ca_pem"], world.front.pki.ca_pem());
    assert!(
        answer["certificate_pem"]
            .as_str()
            .unwrap()
            .contains("BEGIN CERTIFICATE")
    );

    // An answer that was lost is asked for again with the same key; another key is too late.
    let again = enrol(&world, body).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.text());
    assert_eq!(json_of(&again)["host_id"], added["id"]);
    let other = HostKey::make().unwrap();
    let body = json!({"token": added["token"], "csr_pem": other.request().unwrap()});
    let late = enrol(&world, body).await;
    assert_eq!(late.status, StatusCode::FORBIDDEN, "{}", late.text());
}
