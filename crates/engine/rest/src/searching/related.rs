//! How objects belong together, the same in both directions.

use super::item::Item;
use base::{ClusterId, DataCenterId};
use domain::disks::Disk;
use domain::hosts::Host;
use domain::networks::Network;
use domain::vms::Hardware;
use projection::Snapshot;
use search::Object;

/// The objects of a kind that belong to an item; one may come twice.
pub fn related<'a>(s: &'a Snapshot, item: Item<'a>, object: Object) -> Vec<Item<'a>> {
    match item {
        Item::Vm(vm) => match object {
            Object::Host => {
                let host = vm.run.as_ref().and_then(|run| run.host);
                host.and_then(|id| s.host(id))
                    .map(Item::Host)
                    .into_iter()
                    .collect()
            }
            Object::Template => one(s.template(vm.template), Item::Template),
            Object::Cluster => one(s.cluster(vm.cluster), Item::Cluster),
            Object::DataCenter => one(s.data_center(vm.data_center), Item::DataCenter),
            _ => of_hardware(s, &vm.hardware, object),
        },
        Item::Template(template) => match object {
            Object::Vm => s.vms_of_template(template.id).map(Item::Vm).collect(),
            Object::Host => {
                let cluster = template.cluster.into_iter();
                cluster
                    .flat_map(|id| s.hosts_of(id))
                    .map(Item::Host)
                    .collect()
            }
            Object::Cluster => one(template.cluster.and_then(|id| s.cluster(id)), Item::Cluster),
            Object::DataCenter => one(
                template.data_center.and_then(|id| s.data_center(id)),
                Item::DataCenter,
            ),
            _ => of_hardware(s, &template.hardware, object),
        },
        Item::Host(host) => of_host(s, host, object),
        Item::Cluster(cluster) => match object {
            Object::Vm => s.vms_of_cluster(cluster.id).map(Item::Vm).collect(),
            Object::Host => s.hosts_of(cluster.id).map(Item::Host).collect(),
            Object::Template => s.templates_of(cluster.id).map(Item::Template).collect(),
            Object::DataCenter => one(s.data_center(cluster.data_center), Item::DataCenter),
            Object::Storage => s
                .storage_domains_of(cluster.data_center)
                .map(Item::Storage)
                .collect(),
            Object::Network => networks(s, cluster.data_center, cluster.id)
                .map(Item::Network)
                .collect(),
            Object::ClusterNetwork => networks(s, cluster.data_center, cluster.id)
                .map(|network| Item::ClusterNetwork(network, cluster))
                .collect(),
            _ => Vec::new(),
        },
        Item::DataCenter(dc) => of_data_center(s, dc.id, object),
        Item::Storage(domain) => match object {
            Object::Disk => s.disks_on(domain.id).map(Item::Disk).collect(),
            Object::Vm | Object::Template => s
                .disks_on(domain.id)
                .flat_map(|disk| of_disk(s, disk, object))
                .collect(),
            Object::DataCenter => one(
                domain.data_center.and_then(|id| s.data_center(id)),
                Item::DataCenter,
            ),
            Object::Host | Object::Cluster => domain
                .data_center
                .map(|dc| of_data_center(s, dc, object))
                .unwrap_or_default(),
            _ => Vec::new(),
        },
        Item::Disk(disk) => of_disk(s, disk, object),
        Item::Network(network) => of_network(s, network, object),
        Item::VnicProfile(profile) => match object {
            Object::Network => one(s.network(profile.network), Item::Network),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn one<'a, T>(found: Option<T>, kind: fn(T) -> Item<'a>) -> Vec<Item<'a>> {
    found.map(kind).into_iter().collect()
}

fn of_hardware<'a>(s: &'a Snapshot, hardware: &'a Hardware, object: Object) -> Vec<Item<'a>> {
    let disks = || hardware.disks.iter().filter_map(|a| s.disk(a.disk));
    match object {
        Object::Vnic => hardware.nics.iter().map(Item::Vnic).collect(),
        Object::Disk => disks().map(Item::Disk).collect(),
        Object::Storage => disks()
            .filter_map(|disk| s.storage_domain(disk.storage_domain))
            .map(Item::Storage)
            .collect(),
        Object::Network => hardware
            .nics
            .iter()
            .filter_map(|nic| s.vnic_profile(nic.profile?))
            .filter_map(|profile| s.network(profile.network))
            .map(Item::Network)
            .collect(),
        _ => Vec::new(),
    }
}

fn of_host<'a>(s: &'a Snapshot, host: &'a Host, object: Object) -> Vec<Item<'a>> {
    let cluster = s.cluster(host.cluster);
    match object {
        Object::Vm => s.vms_on_host(host.id).map(Item::Vm).collect(),
        Object::Template => s.templates_of(host.cluster).map(Item::Template).collect(),
        Object::Cluster => one(cluster, Item::Cluster),
        Object::DataCenter => one(
            cluster.and_then(|c| s.data_center(c.data_center)),
            Item::DataCenter,
        ),
        Object::Storage => cluster
            .into_iter()
            .flat_map(|c| s.storage_domains_of(c.data_center))
            .map(Item::Storage)
            .collect(),
        Object::Nic => {
            let facts = host.facts.iter();
            facts
                .flat_map(|f| &f.nics)
                .map(|nic| Item::Nic(host, nic))
                .collect()
        }
        Object::Network => cluster
            .into_iter()
            .flat_map(|c| s.networks_of(c.data_center))
            .filter(|network| has_network(host, network))
            .map(Item::Network)
            .collect(),
        _ => Vec::new(),
    }
}

fn of_data_center<'a>(s: &'a Snapshot, dc: DataCenterId, object: Object) -> Vec<Item<'a>> {
    match object {
        Object::Cluster => s.clusters_of(dc).map(Item::Cluster).collect(),
        Object::Storage => s.storage_domains_of(dc).map(Item::Storage).collect(),
        Object::Network => s.networks_of(dc).map(Item::Network).collect(),
        Object::Vm | Object::Host | Object::Template => s
            .clusters_of(dc)
            .flat_map(|cluster| related(s, Item::Cluster(cluster), object))
            .collect(),
        Object::Disk => s
            .storage_domains_of(dc)
            .flat_map(|domain| s.disks_on(domain.id))
            .map(Item::Disk)
            .collect(),
        _ => Vec::new(),
    }
}

