//! Verbs on MAC pools: add, update, remove.

use crate::deciding::decide;
use crate::{Accepted, Rooms, checks, configured};
use access::Permitted;
use audit::Change;
use base::{Fault, Generation, MacPoolId};
use domain::names;
use domain::networks::{MacAddress, MacPool};
use projection::Snapshot;
use store::Batch;

/// Longest name of a pool.
const NAME_MAX: usize = 255;

/// What is to be set; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MacPoolChange {
    /// Name, any characters.
    pub name: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Free text.
    pub comment: Option<String>,
    /// The same address may be given by hand twice.
    pub allow_duplicates: Option<bool>,
    /// First and last address of each range.
    pub ranges: Option<Vec<(MacAddress, MacAddress)>>,
}

impl MacPoolChange {
    fn apply(&self, pool: &mut MacPool) {
        if let Some(name) = &self.name {
            pool.name.clone_from(name);
        }
        if let Some(description) = &self.description {
            pool.description.clone_from(description);
        }
        if let Some(comment) = &self.comment {
            pool.comment.clone_from(comment);
        }
        pool.allow_duplicates = self.allow_duplicates.unwrap_or(pool.allow_duplicates);
        if let Some(ranges) = &self.ranges {
            pool.ranges.clone_from(ranges);
        }
    }
}

/// Adds a pool.
///
/// # Errors
/// 400 for a bad name or range; 409 for a name in use or ranges that overlap others.
pub async fn add(
    call: &Permitted,
    rooms: &Rooms,
    set: MacPoolChange,
) -> Result<Accepted<MacPoolId>, Fault> {
    const VERB: &str = "Cannot create MAC Pool";
    let id = MacPoolId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let mut pool = MacPool {
            id,
            generation: Generation::NEW,
            name: String::new(),
            description: String::new(),
            comment: String::new(),
            default: false,
            allow_duplicates: false,
            ranges: Vec::new(),
        };
        set.apply(&mut pool);
        check(snapshot, &pool, VERB)?;
        let mut batch = Batch::new();
        batch.event(configured::event(
            call,
            now,
            Change::MacPoolAdded,
            &pool.name,
        ));
        batch.put(pool);
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Changes a pool. Cards keep their addresses, whatever becomes of the ranges.
///
/// # Errors
/// As `add`; 404 for an unknown one; 409 when duplicates are to be forbidden and there are some.
pub async fn update(
    call: &Permitted,
    rooms: &Rooms,
    id: MacPoolId,
    set: MacPoolChange,
) -> Result<Accepted<MacPoolId>, Fault> {
    const VERB: &str = "Cannot edit MAC Pool";
    decide(rooms, |snapshot, now| {
        let pool = find(snapshot, id)?;
        let mut next = (**pool).clone();
        set.apply(&mut next);
        check(snapshot, &next, VERB)?;
        if pool.allow_duplicates && !next.allow_duplicates {
            forbid_duplicates(snapshot, pool, VERB)?;
        }
        let mut batch = Batch::new();
        if next != **pool {
            batch.event(configured::event(
                call,
                now,
                Change::MacPoolUpdated,
                &next.name,
            ));
            batch.put(next);
        }
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Removes a pool that no cluster uses.
///
/// # Errors
/// 404 for an unknown one; 409 for the default one, or one that a cluster uses.
pub async fn remove(
    call: &Permitted,
    rooms: &Rooms,
    id: MacPoolId,
) -> Result<Accepted<MacPoolId>, Fault> {
    const VERB: &str = "Cannot remove MAC Pool";
    decide(rooms, |snapshot, now| {
        let pool = find(snapshot, id)?;
        if pool.default {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_CANNOT_REMOVE_DEFAULT_MAC_POOL",
                format!("{VERB}. {} is the default pool; it stays.", pool.name),
            ));
        }
        if let Some(cluster) = snapshot.clusters_of_pool(id).next() {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_CANNOT_REMOVE_STILL_USED_MAC_POOL",
                format!(
                    "{VERB}. Cluster {} takes its addresses from {}.",
                    cluster.name, pool.name
                ),
            ));
        }
        let mut batch = Batch::new();
        batch.event(configured::event(
            call,
            now,
            Change::MacPoolRemoved,
            &pool.name,
        ));
        batch.delete(pool.clone());
        Ok((batch, Accepted::done(id)))
    })
    .await
}

fn find(snapshot: &Snapshot, id: MacPoolId) -> Result<&std::sync::Arc<MacPool>, Fault> {
    snapshot
        .mac_pool(id)
        .ok_or_else(|| Fault::not_found("MAC pool", id))
}

fn check(snapshot: &Snapshot, pool: &MacPool, verb: &str) -> Result<(), Fault> {
    if pool.name.trim().is_empty() {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_NAME_MAY_NOT_BE_EMPTY",
            "The name of a MAC pool may not be empty.",
        ));
    }
    names::check_text("name", &pool.name, NAME_MAX)?;
    names::check_text("description", &pool.description, names::DESCRIPTION_MAX)?;
    names::check_text("comment", &pool.comment, checks::COMMENT_MAX)?;
    if snapshot
        .mac_pool_named(&pool.name)
        .is_some_and(|p| p.id != pool.id)
    {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_NAME_ALREADY_USED",
            format!(
                "{verb}. The name {} is already in use; choose another one.",
                pool.name
            ),
        ));
    }
    if pool.ranges.is_empty() {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_MAC_POOL_MUST_HAVE_RANGE",
            format!("{verb}. A MAC pool needs at least one range of addresses."),
        ));
    }
    for (n, (first, last)) in pool.ranges.iter().enumerate() {
        if first > last {
            return Err(Fault::bad_request(
                "ACTION_TYPE_FAILED_INVALID_MAC_RANGE",
                format!("{verb}. The range from {first} to {last} ends before it begins."),
            ));
        }
        let others = pool.ranges.iter().skip(n + 1);
        if let Some((from, to)) = others.copied().find(|r| overlap(*r, (*first, *last))) {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_MAC_POOL_CONTAINS_OVERLAPPING_RANGES",
                format!(
                    "{verb}. The ranges from {first} to {last} and from {from} to {to} overlap."
                ),
            ));
        }
        let taken = snapshot
            .mac_pools()
            .filter(|p| p.id != pool.id)
            .find(|p| p.ranges.iter().any(|r| overlap(*r, (*first, *last))));
        if let Some(other) = taken {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_MAC_POOL_OVERLAPS_WITH_OTHER_POOLS",
                format!(
                    "{verb}. The range from {first} to {last} overlaps a range of MAC pool {}.",
                    other.name
                ),
            ));
        }
    }
    Ok(())
}

fn overlap(a: (MacAddress, MacAddress), b: (MacAddress, MacAddress)) -> bool {
    a.0 <= b.1 && b.0 <= a.1
}

/// No card of the pool's clusters has an address that others may have, too.
fn forbid_duplicates(snapshot: &Snapshot, pool: &MacPool, verb: &str) -> Result<(), Fault> {
    let vms = snapshot
        .clusters_of_pool(pool.id)
        .flat_map(|c| snapshot.vms_of_cluster(c.id));
    for vm in vms {
        if let Some(nic) = vm.hardware.nics.iter().find(|n| n.shared_mac) {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_MAC_POOL_CONTAINS_DUPLICATES",
                format!(
                    "{verb}. NIC {} of VM {} was given address {} by hand; others may have it, too.",
                    nic.name, vm.name, nic.mac
                ),
            ));
        }
    }
    Ok(())
}
