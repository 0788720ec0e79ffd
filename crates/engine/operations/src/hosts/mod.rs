//! Verbs on hosts.

pub mod add;
pub mod enrol;
mod tokens;
