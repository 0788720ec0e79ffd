//! `groups` and `domains`: the internal directory.

use super::{href, listing};
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use api_v4::Domain;
use base::{Fault, GroupId, UserId};
use domain::rights::EVERYONE;
use operations::groups as verbs;

/// The name of the directory in the API.
const DOMAIN: &str = "internal-authz";

/// `GET groups`: the one that everybody belongs to, and those that were made.
pub fn groups(ask: &Ask) -> Result<Answer, Fault> {
    // A search is read by the same rules as any other list's.
    if ask
        .parameters
        .text("search")
        .is_some_and(|s| !s.trim().is_empty())
    {
        return Err(Fault::not_supported("a search for groups"));
    }
    let made = ask.snapshot.groups();
    let made = made.map(|g| convert::group(&ask.snapshot, g));
    listing::plain(
        ask,
        std::iter::once(convert::everyone()).chain(made).collect(),
    )
}

/// `GET groups/{}`.
pub fn group(ask: &Ask) -> Result<Answer, Fault> {
    let id: GroupId = ask.id(0, GroupId::WHAT)?;
    if id == EVERYONE {
        return Ok(Answer::entity(convert::everyone()));
    }
    let group = ask.snapshot.group(id);
    let group = group.ok_or_else(|| Fault::not_found(GroupId::WHAT, id))?;
    Ok(Answer::entity(convert::group(&ask.snapshot, group)))
}

/// `POST groups`.
pub async fn add_group(ask: &Ask) -> Result<Answer, Fault> {
    let name = convert::group_add(&ask.read()?)?;
    let accepted = verbs::add(ask.permitted()?, &ask.front.rooms, &name).await?;
    let snapshot = ask.fresh();
    let group = snapshot.group(accepted.id);
    let group = group.ok_or_else(|| Fault::not_found(GroupId::WHAT, accepted.id))?;
    Ok(Answer::added(convert::group(&snapshot, group), None))
}

/// `DELETE groups/{}`.
pub async fn remove_group(ask: &Ask) -> Result<Answer, Fault> {
    let id: GroupId = ask.id(0, GroupId::WHAT)?;
    verbs::remove(ask.permitted()?, &ask.front.rooms, id).await?;
    Ok(Answer::done(None))
}

fn domain() -> Domain {
    let id = convert::DOMAIN_ID;
    let below =
        |name: &'static str| api_schema::Link::new(name, href(&format!("domains/{id}/{name}")));
    Domain {
        id: Some(id.to_owned()),
        href: Some(href(&format!("domains/{id}"))),
        name: Some(DOMAIN.to_owned()),
        links: vec![below("users"), below("groups")],
        ..Domain::default()
    }
}

/// `GET domains`: the internal directory.
pub fn domains(ask: &Ask) -> Result<Answer, Fault> {
    listing::plain(ask, vec![domain()])
}

/// `GET domains/{}`.
pub fn get_domain(ask: &Ask) -> Result<Answer, Fault> {
    listing::member(ask, vec![domain()], 0, "domain")
}

/// `GET domains/{}/users`.
pub fn domain_users(ask: &Ask) -> Result<Answer, Fault> {
    get_domain(ask)?;
    listing::everything(ask, convert::user)
}

/// `GET domains/{}/users/{}`.
pub fn domain_user(ask: &Ask) -> Result<Answer, Fault> {
    get_domain(ask)?;
    let id: UserId = ask.id(1, UserId::WHAT)?;
    let user = ask.snapshot.user(id);
    let user = user.ok_or_else(|| Fault::not_found(UserId::WHAT, id))?;
    Ok(Answer::entity(convert::user(&ask.snapshot, user)))
}

/// `GET domains/{}/groups`.
pub fn domain_groups(ask: &Ask) -> Result<Answer, Fault> {
    get_domain(ask)?;
    let groups = ask.snapshot.groups();
    let groups = groups.map(|g| convert::group(&ask.snapshot, g));
    listing::plain(ask, groups.collect())
}
