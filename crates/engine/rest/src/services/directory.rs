//! `roles`, `permissions`, `groups` and `domains`: who there is, and what they may.
//!
//! Rights do not bind yet: whoever can log in may do everything, and the lists say so. Nothing can
//! be granted that would not count.

use super::{href, listing};
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use api_v4::{Domain, Group, Permission, Role};
use base::{Fault, UserId};
use domain::roles::{EVERYONE, PredefinedRole, ROLES, SUPER_USER};
use domain::users::User;

/// The name of the directory in the API.
const DOMAIN: &str = "internal-authz";

fn find_role(ask: &Ask) -> Result<&'static PredefinedRole, Fault> {
    let id: String = ask.id(0, "role")?;
    ROLES
        .iter()
        .find(|r| r.id == id)
        .ok_or_else(|| Fault::not_found("role", id.chars().take(64).collect::<String>()))
}

/// `GET roles`.
pub fn roles(ask: &Ask) -> Result<Answer, Fault> {
    listing::plain(ask, ROLES.iter().map(convert::role).collect())
}

/// `GET roles/{}`.
pub fn role(ask: &Ask) -> Result<Answer, Fault> {
    Ok(Answer::entity(convert::role(find_role(ask)?)))
}

/// `DELETE roles/{}`: every role that there is comes with the engine.
pub async fn remove_role(ask: &Ask) -> Result<Answer, Fault> {
    let role = find_role(ask)?;
    Err(Fault::conflict(
        "ACTION_TYPE_FAILED_CANNOT_REMOVE_PREDEFINED_ROLE",
        format!(
            "Cannot remove Role. {} comes with the engine; it stays.",
            role.name
        ),
    ))
}

/// `GET roles/{}/permits`.
pub fn permits(ask: &Ask) -> Result<Answer, Fault> {
    let role = find_role(ask)?;
    let permits = role.permits().map(|p| convert::role_permit(role, p));
    listing::plain(ask, permits.collect())
}

/// `GET roles/{}/permits/{}`.
pub fn permit(ask: &Ask) -> Result<Answer, Fault> {
    let role = find_role(ask)?;
    let permits = role.permits().map(|p| convert::role_permit(role, p));
    listing::member(ask, permits.collect(), 1, "permit")
}

/// What a user has: everything, on the whole system. Its id is the user's.
fn permission_of(user: &User) -> Permission {
    Permission {
        id: Some(user.id.to_string()),
        href: Some(href(&format!("permissions/{}", user.id))),
        role: Some(Box::new(Role {
            id: Some(SUPER_USER.to_owned()),
            href: Some(href(&format!("roles/{SUPER_USER}"))),
            ..Role::default()
        })),
        user: Some(Box::new(api_v4::User {
            id: Some(user.id.to_string()),
            href: Some(href(&format!("users/{}", user.id))),
            ..api_v4::User::default()
        })),
        ..Permission::default()
    }
}

fn all_permissions(ask: &Ask) -> Vec<Permission> {
    ask.snapshot.users().map(|u| permission_of(u)).collect()
}

/// `GET permissions`, those on the whole system.
pub fn permissions(ask: &Ask) -> Result<Answer, Fault> {
    listing::plain(ask, all_permissions(ask))
}

/// `GET permissions/{}`.
pub fn permission(ask: &Ask) -> Result<Answer, Fault> {
    listing::member(ask, all_permissions(ask), 0, "permission")
}

/// `GET users/{}/permissions`.
pub fn permissions_of_user(ask: &Ask) -> Result<Answer, Fault> {
    let id: UserId = ask.id(0, UserId::WHAT)?;
    let user = ask.snapshot.user(id);
    let user = user.ok_or_else(|| Fault::not_found(UserId::WHAT, id))?;
    listing::plain(ask, vec![permission_of(user)])
}

fn all_groups() -> Vec<Group> {
    vec![Group {
        id: Some(EVERYONE.to_owned()),
        href: Some(href(&format!("groups/{EVERYONE}"))),
        name: Some("Everyone".to_owned()),
        namespace: Some("*".to_owned()),
        ..Group::default()
    }]
}

/// `GET groups`: only the one that everybody belongs to.
pub fn groups(ask: &Ask) -> Result<Answer, Fault> {
    // A search is read by the same rules as any other list's.
    if ask
        .parameters
        .text("search")
        .is_some_and(|s| !s.trim().is_empty())
    {
        return Err(Fault::not_supported("a search for groups"));
    }
    listing::plain(ask, all_groups())
}

/// `GET groups/{}`.
pub fn group(ask: &Ask) -> Result<Answer, Fault> {
    listing::member(ask, all_groups(), 0, "group")
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

/// `GET domains/{}/groups`: the internal directory has none.
pub fn domain_groups(ask: &Ask) -> Result<Answer, Fault> {
    get_domain(ask)?;
    listing::empty::<Group>(ask)
}
