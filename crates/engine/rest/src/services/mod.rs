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
mod root;
mod routes;
mod scheduling;
mod storage_domains;
mod tags;
mod templates;
mod users;
mod vm_nics;
mod vms;

pub use routes::ROUTES;

use crate::api::entry::ROOT;
use api_v4::services::{ALL, Service};
use http::Method;

/// Every path of the v4 API: pattern, last segment of an action, method.
pub fn known() -> impl Iterator<Item = (&'static str, &'static str, Method)> {
    ALL.iter().flat_map(|service| {
        let methods = [
            (Service::GET, Method::GET),
            (Service::ADD, Method::POST),
            (Service::UPDATE, Method::PUT),
            (Service::REMOVE, Method::DELETE),
        ];
        let own = methods
            .into_iter()
            .filter(|(bit, _)| service.methods & bit != 0)
            .map(|(_, method)| (service.path, "", method));
        let actions = service
            .actions
            .iter()
            .map(|action| (service.path, *action, Method::POST));
        own.chain(actions)
    })
}

/// The address of something below the API's root.
fn href(path: &str) -> String {
    format!("{ROOT}/{path}")
}
