//! The API's root: who answers, who asks, and where everything is.

use super::href;
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use api_schema::Link;
use api_v4::{
    Api, ApiSummary, ApiSummaryItem, ProductInfo, SpecialObjects, Tag, Template, User, Version,
};
use base::{Fault, TemplateId};
use domain::hosts::HostStatus;
use domain::storage::StorageDomainStatus;
use projection::Snapshot;

/// Every collection below the root, as oVirt names it, and whether it can be searched.
const COLLECTIONS: &[(&str, bool)] = &[
    ("affinitylabels", false),
    ("bookmarks", false),
    ("clusterlevels", false),
    ("clusters", true),
    ("cpuprofiles", false),
    ("datacenters", true),
    ("diskprofiles", false),
    ("disks", true),
    ("domains", false),
    ("events", true),
    ("externalhostproviders", false),
    ("externaltemplateimports", false),
    ("externalvmimports", false),
    ("groups", false),
    ("hosts", true),
    ("icons", false),
    ("imagetransfers", false),
    ("instancetypes", false),
    ("jobs", false),
    ("katelloerrata", false),
    ("macpools", false),
    ("networkfilters", false),
    ("networks", true),
    ("openstackimageproviders", false),
    ("openstacknetworkproviders", false),
    ("openstackvolumeproviders", false),
    ("operatingsystems", false),
    ("permissions", false),
    ("roles", false),
    ("schedulingpolicies", false),
    ("schedulingpolicyunits", false),
    ("storageconnections", false),
    ("storagedomains", true),
    ("tags", false),
    ("templates", true),
    ("users", true),
    ("vmpools", false),
    ("vms", true),
    ("vnicprofiles", false),
];

/// oVirt's root of the tree of tags.
const ROOT_TAG: &str = "00000000-0000-0000-0000-000000000000";

/// `GET` of the root.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    let product = &ask.front.product;
    let me = ask.user.as_ref().map(|user| {
        Box::new(User {
            id: Some(user.id.to_string()),
            href: Some(href(&format!("users/{}", user.id))),
            ..User::default()
        })
    });
    let (major, minor) = product.api;
    let api = Api {
        links: links(),
        product_info: Some(Box::new(ProductInfo {
            name: Some(product.name.clone()),
            vendor: Some(product.vendor.clone()),
            instance_id: Some(product.instance.to_string()),
            version: Some(Box::new(Version {
                major: Some(i64::from(major)),
                minor: Some(i64::from(minor)),
                build: Some(0),
                revision: Some(0),
                full_version: Some(product.full_version.clone()),
                ..Version::default()
            })),
        })),
        special_objects: Some(Box::new(SpecialObjects {
            blank_template: Some(Box::new(Template {
                id: Some(TemplateId::BLANK.to_string()),
                href: Some(href(&format!("templates/{}", TemplateId::BLANK))),
                ..Template::default()
            })),
            root_tag: Some(Box::new(Tag {
                id: Some(ROOT_TAG.to_owned()),
                href: Some(href(&format!("tags/{ROOT_TAG}"))),
                ..Tag::default()
            })),
        })),
        summary: Some(Box::new(summary(&ask.snapshot))),
        time: Some(ask.front.rooms.clock.now()),
        authenticated_user: me.clone(),
        effective_user: me,
        ..Api::default()
    };
    Ok(Answer::entity(api))
}

fn links() -> Vec<Link> {
    let mut links = Vec::with_capacity(COLLECTIONS.len() * 2);
    for (rel, searchable) in COLLECTIONS {
        links.push(Link::new(*rel, href(rel)));
        if *searchable {
            // libgovirt cuts the address where `{query}` begins, so it stands last.
            let address = format!("{}?search={{query}}", href(rel));
            links.push(Link::new(format!("{rel}/search"), address));
        }
    }
    links
}

fn summary(snapshot: &Snapshot) -> ApiSummary {
    let item = |active: usize, total: usize| {
        Some(Box::new(ApiSummaryItem {
            active: i64::try_from(active).ok(),
            total: i64::try_from(total).ok(),
        }))
    };
    let hosts_up = snapshot
        .hosts()
        .filter(|h| snapshot.host_status(h.id) == Some(HostStatus::Up))
        .count();
    let domains_active = snapshot
        .storage_domains()
        .filter(|d| snapshot.storage_domain_status(d.id) == Some(StorageDomainStatus::Active))
        .count();
    let users_active: std::collections::BTreeSet<_> = snapshot.tokens().map(|t| t.user).collect();
    let vms_running = snapshot
        .vms()
        .filter(|vm| snapshot.vm_status(vm.id).is_some_and(|s| s.is_running()))
        .count();
    ApiSummary {
        hosts: item(hosts_up, snapshot.host_count()),
        storage_domains: item(domains_active, snapshot.storage_domain_count()),
        users: item(users_active.len(), snapshot.user_count()),
        vms: item(vms_running, snapshot.vm_count()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn search_links_end_with_the_query() {
        let links = links();
        let vms = links.iter().find(|l| l.rel == "vms/search").unwrap();
        assert_eq!(vms.href, "/ovirt-engine/api/vms?search={query}");
        assert!(links.iter().all(|l| !l.rel.contains('_')));
    }
}
