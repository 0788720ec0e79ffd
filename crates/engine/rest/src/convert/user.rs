//! A user as the API shows it. Never its password.

use super::numbers::missing;
use super::{carry, links};
use base::Fault;
use domain::rights::{EVERYONE, Group};
use domain::users::User;
use operations::users::add::UserAdd;
use projection::Snapshot;

/// All of it.
#[must_use]
pub fn user(_: &Snapshot, user: &User) -> api_v4::User {
    let mut shown = api_v4::User {
        name: Some(if user.first_name.is_empty() {
            user.name.clone()
        } else {
            user.first_name.clone()
        }),
        user_name: Some(login(user)),
        principal: Some(user.name.clone()),
        namespace: Some("*".to_owned()),
        domain: Some(directory(&user.domain)),
        domain_entry_id: Some(user.id.to_string()),
        department: Some(String::new()),
        email: Some(user.email.clone()),
        last_name: Some(user.last_name.clone()),
        ..api_v4::User::default()
    };
    links::place(&mut shown, "users/{}", &[&user.id.to_string()]);
    shown
}

const KNOWN: &[&str] = &[
    "user_name",
    "name",
    "last_name",
    "email",
    "password",
    "principal",
    "namespace",
    "domain",
];

/// A new user of the internal directory, and his password if the body has one. The login is
/// `user_name`, with or without the directory; a `name` beside it is the first name.
///
/// # Errors
/// 400 without a login; 404 for another directory; 501 for what users can't have yet.
pub fn user_add(wanted: &api_v4::User) -> Result<(UserAdd, Option<&str>), Fault> {
    carry::check(wanted, &api_v4::User::default(), KNOWN)?;
    let (login, first) = match (&wanted.user_name, &wanted.principal, &wanted.name) {
        (Some(login), _, first) | (None, Some(login), first) => (login, first.clone()),
        (None, None, Some(login)) => (login, None),
        (None, None, None) => return Err(missing("user.user_name")),
    };
    let (name, domain) = login.rsplit_once('@').unwrap_or((login, "internal"));
    let cut = |text: &str| text.chars().take(64).collect::<String>();
    let known = |domain: &str| matches!(domain, "internal" | "internal-authz");
    if !known(domain) {
        return Err(Fault::not_found("directory", cut(domain)));
    }
    if let Some(domain) = &wanted.domain {
        let by_id = domain.id.as_deref().is_none_or(|id| id == DOMAIN_ID);
        let by_name = domain.name.as_deref().is_none_or(known);
        if !by_id || !by_name {
            let named = domain.name.as_ref().or(domain.id.as_ref());
            return Err(Fault::not_found(
                "directory",
                named.map(|n| cut(n)).unwrap_or_default(),
            ));
        }
    }
    let add = UserAdd {
        name: name.to_owned(),
        first_name: first.unwrap_or_default(),
        last_name: wanted.last_name.clone().unwrap_or_default(),
        email: wanted.email.clone().unwrap_or_default(),
        password_hash: None,
    };
    Ok((add, wanted.password.as_deref()))
}

/// The name of a new group.
///
/// # Errors
/// 400 without one; 501 for what groups can't have yet.
pub fn group_add(wanted: &api_v4::Group) -> Result<String, Fault> {
    let known = ["name", "domain", "namespace"];
    carry::check(wanted, &api_v4::Group::default(), &known)?;
    wanted.name.clone().ok_or_else(|| missing("group.name"))
}

/// A group of the internal directory.
#[must_use]
pub fn group(_: &Snapshot, group: &Group) -> api_v4::Group {
    let mut shown = api_v4::Group {
        name: Some(group.name.clone()),
        namespace: Some("*".to_owned()),
        domain: Some(directory(&group.domain)),
        domain_entry_id: Some(group.id.to_string()),
        ..api_v4::Group::default()
    };
    links::place(&mut shown, "groups/{}", &[&group.id.to_string()]);
    shown
}

/// The group that everybody belongs to.
#[must_use]
pub fn everyone() -> api_v4::Group {
    let mut shown = api_v4::Group {
        name: Some("Everyone".to_owned()),
        namespace: Some("*".to_owned()),
        ..api_v4::Group::default()
    };
    links::place(&mut shown, "groups/{}", &[&EVERYONE.to_string()]);
    shown
}

fn directory(name: &str) -> Box<api_v4::Domain> {
    Box::new(api_v4::Domain {
        id: Some(DOMAIN_ID.to_owned()),
        href: Some(links::href(&format!("domains/{DOMAIN_ID}"))),
        name: Some(format!("{name}-authz")),
        ..api_v4::Domain::default()
    })
}

/// The id of the only directory, `internal`. oVirt makes it from the name's bytes.
pub const DOMAIN_ID: &str = "696e7465-726e-616c-2d61-7574687a696e";

/// The directory as the API names it: `internal-authz`.
fn authorization(user: &User) -> String {
    format!("{}-authz", user.domain)
}

/// The login as the API names it: `admin@internal-authz`.
#[must_use]
pub fn login(user: &User) -> String {
    format!("{}@{}", user.name, authorization(user))
}
