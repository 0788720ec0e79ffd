//! What a route asks of its caller, and what the caller gets to see.
//!
//! A caller who is no administrator, or who sends `Filter: true`, works on a snapshot in which nothing
//! exists but what he sees; so lists, searches, counts, `follow` and names in bodies need not ask. A
//! change takes a permit, too, and the proof that it was there (`access::Permitted`).

use super::ask::Ask;
use super::entry::below_root;
use access::{Permitted, lacking};
use api_schema::{Record, View};
use base::{Call, Fault, FaultKind};
use domain::rights::Object;
use domain::roles::{PermitId, permits};
use domain::{Key, Noun};
use http::HeaderMap;
use projection::{Rights, Snapshot};
use std::fmt;
use std::sync::Arc;
use uuid::Uuid;

/// What a route asks of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// To be logged in. The answer holds what the caller sees.
    Seen,
    /// The permit on the object that the path begins with.
    On(PermitId),
    /// The permit on the whole system.
    System(PermitId),
    /// The permit on something that only the body tells: the service asks (`Ask::permitted_on`).
    /// Who has it nowhere is refused before the body is looked at.
    Asked(PermitId),
}

impl Rule {
    /// The permit that it is about.
    #[must_use]
    pub fn permit(self) -> Option<PermitId> {
        match self {
            Rule::Seen => None,
            Rule::On(permit) | Rule::System(permit) | Rule::Asked(permit) => Some(permit),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rule::Seen => f.write_str("what is seen"),
            Rule::On(permit) => write!(f, "{} on the first object", permit.name()),
            Rule::System(permit) => write!(f, "{} on the system", permit.name()),
            Rule::Asked(permit) => write!(f, "{} on what the body names", permit.name()),
        }
    }
}

/// Whose request it is, as far as rights go. The operator has none to ask for.
pub type Asker = Option<Arc<Rights>>;

/// The world as the caller sees it.
///
/// # Errors
/// 403 for a user who is no administrator and wants to see everything (`Filter: false`), or who may not
/// log in any more; 400 for another word than true and false.
pub fn world(snapshot: &Snapshot, asker: &Asker, headers: &HeaderMap) -> Result<Snapshot, Fault> {
    let filter = filter(headers)?;
    let Some(rights) = asker else {
        return Ok(snapshot.clone());
    };
    if !rights.may_log_in(snapshot) {
        return Err(lacking(permits::LOGIN, "any object"));
    }
    let administrator = rights.is_administrator(snapshot);
    match filter {
        Some(false) if !administrator => Err(Fault::new(
            FaultKind::Forbidden,
            "USER_NOT_AUTHORIZED_TO_PERFORM_ACTION",
            "Only administrators see everything; leave the header `Filter` out or send `true`.",
        )),
        Some(true) => Ok(snapshot.seen_by(rights.clone())),
        None if !administrator => Ok(snapshot.seen_by(rights.clone())),
        _ => Ok(snapshot.clone()),
    }
}

fn filter(headers: &HeaderMap) -> Result<Option<bool>, Fault> {
    let Some(value) = headers.get("filter") else {
        return Ok(None);
    };
    let text = String::from_utf8_lossy(value.as_bytes());
    match text.trim().to_ascii_lowercase().as_str() {
        "true" => Ok(Some(true)),
        "false" => Ok(Some(false)),
        _ => Err(Fault::bad_request(
            "INVALID_HEADER",
            format!(
                "The header `Filter` has the value `{}`; allowed is `true` or `false`.",
                text.chars().take(100).collect::<String>()
            ),
        )),
    }
}

/// Asks what a route's rule demands; `None` where the service itself must ask, or nothing changes.
///
/// # Errors
/// 404 for an object that does not exist or is not seen; 403 for one that is, without the permit.
pub fn check(
    rule: Rule,
    segments: &[String],
    snapshot: &Snapshot,
    asker: &Asker,
    call: &Call,
) -> Result<Option<Permitted>, Fault> {
    match rule {
        Rule::Seen => Ok(None),
        Rule::On(permit) => {
            let object = object_of(segments)?;
            permitted(snapshot, asker, call, permit, object).map(Some)
        }
        Rule::System(permit) => permitted(snapshot, asker, call, permit, Object::System).map(Some),
        Rule::Asked(permit) => match asker {
            Some(rights) if !rights.may_anywhere(snapshot, permit) => {
                Err(lacking(permit, "any object"))
            }
            _ => Ok(None),
        },
    }
}

