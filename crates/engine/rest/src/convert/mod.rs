//! From the domain's nouns to v4 types, and from v4 bodies to the verbs' inputs.
//!
//! Pure functions: a snapshot and a noun go in, a v4 value comes out; a snapshot and a body go in, a
//! verb's input or a fault comes out. What a body holds beyond what this version can do is refused
//! (`carry`), never dropped in silence. Rules of the data center are not here (`operations`), nor
//! how a request is read (`api`).

mod carry;
mod cluster;
mod data_center;
mod disk;
mod disk_attachment;
mod disk_body;
mod event;
mod find;
mod graphics_console;
mod hardware;
mod hardware_body;
mod host;
mod host_nic;
mod job;
mod links;
mod network;
mod nic;
mod numbers;
mod references;
mod reported_device;
mod statistics;
mod storage_domain;
mod template;
mod user;
mod vm;
mod vm_body;

#[cfg(test)]
mod tests;

pub use cluster::cluster;
pub use data_center::data_center;
pub use disk::disk;
pub use disk_attachment::{
    attachment_update, disk_add_attached, disk_attach, template_disk_attachment, vm_disk_attachment,
};
pub use disk_body::{disk_add, disk_update};
pub use event::event;
pub use find::{host_named, storage_domain_named};
pub use graphics_console::graphics_consoles;
pub use host::host;
pub use host_nic::host_nics;
pub use job::{job, step};
pub use network::{network, vnic_profile};
pub use nic::{nic_add, nic_update, template_nic, vm_nic};
pub use reported_device::reported_devices;
pub use statistics::{host_statistics, vm_statistics};
pub use storage_domain::storage_domain;
pub use template::{template, template_add};
pub use user::user;
pub use vm::vm;
pub use vm_body::{vm_add, vm_update};
