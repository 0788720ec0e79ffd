//! `users`: who can log in.

use super::listing::{self, Searchable};
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{Fault, UserId};
use domain::users::User;
use projection::Snapshot;
use search::Field;
use std::borrow::Cow;

/// `GET users`.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    listing::searched(ask, ask.snapshot.users(), convert::user)
}

/// `GET users/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    let id: UserId = ask.id(0, UserId::WHAT)?;
    let user = ask.snapshot.user(id);
    let user = user.ok_or_else(|| Fault::not_found(UserId::WHAT, id))?;
    Ok(Answer::entity(convert::user(&ask.snapshot, user)))
}

impl Searchable for User {
    const FIELDS: &'static [Field] = &[Field::Name, Field::Id, Field::Tag, Field::UserName];

    fn any(&self, snapshot: &Snapshot, name: &str, fits: &dyn Fn(&str) -> bool) -> bool {
        match name {
            "tag" => listing::tagged(snapshot, self.id.0, fits),
            _ => fits(&self.field(snapshot, name).unwrap_or_default()),
        }
    }

    fn field(&self, _: &Snapshot, name: &str) -> Option<Cow<'_, str>> {
        Some(match name {
            "name" => Cow::Borrowed(&self.name),
            "id" => self.id.to_string().into(),
            "usrname" => convert::login(self).into(),
            _ => return None,
        })
    }
}
