//! Verbs on hosts.

pub mod activate;
pub mod add;
pub mod enrol;
pub mod maintenance;
pub mod renew_token;
mod tokens;
