//! Reading: what was true at one moment, for as long as the reader holds it.

use crate::sight::Sight;
use crate::state::State;
use base::*;
use domain::affinity::{AffinityGroup, AffinityLabel};
use domain::bookmarks::Bookmark;
use domain::clusters::Cluster;
use domain::data_centers::DataCenter;
use domain::disks::Disk;
use domain::events::Event;
use domain::hosts::{Host, HostObserved};
use domain::instance_types::InstanceType;
use domain::jobs::SharedWorkflow;
use domain::memberships::Membership;
use domain::networks::{MacAddress, MacPool, Network, VnicProfile};
use domain::rights::{Group, Permission};
use domain::roles::{self, Role};
use domain::scheduling_policies::{self, SchedulingPolicy};
use domain::storage::{StorageDomain, StorageDomainObserved};
use domain::tags::Tag;
use domain::templates::Template;
use domain::users::{Token, User};
use domain::vms::{Vm, VmObserved, VmStats};
use std::sync::Arc;
use uuid::Uuid;

/// One moment, whole or as far as somebody sees it. Cheap to clone; never changes.
///
/// In a snapshot of what somebody sees, everything else does not exist: not by id, not by name, not in
/// a list, not in a count.
#[derive(Clone, Default)]
pub struct Snapshot(pub(crate) Arc<State>, pub(crate) Option<Arc<Sight>>);

macro_rules! nouns {
    ($($one:ident, $many:ident, $count:ident: $noun:ty, $id:ty;)*) => {
        impl Snapshot {$(
            #[doc = concat!("The ", stringify!($noun), " with that id. O(log n).")]
            #[must_use]
            pub fn $one(&self, id: $id) -> Option<&Arc<$noun>> {
                self.0.$many.get(id.0).filter(|row| self.sees_row(&***row))
            }
            #[doc = concat!(
                "How many objects of ", stringify!($noun), " there are. O(1) in a whole snapshot."
            )]
            #[must_use]
            pub fn $count(&self) -> usize {
                match &self.1 {
                    None => self.0.$many.len(),
                    Some(_) => self.seen(&self.0.$many).len(),
                }
            }
        )*}
    };
}

macro_rules! lists {
    ($($many:ident: $noun:ty;)*) => {
        impl Snapshot {$(
            #[doc = concat!("Every ", stringify!($noun), " by name, then id.")]
            pub fn $many(&self) -> impl Iterator<Item = &Arc<$noun>> {
                let seen = self.1.as_ref().map(|_| self.seen(&self.0.$many));
                let whole = self.1.is_none().then(|| self.0.$many.iter());
                seen.into_iter().flatten().chain(whole.into_iter().flatten())
            }
        )*}
        $(impl Listed for $noun {
            fn named_in_any_case<'a>(snapshot: &'a Snapshot, name: &str) -> Vec<&'a Arc<Self>> {
                let mut found = snapshot.0.$many.folded(name);
                found.retain(|row| snapshot.sees_row(&***row));
                found
            }
            fn beginning_with<'a>(
                snapshot: &'a Snapshot,
                prefix: &str,
            ) -> impl Iterator<Item = &'a Arc<Self>> + use<'a>
            where
                Self: 'a,
            {
                let found = snapshot.0.$many.beginning_with(prefix);
                found.filter(|row| snapshot.sees_row(&***row))
            }
            fn with_name_like<'a>(
                snapshot: &'a Snapshot,
                fits: impl Fn(&str) -> bool + 'a,
            ) -> impl Iterator<Item = &'a Arc<Self>>
            where
                Self: 'a,
            {
                let found = snapshot.0.$many.folded_like(fits);
                found.filter(|row| snapshot.sees_row(&***row))
            }
            fn by_name_in_any_case<'a>(
                snapshot: &'a Snapshot,
                descending: bool,
            ) -> impl Iterator<Item = &'a Arc<Self>>
            where
                Self: 'a,
            {
                let found = snapshot.0.$many.by_fold(descending);
                found.filter(|row| snapshot.sees_row(&***row))
            }
        })*
    };
}

