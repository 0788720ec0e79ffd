//! `instancetypes`.

use super::listing;
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{Fault, InstanceTypeId};
use domain::instance_types::InstanceType;
use operations::instance_types as verbs;
use projection::Snapshot;
use std::sync::Arc;

fn of(snapshot: &Snapshot, id: InstanceTypeId) -> Result<Arc<InstanceType>, Fault> {
    let kind = snapshot.instance_type(id).cloned();
    kind.ok_or_else(|| Fault::not_found(InstanceTypeId::WHAT, id))
}

fn find(ask: &Ask) -> Result<Arc<InstanceType>, Fault> {
    of(&ask.snapshot, ask.id(0, InstanceTypeId::WHAT)?)
}

/// `GET instancetypes`.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    listing::everything(ask, convert::instance_type)
}

/// `GET instancetypes/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    Ok(Answer::entity(convert::instance_type(
        &ask.snapshot,
        &*find(ask)?,
    )))
}

/// `POST instancetypes`.
pub async fn add(ask: &Ask) -> Result<Answer, Fault> {
    let set = convert::instance_type_change(&ask.snapshot, &ask.read()?, None)?;
    let added = verbs::add(ask.permitted()?, &ask.front.rooms, set).await?;
    let snapshot = ask.fresh();
    let kind = of(&snapshot, added.id)?;
    Ok(Answer::added(
        convert::instance_type(&snapshot, &kind),
        None,
    ))
}

/// `PUT instancetypes/{}`.
pub async fn update(ask: &Ask) -> Result<Answer, Fault> {
    let kind = find(ask)?;
    let set = convert::instance_type_change(&ask.snapshot, &ask.read()?, Some(&kind))?;
    verbs::update(ask.permitted()?, &ask.front.rooms, kind.id, set).await?;
    let snapshot = ask.fresh();
    let kind = of(&snapshot, kind.id)?;
    Ok(Answer::entity(convert::instance_type(&snapshot, &kind)))
}

/// `DELETE instancetypes/{}`.
pub async fn remove(ask: &Ask) -> Result<Answer, Fault> {
    let kind = find(ask)?;
    verbs::remove(ask.permitted()?, &ask.front.rooms, kind.id).await?;
    Ok(Answer::done(None))
}
