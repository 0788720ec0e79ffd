//! What stands behind the API's paths: one file for each collection, and the table of all routes.
//!
//! A service finds what the path names, turns the body into a verb's input (`convert`), calls the
//! verb (`operations`) and shows what came of it. Rules of the data center are not here.

mod affinity;
mod bookmarks;
mod clusters;
mod completion;
mod data_centers;
mod directory;
mod disk_attachments;
mod disks;
mod event_search;
mod events;
mod fixed;
mod hosts;
mod instance_types;
mod jobs;
mod levels;
mod listing;
mod mac_pools;
mod networks;
mod operating_systems;
mod options;
mod permissions;
mod roles;
mod root;
mod routes;
mod scheduling;
mod storage_domains;
mod subjects;
mod tags;
mod templates;
mod users;
mod vm_nics;
mod vms;

pub use routes::ROUTES;
pub use subjects::subject;

use crate::api::entry::ROOT;

/// The address of something below the API's root.
fn href(path: &str) -> String {
    format!("{ROOT}/{path}")
}
