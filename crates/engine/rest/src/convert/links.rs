//! Addresses, links and actions of entities.
//!
//! An entity advertises what this version serves below it, read from the table of routes: a new route
//! brings its link with it, and no link leads nowhere.

use crate::api::entry::ROOT;
use crate::services::ROUTES;
use api_schema::{Link, Record};
use http::Method;
use std::collections::HashMap;
use std::sync::LazyLock;

#[derive(Default)]
struct Below {
    collections: Vec<&'static str>,
    actions: Vec<&'static str>,
}

static TABLE: LazyLock<HashMap<&'static str, Below>> = LazyLock::new(|| {
    let mut table: HashMap<&'static str, Below> = HashMap::new();
    for route in ROUTES {
        let Some((base, last)) = route.pattern.rsplit_once('/') else {
            continue;
        };
        if !base.ends_with("{}") || last == "{}" {
            continue;
        }
        let below = table.entry(base).or_default();
        if route.action {
            below.actions.push(last);
        } else if route.method == Method::GET {
            below.collections.push(last);
        }
    }
    table
});

/// The address of what lies at `path` below the API's root.
pub(super) fn href(path: &str) -> String {
    format!("{ROOT}/{path}")
}

/// Gives an entity its id, its address, and the links and actions of the route `pattern`
/// (`vms/{}/nics/{}`), whose placeholders `ids` fill; the last is its own id.
pub(super) fn place(record: &mut dyn Record, pattern: &'static str, ids: &[&str]) {
    let Some(identity) = record.identity_mut() else {
        return;
    };
    let mut ids_left = ids.iter();
    let mut href = String::from(ROOT);
    for segment in pattern.split('/') {
        href.push('/');
        href.push_str(match segment {
            "{}" => ids_left.next().copied().unwrap_or_default(),
            word => word,
        });
    }
    let to = |names: &[&'static str]| -> Vec<Link> {
        names
            .iter()
            .map(|name| Link::new(*name, [href.as_str(), "/", name].concat()))
            .collect()
    };
    if let Some(below) = TABLE.get(pattern) {
        *identity.links = to(&below.collections);
        *identity.actions = to(&below.actions);
    }
    *identity.id = ids.last().map(|id| (*id).to_owned());
    *identity.href = Some(href);
}
