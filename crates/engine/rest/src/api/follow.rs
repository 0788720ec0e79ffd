//! `follow`: what stands behind links is put in their place.
//!
//! `follow=disk_attachments.disk,nics` reads each link by the route that its href leads to, in the
//! snapshot of the request and as its caller. So everything that can be read can be followed, and nothing
//! else: what the caller may not see stays a link. Lists are followed item by item while they are written,
//! so that what is in memory is one item with what stands behind it.

use super::answer::{Answer, Entity, Items, List};
use super::ask::Ask;
use super::entry::below_root;
use super::location::Location;
use super::routes::{Found, TREE};
use api_schema::{Kind, Link, Open, Record, TypeDesc, View};
use base::{Fault, FaultKind};
use http::Method;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Links behind links.
const DEPTH_MAX: usize = 8;
/// Objects behind one entity, or one item of a list; circles of links could ask for the whole system many
/// times. It bounds memory: 8 names that lead around a circle of 1,000 hosts stop here.
const BEHIND_ONE: usize = 50_000;
/// Objects behind a whole request: every VM of the largest data center with its disks, cards and figures.
const BEHIND_ALL: usize = 5_000_000;

/// What is to be followed, and what behind it.
#[derive(Default, Debug, PartialEq, Eq)]
struct Paths(BTreeMap<String, Paths>);

impl Paths {
    fn parse(text: &str, most: usize) -> Result<Self, Fault> {
        let mut paths = Paths::default();
        let wanted: Vec<&str> = text
            .split(',')
            .map(str::trim)
            .filter(|p| !p.is_empty())
            .collect();
        if wanted.len() > most {
            return Err(wrong(format!("it may name at most {most} paths")));
        }
        for path in wanted {
            let mut at = &mut paths;
            for (depth, name) in path.split('.').enumerate() {
                if depth == DEPTH_MAX {
                    return Err(wrong(format!("a path may have at most {DEPTH_MAX} names")));
                }
                at = at.0.entry(name.trim().to_owned()).or_default();
            }
        }
        Ok(paths)
    }

    /// Does each name exist?
    fn check(&self, desc: &'static TypeDesc) -> Result<(), Fault> {
        for (name, behind) in &self.0 {
            let field = desc.field_for_rel(name).and_then(|i| desc.fields.get(i));
            let Some(inner) = field.and_then(|f| record_of(f.kind)) else {
                let name: String = name.chars().take(64).collect();
                return Err(wrong(format!("a {} has no link `{name}`", desc.tag)));
            };
            // A part of an entity is no end of a path, but links may stand in it.
            if !inner.entity && behind.0.is_empty() {
                return Err(wrong(format!("`{name}` of a {} is no link", desc.tag)));
            }
            behind.check(inner)?;
        }
        Ok(())
    }
}

fn record_of(kind: Kind) -> Option<&'static TypeDesc> {
    match kind {
        Kind::Record(desc) => Some(desc()),
        Kind::List(inner) => record_of(*inner),
        _ => None,
    }
}

fn wrong(why: String) -> Fault {
    Fault::bad_request(
        "INVALID_FOLLOW",
        format!("The parameter `follow` is wrong: {why}."),
    )
}

/// The world that links are read in; outlives the request, since lists are written as they go.
struct Reader {
    ask: Ask,
    /// How many objects may still be read for this item, and in all.
    left: AtomicUsize,
    left_in_all: AtomicUsize,
}

