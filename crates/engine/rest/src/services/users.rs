//! `users`: who can log in.

use super::listing;
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{Fault, UserId};

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
