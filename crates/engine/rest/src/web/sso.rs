//! Login and logout as oVirt's single sign-on answers them: OAuth's password grant in JSON.

use crate::Front;
use crate::api::location::{Parameter, form_fields};
use access::AccessError;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;
use http::header::{CACHE_CONTROL, PRAGMA};
use serde_json::{Value, json};
use tracing::error;

/// The scope that API clients ask for and get.
const API_SCOPE: &str = "ovirt-app-api";

/// `POST /ovirt-engine/sso/oauth/token`: `grant_type=password`, `username`, `password`, `scope`.
pub async fn token(State(front): State<Front>, body: Bytes) -> Response {
    let Some(fields) = fields(&body) else {
        return unreadable();
    };
    match field(&fields, "grant_type") {
        Some("password") => {}
        Some(other) => {
            let text = format!("not supported yet: grant_type `{}`", short(other));
            return refuse(StatusCode::NOT_IMPLEMENTED, "unsupported_grant_type", &text);
        }
        None => {
            return refuse(
                StatusCode::BAD_REQUEST,
                "invalid_request",
                "Missing parameter: 'grant_type'",
            );
        }
    }
    let (Some(login), Some(password)) = (field(&fields, "username"), field(&fields, "password"))
    else {
        return refuse(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "Missing parameter: 'username' or 'password'",
        );
    };
    match front.access.login(login, password).await {
        Ok(login) => answer(
            StatusCode::OK,
            json!({
                "access_token": login.secret.reveal(),
                "scope": field(&fields, "scope").unwrap_or(API_SCOPE),
                "exp": (login.expires.0 / 1000).to_string(),
                "token_type": "bearer",
            }),
        ),
        Err(e) => failed(e),
    }
}

/// `POST /ovirt-engine/services/sso-logout` and `/ovirt-engine/sso/oauth/revoke`: the token ends.
/// One that is unknown has ended already.
pub async fn logout(State(front): State<Front>, body: Bytes) -> Response {
    let Some(fields) = fields(&body) else {
        return unreadable();
    };
    let Some(token) = field(&fields, "token") else {
        return refuse(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "Missing parameter: 'token'",
        );
    };
    match front.access.logout(token).await {
        Ok(()) => answer(StatusCode::OK, json!({})),
        Err(e) => failed(e),
    }
}

/// `POST /ovirt-engine/sso/oauth/token-info`: whose a token is.
pub async fn token_info(State(front): State<Front>, body: Bytes) -> Response {
    let Some(fields) = fields(&body) else {
        return unreadable();
    };
    let Some(token) = field(&fields, "token") else {
        return refuse(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "Missing parameter: 'token'",
        );
    };
    match front.access.authenticate(token).await {
        Some(who) => answer(
            StatusCode::OK,
            json!({
                "active": true,
                "token_type": "bearer",
                "client_id": "ovirt-engine-core",
                "user_id": who.user.principal(),
                "scope": API_SCOPE,
                "exp": who.expires.map_or(0, |at| at.0 / 1000).to_string(),
            }),
        ),
        None => refuse(
            StatusCode::UNAUTHORIZED,
            "invalid_grant",
            "The provided authorization grant has expired or is invalid",
        ),
    }
}

fn fields(body: &[u8]) -> Option<Vec<Parameter>> {
    form_fields(std::str::from_utf8(body).ok()?).ok()
}

fn unreadable() -> Response {
    refuse(
        StatusCode::BAD_REQUEST,
        "invalid_request",
        "The body must be application/x-www-form-urlencoded in UTF-8",
    )
}

fn field<'a>(fields: &'a [Parameter], name: &str) -> Option<&'a str> {
    fields
        .iter()
        .find(|f| f.name == name && !f.value.is_empty())
        .map(|f| f.value.as_str())
}

fn short(text: &str) -> String {
    text.chars().take(100).collect()
}

fn failed(e: AccessError) -> Response {
    match &e {
        AccessError::Refused { .. } => {
            refuse(StatusCode::UNAUTHORIZED, "access_denied", &format!("{e}."))
        }
        AccessError::Busy => refuse(
            StatusCode::SERVICE_UNAVAILABLE,
            "temporarily_unavailable",
            &e.to_string(),
        ),
        _ => {
            error!(error = %e, cause = std::error::Error::source(&e).map(tracing::field::display), "a login or logout failed");
            refuse(
                StatusCode::INTERNAL_SERVER_ERROR,
                "server_error",
                "The engine failed; its log tells why",
            )
        }
    }
}

/// oVirt puts the code into `error_code` and the words into `error`. With an `error_description` its
/// SDK would take the answer for OpenID's and look for the code in `error`.
fn refuse(status: StatusCode, code: &str, text: &str) -> Response {
    answer(status, json!({ "error_code": code, "error": text }))
}

fn answer(status: StatusCode, body: Value) -> Response {
    (
        status,
        [(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")],
        Json(body),
    )
        .into_response()
}
