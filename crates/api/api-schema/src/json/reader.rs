//! One reader for every type: the text is parsed into a tree of limited size, then walked.

use super::tree::{Json, Members};
use crate::error::Path;
use crate::{
    Expected, FieldDesc, IdentityMut, Kind, Limits, Link, List, Open, Problem, ReadError, Record,
    TypeDesc, View,
};
use base::Timestamp;

/// Reads an object into `record`.
///
/// # Errors
/// Where and why it can't be read.
pub fn read_into(text: &str, record: &mut dyn Record, limits: Limits) -> Result<(), ReadError> {
    let mut path = Path::at(record.desc().tag);
    match parse(text, &path, limits)? {
        Json::Object(members) => object(&mut path, limits.depth, &members, record),
        other => Err(path.error(shape(&other, Expected::Record))),
    }
}

/// Reads `{"vm":[…]}` (or a plain array) into `list`.
///
/// # Errors
/// Where and why it can't be read.
pub fn read_list_into(
    text: &str,
    desc: &'static TypeDesc,
    list: &mut dyn List,
    limits: Limits,
) -> Result<(), ReadError> {
    let mut path = Path::at(desc.list_tag);
    let tree = parse(text, &path, limits)?;
    many(&mut path, limits.depth, &tree, Items::Records, list)
}

/// What a list holds.
#[derive(Clone, Copy)]
enum Items {
    Records,
    Scalars(Kind),
}

impl Items {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Record(_) => Items::Records,
            scalar => Items::Scalars(scalar),
        }
    }
}

fn parse(text: &str, path: &Path, limits: Limits) -> Result<Json, ReadError> {
    if values(text) > limits.elements {
        return Err(path.error(Problem::Limit {
            what: "values",
            most: limits.elements,
        }));
    }
    serde_json::from_str(text).map_err(|e| {
        let line = text
            .split_inclusive('\n')
            .take(e.line().saturating_sub(1))
            .map(str::len)
            .sum::<usize>();
        path.error(Problem::Malformed {
            format: "JSON",
            at: line + e.column().saturating_sub(1),
            why: e.to_string(),
        })
    })
}

/// An upper bound of the values in the text, counted before any is allocated.
fn values(text: &str) -> usize {
    let mut count = 0;
    let (mut within, mut escaped) = (false, false);
    for b in text.bytes() {
        match b {
            _ if escaped => escaped = false,
            b'\\' if within => escaped = true,
            b'"' => within = !within,
            b',' | b'[' | b'{' if !within => count += 1,
            _ => {}
        }
    }
    count
}

fn object(
    path: &mut Path,
    depth: usize,
    members: &Members,
    record: &mut dyn Record,
) -> Result<(), ReadError> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(path.error(Problem::Limit {
            what: "levels of objects",
            most: Limits::DEFAULT.depth,
        }));
    };
    let desc = record.desc();
    for (name, found) in members {
        if matches!(found, Json::Null) {
            continue;
        }
        if let Some(index) = desc.field(name) {
            let field = &desc.fields[index];
            path.enter(field.name);
            member(path, depth, found, field, record, index)?;
            path.leave();
        } else if let Some(identity) = record.identity_mut() {
            identify(path, name, found, identity)?;
        }
    }
    Ok(())
}

fn member(
    path: &mut Path,
    depth: usize,
    found: &Json,
    field: &FieldDesc,
    record: &mut dyn Record,
    index: usize,
) -> Result<(), ReadError> {
    let Some(slot) = record.slot_mut(index) else {
        return Ok(());
    };
    // Nobody can know which of the two is meant.
    if !matches!(slot.view(), View::Absent) {
        return Err(path.error(Problem::Twice));
    }
    match field.kind {
        Kind::Record(_) => match (slot.open(), found) {
            (Open::Record(inner), Json::Object(members)) => object(path, depth, members, inner),
            (_, other) => Err(path.error(shape(other, Expected::Record))),
        },
        Kind::List(kind) => match slot.open() {
            Open::List(list) => many(path, depth, found, Items::of(*kind), list),
            _ => Err(path.error(shape(found, Expected::List))),
        },
        kind => {
            let text = scalar(path, found, kind)?;
            slot.set_text(&text)
                .map_err(|expected| path.bad_value(&text, expected))
        }
    }
}

