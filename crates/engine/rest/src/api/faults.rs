//! Faults on their way out: one HTTP status for each kind, and nothing about our defects.

use base::{Fault, FaultKind};
use http::StatusCode;
use tracing::error;

/// oVirt's `reason` of everything that an operation refused.
pub const REASON: &str = "Operation Failed";

/// The one HTTP status of a kind.
#[must_use]
pub fn status(kind: FaultKind) -> StatusCode {
    match kind {
        FaultKind::BadRequest => StatusCode::BAD_REQUEST,
        FaultKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        FaultKind::Forbidden => StatusCode::FORBIDDEN,
        FaultKind::NotFound => StatusCode::NOT_FOUND,
        FaultKind::Conflict => StatusCode::CONFLICT,
        FaultKind::NotSupported => StatusCode::NOT_IMPLEMENTED,
        FaultKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        FaultKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What the caller may read. An internal fault goes to the log, and the caller gets the correlation
/// id to find it by.
#[must_use]
pub fn public(fault: Fault, correlation_id: &str) -> Fault {
    if fault.kind != FaultKind::Internal {
        return fault;
    }
    error!(
        correlation_id,
        key = %fault.key,
        "a request failed by a defect of the engine: {fault}"
    );
    Fault::internal(format!(
        "The engine failed. Its log tells why under the correlation id {correlation_id}."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_defect_is_told_to_the_log_only() {
        let told = public(Fault::internal("secret path /x"), "c-1");
        assert!(told.detail().contains("c-1") && !told.detail().contains("/x"));
        let told = public(Fault::conflict("K", "VM is running."), "c-1");
        assert_eq!(told.detail(), "[VM is running.]");
        assert_eq!(status(told.kind), StatusCode::CONFLICT);
    }
}
