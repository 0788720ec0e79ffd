//! Verbs on logical networks.

pub mod add;
pub mod attach;
pub mod remove;
pub mod update;
