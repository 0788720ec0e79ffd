//! Roles, permits and permissions, both ways.

use super::numbers::missing;
use super::{carry, find, links, references};
use base::{Fault, GroupId, RoleId, UserId};
use domain::rights::{EVERYONE, Object, Permission, Principal};
use domain::roles::{self, Permit, PermitId, Role};
use domain::{Key, Noun};
use operations::roles::RoleChange;
use projection::Snapshot;
use uuid::Uuid;

/// A permit as the list of all of them shows it.
#[must_use]
pub fn permit(permit: &Permit) -> api_v4::Permit {
    api_v4::Permit {
        id: Some(permit.id.to_string()),
        name: Some(permit.name.to_owned()),
        administrative: Some(permit.administrative),
        ..api_v4::Permit::default()
    }
}

/// A permit of a role.
#[must_use]
pub fn role_permit(role: &Role, permit: &Permit) -> api_v4::Permit {
    let mut shown = self::permit(permit);
    let ids = [role.id.to_string(), permit.id.to_string()];
    links::place(&mut shown, "roles/{}/permits/{}", &[&ids[0], &ids[1]]);
    shown
}

/// A role.
#[must_use]
pub fn role(role: &Role) -> api_v4::Role {
    let mut shown = api_v4::Role {
        name: Some(role.name.clone()),
        description: Some(role.description.clone()),
        administrative: Some(role.administrative),
        mutable: Some(!role.is_shipped()),
        ..api_v4::Role::default()
    };
    links::place(&mut shown, "roles/{}", &[&role.id.to_string()]);
    shown
}

/// The permit that a body names, by number or name.
///
/// # Errors
/// 400 when it names none; 404 for one that does not exist.
pub fn permit_named(wanted: &api_v4::Permit) -> Result<&'static Permit, Fault> {
    let cut = |text: &str| text.chars().take(64).collect::<String>();
    match (&wanted.id, &wanted.name) {
        (Some(id), _) => {
            let found = id.parse().ok().and_then(roles::permit);
            found.ok_or_else(|| Fault::not_found("permit", cut(id)))
        }
        (None, Some(name)) => {
            let found = roles::PERMITS.iter().find(|p| p.name == name);
            found.ok_or_else(|| Fault::not_found("permit", cut(name)))
        }
        (None, None) => Err(missing("permit.id|name")),
    }
}

const KNOWN: &[&str] = &["name", "description", "administrative", "mutable"];

/// A new role: a name and permits are needed.
///
/// # Errors
/// 400 for what is missing; 404 for a permit that does not exist.
pub fn role_add(wanted: &api_v4::Role) -> Result<RoleChange, Fault> {
    let known = [KNOWN, &["permits"]].concat();
    carry::check(wanted, &api_v4::Role::default(), &known)?;
    let permits = wanted
        .permits
        .as_ref()
        .ok_or_else(|| missing("role.permits"))?;
    let permits: Result<Vec<PermitId>, Fault> = permits
        .iter()
        .map(|p| Ok(PermitId(permit_named(p)?.id)))
        .collect();
    Ok(RoleChange {
        name: Some(wanted.name.clone().ok_or_else(|| missing("role.name"))?),
        description: wanted.description.clone(),
        administrative: wanted.administrative,
        permits: Some(permits?),
        ..RoleChange::default()
    })
}

/// What a body changes of a role. Its permits are changed below it.
///
/// # Errors
/// 501 for what can't be changed here.
pub fn role_update(before: &Role, wanted: &api_v4::Role) -> Result<RoleChange, Fault> {
    carry::check(wanted, &role(before), KNOWN)?;
    Ok(RoleChange {
        name: wanted.name.clone(),
        description: wanted.description.clone(),
        administrative: wanted.administrative,
        ..RoleChange::default()
    })
}

/// A permission with what it is on.
#[must_use]
pub fn permission(permission: &Permission) -> api_v4::Permission {
    let mut shown = api_v4::Permission {
        role: Some(references::role(permission.role)),
        ..api_v4::Permission::default()
    };
    match permission.principal {
        Principal::User(id) => shown.user = Some(references::user(id)),
        Principal::Group(id) => shown.group = Some(references::group(id)),
    }
    let id = permission.id.to_string();
    let Object::One(Key { noun, id: object }) = permission.object else {
        links::place(&mut shown, "permissions/{}", &[&id]);
        return shown;
    };
    let pattern = match noun {
        Noun::Vm => {
            shown.vm = Some(references::vm(base::VmId(object)));
            "vms/{}/permissions/{}"
        }
        Noun::Host => {
            shown.host = Some(references::host(base::HostId(object)));
            "hosts/{}/permissions/{}"
        }
        Noun::Cluster => {
            shown.cluster = Some(references::cluster(base::ClusterId(object)));
            "clusters/{}/permissions/{}"
        }
        Noun::DataCenter => {
            shown.data_center = Some(references::data_center(base::DataCenterId(object)));
            "datacenters/{}/permissions/{}"
        }
        Noun::StorageDomain => {
            let domain = base::StorageDomainId(object);
            shown.storage_domain = Some(references::storage_domain(domain));
            "storagedomains/{}/permissions/{}"
        }
        Noun::Disk => {
            shown.disk = Some(references::disk(base::DiskId(object)));
            "disks/{}/permissions/{}"
        }
        Noun::Template => {
            shown.template = Some(references::template(base::TemplateId(object)));
            "templates/{}/permissions/{}"
        }
        // The type has no element for these; the address tells.
        Noun::Network => "networks/{}/permissions/{}",
        Noun::VnicProfile => "vnicprofiles/{}/permissions/{}",
        Noun::MacPool => "macpools/{}/permissions/{}",
        _ => {
            links::place(&mut shown, "permissions/{}", &[&id]);
            return shown;
        }
    };
    links::place(&mut shown, pattern, &[&object.to_string(), &id]);
    shown
}

