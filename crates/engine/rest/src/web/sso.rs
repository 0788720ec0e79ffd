//! Login and logout as oVirt's single sign-on answers them: OAuth's password grant in JSON.

use crate::Front;
use crate::api::location::{Parameter, form_fields};
use crate::server::Peer;
use access::{AccessError, Login};
use audit::AuditEvent;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use base::{Actor, Call, Origin, Source};
use bytes::Bytes;
use domain::users::User;
use http::StatusCode;
use http::header::{CACHE_CONTROL, PRAGMA};
use projection::Rights;
use serde_json::{Value, json};
use store::Batch;
use tracing::{error, info};

/// The scope that API clients ask for and get.
const API_SCOPE: &str = "ovirt-app-api";

/// `POST /ovirt-engine/sso/oauth/token`: `grant_type=password`, `username`, `password`, `scope`.
pub async fn token(
    State(front): State<Front>,
    peer: Option<Extension<Peer>>,
    body: Bytes,
) -> Response {
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
    let address = peer.as_ref().map(|p| p.0.0.ip().to_string());
    let from = address.clone().unwrap_or_else(|| "unknown".to_owned());
    match admitted(&front, login, password, address.clone()).await {
        Ok(login) => {
            let session = login.id.to_string();
            let source = Source {
                address,
                token: Some(login.id),
            };
            let event = AuditEvent::LoggedIn { from, session };
            note(&front, &login.user, source, event).await;
            answer(
                StatusCode::OK,
                json!({
                    "access_token": login.secret.reveal(),
                    "scope": field(&fields, "scope").unwrap_or(API_SCOPE),
                    "exp": (login.expires.0 / 1000).to_string(),
                    "token_type": "bearer",
                }),
            )
        }
        Err(e) => {
            if let AccessError::Refused { login } = &e {
                // Not an event: whoever guesses passwords could fill the database.
                info!(user.name = %login, from, "`{login}` could not log in");
            }
            failed(e)
        }
    }
}

/// Gives out a token to who has the permit to log in, on whatever object.
async fn admitted(
    front: &Front,
    login: &str,
    password: &str,
    address: Option<String>,
) -> Result<Login, AccessError> {
    let who = front.access.verify(login, password).await?;
    let snapshot = front.rooms.projection.snapshot();
    if !Rights::of(&snapshot, who.user.id).may_log_in(&snapshot) {
        return Err(AccessError::NotPermitted {
            login: who.user.principal(),
        });
    }
    front.access.open(&who.user, address).await
}

/// `POST /ovirt-engine/services/sso-logout` and `/ovirt-engine/sso/oauth/revoke`: the token ends.
/// One that is unknown has ended already.
pub async fn logout(
    State(front): State<Front>,
    peer: Option<Extension<Peer>>,
    body: Bytes,
) -> Response {
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
    let who = front.access.authenticate(token).await;
    match front.access.logout(token).await {
        Ok(()) => {
            if let Some(who) = who {
                let source = Source {
                    address: peer.map(|p| p.0.0.ip().to_string()),
                    token: who.token.as_ref().map(|t| t.id),
                };
                note(&front, &who.user, source, AuditEvent::LoggedOut).await;
            }
            answer(StatusCode::OK, json!({}))
        }
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

/// Writes an event about somebody. A login that worked is not undone when it can't be written down.
async fn note(front: &Front, user: &User, source: Source, event: AuditEvent) {
    let rooms = &front.rooms;
    let call = Call {
        actor: Actor::User {
            id: user.id,
            name: user.principal(),
        },
        correlation_id: rooms.random.uuid().to_string(),
        origin: Origin::Rest,
        deadline: None,
        source,
    };
    let mut batch = Batch::new();
    batch.event(event.at(&call, rooms.clock.now()));
    if let Err(e) = rooms.store.commit(batch).await {
        error!(error = %e, "an event about a login could not be stored");
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
        AccessError::Refused { .. }
        | AccessError::Expired { .. }
        | AccessError::NotPermitted { .. } => {
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
