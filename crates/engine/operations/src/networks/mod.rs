//! Verbs on logical networks.

pub mod add;
