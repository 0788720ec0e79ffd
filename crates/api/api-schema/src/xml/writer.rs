//! One writer for every type.

use super::chars::{push_attribute, push_text};
use crate::compare::items;
use crate::{FieldDesc, Link, Record, View};
use std::fmt::Write as _;

/// The first line of each document.
pub const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";

/// Appends `record` as an element `tag`.
pub fn write(out: &mut String, tag: &str, record: &dyn Record) {
    out.push('<');
    out.push_str(tag);
    if let Some(identity) = record.identity() {
        for (name, value) in [("href", identity.href), ("id", identity.id)] {
            if let Some(value) = value {
                attribute(out, name, value);
            }
        }
    }
    let start = out.len();
    out.push('>');
    let inside = out.len();
    if let Some(identity) = record.identity() {
        if !identity.actions.is_empty() {
            out.push_str("<actions>");
            links(out, identity.actions);
            out.push_str("</actions>");
        }
        links(out, identity.links);
    }
    for (index, field) in record.desc().fields.iter().enumerate() {
        if let Some(slot) = record.slot(index) {
            element(out, field.name, field, slot.view());
        }
    }
    if out.len() == inside {
        out.truncate(start);
        out.push_str("/>");
    } else {
        close(out, tag);
    }
}

fn element(out: &mut String, tag: &str, field: &FieldDesc, view: View<'_>) {
    match view {
        View::Absent => {}
        View::Record(record) => write(out, tag, record),
        View::List(list) if list.is_empty() => {
            out.push('<');
            out.push_str(tag);
            out.push_str("/>");
        }
        View::List(list) => {
            open(out, tag);
            for item in items(list) {
                let tag = match item {
                    View::Record(record) => record.desc().tag,
                    _ => field.item,
                };
                element(out, tag, field, item);
            }
            close(out, tag);
        }
        // Not a number and the infinities have no form that clients read.
        View::Decimal(number) if !number.is_finite() => {}
        scalar => {
            open(out, tag);
            match scalar {
                View::Text(text) => push_text(out, text),
                View::Choice(word) => out.push_str(word),
                View::Boolean(value) => out.push_str(if value { "true" } else { "false" }),
                View::Integer(number) => _ = write!(out, "{number}"),
                View::Decimal(number) => _ = write!(out, "{number}"),
                View::Date(moment) => _ = write!(out, "{moment}"),
                View::Absent | View::Record(_) | View::List(_) => {}
            }
            close(out, tag);
        }
    }
}

fn links(out: &mut String, links: &[Link]) {
    for link in links {
        out.push_str("<link");
        attribute(out, "href", &link.href);
        attribute(out, "rel", &link.rel);
        out.push_str("/>");
    }
}

fn attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    push_attribute(out, value);
    out.push('"');
}

fn open(out: &mut String, tag: &str) {
    out.push('<');
    out.push_str(tag);
    out.push('>');
}

fn close(out: &mut String, tag: &str) {
    out.push_str("</");
    out.push_str(tag);
    out.push('>');
}
