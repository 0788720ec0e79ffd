//! `vireo/searchcompletion`: what fits where somebody is still writing a search. Not a part of
//! version 4: JSON, whatever form is asked for.
//!
//! The language's part is in `search::complete`; here are the names of what the caller may see.

use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::searching::Inventory;
use base::Fault;
use search::{Field, Names, Object, OfferKind, World, complete, quote};
use serde_json::{Value, json};

/// Names that are offered where `max` does not say.
const NAMES: usize = 20;
/// Names that are offered at most.
const NAMES_MAX: usize = 100;
/// Names that are looked at at most; those of the same object may come again and again.
const LOOKED_AT: usize = 1000;

/// `GET vireo/searchcompletion?object=vms&query=…&cursor=N`.
///
/// `cursor` counts characters of `query` from 0 and stands before that one; without it, at the end.
/// The object may stand in front of the query instead (`Vms: …`).
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    let query = ask.parameters.text("query").unwrap_or_default();
    let object = match ask.parameters.text("object") {
        Some(name) => object_named(name)?,
        None => search::object_of(query)?,
    };
    let length = query.chars().count();
    let cursor = ask.parameters.number("cursor")?.unwrap_or(length);
    if cursor > length {
        return Err(Fault::bad_request(
            "INVALID_PARAMETER",
            format!("The parameter `cursor` is {cursor}; allowed is 0 to {length}."),
        ));
    }
    let max = ask
        .parameters
        .number("max")?
        .unwrap_or(NAMES)
        .min(NAMES_MAX);
    let completion = complete(object, query, cursor);
    let mut offers: Vec<Value> = completion
        .offers
        .iter()
        .map(|offer| json!({ "text": offer.text, "kind": kind(offer.kind) }))
        .collect();
    if let Some(names) = &completion.names {
        let found = names_of(ask, names, max);
        offers.extend(
            found
                .into_iter()
                .map(|text| json!({ "text": text, "kind": "value" })),
        );
    }
    let error = completion.error.map(|e| Fault::from(e).messages.join(" "));
    Ok(Answer::Json(json!({
        "from": completion.from,
        "to": completion.to,
        "expected": completion.expected,
        "offers": offers,
        "error": error,
    })))
}

fn kind(kind: OfferKind) -> &'static str {
    match kind {
        OfferKind::Object => "object",
        OfferKind::Field => "field",
        OfferKind::Join => "join",
        OfferKind::Operator => "operator",
        OfferKind::Value => "value",
        OfferKind::Keyword => "keyword",
    }
}

/// By the name of a collection of the API (`storagedomains`) or of the language (`Storages`).
fn object_named(name: &str) -> Result<Object, Fault> {
    let found = match name.to_ascii_lowercase().as_str() {
        "storagedomains" => Some(Object::Storage),
        "datacenters" => Some(Object::DataCenter),
        "vmpools" => Some(Object::Pool),
        word => Object::named(word),
    };
    found.ok_or_else(|| {
        let found: String = name.chars().take(100).collect();
        let allowed: Vec<&str> = Object::ALL.iter().map(|o| o.many()).collect();
        Fault::bad_request(
            "INVALID_PARAMETER",
            format!(
                "The parameter `object` has the value `{found}`; allowed is one of {}.",
                allowed.join(", ")
            ),
        )
    })
}

/// Names that fit, each once, in quotes where they need them.
fn names_of(ask: &Ask, names: &Names, max: usize) -> Vec<String> {
    let now = ask.front.rooms.clock.now();
    let world = Inventory::new(&ask.snapshot, now);
    let mut found: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        let bare = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
        let text = if !name.is_empty() && name.chars().all(bare) && name != "null" {
            Ok(name.to_owned())
        } else {
            quote(name)
        };
        // A name that no value can hold can't be searched for as it is.
        if let Ok(text) = text
            && !found.contains(&text)
        {
            found.push(text);
        }
        found.len() < max
    };
    let prefix = &names.prefix;
    match (names.object, names.field) {
        (_, Field::Tag) => {
            let folded = domain::names::fold(prefix);
            let fits = |name: &str| domain::names::fold(name).starts_with(&folded);
            for tag in ask.snapshot.tags().filter(|tag| fits(&tag.name)) {
                if !add(&tag.name) {
                    break;
                }
            }
        }
        (object, field) => {
            if let Some(named) = named_by(object, field) {
                for item in world.beginning_with(named, prefix).take(LOOKED_AT) {
                    if !add(world.name(item)) {
                        break;
                    }
                }
            }
        }
    }
    found
}

/// The object whose names a field holds.
fn named_by(object: Object, field: Field) -> Option<Object> {
    Some(match field {
        Field::Name | Field::Alias => object,
        Field::Cluster | Field::ClusterName => Object::Cluster,
        Field::DataCenter | Field::EventDataCenter | Field::StoragePoolName => Object::DataCenter,
        Field::Host | Field::EventHost | Field::HostName => Object::Host,
        Field::EventVm | Field::VmNames => Object::Vm,
        Field::EventTemplate => Object::Template,
        Field::EventStorage => Object::Storage,
        Field::NetworkName => Object::Network,
        Field::Login => Object::User,
        _ => return None,
    })
}
