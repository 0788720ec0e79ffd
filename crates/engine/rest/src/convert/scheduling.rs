//! Scheduling policies and their units as the API shows them, and the bodies that make them.

use super::attributes::{SCHEDULING_POLICY, names};
use super::numbers::{int, missing, unsigned};
use super::{carry, find, links};
use api_v4::{Balance, Filter, PolicyUnitType, Property, Weight};
use base::{Fault, PolicyUnitId, SchedulingPolicyId};
use domain::scheduling_policies::{PolicyUnit, SchedulingPolicy, UnitKind, unit};
use operations::scheduling_policies::PolicyChange;
use std::collections::BTreeMap;

pub(super) fn property(name: &str, value: &str) -> Property {
    Property {
        name: Some(name.to_owned()),
        value: Some(value.to_owned()),
    }
}

/// Names and values of a body.
///
/// # Errors
/// 400 for one without a name.
pub(super) fn properties(
    path: &str,
    wanted: &[Property],
) -> Result<BTreeMap<String, String>, Fault> {
    let each = wanted.iter().enumerate().map(|(n, property)| {
        let name = property
            .name
            .clone()
            .ok_or_else(|| missing(&format!("{path}.properties[{n}].name")))?;
        Ok((name, property.value.clone().unwrap_or_default()))
    });
    each.collect()
}

/// A policy.
#[must_use]
pub fn scheduling_policy(policy: &SchedulingPolicy) -> api_v4::SchedulingPolicy {
    let mut shown = api_v4::SchedulingPolicy {
        name: Some(policy.name.clone()),
        description: Some(policy.description.clone()),
        default_policy: Some(policy.default),
        locked: Some(policy.locked),
        properties: Some(
            policy
                .properties
                .iter()
                .map(|(name, value)| property(name, value))
                .collect(),
        ),
        ..api_v4::SchedulingPolicy::default()
    };
    links::place(
        &mut shown,
        "schedulingpolicies/{}",
        &[&policy.id.to_string()],
    );
    shown
}

/// What a body sets of a policy; `before` is the policy as it is, none for a new one.
///
/// # Errors
/// 400 for what is missing; 501 for what can't be set.
pub fn policy_change(
    wanted: &api_v4::SchedulingPolicy,
    before: Option<&api_v4::SchedulingPolicy>,
) -> Result<PolicyChange, Fault> {
    let shown = before.cloned().unwrap_or_default();
    carry::check(wanted, &shown, &names(&[SCHEDULING_POLICY]))?;
    if before.is_none() && wanted.name.is_none() {
        return Err(missing("scheduling_policy.name"));
    }
    let set = wanted.properties.as_deref();
    Ok(PolicyChange {
        name: wanted.name.clone(),
        description: wanted.description.clone(),
        properties: set
            .map(|p| properties("scheduling_policy", p))
            .transpose()?,
        units: Vec::new(),
    })
}

/// A unit.
#[must_use]
pub fn policy_unit(unit: &PolicyUnit) -> api_v4::SchedulingPolicyUnit {
    let mut shown = api_v4::SchedulingPolicyUnit {
        name: Some(unit.name.to_owned()),
        enabled: Some(true),
        internal: Some(true),
        type_: Some(match unit.kind {
            UnitKind::Filter => PolicyUnitType::Filter,
            UnitKind::Weight => PolicyUnitType::Weight,
            UnitKind::LoadBalancing => PolicyUnitType::LoadBalancing,
        }),
        ..api_v4::SchedulingPolicyUnit::default()
    };
    let id = unit.id.to_string();
    links::place(&mut shown, "schedulingpolicyunits/{}", &[&id]);
    shown
}

fn unit_reference(id: PolicyUnitId) -> Box<api_v4::SchedulingPolicyUnit> {
    Box::new(api_v4::SchedulingPolicyUnit {
        id: Some(id.to_string()),
        href: Some(links::href(&format!("schedulingpolicyunits/{id}"))),
        name: unit(id).map(|u| u.name.to_owned()),
        ..api_v4::SchedulingPolicyUnit::default()
    })
}

fn policy_reference(id: SchedulingPolicyId) -> Box<api_v4::SchedulingPolicy> {
    super::references::scheduling_policy(id)
}

/// A policy's filters.
#[must_use]
pub fn filters(policy: &SchedulingPolicy) -> Vec<Filter> {
    let each = policy.filters.iter().map(|(id, position)| {
        let mut shown = Filter {
            position: int(*position),
            scheduling_policy_unit: Some(unit_reference(*id)),
            ..Filter::default()
        };
        let ids = [policy.id.to_string(), id.to_string()];
        links::place(
            &mut shown,
            "schedulingpolicies/{}/filters/{}",
            &[&ids[0], &ids[1]],
        );
        shown
    });
    each.collect()
}

/// A policy's weights.
#[must_use]
pub fn weights(policy: &SchedulingPolicy) -> Vec<Weight> {
    let each = policy.weights.iter().map(|(id, factor)| {
        let mut shown = Weight {
            factor: int(*factor),
            scheduling_policy: Some(policy_reference(policy.id)),
            scheduling_policy_unit: Some(unit_reference(*id)),
            ..Weight::default()
        };
        let ids = [policy.id.to_string(), id.to_string()];
        links::place(
            &mut shown,
            "schedulingpolicies/{}/weights/{}",
            &[&ids[0], &ids[1]],
        );
        shown
    });
    each.collect()
}

/// A policy's balancer.
#[must_use]
pub fn balances(policy: &SchedulingPolicy) -> Vec<Balance> {
    let each = policy.balance.iter().map(|id| {
        let mut shown = Balance {
            scheduling_policy: Some(policy_reference(policy.id)),
            scheduling_policy_unit: Some(unit_reference(*id)),
            ..Balance::default()
        };
        let ids = [policy.id.to_string(), id.to_string()];
        links::place(
            &mut shown,
            "schedulingpolicies/{}/balances/{}",
            &[&ids[0], &ids[1]],
        );
        shown
    });
    each.collect()
}

/// Which unit a body puts into a policy, with its position or factor.
///
/// # Errors
/// 400 when the unit is missing or a number can't be.
pub fn unit_of(
    path: &str,
    unit: Option<&api_v4::SchedulingPolicyUnit>,
    number: Option<i64>,
) -> Result<(PolicyUnitId, i32), Fault> {
    let path = format!("{path}.scheduling_policy_unit.id");
    let id = unit.and_then(|u| u.id.as_deref());
    let id = find::id(id.ok_or_else(|| missing(&path))?, PolicyUnitId::WHAT)?;
    let number = match number {
        Some(-1) => -1,
        other => unsigned(&path, other)?.unwrap_or(0),
    };
    Ok((id, number))
}
