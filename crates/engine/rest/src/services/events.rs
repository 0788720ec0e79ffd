//! `events`: what happened. They are read from the store, newest first.

use super::event_search::EventSearch;
use super::listing;
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::Fault;
use domain::events::Event;
use store::{EVENTS_MAX, EventQuery};

/// Events that are read at once while those are looked for that fit a search.
const READ: u32 = 1000;

/// `GET events`: `search`, `max`, and `from` (only events with a greater id).
pub async fn list(ask: &Ask) -> Result<Answer, Fault> {
    let search = EventSearch::parse(
        ask.parameters.text("search").unwrap_or_default(),
        &ask.snapshot,
    )?;
    let from: Option<i64> = match ask.parameters.text("from") {
        Some("-1") => None,
        _ => ask.parameters.number("from")?,
    };
    let max = listing::max(ask)?;
    let (skip, take) = match search.page {
        None => (0, max.unwrap_or(EVENTS_MAX as usize)),
        Some(page) => {
            let size = max.unwrap_or(listing::PAGE);
            ((page - 1).saturating_mul(size), size)
        }
    };
    let most = skip.saturating_add(take).min(EVENTS_MAX as usize);
    let found = read(ask, &search, from, most).await?;
    let events: Vec<Event> = found.into_iter().skip(skip).take(take).collect();
    let snapshot = ask.snapshot.clone();
    Ok(Answer::list(
        events
            .into_iter()
            .map(move |e| convert::event(&snapshot, &e)),
    ))
}

async fn read(
    ask: &Ask,
    search: &EventSearch,
    from: Option<i64>,
    most: usize,
) -> Result<Vec<Event>, Fault> {
    let mut query = EventQuery {
        from,
        newest_first: !search.oldest_first,
        ..search.query.clone()
    };
    let mut found = Vec::new();
    while found.len() < most {
        let missing = u32::try_from(most - found.len()).unwrap_or(EVENTS_MAX);
        // A residue of the search is looked at here, so more may be read than is answered.
        let filtered = search.has_residue() || ask.snapshot.viewer().is_some();
        let wanted = if filtered { READ } else { missing };
        query.max = Some(wanted);
        let page = ask.front.rooms.store.events(query.clone()).await?;
        let whole = u32::try_from(page.len()).unwrap_or(0) < wanted;
        match page.last() {
            Some(last) if search.oldest_first => query.from = Some(last.id),
            Some(last) => query.before = Some(last.id),
            None => break,
        }
        found.extend(
            page.into_iter()
                .filter(|e| search.fits(e) && ask.snapshot.sees_event(&e.event.about)),
        );
        if whole {
            break;
        }
    }
    found.truncate(most);
    Ok(found)
}

/// `GET events/{}`.
pub async fn get(ask: &Ask) -> Result<Answer, Fault> {
    let id: i64 = ask.id(0, "event")?;
    let event = ask.front.rooms.store.event(id).await?;
    let event = event.filter(|e| ask.snapshot.sees_event(&e.event.about));
    let event = event.ok_or_else(|| Fault::not_found("event", id))?;
    Ok(Answer::entity(convert::event(&ask.snapshot, &event)))
}

/// `POST events`: what a program outside reports. It has no number before it is stored, and gets
/// the one that its text is found under.
pub async fn add(ask: &Ask) -> Result<Answer, Fault> {
    let wanted: api_v4::Event = ask.read()?;
    let add = convert::event_add(&ask.snapshot, &wanted)?;
    let before = ask.snapshot.events().next_back().map_or(0, |e| e.id);
    let (source, text) = (add.source.clone(), add.description.clone());
    operations::events::add(ask.permitted()?, &ask.front.rooms, add).await?;
    let snapshot = ask.fresh();
    let stored = snapshot
        .events()
        .rev()
        .take_while(|e| e.id > before)
        .find(|e| e.event.external.as_ref() == Some(&source) && e.event.message == text)
        .ok_or_else(|| Fault::internal("the event that was stored is not there"))?;
    Ok(Answer::added(convert::event(&snapshot, stored), None))
}
