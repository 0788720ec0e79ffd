//! Putting objects into tags, affinity groups and labels, and taking them out.

use crate::deciding::decide;
use crate::{Accepted, Rooms, configured, permissions};
use access::Permitted;
use audit::Change;
use base::{Call, Fault, Generation, HostId, MembershipId, TemplateId, Timestamp, UserId, VmId};
use domain::events::{About, NewEvent};
use domain::memberships::Membership;
use domain::{Entity, Key, Noun};
use projection::Snapshot;
use std::sync::Arc;
use store::Batch;
use uuid::Uuid;

/// Puts an object into a holder; nothing happens when it is there already.
///
/// # Errors
/// 404 for an unknown holder or member; 400 for a member of a kind that the holder can't have, or of
/// another cluster than its affinity group.
pub async fn add(
    call: &Permitted,
    rooms: &Rooms,
    holder: Key,
    member: Key,
) -> Result<Accepted<MembershipId>, Fault> {
    let id = MembershipId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let into = entity(snapshot, holder)?;
        let what = entity(snapshot, member)?;
        check(&into, &what)?;
        if let Some(there) = find(snapshot, holder.id, member.id) {
            return Ok((Batch::new(), Accepted::done(there.id)));
        }
        let mut batch = Batch::new();
        batch.event(told(call, now, &into, &what, true));
        // The holder is written again, so that nobody removes it at the same moment.
        batch.put(into);
        batch.put(Membership {
            id,
            generation: Generation::NEW,
            name: String::new(),
            holder,
            member,
        });
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Takes an object out of a holder.
///
/// # Errors
/// 404 when it is not in it.
pub async fn remove(
    call: &Permitted,
    rooms: &Rooms,
    holder: Key,
    member: Key,
) -> Result<Accepted<MembershipId>, Fault> {
    decide(rooms, |snapshot, now| {
        let into = entity(snapshot, holder)?;
        let there = find(snapshot, holder.id, member.id)
            .filter(|m| m.member.noun == member.noun)
            .ok_or_else(|| Fault::not_found("member", member.id))?;
        let mut batch = Batch::new();
        if let Ok(what) = entity(snapshot, member) {
            batch.event(told(call, now, &into, &what, false));
        }
        batch.delete(there.clone());
        Ok((batch, Accepted::done(there.id)))
    })
    .await
}

/// Forgets every membership of an object that is going away, as holder and as member, and every
/// permission on it.
pub(crate) fn forget(snapshot: &Snapshot, id: Uuid, batch: &mut Batch) {
    for membership in snapshot.members_of(id).chain(snapshot.memberships_of(id)) {
        batch.delete(membership.clone());
    }
    permissions::forget(snapshot, id, batch);
}

fn find(snapshot: &Snapshot, holder: Uuid, member: Uuid) -> Option<&Arc<Membership>> {
    snapshot
        .memberships_of(member)
        .find(|m| m.holder.id == holder)
}

fn entity(snapshot: &Snapshot, key: Key) -> Result<Entity, Fault> {
    let id = key.id;
    let found: Option<Entity> = match key.noun {
        Noun::Tag => snapshot.tag(base::TagId(id)).cloned().map(Entity::Tag),
        Noun::AffinityGroup => snapshot
            .affinity_group(base::AffinityGroupId(id))
            .cloned()
            .map(Entity::AffinityGroup),
        Noun::AffinityLabel => snapshot
            .affinity_label(base::AffinityLabelId(id))
            .cloned()
            .map(Entity::AffinityLabel),
        Noun::Vm => snapshot.vm(VmId(id)).cloned().map(Entity::Vm),
        Noun::Host => snapshot.host(HostId(id)).cloned().map(Entity::Host),
        Noun::Template => snapshot
            .template(TemplateId(id))
            .cloned()
            .map(Entity::Template),
        Noun::User => snapshot.user(UserId(id)).cloned().map(Entity::User),
        Noun::Group => snapshot
            .group(base::GroupId(id))
            .cloned()
            .map(Entity::Group),
        _ => None,
    };
    found.ok_or_else(|| Fault::not_found(key.noun.what(), id))
}

fn check(holder: &Entity, member: &Entity) -> Result<(), Fault> {
    if !Membership::allowed(holder.noun()).contains(&member.noun()) {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_INVALID_MEMBER",
            format!(
                "A {} can't belong to a {}.",
                member.noun().what(),
                holder.noun().what()
            ),
        ));
    }
    let cluster = match member {
        Entity::Vm(vm) => Some(vm.cluster),
        Entity::Host(host) => Some(host.cluster),
        _ => None,
    };
    match (holder, cluster) {
        (Entity::AffinityGroup(group), Some(cluster)) if cluster != group.cluster => {
            Err(Fault::bad_request(
                "ACTION_TYPE_FAILED_ENTITY_NOT_IN_AFFINITY_GROUP_CLUSTER",
                format!(
                    "{} {} is in another cluster than affinity group {}.",
                    member.noun().what(),
                    member.name(),
                    group.name
                ),
            ))
        }
        _ => Ok(()),
    }
}

fn told(call: &Call, now: Timestamp, holder: &Entity, member: &Entity, put: bool) -> NewEvent {
    let mut about = About::default();
    match member {
        Entity::Vm(vm) => about.vm = Some(vm.id),
        Entity::Host(host) => about.host = Some(host.id),
        Entity::Template(template) => about.template = Some(template.id),
        _ => {}
    }
    let change = match (holder.noun(), member.noun(), put) {
        (Noun::AffinityGroup, ..) => Change::AffinityGroupUpdated,
        (Noun::AffinityLabel, ..) => Change::AffinityLabelUpdated,
        (Noun::Group, ..) => Change::GroupUpdated,
        (_, Noun::Vm, true) => Change::VmTagged,
        (_, Noun::Vm, false) => Change::VmUntagged,
        (_, Noun::Host, true) => Change::HostTagged,
        (_, Noun::Host, false) => Change::HostUntagged,
        (_, Noun::Template, true) => Change::TemplateTagged,
        (_, Noun::Template, false) => Change::TemplateUntagged,
        (_, _, true) => Change::UserTagged,
        (_, _, false) => Change::UserUntagged,
    };
    let name = match holder.noun() {
        Noun::Tag => format!("Tag {} of {}", holder.name(), member.name()),
        _ => holder.name().to_owned(),
    };
    configured::about(call, now, change, &name, about)
}
