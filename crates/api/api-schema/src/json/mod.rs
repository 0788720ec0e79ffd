//! Records as JSON, in oVirt's shape: integers, booleans and words are strings, dates are
//! milliseconds since 1970, a list is an object with one member named after its items.

mod reader;
mod tree;
mod writer;

pub use reader::{read_into, read_list_into};
pub use writer::write;
