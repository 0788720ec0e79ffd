//! One writer for every type.

use crate::compare::items;
use crate::{FieldDesc, Link, Record, View};
use std::fmt::Write as _;

/// Appends `record` as an object.
pub fn write(out: &mut String, record: &dyn Record) {
    let mut object = Object::begin(out);
    for (index, field) in record.desc().fields.iter().enumerate() {
        match record.slot(index).map_or(View::Absent, |slot| slot.view()) {
            View::Absent => {}
            View::Decimal(number) if !number.is_finite() => {}
            view => {
                object.key(field.name);
                value(object.out, field, view);
            }
        }
    }
    if let Some(identity) = record.identity() {
        if !identity.actions.is_empty() {
            object.key("actions");
            object.out.push('{');
            links(object.out, identity.actions);
            object.out.push('}');
        }
        if !identity.links.is_empty() {
            object.comma();
            links(object.out, identity.links);
        }
        for (name, text) in [("href", identity.href), ("id", identity.id)] {
            if let Some(text) = text {
                object.key(name);
                string(object.out, text);
            }
        }
    }
    object.end();
}

fn value(out: &mut String, field: &FieldDesc, view: View<'_>) {
    match view {
        View::Absent => out.push_str("null"),
        View::Text(text) => string(out, text),
        View::Choice(word) => string(out, word),
        View::Boolean(value) => out.push_str(if value { "\"true\"" } else { "\"false\"" }),
        View::Integer(number) => _ = write!(out, "\"{number}\""),
        // Numbers, since the portal computes with them.
        View::Decimal(number) => _ = write!(out, "{number}"),
        View::Date(moment) => _ = write!(out, "{}", moment.0.div_euclid(1000)),
        View::Record(record) => write(out, record),
        View::List(list) if list.is_empty() => out.push_str("{}"),
        View::List(list) => {
            out.push_str("{\"");
            out.push_str(match list.get(0) {
                View::Record(record) => record.desc().tag,
                _ => field.item,
            });
            out.push_str("\":[");
            for (i, item) in items(list).enumerate() {
                if i > 0 {
                    out.push(',');
                }
                value(out, field, item);
            }
            out.push_str("]}");
        }
    }
}

fn links(out: &mut String, links: &[Link]) {
    out.push_str("\"link\":[");
    for (i, link) in links.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        out.push_str("{\"href\":");
        string(out, &link.href);
        out.push_str(",\"rel\":");
        string(out, &link.rel);
        out.push('}');
    }
    out.push(']');
}

fn string(out: &mut String, text: &str) {
    out.push('"');
    let mut done = 0;
    for (at, b) in text.bytes().enumerate() {
        let escaped = match b {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..0x20 => "",
            _ => continue,
        };
        out.push_str(&text[done..at]);
        if escaped.is_empty() {
            _ = write!(out, "\\u{b:04x}");
        } else {
            out.push_str(escaped);
        }
        done = at + 1;
    }
    out.push_str(&text[done..]);
    out.push('"');
}

struct Object<'a> {
    out: &'a mut String,
    empty: bool,
}

impl<'a> Object<'a> {
    fn begin(out: &'a mut String) -> Self {
        out.push('{');
        Object { out, empty: true }
    }
    fn comma(&mut self) {
        if !self.empty {
            self.out.push(',');
        }
        self.empty = false;
    }
    fn key(&mut self, name: &str) {
        self.comma();
        self.out.push('"');
        self.out.push_str(name);
        self.out.push_str("\":");
    }
    fn end(self) {
        self.out.push('}');
    }
}
