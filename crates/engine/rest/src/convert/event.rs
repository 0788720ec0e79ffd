//! An event as the API shows it.

use super::{links, references};
use api_v4::LogSeverity;
use domain::events::{Event, Severity};
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
        custom_id: Some(-1),
        description: Some(event.message.clone()),
        flood_rate: Some(0),
        index: Some(*id),
        origin: Some("oVirt".to_owned()),
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
