//! Verbs on bookmarks: add, update, remove.

use crate::deciding::decide;
use crate::{Accepted, Rooms, configured};
use access::Permitted;
use audit::Change;
use base::{BookmarkId, Fault, Generation};
use domain::bookmarks::{Bookmark, VALUE_MAX};
use domain::names;
use projection::Snapshot;
use std::sync::Arc;
use store::Batch;

/// Longest name of a bookmark.
const NAME_MAX: usize = 40;

/// What is to be set; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BookmarkChange {
    /// Name, any characters.
    pub name: Option<String>,
    /// The search.
    pub value: Option<String>,
}

/// Adds a bookmark.
///
/// # Errors
/// 400 for a bad name or no search; 409 for a name in use.
pub async fn add(
    call: &Permitted,
    rooms: &Rooms,
    set: BookmarkChange,
) -> Result<Accepted<BookmarkId>, Fault> {
    let id = BookmarkId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let bookmark = Bookmark {
            id,
            generation: Generation::NEW,
            name: set.name.clone().unwrap_or_default(),
            value: set.value.clone().unwrap_or_default(),
        };
        check(snapshot, &bookmark, "Cannot create Bookmark")?;
        let mut batch = Batch::new();
        batch.event(configured::event(
            call,
            now,
            Change::BookmarkAdded,
            &bookmark.name,
        ));
        batch.put(bookmark);
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Changes a bookmark.
///
/// # Errors
/// As `add`; 404 for an unknown one.
pub async fn update(
    call: &Permitted,
    rooms: &Rooms,
    id: BookmarkId,
    set: BookmarkChange,
) -> Result<Accepted<BookmarkId>, Fault> {
    decide(rooms, |snapshot, now| {
        let bookmark = find(snapshot, id)?;
        let mut next = (**bookmark).clone();
        if let Some(name) = &set.name {
            next.name.clone_from(name);
        }
        if let Some(value) = &set.value {
            next.value.clone_from(value);
        }
        check(snapshot, &next, "Cannot edit Bookmark")?;
        let mut batch = Batch::new();
        if next != **bookmark {
            batch.event(configured::event(
                call,
                now,
                Change::BookmarkUpdated,
                &next.name,
            ));
            batch.put(next);
        }
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Removes a bookmark.
///
/// # Errors
/// 404 for an unknown one.
pub async fn remove(
    call: &Permitted,
    rooms: &Rooms,
    id: BookmarkId,
) -> Result<Accepted<BookmarkId>, Fault> {
    decide(rooms, |snapshot, now| {
        let bookmark = find(snapshot, id)?;
        let mut batch = Batch::new();
        batch.event(configured::event(
            call,
            now,
            Change::BookmarkRemoved,
            &bookmark.name,
        ));
        batch.delete(bookmark.clone());
        Ok((batch, Accepted::done(id)))
    })
    .await
}

fn find(snapshot: &Snapshot, id: BookmarkId) -> Result<&Arc<Bookmark>, Fault> {
    snapshot
        .bookmark(id)
        .ok_or_else(|| Fault::not_found(BookmarkId::WHAT, id))
}

fn check(snapshot: &Snapshot, bookmark: &Bookmark, verb: &str) -> Result<(), Fault> {
    if bookmark.name.trim().is_empty() || bookmark.value.trim().is_empty() {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_NAME_MAY_NOT_BE_EMPTY",
            format!("{verb}. A bookmark needs a name and a search."),
        ));
    }
    names::check_text("name", &bookmark.name, NAME_MAX)?;
    names::check_text("value", &bookmark.value, VALUE_MAX)?;
    let same = snapshot.bookmark_named(&bookmark.name);
    if same.is_some_and(|b| b.id != bookmark.id) {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_NAME_ALREADY_USED",
            format!(
                "{verb}. The name {} is already in use; choose another one.",
                bookmark.name
            ),
        ));
    }
    Ok(())
}
