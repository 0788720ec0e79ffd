//! Verbs on data centers.

pub mod update;
