//! oVirt's search language: from text to a question, from a question to the objects that fit it, and
//! what fits where somebody is still writing.
//!
//! Pure: which objects there are, who may see them and what their fields hold is not here (a
//! [`World`] says it), nor is how events are found in a database.

mod complete;
mod error;
mod evaluate;
mod expected;
mod fields;
mod moment;
mod objects;
mod parse;
mod pattern;
mod query;
mod words;

pub use complete::{Completion, Names, Offer, OfferKind, complete};
pub use error::SearchError;
pub use evaluate::{Datum, Joined, Window, World, select};
pub use fields::{Field, FieldDef, Kind};
pub use moment::When;
pub use objects::Object;
pub use parse::{object_of, parse, quote};
pub use pattern::Pattern;
pub use query::{Condition, Operator, Query, Sort, Test, Value};
