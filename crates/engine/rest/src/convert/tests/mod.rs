//! Conversions over a small data center.

mod bodies;
mod fixture;
mod shown;
