//! A user as the API shows it. Never its password.

use super::links;
use domain::rights::{EVERYONE, Group};
use domain::users::User;
use projection::Snapshot;

/// All of it.
#[must_use]
pub fn user(_: &Snapshot, user: &User) -> api_v4::User {
    let mut shown = api_v4::User {
        name: Some(user.name.clone()),
        user_name: Some(login(user)),
        principal: Some(user.name.clone()),
        namespace: Some("*".to_owned()),
        domain: Some(directory(&user.domain)),
        domain_entry_id: Some(user.id.to_string()),
        department: Some(String::new()),
        email: Some(String::new()),
        last_name: Some(String::new()),
        ..api_v4::User::default()
    };
    links::place(&mut shown, "users/{}", &[&user.id.to_string()]);
    shown
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
