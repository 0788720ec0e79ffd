//! The enumerations of the API, one file for each family of types. Made from the inventory of oVirt
//! 4.5 (Python SDK 4.6.3), maintained by hand since.

mod actions;
mod clusters;
mod data_centers;
mod devices;
mod disks;
mod events;
pub mod every;
mod gluster;
mod host_networks;
mod hosts;
mod imports;
mod networks;
mod providers;
mod storage;
mod system;
mod templates;
mod users;
mod vms;

pub use actions::*;
pub use clusters::*;
pub use data_centers::*;
pub use devices::*;
pub use disks::*;
pub use events::*;
pub use gluster::*;
pub use host_networks::*;
pub use hosts::*;
pub use imports::*;
pub use networks::*;
pub use providers::*;
pub use storage::*;
pub use system::*;
pub use templates::*;
pub use users::*;
pub use vms::*;
