//! Collections: which members a request asks for, in which order, how many.

use crate::api::answer::Answer;
use crate::api::ask::Ask;
use api_schema::Api;
use base::Fault;
use projection::{Listed, Snapshot};
use search::{Field, Fields, Query};
use std::borrow::Cow;
use std::sync::Arc;

/// oVirt's `SearchResultsLimit`: members of a page, where a search asks for one.
pub const PAGE: usize = 100;

/// What each collection understands that can be searched.
pub const SEARCHED: &[&str] = &["search", "max", "follow", "current", "detail"];
/// What every other collection understands.
pub const PLAIN: &[&str] = &["max", "follow", "current"];
/// What every GET of one entity understands.
pub const ONE: &[&str] = &["follow", "current", "detail", "next_run"];

/// A noun that searches can ask about.
pub trait Searchable: Send + Sync + 'static {
    /// Fields that it has.
    const FIELDS: &'static [Field];
    /// What a field holds, as `search` wants it.
    fn field(&self, snapshot: &Snapshot, name: &str) -> Option<Cow<'_, str>>;
    /// Does a field hold something that fits? For fields that hold several things.
    fn any(&self, snapshot: &Snapshot, name: &str, fits: &dyn Fn(&str) -> bool) -> bool {
        fits(&self.field(snapshot, name).unwrap_or_default())
    }
}

struct Seen<'a, N> {
    snapshot: &'a Snapshot,
    noun: &'a N,
}

impl<N: Searchable> Fields for Seen<'_, N> {
    fn field(&self, name: &str) -> Option<Cow<'_, str>> {
        self.noun.field(self.snapshot, name)
    }
    fn any(&self, name: &str, fits: &dyn Fn(&str) -> bool) -> bool {
        self.noun.any(self.snapshot, name, fits)
    }
}

/// At most how many members; oVirt's -1 is "all".
pub fn max(ask: &Ask) -> Result<Option<usize>, Fault> {
    match ask.parameters.text("max") {
        Some("-1") => Ok(None),
        _ => ask.parameters.number("max"),
    }
}

fn query(ask: &Ask) -> Result<Query, Fault> {
    let text = ask.parameters.text("search").unwrap_or_default();
    let case_sensitive = ask.parameters.flag("case_sensitive")?.unwrap_or(false);
    let query = if text.trim().is_empty() {
        Query::default()
    } else {
        search::parse(text)?
    };
    Ok(query.case_sensitive(case_sensitive))
}

/// As `searched`, of all objects of a noun: an exact name is found by its index.
pub fn everything<'a, N: Searchable + Listed, T: Api>(
    ask: &'a Ask,
    all: impl Iterator<Item = &'a Arc<N>>,
    show: fn(&Snapshot, &N) -> T,
) -> Result<Answer, Fault> {
    let query = query(ask)?;
    match query.exact_name() {
        Some(name) => {
            let named = N::named_in_any_case(&ask.snapshot, name);
            chosen(ask, &query, named.into_iter(), show)
        }
        None => chosen(ask, &query, all, show),
    }
}

/// The members of `all` that `search`, `max` and the search's own page ask for, converted one by
/// one while they are written.
pub fn searched<'a, N: Searchable, T: Api>(
    ask: &'a Ask,
    all: impl Iterator<Item = &'a Arc<N>>,
    show: fn(&Snapshot, &N) -> T,
) -> Result<Answer, Fault> {
    chosen(ask, &query(ask)?, all, show)
}

fn chosen<'a, N: Searchable, T: Api>(
    ask: &'a Ask,
    query: &Query,
    all: impl Iterator<Item = &'a Arc<N>>,
    show: fn(&Snapshot, &N) -> T,
) -> Result<Answer, Fault> {
    query.only(N::FIELDS)?;
    let snapshot = &ask.snapshot;
    let seen = |noun: &'a Arc<N>| Seen {
        snapshot,
        noun: &**noun,
    };
    let fitting = all.filter(|noun| query.matches(&seen(noun)));
    let max = max(ask)?;
    let (skip, take) = match query.page() {
        None => (0, max.unwrap_or(usize::MAX)),
        Some(page) => {
            let size = max.unwrap_or(PAGE);
            let before = usize::try_from(page)
                .unwrap_or(usize::MAX)
                .saturating_sub(1);
            (before.saturating_mul(size), size)
        }
    };
    let found: Vec<Arc<N>> = if let Some(sort) = query.sort() {
        let mut sorted: Vec<(String, &Arc<N>)> = fitting
            .map(|noun| (query.sort_key(&seen(noun)), noun))
            .collect();
        sorted.sort_by(|a, b| match sort.descending {
            true => b.0.cmp(&a.0),
            false => a.0.cmp(&b.0),
        });
        let page = sorted.into_iter().skip(skip).take(take);
        page.map(|(_, noun)| noun.clone()).collect()
    } else {
        fitting.skip(skip).take(take).cloned().collect()
    };
    let snapshot = snapshot.clone();
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
    query(ask)?;
    plain(ask, Vec::<T>::new())
}

/// Nothing of that type can exist yet.
pub fn absent<T: Api>(ask: &Ask) -> Result<Answer, Fault> {
    let last = ask.ids.len().saturating_sub(1);
    member(ask, Vec::<T>::new(), last, T::type_desc().tag)
}

/// Does an object carry a tag that fits, or one below such a tag?
pub fn tagged(snapshot: &Snapshot, object: uuid::Uuid, fits: &dyn Fn(&str) -> bool) -> bool {
    snapshot
        .memberships_of(object)
        .filter(|m| m.holder.noun == domain::Noun::Tag)
        .flat_map(|m| snapshot.tag_path(base::TagId(m.holder.id)))
        .any(|tag| fits(&tag.name))
}
