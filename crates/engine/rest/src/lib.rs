//! Everything that is asked over HTTP: oVirt's REST API, login, the operator's socket, and the small
//! pages beside them.
//!
//! Here is how a request is read, to which verb or query it leads, and how the reply looks. What a
//! verb does is not here (`operations`), nor who may come in (`access`), nor the form of v4 types
//! (`api-v4`, `api-schema`).

#![recursion_limit = "1024"]

pub mod api;
pub mod convert;
mod front;
mod operator;
mod publish;
mod searching;
pub mod server;
pub mod services;
mod web;
mod words;

pub use front::{BackupFile, Backups, Front, FrontParts, Product, RequestLimits};
pub use publish::published;
pub use server::{
    Limits, ServerError, Stop, StopHandle, serve_https, serve_operator_socket, stop_channel,
};
pub use web::{operator_router, router};
