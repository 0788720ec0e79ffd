//! The API as others read it, made from its tables and from what is bound: pages for people, TypeScript,
//! OpenAPI. `cargo xtask api` writes them into the repository and compares them there; an engine answers
//! its OpenAPI itself, so that it always tells of the engine that is asked.

use crate::api::parameters::HARMLESS;
use crate::api::routes::TREE;
use crate::api::validators::{self, Conditions};
use crate::convert::attributes;
use crate::services::subject;
use api_publish::{Offer, Served};
use api_v4::services::{Operation, Path};
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, ETAG};
use http::{HeaderMap, HeaderValue, StatusCode};
use std::sync::LazyLock;

fn served(path: &Path, operation: &Operation) -> Option<Served> {
    TREE.bound(path, operation).map(|route| Served {
        parameters: route.parameters,
        hollow: route.hollow,
    })
}

fn with_offer<T>(make: impl FnOnce(&Offer<'_>) -> T) -> T {
    make(&Offer {
        served: &served,
        subject: &subject,
        everywhere: HARMLESS,
        attributes: &attributes::all(),
    })
}

/// Every file that is made from the tables: its path in the repository and its text.
#[must_use]
pub fn published() -> Vec<(String, String)> {
    let generated = |name: &str| format!("crates/api/api-v4/generated/{name}");
    with_offer(|offer| {
        let mut files = vec![
            (generated("openapi.json"), api_publish::openapi(offer)),
            (generated("api.ts"), api_publish::typescript()),
            (
                "docs/api-coverage.md".to_owned(),
                api_publish::coverage(offer),
            ),
        ];
        let pages = api_publish::documentation(offer);
        files.extend(
            pages
                .into_iter()
                .map(|(name, text)| (format!("docs/api/{name}"), text)),
        );
        files
    })
}

struct Document {
    text: Bytes,
    tag: String,
}

static OPENAPI: LazyLock<Document> = LazyLock::new(|| {
    let text = with_offer(api_publish::openapi);
    Document {
        tag: validators::digest(text.as_bytes()),
        text: Bytes::from(text),
    }
});

/// Answers this engine's OpenAPI, or that the caller has it already.
pub(crate) fn openapi(headers: &HeaderMap) -> Response {
    let document = &*OPENAPI;
    let conditions = Conditions::of(headers);
    let mut response = if conditions.known(&document.tag) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        let mut response = Response::new(Body::from(document.text.clone()));
        let json = HeaderValue::from_static("application/json;charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, json);
        response
    };
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", document.tag)) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}
