//! What somebody sees: the objects that he was given a role on, what is below them where the role shows
//! that, and what those can't be told of without (a VM's cluster, template, disks, networks).
//!
//! Made for each request from the user's permissions alone: O(his permissions), never O(all objects).
//! Everything that reads goes through a `Snapshot`, so there is no list, search or link that forgets
//! to ask.

use crate::Snapshot;
use crate::rights::Rights;
use crate::state::State;
use crate::table::{Row, Table};
use base::{Call, UserId};
use domain::events::About;
use domain::rights::Object;
use domain::roles::permits;
use domain::vms::Hardware;
use domain::{Key, Noun};
use std::collections::HashSet;
use std::sync::{Arc, OnceLock};
use uuid::Uuid;

pub(crate) struct Sight {
    rights: Arc<Rights>,
    /// A role on the system shows what is below it, which is everything.
    everything: bool,
    /// Objects with a role on them, and what shows with each.
    shown: HashSet<Uuid>,
    /// Data centers, clusters, storage domains and networks that show what is in them.
    containers: HashSet<Uuid>,
    /// A role on the system or a data center that shows nothing lets VMs or disks be made below it: one
    /// must know where.
    makes: bool,
    /// What shows with the VMs in containers; looked for when it is asked for.
    /// O(VMs in the containers).
    deep: OnceLock<HashSet<Uuid>>,
}

impl Sight {
    fn new(state: &State, rights: Arc<Rights>) -> Self {
        let mut sight = Sight {
            rights: rights.clone(),
            everything: false,
            shown: HashSet::new(),
            containers: HashSet::new(),
            makes: false,
            deep: OnceLock::new(),
        };
        for permission in rights.given(state) {
            let Some(role) = state.role_of(permission) else {
                continue;
            };
            let makes = [permits::CREATE_VM, permits::CREATE_DISK];
            let makes = makes.iter().any(|permit| role.holds(*permit));
            match permission.object {
                Object::System => {
                    sight.everything |= role.sees_children;
                    sight.makes |= makes;
                }
                Object::One(key) => {
                    reveal(state, key, &mut sight.shown);
                    if role.sees_children && is_container(key.noun) {
                        sight.containers.insert(key.id);
                    }
                    sight.makes |= makes && key.noun == Noun::DataCenter;
                }
            }
        }
        sight
    }

    fn deep(&self, state: &State) -> &HashSet<Uuid> {
        self.deep.get_or_init(|| {
            let mut shown = HashSet::new();
            for vm in self.vms_in_containers(state) {
                let key = Key {
                    noun: Noun::Vm,
                    id: vm,
                };
                reveal(state, key, &mut shown);
            }
            shown
        })
    }

    fn vms_in_containers<'a>(&'a self, state: &'a State) -> impl Iterator<Item = Uuid> + 'a {
        let clusters = self.containers.iter().flat_map(|id| {
            let of_data_center = state.links.cluster_dc.at(*id);
            std::iter::once(*id).chain(of_data_center)
        });
        // A cluster that is a container itself and in one comes twice.
        let clusters: HashSet<Uuid> = clusters.collect();
        clusters
            .into_iter()
            .flat_map(|id| state.links.vm_cluster.at(id).collect::<Vec<_>>())
    }

    fn may_make(&self, state: &State, noun: Noun, id: Uuid) -> bool {
        self.makes
            && self
                .rights
                .reaches(state, Object::One(Key { noun, id }), |role| {
                    let vms = noun != Noun::StorageDomain && role.holds(permits::CREATE_VM);
                    vms || (noun != Noun::Cluster && role.holds(permits::CREATE_DISK))
                })
    }

