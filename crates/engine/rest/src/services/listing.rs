//! Collections: which members a request asks for, in which order, how many.

use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::searching::{Inventory, Item, Searchable};
use api_schema::Api;
use base::Fault;
use projection::Snapshot;
use search::{Joined, Object, Query, Window};
use std::sync::Arc;

/// oVirt's `SearchResultsLimit`: members of a page, where a search asks for one.
pub const PAGE: usize = 100;

/// What each collection understands that can be searched.
pub const SEARCHED: &[&str] = &["search", "max", "follow", "current", "detail"];
/// What every other collection understands.
pub const PLAIN: &[&str] = &["max", "follow", "current"];
/// What every GET of one entity understands.
pub const ONE: &[&str] = &["follow", "current", "detail", "next_run"];

/// At most how many members; oVirt's -1 is "all".
pub fn max(ask: &Ask) -> Result<Option<usize>, Fault> {
    match ask.parameters.text("max") {
        Some("-1") => Ok(None),
        _ => ask.parameters.number("max"),
    }
}

/// What the request's search asks of objects of a kind.
fn query(ask: &Ask, object: Object) -> Result<Query, Fault> {
    let text = ask.parameters.text("search").unwrap_or_default();
    let case_sensitive = ask.parameters.flag("case_sensitive")?.unwrap_or(false);
    Ok(search::parse(object, text)?.case_sensitive(case_sensitive))
}

/// Which part of an answer `max` and the search's own page ask for; a page holds `max` objects.
pub fn window(max: Option<usize>, page: Option<u32>) -> Window {
    let Some(page) = page else {
        return Window {
            skip: 0,
            take: max.unwrap_or(usize::MAX),
        };
    };
    let size = max.unwrap_or(PAGE);
    let before = usize::try_from(page)
        .unwrap_or(usize::MAX)
        .saturating_sub(1);
    Window {
        skip: before.saturating_mul(size),
        take: size,
    }
}

/// The objects of a noun that `search`, `max` and the search's own page ask for, converted one by
/// one while they are written.
pub fn everything<N: Searchable, T: Api>(
    ask: &Ask,
    show: fn(&Snapshot, &N) -> T,
) -> Result<Answer, Fault> {
    chosen(ask, None, show)
}

/// As `everything`, of these members only.
pub fn searched<'a, N: Searchable, T: Api>(
    ask: &'a Ask,
    members: impl Iterator<Item = &'a Arc<N>>,
    show: fn(&Snapshot, &N) -> T,
) -> Result<Answer, Fault> {
    chosen(ask, Some(members.map(N::item).collect()), show)
}

fn chosen<'a, N: Searchable, T: Api>(
    ask: &'a Ask,
    among: Option<Vec<Item<'a>>>,
    show: fn(&Snapshot, &N) -> T,
) -> Result<Answer, Fault> {
    let query = query(ask, N::OBJECT)?;
    if query.joined().contains(&Object::Event) {
        return Err(Fault::not_supported("joining events in a search"));
    }
    let window = window(max(ask)?, query.page);
    let now = ask.front.rooms.clock.now();
    let world = Inventory::new(&ask.snapshot, now);
    let found = search::select(&world, &query, now, &Joined::new(), among, window);
    let found: Vec<Arc<N>> = found.into_iter().filter_map(N::of).cloned().collect();
    let snapshot = ask.snapshot.clone();
    Ok(Answer::list(
        found.into_iter().map(move |noun| show(&snapshot, &noun)),
    ))
}

/// All of a few members that are there already.
pub fn plain<T: Api>(ask: &Ask, members: Vec<T>) -> Result<Answer, Fault> {
    let take = max(ask)?.unwrap_or(usize::MAX);
    Ok(Answer::list(members.into_iter().take(take)))
}

/// The one of a few members that the path's id number `n` names.
pub fn member<T: Api>(ask: &Ask, members: Vec<T>, n: usize, what: &str) -> Result<Answer, Fault> {
    let id = ask.ids.get(n).map_or("", String::as_str);
    let named = |member: &T| member.identity().is_some_and(|i| i.id == Some(id));
    let found = members.into_iter().find(named);
    found
        .map(Answer::entity)
        .ok_or_else(|| Fault::not_found(what, id.chars().take(64).collect::<String>()))
}

/// Nothing of that type can exist yet; a search is read all the same, so that a wrong one is told.
pub fn empty<T: Api>(ask: &Ask) -> Result<Answer, Fault> {
    let tag = T::type_desc().tag;
    let object = match tag {
        "vm_pool" => Some(Object::Pool),
        "group" => Some(Object::Group),
        _ if tag.ends_with("_provider") => Some(Object::Provider),
        _ => None,
    };
    match (object, ask.parameters.text("search")) {
        (Some(object), _) => drop(query(ask, object)?),
        (None, Some(text)) if !text.trim().is_empty() => {
            return Err(Fault::not_supported(format!("a search for `{tag}`")));
        }
        (None, _) => {}
    }
    plain(ask, Vec::<T>::new())
}

/// Nothing of that type can exist yet.
pub fn absent<T: Api>(ask: &Ask) -> Result<Answer, Fault> {
    let last = ask.ids.len().saturating_sub(1);
    member(ask, Vec::<T>::new(), last, T::type_desc().tag)
}