/// The object that the body of a permission names, if it names one.
///
/// # Errors
/// 404 for what is no id; 400 for two objects.
pub fn permission_object(wanted: &api_v4::Permission) -> Result<Option<Object>, Fault> {
    macro_rules! named {
        ($($field:ident: $noun:ident),*) => {[$(
            wanted.$field.as_ref().and_then(|o| o.id.as_deref()).map(|id| (Noun::$noun, id)),
        )*]};
    }
    let named = named![
        vm: Vm, host: Host, cluster: Cluster, data_center: DataCenter,
        storage_domain: StorageDomain, disk: Disk, template: Template
    ];
    let mut named = named.into_iter().flatten();
    let Some((noun, id)) = named.next() else {
        return Ok(None);
    };
    if named.next().is_some() {
        return Err(Fault::bad_request(
            "PERMISSION_ADD_FAILED_INVALID_OBJECT_ID",
            "A permission is on one object; the body names more.",
        ));
    }
    let id: Uuid = Uuid::try_parse(id)
        .map_err(|_| Fault::not_found(noun.what(), id.chars().take(64).collect::<String>()))?;
    Ok(Some(Object::One(Key { noun, id })))
}

/// The role that the body of a permission names, by id or name.
///
/// # Errors
/// 400 when it names none; 404 for an unknown one.
pub fn permission_role(snapshot: &Snapshot, wanted: &api_v4::Permission) -> Result<RoleId, Fault> {
    let role = wanted
        .role
        .as_deref()
        .ok_or_else(|| missing("permission.role"))?;
    match (&role.id, &role.name) {
        (Some(id), _) => {
            let id: RoleId = find::id(id, RoleId::WHAT)?;
            let found = snapshot.role(id).map(|r| r.id);
            found.ok_or_else(|| Fault::not_found(RoleId::WHAT, id))
        }
        (None, Some(name)) => {
            let found = snapshot.role_named(name).map(|r| r.id);
            let cut = || name.chars().take(64).collect::<String>();
            found.ok_or_else(|| Fault::not_found(RoleId::WHAT, cut()))
        }
        (None, None) => Err(missing("permission.role.id|name")),
    }
}

/// The user or group that the body of a permission names: by the id of one that `snapshot` has, or by
/// the login or name of one in the directory.
///
/// # Errors
/// 400 when it names none or both; 404 for an unknown one.
pub fn permission_principal(
    snapshot: &Snapshot,
    directory: &Snapshot,
    wanted: &api_v4::Permission,
) -> Result<Principal, Fault> {
    let cut = |text: &str| text.chars().take(64).collect::<String>();
    match (&wanted.user, &wanted.group) {
        (Some(user), None) => match (&user.id, user.user_name.as_ref().or(user.name.as_ref())) {
            (Some(id), _) => {
                let id: UserId = find::id(id, UserId::WHAT)?;
                let found = snapshot.user(id).map(|u| Principal::User(u.id));
                found.ok_or_else(|| Fault::not_found(UserId::WHAT, id))
            }
            (None, Some(name)) => {
                let mut users = directory.users();
                let found = users.find(|u| u.principal() == *name || super::login(u) == *name);
                let found = found.map(|u| Principal::User(u.id));
                found.ok_or_else(|| Fault::not_found(UserId::WHAT, cut(name)))
            }
            (None, None) => Err(missing("permission.user.id|user_name")),
        },
        (None, Some(group)) => match (&group.id, &group.name) {
            (Some(id), _) => {
                let id: GroupId = find::id(id, GroupId::WHAT)?;
                if id == EVERYONE || snapshot.group(id).is_some() {
                    Ok(Principal::Group(id))
                } else {
                    Err(Fault::not_found(GroupId::WHAT, id))
                }
            }
            (None, Some(name)) if name == "Everyone" => Ok(Principal::Group(EVERYONE)),
            (None, Some(name)) => {
                let found = directory.group_named(name);
                let found = found.map(|g| Principal::Group(g.id));
                found.ok_or_else(|| Fault::not_found(GroupId::WHAT, cut(name)))
            }
            (None, None) => Err(missing("permission.group.id|name")),
        },
        (None, None) => Err(missing("permission.user|group")),
        (Some(_), Some(_)) => Err(Fault::bad_request(
            "PERMISSION_ADD_FAILED_PERMISSION_NOT_SENT",
            "A permission is for a user or a group; the body names both.",
        )),
    }
}
