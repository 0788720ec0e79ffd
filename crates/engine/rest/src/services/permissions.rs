//! `permissions`: who has which role, on the system and on each kind of object.

use super::listing;
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{Fault, GroupId, PermissionId, UserId};
use domain::rights::{Object, Permission, Principal};
use domain::roles::permits::{ADD_USERS_AND_GROUPS_FROM_DIRECTORY, MANIPULATE_PERMISSIONS};
use domain::{Key, Noun};
use operations::permissions as verbs;
use projection::Snapshot;
use std::sync::Arc;
use uuid::Uuid;

/// The object whose permissions the path is about; 404 when there is none that the caller sees.
fn object(ask: &Ask, noun: Noun) -> Result<Object, Fault> {
    let text: String = ask.id(0, noun.what())?;
    let cut = || text.chars().take(64).collect::<String>();
    let id = Uuid::try_parse(&text).ok().filter(|_| text.len() == 36);
    let id = id.ok_or_else(|| Fault::not_found(noun.what(), cut()))?;
    let object = Object::One(Key { noun, id });
    if ask.snapshot.has(object) {
        Ok(object)
    } else {
        Err(Fault::not_found(noun.what(), id))
    }
}

fn on(snapshot: &Snapshot, object: Object) -> Vec<api_v4::Permission> {
    let permissions = snapshot.permissions_on(object.id());
    permissions.map(|p| convert::permission(p)).collect()
}

/// `GET permissions`: those on the whole system.
pub fn system(ask: &Ask) -> Result<Answer, Fault> {
    listing::plain(ask, on(&ask.snapshot, Object::System))
}

/// `GET permissions/{}`: any.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    let id: PermissionId = ask.id(0, PermissionId::WHAT)?;
    let permission = ask.snapshot.permission(id);
    let permission = permission.ok_or_else(|| Fault::not_found(PermissionId::WHAT, id))?;
    Ok(Answer::entity(convert::permission(permission)))
}

/// `GET vms/{}/permissions` and its like.
pub fn list(ask: &Ask, noun: Noun) -> Result<Answer, Fault> {
    listing::plain(ask, on(&ask.snapshot, object(ask, noun)?))
}

/// `GET vms/{}/permissions/{}` and its like.
pub fn one(ask: &Ask, noun: Noun) -> Result<Answer, Fault> {
    let permission = found(ask, object(ask, noun)?)?;
    Ok(Answer::entity(convert::permission(&permission)))
}

fn found(ask: &Ask, object: Object) -> Result<Arc<Permission>, Fault> {
    let id: PermissionId = ask.id(1, PermissionId::WHAT)?;
    let permission = ask.snapshot.permission(id);
    let permission = permission.filter(|p| p.object == object);
    let permission = permission.ok_or_else(|| Fault::not_found(PermissionId::WHAT, id))?;
    Ok(permission.clone())
}

/// What a user or a group was given, wherever.
fn principal(ask: &Ask, noun: Noun) -> Result<Principal, Fault> {
    let id = object(ask, noun)?.id();
    Ok(match noun {
        Noun::Group => Principal::Group(GroupId(id)),
        _ => Principal::User(UserId(id)),
    })
}

/// `GET users/{}/permissions` and `groups/{}/permissions`.
pub fn of(ask: &Ask, noun: Noun) -> Result<Answer, Fault> {
    let principal = principal(ask, noun)?;
    let permissions = ask.snapshot.permissions_of(principal.id());
    listing::plain(ask, permissions.map(|p| convert::permission(p)).collect())
}

/// `GET users/{}/permissions/{}` and `groups/{}/permissions/{}`.
pub fn one_of(ask: &Ask, noun: Noun) -> Result<Answer, Fault> {
    Ok(Answer::entity(convert::permission(&*given(ask, noun)?)))
}

