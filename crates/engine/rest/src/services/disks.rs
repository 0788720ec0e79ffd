//! `disks`: all disks, free or attached.

use super::listing;
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{DiskId, Fault};
use domain::Noun;
use domain::disks::Disk;
use domain::roles::permits;
use operations::disks::move_disk::move_disk as moving;
use operations::disks::{add as adding, remove as removing, update as updating};
use std::sync::Arc;

/// The disk that the path names.
pub fn find(ask: &Ask) -> Result<Arc<Disk>, Fault> {
    let id: DiskId = ask.id(0, DiskId::WHAT)?;
    ask.snapshot
        .disk(id)
        .cloned()
        .ok_or_else(|| Fault::not_found(DiskId::WHAT, id))
}

/// `GET disks`.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    listing::everything(ask, convert::disk)
}

/// `GET disks/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    Ok(Answer::entity(convert::disk(&ask.snapshot, &*find(ask)?)))
}

fn shown(ask: &Ask, id: DiskId) -> Result<api_v4::Disk, Fault> {
    let snapshot = ask.fresh();
    let disk = snapshot
        .disk(id)
        .ok_or_else(|| Fault::not_found(DiskId::WHAT, id))?;
    Ok(convert::disk(&snapshot, disk))
}

/// `POST disks`.
pub async fn add(ask: &Ask) -> Result<Answer, Fault> {
    let wanted: api_v4::Disk = ask.read()?;
    let disk = convert::disk_add(&ask.snapshot, &wanted)?;
    let permitted = ask.permitted_on(
        permits::CREATE_DISK,
        Noun::StorageDomain,
        disk.storage_domain.0,
    )?;
    let accepted = adding::add(&permitted, &ask.front.rooms, disk).await?;
    Ok(Answer::added(shown(ask, accepted.id)?, accepted.job))
}

/// `PUT disks/{}`.
pub async fn update(ask: &Ask) -> Result<Answer, Fault> {
    let disk = find(ask)?;
    let wanted: api_v4::Disk = ask.read()?;
    let change = convert::disk_update(&ask.snapshot, &disk, &wanted)?;
    updating::update(ask.permitted()?, &ask.front.rooms, disk.id, change).await?;
    Ok(Answer::entity(shown(ask, disk.id)?))
}

/// `DELETE disks/{}`.
pub async fn remove(ask: &Ask) -> Result<Answer, Fault> {
    let disk = find(ask)?;
    let accepted = removing::remove(ask.permitted()?, &ask.front.rooms, disk.id).await?;
    Ok(Answer::done(accepted.job))
}

/// `POST disks/{}/move`: done when the move is accepted.
pub async fn move_disk(ask: &Ask) -> Result<Answer, Fault> {
    let disk = find(ask)?;
    let action: api_v4::Action = ask.read_or_empty()?;
    let Some(wanted) = &action.storage_domain else {
        return Err(Fault::bad_request(
            "MISSING_PARAMETER",
            "`storage_domain` is missing; it says where the disk goes.",
        ));
    };
    let to = convert::storage_domain_named(&ask.snapshot, wanted)?;
    ask.permitted_on(permits::CREATE_DISK, Noun::StorageDomain, to.0)?;
    let accepted = moving(ask.permitted()?, &ask.front.rooms, disk.id, to).await?;
    Ok(Answer::done(accepted.job))
}
