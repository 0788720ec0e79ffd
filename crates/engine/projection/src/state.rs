//! Everything that is true now, and how a change changes it.

use crate::table::{Index, Row, Table};
use base::{HostId, StorageDomainId, VmId, WorkflowId};
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
use domain::{Entity, Key, Noun};
use imbl::{OrdMap, Vector};
use std::cmp::Reverse;
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

    pub workflows: OrdMap<WorkflowId, SharedWorkflow>,
    pub workflow_order: OrdMap<JobOrder, SharedWorkflow>,
    pub events: Vector<Arc<Event>>,

    pub vm_seen: OrdMap<VmId, Arc<VmObserved>>,
    pub host_seen: OrdMap<HostId, Arc<HostObserved>>,
    pub storage_seen: OrdMap<StorageDomainId, StorageDomainObserved>,

    pub links: Links,
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
                self.links.vm(e.key(), old.as_deref(), Some(&e));
            }
            Entity::User(e) => drop(self.users.put(e)),
            Entity::Token(e) => {
                let old = self.tokens.put(e.clone());
                self.links.token(e.key(), old.as_deref(), Some(&e));
            }
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
                self.host_seen.remove(&HostId(id));
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
                self.links.vm(id, old.as_deref(), None);
            }
            Noun::User => drop(self.users.remove(id)),
            Noun::Token => {
                let old = self.tokens.remove(id);
                self.links.token(id, old.as_deref(), None);
            }
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
                self.$index.point(id, targets(old), targets(new));
            )*}
        )*}
    };
}

fn one(id: Uuid) -> impl Iterator<Item = Uuid> {
    std::iter::once(id)
}

links! {
    cluster(Cluster): cluster_dc = |r| one(r.data_center.0);
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
}
