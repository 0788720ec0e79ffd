//! Verbs on roles: add, update, remove. Those that come with the engine stay as they are.

use crate::deciding::decide;
use crate::{Accepted, Rooms, configured};
use access::Permitted;
use audit::Change;
use base::{Fault, Generation, RoleId};
use domain::names::{self, Alphabet};
use domain::roles::{self, PermitId, Role};
use projection::Snapshot;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::Batch;

/// Longest name of a role (oVirt: 126).
const NAME_MAX: usize = 126;

/// What is to be set; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleChange {
    /// Name.
    pub name: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// For administrators; only when it is made.
    pub administrative: Option<bool>,
    /// All its permits; only when it is made.
    pub permits: Option<Vec<PermitId>>,
    /// Permits to be put in.
    pub put: Vec<PermitId>,
    /// Permits to be taken out.
    pub taken: Vec<PermitId>,
}

/// Adds a role.
///
/// # Errors
/// 400 for a bad name, no permit, an unknown one, or one of administrators in a role of users; 409 for
/// a name in use.
pub async fn add(
    call: &Permitted,
    rooms: &Rooms,
    set: RoleChange,
) -> Result<Accepted<RoleId>, Fault> {
    const VERB: &str = "Cannot create Role";
    let id = RoleId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let mut role = Role {
            id,
            generation: Generation::NEW,
            name: String::new(),
            description: String::new(),
            administrative: set.administrative.unwrap_or(false),
            sees_children: false,
            permits: Vec::new(),
        };
        apply(&set, &mut role);
        check(snapshot, &role, VERB)?;
        let mut batch = Batch::new();
        batch.event(configured::event(call, now, Change::RoleAdded, &role.name));
        batch.put(role);
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Changes a role.
///
/// # Errors
/// As `add`; 404 for an unknown role or a permit that it does not have; 400 for another type; 409 for
/// one that comes with the engine.
pub async fn update(
    call: &Permitted,
    rooms: &Rooms,
    id: RoleId,
    set: RoleChange,
) -> Result<Accepted<RoleId>, Fault> {
    const VERB: &str = "Cannot edit Role";
    decide(rooms, |snapshot, now| {
        let role = own(snapshot, id, VERB)?;
        if set
            .administrative
            .is_some_and(|wanted| wanted != role.administrative)
        {
            return Err(Fault::bad_request(
                "ERROR_CANNOT_UPDATE_ROLE_TYPE",
                format!("{VERB}. A role of users can't become one of administrators, nor back."),
            ));
        }
        if let Some(permit) = set.taken.iter().find(|p| !role.holds(**p)) {
            return Err(Fault::not_found("permit", permit.0));
        }
        let mut next = (**role).clone();
        apply(&set, &mut next);
        check(snapshot, &next, VERB)?;
        let mut batch = Batch::new();
        if next != **role {
            batch.event(configured::event(
                call,
                now,
                Change::RoleUpdated,
                &next.name,
            ));
            batch.put(next);
        }
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Removes a role that nobody has.
///
/// # Errors
/// 404 for an unknown one; 409 for one that comes with the engine or that somebody has.
pub async fn remove(
    call: &Permitted,
    rooms: &Rooms,
    id: RoleId,
) -> Result<Accepted<RoleId>, Fault> {
    const VERB: &str = "Cannot remove Role";
    decide(rooms, |snapshot, now| {
        let role = own(snapshot, id, VERB)?;
        let holders = snapshot.permissions_with(id).count();
        if holders > 0 {
            return Err(Fault::conflict(
                "ERROR_CANNOT_REMOVE_ROLE_ATTACHED_TO_PERMISSION",
                format!(
                    "{VERB}. {} is given in {holders} permissions; remove them first.",
                    role.name
                ),
            ));
        }
        let mut batch = Batch::new();
        batch.event(configured::event(
            call,
            now,
            Change::RoleRemoved,
            &role.name,
        ));
        batch.delete(role.clone());
        Ok((batch, Accepted::done(id)))
    })
    .await
}

fn own<'a>(snapshot: &'a Snapshot, id: RoleId, verb: &str) -> Result<&'a Arc<Role>, Fault> {
    if let Some(role) = roles::shipped(id) {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_ROLE_IS_READ_ONLY",
            format!("{verb}. {} comes with the engine; it stays.", role.name),
        ));
    }
    snapshot
        .own_role(id)
        .ok_or_else(|| Fault::not_found(RoleId::WHAT, id))
}

fn apply(set: &RoleChange, role: &mut Role) {
    if let Some(name) = &set.name {
        role.name.clone_from(name);
    }
    if let Some(description) = &set.description {
        role.description.clone_from(description);
    }
    let before = set.permits.as_ref().unwrap_or(&role.permits);
    let mut permits: BTreeSet<PermitId> = before.iter().chain(&set.put).copied().collect();
    permits.retain(|permit| !set.taken.contains(permit));
    role.permits = permits.into_iter().collect();
    let shows = role.permits().any(roles::Permit::shows_children);
    role.sees_children = shows;
}

fn check(snapshot: &Snapshot, role: &Role, verb: &str) -> Result<(), Fault> {
    names::check_name("role", &role.name, NAME_MAX, Alphabet::International)?;
    names::check_text("description", &role.description, names::DESCRIPTION_MAX)?;
    if role.permits.is_empty() {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_ROLE_WITHOUT_PERMITS",
            format!("{verb}. A role needs at least one permit."),
        ));
    }
    for id in &role.permits {
        let Some(permit) = roles::permit(id.0) else {
            return Err(Fault::bad_request(
                "ACTION_TYPE_FAILED_UNKNOWN_PERMIT",
                format!(
                    "{verb}. There is no permit {}; the cluster levels list all of them.",
                    id.0
                ),
            ));
        };
        if permit.administrative && !role.administrative {
            return Err(Fault::bad_request(
                "ACTION_TYPE_FAILED_PERMIT_OF_ADMINISTRATORS",
                format!(
                    "{verb}. The permit {} is for roles of administrators.",
                    permit.name
                ),
            ));
        }
    }
    let same = snapshot.role_named(&role.name);
    if same.is_some_and(|r| r.id != role.id) {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_NAME_ALREADY_USED",
            format!(
                "{verb}. The name {} is already in use; choose another one.",
                role.name
            ),
        ));
    }
    Ok(())
}
