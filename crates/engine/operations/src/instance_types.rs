//! Verbs on instance types: add, update, remove.

use crate::deciding::decide;
use crate::vms::hardware::{HardwareChange, blank};
use crate::{Accepted, Rooms, checks, configured};
use access::Permitted;
use audit::Change;
use base::{Fault, Generation, InstanceTypeId, Random, Timestamp};
use domain::instance_types::{InstanceType, SHIPPED};
use domain::names::{self, Alphabet};
use domain::vms::Hardware;
use projection::Snapshot;
use std::sync::Arc;
use store::Batch;

/// Longest name of an instance type.
const NAME_MAX: usize = 255;

/// What is to be set; `None` stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InstanceTypeChange {
    /// Name.
    pub name: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Free text.
    pub comment: Option<String>,
    /// Hardware.
    pub hardware: HardwareChange,
}

impl InstanceTypeChange {
    fn apply(&self, kind: &mut InstanceType) -> Result<(), Fault> {
        if let Some(name) = &self.name {
            kind.name.clone_from(name);
        }
        if let Some(description) = &self.description {
            kind.description.clone_from(description);
        }
        if let Some(comment) = &self.comment {
            kind.comment.clone_from(comment);
        }
        self.hardware.apply(&mut kind.hardware)
    }
}

/// What an instance type begins from.
#[must_use]
pub fn basis() -> Hardware {
    blank()
}

/// oVirt's five.
pub(crate) fn shipped(random: &dyn Random, now: Timestamp) -> Vec<InstanceType> {
    let make = |(name, memory_mib, cores): &(&str, u64, u32)| {
        let mut hardware = blank();
        hardware.memory_bytes = memory_mib << 20;
        hardware.memory_guaranteed_bytes = hardware.memory_bytes;
        hardware.memory_max_bytes = hardware.memory_bytes.saturating_mul(4);
        hardware.topology.sockets = *cores;
        InstanceType {
            id: InstanceTypeId::random(random),
            generation: Generation::NEW,
            name: (*name).to_owned(),
            description: format!("{name} instance type"),
            comment: String::new(),
            hardware,
            created: now,
        }
    };
    SHIPPED.iter().map(make).collect()
}

/// Adds an instance type.
///
/// # Errors
/// 400 for a bad name or hardware; 409 for a name in use.
pub async fn add(
    call: &Permitted,
    rooms: &Rooms,
    set: InstanceTypeChange,
) -> Result<Accepted<InstanceTypeId>, Fault> {
    let id = InstanceTypeId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let mut kind = InstanceType {
            id,
            generation: Generation::NEW,
            name: String::new(),
            description: String::new(),
            comment: String::new(),
            hardware: basis(),
            created: now,
        };
        set.apply(&mut kind)?;
        check(snapshot, &kind, "Cannot create Instance Type")?;
        let mut batch = Batch::new();
        batch.event(configured::event(
            call,
            now,
            Change::InstanceTypeAdded,
            &kind.name,
        ));
        batch.put(kind);
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Changes an instance type. VMs do not remember theirs yet, so none changes with it.
///
/// # Errors
/// As `add`; 404 for an unknown one.
pub async fn update(
    call: &Permitted,
    rooms: &Rooms,
    id: InstanceTypeId,
    set: InstanceTypeChange,
) -> Result<Accepted<InstanceTypeId>, Fault> {
    decide(rooms, |snapshot, now| {
        let kind = find(snapshot, id)?;
        let mut next = (**kind).clone();
        set.apply(&mut next)?;
        check(snapshot, &next, "Cannot edit Instance Type")?;
        let mut batch = Batch::new();
        if next != **kind {
            batch.event(configured::event(
                call,
                now,
                Change::InstanceTypeUpdated,
                &next.name,
            ));
            batch.put(next);
        }
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Removes an instance type.
///
/// # Errors
/// 404 for an unknown one.
pub async fn remove(
    call: &Permitted,
    rooms: &Rooms,
    id: InstanceTypeId,
) -> Result<Accepted<InstanceTypeId>, Fault> {
    decide(rooms, |snapshot, now| {
        let kind = find(snapshot, id)?;
        let mut batch = Batch::new();
        batch.event(configured::event(
            call,
            now,
            Change::InstanceTypeRemoved,
            &kind.name,
        ));
        batch.delete(kind.clone());
        Ok((batch, Accepted::done(id)))
    })
    .await
}

fn find(snapshot: &Snapshot, id: InstanceTypeId) -> Result<&Arc<InstanceType>, Fault> {
    snapshot
        .instance_type(id)
        .ok_or_else(|| Fault::not_found(InstanceTypeId::WHAT, id))
}

fn check(snapshot: &Snapshot, kind: &InstanceType, verb: &str) -> Result<(), Fault> {
    names::check_name(
        "instance type",
        &kind.name,
        NAME_MAX,
        Alphabet::International,
    )?;
    names::check_text("description", &kind.description, names::DESCRIPTION_MAX)?;
    names::check_text("comment", &kind.comment, checks::COMMENT_MAX)?;
    let same = snapshot.instance_type_named(&kind.name);
    if same.is_some_and(|k| k.id != kind.id) {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_NAME_ALREADY_USED",
            format!(
                "{verb}. The name {} is already in use; choose another one.",
                kind.name
            ),
        ));
    }
    Ok(())
}
