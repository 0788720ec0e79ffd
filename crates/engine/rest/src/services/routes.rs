//! Which path leads to which service, and which permit it takes on what. What the v4 API has beyond this table answers 501.

use super::listing::{self, ONE, PLAIN, SEARCHED};
use super::{
    affinity, bookmarks, clusters, completion, data_centers, directory, disk_attachments, disks,
    events, fixed, hosts, instance_types, jobs, levels, mac_pools, networks, operating_systems,
    options, permissions, roles, root, scheduling, storage_domains, tags, templates, users,
    vm_nics, vms,
};
use crate::api::rights::Rule::{Asked, On, System};
use crate::api::routes::Route;
use domain::Noun;
use domain::roles::permits::*;

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
    Route::action("hosts/{}/deactivate", On(MANIPULATE_HOST), |a| {
        Box::pin(hosts::deactivate(a))
    }),
    Route::action("hosts/{}/activate", On(MANIPULATE_HOST), |a| {
        Box::pin(hosts::activate(a))
    }),
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
    Route::get("vnicprofiles", SEARCHED, networks::profiles),
    Route::get("vnicprofiles/{}", ONE, networks::profile),
    // Storage.
    Route::get("storagedomains", SEARCHED, storage_domains::list),
    Route::get("storagedomains/{}", ONE, storage_domains::get),
    Route::get("storagedomains/{}/disks", SEARCHED, storage_domains::disks),
    Route::get("storagedomains/{}/disks/{}", ONE, storage_domains::disk),
    Route::get("disks", SEARCHED, disks::list),
    Route::add("disks", Asked(CREATE_DISK), &[], |a| {
        Box::pin(disks::add(a))
    }),
    Route::get("disks/{}", ONE, disks::get),
    Route::update("disks/{}", On(EDIT_DISK_PROPERTIES), &[], |a| {
        Box::pin(disks::update(a))
    }),
    Route::remove("disks/{}", On(DELETE_DISK), &[], |a| {
        Box::pin(disks::remove(a))
    }),
    Route::action("disks/{}/move", On(CONFIGURE_DISK_STORAGE), |a| {
        Box::pin(disks::move_disk(a))
    }),
    // Machines.
    Route::get("vms", SEARCHED, vms::list),
    Route::add("vms", Asked(CREATE_VM), &["clone"], |a| {
        Box::pin(vms::add(a))
    }),
    Route::get("vms/{}", ONE, vms::get),
    Route::update("vms/{}", On(EDIT_VM_PROPERTIES), &["next_run"], |a| {
        Box::pin(vms::update(a))
    }),
    Route::remove("vms/{}", On(DELETE_VM), &["detach_only", "force"], |a| {
        Box::pin(vms::remove(a))
    }),
    Route::action("vms/{}/start", On(RUN_VM), |a| Box::pin(vms::start(a))),
    Route::action("vms/{}/stop", On(STOP_VM), |a| Box::pin(vms::stop(a))),
    Route::action("vms/{}/shutdown", On(SHUT_DOWN_VM), |a| {
        Box::pin(vms::shutdown(a))
    }),
    Route::action("vms/{}/migrate", On(MIGRATE_VM), |a| {
        Box::pin(vms::migrate(a))
    }),
    Route::action("vms/{}/cancelmigration", On(MIGRATE_VM), |a| {
        Box::pin(vms::cancel_migration(a))
    }),
    Route::get("vms/{}/statistics", PLAIN, vms::statistics),
    Route::get("vms/{}/statistics/{}", ONE, vms::statistic),
    Route::get("vms/{}/reporteddevices", PLAIN, vms::reported_devices),
    Route::get("vms/{}/reporteddevices/{}", ONE, vms::reported_device),
    Route::get("vms/{}/graphicsconsoles", PLAIN, vms::graphics_consoles),
    Route::get("vms/{}/graphicsconsoles/{}", ONE, vms::graphics_console),
    Route::get("vms/{}/nics", PLAIN, vm_nics::list),
    Route::add("vms/{}/nics", On(CONFIGURE_VM_NETWORK), &[], |a| {
        Box::pin(vm_nics::add(a))
    }),
    Route::get("vms/{}/nics/{}", ONE, vm_nics::get),
    Route::update("vms/{}/nics/{}", On(CONFIGURE_VM_NETWORK), &[], |a| {
        Box::pin(vm_nics::update(a))
    }),
    Route::remove("vms/{}/nics/{}", On(CONFIGURE_VM_NETWORK), &[], |a| {
        Box::pin(vm_nics::remove(a))
    }),
    Route::get(
        "vms/{}/nics/{}/reporteddevices",
        PLAIN,
        vm_nics::reported_devices,
    ),
    Route::get("vms/{}/diskattachments", PLAIN, disk_attachments::list),
    Route::add(
        "vms/{}/diskattachments",
        On(CONFIGURE_VM_STORAGE),
        &[],
        |a| Box::pin(disk_attachments::add(a)),
    ),
    Route::get("vms/{}/diskattachments/{}", ONE, disk_attachments::get),
    Route::update(
        "vms/{}/diskattachments/{}",
        On(CONFIGURE_VM_STORAGE),
        &[],
        |a| Box::pin(disk_attachments::update(a)),
    ),
    Route::remove(
        "vms/{}/diskattachments/{}",
        On(CONFIGURE_VM_STORAGE),
        &["detach_only"],
        |a| Box::pin(disk_attachments::remove(a)),
    ),
    Route::get("templates", SEARCHED, templates::list),
    Route::add(
        "templates",
        Asked(CREATE_TEMPLATE),
        &["clone_permissions", "seal"],
        |a| Box::pin(templates::add(a)),
    ),
    Route::get("templates/{}", ONE, templates::get),
    Route::remove("templates/{}", On(DELETE_TEMPLATE), &[], |a| {
        Box::pin(templates::remove(a))
    }),
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
    Route::get(
        "vireo/searchcompletion",
        &["object", "query", "cursor", "max"],
        completion::get,
    ),
    Route::get("jobs", SEARCHED, jobs::list),
    Route::get("jobs/{}", ONE, jobs::get),
    Route::get("jobs/{}/steps", PLAIN, jobs::steps),
    Route::get("jobs/{}/steps/{}", ONE, jobs::step),
    Route::get("users", SEARCHED, users::list),
    Route::get("users/{}", ONE, users::get),
    // What administrators configure.
    Route::add("datacenters", System(CREATE_STORAGE_POOL), &[], |a| {
        Box::pin(data_centers::add(a))
    }),
    Route::update(
        "datacenters/{}",
        On(EDIT_STORAGE_POOL_CONFIGURATION),
        &[],
        |a| Box::pin(data_centers::update(a)),
    ),
    Route::remove("datacenters/{}", On(DELETE_STORAGE_POOL), &["force"], |a| {
        Box::pin(data_centers::remove(a))
    }),
    Route::add("clusters", Asked(CREATE_CLUSTER), &[], |a| {
        Box::pin(clusters::add(a))
    }),
    Route::update("clusters/{}", On(EDIT_CLUSTER_CONFIGURATION), &[], |a| {
        Box::pin(clusters::update(a))
    }),
    Route::remove("clusters/{}", On(DELETE_CLUSTER), &[], |a| {
        Box::pin(clusters::remove(a))
    }),
    Route::add(
        "clusters/{}/networks",
        On(ASSIGN_CLUSTER_NETWORK),
        &[],
        |a| Box::pin(clusters::attach(a)),
    ),
    Route::update(
        "clusters/{}/networks/{}",
        On(CONFIGURE_CLUSTER_NETWORK),
        &[],
        |a| Box::pin(clusters::update_network(a)),
    ),
    Route::remove(
        "clusters/{}/networks/{}",
        On(ASSIGN_CLUSTER_NETWORK),
        &[],
        |a| Box::pin(clusters::detach(a)),
    ),
    Route::add("networks", Asked(CREATE_STORAGE_POOL_NETWORK), &[], |a| {
        Box::pin(networks::add(a))
    }),
    Route::update(
        "networks/{}",
        On(CONFIGURE_STORAGE_POOL_NETWORK),
        &[],
        |a| Box::pin(networks::update(a)),
    ),
    Route::remove("networks/{}", On(DELETE_STORAGE_POOL_NETWORK), &[], |a| {
        Box::pin(networks::remove(a))
    }),
    Route::add(
        "networks/{}/vnicprofiles",
        On(CREATE_NETWORK_VNIC_PROFILE),
        &[],
        |a| Box::pin(networks::add_profile_of(a)),
    ),
    Route::add(
        "vnicprofiles",
        Asked(CREATE_NETWORK_VNIC_PROFILE),
        &[],
        |a| Box::pin(networks::add_profile(a)),
    ),
    Route::update(
        "vnicprofiles/{}",
        On(CONFIGURE_NETWORK_VNIC_PROFILE),
        &[],
        |a| Box::pin(networks::update_profile(a)),
    ),
    Route::remove(
        "vnicprofiles/{}",
        On(DELETE_NETWORK_VNIC_PROFILE),
        &[],
        |a| Box::pin(networks::remove_profile(a)),
    ),
    Route::get("macpools", PLAIN, mac_pools::list),
    Route::add("macpools", System(CREATE_MAC_POOL), &[], |a| {
        Box::pin(mac_pools::add(a))
    }),
    Route::get("macpools/{}", ONE, mac_pools::get),
    Route::update("macpools/{}", On(EDIT_MAC_POOL), &[], |a| {
        Box::pin(mac_pools::update(a))
    }),
    Route::remove("macpools/{}", On(DELETE_MAC_POOL), &[], |a| {
        Box::pin(mac_pools::remove(a))
    }),
    Route::get("tags", PLAIN, tags::list),
    Route::add("tags", System(TAG_MANAGEMENT), &[], |a| {
        Box::pin(tags::add(a))
    }),
    Route::get("tags/{}", ONE, tags::get),
    Route::update("tags/{}", System(TAG_MANAGEMENT), &[], |a| {
        Box::pin(tags::update(a))
    }),
    Route::remove("tags/{}", System(TAG_MANAGEMENT), &[], |a| {
        Box::pin(tags::remove(a))
    }),
    Route::get("bookmarks", PLAIN, bookmarks::list),
    Route::add("bookmarks", System(BOOKMARK_MANAGEMENT), &[], |a| {
        Box::pin(bookmarks::add(a))
    }),
    Route::get("bookmarks/{}", ONE, bookmarks::get),
    Route::update("bookmarks/{}", System(BOOKMARK_MANAGEMENT), &[], |a| {
        Box::pin(bookmarks::update(a))
    }),
    Route::remove("bookmarks/{}", System(BOOKMARK_MANAGEMENT), &[], |a| {
        Box::pin(bookmarks::remove(a))
    }),
    Route::get("vms/{}/tags", PLAIN, tags::on_vms::list),
    Route::add("vms/{}/tags", System(TAG_MANAGEMENT), &[], |a| {
        Box::pin(tags::on_vms::add(a))
    }),
    Route::get("vms/{}/tags/{}", ONE, tags::on_vms::get),
    Route::remove("vms/{}/tags/{}", System(TAG_MANAGEMENT), &[], |a| {
        Box::pin(tags::on_vms::remove(a))
    }),
    Route::get("hosts/{}/tags", PLAIN, tags::on_hosts::list),
    Route::add("hosts/{}/tags", System(TAG_MANAGEMENT), &[], |a| {
        Box::pin(tags::on_hosts::add(a))
    }),
    Route::get("hosts/{}/tags/{}", ONE, tags::on_hosts::get),
    Route::remove("hosts/{}/tags/{}", System(TAG_MANAGEMENT), &[], |a| {
        Box::pin(tags::on_hosts::remove(a))
    }),
    Route::get("templates/{}/tags", PLAIN, tags::on_templates::list),
    Route::add("templates/{}/tags", System(TAG_MANAGEMENT), &[], |a| {
        Box::pin(tags::on_templates::add(a))
    }),
    Route::get("templates/{}/tags/{}", ONE, tags::on_templates::get),
    Route::remove("templates/{}/tags/{}", System(TAG_MANAGEMENT), &[], |a| {
        Box::pin(tags::on_templates::remove(a))
    }),
    Route::get("users/{}/tags", PLAIN, tags::on_users::list),
    Route::add("users/{}/tags", System(TAG_MANAGEMENT), &[], |a| {
        Box::pin(tags::on_users::add(a))
    }),
    Route::get("users/{}/tags/{}", ONE, tags::on_users::get),
    Route::remove("users/{}/tags/{}", System(TAG_MANAGEMENT), &[], |a| {
        Box::pin(tags::on_users::remove(a))
    }),
    Route::get("clusters/{}/affinitygroups", PLAIN, affinity::groups),
    Route::add(
        "clusters/{}/affinitygroups",
        On(MANIPULATE_AFFINITY_GROUPS),
        &[],
        |a| Box::pin(affinity::add_group(a)),
    ),
    Route::get("clusters/{}/affinitygroups/{}", ONE, affinity::get_group),
    Route::update(
        "clusters/{}/affinitygroups/{}",
        On(MANIPULATE_AFFINITY_GROUPS),
        &[],
        |a| Box::pin(affinity::update_group(a)),
    ),
    Route::remove(
        "clusters/{}/affinitygroups/{}",
        On(MANIPULATE_AFFINITY_GROUPS),
        &[],
        |a| Box::pin(affinity::remove_group(a)),
    ),
    Route::get(
        "clusters/{}/affinitygroups/{}/vms",
        PLAIN,
        affinity::group_vms::list,
    ),
    Route::add(
        "clusters/{}/affinitygroups/{}/vms",
        On(MANIPULATE_AFFINITY_GROUPS),
        &[],
        |a| Box::pin(affinity::group_vms::add(a)),
    ),
    Route::remove(
        "clusters/{}/affinitygroups/{}/vms/{}",
        On(MANIPULATE_AFFINITY_GROUPS),
        &[],
        |a| Box::pin(affinity::group_vms::remove(a)),
    ),
    Route::get(
        "clusters/{}/affinitygroups/{}/hosts",
        PLAIN,
        affinity::group_hosts::list,
    ),
    Route::add(
        "clusters/{}/affinitygroups/{}/hosts",
        On(MANIPULATE_AFFINITY_GROUPS),
        &[],
        |a| Box::pin(affinity::group_hosts::add(a)),
    ),
    Route::remove(
        "clusters/{}/affinitygroups/{}/hosts/{}",
        On(MANIPULATE_AFFINITY_GROUPS),
        &[],
        |a| Box::pin(affinity::group_hosts::remove(a)),
    ),
    Route::get("affinitylabels", PLAIN, affinity::labels),
    Route::add("affinitylabels", System(TAG_MANAGEMENT), &[], |a| {
        Box::pin(affinity::add_label(a))
    }),
    Route::get("affinitylabels/{}", ONE, affinity::get_label),
    Route::update("affinitylabels/{}", System(TAG_MANAGEMENT), &[], |a| {
        Box::pin(affinity::update_label(a))
    }),
    Route::remove("affinitylabels/{}", System(TAG_MANAGEMENT), &[], |a| {
        Box::pin(affinity::remove_label(a))
    }),
    Route::get("affinitylabels/{}/vms", PLAIN, affinity::label_vms::list),
    Route::add("affinitylabels/{}/vms", System(TAG_MANAGEMENT), &[], |a| {
        Box::pin(affinity::label_vms::add(a))
    }),
    Route::get("affinitylabels/{}/vms/{}", ONE, affinity::label_vms::get),
    Route::remove(
        "affinitylabels/{}/vms/{}",
        System(TAG_MANAGEMENT),
        &[],
        |a| Box::pin(affinity::label_vms::remove(a)),
    ),
    Route::get(
        "affinitylabels/{}/hosts",
        PLAIN,
        affinity::label_hosts::list,
    ),
    Route::add(
        "affinitylabels/{}/hosts",
        System(TAG_MANAGEMENT),
        &[],
        |a| Box::pin(affinity::label_hosts::add(a)),
    ),
    Route::get(
        "affinitylabels/{}/hosts/{}",
        ONE,
        affinity::label_hosts::get,
    ),
    Route::remove(
        "affinitylabels/{}/hosts/{}",
        System(TAG_MANAGEMENT),
        &[],
        |a| Box::pin(affinity::label_hosts::remove(a)),
    ),
    Route::get("schedulingpolicies", PLAIN, scheduling::list),
    Route::add(
        "schedulingpolicies",
        System(EDIT_STORAGE_POOL_CONFIGURATION),
        &[],
        |a| Box::pin(scheduling::add(a)),
    ),
    Route::get("schedulingpolicies/{}", ONE, scheduling::get),
    Route::update(
        "schedulingpolicies/{}",
        System(EDIT_STORAGE_POOL_CONFIGURATION),
        &[],
        |a| Box::pin(scheduling::update(a)),
    ),
    Route::remove(
        "schedulingpolicies/{}",
        System(EDIT_STORAGE_POOL_CONFIGURATION),
        &[],
        |a| Box::pin(scheduling::remove(a)),
    ),
    Route::get(
        "schedulingpolicies/{}/filters",
        PLAIN,
        scheduling::filters::list,
    ),
    Route::add(
        "schedulingpolicies/{}/filters",
        System(EDIT_STORAGE_POOL_CONFIGURATION),
        &[],
        |a| Box::pin(scheduling::filters::add(a)),
    ),
    Route::get(
        "schedulingpolicies/{}/filters/{}",
        ONE,
        scheduling::filters::get,
    ),
    Route::remove(
        "schedulingpolicies/{}/filters/{}",
        System(EDIT_STORAGE_POOL_CONFIGURATION),
        &[],
        |a| Box::pin(scheduling::filters::remove(a)),
    ),
    Route::get(
        "schedulingpolicies/{}/weights",
        PLAIN,
        scheduling::weights::list,
    ),
    Route::add(
        "schedulingpolicies/{}/weights",
        System(EDIT_STORAGE_POOL_CONFIGURATION),
        &[],
        |a| Box::pin(scheduling::weights::add(a)),
    ),
    Route::get(
        "schedulingpolicies/{}/weights/{}",
        ONE,
        scheduling::weights::get,
    ),
    Route::remove(
        "schedulingpolicies/{}/weights/{}",
        System(EDIT_STORAGE_POOL_CONFIGURATION),
        &[],
        |a| Box::pin(scheduling::weights::remove(a)),
    ),
    Route::get(
        "schedulingpolicies/{}/balances",
        PLAIN,
        scheduling::balances::list,
    ),
    Route::add(
        "schedulingpolicies/{}/balances",
        System(EDIT_STORAGE_POOL_CONFIGURATION),
        &[],
        |a| Box::pin(scheduling::balances::add(a)),
    ),
    Route::get(
        "schedulingpolicies/{}/balances/{}",
        ONE,
        scheduling::balances::get,
    ),
    Route::remove(
        "schedulingpolicies/{}/balances/{}",
        System(EDIT_STORAGE_POOL_CONFIGURATION),
        &[],
        |a| Box::pin(scheduling::balances::remove(a)),
    ),
    Route::get("schedulingpolicyunits", PLAIN, scheduling::units),
    Route::get("schedulingpolicyunits/{}", ONE, scheduling::unit),
    Route::get("instancetypes", SEARCHED, instance_types::list),
    Route::add("instancetypes", System(CREATE_TEMPLATE), &[], |a| {
        Box::pin(instance_types::add(a))
    }),
    Route::get("instancetypes/{}", ONE, instance_types::get),
    Route::update(
        "instancetypes/{}",
        System(EDIT_TEMPLATE_PROPERTIES),
        &[],
        |a| Box::pin(instance_types::update(a)),
    ),
    Route::remove("instancetypes/{}", System(DELETE_TEMPLATE), &[], |a| {
        Box::pin(instance_types::remove(a))
    }),
    Route::get("networkfilters", PLAIN, fixed::filters),
    Route::get("networkfilters/{}", ONE, fixed::filter),
    Route::get("icons", PLAIN, fixed::icons),
    Route::get("icons/{}", ONE, fixed::icon),
    Route::none("clusterlevels/{}/clusterfeatures", PLAIN, levels::features),
    Route::none(
        "clusters/{}/enabledfeatures",
        PLAIN,
        clusters::enabled_features,
    ),
    Route::get("roles", PLAIN, roles::list),
    Route::add("roles", System(MANIPULATE_ROLES), &[], |a| {
        Box::pin(roles::add(a))
    }),
    Route::get("roles/{}", ONE, roles::get),
    Route::update("roles/{}", System(MANIPULATE_ROLES), &[], |a| {
        Box::pin(roles::update(a))
    }),
    Route::remove("roles/{}", System(MANIPULATE_ROLES), &[], |a| {
        Box::pin(roles::remove(a))
    }),
    Route::get("roles/{}/permits", PLAIN, roles::permits),
    Route::add("roles/{}/permits", System(MANIPULATE_ROLES), &[], |a| {
        Box::pin(roles::add_permit(a))
    }),
    Route::get("roles/{}/permits/{}", ONE, roles::permit),
    Route::remove("roles/{}/permits/{}", System(MANIPULATE_ROLES), &[], |a| {
        Box::pin(roles::remove_permit(a))
    }),
    Route::get("permissions", PLAIN, permissions::system),
    Route::add("permissions", Asked(MANIPULATE_PERMISSIONS), &[], |a| {
        Box::pin(permissions::add_to_system(a))
    }),
    Route::get("permissions/{}", ONE, permissions::get),
    Route::remove("permissions/{}", Asked(MANIPULATE_PERMISSIONS), &[], |a| {
        Box::pin(permissions::remove_from_system(a))
    }),
    Route::get("users/{}/permissions", PLAIN, |a| {
        permissions::of(a, Noun::User)
    }),
    Route::add(
        "users/{}/permissions",
        Asked(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::add_of(a, Noun::User)),
    ),
    Route::get("users/{}/permissions/{}", ONE, |a| {
        permissions::one_of(a, Noun::User)
    }),
    Route::remove(
        "users/{}/permissions/{}",
        Asked(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::remove_of(a, Noun::User)),
    ),
    Route::get("groups/{}/permissions", PLAIN, |a| {
        permissions::of(a, Noun::Group)
    }),
    Route::add(
        "groups/{}/permissions",
        Asked(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::add_of(a, Noun::Group)),
    ),
    Route::get("groups/{}/permissions/{}", ONE, |a| {
        permissions::one_of(a, Noun::Group)
    }),
    Route::remove(
        "groups/{}/permissions/{}",
        Asked(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::remove_of(a, Noun::Group)),
    ),
    Route::get("datacenters/{}/permissions", PLAIN, |a| {
        permissions::list(a, Noun::DataCenter)
    }),
    Route::add(
        "datacenters/{}/permissions",
        On(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::add(a, Noun::DataCenter)),
    ),
    Route::get("datacenters/{}/permissions/{}", ONE, |a| {
        permissions::one(a, Noun::DataCenter)
    }),
    Route::remove(
        "datacenters/{}/permissions/{}",
        On(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::remove(a, Noun::DataCenter)),
    ),
    Route::get("clusters/{}/permissions", PLAIN, |a| {
        permissions::list(a, Noun::Cluster)
    }),
    Route::add(
        "clusters/{}/permissions",
        On(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::add(a, Noun::Cluster)),
    ),
    Route::get("clusters/{}/permissions/{}", ONE, |a| {
        permissions::one(a, Noun::Cluster)
    }),
    Route::remove(
        "clusters/{}/permissions/{}",
        On(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::remove(a, Noun::Cluster)),
    ),
    Route::get("hosts/{}/permissions", PLAIN, |a| {
        permissions::list(a, Noun::Host)
    }),
    Route::add(
        "hosts/{}/permissions",
        On(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::add(a, Noun::Host)),
    ),
    Route::get("hosts/{}/permissions/{}", ONE, |a| {
        permissions::one(a, Noun::Host)
    }),
    Route::remove(
        "hosts/{}/permissions/{}",
        On(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::remove(a, Noun::Host)),
    ),
    Route::get("vms/{}/permissions", PLAIN, |a| {
        permissions::list(a, Noun::Vm)
    }),
    Route::add("vms/{}/permissions", On(MANIPULATE_PERMISSIONS), &[], |a| {
        Box::pin(permissions::add(a, Noun::Vm))
    }),
    Route::get("vms/{}/permissions/{}", ONE, |a| {
        permissions::one(a, Noun::Vm)
    }),
    Route::remove(
        "vms/{}/permissions/{}",
        On(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::remove(a, Noun::Vm)),
    ),
    Route::get("templates/{}/permissions", PLAIN, |a| {
        permissions::list(a, Noun::Template)
    }),
    Route::add(
        "templates/{}/permissions",
        On(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::add(a, Noun::Template)),
    ),
    Route::get("templates/{}/permissions/{}", ONE, |a| {
        permissions::one(a, Noun::Template)
    }),
    Route::remove(
        "templates/{}/permissions/{}",
        On(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::remove(a, Noun::Template)),
    ),
    Route::get("disks/{}/permissions", PLAIN, |a| {
        permissions::list(a, Noun::Disk)
    }),
    Route::add(
        "disks/{}/permissions",
        On(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::add(a, Noun::Disk)),
    ),
    Route::get("disks/{}/permissions/{}", ONE, |a| {
        permissions::one(a, Noun::Disk)
    }),
    Route::remove(
        "disks/{}/permissions/{}",
        On(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::remove(a, Noun::Disk)),
    ),
    Route::get("storagedomains/{}/permissions", PLAIN, |a| {
        permissions::list(a, Noun::StorageDomain)
    }),
    Route::add(
        "storagedomains/{}/permissions",
        On(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::add(a, Noun::StorageDomain)),
    ),
    Route::get("storagedomains/{}/permissions/{}", ONE, |a| {
        permissions::one(a, Noun::StorageDomain)
    }),
    Route::remove(
        "storagedomains/{}/permissions/{}",
        On(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::remove(a, Noun::StorageDomain)),
    ),
    Route::get("networks/{}/permissions", PLAIN, |a| {
        permissions::list(a, Noun::Network)
    }),
    Route::add(
        "networks/{}/permissions",
        On(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::add(a, Noun::Network)),
    ),
    Route::get("networks/{}/permissions/{}", ONE, |a| {
        permissions::one(a, Noun::Network)
    }),
    Route::remove(
        "networks/{}/permissions/{}",
        On(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::remove(a, Noun::Network)),
    ),
    Route::get("vnicprofiles/{}/permissions", PLAIN, |a| {
        permissions::list(a, Noun::VnicProfile)
    }),
    Route::add(
        "vnicprofiles/{}/permissions",
        On(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::add(a, Noun::VnicProfile)),
    ),
    Route::get("vnicprofiles/{}/permissions/{}", ONE, |a| {
        permissions::one(a, Noun::VnicProfile)
    }),
    Route::remove(
        "vnicprofiles/{}/permissions/{}",
        On(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::remove(a, Noun::VnicProfile)),
    ),
    Route::get("macpools/{}/permissions", PLAIN, |a| {
        permissions::list(a, Noun::MacPool)
    }),
    Route::add(
        "macpools/{}/permissions",
        On(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::add(a, Noun::MacPool)),
    ),
    Route::get("macpools/{}/permissions/{}", ONE, |a| {
        permissions::one(a, Noun::MacPool)
    }),
    Route::remove(
        "macpools/{}/permissions/{}",
        On(MANIPULATE_PERMISSIONS),
        &[],
        |a| Box::pin(permissions::remove(a, Noun::MacPool)),
    ),
    Route::get("groups", SEARCHED, directory::groups),
    Route::add("groups", System(MANIPULATE_USERS), &[], |a| {
        Box::pin(directory::add_group(a))
    }),
    Route::remove("groups/{}", System(MANIPULATE_USERS), &[], |a| {
        Box::pin(directory::remove_group(a))
    }),
    Route::add("users", System(MANIPULATE_USERS), &[], |a| {
        Box::pin(users::add(a))
    }),
    Route::remove("users/{}", System(MANIPULATE_USERS), &[], |a| {
        Box::pin(users::remove(a))
    }),
    Route::get("users/{}/groups", PLAIN, users::groups),
    Route::get("groups/{}", ONE, directory::group),
    Route::get("domains", PLAIN, directory::domains),
    Route::get("domains/{}", ONE, directory::get_domain),
    Route::get("domains/{}/users", SEARCHED, directory::domain_users),
    Route::get("domains/{}/users/{}", ONE, directory::domain_user),
    Route::get("domains/{}/groups", SEARCHED, directory::domain_groups),
    Route::add("events", System(INJECT_EXTERNAL_EVENTS), &[], |a| {
        Box::pin(events::add(a))
    }),
    Route::add("hosts", Asked(CREATE_HOST), &[], |a| {
        Box::pin(hosts::add(a))
    }),
    // What nothing can be in yet.
    Route::none(
        "hosts/{}/networkattachments",
        PLAIN,
        hosts::network_attachments,
    ),
    Route::none("hosts/{}/devices", PLAIN, hosts::devices),
    Route::none("hosts/{}/hooks", PLAIN, hosts::hooks),
    Route::none("vmpools", SEARCHED, listing::empty::<api_v4::VmPool>),
    Route::none("vmpools/{}", ONE, listing::absent::<api_v4::VmPool>),
    Route::none(
        "imagetransfers",
        SEARCHED,
        listing::empty::<api_v4::ImageTransfer>,
    ),
    Route::none(
        "imagetransfers/{}",
        ONE,
        listing::absent::<api_v4::ImageTransfer>,
    ),
    Route::none(
        "storageconnections",
        SEARCHED,
        listing::empty::<api_v4::StorageConnection>,
    ),
    Route::none(
        "storageconnections/{}",
        ONE,
        listing::absent::<api_v4::StorageConnection>,
    ),
    Route::none(
        "externalhostproviders",
        SEARCHED,
        listing::empty::<api_v4::ExternalHostProvider>,
    ),
    Route::none(
        "externalhostproviders/{}",
        ONE,
        listing::absent::<api_v4::ExternalHostProvider>,
    ),
    Route::none(
        "openstackimageproviders",
        SEARCHED,
        listing::empty::<api_v4::OpenStackImageProvider>,
    ),
    Route::none(
        "openstackimageproviders/{}",
        ONE,
        listing::absent::<api_v4::OpenStackImageProvider>,
    ),
    Route::none(
        "openstacknetworkproviders",
        SEARCHED,
        listing::empty::<api_v4::OpenStackNetworkProvider>,
    ),
    Route::none(
        "openstacknetworkproviders/{}",
        ONE,
        listing::absent::<api_v4::OpenStackNetworkProvider>,
    ),
    Route::none(
        "openstackvolumeproviders",
        SEARCHED,
        listing::empty::<api_v4::OpenStackVolumeProvider>,
    ),
    Route::none(
        "openstackvolumeproviders/{}",
        ONE,
        listing::absent::<api_v4::OpenStackVolumeProvider>,
    ),
];
