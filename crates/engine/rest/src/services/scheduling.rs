//! `schedulingpolicies` with their parts, and `schedulingpolicyunits`.

use super::listing;
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{Fault, PolicyUnitId, SchedulingPolicyId};
use domain::scheduling_policies::{SchedulingPolicy, UNITS, UnitKind};
use operations::scheduling_policies::{self as verbs, PolicyChange};
use projection::Snapshot;
use std::sync::Arc;

fn of(snapshot: &Snapshot, id: SchedulingPolicyId) -> Result<Arc<SchedulingPolicy>, Fault> {
    let policy = snapshot.scheduling_policy(id).cloned();
    policy.ok_or_else(|| Fault::not_found(SchedulingPolicyId::WHAT, id))
}

fn find(ask: &Ask) -> Result<Arc<SchedulingPolicy>, Fault> {
    of(&ask.snapshot, ask.id(0, SchedulingPolicyId::WHAT)?)
}

/// `GET schedulingpolicies`.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    let policies = ask.snapshot.scheduling_policies();
    listing::plain(
        ask,
        policies.map(|p| convert::scheduling_policy(p)).collect(),
    )
}

/// `GET schedulingpolicies/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    Ok(Answer::entity(convert::scheduling_policy(&*find(ask)?)))
}

/// `POST schedulingpolicies`.
pub async fn add(ask: &Ask) -> Result<Answer, Fault> {
    let set = convert::policy_change(&ask.read()?, None)?;
    let added = verbs::add(ask.permitted()?, &ask.front.rooms, set).await?;
    let policy = of(&ask.fresh(), added.id)?;
    Ok(Answer::added(convert::scheduling_policy(&policy), None))
}

/// `PUT schedulingpolicies/{}`.
pub async fn update(ask: &Ask) -> Result<Answer, Fault> {
    let policy = find(ask)?;
    let before = convert::scheduling_policy(&policy);
    let set = convert::policy_change(&ask.read()?, Some(&before))?;
    verbs::update(ask.permitted()?, &ask.front.rooms, policy.id, set).await?;
    let policy = of(&ask.fresh(), policy.id)?;
    Ok(Answer::entity(convert::scheduling_policy(&policy)))
}

/// `DELETE schedulingpolicies/{}`.
pub async fn remove(ask: &Ask) -> Result<Answer, Fault> {
    let policy = find(ask)?;
    verbs::remove(ask.permitted()?, &ask.front.rooms, policy.id).await?;
    Ok(Answer::done(None))
}

/// Puts a unit into the policy of the path, or takes it out; answers the policy afterwards.
async fn change(
    ask: &Ask,
    kind: UnitKind,
    unit: PolicyUnitId,
    number: Option<i32>,
) -> Result<Arc<SchedulingPolicy>, Fault> {
    let policy = find(ask)?;
    let set = PolicyChange {
        units: vec![(kind, unit, number)],
        ..PolicyChange::default()
    };
    verbs::update(ask.permitted()?, &ask.front.rooms, policy.id, set).await?;
    of(&ask.fresh(), policy.id)
}

/// The services on one kind of units of a policy.
macro_rules! units {
    ($module:ident, $kind:ident, $type:ident, $show:ident, $tag:literal, |$wanted:ident| $number:expr) => {
        #[doc = concat!("Each `", $tag, "` of a policy.")]
        pub mod $module {
            use super::*;

            /// All of them.
            pub fn list(ask: &Ask) -> Result<Answer, Fault> {
                listing::plain(ask, convert::$show(&*find(ask)?))
            }
            /// One of them.
            pub fn get(ask: &Ask) -> Result<Answer, Fault> {
                listing::member(ask, convert::$show(&*find(ask)?), 1, $tag)
            }
            /// One more.
            pub async fn add(ask: &Ask) -> Result<Answer, Fault> {
                let $wanted: api_v4::$type = ask.read()?;
                let named = $wanted.scheduling_policy_unit.as_deref();
                let (unit, number) = convert::unit_of($tag, named, $number)?;
                let policy = change(ask, UnitKind::$kind, unit, Some(number)).await?;
                let id = unit.to_string();
                let all = convert::$show(&policy).into_iter();
                let mut mine = all.filter(|u| u.id.as_deref() == Some(&id));
                let mine = mine.next().ok_or_else(|| Fault::not_found($tag, unit))?;
                Ok(Answer::added(mine, None))
            }
            /// One less.
            pub async fn remove(ask: &Ask) -> Result<Answer, Fault> {
                let unit = ask.id(1, PolicyUnitId::WHAT)?;
                change(ask, UnitKind::$kind, unit, None).await?;
                Ok(Answer::done(None))
            }
        }
    };
}

units!(filters, Filter, Filter, filters, "filter", |wanted| wanted
    .position);
units!(weights, Weight, Weight, weights, "weight", |wanted| wanted
    .factor);
units!(
    balances,
    LoadBalancing,
    Balance,
    balances,
    "balance",
    |wanted| None
);

/// `GET schedulingpolicyunits`.
pub fn units(ask: &Ask) -> Result<Answer, Fault> {
    listing::plain(ask, UNITS.iter().map(convert::policy_unit).collect())
}

/// `GET schedulingpolicyunits/{}`.
pub fn unit(ask: &Ask) -> Result<Answer, Fault> {
    let all = UNITS.iter().map(convert::policy_unit).collect();
    listing::member(ask, all, 0, PolicyUnitId::WHAT)
}
