//! libvirt's C library as safe Rust: the only place with `unsafe` in the product.
//!
//! The library is opened when it is first needed; nothing is linked and no header is compiled in
//! (decision 1). All calls block; who calls them from which thread is not here (see `calls`).

#![allow(unsafe_code)]
#![deny(unsafe_op_in_unsafe_fn)]

mod connection;
mod domain;
mod error;
mod event_loop;
mod events;
mod jobs;
mod library;
mod parameters;
mod stats;

pub(crate) use connection::Connection;
pub(crate) use domain::Domain;
pub(crate) use error::{VirError, code};
pub(crate) use events::{RawEvent, Signal};
pub(crate) use jobs::Departure;
pub(crate) use library::Library;
pub(crate) use stats::{DomainStats, Value};
