//! Verbs on users of the internal directory.

pub mod set_password;
