//! Verbs on disks and their attachments to virtual machines.

pub mod add;
pub mod attach;
pub mod attachment_update;
pub(crate) mod chain;
pub mod detach;
pub mod extend;
pub mod import;
pub(crate) mod making;
pub mod move_disk;
pub mod move_live;
pub mod remove;
pub(crate) mod rules;
pub mod update;
