//! Verbs on virtual machines.
