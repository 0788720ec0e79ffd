//! Verbs on templates.

pub mod add;
pub mod remove;
