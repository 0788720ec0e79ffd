//! A user as the API shows it. Never its password.

use super::links;
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
        domain: Some(Box::new(api_v4::Domain {
            id: Some(DOMAIN_ID.to_owned()),
            href: Some(links::href(&format!("domains/{DOMAIN_ID}"))),
            name: Some(authorization(user)),
            ..api_v4::Domain::default()
        })),
        domain_entry_id: Some(user.id.to_string()),
        department: Some(String::new()),
        email: Some(String::new()),
        last_name: Some(String::new()),
        ..api_v4::User::default()
    };
    links::place(&mut shown, "users/{}", &[&user.id.to_string()]);
    shown
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
