//! Adding a user to the internal directory.

use crate::deciding::decide;
use crate::{Accepted, Rooms, configured};
use access::Permitted;
use audit::Change;
use base::{Fault, Generation, UserId};
use domain::names::{self, Alphabet};
use domain::users::User;
use store::Batch;

/// Longest login (oVirt's user table: 255).
const NAME_MAX: usize = 255;
/// Longest first or last name and address for mail.
const TEXT_MAX: usize = 255;
/// The only directory.
const DOMAIN: &str = "internal";

/// The user to be added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserAdd {
    /// Login without the directory.
    pub name: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Address for mail.
    pub email: String,
    /// PHC string of his password; without one he can't log in until he is given one.
    pub password_hash: Option<String>,
}

/// Adds a user, who may do what everybody may.
///
/// # Errors
/// 400 for a bad name; 409 for a login in use.
pub async fn add(call: &Permitted, rooms: &Rooms, add: UserAdd) -> Result<Accepted<UserId>, Fault> {
    names::check_name("user", &add.name, NAME_MAX, Alphabet::International)?;
    names::check_text("first name", &add.first_name, TEXT_MAX)?;
    names::check_text("last name", &add.last_name, TEXT_MAX)?;
    names::check_text("email", &add.email, TEXT_MAX)?;
    let id = UserId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let mut users = snapshot.users();
        if users.any(|u| u.name == add.name && u.domain == DOMAIN) {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_NAME_ALREADY_USED",
                format!("Cannot add User. The login {} is already in use.", add.name),
            ));
        }
        let user = User {
            id,
            generation: Generation::NEW,
            name: add.name.clone(),
            domain: DOMAIN.to_owned(),
            // No password fits what is no PHC string.
            password_hash: add.password_hash.clone().unwrap_or_default(),
            password_expires: None,
            first_name: add.first_name.clone(),
            last_name: add.last_name.clone(),
            email: add.email.clone(),
            created: now,
        };
        let mut batch = Batch::new();
        let name = user.principal();
        batch.event(configured::event(call, now, Change::UserAdded, &name));
        batch.put(user);
        Ok((batch, Accepted::done(id)))
    })
    .await
}
