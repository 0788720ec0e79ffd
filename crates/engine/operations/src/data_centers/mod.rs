//! Verbs on data centers.

pub mod add;
pub mod remove;
mod rules;
pub mod update;

pub(crate) use rules::check_version;
