//! An event as the API shows it.

use super::numbers::missing;
use super::{carry, find, links, references};
use api_v4::LogSeverity;
use base::Fault;
use domain::events::{About, Event, ExternalSource, Severity};
use operations::events::EventAdd;
use projection::Snapshot;

/// All of it; what it is about has a name while it is there.
#[must_use]
pub fn event(snapshot: &Snapshot, event: &Event) -> api_v4::Event {
    let Event { id, event } = event;
    let about = &event.about;
    /// A reference that also carries the name.
    macro_rules! named {
        ($noun:ident) => {
            about.$noun.map(|id| {
                let mut reference = references::$noun(id);
                reference.name = snapshot.$noun(id).map(|noun| noun.name.clone());
                reference
            })
        };
    }
    let mut shown = api_v4::Event {
        code: Some(i64::from(event.code)),
        correlation_id: (!event.correlation_id.is_empty()).then(|| event.correlation_id.clone()),
        custom_id: Some(event.external.as_ref().map_or(-1, |e| e.custom_id)),
        description: Some(event.message.clone()),
        flood_rate: Some(0),
        index: Some(*id),
        origin: Some(
            event
                .external
                .as_ref()
                .map_or_else(|| "oVirt".to_owned(), |e| e.origin.clone()),
        ),
        severity: Some(match event.severity {
            Severity::Normal => LogSeverity::Normal,
            Severity::Warning => LogSeverity::Warning,
            Severity::Error => LogSeverity::Error,
            Severity::Alert => LogSeverity::Alert,
        }),
        time: Some(event.at),
        cluster: named!(cluster),
        data_center: named!(data_center),
        host: named!(host),
        storage_domain: named!(storage_domain),
        template: named!(template),
        user: about.user.map(|id| {
            let mut user = references::user(id);
            user.name.clone_from(&about.user_name);
            user
        }),
        vm: named!(vm),
        ..api_v4::Event::default()
    };
    links::place(&mut shown, "events/{}", &[&id.to_string()]);
    shown
}

/// An event from outside: text, severity and origin are needed.
///
/// # Errors
/// 400 for what is missing; 404 for an object that is not there; 501 for what can't be set yet.
pub fn event_add(snapshot: &Snapshot, wanted: &api_v4::Event) -> Result<EventAdd, Fault> {
    let known = [
        "description",
        "severity",
        "origin",
        "custom_id",
        "flood_rate",
        "vm",
        "host",
        "template",
        "cluster",
        "storage_domain",
        "data_center",
    ];
    carry::check(wanted, &api_v4::Event::default(), &known)?;
    if wanted.flood_rate.is_some_and(|rate| rate != 0) {
        return Err(Fault::not_supported("`event.flood_rate`"));
    }
    /// The object that an element names.
    macro_rules! about {
        ($noun:ident) => {
            match wanted.$noun.as_deref() {
                Some(named) => {
                    let path = concat!("event.", stringify!($noun));
                    Some(find::$noun(snapshot, path, named)?.id)
                }
                None => None,
            }
        };
    }
    let template = match wanted.template.as_deref().and_then(|t| t.id.as_deref()) {
        Some(id) => {
            let id = find::id(id, base::TemplateId::WHAT)?;
            let found = snapshot.template(id);
            Some(
                found
                    .ok_or_else(|| Fault::not_found(base::TemplateId::WHAT, id))?
                    .id,
            )
        }
        None => None,
    };
    Ok(EventAdd {
        description: wanted
            .description
            .clone()
            .ok_or_else(|| missing("event.description"))?,
        severity: match wanted.severity.ok_or_else(|| missing("event.severity"))? {
            LogSeverity::Normal => Severity::Normal,
            LogSeverity::Warning => Severity::Warning,
            LogSeverity::Error => Severity::Error,
            LogSeverity::Alert => Severity::Alert,
        },
        source: ExternalSource {
            origin: wanted
                .origin
                .clone()
                .ok_or_else(|| missing("event.origin"))?,
            custom_id: wanted.custom_id.ok_or_else(|| missing("event.custom_id"))?,
        },
        about: About {
            vm: about!(vm),
            host: about!(host),
            cluster: about!(cluster),
            storage_domain: about!(storage_domain),
            data_center: about!(data_center),
            template,
            ..About::default()
        },
    })
}
