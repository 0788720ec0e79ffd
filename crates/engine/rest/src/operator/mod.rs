//! What only the operator may do, on the engine's own machine: JSON under `/operator/`.
//!
//! His socket is mode 0600, so whoever can open it needs no login. Things that oVirt's API has no
//! word for stand here: one-time tokens for hosts, image files on hosts, serial logs, passwords.

mod audit;
mod backup;
mod hosts;
mod jobs;
pub mod json;
mod status;
mod storage;
mod users;
mod vms;

use crate::Front;
use access::Permitted;
use axum::Router;
use axum::routing::{get, post};
use base::Fault;

/// The operator's own paths.
pub fn routes() -> Router<Front> {
    Router::new()
        .route("/operator/status", get(status::status))
        .route("/operator/backup", post(backup::make))
        .route("/operator/hosts", post(hosts::add))
        .route(
            "/operator/hosts/{name}/confirm-off",
            post(hosts::confirm_off),
        )
        .route("/operator/hosts/{name}/token", post(hosts::renew_token))
        .route("/operator/storage-domains", post(storage::domain_add))
        .route("/operator/disks/import", post(storage::disk_import))
        .route("/operator/networks", post(storage::network_add))
        .route(
            "/operator/data-centers/{name}",
            post(storage::data_center_update),
        )
        .route("/operator/jobs/{id}", get(jobs::job))
        .route("/operator/vms/{vm}/serial", get(vms::serial))
        .route("/operator/users", get(users::list).post(users::add))
        .route("/operator/users/{login}/password", post(users::password))
        .route("/operator/users/{login}/unlock", post(users::unlock))
        .route("/operator/users/{login}/groups", post(users::member))
        .route("/operator/audit", get(audit::page))
}

/// A call of the operator.
fn call(front: &Front) -> Permitted {
    Permitted::operator(front.rooms.random.uuid().to_string())
}

/// Finds a noun by its name or id.
macro_rules! find {
    ($snapshot:expr, $noun:ident, $named:ident, $what:literal, $text:expr) => {{
        let text: &str = $text;
        let by_id = text.parse().ok().and_then(|id| $snapshot.$noun(id));
        by_id
            .or_else(|| $snapshot.$named(text))
            .cloned()
            .ok_or_else(|| base::Fault::not_found($what, $crate::operator::short(text)))
    }};
}
use find;

fn short(text: &str) -> String {
    text.chars().take(100).collect()
}

fn wrong(parameter: &str, found: &str, allowed: &str) -> Fault {
    Fault::bad_request(
        "INVALID_PARAMETER",
        format!("`{parameter}` is `{}`; allowed is {allowed}.", short(found)),
    )
}