/// Puts in place what the request's `follow` names.
///
/// # Errors
/// 400 for a wrong path; 501 for a link that leads where this version has nothing.
pub fn embed(ask: &Ask, answer: Answer) -> Result<Answer, Fault> {
    let Some(text) = ask.parameters.text("follow") else {
        return Ok(answer);
    };
    let paths = Paths::parse(text, ask.front.limits.follow_paths)?;
    if paths.0.is_empty() {
        return Ok(answer);
    }
    let reader = Reader {
        ask: ask.beside(ask.parameters.only("current"), Vec::new()),
        left: AtomicUsize::new(BEHIND_ONE),
        left_in_all: AtomicUsize::new(BEHIND_ALL),
    };
    Ok(match answer {
        Answer::Entity(mut record) => {
            paths.check(record.desc())?;
            reader.follow(&mut *record, &paths)?;
            Answer::Entity(record)
        }
        Answer::List(list) => {
            paths.check(list.desc)?;
            let (reader, paths) = (Arc::new(reader), Arc::new(paths));
            let mut items = list.items.map(move |item| {
                let mut record = item?;
                reader.left.store(BEHIND_ONE, Ordering::Relaxed);
                reader.follow(&mut *record, &paths)?;
                Ok(record)
            });
            // What can't be followed shows at the first item, while it can still be a fault.
            let first = items.next().transpose()?;
            Answer::List(List {
                desc: list.desc,
                items: Box::new(first.into_iter().map(Ok).chain(items)),
            })
        }
        other => other,
    })
}

/// Where one name leads from a record.
enum Leads {
    /// A collection behind a link.
    Collection(String),
    /// One other entity.
    One(String),
    /// Several entities that are named in place.
    Each(Vec<String>),
    /// Into a part of the record itself.
    Within,
    /// Nowhere: it has none.
    Nowhere,
}

impl Reader {
    fn follow(&self, record: &mut dyn Record, paths: &Paths) -> Result<(), Fault> {
        for (name, behind) in &paths.0 {
            let desc = record.desc();
            let Some(index) = desc.field_for_rel(name) else {
                continue;
            };
            match leads(record, index)? {
                Leads::Nowhere => {}
                Leads::Within => {
                    if let Some(Open::Record(part)) = record.slot_mut(index).map(|s| s.within()) {
                        self.follow(part, behind)?;
                    }
                }
                Leads::One(href) => {
                    let Some(mut entity) = seen(self.read_one(&href))? else {
                        continue;
                    };
                    self.follow(&mut *entity, behind)?;
                    put(record, index, entity)?;
                }
                Leads::Each(hrefs) => {
                    let read = hrefs.iter().map(|href| self.read_one(href));
                    let read: Result<Vec<Entity>, Fault> = read.collect();
                    let Some(mut entities) = seen(read)? else {
                        continue;
                    };
                    for entity in &mut entities {
                        self.follow(&mut **entity, behind)?;
                    }
                    fill(record, index, entities)?;
                }
                Leads::Collection(href) => {
                    let Some(items) = seen(self.read_many(&href))? else {
                        continue;
                    };
                    let mut entities = Vec::new();
                    for item in items {
                        let mut entity = item?;
                        self.spend()?;
                        self.follow(&mut *entity, behind)?;
                        entities.push(entity);
                    }
                    fill(record, index, entities)?;
                    let rel = desc.fields.get(index).map(api_schema::FieldDesc::rel);
                    if let (Some(identity), Some(rel)) = (record.identity_mut(), rel) {
                        identity.links.retain(|l| l.rel != rel);
                    }
                }
            }
        }
        Ok(())
    }

