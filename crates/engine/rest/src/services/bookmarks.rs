//! `bookmarks`.

use super::listing;
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{BookmarkId, Fault};
use operations::bookmarks as verbs;
use projection::Snapshot;

fn shown(snapshot: &Snapshot, id: BookmarkId) -> Result<api_v4::Bookmark, Fault> {
    let bookmark = snapshot
        .bookmark(id)
        .ok_or_else(|| Fault::not_found(BookmarkId::WHAT, id))?;
    Ok(convert::bookmark(bookmark))
}

/// `GET bookmarks`.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    let all = ask.snapshot.bookmarks().map(|b| convert::bookmark(b));
    listing::plain(ask, all.collect())
}

/// `GET bookmarks/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    let id = ask.id(0, BookmarkId::WHAT)?;
    Ok(Answer::entity(shown(&ask.snapshot, id)?))
}

/// `POST bookmarks`.
pub async fn add(ask: &Ask) -> Result<Answer, Fault> {
    let set = convert::bookmark_change(&ask.read()?, None)?;
    let accepted = verbs::add(ask.permitted()?, &ask.front.rooms, set).await?;
    Ok(Answer::added(shown(&ask.fresh(), accepted.id)?, None))
}

/// `PUT bookmarks/{}`.
pub async fn update(ask: &Ask) -> Result<Answer, Fault> {
    let id = ask.id(0, BookmarkId::WHAT)?;
    let before = shown(&ask.snapshot, id)?;
    let set = convert::bookmark_change(&ask.read()?, Some(&before))?;
    verbs::update(ask.permitted()?, &ask.front.rooms, id, set).await?;
    Ok(Answer::entity(shown(&ask.fresh(), id)?))
}

/// `DELETE bookmarks/{}`.
pub async fn remove(ask: &Ask) -> Result<Answer, Fault> {
    let id = ask.id(0, BookmarkId::WHAT)?;
    verbs::remove(ask.permitted()?, &ask.front.rooms, id).await?;
    Ok(Answer::done(None))
}
