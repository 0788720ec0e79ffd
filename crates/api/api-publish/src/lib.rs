//! The API as others read it, made from its tables: OpenAPI 3.1, TypeScript types, documentation for
//! people, and a list of what this version serves of it.
//!
//! Everything here is pure: tables in, text out. Which routes are bound and what attributes do is told by
//! the caller (`rest`); where the text is kept and how it is served is not here either.

#![recursion_limit = "1024"]

mod coverage;
mod document;
mod json;
mod openapi;
mod typescript;

pub use coverage::coverage;
pub use document::documentation;
pub use openapi::openapi;
pub use typescript::typescript;

use api_schema::{Kind, TypeDesc};
use api_v4::services::{Operation, Path};

/// How an operation is served.
#[derive(Clone, Copy, Debug)]
pub struct Served {
    /// Query and matrix parameters that are understood, beside those that are taken everywhere.
    pub parameters: &'static [&'static str],
    /// Nothing of the kind can exist yet: it answers an empty list, or that there is none.
    pub hollow: bool,
}

/// What a body's attribute does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The engine acts upon it.
    Acts,
    /// It is kept and shown, and nothing else comes of it; the reason why that is so.
    Stored(&'static str),
    /// Only the engine sets it; what a client sends back is passed over.
    Engine,
}

/// An attribute that a body may hold (`memory_policy.max`), and what it does.
pub type Attribute = (&'static str, Effect);

/// What this version makes of the API.
pub struct Offer<'a> {
    /// How an operation at a path is served; `None` when it answers 501.
    pub served: &'a dyn Fn(&Path, &Operation) -> Option<Served>,
    /// What an operation that is not served belongs to.
    pub subject: &'a dyn Fn(&Path, &Operation) -> &'static str,
    /// Parameters that are taken everywhere.
    pub everywhere: &'a [&'static str],
    /// The attributes of bodies, by the tag of their type.
    pub attributes: &'a [(&'static str, Vec<Attribute>)],
}

/// The first word of a path, by which services are grouped; the root has `system`.
fn group(path: &Path) -> &'static str {
    match path.path.split('/').next() {
        None | Some("") => "system",
        Some(word) => word,
    }
}

/// The path below which an operation's request goes, with its action.
fn address(path: &Path, operation: &Operation) -> String {
    let segments = [path.path, operation.action];
    let mut address = String::new();
    for segment in segments.iter().filter(|s| !s.is_empty()) {
        address.push('/');
        address.push_str(segment);
    }
    if address.is_empty() {
        address.push('/');
    }
    address
}

/// Every type's description, sorted by name.
fn types() -> Vec<&'static TypeDesc> {
    api_v4::types::NEW.iter().map(|new| new().desc()).collect()
}

/// A sentence of the tables, without the space it begins with.
fn words(doc: &str) -> &str {
    doc.trim()
}

/// The names that stand in braces in a path.
fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'))
}

/// What a field holds, in a word for people.
fn kind_name(kind: Kind) -> String {
    match kind {
        Kind::Text => "text".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Integer => "integer".to_owned(),
        Kind::Decimal => "number".to_owned(),
        Kind::Date => "date".to_owned(),
        Kind::Choice(desc) => desc.name.to_owned(),
        Kind::Record(desc) => desc().name.to_owned(),
        Kind::List(inner) => format!("list of {}", kind_name(*inner)),
    }
}
