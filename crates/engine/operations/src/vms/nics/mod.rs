//! Verbs on virtual network cards.

pub mod add;
pub mod remove;
mod rules;
pub mod update;
