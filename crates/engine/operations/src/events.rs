//! Events that programs outside report.

use crate::Rooms;
use crate::deciding::decide;
use access::Permitted;
use base::Fault;
use domain::events::{About, ExternalSource, NewEvent, Severity};
use domain::names;
use store::Batch;

/// Longest message of an event (oVirt's `MaxAuditLogMessageLength`).
const MESSAGE_MAX: usize = 10_000;
/// Longest name of a program.
const ORIGIN_MAX: usize = 255;

/// The event to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct EventAdd {
    /// What happened.
    pub description: String,
    /// How bad.
    pub severity: Severity,
    /// Which program reports it, and its own number of it.
    pub source: ExternalSource,
    /// What it is about; who reports it is filled in.
    pub about: About,
}

/// Writes an event from outside.
///
/// # Errors
/// 400 for no or too long a text, or for what is kept for the engine's own events.
pub async fn add(call: &Permitted, rooms: &Rooms, add: EventAdd) -> Result<(), Fault> {
    if add.description.trim().is_empty() {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_EXTERNAL_EVENT_NO_DESCRIPTION",
            "An event needs a description.",
        ));
    }
    names::check_text("description", &add.description, MESSAGE_MAX)?;
    names::check_text("origin", &add.source.origin, ORIGIN_MAX)?;
    if add.source.origin.eq_ignore_ascii_case("oVirt") {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_EXTERNAL_EVENT_ILLEGAL_ORIGIN",
            "The origin `oVirt` is kept for the engine's own events; give another one.",
        ));
    }
    let code = match add.severity {
        Severity::Normal => 9801,
        Severity::Warning => 9802,
        Severity::Error => 9803,
        Severity::Alert => 9804,
    };
    decide(rooms, |_, now| {
        let mut batch = Batch::new();
        batch.event(NewEvent {
            code,
            severity: add.severity,
            message: add.description.clone(),
            at: now,
            correlation_id: call.correlation_id.clone(),
            about: About {
                user: call.actor.user_id(),
                user_name: Some(call.actor.name().to_owned()),
                ..add.about.clone()
            },
            external: Some(add.source.clone()),
        });
        Ok((batch, ()))
    })
    .await
}
