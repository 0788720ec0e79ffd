//! Verbs on hosts.

pub mod add;
pub mod enrol;
pub mod renew_token;
mod tokens;
