//! TypeScript types of JSON as the engine writes it.

use crate::{types, words};
use api_schema::{FieldDesc, Kind, TypeDesc};
use api_v4::services::ALL;
use std::fmt::Write as _;

const HEAD: &str = "\
// Version 4 of oVirt's API in JSON as the engine writes it. Made by `cargo xtask api`; not edited by hand.
// When reading, the engine also takes plain booleans and numbers.

/** A boolean. */
export type Flag = 'true' | 'false';
/** A 64-bit integer in decimal digits. */
export type Int = string;
/** Milliseconds since 1970. */
export type Moment = number;
/** Where something else is. */
export interface Hyperlink { href: string; rel: string }
/** Many of something: one member, named after the items; none when there are none. */
export type Many<Tag extends string, Item> = { [tag in Tag]?: Item[] };
/** What has an address of its own. */
export interface Entity {
  id?: string;
  href?: string;
  link?: Hyperlink[];
  actions?: { link?: Hyperlink[] };
}
";

/// A module with every type, every enumeration and what a GET of each path answers.
#[must_use]
pub fn typescript() -> String {
    let mut out = HEAD.to_owned();
    for desc in api_v4::enums::every::ALL {
        let all: Vec<String> = desc.words.iter().map(|w| format!("'{w}'")).collect();
        _ = write!(
            out,
            "\n/** {} */\nexport type {} = {};\n",
            words(desc.doc),
            desc.name,
            all.join(" | ")
        );
    }
    for desc in types() {
        record(&mut out, desc);
    }
    out.push_str(
        "\n/** What a GET of a path below the API's root answers. */\nexport interface Reads {\n",
    );
    for path in ALL {
        for operation in path.service.operations {
            if operation.method != "GET" {
                continue;
            }
            let desc = (path.service.of)();
            let answer = match operation.is_list() {
                true => many(desc.tag, desc.name),
                false => desc.name.to_owned(),
            };
            _ = writeln!(out, "  '{}': {answer};", path.path);
        }
    }
    out.push_str("}\n");
    out
}

fn record(out: &mut String, desc: &TypeDesc) {
    let base = if desc.entity { " extends Entity" } else { "" };
    _ = write!(
        out,
        "\n/** {} */\nexport interface {}{base} {{\n",
        words(desc.doc),
        desc.name
    );
    for field in desc.fields {
        _ = writeln!(out, "  {}?: {};", field.name, shape(field));
    }
    out.push_str("}\n");
}

fn shape(field: &FieldDesc) -> String {
    match field.kind {
        Kind::List(Kind::Record(desc)) => many(desc().tag, desc().name),
        Kind::List(kind) => many(field.item, &one(*kind)),
        kind => one(kind),
    }
}

fn one(kind: Kind) -> String {
    match kind {
        Kind::Text | Kind::List(_) => "string".to_owned(),
        Kind::Boolean => "Flag".to_owned(),
        Kind::Integer => "Int".to_owned(),
        Kind::Decimal => "number".to_owned(),
        Kind::Date => "Moment".to_owned(),
        Kind::Choice(desc) => desc.name.to_owned(),
        Kind::Record(desc) => desc().name.to_owned(),
    }
}

fn many(tag: &str, item: &str) -> String {
    format!("Many<'{tag}', {item}>")
}
