//! Who may do what: a user's permissions, those of the groups he is in and of everybody, on an object
//! and on everything above it.

use crate::Snapshot;
use crate::state::State;
use base::{ClusterId, NetworkId, RoleId, SchedulingPolicyId, StorageDomainId, TagId, UserId};
use domain::rights::{EVERYONE, Object, Permission, SYSTEM};
use domain::roles::{self, PermitId, Role, known, permits};
use domain::{Key, Noun, scheduling_policies};
use std::sync::Arc;
use uuid::Uuid;

/// In whose name a user asks: his own, his groups' (and those that they are in), everybody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    user: UserId,
    principals: Vec<Uuid>,
}

impl Rights {
    /// Those of a user at that moment. O(his groups).
    #[must_use]
    pub fn of(snapshot: &Snapshot, user: UserId) -> Self {
        let state = &*snapshot.0;
        let mut principals = vec![user.0];
        let mut at = 0;
        while let Some(member) = principals.get(at).copied() {
            at += 1;
            for id in state.links.membership_member.at(member) {
                let Some(membership) = state.memberships.get(id) else {
                    continue;
                };
                let group = membership.holder;
                if group.noun == Noun::Group && !principals.contains(&group.id) {
                    principals.push(group.id);
                }
            }
        }
        principals.push(EVERYONE.0);
        Rights { user, principals }
    }

    /// Whose they are.
    #[must_use]
    pub fn user(&self) -> UserId {
        self.user
    }

    /// Does the user ask in the name of that user or group, too?
    #[must_use]
    pub fn stands_for(&self, principal: Uuid) -> bool {
        self.principals.contains(&principal)
    }

    /// Does a role with that permit reach the object, from itself or from above?
    /// O(things above it × groups × log permissions).
    #[must_use]
    pub fn may(&self, snapshot: &Snapshot, permit: PermitId, object: Object) -> bool {
        self.reaches(&snapshot.0, object, |role| role.holds(permit))
    }

    pub(crate) fn reaches(
        &self,
        state: &State,
        object: Object,
        fits: impl Fn(&Role) -> bool,
    ) -> bool {
        let mut at = above(state, object).into_iter();
        at.any(|at| {
            let mut principals = self.principals.iter();
            principals.any(|who| {
                state
                    .given(*who, at)
                    .any(|p| state.role_of(p).is_some_and(&fits))
            })
        })
    }

    /// Does a role with that permit reach anything? O(his permissions).
    #[must_use]
    pub fn may_anywhere(&self, snapshot: &Snapshot, permit: PermitId) -> bool {
        self.any_role(&snapshot.0, |role| role.holds(permit))
    }

    /// Has the user a role of administrators on anything? Such a one sees the whole system.
    /// O(his permissions).
    #[must_use]
    pub fn is_administrator(&self, snapshot: &Snapshot) -> bool {
        self.any_role(&snapshot.0, |role| role.administrative)
    }

    /// Is the user a super user of the system?
    #[must_use]
    pub fn is_super_user(&self, snapshot: &Snapshot) -> bool {
        let state = &*snapshot.0;
        self.reaches(state, Object::System, |role| role.id == known::SUPER_USER)
    }

    /// May the user log in?
    #[must_use]
    pub fn may_log_in(&self, snapshot: &Snapshot) -> bool {
        self.may_anywhere(snapshot, permits::LOGIN)
    }

    fn any_role(&self, state: &State, fits: impl Fn(&Role) -> bool) -> bool {
        self.given(state)
            .any(|p| state.role_of(p).is_some_and(&fits))
    }

    /// Everything that the user was given.
    pub(crate) fn given<'a>(
        &'a self,
        state: &'a State,
    ) -> impl Iterator<Item = &'a Arc<Permission>> {
        self.principals
            .iter()
            .flat_map(|who| state.links.permission_principal.at(*who))
            .filter_map(|id| state.permissions.get(id))
    }
}

impl State {
    /// What a principal was given on exactly that object.
    pub(crate) fn given(&self, who: Uuid, at: Uuid) -> impl Iterator<Item = &Arc<Permission>> {
        let range = (who, at, Uuid::nil())..=(who, at, Uuid::max());
        let ids = self.links.grants.range(range).map(|(_, _, id)| *id);
        ids.filter_map(|id| self.permissions.get(id))
    }

