//! What happened, told to operators: every event with oVirt's code and severity, in our own words.
//!
//! An [`AuditEvent`] is made by whoever changes something and put into the same `store::Batch` as
//! the change, so that neither exists without the other. How events are stored, searched and
//! forgotten is not here (`store`), nor how they look in the API (`rest`).

mod about;
mod configured;
mod event;
mod kind;
mod words;

pub use configured::Change;
pub use event::AuditEvent;
pub use kind::EventKind;
