//! `clusters/{}/affinitygroups` and `affinitylabels`, with who belongs to them.

use super::{clusters, listing};
use crate::api::answer::{Answer, Entity};
use crate::api::ask::Ask;
use crate::convert;
use api_schema::Api;
use base::{AffinityGroupId, AffinityLabelId, ClusterId, Fault, HostId, VmId};
use domain::affinity::{AffinityGroup, AffinityLabel};
use domain::{Key, Noun};
use operations::{affinity_groups, affinity_labels, memberships};
use projection::Snapshot;
use std::sync::Arc;

fn group_of(
    snapshot: &Snapshot,
    cluster: ClusterId,
    id: AffinityGroupId,
) -> Result<Arc<AffinityGroup>, Fault> {
    snapshot
        .affinity_group(id)
        .filter(|g| g.cluster == cluster)
        .cloned()
        .ok_or_else(|| Fault::not_found(AffinityGroupId::WHAT, id))
}

fn group(ask: &Ask) -> Result<Arc<AffinityGroup>, Fault> {
    let cluster = clusters::find(ask)?;
    group_of(&ask.snapshot, cluster.id, ask.id(1, AffinityGroupId::WHAT)?)
}

/// `GET clusters/{}/affinitygroups`.
pub fn groups(ask: &Ask) -> Result<Answer, Fault> {
    let cluster = clusters::find(ask)?;
    let groups = ask.snapshot.affinity_groups_of(cluster.id);
    listing::plain(ask, groups.map(|g| convert::affinity_group(g)).collect())
}

/// `GET clusters/{}/affinitygroups/{}`.
pub fn get_group(ask: &Ask) -> Result<Answer, Fault> {
    Ok(Answer::entity(convert::affinity_group(&*group(ask)?)))
}

/// `POST clusters/{}/affinitygroups`.
pub async fn add_group(ask: &Ask) -> Result<Answer, Fault> {
    let cluster = clusters::find(ask)?;
    let set = convert::affinity_group_change(&ask.read()?, None)?;
    let added = affinity_groups::add(ask.permitted()?, &ask.front.rooms, cluster.id, set).await?;
    let group = group_of(&ask.fresh(), cluster.id, added.id)?;
    Ok(Answer::added(convert::affinity_group(&group), None))
}

/// `PUT clusters/{}/affinitygroups/{}`.
pub async fn update_group(ask: &Ask) -> Result<Answer, Fault> {
    let group = group(ask)?;
    let set = convert::affinity_group_change(&ask.read()?, Some(&group))?;
    affinity_groups::update(ask.permitted()?, &ask.front.rooms, group.id, set).await?;
    let group = group_of(&ask.fresh(), group.cluster, group.id)?;
    Ok(Answer::entity(convert::affinity_group(&group)))
}

/// `DELETE clusters/{}/affinitygroups/{}`.
pub async fn remove_group(ask: &Ask) -> Result<Answer, Fault> {
    let group = group(ask)?;
    affinity_groups::remove(ask.permitted()?, &ask.front.rooms, group.id).await?;
    Ok(Answer::done(None))
}

fn label_of(snapshot: &Snapshot, id: AffinityLabelId) -> Result<Arc<AffinityLabel>, Fault> {
    let label = snapshot.affinity_label(id).cloned();
    label.ok_or_else(|| Fault::not_found(AffinityLabelId::WHAT, id))
}

fn label(ask: &Ask) -> Result<Arc<AffinityLabel>, Fault> {
    label_of(&ask.snapshot, ask.id(0, AffinityLabelId::WHAT)?)
}

/// `GET affinitylabels`.
pub fn labels(ask: &Ask) -> Result<Answer, Fault> {
    let labels = ask.snapshot.affinity_labels();
    listing::plain(ask, labels.map(|l| convert::affinity_label(l)).collect())
}

/// `GET affinitylabels/{}`.
pub fn get_label(ask: &Ask) -> Result<Answer, Fault> {
    Ok(Answer::entity(convert::affinity_label(&*label(ask)?)))
}

/// `POST affinitylabels`.
pub async fn add_label(ask: &Ask) -> Result<Answer, Fault> {
    let set = convert::affinity_label_change(&ask.read()?, None)?;
    let added = affinity_labels::add(ask.permitted()?, &ask.front.rooms, set).await?;
    let label = label_of(&ask.fresh(), added.id)?;
    Ok(Answer::added(convert::affinity_label(&label), None))
}

