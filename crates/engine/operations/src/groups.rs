//! Verbs on groups of users: add, remove. Who is in them is in `memberships`.

use crate::deciding::decide;
use crate::{Accepted, Rooms, configured, memberships, permissions};
use access::Permitted;
use audit::Change;
use base::{Fault, Generation, GroupId};
use domain::names::{self, Alphabet};
use domain::rights::{EVERYONE, Group, Principal};
use store::Batch;

/// Longest name of a group.
const NAME_MAX: usize = 255;

/// Adds a group without members.
///
/// # Errors
/// 400 for a bad name; 409 for a name in use.
pub async fn add(call: &Permitted, rooms: &Rooms, name: &str) -> Result<Accepted<GroupId>, Fault> {
    names::check_name("group", name, NAME_MAX, Alphabet::International)?;
    let id = GroupId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        if name == "Everyone" || snapshot.group_named(name).is_some() {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_NAME_ALREADY_USED",
                format!("Cannot add Group. The name {name} is already in use."),
            ));
        }
        let mut batch = Batch::new();
        batch.event(configured::event(call, now, Change::GroupAdded, name));
        batch.put(Group {
            id,
            generation: Generation::NEW,
            name: name.to_owned(),
            domain: "internal".to_owned(),
            created: now,
        });
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Removes a group with its permissions; its members stay.
///
/// # Errors
/// 404 for an unknown one; 409 for the one that everybody belongs to, and where nobody else is a super
/// user of the system.
pub async fn remove(
    call: &Permitted,
    rooms: &Rooms,
    id: GroupId,
) -> Result<Accepted<GroupId>, Fault> {
    decide(rooms, |snapshot, now| {
        if id == EVERYONE {
            return Err(Fault::conflict(
                "GROUP_CANNOT_REMOVE_EVERYONE",
                "Cannot remove Group. Everybody belongs to Everyone; it stays.",
            ));
        }
        let group = snapshot
            .group(id)
            .ok_or_else(|| Fault::not_found(GroupId::WHAT, id))?;
        let mut supers = permissions::super_users(snapshot);
        if !supers.any(|p| p.principal != Principal::Group(id)) {
            return Err(Fault::conflict(
                "ERROR_CANNOT_REMOVE_LAST_SUPER_USER_ROLE",
                "Cannot remove Group. The system would have no super user any more.",
            ));
        }
        let mut batch = Batch::new();
        memberships::forget(snapshot, id.0, &mut batch);
        batch.event(configured::event(
            call,
            now,
            Change::GroupRemoved,
            &group.name,
        ));
        batch.delete(group.clone());
        Ok((batch, Accepted::done(id)))
    })
    .await
}
