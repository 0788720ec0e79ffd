//! From the domain's nouns to v4 types, and from v4 bodies to the verbs' inputs.
//!
//! Pure functions: a snapshot and a noun go in, a v4 value comes out; a snapshot and a body go in, a
//! verb's input or a fault comes out. What a body holds beyond what this version can do is refused
//! (`carry`), never dropped in silence. Rules of the data center are not here (`operations`), nor
//! how a request is read (`api`).

mod administration;
pub(crate) mod attributes;
mod carry;
mod cluster;
mod cluster_body;
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
mod mac_pool;
pub mod named;
mod network;
mod nic;
mod numbers;
mod permission;
mod references;
mod reported_device;
mod scheduling;
mod statistics;
mod storage_domain;
mod template;
mod user;
mod vm;
mod vm_body;

#[cfg(test)]
pub(crate) mod tests;

pub use administration::{
    affinity_group, affinity_group_change, affinity_label, affinity_label_change, bookmark,
    bookmark_change, instance_type, instance_type_change, root_tag, tag, tag_change, tag_of,
};
pub use cluster::{architecture, cluster};
pub use cluster_body::{cluster_add, cluster_update};
pub use data_center::{data_center, data_center_add, data_center_update};
pub use disk::disk;
pub use disk_attachment::{
    attachment_update, disk_add_attached, disk_attach, template_disk_attachment, vm_disk_attachment,
};
pub use disk_body::{disk_add, disk_update};
pub use event::{event, event_add};
pub use find::{host_named, storage_domain_named};
pub use graphics_console::graphics_consoles;
pub use host::host;
pub use host_nic::host_nics;
pub use job::{job, step};
pub use mac_pool::{mac_pool, mac_pool_change};
pub use network::{
    cluster_network, network, network_add, network_attach, network_update, network_use,
    network_use_check, vnic_profile, vnic_profile_change, vnic_profile_network,
};
pub use nic::{nic_add, nic_update, template_nic, vm_nic};
pub use permission::{
    permission, permission_object, permission_principal, permission_role, permit, permit_named,
    role, role_add, role_permit, role_update,
};
pub use reported_device::reported_devices;
pub use scheduling::{
    balances, filters, policy_change, policy_unit, scheduling_policy, unit_of, weights,
};
pub use statistics::{host_statistics, vm_statistics};
pub use storage_domain::storage_domain;
pub use template::{template, template_add};
pub use user::{DOMAIN_ID, everyone, group, group_add, login, user, user_add};
pub use vm::vm;
pub use vm_body::{vm_add, vm_update};
