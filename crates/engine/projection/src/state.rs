//! Everything that is true now, and how a change changes it.

use crate::macs::TakenMacs;
use crate::table::{Index, Row, Table};
use base::{HostId, StorageDomainId, VmId, WorkflowId};
use domain::affinity::{AffinityGroup, AffinityLabel};
use domain::bookmarks::Bookmark;
use domain::clusters::Cluster;
use domain::data_centers::DataCenter;
use domain::disks::Disk;
use domain::events::Event;
use domain::hosts::{Host, HostObserved, HostStatus};
use domain::instance_types::InstanceType;
use domain::jobs::SharedWorkflow;
use domain::memberships::Membership;
use domain::networks::{MacPool, Network, VnicProfile};
use domain::rights::{Group, Permission};
use domain::roles::Role;
use domain::scheduling_policies::SchedulingPolicy;
use domain::storage::{StorageDomain, StorageDomainObserved};
use domain::tags::Tag;
use domain::templates::Template;
use domain::users::{Token, User};
use domain::vms::{Vm, VmObserved, VmStats};
use domain::{Entity, Key, Noun};
use imbl::{OrdMap, OrdSet, Vector};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{Change, EVENTS_KEPT};
use uuid::Uuid;

/// Newest first.
pub(crate) type JobOrder = (Reverse<base::Timestamp>, WorkflowId);

/// The maps. Copying it copies a few dozen pointers.
#[derive(Clone, Default)]
pub(crate) struct State {
    pub version: u64,
    pub seq: i64,

    pub data_centers: Table<DataCenter>,
    pub mac_pools: Table<MacPool>,
    pub clusters: Table<Cluster>,
    pub networks: Table<Network>,
    pub vnic_profiles: Table<VnicProfile>,
    pub hosts: Table<Host>,
    pub storage_domains: Table<StorageDomain>,
    pub disks: Table<Disk>,
    pub templates: Table<Template>,
    pub vms: Table<Vm>,
    pub users: Table<User>,
    pub tokens: Table<Token>,
    pub tags: Table<Tag>,
    pub bookmarks: Table<Bookmark>,
    pub affinity_groups: Table<AffinityGroup>,
    pub affinity_labels: Table<AffinityLabel>,
    pub scheduling_policies: Table<SchedulingPolicy>,
    pub instance_types: Table<InstanceType>,
    pub memberships: Table<Membership>,
    pub roles: Table<Role>,
    pub permissions: Table<Permission>,
    pub groups: Table<Group>,

    pub workflows: OrdMap<WorkflowId, SharedWorkflow>,
    pub workflow_order: OrdMap<JobOrder, SharedWorkflow>,
    pub events: Vector<Arc<Event>>,

    pub vm_seen: OrdMap<VmId, Arc<VmObserved>>,
    pub host_seen: OrdMap<HostId, Arc<HostObserved>>,
    /// What each host last measured of its VMs.
    pub host_samples: OrdMap<HostId, Arc<BTreeMap<VmId, VmStats>>>,
    /// Hosts that were last seen up, and who of all hosts has which storage domain.
    pub hosts_up: OrdSet<HostId>,
    pub storage_reach: Index,
    pub storage_seen: OrdMap<StorageDomainId, StorageDomainObserved>,

    pub links: Links,
    pub macs: TakenMacs,
}

/// Who points at whom.
#[derive(Clone, Default)]
pub(crate) struct Links {
    pub cluster_dc: Index,
    pub network_dc: Index,
    pub profile_network: Index,
    pub host_cluster: Index,
    pub storage_dc: Index,
    pub disk_storage: Index,
    pub disk_backing: Index,
    pub template_disk: Index,
    pub template_cluster: Index,
    pub vm_host: Index,
    pub vm_cluster: Index,
    pub vm_disk: Index,
    pub vm_template: Index,
    pub vm_profile: Index,
    pub template_profile: Index,
    pub token_user: Index,
    pub cluster_pool: Index,
    pub cluster_policy: Index,
    pub tag_parent: Index,
    pub group_cluster: Index,
    pub membership_holder: Index,
    pub membership_member: Index,
    pub permission_principal: Index,
    pub permission_object: Index,
    pub permission_role: Index,
    /// Which permission gives whom what: (principal, object, permission).
    pub grants: OrdSet<(Uuid, Uuid, Uuid)>,
}