    fn spend(&self) -> Result<(), Fault> {
        for (left, most, of) in [
            (&self.left, BEHIND_ONE, "one entity"),
            (&self.left_in_all, BEHIND_ALL, "it"),
        ] {
            let spent = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(1)
            });
            if spent.is_err() {
                return Err(wrong(format!("more than {most} objects stand behind {of}")));
            }
        }
        Ok(())
    }

    fn read(&self, href: &str) -> Result<Answer, Fault> {
        self.spend()?;
        let path =
            below_root(href).ok_or_else(|| Fault::internal(format!("a link to `{href}`")))?;
        let (path, query) = match path.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (path, None),
        };
        let location = Location::parse(path, query)?;
        match TREE.find(&Method::GET, &location.segments) {
            Found::Bound(route, ids) => {
                let ids = ids.into_iter().map(str::to_owned).collect();
                let mut parameters = self.ask.parameters.clone();
                parameters.add(location.parameters);
                // A link leads to what its reader sees of it.
                route
                    .read(&self.ask.beside(parameters, ids))
                    .unwrap_or_else(|| Err(Fault::not_supported(format!("follow to {path}"))))
            }
            _ => Err(Fault::not_supported(format!("follow to {path}"))),
        }
    }

    fn read_one(&self, href: &str) -> Result<Entity, Fault> {
        match self.read(href)? {
            Answer::Entity(record) => Ok(record),
            _ => Err(Fault::internal(format!("`{href}` is not one entity"))),
        }
    }

    fn read_many(&self, href: &str) -> Result<Items, Fault> {
        match self.read(href)? {
            Answer::List(list) => Ok(list.items),
            _ => Err(Fault::internal(format!("`{href}` is not a list"))),
        }
    }
}

/// What can't be seen, or is not there, is not followed.
fn seen<T>(read: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(fault) if matches!(fault.kind, FaultKind::NotFound | FaultKind::Forbidden) => Ok(None),
        Err(fault) => Err(fault),
    }
}

fn leads(record: &dyn Record, index: usize) -> Result<Leads, Fault> {
    let Some(field) = record.desc().fields.get(index) else {
        return Ok(Leads::Nowhere);
    };
    let identity = record.identity().unwrap_or_default();
    let rel = field.rel();
    if let Some(Link { href, .. }) = identity.links.iter().find(|l| l.rel == rel) {
        return Ok(Leads::Collection(href.clone()));
    }
    let href_of = |view: View<'_>| match view {
        View::Record(inner) => inner.identity().and_then(|i| i.href).map(str::to_owned),
        _ => None,
    };
    match record.slot(index).map_or(View::Absent, |s| s.view()) {
        View::Record(inner) if !inner.desc().entity => Ok(Leads::Within),
        view @ View::Record(_) => Ok(href_of(view).map_or(Leads::Nowhere, Leads::One)),
        View::List(list) => {
            let hrefs: Vec<String> = (0..list.len())
                .filter_map(|i| href_of(list.get(i)))
                .collect();
            Ok(if hrefs.len() == list.len() {
                Leads::Each(hrefs)
            } else {
                // Whole already.
                Leads::Nowhere
            })
        }
        _ if field.linked => Err(Fault::not_supported(format!(
            "follow to `{}` of a {}",
            field.name,
            record.desc().tag
        ))),
        _ => Ok(Leads::Nowhere),
    }
}

fn put(record: &mut dyn Record, index: usize, entity: Entity) -> Result<(), Fault> {
    let tag = record.desc().tag;
    if record.slot_mut(index).is_some_and(|slot| slot.put(entity)) {
        Ok(())
    } else {
        Err(Fault::internal(format!(
            "element {index} of a {tag} takes another type"
        )))
    }
}

fn fill(record: &mut dyn Record, index: usize, entities: Vec<Entity>) -> Result<(), Fault> {
    if let Some(slot) = record.slot_mut(index) {
        slot.clear();
        // An empty list is present, too.
        let _ = slot.open();
    }
    for entity in entities {
        put(record, index, entity)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_share_their_beginnings() {
        let paths =
            Paths::parse("disk_attachments.disk, nics,disk_attachments.disk.quota", 9).unwrap();
        assert_eq!(
            paths.0.keys().collect::<Vec<_>>(),
            ["disk_attachments", "nics"]
        );
        let disk = &paths.0["disk_attachments"].0["disk"];
        assert_eq!(disk.0.keys().collect::<Vec<_>>(), ["quota"]);
        assert!(Paths::parse("a,b,c", 2).is_err());
        assert!(Paths::parse(&["a"; 9].join("."), 2).is_err());
    }
}