fn given(ask: &Ask, noun: Noun) -> Result<Arc<Permission>, Fault> {
    let principal = principal(ask, noun)?;
    let id: PermissionId = ask.id(1, PermissionId::WHAT)?;
    let permission = ask.snapshot.permission(id);
    let permission = permission.filter(|p| p.principal == principal);
    let permission = permission.ok_or_else(|| Fault::not_found(PermissionId::WHAT, id))?;
    Ok(permission.clone())
}

/// `POST permissions`: on the system, or on the object that the body names.
pub async fn add_to_system(ask: &Ask) -> Result<Answer, Fault> {
    let wanted: api_v4::Permission = ask.read()?;
    let object = convert::permission_object(&wanted)?.unwrap_or(Object::System);
    added(ask, object, None, &wanted).await
}

/// `POST vms/{}/permissions` and its like.
pub async fn add(ask: &Ask, noun: Noun) -> Result<Answer, Fault> {
    let object = object(ask, noun)?;
    added(ask, object, None, &ask.read()?).await
}

/// `POST users/{}/permissions` and `groups/{}/permissions`: on what the body names, or the system.
pub async fn add_of(ask: &Ask, noun: Noun) -> Result<Answer, Fault> {
    let principal = principal(ask, noun)?;
    let wanted: api_v4::Permission = ask.read()?;
    let object = convert::permission_object(&wanted)?.unwrap_or(Object::System);
    added(ask, object, Some(principal), &wanted).await
}

async fn added(
    ask: &Ask,
    object: Object,
    principal: Option<Principal>,
    wanted: &api_v4::Permission,
) -> Result<Answer, Fault> {
    let permitted = ask.permitted_at(MANIPULATE_PERMISSIONS, object)?;
    let role = convert::permission_role(&ask.snapshot, wanted)?;
    let principal = match principal {
        Some(principal) => principal,
        None => {
            // Who may look into the directory may name logins and groups in it; an id is for whom one
            // sees, since ids of others would tell that they exist.
            let knows = ask.permitted_at(ADD_USERS_AND_GROUPS_FROM_DIRECTORY, object);
            let directory = match knows {
                Ok(_) => ask.snapshot.whole(),
                Err(_) => ask.snapshot.clone(),
            };
            convert::permission_principal(&ask.snapshot, &directory, wanted)?
        }
    };
    let rooms = &ask.front.rooms;
    let accepted = verbs::grant(&permitted, rooms, principal, role, object).await?;
    let snapshot = rooms.projection.snapshot();
    let permission = snapshot.permission(accepted.id);
    let permission = permission.ok_or_else(|| Fault::not_found(PermissionId::WHAT, accepted.id))?;
    Ok(Answer::added(convert::permission(permission), None))
}

/// `DELETE permissions/{}`.
pub async fn remove_from_system(ask: &Ask) -> Result<Answer, Fault> {
    let id: PermissionId = ask.id(0, PermissionId::WHAT)?;
    let permission = ask.snapshot.permission(id).cloned();
    removed(
        ask,
        permission.ok_or_else(|| Fault::not_found(PermissionId::WHAT, id))?,
    )
    .await
}

/// `DELETE vms/{}/permissions/{}` and its like.
pub async fn remove(ask: &Ask, noun: Noun) -> Result<Answer, Fault> {
    let permission = found(ask, object(ask, noun)?)?;
    removed(ask, permission).await
}

/// `DELETE users/{}/permissions/{}` and `groups/{}/permissions/{}`.
pub async fn remove_of(ask: &Ask, noun: Noun) -> Result<Answer, Fault> {
    let permission = given(ask, noun)?;
    removed(ask, permission).await
}

async fn removed(ask: &Ask, permission: Arc<Permission>) -> Result<Answer, Fault> {
    let permitted = ask.permitted_at(MANIPULATE_PERMISSIONS, permission.object)?;
    verbs::revoke(&permitted, &ask.front.rooms, permission.id).await?;
    Ok(Answer::done(None))
}
