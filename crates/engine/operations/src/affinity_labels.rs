//! Verbs on affinity labels: add, update, remove. Who has them is in `memberships`.

use crate::deciding::decide;
use crate::{Accepted, Rooms, configured, memberships};
use access::Permitted;
use audit::Change;
use base::{AffinityLabelId, Fault, Generation};
use domain::affinity::AffinityLabel;
use domain::names::{self, Alphabet};
use projection::Snapshot;
use std::sync::Arc;
use store::Batch;

/// Longest name of a label.
const NAME_MAX: usize = 50;

/// What is to be set; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AffinityLabelChange {
    /// Name.
    pub name: Option<String>,
    /// It acts as a positive, enforcing group.
    pub implicit_group: Option<bool>,
}

/// Adds a label.
///
/// # Errors
/// 400 for a bad name; 409 for a name in use.
pub async fn add(
    call: &Permitted,
    rooms: &Rooms,
    set: AffinityLabelChange,
) -> Result<Accepted<AffinityLabelId>, Fault> {
    let id = AffinityLabelId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let label = AffinityLabel {
            id,
            generation: Generation::NEW,
            name: set.name.clone().unwrap_or_default(),
            implicit_group: set.implicit_group.unwrap_or(false),
        };
        check(snapshot, &label, "Cannot create Affinity Label")?;
        let mut batch = Batch::new();
        batch.event(configured::event(
            call,
            now,
            Change::AffinityLabelAdded,
            &label.name,
        ));
        batch.put(label);
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Changes a label.
///
/// # Errors
/// As `add`; 404 for an unknown one.
pub async fn update(
    call: &Permitted,
    rooms: &Rooms,
    id: AffinityLabelId,
    set: AffinityLabelChange,
) -> Result<Accepted<AffinityLabelId>, Fault> {
    decide(rooms, |snapshot, now| {
        let label = find(snapshot, id)?;
        let mut next = (**label).clone();
        if let Some(name) = &set.name {
            next.name.clone_from(name);
        }
        next.implicit_group = set.implicit_group.unwrap_or(next.implicit_group);
        check(snapshot, &next, "Cannot edit Affinity Label")?;
        let mut batch = Batch::new();
        if next != **label {
            batch.event(configured::event(
                call,
                now,
                Change::AffinityLabelUpdated,
                &next.name,
            ));
            batch.put(next);
        }
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Removes a label from everything that has it.
///
/// # Errors
/// 404 for an unknown one.
pub async fn remove(
    call: &Permitted,
    rooms: &Rooms,
    id: AffinityLabelId,
) -> Result<Accepted<AffinityLabelId>, Fault> {
    decide(rooms, |snapshot, now| {
        let label = find(snapshot, id)?;
        let mut batch = Batch::new();
        memberships::forget(snapshot, id.0, &mut batch);
        batch.event(configured::event(
            call,
            now,
            Change::AffinityLabelRemoved,
            &label.name,
        ));
        batch.delete(label.clone());
        Ok((batch, Accepted::done(id)))
    })
    .await
}

fn find(snapshot: &Snapshot, id: AffinityLabelId) -> Result<&Arc<AffinityLabel>, Fault> {
    snapshot
        .affinity_label(id)
        .ok_or_else(|| Fault::not_found(AffinityLabelId::WHAT, id))
}

fn check(snapshot: &Snapshot, label: &AffinityLabel, verb: &str) -> Result<(), Fault> {
    names::check_name(
        "affinity label",
        &label.name,
        NAME_MAX,
        Alphabet::International,
    )?;
    let same = snapshot.affinity_label_named(&label.name);
    if same.is_some_and(|l| l.id != label.id) {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_NAME_ALREADY_USED",
            format!(
                "{verb}. The name {} is already in use; choose another one.",
                label.name
            ),
        ));
    }
    Ok(())
}
