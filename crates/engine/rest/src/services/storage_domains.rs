//! `storagedomains`, with the disks on each.

use super::listing;
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{DiskId, Fault, StorageDomainId};
use domain::storage::StorageDomain;
use std::sync::Arc;

fn find(ask: &Ask) -> Result<Arc<StorageDomain>, Fault> {
    let id: StorageDomainId = ask.id(0, StorageDomainId::WHAT)?;
    ask.snapshot
        .storage_domain(id)
        .cloned()
        .ok_or_else(|| Fault::not_found(StorageDomainId::WHAT, id))
}

/// `GET storagedomains`.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    listing::everything(ask, convert::storage_domain)
}

/// `GET storagedomains/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    Ok(Answer::entity(convert::storage_domain(
        &ask.snapshot,
        &*find(ask)?,
    )))
}

/// `GET storagedomains/{}/disks`.
pub fn disks(ask: &Ask) -> Result<Answer, Fault> {
    let domain = find(ask)?;
    listing::searched(ask, ask.snapshot.disks_on(domain.id), convert::disk)
}

/// `GET storagedomains/{}/disks/{}`.
pub fn disk(ask: &Ask) -> Result<Answer, Fault> {
    let domain = find(ask)?;
    let id: DiskId = ask.id(1, DiskId::WHAT)?;
    let disk = ask
        .snapshot
        .disk(id)
        .filter(|d| d.storage_domain == domain.id);
    let disk = disk.ok_or_else(|| Fault::not_found(DiskId::WHAT, id))?;
    Ok(Answer::entity(convert::disk(&ask.snapshot, disk)))
}