/// A list comes as `{"nic":[…]}`; a plain array and a single item are understood too.
fn many(
    path: &mut Path,
    depth: usize,
    found: &Json,
    items: Items,
    list: &mut dyn List,
) -> Result<(), ReadError> {
    let mut next = 0;
    match found {
        Json::Array(found) => some(path, depth, found, items, list, &mut next),
        Json::Object(members) => {
            for (name, found) in members {
                match found {
                    Json::Null => {}
                    _ if name == "link" || name == "href" => {}
                    Json::Array(found) => some(path, depth, found, items, list, &mut next)?,
                    one => {
                        some(
                            path,
                            depth,
                            std::slice::from_ref(one),
                            items,
                            list,
                            &mut next,
                        )?;
                    }
                }
            }
            Ok(())
        }
        other => Err(path.error(shape(other, Expected::List))),
    }
}

fn some(
    path: &mut Path,
    depth: usize,
    found: &[Json],
    items: Items,
    list: &mut dyn List,
    next: &mut usize,
) -> Result<(), ReadError> {
    for one in found {
        path.enter_item(*next);
        *next += 1;
        match items {
            Items::Records => match (list.add(), one) {
                (Open::Record(inner), Json::Object(members)) => {
                    object(path, depth, members, inner)?;
                }
                (_, other) => return Err(path.error(shape(other, Expected::Record))),
            },
            Items::Scalars(kind) => {
                let text = scalar(path, one, kind)?;
                list.add_text(&text)
                    .map_err(|expected| path.bad_value(&text, expected))?;
            }
        }
        path.leave();
    }
    Ok(())
}

/// Strings, numbers and booleans are all fine for a scalar.
fn scalar(path: &Path, found: &Json, kind: Kind) -> Result<String, ReadError> {
    match found {
        Json::Text(text) => Ok(text.clone()),
        Json::Bool(value) => Ok(value.to_string()),
        Json::Number(number) if matches!(kind, Kind::Date) => number
            .as_i64()
            .and_then(|ms| ms.checked_mul(1000))
            .map(|micros| Timestamp(micros).to_string())
            .ok_or_else(|| path.bad_value(&number.to_string(), Expected::Date)),
        Json::Number(number) => Ok(number.to_string()),
        other => Err(path.error(shape(other, Expected::of(kind)))),
    }
}

fn identify(
    path: &mut Path,
    name: &str,
    found: &Json,
    identity: IdentityMut<'_>,
) -> Result<(), ReadError> {
    match name {
        "id" => *identity.id = Some(scalar(path, found, Kind::Text)?),
        "href" => *identity.href = Some(scalar(path, found, Kind::Text)?),
        "link" => links(found, identity.links),
        "actions" => {
            if let Some(found) = found.get("link") {
                links(found, identity.actions);
            }
        }
        _ => {}
    }
    Ok(())
}

/// Links in requests mean nothing to the engine; what is no link is passed over.
fn links(found: &Json, links: &mut Vec<Link>) {
    let Json::Array(found) = found else { return };
    for link in found {
        if let (Some(Json::Text(rel)), Some(Json::Text(href))) = (link.get("rel"), link.get("href"))
        {
            links.push(Link::new(rel.clone(), href.clone()));
        }
    }
}

fn shape(found: &Json, expected: Expected) -> Problem {
    Problem::Shape {
        found: match found {
            Json::Null => "null",
            Json::Bool(_) => "a boolean",
            Json::Number(_) => "a number",
            Json::Text(_) => "text",
            Json::Array(_) => "an array",
            Json::Object(_) => "an object",
        },
        expected,
    }
}
