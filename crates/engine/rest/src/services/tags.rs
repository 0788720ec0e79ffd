//! `tags`, and the tags of VMs, hosts, templates and users.

use super::listing;
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{Fault, TagId};
use domain::{Key, Noun};
use operations::{memberships, tags as verbs};
use projection::Snapshot;

fn shown(snapshot: &Snapshot, id: TagId) -> Result<api_v4::Tag, Fault> {
    if id == TagId::ROOT {
        return Ok(convert::root_tag());
    }
    let tag = snapshot
        .tag(id)
        .ok_or_else(|| Fault::not_found(TagId::WHAT, id))?;
    Ok(convert::tag(tag))
}

/// `GET tags`: the root first.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    let root = std::iter::once(convert::root_tag());
    let tags = root.chain(ask.snapshot.tags().map(|t| convert::tag(t)));
    listing::plain(ask, tags.collect())
}

/// `GET tags/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    Ok(Answer::entity(shown(
        &ask.snapshot,
        ask.id(0, TagId::WHAT)?,
    )?))
}

/// `POST tags`.
pub async fn add(ask: &Ask) -> Result<Answer, Fault> {
    let set = convert::tag_change(&ask.snapshot, &ask.read()?, None)?;
    let accepted = verbs::add(ask.permitted()?, &ask.front.rooms, set).await?;
    Ok(Answer::added(shown(&ask.fresh(), accepted.id)?, None))
}

/// `PUT tags/{}`.
pub async fn update(ask: &Ask) -> Result<Answer, Fault> {
    let id = ask.id(0, TagId::WHAT)?;
    let before = shown(&ask.snapshot, id)?;
    let set = convert::tag_change(&ask.snapshot, &ask.read()?, Some(&before))?;
    verbs::update(ask.permitted()?, &ask.front.rooms, id, set).await?;
    Ok(Answer::entity(shown(&ask.fresh(), id)?))
}

/// `DELETE tags/{}`.
pub async fn remove(ask: &Ask) -> Result<Answer, Fault> {
    let id = ask.id(0, TagId::WHAT)?;
    verbs::remove(ask.permitted()?, &ask.front.rooms, id).await?;
    Ok(Answer::done(None))
}

fn holder(id: TagId) -> Key {
    Key {
        noun: Noun::Tag,
        id: id.0,
    }
}

/// The tags right on an object.
fn tags_of(snapshot: &Snapshot, object: Key) -> Vec<api_v4::Tag> {
    let mut tags: Vec<_> = snapshot
        .memberships_of(object.id)
        .filter(|m| m.holder.noun == Noun::Tag && m.member == object)
        .filter_map(|m| snapshot.tag(TagId(m.holder.id)))
        .collect();
    tags.sort_by(|a, b| a.name.cmp(&b.name));
    tags.into_iter().map(|t| convert::tag(t)).collect()
}

/// `GET .../{}/tags`.
pub fn assigned(ask: &Ask, object: Key) -> Result<Answer, Fault> {
    listing::plain(ask, tags_of(&ask.snapshot, object))
}

/// `GET .../{}/tags/{}`.
pub fn one_assigned(ask: &Ask, object: Key) -> Result<Answer, Fault> {
    listing::member(ask, tags_of(&ask.snapshot, object), 1, TagId::WHAT)
}

/// `POST .../{}/tags`.
pub async fn assign(ask: &Ask, object: Key) -> Result<Answer, Fault> {
    let id = convert::tag_of(&ask.snapshot, "tag", &ask.read()?)?;
    memberships::add(ask.permitted()?, &ask.front.rooms, holder(id), object).await?;
    Ok(Answer::added(shown(&ask.fresh(), id)?, None))
}

/// `DELETE .../{}/tags/{}`.
pub async fn unassign(ask: &Ask, object: Key) -> Result<Answer, Fault> {
    let id = ask.id(1, TagId::WHAT)?;
    memberships::remove(ask.permitted()?, &ask.front.rooms, holder(id), object).await?;
    Ok(Answer::done(None))
}

/// The four services on the tags of one kind of object.
macro_rules! tags_on {
    ($module:ident, $noun:ident, $id:ident, $one:ident) => {
        #[doc = concat!("Tags of each `", stringify!($one), "`.")]
        pub mod $module {
            use crate::api::answer::Answer;
            use crate::api::ask::Ask;
            use base::{Fault, $id};
            use domain::{Key, Noun};

            fn object(ask: &Ask) -> Result<Key, Fault> {
                let id: $id = ask.id(0, $id::WHAT)?;
                ask.snapshot
                    .$one(id)
                    .ok_or_else(|| Fault::not_found($id::WHAT, id))?;
                Ok(Key {
                    noun: Noun::$noun,
                    id: id.0,
                })
            }
            /// All of them.
            pub fn list(ask: &Ask) -> Result<Answer, Fault> {
                super::assigned(ask, object(ask)?)
            }
            /// One of them.
            pub fn get(ask: &Ask) -> Result<Answer, Fault> {
                super::one_assigned(ask, object(ask)?)
            }
            /// One more.
            pub async fn add(ask: &Ask) -> Result<Answer, Fault> {
                super::assign(ask, object(ask)?).await
            }
            /// One less.
            pub async fn remove(ask: &Ask) -> Result<Answer, Fault> {
                super::unassign(ask, object(ask)?).await
            }
        }
    };
}

tags_on!(on_vms, Vm, VmId, vm);
tags_on!(on_hosts, Host, HostId, host);
tags_on!(on_templates, Template, TemplateId, template);
tags_on!(on_users, User, UserId, user);