impl State {
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Put(entity) => self.put(entity),
            Change::Deleted(key) => self.delete(*key),
            Change::Event(event) => {
                self.events.push_back(event.clone());
                while self.events.len() > EVENTS_KEPT {
                    self.events.pop_front();
                }
            }
            Change::Workflow(row) => {
                self.forget_workflow(row.id);
                self.workflow_order
                    .insert((Reverse(row.started), row.id), row.clone());
                self.workflows.insert(row.id, row.clone());
            }
            Change::WorkflowForgotten(id) => self.forget_workflow(*id),
        }
    }

    pub fn vm_said(&mut self, vm: VmId, seen: Option<VmObserved>) {
        let Some(seen) = seen else {
            self.vm_seen.remove(&vm);
            return;
        };
        let is_new_run = |old: &Arc<VmObserved>| old.epoch != seen.epoch;
        if self.vm_seen.get(&vm).is_none_or(is_new_run)
            && let Some(samples) = self.host_samples.get_mut(&seen.host)
            && samples.contains_key(&vm)
        {
            // It is of the run before.
            Arc::make_mut(samples).remove(&vm);
        }
        self.vm_seen.insert(vm, Arc::new(seen));
    }

    pub fn host_said(&mut self, host: HostId, seen: HostObserved) {
        let seen = Arc::new(seen);
        let old = self.host_seen.insert(host, seen.clone());
        self.host_reaches(host, old.as_deref(), Some(&seen));
    }

    fn host_reaches(&mut self, id: HostId, old: Option<&HostObserved>, new: Option<&HostObserved>) {
        match new.map(|n| n.status) {
            Some(HostStatus::Up) => drop(self.hosts_up.insert(id)),
            _ => drop(self.hosts_up.remove(&id)),
        }
        let of = |seen: Option<&HostObserved>| -> Vec<Uuid> {
            let all = seen.map(|s| s.storage.as_slice()).unwrap_or_default();
            all.iter().map(|d| d.0).collect()
        };
        let (old, new) = (of(old), of(new));
        if old != new {
            self.storage_reach.point(id.0, old, new);
        }
    }

    fn forget_workflow(&mut self, id: WorkflowId) {
        if let Some(old) = self.workflows.remove(&id) {
            self.workflow_order.remove(&(Reverse(old.started), id));
        }
    }

    pub fn put(&mut self, entity: &Entity) {
        match entity.clone() {
            Entity::DataCenter(e) => drop(self.data_centers.put(e)),
            Entity::MacPool(e) => drop(self.mac_pools.put(e)),
            Entity::Cluster(e) => {
                let old = self.clusters.put(e.clone());
                self.links.cluster(e.key(), old.as_deref(), Some(&e));
            }
            Entity::Network(e) => {
                let old = self.networks.put(e.clone());
                self.links.network(e.key(), old.as_deref(), Some(&e));
            }
            Entity::VnicProfile(e) => {
                let old = self.vnic_profiles.put(e.clone());
                self.links.profile(e.key(), old.as_deref(), Some(&e));
            }
            Entity::Host(e) => {
                let old = self.hosts.put(e.clone());
                self.links.host(e.key(), old.as_deref(), Some(&e));
            }
            Entity::StorageDomain(e) => {
                let old = self.storage_domains.put(e.clone());
                self.links.storage(e.key(), old.as_deref(), Some(&e));
            }
            Entity::Disk(e) => {
                let old = self.disks.put(e.clone());
                self.links.disk(e.key(), old.as_deref(), Some(&e));
            }
            Entity::Template(e) => {
                let old = self.templates.put(e.clone());
                self.links.template(e.key(), old.as_deref(), Some(&e));
            }
            Entity::Vm(e) => {
                if e.run.is_none() {
                    self.vm_seen.remove(&e.id);
                }
                let old = self.vms.put(e.clone());
                self.macs.replace(old.as_deref(), Some(&e));
                self.links.vm(e.key(), old.as_deref(), Some(&e));
            }
            Entity::User(e) => drop(self.users.put(e)),
            Entity::Token(e) => {
                let old = self.tokens.put(e.clone());
                self.links.token(e.key(), old.as_deref(), Some(&e));
            }
            Entity::Tag(e) => {
                let old = self.tags.put(e.clone());
                self.links.tag(e.key(), old.as_deref(), Some(&e));
            }
            Entity::Bookmark(e) => drop(self.bookmarks.put(e)),
            Entity::AffinityGroup(e) => {
                let old = self.affinity_groups.put(e.clone());
                self.links.group(e.key(), old.as_deref(), Some(&e));
            }
            Entity::AffinityLabel(e) => drop(self.affinity_labels.put(e)),
            Entity::SchedulingPolicy(e) => drop(self.scheduling_policies.put(e)),
            Entity::InstanceType(e) => drop(self.instance_types.put(e)),
            Entity::Membership(e) => {
                let old = self.memberships.put(e.clone());
                self.links.membership(e.key(), old.as_deref(), Some(&e));
            }
            Entity::Role(e) => drop(self.roles.put(e)),
            Entity::Permission(e) => {
                let old = self.permissions.put(e.clone());
                self.links.permission(e.key(), old.as_deref(), Some(&e));
                self.links.grant(old.as_deref(), Some(&e));
            }
            Entity::Group(e) => drop(self.groups.put(e)),
        }
    }

    fn delete(&mut self, key: Key) {
        let id = key.id;
        match key.noun {
            Noun::DataCenter => drop(self.data_centers.remove(id)),
            Noun::MacPool => drop(self.mac_pools.remove(id)),
            Noun::Cluster => {
                let old = self.clusters.remove(id);
                self.links.cluster(id, old.as_deref(), None);
            }
            Noun::Network => {
                let old = self.networks.remove(id);
                self.links.network(id, old.as_deref(), None);
            }
            Noun::VnicProfile => {
                let old = self.vnic_profiles.remove(id);
                self.links.profile(id, old.as_deref(), None);
            }
            Noun::Host => {
                let seen = self.host_seen.remove(&HostId(id));
                self.host_reaches(HostId(id), seen.as_deref(), None);
                self.host_samples.remove(&HostId(id));
                let old = self.hosts.remove(id);
                self.links.host(id, old.as_deref(), None);
            }
            Noun::StorageDomain => {
                self.storage_seen.remove(&StorageDomainId(id));
                let old = self.storage_domains.remove(id);
                self.links.storage(id, old.as_deref(), None);
            }
            Noun::Disk => {
                let old = self.disks.remove(id);
                self.links.disk(id, old.as_deref(), None);
            }
            Noun::Template => {
                let old = self.templates.remove(id);
                self.links.template(id, old.as_deref(), None);
            }
            Noun::Vm => {
                self.vm_seen.remove(&VmId(id));
                let old = self.vms.remove(id);
                self.macs.replace(old.as_deref(), None);
                self.links.vm(id, old.as_deref(), None);
            }
            Noun::User => drop(self.users.remove(id)),
            Noun::Token => {
                let old = self.tokens.remove(id);
                self.links.token(id, old.as_deref(), None);
            }
            Noun::Tag => {
                let old = self.tags.remove(id);
                self.links.tag(id, old.as_deref(), None);
            }
            Noun::Bookmark => drop(self.bookmarks.remove(id)),
            Noun::AffinityGroup => {
                let old = self.affinity_groups.remove(id);
                self.links.group(id, old.as_deref(), None);
            }
            Noun::AffinityLabel => drop(self.affinity_labels.remove(id)),
            Noun::SchedulingPolicy => drop(self.scheduling_policies.remove(id)),
            Noun::InstanceType => drop(self.instance_types.remove(id)),
            Noun::Membership => {
                let old = self.memberships.remove(id);
                self.links.membership(id, old.as_deref(), None);
            }
            Noun::Role => drop(self.roles.remove(id)),
            Noun::Permission => {
                let old = self.permissions.remove(id);
                self.links.permission(id, old.as_deref(), None);
                self.links.grant(old.as_deref(), None);
            }
            Noun::Group => drop(self.groups.remove(id)),
        }
    }
}

