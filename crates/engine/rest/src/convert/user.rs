//! A user as the API shows it. Never its password.

use super::links;
use domain::users::User;
use projection::Snapshot;

/// All of it.
#[must_use]
pub fn user(_: &Snapshot, user: &User) -> api_v4::User {
    let mut shown = api_v4::User {
        name: Some(user.name.clone()),
        user_name: Some(user.principal()),
        principal: Some(user.name.clone()),
        namespace: Some("*".to_owned()),
        domain: Some(Box::new(api_v4::Domain {
            name: Some(user.domain.clone()),
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
