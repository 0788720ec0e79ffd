//! Reading: what was true at one moment, for as long as the reader holds it.

use crate::state::State;
use base::*;
use domain::clusters::Cluster;
use domain::data_centers::DataCenter;
use domain::disks::Disk;
use domain::events::Event;
use domain::hosts::{Host, HostObserved};
use domain::jobs::SharedWorkflow;
use domain::networks::{MacPool, Network, VnicProfile};
use domain::storage::{StorageDomain, StorageDomainObserved};
use domain::templates::Template;
use domain::users::{Token, User};
use domain::vms::{Vm, VmObserved};
use std::sync::Arc;
use uuid::Uuid;

/// One moment. Cheap to clone; never changes.
#[derive(Clone, Default)]
pub struct Snapshot(pub(crate) Arc<State>);

macro_rules! nouns {
    ($($one:ident, $many:ident, $count:ident: $noun:ty, $id:ty;)*) => {
        impl Snapshot {$(
            #[doc = concat!("The ", stringify!($noun), " with that id. O(log n).")]
            #[must_use]
            pub fn $one(&self, id: $id) -> Option<&Arc<$noun>> {
                self.0.$many.get(id.0)
            }
            #[doc = concat!("How many objects of ", stringify!($noun), " there are. O(1).")]
            #[must_use]
            pub fn $count(&self) -> usize {
                self.0.$many.len()
            }
        )*}
    };
}

macro_rules! lists {
    ($($many:ident: $noun:ty;)*) => {
        impl Snapshot {$(
            #[doc = concat!("Every ", stringify!($noun), " by name, then id.")]
            pub fn $many(&self) -> impl Iterator<Item = &Arc<$noun>> {
                self.0.$many.iter()
            }
        )*}
    };
}

nouns! {
    data_center, data_centers, data_center_count: DataCenter, DataCenterId;
    mac_pool, mac_pools, mac_pool_count: MacPool, MacPoolId;
    cluster, clusters, cluster_count: Cluster, ClusterId;
    network, networks, network_count: Network, NetworkId;
    vnic_profile, vnic_profiles, vnic_profile_count: VnicProfile, VnicProfileId;
    host, hosts, host_count: Host, HostId;
    storage_domain, storage_domains, storage_domain_count: StorageDomain, StorageDomainId;
    disk, disks, disk_count: Disk, DiskId;
    template, templates, template_count: Template, TemplateId;
    vm, vms, vm_count: Vm, VmId;
    user, users, user_count: User, UserId;
    token, tokens, token_count: Token, TokenId;
}

lists! {
    data_centers: DataCenter;
    mac_pools: MacPool;
    clusters: Cluster;
    networks: Network;
    vnic_profiles: VnicProfile;
    hosts: Host;
    storage_domains: StorageDomain;
    disks: Disk;
    templates: Template;
    vms: Vm;
    users: User;
}