    fn sees(&self, state: &State, noun: Noun, id: Uuid) -> bool {
        // What belongs to somebody is his, however much he sees otherwise.
        match noun {
            Noun::Token => {
                let token = state.tokens.get(id);
                return token.is_some_and(|t| t.user == self.rights.user());
            }
            Noun::User => return id == self.rights.user().0 || self.shown.contains(&id),
            Noun::Group => return self.rights.stands_for(id) || self.shown.contains(&id),
            Noun::Permission => {
                return state.permissions.get(id).is_some_and(|p| {
                    self.rights.stands_for(p.principal.id())
                        || self.rights.reaches(state, p.object, |role| {
                            role.holds(permits::MANIPULATE_PERMISSIONS)
                        })
                });
            }
            Noun::Role => return true,
            _ => {}
        }
        if self.everything || self.shown.contains(&id) {
            return true;
        }
        let holds = |id: Uuid| self.containers.contains(&id);
        let deep = || !self.containers.is_empty() && self.deep(state).contains(&id);
        let in_cluster = |cluster: Uuid| {
            holds(cluster)
                || state
                    .clusters
                    .get(cluster)
                    .is_some_and(|c| holds(c.data_center.0))
        };
        let on_domain = |domain: Uuid| {
            holds(domain)
                || state
                    .storage_domains
                    .get(domain)
                    .and_then(|d| d.data_center)
                    .is_some_and(|dc| holds(dc.0))
        };
        let on_network = |network: Uuid| {
            holds(network)
                || state
                    .networks
                    .get(network)
                    .is_some_and(|n| holds(n.data_center.0))
        };
        match noun {
            Noun::Vm => state.vms.get(id).is_some_and(|v| in_cluster(v.cluster.0)),
            Noun::Host => state.hosts.get(id).is_some_and(|h| in_cluster(h.cluster.0)),
            Noun::AffinityGroup => {
                let group = state.affinity_groups.get(id);
                group.is_some_and(|g| in_cluster(g.cluster.0)) || deep()
            }
            Noun::Cluster => in_cluster(id) || self.may_make(state, noun, id),
            Noun::DataCenter => self.may_make(state, noun, id),
            Noun::StorageDomain => on_domain(id) || self.may_make(state, noun, id) || deep(),
            Noun::Template => {
                let template = state.templates.get(id);
                let dc = template.and_then(|t| t.data_center);
                dc.is_some_and(|dc| holds(dc.0)) || deep()
            }
            Noun::Disk => {
                let disk = state.disks.get(id);
                let mut vms = state.links.vm_disk.at(id);
                let mut templates = state.links.template_disk.at(id);
                disk.is_some_and(|d| on_domain(d.storage_domain.0))
                    || vms.any(|vm| self.sees(state, Noun::Vm, vm))
                    || templates.any(|t| self.sees(state, Noun::Template, t))
            }
            Noun::Network => on_network(id) || deep(),
            Noun::VnicProfile => {
                let profile = state.vnic_profiles.get(id);
                profile.is_some_and(|p| on_network(p.network.0)) || deep()
            }
            Noun::Tag | Noun::AffinityLabel => deep(),
            Noun::SchedulingPolicy => {
                domain::scheduling_policies::shipped(base::SchedulingPolicyId(id)).is_some()
            }
            Noun::Membership => state.memberships.get(id).is_some_and(|m| {
                self.sees(state, m.holder.noun, m.holder.id)
                    && self.sees(state, m.member.noun, m.member.id)
            }),
            _ => false,
        }
    }

    /// Every object of a noun that is seen, by name, then id.
    fn list<'a, T: Row>(&'a self, state: &'a State, table: &'a Table<T>) -> Vec<&'a Arc<T>> {
        let fits = |row: &&Arc<T>| self.sees(state, T::NOUN, row.key());
        if self.everything {
            return table.iter().filter(fits).collect();
        }
        // The tables that may be long are never walked.
        let mut ids: HashSet<Uuid> = match T::NOUN {
            Noun::Vm => self.vms_in_containers(state).collect(),
            Noun::Disk => {
                let vms = self.list(state, &state.vms);
                let of_vms = vms.iter().flat_map(|vm| &vm.hardware.disks);
                let templates = self.list(state, &state.templates);
                let of_templates = templates.iter().flat_map(|t| &t.hardware.disks);
                let attached = of_vms.chain(of_templates).map(|a| a.disk.0);
                let domains = self.containers.iter().flat_map(|id| {
                    let of_data_center = state.links.storage_dc.at(*id);
                    std::iter::once(*id).chain(of_data_center)
                });
                let on_domains = domains.flat_map(|id| state.links.disk_storage.at(id));
                attached.chain(on_domains).collect()
            }
            _ => return table.iter().filter(fits).collect(),
        };
        ids.extend(self.shown.iter().copied());
        let rows = ids.into_iter().filter_map(|id| table.get(id));
        let mut rows: Vec<&Arc<T>> = rows.filter(fits).collect();
        rows.sort_by(|a, b| (a.name(), a.key()).cmp(&(b.name(), b.key())));
        rows
    }
}

fn is_container(noun: Noun) -> bool {
    matches!(
        noun,
        Noun::DataCenter | Noun::Cluster | Noun::StorageDomain | Noun::Network
    )
}

