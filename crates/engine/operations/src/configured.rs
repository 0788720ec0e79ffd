//! Events of configuration, said in one line.

use audit::{AuditEvent, Change};
use base::{Call, ClusterId, DataCenterId, Timestamp};
use domain::events::{About, NewEvent};

/// Something of that name was configured.
pub(crate) fn event(call: &Call, now: Timestamp, change: Change, name: &str) -> NewEvent {
    about(call, now, change, name, About::default())
}

/// The same, for something that belongs to other objects.
pub(crate) fn about(
    call: &Call,
    now: Timestamp,
    change: Change,
    name: &str,
    about: About,
) -> NewEvent {
    AuditEvent::Configured {
        change,
        name: name.to_owned(),
        about,
    }
    .at(call, now)
}

/// Of a data center.
pub(crate) fn of_data_center(id: DataCenterId) -> About {
    About {
        data_center: Some(id),
        ..About::default()
    }
}

/// Of a cluster.
pub(crate) fn of_cluster(id: ClusterId) -> About {
    About {
        cluster: Some(id),
        ..About::default()
    }
}
