//! Which path leads to which service. What the v4 API has beyond this table answers 501.

use super::listing::{ONE, PLAIN, SEARCHED};
use super::{
    clusters, data_centers, disk_attachments, disks, events, hosts, jobs, levels, networks,
    operating_systems, options, root, storage_domains, templates, users, vm_nics, vms,
};
use crate::api::routes::Route;

/// Every bound route.
pub static ROUTES: &[Route] = &[
    Route::get("", &["follow"], root::get),
    Route::get("options/{}", &["version"], options::get),
    // What a data center is made of.
    Route::get("datacenters", SEARCHED, data_centers::list),
    Route::get("datacenters/{}", ONE, data_centers::get),
    Route::get("datacenters/{}/clusters", SEARCHED, data_centers::clusters),
    Route::get("datacenters/{}/clusters/{}", ONE, data_centers::cluster),
    Route::get("datacenters/{}/networks", SEARCHED, data_centers::networks),
    Route::get("datacenters/{}/networks/{}", ONE, data_centers::network),
    Route::get(
        "datacenters/{}/storagedomains",
        SEARCHED,
        data_centers::storage_domains,
    ),
    Route::get(
        "datacenters/{}/storagedomains/{}",
        ONE,
        data_centers::storage_domain,
    ),
    Route::get("clusters", SEARCHED, clusters::list),
    Route::get("clusters/{}", ONE, clusters::get),
    Route::get("clusters/{}/networks", SEARCHED, clusters::networks),
    Route::get("clusters/{}/networks/{}", ONE, clusters::network),
    Route::get("hosts", SEARCHED, hosts::list),
    Route::get("hosts/{}", ONE, hosts::get),
    Route::action("hosts/{}/deactivate", |a| Box::pin(hosts::deactivate(a))),
    Route::action("hosts/{}/activate", |a| Box::pin(hosts::activate(a))),
    Route::get("hosts/{}/statistics", PLAIN, hosts::statistics),
    Route::get("hosts/{}/statistics/{}", ONE, hosts::statistic),
    Route::get("hosts/{}/nics", PLAIN, hosts::nics),
    Route::get("hosts/{}/nics/{}", ONE, hosts::nic),
    Route::get("networks", SEARCHED, networks::list),
    Route::get("networks/{}", ONE, networks::get),
    Route::get(
        "networks/{}/vnicprofiles",
        SEARCHED,
        networks::vnic_profiles_of,
    ),
    Route::get(
        "networks/{}/vnicprofiles/{}",
        ONE,
        networks::vnic_profile_of,
    ),
    Route::get("vnicprofiles", SEARCHED, networks::vnic_profiles),
    Route::get("vnicprofiles/{}", ONE, networks::vnic_profile),
    // Storage.
    Route::get("storagedomains", SEARCHED, storage_domains::list),
    Route::get("storagedomains/{}", ONE, storage_domains::get),
    Route::get("storagedomains/{}/disks", SEARCHED, storage_domains::disks),
    Route::get("storagedomains/{}/disks/{}", ONE, storage_domains::disk),
    Route::get("disks", SEARCHED, disks::list),
    Route::add("disks", &[], |a| Box::pin(disks::add(a))),
    Route::get("disks/{}", ONE, disks::get),
    Route::update("disks/{}", &[], |a| Box::pin(disks::update(a))),
    Route::remove("disks/{}", &[], |a| Box::pin(disks::remove(a))),
    Route::action("disks/{}/move", |a| Box::pin(disks::move_disk(a))),
    // Machines.
    Route::get("vms", SEARCHED, vms::list),
    Route::add("vms", &["clone"], |a| Box::pin(vms::add(a))),
    Route::get("vms/{}", ONE, vms::get),
    Route::update("vms/{}", &["next_run"], |a| Box::pin(vms::update(a))),
    Route::remove("vms/{}", &["detach_only", "force"], |a| {
        Box::pin(vms::remove(a))
    }),
    Route::action("vms/{}/start", |a| Box::pin(vms::start(a))),
    Route::action("vms/{}/stop", |a| Box::pin(vms::stop(a))),
    Route::action("vms/{}/shutdown", |a| Box::pin(vms::shutdown(a))),
    Route::action("vms/{}/migrate", |a| Box::pin(vms::migrate(a))),
    Route::action("vms/{}/cancelmigration", |a| {
        Box::pin(vms::cancel_migration(a))
    }),
    Route::get("vms/{}/statistics", PLAIN, vms::statistics),
    Route::get("vms/{}/statistics/{}", ONE, vms::statistic),
    Route::get("vms/{}/reporteddevices", PLAIN, vms::reported_devices),
    Route::get("vms/{}/reporteddevices/{}", ONE, vms::reported_device),
    Route::get("vms/{}/graphicsconsoles", PLAIN, vms::graphics_consoles),
    Route::get("vms/{}/graphicsconsoles/{}", ONE, vms::graphics_console),
    Route::get("vms/{}/nics", PLAIN, vm_nics::list),
    Route::add("vms/{}/nics", &[], |a| Box::pin(vm_nics::add(a))),
    Route::get("vms/{}/nics/{}", ONE, vm_nics::get),
    Route::update("vms/{}/nics/{}", &[], |a| Box::pin(vm_nics::update(a))),
    Route::remove("vms/{}/nics/{}", &[], |a| Box::pin(vm_nics::remove(a))),
    Route::get(
        "vms/{}/nics/{}/reporteddevices",
        PLAIN,
        vm_nics::reported_devices,
    ),
    Route::get("vms/{}/diskattachments", PLAIN, disk_attachments::list),
    Route::add("vms/{}/diskattachments", &[], |a| {
        Box::pin(disk_attachments::add(a))
    }),
    Route::get("vms/{}/diskattachments/{}", ONE, disk_attachments::get),
    Route::update("vms/{}/diskattachments/{}", &[], |a| {
        Box::pin(disk_attachments::update(a))
    }),
    Route::remove("vms/{}/diskattachments/{}", &["detach_only"], |a| {
        Box::pin(disk_attachments::remove(a))
    }),
    Route::get("templates", SEARCHED, templates::list),
    Route::add("templates", &["clone_permissions", "seal"], |a| {
        Box::pin(templates::add(a))
    }),
    Route::get("templates/{}", ONE, templates::get),
    Route::remove("templates/{}", &[], |a| Box::pin(templates::remove(a))),
    Route::get(
        "templates/{}/diskattachments",
        PLAIN,
        templates::disk_attachments,
    ),
    Route::get(
        "templates/{}/diskattachments/{}",
        ONE,
        templates::disk_attachment,
    ),
    Route::get("templates/{}/nics", PLAIN, templates::nics),
    Route::get("templates/{}/nics/{}", ONE, templates::nic),
    Route::get("operatingsystems", PLAIN, operating_systems::list),
    Route::get("operatingsystems/{}", ONE, operating_systems::get),
    Route::get("clusterlevels", PLAIN, levels::list),
    Route::get("clusterlevels/{}", ONE, levels::get),
    // What went on, and who is there.
    Route::get_stored("events", &["search", "max", "from"], |a| {
        Box::pin(events::list(a))
    }),
    Route::get_stored("events/{}", ONE, |a| Box::pin(events::get(a))),
    Route::get("jobs", SEARCHED, jobs::list),
    Route::get("jobs/{}", ONE, jobs::get),
    Route::get("jobs/{}/steps", PLAIN, jobs::steps),
    Route::get("jobs/{}/steps/{}", ONE, jobs::step),
    Route::get("users", SEARCHED, users::list),
    Route::get("users/{}", ONE, users::get),
];
