//! `roles` and the permits of each.

use super::listing;
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{Fault, RoleId};
use domain::roles::{PermitId, Role};
use operations::roles::{self as verbs, RoleChange};
use std::sync::Arc;

fn find(ask: &Ask) -> Result<Arc<Role>, Fault> {
    let id: RoleId = ask.id(0, RoleId::WHAT)?;
    let role = ask.snapshot.role(id).cloned();
    role.ok_or_else(|| Fault::not_found(RoleId::WHAT, id))
}

/// `GET roles`.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    let roles = ask.snapshot.roles().map(|r| convert::role(r));
    listing::plain(ask, roles.collect())
}

/// `GET roles/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    Ok(Answer::entity(convert::role(&*find(ask)?)))
}

fn shown(ask: &Ask, id: RoleId) -> Result<api_v4::Role, Fault> {
    let snapshot = ask.fresh();
    let role = snapshot.role(id);
    let role = role.ok_or_else(|| Fault::not_found(RoleId::WHAT, id))?;
    Ok(convert::role(role))
}

/// `POST roles`.
pub async fn add(ask: &Ask) -> Result<Answer, Fault> {
    let set = convert::role_add(&ask.read()?)?;
    let accepted = verbs::add(ask.permitted()?, &ask.front.rooms, set).await?;
    Ok(Answer::added(shown(ask, accepted.id)?, None))
}

/// `PUT roles/{}`.
pub async fn update(ask: &Ask) -> Result<Answer, Fault> {
    let role = find(ask)?;
    let set = convert::role_update(&role, &ask.read()?)?;
    verbs::update(ask.permitted()?, &ask.front.rooms, role.id, set).await?;
    Ok(Answer::entity(shown(ask, role.id)?))
}

/// `DELETE roles/{}`.
pub async fn remove(ask: &Ask) -> Result<Answer, Fault> {
    let role = find(ask)?;
    verbs::remove(ask.permitted()?, &ask.front.rooms, role.id).await?;
    Ok(Answer::done(None))
}

/// `GET roles/{}/permits`.
pub fn permits(ask: &Ask) -> Result<Answer, Fault> {
    let role = find(ask)?;
    let permits = role.permits().map(|p| convert::role_permit(&role, p));
    listing::plain(ask, permits.collect())
}

/// `GET roles/{}/permits/{}`.
pub fn permit(ask: &Ask) -> Result<Answer, Fault> {
    let role = find(ask)?;
    let permits = role.permits().map(|p| convert::role_permit(&role, p));
    listing::member(ask, permits.collect(), 1, "permit")
}

/// `POST roles/{}/permits`.
pub async fn add_permit(ask: &Ask) -> Result<Answer, Fault> {
    let role = find(ask)?;
    let permit = convert::permit_named(&ask.read()?)?;
    let set = RoleChange {
        put: vec![PermitId(permit.id)],
        ..RoleChange::default()
    };
    verbs::update(ask.permitted()?, &ask.front.rooms, role.id, set).await?;
    Ok(Answer::added(convert::role_permit(&role, permit), None))
}

/// `DELETE roles/{}/permits/{}`.
pub async fn remove_permit(ask: &Ask) -> Result<Answer, Fault> {
    let role = find(ask)?;
    let id: u16 = ask.id(1, "permit")?;
    let set = RoleChange {
        taken: vec![PermitId(id)],
        ..RoleChange::default()
    };
    verbs::update(ask.permitted()?, &ask.front.rooms, role.id, set).await?;
    Ok(Answer::done(None))
}
