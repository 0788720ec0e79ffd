//! Small pages beside the API that clients and load balancers ask for without a login.

use crate::Front;
use crate::api::location::form_fields;
use crate::publish;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

/// What load balancers look for (oVirt's health page).
const HEALTHY: &str = "DB Up!Welcome to Health Status!";

/// `GET /ovirt-engine/services/health`: the database answers.
pub async fn health(State(front): State<Front>) -> Response {
    match front.rooms.store.ping().await {
        Ok(()) => (StatusCode::OK, [(CONTENT_TYPE, "text/plain")], HEALTHY).into_response(),
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            [(CONTENT_TYPE, "text/plain")],
            "DB Down!",
        )
            .into_response(),
    }
}

/// `GET /ovirt-engine/apidoc/openapi.json`: the API as machines read it; it tells nothing of this
/// installation.
pub async fn openapi(headers: HeaderMap) -> Response {
    publish::openapi(&headers)
}

/// `GET /ca.crt` and `/ovirt-engine/ca.crt`: the engine's CA in PEM.
pub async fn ca(State(front): State<Front>) -> Response {
    pem(front.pki.ca_pem())
}

/// `GET /ovirt-engine/services/pki-resource?resource=ca-certificate&format=X509-PEM-CA`.
pub async fn pki_resource(State(front): State<Front>, RawQuery(query): RawQuery) -> Response {
    let Ok(fields) = form_fields(query.as_deref().unwrap_or_default()) else {
        return (StatusCode::BAD_REQUEST, "The query is not UTF-8.\n").into_response();
    };
    let value = |name: &str| {
        fields
            .iter()
            .find(|f| f.name == name)
            .map(|f| f.value.as_str())
    };
    match (value("resource"), value("format").unwrap_or("X509-PEM-CA")) {
        (Some("ca-certificate"), "X509-PEM-CA" | "X509-PEM") => pem(front.pki.ca_pem()),
        (Some(resource @ ("ca-certificate" | "engine-certificate")), format) => (
            StatusCode::NOT_IMPLEMENTED,
            format!("not supported yet: {resource} as `{}`\n", short(format)),
        )
            .into_response(),
        (resource, _) => (
            StatusCode::NOT_FOUND,
            format!(
                "There is no resource `{}`; there are ca-certificate and engine-certificate.\n",
                short(resource.unwrap_or_default())
            ),
        )
            .into_response(),
    }
}

fn pem(text: String) -> Response {
    (
        StatusCode::OK,
        [(CONTENT_TYPE, "application/x-x509-ca-cert")],
        text,
    )
        .into_response()
}

fn short(text: &str) -> String {
    text.chars().take(100).collect()
}
