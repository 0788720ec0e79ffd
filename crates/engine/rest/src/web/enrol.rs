//! A host's agent joins: it shows its one-time token and gets a certificate.
//!
//! Whether the token is good is not decided here (`operations::hosts::enrol`).

use crate::Front;
use crate::operator::json::{Fallible, answer, read};
use access::Permitted;
use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use operations::hosts::enrol::{Signed, enrol as note, host_of_token};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EnrolmentRequest {
    token: String,
    csr_pem: String,
}

#[derive(Serialize)]
struct EnrolmentAnswer {
    host_id: String,
    certificate_pem: String,
    ca_pem: String,
}

/// `POST /ovirt-engine/services/vireo-enrol`: `{"token","csr_pem"}`.
pub async fn enrol(State(front): State<Front>, body: Bytes) -> Response {
    let call = Permitted::engine(front.rooms.random.uuid().to_string());
    let answered = join(&front, &call, &body).await;
    answer(&call, answered)
}

async fn join(front: &Front, call: &Permitted, body: &[u8]) -> Fallible<EnrolmentAnswer> {
    let request: EnrolmentRequest = read(body)?;
    let host = host_of_token(&front.rooms, &request.token)?;
    let signed = front.pki.sign_host(host.id, &request.csr_pem)?;
    let (key, fingerprint) = (signed.key.to_string(), signed.fingerprint.to_string());
    let noted = Signed {
        key_sha256: &key,
        fingerprint: &fingerprint,
        expires: signed.expires,
    };
    let id = note(call, &front.rooms, &request.token, noted).await?;
    Ok(EnrolmentAnswer {
        host_id: id.to_string(),
        certificate_pem: signed.pem,
        ca_pem: front.pki.ca_pem(),
    })
}
