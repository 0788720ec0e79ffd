//! Records as XML 1.0: read by a pull parser, written by hand.

mod chars;
mod reader;
mod writer;

pub(crate) use chars::allowed as char_allowed;

pub use reader::{read_into, read_list_into};
pub use writer::{DECLARATION, write};
