//! The machine as libvirt's XML, and back. Pure: no libvirt, no files, no clock.
//!
//! `domain_xml` writes what QEMU shall be; `domain_read` finds a machine of ours in what libvirt
//! shows, `incoming_read` one that is still on its way here; `disk_chain_read`, `snapshot_xml` and
//! `copy_xml` are for a disk's layers, `destination_xml` and `placed_metadata` for what changes while
//! it runs; `capabilities_read` and `domain_capabilities_cpu_model` take what libvirt says of the host.
//! The texts that are written stand as golden files in `golden/`.

mod blocks;
mod capabilities;
mod changed;
mod devices;
mod domain;
mod metadata;
mod names;
mod node;
mod read;

pub use blocks::{copy_xml, disk_chain_read, snapshot_xml};
pub use capabilities::{Capabilities, capabilities_read, domain_capabilities_cpu_model};
pub use changed::{MetadataElement, destination_xml, placed_metadata};
pub use domain::{BuildContext, domain_xml};
pub use metadata::OUR_NAMESPACE;
pub use names::{disk_alias, disk_of_alias, domain_name};
pub use node::{Node, XmlError};
pub use read::{DomainSeen, domain_read, incoming_read};
