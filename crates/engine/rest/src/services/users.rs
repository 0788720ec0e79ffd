//! `users`: who can log in.

use super::listing;
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{Fault, UserId};
use operations::users::{add as adding, remove as removing};
use projection::Rights;

/// `GET users`.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    listing::everything(ask, convert::user)
}

/// `GET users/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    let id: UserId = ask.id(0, UserId::WHAT)?;
    let user = ask.snapshot.user(id);
    let user = user.ok_or_else(|| Fault::not_found(UserId::WHAT, id))?;
    Ok(Answer::entity(convert::user(&ask.snapshot, user)))
}

/// `POST users`: into the internal directory, with a password if the body has one.
pub async fn add(ask: &Ask) -> Result<Answer, Fault> {
    let wanted: api_v4::User = ask.read()?;
    let (mut add, password) = convert::user_add(&wanted)?;
    if let Some(password) = password {
        let access = &ask.front.access;
        access.password_rules().check(&add.name, password)?;
        add.password_hash = Some(access.password_hash(password).await?);
    }
    let accepted = adding::add(ask.permitted()?, &ask.front.rooms, add).await?;
    let snapshot = ask.fresh();
    let user = snapshot.user(accepted.id);
    let user = user.ok_or_else(|| Fault::not_found(UserId::WHAT, accepted.id))?;
    Ok(Answer::added(convert::user(&snapshot, user), None))
}

/// `DELETE users/{}`.
pub async fn remove(ask: &Ask) -> Result<Answer, Fault> {
    let id: UserId = ask.id(0, UserId::WHAT)?;
    removing::remove(ask.permitted()?, &ask.front.rooms, id).await?;
    Ok(Answer::done(None))
}

/// `GET users/{}/groups`: those the user is in, and the one that everybody belongs to.
pub fn groups(ask: &Ask) -> Result<Answer, Fault> {
    let id: UserId = ask.id(0, UserId::WHAT)?;
    let snapshot = &ask.snapshot;
    let user = snapshot.user(id);
    user.ok_or_else(|| Fault::not_found(UserId::WHAT, id))?;
    let rights = Rights::of(snapshot, id);
    let groups = snapshot.groups().filter(|g| rights.stands_for(g.id.0));
    let groups = groups.map(|g| convert::group(snapshot, g));
    let all = std::iter::once(convert::everyone()).chain(groups);
    listing::plain(ask, all.collect())
}