/// The proof that the caller has the permit on the object.
///
/// # Errors
/// As `check`.
pub fn permitted(
    snapshot: &Snapshot,
    asker: &Asker,
    call: &Call,
    permit: PermitId,
    object: Object,
) -> Result<Permitted, Fault> {
    match asker {
        Some(rights) => Permitted::check(snapshot, rights, call, permit, object),
        None => Permitted::unasked(call)
            .ok_or_else(|| Fault::internal("a user's call came without the user's rights")),
    }
}

/// The object that a path begins with. What is no id can't be found.
fn object_of(segments: &[String]) -> Result<Object, Fault> {
    let (Some(collection), Some(id)) = (segments.first(), segments.get(1)) else {
        return Err(Fault::internal(
            "a rule on an object, and a path without one",
        ));
    };
    let noun = noun_of(collection)
        .ok_or_else(|| Fault::internal(format!("a rule on an object of `{collection}`")))?;
    match (id.len(), Uuid::try_parse(id)) {
        (36, Ok(id)) => Ok(Object::One(Key { noun, id })),
        _ => Err(Fault::not_found(
            noun.what(),
            id.chars().take(64).collect::<String>(),
        )),
    }
}

/// What stands in a collection below the API's root, if it is something that rights are about.
#[must_use]
pub fn noun_of(collection: &str) -> Option<Noun> {
    Some(match collection {
        "affinitylabels" => Noun::AffinityLabel,
        "bookmarks" => Noun::Bookmark,
        "clusters" => Noun::Cluster,
        "datacenters" => Noun::DataCenter,
        "disks" => Noun::Disk,
        "groups" => Noun::Group,
        "hosts" => Noun::Host,
        "instancetypes" => Noun::InstanceType,
        "macpools" => Noun::MacPool,
        "networks" => Noun::Network,
        "permissions" => Noun::Permission,
        "roles" => Noun::Role,
        "schedulingpolicies" => Noun::SchedulingPolicy,
        "storagedomains" => Noun::StorageDomain,
        "tags" => Noun::Tag,
        "templates" => Noun::Template,
        "users" => Noun::User,
        "vms" => Noun::Vm,
        "vnicprofiles" => Noun::VnicProfile,
        _ => return None,
    })
}

/// Takes out of an entity what names objects that the snapshot's viewer does not see: his machine's
/// host, say. An element that names one anywhere goes as a whole.
pub fn scrub(snapshot: &Snapshot, record: &mut dyn Record) {
    if snapshot.viewer().is_none() {
        return;
    }
    for index in 0..record.desc().fields.len() {
        let hidden = record
            .slot(index)
            .is_some_and(|slot| names_hidden(snapshot, slot.view()));
        if hidden && let Some(slot) = record.slot_mut(index) {
            slot.clear();
        }
    }
}

fn names_hidden(snapshot: &Snapshot, view: View<'_>) -> bool {
    match view {
        View::Record(record) => {
            let href = record.identity().and_then(|i| i.href);
            href.is_some_and(|href| is_hidden(snapshot, href))
                || (0..record.desc().fields.len()).any(|index| {
                    let slot = record.slot(index);
                    slot.is_some_and(|slot| names_hidden(snapshot, slot.view()))
                })
        }
        View::List(list) => (0..list.len()).any(|i| names_hidden(snapshot, list.get(i))),
        _ => false,
    }
}

fn is_hidden(snapshot: &Snapshot, href: &str) -> bool {
    let Some(path) = below_root(href) else {
        return false;
    };
    let mut segments = path.split(['/', '?']).filter(|s| !s.is_empty());
    let (Some(noun), Some(id)) = (segments.next().and_then(noun_of), segments.next()) else {
        return false;
    };
    Uuid::try_parse(id).is_ok_and(|id| !snapshot.has(Object::One(Key { noun, id })))
}

impl Ask {
    /// The proof that the route's rule was asked, which verbs take.
    ///
    /// # Errors
    /// 500 in a service whose rule leaves the asking to it.
    pub fn permitted(&self) -> Result<&Permitted, Fault> {
        self.granted
            .as_ref()
            .ok_or_else(|| Fault::internal("nobody asked whether this is permitted"))
    }

    /// The proof that the caller has the permit on an object that the body names.
    ///
    /// # Errors
    /// 404 for an object that is not seen, 403 without the permit.
    pub fn permitted_on(&self, permit: PermitId, noun: Noun, id: Uuid) -> Result<Permitted, Fault> {
        self.permitted_at(permit, Object::One(Key { noun, id }))
    }

    /// The same for the system or any object.
    ///
    /// # Errors
    /// As `permitted_on`.
    pub fn permitted_at(&self, permit: PermitId, object: Object) -> Result<Permitted, Fault> {
        permitted(&self.snapshot, &self.asker, &self.call, permit, object)
    }
}
