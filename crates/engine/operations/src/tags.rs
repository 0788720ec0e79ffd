//! Verbs on tags: add, update (also: move), remove. Putting them on objects is in `memberships`.

use crate::deciding::decide;
use crate::{Accepted, Rooms, configured, memberships};
use access::Permitted;
use audit::Change;
use base::{Fault, Generation, TagId};
use domain::names::{self, Alphabet};
use domain::tags::Tag;
use projection::Snapshot;
use std::sync::Arc;
use store::Batch;

/// Longest name of a tag.
const NAME_MAX: usize = 50;

/// What is to be set; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagChange {
    /// Name.
    pub name: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// The tag above it.
    pub parent: Option<TagId>,
}

/// Adds a tag.
///
/// # Errors
/// 400 for a bad name; 404 for an unknown parent; 409 for a name in use.
pub async fn add(
    call: &Permitted,
    rooms: &Rooms,
    set: TagChange,
) -> Result<Accepted<TagId>, Fault> {
    let id = TagId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let tag = Tag {
            id,
            generation: Generation::NEW,
            name: set.name.clone().unwrap_or_default(),
            description: set.description.clone().unwrap_or_default(),
            parent: set.parent.unwrap_or(TagId::ROOT),
        };
        check(snapshot, &tag, "Cannot create Tag")?;
        let mut batch = Batch::new();
        batch.event(configured::event(call, now, Change::TagAdded, &tag.name));
        hold_parent(snapshot, tag.parent, &mut batch);
        batch.put(tag);
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Changes or moves a tag.
///
/// # Errors
/// As `add`; 404 for an unknown tag; 409 when it would come below itself.
pub async fn update(
    call: &Permitted,
    rooms: &Rooms,
    id: TagId,
    set: TagChange,
) -> Result<Accepted<TagId>, Fault> {
    decide(rooms, |snapshot, now| {
        let tag = find(snapshot, id)?;
        let mut next = (**tag).clone();
        if let Some(name) = &set.name {
            next.name.clone_from(name);
        }
        if let Some(description) = &set.description {
            next.description.clone_from(description);
        }
        next.parent = set.parent.unwrap_or(next.parent);
        check(snapshot, &next, "Cannot edit Tag")?;
        let mut batch = Batch::new();
        if next != **tag {
            let change = if next.parent == tag.parent {
                Change::TagUpdated
            } else {
                hold_parent(snapshot, next.parent, &mut batch);
                Change::TagMoved
            };
            batch.event(configured::event(call, now, change, &next.name));
            batch.put(next);
        }
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Removes a tag with all tags below it, from every object.
///
/// # Errors
/// 404 for an unknown one; 409 for the root.
pub async fn remove(call: &Permitted, rooms: &Rooms, id: TagId) -> Result<Accepted<TagId>, Fault> {
    decide(rooms, |snapshot, now| {
        let mut gone = vec![find(snapshot, id)?];
        let mut at = 0;
        while let Some(tag) = gone.get(at).copied() {
            let below = snapshot.tags_below(tag.id);
            let new: Vec<_> = below
                .filter(|t| !gone.iter().any(|g| g.id == t.id))
                .collect();
            gone.extend(new);
            at += 1;
        }
        let mut batch = Batch::new();
        for tag in gone {
            memberships::forget(snapshot, tag.id.0, &mut batch);
            batch.event(configured::event(call, now, Change::TagRemoved, &tag.name));
            batch.delete(tag.clone());
        }
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Nobody removes or moves the parent at the same moment.
fn hold_parent(snapshot: &Snapshot, parent: TagId, batch: &mut Batch) {
    for tag in snapshot.tag_path(parent) {
        batch.put(tag.clone());
    }
}

fn find(snapshot: &Snapshot, id: TagId) -> Result<&Arc<Tag>, Fault> {
    if id == TagId::ROOT {
        return Err(Fault::conflict(
            "TAGS_CANNOT_EDIT_ROOT",
            "The root of the tags can't be changed or removed.",
        ));
    }
    snapshot
        .tag(id)
        .ok_or_else(|| Fault::not_found(TagId::WHAT, id))
}

fn check(snapshot: &Snapshot, tag: &Tag, verb: &str) -> Result<(), Fault> {
    names::check_name("tag", &tag.name, NAME_MAX, Alphabet::International)?;
    names::check_text("description", &tag.description, names::DESCRIPTION_MAX)?;
    let same = snapshot.tag_named(&tag.name);
    if tag.name == "root" || same.is_some_and(|t| t.id != tag.id) {
        return Err(Fault::conflict(
            "TAGS_SPECIFY_TAG_IS_IN_USE",
            format!(
                "{verb}. The name {} is already in use; choose another one.",
                tag.name
            ),
        ));
    }
    if tag.parent == TagId::ROOT {
        return Ok(());
    }
    let path = snapshot.tag_path(tag.parent);
    if path.is_empty() {
        return Err(Fault::not_found(TagId::WHAT, tag.parent));
    }
    if path.iter().any(|above| above.id == tag.id) {
        return Err(Fault::conflict(
            "TAGS_CANNOT_MOVE_BELOW_ITSELF",
            format!("{verb}. Tag {} can't come below itself.", tag.name),
        ));
    }
    Ok(())
}
