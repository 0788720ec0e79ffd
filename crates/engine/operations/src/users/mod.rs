//! Verbs on users of the internal directory.

pub mod add;
pub mod remove;
pub mod set_password;