    /// Is there an object of that kind and id?
    pub(crate) fn holds(&self, key: Key) -> bool {
        let id = key.id;
        match key.noun {
            Noun::DataCenter => self.data_centers.get(id).is_some(),
            Noun::MacPool => self.mac_pools.get(id).is_some(),
            Noun::Cluster => self.clusters.get(id).is_some(),
            Noun::Network => self.networks.get(id).is_some(),
            Noun::VnicProfile => self.vnic_profiles.get(id).is_some(),
            Noun::Host => self.hosts.get(id).is_some(),
            Noun::StorageDomain => self.storage_domains.get(id).is_some(),
            Noun::Disk => self.disks.get(id).is_some(),
            Noun::Template => self.templates.get(id).is_some(),
            Noun::Vm => self.vms.get(id).is_some(),
            Noun::User => self.users.get(id).is_some(),
            Noun::Token => self.tokens.get(id).is_some(),
            Noun::Tag => self.tags.get(id).is_some() || id == TagId::ROOT.0,
            Noun::Bookmark => self.bookmarks.get(id).is_some(),
            Noun::AffinityGroup => self.affinity_groups.get(id).is_some(),
            Noun::AffinityLabel => self.affinity_labels.get(id).is_some(),
            Noun::SchedulingPolicy => {
                let shipped = scheduling_policies::shipped(SchedulingPolicyId(id));
                shipped.is_some() || self.scheduling_policies.get(id).is_some()
            }
            Noun::InstanceType => self.instance_types.get(id).is_some(),
            Noun::Membership => self.memberships.get(id).is_some(),
            Noun::Role => roles::shipped(RoleId(id)).is_some() || self.roles.get(id).is_some(),
            Noun::Permission => self.permissions.get(id).is_some(),
            Noun::Group => id == EVERYONE.0 || self.groups.get(id).is_some(),
        }
    }

    pub(crate) fn role_of(&self, permission: &Permission) -> Option<&Role> {
        let shipped = roles::shipped(permission.role);
        let role = shipped.or_else(|| self.roles.get(permission.role.0));
        role.map(|r| &**r)
    }
}

/// The object and everything above it, the system last (oVirt's tree, semantics 5.2).
pub(crate) fn above(state: &State, object: Object) -> Vec<Uuid> {
    let mut path = Vec::with_capacity(6);
    if let Object::One(key) = object {
        path.push(key.id);
        let cluster = |path: &mut Vec<Uuid>, id: ClusterId| {
            path.push(id.0);
            path.extend(state.clusters.get(id.0).map(|c| c.data_center.0));
        };
        let network = |path: &mut Vec<Uuid>, id: NetworkId| {
            path.extend(state.networks.get(id.0).map(|n| n.data_center.0));
        };
        let domain = |path: &mut Vec<Uuid>, id: StorageDomainId| {
            let domain = state.storage_domains.get(id.0);
            path.extend(domain.and_then(|d| d.data_center).map(|d| d.0));
        };
        match key.noun {
            Noun::Vm => {
                if let Some(vm) = state.vms.get(key.id) {
                    cluster(&mut path, vm.cluster);
                }
            }
            Noun::Host => {
                if let Some(host) = state.hosts.get(key.id) {
                    cluster(&mut path, host.cluster);
                }
            }
            Noun::AffinityGroup => {
                if let Some(group) = state.affinity_groups.get(key.id) {
                    cluster(&mut path, group.cluster);
                }
            }
            Noun::Cluster => {
                let cluster = state.clusters.get(key.id);
                path.extend(cluster.map(|c| c.data_center.0));
            }
            Noun::Template => {
                let template = state.templates.get(key.id);
                path.extend(template.and_then(|t| t.data_center).map(|d| d.0));
            }
            Noun::StorageDomain => domain(&mut path, StorageDomainId(key.id)),
            Noun::Disk => {
                if let Some(disk) = state.disks.get(key.id) {
                    path.push(disk.storage_domain.0);
                    domain(&mut path, disk.storage_domain);
                }
                for id in state.links.vm_disk.at(key.id) {
                    path.push(id);
                    if let Some(vm) = state.vms.get(id) {
                        cluster(&mut path, vm.cluster);
                    }
                }
            }
            Noun::Network => network(&mut path, NetworkId(key.id)),
            Noun::VnicProfile => {
                if let Some(profile) = state.vnic_profiles.get(key.id) {
                    path.push(profile.network.0);
                    network(&mut path, profile.network);
                }
            }
            // These hang on the system.
            Noun::DataCenter
            | Noun::MacPool
            | Noun::User
            | Noun::Token
            | Noun::Tag
            | Noun::Bookmark
            | Noun::AffinityLabel
            | Noun::SchedulingPolicy
            | Noun::InstanceType
            | Noun::Membership
            | Noun::Role
            | Noun::Permission
            | Noun::Group => {}
        }
    }
    path.push(SYSTEM);
    path
}
