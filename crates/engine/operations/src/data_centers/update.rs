//! Changing a data center.

use super::rules;
use crate::deciding::decide;
use crate::{Accepted, Rooms};
use access::Permitted;
use audit::AuditEvent;
use base::{DataCenterId, Fault};
use domain::data_centers::{CompatibilityVersion, DataCenter};
use projection::Snapshot;
use store::Batch;

/// What is to change; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataCenterUpdate {
    /// New name.
    pub name: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// New comment.
    pub comment: Option<String>,
    /// Local storage of one host, or shared.
    pub local: Option<bool>,
    /// New compatibility version.
    pub version: Option<CompatibilityVersion>,
}

const VERB: &str = "Cannot edit Data Center";

/// Changes a data center.
///
/// # Errors
/// 404 for an unknown one; 400 for a bad name; 409 for a name in use, or when `local` is to change
/// and it has a storage domain, or several hosts or clusters are to become a local data center.
pub async fn update(
    call: &Permitted,
    rooms: &Rooms,
    id: DataCenterId,
    change: DataCenterUpdate,
) -> Result<Accepted<DataCenterId>, Fault> {
    decide(rooms, |snapshot, now| {
        let dc = snapshot
            .data_center(id)
            .ok_or_else(|| Fault::not_found("data center", id))?;
        let mut next = (**dc).clone();
        if let Some(name) = &change.name {
            next.name.clone_from(name);
        }
        if let Some(description) = &change.description {
            next.description.clone_from(description);
        }
        if let Some(comment) = &change.comment {
            next.comment.clone_from(comment);
        }
        next.local = change.local.unwrap_or(next.local);
        next.version = change.version.unwrap_or(next.version);
        rules::check_texts(&next)?;
        if next.version != dc.version {
            check_version(snapshot, dc, next.version)?;
        }
        if next.name != dc.name {
            rules::name_is_free(snapshot, &next.name, VERB)?;
        }
        if next.local != dc.local {
            check_local(snapshot, dc, next.local)?;
        }
        let mut batch = Batch::new();
        if next != **dc {
            let event = AuditEvent::DataCenterUpdated {
                data_center: next.clone(),
            };
            batch.event(event.at(call, now));
            batch.put(next);
        }
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// It can be raised to what all clusters have, and lowered while there is no storage.
fn check_version(
    snapshot: &Snapshot,
    dc: &DataCenter,
    version: CompatibilityVersion,
) -> Result<(), Fault> {
    rules::check_version(version, VERB)?;
    if version < dc.version && snapshot.storage_domains_of(dc.id).next().is_some() {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_CANNOT_DECREASE_DATA_CENTER_COMPATIBILITY_VERSION",
            format!(
                "{VERB}. Data center {} has storage; its compatibility version can't be lowered.",
                dc.name
            ),
        ));
    }
    if let Some(older) = snapshot.clusters_of(dc.id).find(|c| c.version < version) {
        return Err(Fault::conflict(
            "ERROR_CANNOT_UPDATE_STORAGE_POOL_COMPATIBILITY_VERSION_BIGGER_THAN_CLUSTERS",
            format!(
                "{VERB}. Cluster {} has compatibility version {}, which is below {version}.",
                older.name, older.version
            ),
        ));
    }
    Ok(())
}

fn check_local(snapshot: &Snapshot, dc: &DataCenter, local: bool) -> Result<(), Fault> {
    if let Some(domain) = snapshot.storage_domains_of(dc.id).next() {
        return Err(Fault::conflict(
            "ERROR_CANNOT_CHANGE_STORAGE_POOL_TYPE_WITH_LOCAL",
            format!(
                "{VERB}. Data center {} has storage domain {}; its storage type can't change any more.",
                dc.name, domain.name
            ),
        ));
    }
    if !local {
        return Ok(());
    }
    let hosts = snapshot
        .clusters_of(dc.id)
        .flat_map(|c| snapshot.hosts_of(c.id))
        .count();
    if hosts > 1 || snapshot.clusters_of(dc.id).count() > 1 {
        return Err(Fault::conflict(
            "VDS_CANNOT_ADD_MORE_THEN_ONE_HOST_TO_LOCAL_STORAGE",
            format!(
                "{VERB}. A data center with local storage has one cluster with one host; {} has more.",
                dc.name
            ),
        ));
    }
    Ok(())
}