/// An object, and what it can't be told of without.
fn reveal(state: &State, key: Key, shown: &mut HashSet<Uuid>) {
    shown.insert(key.id);
    let cluster = |id: Uuid, shown: &mut HashSet<Uuid>| {
        shown.insert(id);
        shown.extend(state.clusters.get(id).map(|c| c.data_center.0));
    };
    match key.noun {
        Noun::Vm => {
            if let Some(vm) = state.vms.get(key.id) {
                cluster(vm.cluster.0, shown);
                shown.insert(vm.template.0);
                hardware(state, &vm.hardware, shown);
            }
            for id in state.links.membership_member.at(key.id) {
                if let Some(membership) = state.memberships.get(id) {
                    let mut holder = membership.holder.id;
                    // A tag with those above it, up to the root or where a circle would close.
                    while shown.insert(holder) {
                        match state.tags.get(holder) {
                            Some(tag) => holder = tag.parent.0,
                            None => break,
                        }
                    }
                }
            }
        }
        Noun::Template => {
            if let Some(template) = state.templates.get(key.id) {
                shown.extend(template.data_center.map(|d| d.0));
                hardware(state, &template.hardware, shown);
            }
        }
        Noun::Host => {
            if let Some(host) = state.hosts.get(key.id) {
                cluster(host.cluster.0, shown);
            }
        }
        Noun::Cluster => cluster(key.id, shown),
        Noun::Disk => {
            if let Some(disk) = state.disks.get(key.id) {
                domain_of(state, disk.storage_domain.0, shown);
            }
        }
        Noun::StorageDomain => domain_of(state, key.id, shown),
        Noun::Network => {
            let network = state.networks.get(key.id);
            shown.extend(network.map(|n| n.data_center.0));
        }
        Noun::VnicProfile => {
            let profile = state.vnic_profiles.get(key.id);
            shown.extend(profile.map(|p| p.network.0));
        }
        _ => {}
    }
}

fn domain_of(state: &State, id: Uuid, shown: &mut HashSet<Uuid>) {
    shown.insert(id);
    let domain = state.storage_domains.get(id);
    shown.extend(domain.and_then(|d| d.data_center).map(|d| d.0));
}

fn hardware(state: &State, hardware: &Hardware, shown: &mut HashSet<Uuid>) {
    for attachment in &hardware.disks {
        shown.insert(attachment.disk.0);
        if let Some(disk) = state.disks.get(attachment.disk.0) {
            domain_of(state, disk.storage_domain.0, shown);
        }
    }
    for profile in hardware.nics.iter().filter_map(|nic| nic.profile) {
        shown.insert(profile.0);
        let profile = state.vnic_profiles.get(profile.0);
        shown.extend(profile.map(|p| p.network.0));
    }
}

impl Snapshot {
    /// The same moment as far as somebody sees it.
    #[must_use]
    pub fn seen_by(&self, rights: Arc<Rights>) -> Snapshot {
        let sight = Sight::new(&self.0, rights);
        Snapshot(self.0.clone(), Some(Arc::new(sight)))
    }

    /// The same moment with everything in it.
    #[must_use]
    pub fn whole(&self) -> Snapshot {
        Snapshot(self.0.clone(), None)
    }

    /// Whose sight of the world it is; `None` for the whole of it.
    #[must_use]
    pub fn viewer(&self) -> Option<UserId> {
        self.1.as_ref().map(|sight| sight.rights.user())
    }

    /// Is the object in this snapshot's world? For one that does not exist the answer may be yes in a
    /// whole snapshot.
    #[must_use]
    pub fn sees(&self, key: Key) -> bool {
        match &self.1 {
            None => true,
            Some(sight) => sight.sees(&self.0, key.noun, key.id),
        }
    }

    /// Is there such an object in this snapshot's world? The system always is. O(log n).
    #[must_use]
    pub fn has(&self, object: Object) -> bool {
        match object {
            Object::System => true,
            Object::One(key) => self.0.holds(key) && self.sees(key),
        }
    }

    /// Is an event in this world? Those that the viewer caused are, and those about something he sees:
    /// what an event is mainly about counts, first of all the VM.
    #[must_use]
    pub fn sees_event(&self, about: &About) -> bool {
        let Some(viewer) = self.viewer() else {
            return true;
        };
        if about.user == Some(viewer) {
            return true;
        }
        let subject = [
            (Noun::Vm, about.vm.map(|id| id.0)),
            (Noun::Disk, about.disk.map(|id| id.0)),
            (Noun::Template, about.template.map(|id| id.0)),
            (Noun::Host, about.host.map(|id| id.0)),
            (Noun::StorageDomain, about.storage_domain.map(|id| id.0)),
            (Noun::Cluster, about.cluster.map(|id| id.0)),
            (Noun::DataCenter, about.data_center.map(|id| id.0)),
        ];
        let mut subjects = subject.into_iter();
        let main = subjects.find_map(|(noun, id)| Some(Key { noun, id: id? }));
        main.is_some_and(|key| self.sees(key))
    }

    /// Is a job of that call in this world? Only the viewer's own are.
    #[must_use]
    pub fn sees_call(&self, call: &Call) -> bool {
        self.1.is_none() || call.actor.user_id() == self.viewer()
    }

    pub(crate) fn sees_row<T: Row>(&self, row: &T) -> bool {
        match &self.1 {
            None => true,
            Some(sight) => sight.sees(&self.0, T::NOUN, row.key()),
        }
    }

    pub(crate) fn seen<'a, T: Row>(&'a self, table: &'a Table<T>) -> Vec<&'a Arc<T>> {
        match &self.1 {
            None => table.iter().collect(),
            Some(sight) => sight.list(&self.0, table),
        }
    }
}
