//! What a VM wrote to its serial console.

use super::json::{Fallible, answer};
use super::{call, wrong};
use crate::Front;
use crate::api::location::form_fields;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use base::Fault;
use domain::vms::Vm;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use ports::hosts::HostError;
use projection::Snapshot;
use std::sync::Arc;

/// What is shown when nobody says how much, and at most.
const BYTES: u64 = 64 * 1024;
const BYTES_MAX: u64 = 16 * 1024 * 1024;

/// `GET /operator/vms/{name-or-id}/serial?max=BYTES`: the bytes as they are.
pub async fn serial(
    State(front): State<Front>,
    Path(vm): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    match read(&front, &vm, query.as_deref()).await {
        Ok(bytes) => (
            StatusCode::OK,
            [(CONTENT_TYPE, "application/octet-stream")],
            bytes,
        )
            .into_response(),
        Err(fault) => answer::<()>(&call(&front), Err(fault)),
    }
}

async fn read(front: &Front, vm: &str, query: Option<&str>) -> Fallible<Vec<u8>> {
    let fields = form_fields(query.unwrap_or_default())?;
    let max = match fields.iter().rfind(|f| f.name == "max") {
        None => BYTES,
        Some(f) => f
            .value
            .parse::<u64>()
            .map_err(|_| wrong("max", &f.value, "a whole number of bytes"))?,
    };
    let snapshot = front.rooms.projection.snapshot();
    let vm = find(&snapshot, vm)?;
    let host = vm.run.as_ref().and_then(|r| r.host).ok_or_else(|| {
        Fault::conflict(
            "ACTION_TYPE_FAILED_VM_IS_NOT_RUNNING",
            format!(
                "VM {} does not run on any host, so nobody has its console.",
                vm.name
            ),
        )
    })?;
    let session = front.rooms.agents.session(host).ok_or_else(|| {
        Fault::unavailable("HOST_NOT_CONNECTED", "The VM's host is not connected.")
    })?;
    session
        .vm_serial_log(vm.id, max.min(BYTES_MAX))
        .await
        .map_err(|e| match e {
            HostError::NotFound { what } => Fault::not_found("console log", what),
            other => Fault::unavailable("HOST_FAILED", format!("{other}.")),
        })
}

/// By id, or by a name that only one data center has.
fn find(snapshot: &Snapshot, text: &str) -> Fallible<Arc<Vm>> {
    if let Some(vm) = text.parse().ok().and_then(|id| snapshot.vm(id)) {
        return Ok(vm.clone());
    }
    let mut found = snapshot
        .data_centers()
        .filter_map(|dc| snapshot.vm_named(dc.id, text));
    match (found.next(), found.next()) {
        (Some(vm), None) => Ok(vm.clone()),
        (Some(_), Some(_)) => Err(Fault::bad_request(
            "AMBIGUOUS_NAME",
            format!(
                "Several data centers have a VM {}; use its id.",
                super::short(text)
            ),
        )),
        _ => Err(Fault::not_found("virtual machine", super::short(text))),
    }
}
