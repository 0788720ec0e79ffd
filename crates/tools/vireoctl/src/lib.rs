//! The operator's tool, and what other tools of the same machine share with it.
//!
//! Here: speaking to an engine over its operator's socket, and the checks of `vireoctl doctor`. Not
//! here: anything that a user without this machine's root rights may do; that is the API.

pub mod backup;
pub mod doctor;
pub mod operator;
pub mod users;