/// Objects that are listed by name.
pub trait Listed: Sized {
    /// Those with that name in any case, wherever they belong to, by name, then id. O(log n).
    fn named_in_any_case<'a>(snapshot: &'a Snapshot, name: &str) -> Vec<&'a Arc<Self>>;
    /// Those whose name begins so in any case, by that. O(log n) for each.
    fn beginning_with<'a>(
        snapshot: &'a Snapshot,
        prefix: &str,
    ) -> impl Iterator<Item = &'a Arc<Self>> + use<'a, Self>
    where
        Self: 'a;
    /// Those whose name in lower case fits, by that. O(n), and fast: objects are not looked at.
    fn with_name_like<'a>(
        snapshot: &'a Snapshot,
        fits: impl Fn(&str) -> bool + 'a,
    ) -> impl Iterator<Item = &'a Arc<Self>>
    where
        Self: 'a;
    /// All of them by name in any case of letters, from either end. O(log n) for each.
    fn by_name_in_any_case<'a>(
        snapshot: &'a Snapshot,
        descending: bool,
    ) -> impl Iterator<Item = &'a Arc<Self>>
    where
        Self: 'a;
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
    tag, tags, tag_count: Tag, TagId;
    bookmark, bookmarks, bookmark_count: Bookmark, BookmarkId;
    affinity_group, affinity_groups, affinity_group_count: AffinityGroup, AffinityGroupId;
    affinity_label, affinity_labels, affinity_label_count: AffinityLabel, AffinityLabelId;
    own_scheduling_policy, scheduling_policies, own_scheduling_policy_count:
        SchedulingPolicy, SchedulingPolicyId;
    instance_type, instance_types, instance_type_count: InstanceType, InstanceTypeId;
    membership, memberships, membership_count: Membership, MembershipId;
    own_role, roles, own_role_count: Role, RoleId;
    permission, permissions, permission_count: Permission, PermissionId;
    group, groups, group_count: Group, GroupId;
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
    tags: Tag;
    bookmarks: Bookmark;
    affinity_groups: AffinityGroup;
    affinity_labels: AffinityLabel;
    instance_types: InstanceType;
    groups: Group;
}

