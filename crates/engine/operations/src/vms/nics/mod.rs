//! Verbs on virtual network cards.

pub mod add;
pub mod remove;
pub mod update;
