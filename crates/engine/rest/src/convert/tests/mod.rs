//! Conversions over a small data center.

mod bodies;
pub(crate) mod fixture;
mod shown;