/// `PUT affinitylabels/{}`.
pub async fn update_label(ask: &Ask) -> Result<Answer, Fault> {
    let label = label(ask)?;
    let before = convert::affinity_label(&label);
    let set = convert::affinity_label_change(&ask.read()?, Some(&before))?;
    affinity_labels::update(ask.permitted()?, &ask.front.rooms, label.id, set).await?;
    let label = label_of(&ask.fresh(), label.id)?;
    Ok(Answer::entity(convert::affinity_label(&label)))
}

/// `DELETE affinitylabels/{}`.
pub async fn remove_label(ask: &Ask) -> Result<Answer, Fault> {
    let label = label(ask)?;
    affinity_labels::remove(ask.permitted()?, &ask.front.rooms, label.id).await?;
    Ok(Answer::done(None))
}

/// What holds members: where it stands in the path, and where its members' ids do.
struct Holder {
    key: Key,
    member_at: usize,
}

fn of_group(ask: &Ask) -> Result<Holder, Fault> {
    Ok(Holder {
        key: Key {
            noun: Noun::AffinityGroup,
            id: group(ask)?.id.0,
        },
        member_at: 2,
    })
}

fn of_label(ask: &Ask) -> Result<Holder, Fault> {
    Ok(Holder {
        key: Key {
            noun: Noun::AffinityLabel,
            id: label(ask)?.id.0,
        },
        member_at: 1,
    })
}

/// The members of one kind, as they show elsewhere.
fn members<T: Api>(
    snapshot: &Snapshot,
    holder: Key,
    noun: Noun,
    show: impl Fn(&Snapshot, Key) -> Option<T>,
) -> Vec<T> {
    snapshot
        .members_of(holder.id)
        .filter(|m| m.holder == holder && m.member.noun == noun)
        .filter_map(|m| show(snapshot, m.member))
        .collect()
}

async fn put(ask: &Ask, holder: &Holder, member: Key, shown: Entity) -> Result<Answer, Fault> {
    memberships::add(ask.permitted()?, &ask.front.rooms, holder.key, member).await?;
    Ok(Answer::Added {
        entity: shown,
        pending: false,
    })
}

async fn take(ask: &Ask, holder: &Holder, member: Key) -> Result<Answer, Fault> {
    memberships::remove(ask.permitted()?, &ask.front.rooms, holder.key, member).await?;
    Ok(Answer::done(None))
}

/// The services on the members of one kind of a group or a label.
macro_rules! members {
    ($module:ident, $holder:ident, $noun:ident, $id:ident, $type:ident, $by_id:ident, $show:path $(, $get:ident)?) => {
        #[doc = concat!("Each `", stringify!($type), "` of a group or label.")]
        pub mod $module {
            use super::*;

            fn key(id: $id) -> Key {
                Key {
                    noun: Noun::$noun,
                    id: id.0,
                }
            }
            fn show(snapshot: &Snapshot, key: Key) -> Option<api_v4::$type> {
                snapshot
                    .$by_id($id(key.id))
                    .map(|noun| $show(snapshot, noun))
            }
            /// All of them.
            pub fn list(ask: &Ask) -> Result<Answer, Fault> {
                let holder = $holder(ask)?;
                listing::plain(ask, members(&ask.snapshot, holder.key, Noun::$noun, show))
            }
            $(
            /// One of them.
            pub fn $get(ask: &Ask) -> Result<Answer, Fault> {
                let holder = $holder(ask)?;
                let all = members(&ask.snapshot, holder.key, Noun::$noun, show);
                listing::member(ask, all, holder.member_at, $id::WHAT)
            }
            )?
            /// One more.
            pub async fn add(ask: &Ask) -> Result<Answer, Fault> {
                let holder = $holder(ask)?;
                let wanted: api_v4::$type = ask.read()?;
                let key = key(convert::named::$by_id(&ask.snapshot, &wanted)?);
                let shown =
                    show(&ask.snapshot, key).ok_or_else(|| Fault::not_found($id::WHAT, key.id))?;
                put(ask, &holder, key, Box::new(shown)).await
            }
            /// One less.
            pub async fn remove(ask: &Ask) -> Result<Answer, Fault> {
                let holder = $holder(ask)?;
                let id: $id = ask.id(holder.member_at, $id::WHAT)?;
                take(ask, &holder, key(id)).await
            }
        }
    };
}

members!(group_vms, of_group, Vm, VmId, Vm, vm, convert::vm);
members!(
    group_hosts,
    of_group,
    Host,
    HostId,
    Host,
    host,
    convert::host
);
members!(label_vms, of_label, Vm, VmId, Vm, vm, convert::vm, get);
members!(
    label_hosts,
    of_label,
    Host,
    HostId,
    Host,
    host,
    convert::host,
    get
);
