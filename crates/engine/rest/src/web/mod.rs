//! The doors and what stands beside the API: login, health, the CA, enrolment, a page to land on.

pub mod account;
mod enrol;
mod landing;
mod services;
mod sso;

use crate::Front;
use crate::api::entry::{self, Door};
use crate::api::validators::GZIP;
use crate::operator;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{self, Next, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use futures::FutureExt as _;
use http::header::{
    CONTENT_ENCODING, ETAG, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderValue, StatusCode};
use std::panic::AssertUnwindSafe;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tracing::error;

/// Bodies of the small services (forms, an enrolment) are never larger.
const SMALL_BODY: usize = 16 * 1024;

/// Everything that HTTPS answers.
pub fn router(front: Front) -> Router {
    let small = Router::new()
        .route("/", get(landing::page))
        .route("/ovirt-engine", get(landing::page))
        .route("/ovirt-engine/", get(landing::page))
        .route("/vireo.css", get(landing::style))
        .route("/ca.crt", get(services::ca))
        .route("/ovirt-engine/ca.crt", get(services::ca))
        .route("/ovirt-engine/apidoc/openapi.json", get(services::openapi))
        .route("/ovirt-engine/services/health", get(services::health))
        .route(
            "/ovirt-engine/services/pki-resource",
            get(services::pki_resource),
        )
        .route("/ovirt-engine/services/sso-logout", post(sso::logout))
        .route("/ovirt-engine/services/vireo-enrol", post(enrol::enrol))
        .route("/ovirt-engine/sso/oauth/token", post(sso::token))
        .route("/ovirt-engine/sso/oauth/revoke", post(sso::logout))
        .route("/ovirt-engine/sso/oauth/token-info", post(sso::token_info))
        .route("/vireo/sessions", get(account::list))
        .route("/vireo/sessions/{id}", delete(account::end))
        .route("/vireo/tokens", post(account::make))
        .route("/vireo/password", post(account::password))
        .layer(DefaultBodyLimit::max(SMALL_BODY));
    small
        .fallback(public)
        .layer(middleware::from_fn_with_state(front.clone(), bounded))
        .layer(
            // Long lists are to go out as fast as they are made; a better level would not keep up.
            CompressionLayer::new()
                .gzip(true)
                .quality(CompressionLevel::Fastest),
        )
        .layer(map_response(retag))
        .with_state(front)
}

/// Everything that the operator's socket answers: the whole API without a login, and `/operator`.
pub fn operator_router(front: Front) -> Router {
    operator::routes()
        .layer(DefaultBodyLimit::max(SMALL_BODY))
        .fallback(of_operator)
        .layer(middleware::from_fn_with_state(front.clone(), bounded))
        .with_state(front)
}

async fn public(State(front): State<Front>, request: Request) -> Response {
    behind(front, Door::Public, request).await
}

async fn of_operator(State(front): State<Front>, request: Request) -> Response {
    behind(front, Door::Operator, request).await
}

async fn behind(front: Front, door: Door, request: Request<Body>) -> Response {
    if entry::below_root(request.uri().path()).is_some() {
        entry::answer(front, door, request).await
    } else {
        (
            StatusCode::NOT_FOUND,
            "There is nothing here; the API is at /ovirt-engine/api.\n",
        )
            .into_response()
    }
}

/// A compressed answer is another sequence of bytes, so its tag is another, too.
async fn retag(mut response: Response) -> Response {
    let headers = response.headers_mut();
    if headers.contains_key(CONTENT_ENCODING)
        && let Some(tag) = headers.get(ETAG).and_then(|tag| tag.to_str().ok())
        && let Some(inner) = tag.strip_suffix('"')
        && let Ok(tag) = HeaderValue::from_str(&format!("{inner}{GZIP}\""))
    {
        headers.insert(ETAG, tag);
    }
    response
}

/// What holds for every answer: a panic is a 500, and browsers neither guess types nor frame us.
///
/// The small services read their bodies on their own, so their time is bounded here; the API bounds
/// only its body, since an answer may take long.
async fn bounded(State(front): State<Front>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let is_api = entry::below_root(&path).is_some() || path.starts_with("/operator/");
    let work = AssertUnwindSafe(next.run(request)).catch_unwind();
    let ended = if is_api {
        work.await
    } else {
        tokio::select! {
            ended = work => ended,
            () = front.rooms.clock.sleep(front.limits.body) => {
                Ok((StatusCode::REQUEST_TIMEOUT, "The request took too long.\n").into_response())
            }
        }
    };
    let mut response = ended.unwrap_or_else(|_| {
        error!(http.path = path, "a request panicked");
        (
            StatusCode::INTERNAL_SERVER_ERROR,
            "The engine failed; its log tells why.\n",
        )
            .into_response()
    });
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
