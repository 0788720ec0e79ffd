//! Verbs on clusters.

pub mod add;
mod change;
pub mod remove;
pub mod update;

pub use change::ClusterChange;
