//! Plain JSON in and out, for the operator's tools and for agents.

use crate::api::faults;
use axum::Json;
use axum::response::{IntoResponse, Response};
use base::{Call, Fault};
use http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

/// What a service answers.
pub type Fallible<T> = Result<T, Fault>;

/// A body as a value.
///
/// # Errors
/// 400 that tells what is wrong with it, without its content.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Fallible<T> {
    serde_json::from_slice(body).map_err(|e| {
        let what = match e.classify() {
            serde_json::error::Category::Data => e.to_string(),
            _ => format!("it is not JSON (line {}, column {})", e.line(), e.column()),
        };
        Fault::bad_request("INVALID_BODY", format!("The body can't be read: {what}."))
    })
}

/// A value, or a fault as `{"reason","detail"}`.
pub fn answer<T: Serialize>(call: &Call, answered: Fallible<T>) -> Response {
    match answered {
        Ok(value) => (StatusCode::OK, Json(value)).into_response(),
        Err(fault) => {
            let fault = faults::public(fault, &call.correlation_id);
            let body = json!({
                "reason": faults::REASON,
                "detail": fault.detail(),
                "key": fault.key,
            });
            (faults::status(fault.kind), Json(body)).into_response()
        }
    }
}
