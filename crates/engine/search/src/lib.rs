//! oVirt's search language: from text to a question that an object can be asked.
//!
//! Supported by now: `field = value` and `!=` over a few fields, `*` wildcards, quoted values,
//! `and`, one free text, `sortby` and `page`. What oVirt knows beyond that answers `NotSupported`,
//! so that nobody takes an unfiltered list for an answer. Pure: which objects there are and what
//! their fields hold is not here.

mod error;
mod fields;
mod parse;
mod pattern;
mod query;

pub use error::SearchError;
pub use fields::{Field, Fields};
pub use parse::{parse, quote};
pub use query::{Query, Sort};
