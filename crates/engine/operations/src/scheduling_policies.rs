//! Verbs on scheduling policies: add, update, remove. oVirt's own stay as they are.

use crate::deciding::decide;
use crate::{Accepted, Rooms, configured};
use access::Permitted;
use audit::Change;
use base::{Fault, Generation, PolicyUnitId, SchedulingPolicyId};
use domain::names;
use domain::scheduling_policies::{SchedulingPolicy, UnitKind, unit};
use projection::Snapshot;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Batch;

/// Longest name of a policy.
const NAME_MAX: usize = 128;

/// What is to be set; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyChange {
    /// Name.
    pub name: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Values of parameters.
    pub properties: Option<BTreeMap<String, String>>,
    /// Units to be put in (a filter's position, a weight's factor; a balancer's number means
    /// nothing) or, with `None`, taken out.
    pub units: Vec<(UnitKind, PolicyUnitId, Option<i32>)>,
}

/// Adds a policy.
///
/// # Errors
/// 400 for a bad name or unit; 409 for a name in use.
pub async fn add(
    call: &Permitted,
    rooms: &Rooms,
    set: PolicyChange,
) -> Result<Accepted<SchedulingPolicyId>, Fault> {
    let id = SchedulingPolicyId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let mut policy = SchedulingPolicy {
            id,
            generation: Generation::NEW,
            name: String::new(),
            description: String::new(),
            locked: false,
            default: false,
            filters: BTreeMap::new(),
            weights: BTreeMap::new(),
            balance: None,
            properties: BTreeMap::new(),
        };
        apply(&set, &mut policy)?;
        check(snapshot, &policy, "Cannot create Scheduling Policy")?;
        let mut batch = Batch::new();
        batch.event(configured::event(
            call,
            now,
            Change::SchedulingPolicyAdded,
            &policy.name,
        ));
        batch.put(policy);
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Changes a policy.
///
/// # Errors
/// As `add`; 404 for an unknown one or a unit that is not in it; 409 for one of oVirt's own.
pub async fn update(
    call: &Permitted,
    rooms: &Rooms,
    id: SchedulingPolicyId,
    set: PolicyChange,
) -> Result<Accepted<SchedulingPolicyId>, Fault> {
    const VERB: &str = "Cannot edit Scheduling Policy";
    decide(rooms, |snapshot, now| {
        let policy = own(snapshot, id, VERB)?;
        let mut next = (**policy).clone();
        apply(&set, &mut next)?;
        check(snapshot, &next, VERB)?;
        let mut batch = Batch::new();
        if next != **policy {
            batch.event(configured::event(
                call,
                now,
                Change::SchedulingPolicyUpdated,
                &next.name,
            ));
            batch.put(next);
        }
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Removes a policy that no cluster uses.
///
/// # Errors
/// 404 for an unknown one; 409 for one of oVirt's own or one in use.
pub async fn remove(
    call: &Permitted,
    rooms: &Rooms,
    id: SchedulingPolicyId,
) -> Result<Accepted<SchedulingPolicyId>, Fault> {
    const VERB: &str = "Cannot remove Scheduling Policy";
    decide(rooms, |snapshot, now| {
        let policy = own(snapshot, id, VERB)?;
        if let Some(cluster) = snapshot.clusters_of_policy(id).next() {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_CLUSTER_POLICY_INUSE",
                format!("{VERB}. Cluster {} uses {}.", cluster.name, policy.name),
            ));
        }
        let mut batch = Batch::new();
        batch.event(configured::event(
            call,
            now,
            Change::SchedulingPolicyRemoved,
            &policy.name,
        ));
        batch.delete(policy.clone());
        Ok((batch, Accepted::done(id)))
    })
    .await
}

fn own<'a>(
    snapshot: &'a Snapshot,
    id: SchedulingPolicyId,
    verb: &str,
) -> Result<&'a Arc<SchedulingPolicy>, Fault> {
    let policy = snapshot
        .scheduling_policy(id)
        .ok_or_else(|| Fault::not_found(SchedulingPolicyId::WHAT, id))?;
    if policy.locked {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_CLUSTER_POLICY_PARAMETERS_INVALID",
            format!(
                "{verb}. {} is one of the policies that come with the engine; copy it instead.",
                policy.name
            ),
        ));
    }
    Ok(policy)
}

fn apply(set: &PolicyChange, policy: &mut SchedulingPolicy) -> Result<(), Fault> {
    if let Some(name) = &set.name {
        policy.name.clone_from(name);
    }
    if let Some(description) = &set.description {
        policy.description.clone_from(description);
    }
    if let Some(properties) = &set.properties {
        policy.properties.clone_from(properties);
    }
    for (kind, id, number) in &set.units {
        if unit(*id).is_none_or(|u| u.kind != *kind) {
            return Err(Fault::bad_request(
                "ACTION_TYPE_FAILED_CLUSTER_POLICY_UNKNOWN_POLICY_UNIT",
                format!("There is no scheduling policy unit `{id}` of that kind."),
            ));
        }
        let was_in = match (kind, number) {
            (UnitKind::Filter, Some(position)) => {
                policy.filters.insert(*id, *position);
                continue;
            }
            (UnitKind::Weight, Some(factor)) => {
                let factor = u32::try_from(*factor).map_err(|_| {
                    Fault::bad_request(
                        "ACTION_TYPE_FAILED_CLUSTER_POLICY_FUNCTION_FACTOR_NEGATIVE",
                        "The factor of a weight can't be negative.",
                    )
                })?;
                policy.weights.insert(*id, factor);
                continue;
            }
            (UnitKind::LoadBalancing, Some(_)) => {
                policy.balance = Some(*id);
                continue;
            }
            (UnitKind::Filter, None) => policy.filters.remove(id).is_some(),
            (UnitKind::Weight, None) => policy.weights.remove(id).is_some(),
            (UnitKind::LoadBalancing, None) => policy.balance.take_if(|b| b == id).is_some(),
        };
        if !was_in {
            return Err(Fault::not_found("unit in the policy", id));
        }
    }
    Ok(())
}

fn check(snapshot: &Snapshot, policy: &SchedulingPolicy, verb: &str) -> Result<(), Fault> {
    if policy.name.trim().is_empty() {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_NAME_MAY_NOT_BE_EMPTY",
            "The name of a scheduling policy may not be empty.",
        ));
    }
    names::check_text("name", &policy.name, NAME_MAX)?;
    names::check_text("description", &policy.description, names::DESCRIPTION_MAX)?;
    for (name, value) in &policy.properties {
        names::check_text("property", name, NAME_MAX)?;
        names::check_text(name, value, NAME_MAX)?;
    }
    let same = snapshot.scheduling_policy_named(&policy.name);
    if same.is_some_and(|p| p.id != policy.id) {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_CLUSTER_POLICY_NAME_INUSE",
            format!(
                "{verb}. The name {} is already in use; choose another one.",
                policy.name
            ),
        ));
    }
    for (position, key, word) in [
        (
            -1,
            "ACTION_TYPE_FAILED_CLUSTER_POLICY_ONLY_ONE_FILTER_CAN_BE_FIRST",
            "first",
        ),
        (
            1,
            "ACTION_TYPE_FAILED_CLUSTER_POLICY_ONLY_ONE_FILTER_CAN_BE_LAST",
            "last",
        ),
    ] {
        if policy.filters.values().filter(|p| **p == position).count() > 1 {
            return Err(Fault::bad_request(
                key,
                format!("{verb}. Only one filter can be the {word}."),
            ));
        }
    }
    Ok(())
}
