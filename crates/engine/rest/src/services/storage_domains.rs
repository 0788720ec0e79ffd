//! `storagedomains`, with the disks on each.

use super::listing::{self, Searchable};
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::{convert, words};
use base::{DiskId, Fault, StorageDomainId};
use domain::storage::StorageDomain;
use projection::Snapshot;
use search::Field;
use std::borrow::Cow;
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
    listing::searched(ask, ask.snapshot.storage_domains(), convert::storage_domain)
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

impl Searchable for StorageDomain {
    const FIELDS: &'static [Field] = &[Field::Name, Field::Id, Field::Status, Field::DataCenter];

    fn field(&self, snapshot: &Snapshot, name: &str) -> Option<Cow<'_, str>> {
        Some(match name {
            "name" => Cow::Borrowed(&self.name),
            "id" => self.id.to_string().into(),
            "status" => words::storage_domain(snapshot.storage_domain_status(self.id)).into(),
            "datacenter" => snapshot.data_center(self.data_center?)?.name.clone().into(),
            _ => return None,
        })
    }
}
