//! Verbs on affinity groups: add, update, remove. Who belongs to them is in `memberships`.

use crate::deciding::decide;
use crate::{Accepted, Rooms, checks, configured, memberships};
use access::Permitted;
use audit::Change;
use base::{AffinityGroupId, ClusterId, Fault, Generation};
use domain::affinity::{AffinityGroup, AffinityRule};
use domain::names::{self, Alphabet};
use projection::Snapshot;
use std::sync::Arc;
use store::Batch;

/// Longest name of a group.
const NAME_MAX: usize = 255;

/// What is to be set; `None` stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AffinityGroupChange {
    /// Name.
    pub name: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Priority.
    pub priority: Option<f64>,
    /// VMs among themselves.
    pub vms_rule: Option<AffinityRule>,
    /// VMs and hosts.
    pub hosts_rule: Option<AffinityRule>,
}

impl AffinityGroupChange {
    fn apply(&self, group: &mut AffinityGroup) {
        if let Some(name) = &self.name {
            group.name.clone_from(name);
        }
        if let Some(description) = &self.description {
            group.description.clone_from(description);
        }
        group.priority = self.priority.unwrap_or(group.priority);
        group.vms_rule = self.vms_rule.unwrap_or(group.vms_rule);
        group.hosts_rule = self.hosts_rule.unwrap_or(group.hosts_rule);
    }
}

/// Adds a group to a cluster.
///
/// # Errors
/// 400 for a bad name; 404 for an unknown cluster; 409 for a name in use.
pub async fn add(
    call: &Permitted,
    rooms: &Rooms,
    cluster: ClusterId,
    set: AffinityGroupChange,
) -> Result<Accepted<AffinityGroupId>, Fault> {
    let id = AffinityGroupId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let of = checks::cluster(snapshot, cluster)?;
        let mut group = AffinityGroup {
            id,
            generation: Generation::NEW,
            name: String::new(),
            description: String::new(),
            cluster,
            priority: 1.0,
            vms_rule: AffinityRule::default(),
            hosts_rule: AffinityRule::default(),
        };
        set.apply(&mut group);
        check(snapshot, &group, "Cannot create Affinity Group")?;
        let mut batch = Batch::new();
        batch.event(configured::about(
            call,
            now,
            Change::AffinityGroupAdded,
            &group.name,
            configured::of_cluster(cluster),
        ));
        // The cluster is written again, so that nobody removes it at the same moment.
        batch.put(of.clone());
        batch.put(group);
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Changes a group.
///
/// # Errors
/// As `add`; 404 for an unknown one.
pub async fn update(
    call: &Permitted,
    rooms: &Rooms,
    id: AffinityGroupId,
    set: AffinityGroupChange,
) -> Result<Accepted<AffinityGroupId>, Fault> {
    decide(rooms, |snapshot, now| {
        let group = find(snapshot, id)?;
        let mut next = (**group).clone();
        set.apply(&mut next);
        check(snapshot, &next, "Cannot edit Affinity Group")?;
        let mut batch = Batch::new();
        if next != **group {
            batch.event(configured::about(
                call,
                now,
                Change::AffinityGroupUpdated,
                &next.name,
                configured::of_cluster(next.cluster),
            ));
            batch.put(next);
        }
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Removes a group.
///
/// # Errors
/// 404 for an unknown one.
pub async fn remove(
    call: &Permitted,
    rooms: &Rooms,
    id: AffinityGroupId,
) -> Result<Accepted<AffinityGroupId>, Fault> {
    decide(rooms, |snapshot, now| {
        let group = find(snapshot, id)?;
        let mut batch = Batch::new();
        memberships::forget(snapshot, id.0, &mut batch);
        batch.event(configured::about(
            call,
            now,
            Change::AffinityGroupRemoved,
            &group.name,
            configured::of_cluster(group.cluster),
        ));
        batch.delete(group.clone());
        Ok((batch, Accepted::done(id)))
    })
    .await
}

fn find(snapshot: &Snapshot, id: AffinityGroupId) -> Result<&Arc<AffinityGroup>, Fault> {
    snapshot
        .affinity_group(id)
        .ok_or_else(|| Fault::not_found(AffinityGroupId::WHAT, id))
}

fn check(snapshot: &Snapshot, group: &AffinityGroup, verb: &str) -> Result<(), Fault> {
    names::check_name(
        "affinity group",
        &group.name,
        NAME_MAX,
        Alphabet::International,
    )?;
    names::check_text("description", &group.description, names::DESCRIPTION_MAX)?;
    let same = snapshot.affinity_group_named(group.cluster, &group.name);
    if same.is_some_and(|g| g.id != group.id) {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_AFFINITY_GROUP_NAME_EXISTS",
            format!(
                "{verb}. The cluster has an affinity group {} already; choose another name.",
                group.name
            ),
        ));
    }
    Ok(())
}
