//! What searches ask about: the objects of a snapshot, their fields and how they are related; events
//! in the store; and what the language offers to whoever writes a search.
//!
//! The language itself is not here (`search`), nor who may see what: a snapshot holds what the
//! caller may see, and nothing here looks anywhere else.

mod item;
mod related;
mod values;
mod world;

#[cfg(test)]
mod tests;

pub use item::{Item, Searchable};
pub use world::Inventory;
