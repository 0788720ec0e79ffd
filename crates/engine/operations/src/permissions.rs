//! Verbs on permissions: give a role, take it away. Also what makers of things get on them.

use crate::deciding::decide;
use crate::{Accepted, Rooms, configured};
use access::Permitted;
use audit::Change;
use base::{
    Call, ClusterId, DataCenterId, DiskId, Fault, FaultKind, Generation, HostId, PermissionId,
    RoleId, StorageDomainId, TemplateId, Timestamp, VmId,
};
use domain::events::About;
use domain::rights::{EVERYONE, Object, Permission, Principal};
use domain::roles::{Role, known};
use domain::{Key, Noun};
use projection::{Rights, Snapshot};
use std::sync::Arc;
use store::{Batch, Write};
use uuid::Uuid;

/// Gives a user or group a role on an object; nothing happens when it has it.
///
/// # Errors
/// 404 for an unknown principal, role or object; 403 for a role of administrators, which only a super
/// user of the system gives.
pub async fn grant(
    call: &Permitted,
    rooms: &Rooms,
    principal: Principal,
    role: RoleId,
    object: Object,
) -> Result<Accepted<PermissionId>, Fault> {
    let id = PermissionId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let who = principal_name(snapshot, principal)?;
        let role = snapshot
            .role(role)
            .ok_or_else(|| Fault::not_found(RoleId::WHAT, role))?;
        only_super_users(call, snapshot, role, "ADD", "give")?;
        if !snapshot.has(object) {
            return Err(Fault::not_found(
                match object {
                    Object::One(key) => key.noun.what(),
                    Object::System => "object",
                },
                object.id(),
            ));
        }
        let mut there = snapshot.permissions_of(principal.id());
        if let Some(there) = there.find(|p| p.role == role.id && p.object == object) {
            return Ok((Batch::new(), Accepted::done(there.id)));
        }
        let mut batch = Batch::new();
        let text = format!("Role {} of {who} on {object}", role.name);
        batch.event(configured::about(
            call,
            now,
            Change::PermissionAdded,
            &text,
            about(object),
        ));
        if !role.is_shipped() {
            // Nobody removes the role at the same moment.
            batch.put(role.clone());
        }
        batch.put(permission(id, principal, role.id, object, now));
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Takes a permission away.
///
/// # Errors
/// 404 for an unknown one; 403 for a role of administrators, which only a super user of the system
/// takes; 409 for the last super user and for what everybody has on the system.
pub async fn revoke(
    call: &Permitted,
    rooms: &Rooms,
    id: PermissionId,
) -> Result<Accepted<PermissionId>, Fault> {
    decide(rooms, |snapshot, now| {
        let permission = snapshot
            .permission(id)
            .ok_or_else(|| Fault::not_found(PermissionId::WHAT, id))?;
        let role = snapshot.role(permission.role);
        if let Some(role) = role {
            only_super_users(call, snapshot, role, "REMOVE", "take")?;
        }
        let system = permission.object == Object::System;
        if system && permission.principal == Principal::Group(EVERYONE) {
            return Err(Fault::conflict(
                "SYSTEM_PERMISSIONS_CANT_BE_REMOVED_FROM_EVERYONE",
                "Cannot remove Permission. What everybody has on the system stays.",
            ));
        }
        if system && permission.role == known::SUPER_USER && super_users(snapshot).count() <= 1 {
            return Err(Fault::conflict(
                "ERROR_CANNOT_REMOVE_LAST_SUPER_USER_ROLE",
                "Cannot remove Permission. The system would have no super user any more.",
            ));
        }
        let who = principal_name(snapshot, permission.principal);
        let text = format!(
            "Role {} of {} on {}",
            role.map_or("that is no more", |r| r.name.as_str()),
            who.unwrap_or_else(|_| "somebody who is no more".to_owned()),
            permission.object
        );
        let mut batch = Batch::new();
        batch.event(configured::about(
            call,
            now,
            Change::PermissionRemoved,
            &text,
            about(permission.object),
        ));
        batch.delete(permission.clone());
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Permissions that make somebody a super user of the system.
pub(crate) fn super_users(snapshot: &Snapshot) -> impl Iterator<Item = &Arc<Permission>> {
    let all = snapshot.permissions_with(known::SUPER_USER);
    all.filter(|p| p.object == Object::System)
}

fn only_super_users(
    call: &Call,
    snapshot: &Snapshot,
    role: &Role,
    verb: &str,
    word: &str,
) -> Result<(), Fault> {
    let Some(user) = call.actor.user_id() else {
        return Ok(());
    };
    if !role.administrative || Rights::of(snapshot, user).is_super_user(snapshot) {
        return Ok(());
    }
    Err(Fault::new(
        FaultKind::Forbidden,
        format!(
            "PERMISSION_{verb}_FAILED_ONLY_SYSTEM_SUPER_USER_CAN_{}_ADMIN_ROLES",
            if word == "give" { "GIVE" } else { "REMOVE" }
        ),
        format!(
            "Only a super user of the system can {word} {}, which is a role of administrators.",
            role.name
        ),
    ))
}

fn principal_name(snapshot: &Snapshot, principal: Principal) -> Result<String, Fault> {
    match principal {
        Principal::User(id) => snapshot
            .user(id)
            .map(|user| user.principal())
            .ok_or_else(|| Fault::not_found(base::UserId::WHAT, id)),
        Principal::Group(id) if id == EVERYONE => Ok("everybody".to_owned()),
        Principal::Group(id) => snapshot
            .group(id)
            .map(|group| format!("group {}", group.name))
            .ok_or_else(|| Fault::not_found(base::GroupId::WHAT, id)),
    }
}

/// A permission that is not stored yet.
pub(crate) fn permission(
    id: PermissionId,
    principal: Principal,
    role: RoleId,
    object: Object,
    now: Timestamp,
) -> Permission {
    Permission {
        id,
        generation: Generation::NEW,
        name: String::new(),
        principal,
        role,
        object,
        created: now,
    }
}

/// A user who makes something gets the role on it, unless he is an administrator, who needs none.
/// (oVirt asks for its `Filter` instead, which administrators leave out.)
pub(crate) fn to_maker(
    call: &Call,
    snapshot: &Snapshot,
    rooms: &Rooms,
    (role, noun, id): (RoleId, Noun, Uuid),
    now: Timestamp,
    batch: &mut Batch,
) {
    let Some(user) = call.actor.user_id() else {
        return;
    };
    if Rights::of(snapshot, user).is_administrator(snapshot) {
        return;
    }
    let object = Object::One(Key { noun, id });
    let id = PermissionId::random(&*rooms.random);
    batch.put(permission(id, Principal::User(user), role, object, now));
}

/// Forgets every permission on an object, or of a user or group, that is going away.
pub(crate) fn forget(snapshot: &Snapshot, id: Uuid, batch: &mut Batch) {
    let on = snapshot.permissions_on(id);
    for permission in on.chain(snapshot.permissions_of(id)) {
        let key = Key {
            noun: Noun::Permission,
            id: permission.id.0,
        };
        let gone = |write: &Write| matches!(write, Write::Delete(k, _) if *k == key);
        if !batch.writes.iter().any(gone) {
            batch.delete(permission.clone());
        }
    }
}

/// Forgets the permissions on everything that a batch removes.
pub(crate) fn forget_removed(snapshot: &Snapshot, batch: &mut Batch) {
    let removed = |write: &Write| match write {
        Write::Delete(key, _) if key.noun != Noun::Permission => Some(key.id),
        _ => None,
    };
    let ids: Vec<Uuid> = batch.writes.iter().filter_map(removed).collect();
    for id in ids {
        forget(snapshot, id, batch);
    }
}

fn about(object: Object) -> About {
    let mut about = About::default();
    if let Object::One(Key { noun, id }) = object {
        match noun {
            Noun::Vm => about.vm = Some(VmId(id)),
            Noun::Host => about.host = Some(HostId(id)),
            Noun::Cluster => about.cluster = Some(ClusterId(id)),
            Noun::DataCenter => about.data_center = Some(DataCenterId(id)),
            Noun::StorageDomain => about.storage_domain = Some(StorageDomainId(id)),
            Noun::Template => about.template = Some(TemplateId(id)),
            Noun::Disk => about.disk = Some(DiskId(id)),
            _ => {}
        }
    }
    about
}