fn of_disk<'a>(s: &'a Snapshot, disk: &Disk, object: Object) -> Vec<Item<'a>> {
    let domain = s.storage_domain(disk.storage_domain);
    match object {
        Object::Vm => s.vms_with_disk(disk.id).map(Item::Vm).collect(),
        Object::Template => s.templates_with_disk(disk.id).map(Item::Template).collect(),
        Object::Storage => one(domain, Item::Storage),
        Object::DataCenter => one(
            domain.and_then(|d| s.data_center(d.data_center?)),
            Item::DataCenter,
        ),
        _ => Vec::new(),
    }
}

fn of_network<'a>(s: &'a Snapshot, network: &'a Network, object: Object) -> Vec<Item<'a>> {
    let clusters = || {
        let all = s.clusters_of(network.data_center);
        all.filter(|cluster| network.use_in(cluster.id).is_some())
    };
    match object {
        Object::DataCenter => one(s.data_center(network.data_center), Item::DataCenter),
        Object::Cluster => clusters().map(Item::Cluster).collect(),
        Object::ClusterNetwork => clusters()
            .map(|cluster| Item::ClusterNetwork(network, cluster))
            .collect(),
        Object::HostNetwork => s
            .clusters_of(network.data_center)
            .flat_map(|cluster| s.hosts_of(cluster.id))
            .filter(|host| has_network(host, network))
            .map(|host| Item::HostNetwork(host))
            .collect(),
        Object::VnicProfile => s
            .vnic_profiles_of(network.id)
            .map(Item::VnicProfile)
            .collect(),
        Object::Vm => s
            .vnic_profiles_of(network.id)
            .flat_map(|profile| s.vms_with_profile(profile.id))
            .map(Item::Vm)
            .collect(),
        _ => Vec::new(),
    }
}

fn networks(
    s: &Snapshot,
    dc: DataCenterId,
    cluster: ClusterId,
) -> impl Iterator<Item = &std::sync::Arc<Network>> {
    s.networks_of(dc)
        .filter(move |network| network.use_in(cluster).is_some())
}

fn has_network(host: &Host, network: &Network) -> bool {
    host.facts.as_ref().is_some_and(|facts| {
        let mut nics = facts.nics.iter();
        facts.bridges.contains(&network.bridge)
            || nics.any(|nic| nic.bridge.as_ref() == Some(&network.bridge))
    })
}
