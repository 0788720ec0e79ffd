//! Who did what, from where, with which token: the events for machines to keep.

use super::json::{Fallible, answer};
use super::{call, wrong};
use crate::Front;
use crate::api::location::form_fields;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use domain::events::Event;
use serde::Serialize;
use store::EventQuery;

/// Events of one answer.
const PAGE: u32 = 1000;

/// One event, flat. Objects that it is not about are left out.
#[derive(Serialize)]
struct Line {
    id: i64,
    /// Microseconds since 1970 in UTC.
    at: i64,
    code: i32,
    severity: &'static str,
    user: Option<String>,
    user_id: Option<String>,
    address: Option<String>,
    token: Option<String>,
    correlation_id: String,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    vm: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_center: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    storage_domain: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disk: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
}

fn text(id: Option<impl ToString>) -> Option<String> {
    id.map(|id| id.to_string())
}

fn line(event: Event) -> Line {
    let Event { id, event } = event;
    let about = event.about;
    Line {
        id,
        at: event.at.0,
        code: event.code,
        severity: event.severity.name(),
        user: about.user_name,
        user_id: text(about.user),
        address: about.address,
        token: text(about.token),
        correlation_id: event.correlation_id,
        message: event.message,
        vm: text(about.vm),
        host: text(about.host),
        cluster: text(about.cluster),
        data_center: text(about.data_center),
        storage_domain: text(about.storage_domain),
        template: text(about.template),
        disk: text(about.disk),
        origin: event.external.map(|e| e.origin),
    }
}

/// `GET /operator/audit?from=ID`: the next events with greater ids, oldest first, 1,000 at most.
pub async fn page(State(front): State<Front>, RawQuery(query): RawQuery) -> Response {
    let answered = read(&front, query.as_deref()).await;
    answer(&call(&front), answered)
}

async fn read(front: &Front, query: Option<&str>) -> Fallible<Vec<Line>> {
    let fields = form_fields(query.unwrap_or_default())?;
    let from = match fields.iter().rfind(|f| f.name == "from") {
        None => None,
        Some(f) => Some(
            f.value
                .parse::<i64>()
                .map_err(|_| wrong("from", &f.value, "the id of an event"))?,
        ),
    };
    let wanted = EventQuery {
        from,
        max: Some(PAGE),
        ..EventQuery::default()
    };
    let events = front.rooms.store.events(wanted).await?;
    Ok(events.into_iter().map(line).collect())
}