/// Objects that point at an object, by id.
macro_rules! pointing {
    ($($(#[$doc:meta])* $name:ident($at:ty) = $index:ident of $many:ident: $noun:ty;)*) => {
        impl Snapshot {$(
            $(#[$doc])*
            pub fn $name(&self, at: $at) -> impl Iterator<Item = &Arc<$noun>> {
                let state = &*self.0;
                state
                    .links
                    .$index
                    .at(at.into())
                    .filter_map(|id| state.$many.get(id))
                    .filter(|row| self.sees_row(&***row))
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
    /// Clusters that take MAC addresses from a pool, by id.
    clusters_of_pool(MacPoolId) = cluster_pool of clusters: Cluster;
    /// Clusters with a scheduling policy, by id.
    clusters_of_policy(SchedulingPolicyId) = cluster_policy of clusters: Cluster;
    /// Tags right below a tag, by id.
    tags_below(TagId) = tag_parent of tags: Tag;
    /// Affinity groups of a cluster, by id.
    affinity_groups_of(ClusterId) = group_cluster of affinity_groups: AffinityGroup;
    /// Who belongs to a tag, affinity group or label; by the membership's id.
    members_of(Uuid) = membership_holder of memberships: Membership;
    /// What a VM, host, template, user or label belongs to; by the membership's id.
    memberships_of(Uuid) = membership_member of memberships: Membership;
    /// What a user or group was given, by the permission's id.
    permissions_of(Uuid) = permission_principal of permissions: Permission;
    /// Who was given what on an object, by the permission's id.
    permissions_on(Uuid) = permission_object of permissions: Permission;
    /// Who was given a role, by the permission's id.
    permissions_with(RoleId) = permission_role of permissions: Permission;
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
        self.0.tokens.by_id().filter(|row| self.sees_row(&***row))
    }

    /// The data center of that name. O(log n), as all of these; names are compared composed (NFC).
    #[must_use]
    pub fn data_center_named(&self, name: &str) -> Option<&Arc<DataCenter>> {
        self.0
            .data_centers
            .named(Uuid::nil(), name)
            .filter(|row| self.sees_row(&***row))
    }
    /// The MAC pool of that name.
    #[must_use]
    pub fn mac_pool_named(&self, name: &str) -> Option<&Arc<MacPool>> {
        self.0
            .mac_pools
            .named(Uuid::nil(), name)
            .filter(|row| self.sees_row(&***row))
    }
    /// The cluster of that name.
    #[must_use]
    pub fn cluster_named(&self, name: &str) -> Option<&Arc<Cluster>> {
        self.0
            .clusters
            .named(Uuid::nil(), name)
            .filter(|row| self.sees_row(&***row))
    }
    /// The host of that name.
    #[must_use]
    pub fn host_named(&self, name: &str) -> Option<&Arc<Host>> {
        self.0
            .hosts
            .named(Uuid::nil(), name)
            .filter(|row| self.sees_row(&***row))
    }
    /// The storage domain of that name.
    #[must_use]
    pub fn storage_domain_named(&self, name: &str) -> Option<&Arc<StorageDomain>> {
        self.0
            .storage_domains
            .named(Uuid::nil(), name)
            .filter(|row| self.sees_row(&***row))
    }
    /// The network of that name in a data center.
    #[must_use]
    pub fn network_named(&self, dc: DataCenterId, name: &str) -> Option<&Arc<Network>> {
        self.0
            .networks
            .named(dc.0, name)
            .filter(|row| self.sees_row(&***row))
    }
    /// The profile of that name on a network.
    #[must_use]
    pub fn vnic_profile_named(&self, network: NetworkId, name: &str) -> Option<&Arc<VnicProfile>> {
        self.0
            .vnic_profiles
            .named(network.0, name)
            .filter(|row| self.sees_row(&***row))
    }
    /// The template of that name in a data center, else the one that belongs to none (Blank).
    #[must_use]
    pub fn template_named(&self, dc: DataCenterId, name: &str) -> Option<&Arc<Template>> {
        let named = |scope| {
            let found = self.0.templates.named(scope, name);
            found.filter(|row| self.sees_row(&***row))
        };
        named(dc.0).or_else(|| named(Uuid::nil()))
    }
    /// The VM of that name in a data center.
    #[must_use]
    pub fn vm_named(&self, dc: DataCenterId, name: &str) -> Option<&Arc<Vm>> {
        self.0
            .vms
            .named(dc.0, name)
            .filter(|row| self.sees_row(&***row))
    }

    /// The tag of that name.
    #[must_use]
    pub fn tag_named(&self, name: &str) -> Option<&Arc<Tag>> {
        self.0
            .tags
            .named(Uuid::nil(), name)
            .filter(|row| self.sees_row(&***row))
    }
    /// The bookmark of that name.
    #[must_use]
    pub fn bookmark_named(&self, name: &str) -> Option<&Arc<Bookmark>> {
        self.0
            .bookmarks
            .named(Uuid::nil(), name)
            .filter(|row| self.sees_row(&***row))
    }
    /// The affinity group of that name in a cluster.
    #[must_use]
    pub fn affinity_group_named(
        &self,
        cluster: ClusterId,
        name: &str,
    ) -> Option<&Arc<AffinityGroup>> {
        self.0
            .affinity_groups
            .named(cluster.0, name)
            .filter(|row| self.sees_row(&***row))
    }
    /// The affinity label of that name.
    #[must_use]
    pub fn affinity_label_named(&self, name: &str) -> Option<&Arc<AffinityLabel>> {
        self.0
            .affinity_labels
            .named(Uuid::nil(), name)
            .filter(|row| self.sees_row(&***row))
    }
    /// The instance type of that name.
    #[must_use]
    pub fn instance_type_named(&self, name: &str) -> Option<&Arc<InstanceType>> {
        self.0
            .instance_types
            .named(Uuid::nil(), name)
            .filter(|row| self.sees_row(&***row))
    }
    /// A scheduling policy, oVirt's or one that was made.
    #[must_use]
    pub fn scheduling_policy(&self, id: SchedulingPolicyId) -> Option<&Arc<SchedulingPolicy>> {
        scheduling_policies::shipped(id)
            .filter(|row| self.sees_row(&***row))
            .or_else(|| self.own_scheduling_policy(id))
    }
    /// The scheduling policy of that name.
    #[must_use]
    pub fn scheduling_policy_named(&self, name: &str) -> Option<&Arc<SchedulingPolicy>> {
        let shipped = scheduling_policies::SHIPPED.iter().find(|p| p.name == name);
        let own = || self.0.scheduling_policies.named(Uuid::nil(), name);
        shipped.or_else(own).filter(|row| self.sees_row(&***row))
    }
    /// Every scheduling policy: oVirt's, then those that were made, each by name.
    pub fn scheduling_policies(&self) -> impl Iterator<Item = &Arc<SchedulingPolicy>> {
        scheduling_policies::SHIPPED
            .iter()
            .chain(self.0.scheduling_policies.iter())
            .filter(|row| self.sees_row(&***row))
    }
    /// A role, oVirt's or one that was made.
    #[must_use]
    pub fn role(&self, id: RoleId) -> Option<&Arc<Role>> {
        roles::shipped(id).or_else(|| self.own_role(id))
    }
    /// The role of that name.
    #[must_use]
    pub fn role_named(&self, name: &str) -> Option<&Arc<Role>> {
        let shipped = roles::SHIPPED.iter().find(|r| r.name == name);
        shipped.or_else(|| self.0.roles.named(Uuid::nil(), name))
    }
    /// Every role: oVirt's, then those that were made, each by name.
    pub fn roles(&self) -> impl Iterator<Item = &Arc<Role>> {
        roles::SHIPPED.iter().chain(self.0.roles.iter())
    }
    /// The group of that name; not `Everyone`, which is not stored.
    #[must_use]
    pub fn group_named(&self, name: &str) -> Option<&Arc<Group>> {
        let group = self.0.groups.named(Uuid::nil(), name);
        group.filter(|row| self.sees_row(&***row))
    }
    /// A tag with those above it, from itself to the top. A circle ends where it closes.
    #[must_use]
    pub fn tag_path(&self, id: TagId) -> Vec<&Arc<Tag>> {
        let mut path: Vec<&Arc<Tag>> = Vec::new();
        let mut at = id;
        while let Some(tag) = self.tag(at) {
            if path.iter().any(|t| t.id == at) {
                break;
            }
            path.push(tag);
            at = tag.parent;
        }
        path
    }

    /// Has a network card of any VM that address? O(log n).
    #[must_use]
    pub fn mac_is_taken(&self, mac: MacAddress) -> bool {
        self.0.macs.holds(mac)
    }
    /// The lowest address from `first` to `last` that no network card has. O(log n).
    #[must_use]
    pub fn free_mac(&self, first: MacAddress, last: MacAddress) -> Option<MacAddress> {
        self.0.macs.free(first, last)
    }

    /// A workflow row.
    #[must_use]
    pub fn workflow(&self, id: WorkflowId) -> Option<&SharedWorkflow> {
        self.0
            .workflows
            .get(&id)
            .filter(|w| self.sees_call(&w.call))
    }
    /// All workflow rows, newest first.
    pub fn workflows(&self) -> impl DoubleEndedIterator<Item = &SharedWorkflow> {
        let all = self.0.workflow_order.values();
        all.filter(|w| self.sees_call(&w.call))
    }
    /// The last events (`store::EVENTS_KEPT`), oldest first.
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &Arc<Event>> {
        let all = self.0.events.iter();
        all.filter(|e| self.sees_event(&e.event.about))
    }

    /// What any host last said of any run of a VM: a run on its way may be heard of from two.
    #[must_use]
    pub fn vm_heard(&self, id: VmId) -> Option<&Arc<VmObserved>> {
        self.0.vm_seen.get(&id)
    }
    /// What a host last said of the present run of a VM; nothing for a VM that is down.
    #[must_use]
    pub fn vm_observed(&self, id: VmId) -> Option<&Arc<VmObserved>> {
        self.vm_observed_of(self.vm(id)?)
    }
    /// As `vm_observed`, of a VM of this snapshot.
    #[must_use]
    pub fn vm_observed_of(&self, vm: &Vm) -> Option<&Arc<VmObserved>> {
        let run = vm.run.as_ref()?;
        let seen = self.0.vm_seen.get(&vm.id)?;
        (seen.epoch == run.epoch && Some(seen.host) == run.host).then_some(seen)
    }
    /// The last sample of the present run of a VM.
    #[must_use]
    pub fn vm_stats(&self, id: VmId) -> Option<&VmStats> {
        let seen = self.vm_observed(id)?;
        self.0.host_samples.get(&seen.host)?.get(&id)
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