/// Objects that point at an object, by id.
macro_rules! pointing {
    ($($(#[$doc:meta])* $name:ident($at:ty) = $index:ident of $many:ident: $noun:ty;)*) => {
        impl Snapshot {$(
            $(#[$doc])*
            pub fn $name(&self, at: $at) -> impl Iterator<Item = &Arc<$noun>> {
                let state = &*self.0;
                state.links.$index.at(at.0).filter_map(|id| state.$many.get(id))
            }
        )*}
    };
}

pointing! {
    /// Clusters of a data center, by id.
    clusters_of(DataCenterId) = cluster_dc of clusters: Cluster;
    /// Networks of a data center, by id.
    networks_of(DataCenterId) = network_dc of networks: Network;
    /// Profiles of a network, by id.
    vnic_profiles_of(NetworkId) = profile_network of vnic_profiles: VnicProfile;
    /// Hosts of a cluster, by id.
    hosts_of(ClusterId) = host_cluster of hosts: Host;
    /// Storage domains attached to a data center, by id.
    storage_domains_of(DataCenterId) = storage_dc of storage_domains: StorageDomain;
    /// Disks on a storage domain, by id.
    disks_on(StorageDomainId) = disk_storage of disks: Disk;
    /// Thin disks that stand on a template's disk, by id.
    disks_over(DiskId) = disk_backing of disks: Disk;
    /// Templates a disk belongs to, by id.
    templates_with_disk(DiskId) = template_disk of templates: Template;
    /// Templates of a cluster, by id.
    templates_of(ClusterId) = template_cluster of templates: Template;
    /// Templates with a NIC on a profile, by id.
    templates_with_profile(VnicProfileId) = template_profile of templates: Template;
    /// VMs whose run is placed on a host, by id.
    vms_on_host(HostId) = vm_host of vms: Vm;
    /// VMs of a cluster, by id.
    vms_of_cluster(ClusterId) = vm_cluster of vms: Vm;
    /// VMs a disk is attached to, by id.
    vms_with_disk(DiskId) = vm_disk of vms: Vm;
    /// VMs made from a template, by id.
    vms_of_template(TemplateId) = vm_template of vms: Vm;
    /// VMs with a NIC on a profile, by id.
    vms_with_profile(VnicProfileId) = vm_profile of vms: Vm;
    /// Tokens of a user, by id.
    tokens_of(UserId) = token_user of tokens: Token;
}

impl Snapshot {
    /// Grows with every change, durable or observed.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.0.version
    }
    /// Number of the last durable change in it.
    #[must_use]
    pub fn seq(&self) -> i64 {
        self.0.seq
    }

    /// Every token by id.
    pub fn tokens(&self) -> impl Iterator<Item = &Arc<Token>> {
        self.0.tokens.by_id()
    }

    /// The data center of that name. O(log n), as all of these; names are compared composed (NFC).
    #[must_use]
    pub fn data_center_named(&self, name: &str) -> Option<&Arc<DataCenter>> {
        self.0.data_centers.named(Uuid::nil(), name)
    }
    /// The MAC pool of that name.
    #[must_use]
    pub fn mac_pool_named(&self, name: &str) -> Option<&Arc<MacPool>> {
        self.0.mac_pools.named(Uuid::nil(), name)
    }
    /// The cluster of that name.
    #[must_use]
    pub fn cluster_named(&self, name: &str) -> Option<&Arc<Cluster>> {
        self.0.clusters.named(Uuid::nil(), name)
    }
    /// The host of that name.
    #[must_use]
    pub fn host_named(&self, name: &str) -> Option<&Arc<Host>> {
        self.0.hosts.named(Uuid::nil(), name)
    }
    /// The storage domain of that name.
    #[must_use]
    pub fn storage_domain_named(&self, name: &str) -> Option<&Arc<StorageDomain>> {
        self.0.storage_domains.named(Uuid::nil(), name)
    }
    /// The network of that name in a data center.
    #[must_use]
    pub fn network_named(&self, dc: DataCenterId, name: &str) -> Option<&Arc<Network>> {
        self.0.networks.named(dc.0, name)
    }
    /// The profile of that name on a network.
    #[must_use]
    pub fn vnic_profile_named(&self, network: NetworkId, name: &str) -> Option<&Arc<VnicProfile>> {
        self.0.vnic_profiles.named(network.0, name)
    }
    /// The template of that name in a data center, else the one that belongs to none (Blank).
    #[must_use]
    pub fn template_named(&self, dc: DataCenterId, name: &str) -> Option<&Arc<Template>> {
        let templates = &self.0.templates;
        templates
            .named(dc.0, name)
            .or_else(|| templates.named(Uuid::nil(), name))
    }
    /// The VM of that name in a data center.
    #[must_use]
    pub fn vm_named(&self, dc: DataCenterId, name: &str) -> Option<&Arc<Vm>> {
        self.0.vms.named(dc.0, name)
    }

    /// A workflow row.
    #[must_use]
    pub fn workflow(&self, id: WorkflowId) -> Option<&SharedWorkflow> {
        self.0.workflows.get(&id)
    }
    /// All workflow rows, newest first.
    pub fn workflows(&self) -> impl DoubleEndedIterator<Item = &SharedWorkflow> {
        self.0.workflow_order.values()
    }
    /// The last events (`store::EVENTS_KEPT`), oldest first.
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &Arc<Event>> {
        self.0.events.iter()
    }

    /// What a host last said of the present run of a VM; nothing for a VM that is down.
    #[must_use]
    pub fn vm_observed(&self, id: VmId) -> Option<&Arc<VmObserved>> {
        let run = self.vm(id)?.run.as_ref()?;
        let seen = self.0.vm_seen.get(&id)?;
        (seen.epoch == run.epoch && Some(seen.host) == run.host).then_some(seen)
    }
    /// What is known of a host's connection.
    #[must_use]
    pub fn host_observed(&self, id: HostId) -> Option<&Arc<HostObserved>> {
        self.0.host_seen.get(&id)
    }
    /// What hosts last measured of a storage domain.
    #[must_use]
    pub fn storage_domain_observed(&self, id: StorageDomainId) -> Option<&StorageDomainObserved> {
        self.0.storage_seen.get(&id)
    }
}
