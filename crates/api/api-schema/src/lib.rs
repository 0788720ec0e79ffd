//! How a type of the API is described, read and written.
//!
//! A type is a table (`api_type!`, `api_enum!`): it expands to a struct, a static `TypeDesc` and an
//! implementation of `Record`. The readers and writers for XML and JSON are one plain function each
//! over `&dyn Record`: a new type adds a table, not code. The shapes on the wire are oVirt's:
//! `id` and `href` are attributes, a list has a wrapper and a tag for each item, links stand as
//! `<link rel href/>`, integers and booleans are strings in JSON.
//!
//! Not here: which types exist (`api-v4`), what they mean (`rest`), HTTP.

mod compare;
mod date;
mod desc;
mod error;
pub mod fill;
mod format;
pub mod json;
mod record;
mod table;
mod values;
pub mod xml;

pub use compare::{debug, same};
pub use date::date_parse;
pub use desc::{EnumDesc, FieldDesc, Kind, TypeDesc};
pub use error::{Expected, Limits, Problem, ReadError};
pub use format::{Format, ListWriter};
pub use record::{Api, Identity, IdentityMut, Link, List, Open, Record, Slot, Value, View};
