//! Verbs on storage domains.

pub mod add;