/// One row of the list below: index, and what an object points at.
macro_rules! links {
    ($($function:ident($noun:ty): $($index:ident = |$row:ident| $targets:expr),*;)*) => {
        impl Links {$(
            fn $function(&mut self, id: Uuid, old: Option<&$noun>, new: Option<&$noun>) {$(
                let targets = |row: Option<&$noun>| -> Vec<Uuid> {
                    let Some($row) = row else { return Vec::new() };
                    $targets.collect()
                };
                let (was, is) = (targets(old), targets(new));
                if was != is {
                    self.$index.point(id, was, is);
                }
            )*}
        )*}
    };
}

fn one(id: Uuid) -> impl Iterator<Item = Uuid> {
    std::iter::once(id)
}

links! {
    cluster(Cluster):
        cluster_dc = |r| one(r.data_center.0),
        cluster_pool = |r| one(r.mac_pool.0),
        cluster_policy = |r| one(r.policies.scheduling.0);
    network(Network): network_dc = |r| one(r.data_center.0);
    profile(VnicProfile): profile_network = |r| one(r.network.0);
    host(Host): host_cluster = |r| one(r.cluster.0);
    storage(StorageDomain): storage_dc = |r| r.data_center.iter().map(|d| d.0);
    disk(Disk):
        disk_storage = |r| one(r.storage_domain.0),
        disk_backing = |r| r.backing.iter().map(|b| b.disk.0);
    template(Template):
        template_disk = |r| r.hardware.disks.iter().map(|d| d.disk.0),
        template_cluster = |r| r.cluster.iter().map(|c| c.0),
        template_profile = |r| r.hardware.nics.iter().filter_map(|n| n.profile).map(|p| p.0);
    vm(Vm):
        vm_host = |r| r.run.iter().filter_map(|run| run.host).map(|h| h.0),
        vm_cluster = |r| one(r.cluster.0),
        vm_disk = |r| r.hardware.disks.iter().map(|d| d.disk.0),
        vm_template = |r| one(r.template.0),
        vm_profile = |r| r.hardware.nics.iter().filter_map(|n| n.profile).map(|p| p.0);
    token(Token): token_user = |r| one(r.user.0);
    tag(Tag): tag_parent = |r| one(r.parent.0);
    group(AffinityGroup): group_cluster = |r| one(r.cluster.0);
    membership(Membership):
        membership_holder = |r| one(r.holder.id),
        membership_member = |r| one(r.member.id);
    permission(Permission):
        permission_principal = |r| one(r.principal.id()),
        permission_object = |r| one(r.object.id()),
        permission_role = |r| one(r.role.0);
}

impl Links {
    fn grant(&mut self, old: Option<&Permission>, new: Option<&Permission>) {
        let of = |p: &Permission| (p.principal.id(), p.object.id(), p.id.0);
        if let Some(old) = old {
            self.grants.remove(&of(old));
        }
        if let Some(new) = new {
            self.grants.insert(of(new));
        }
    }
}
