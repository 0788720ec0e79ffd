//! Comparing and printing records, once for all types.

use crate::{List, Record, View};
use std::fmt;

/// Whether two records are of one type and hold the same.
#[must_use]
pub fn same(a: &dyn Record, b: &dyn Record) -> bool {
    if !std::ptr::eq(a.desc(), b.desc()) {
        return false;
    }
    let identical = match (a.identity(), b.identity()) {
        (Some(a), Some(b)) => {
            a.id == b.id && a.href == b.href && a.links == b.links && a.actions == b.actions
        }
        _ => true,
    };
    identical
        && (0..a.desc().fields.len()).all(|i| match (a.slot(i), b.slot(i)) {
            (Some(a), Some(b)) => same_view(a.view(), b.view()),
            _ => false,
        })
}

fn same_view(a: View<'_>, b: View<'_>) -> bool {
    match (a, b) {
        (View::Absent, View::Absent) => true,
        (View::Text(a), View::Text(b)) => a == b,
        (View::Boolean(a), View::Boolean(b)) => a == b,
        (View::Integer(a), View::Integer(b)) => a == b,
        (View::Decimal(a), View::Decimal(b)) => a == b,
        (View::Date(a), View::Date(b)) => a == b,
        (View::Choice(a), View::Choice(b)) => a == b,
        (View::Record(a), View::Record(b)) => same(a, b),
        (View::List(a), View::List(b)) => {
            a.len() == b.len() && (0..a.len()).all(|i| same_view(a.get(i), b.get(i)))
        }
        _ => false,
    }
}

/// Prints what is present, as `Vm { name: "x", memory: 1 }`.
///
/// # Errors
/// Those of the formatter.
pub fn debug(record: &dyn Record, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let desc = record.desc();
    let mut out = f.debug_struct(desc.name);
    if let Some(identity) = record.identity() {
        if let Some(id) = identity.id {
            out.field("id", &id);
        }
        if let Some(href) = identity.href {
            out.field("href", &href);
        }
        if !identity.links.is_empty() {
            out.field("links", &identity.links);
        }
        if !identity.actions.is_empty() {
            out.field("actions", &identity.actions);
        }
    }
    for (i, field) in desc.fields.iter().enumerate() {
        match record.slot(i).map_or(View::Absent, |slot| slot.view()) {
            View::Absent => {}
            // Passwords belong into no log.
            View::Text(_) if field.name.contains("password") => {
                out.field(field.name, &"…");
            }
            view => {
                out.field(field.name, &Shown(view));
            }
        }
    }
    out.finish()
}

struct Shown<'a>(View<'a>);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            View::Absent => f.write_str("-"),
            View::Text(text) => fmt::Debug::fmt(text, f),
            View::Boolean(value) => fmt::Debug::fmt(&value, f),
            View::Integer(value) => fmt::Debug::fmt(&value, f),
            View::Decimal(value) => fmt::Debug::fmt(&value, f),
            View::Date(value) => fmt::Debug::fmt(&value, f),
            View::Choice(word) => f.write_str(word),
            View::Record(record) => debug(record, f),
            View::List(list) => f.debug_list().entries(items(list).map(Shown)).finish(),
        }
    }
}

/// The items of a list.
pub(crate) fn items(list: &dyn List) -> impl Iterator<Item = View<'_>> {
    (0..list.len()).map(|i| list.get(i))
}
