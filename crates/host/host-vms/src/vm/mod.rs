//! One virtual machine: its run as a pure machine (`run`), what its guest tells (`guest`), and the
//! task that owns both (`actor`, with the engine's commands in `orders`).

mod actor;
mod arriving;
mod guest;
mod orders;
mod run;

pub(crate) use actor::{Message, Surroundings, spawn};
pub(crate) use run::Run;
