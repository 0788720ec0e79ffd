//! Removing a data center with its networks.

use crate::deciding::decide;
use crate::{Accepted, Rooms, configured};
use access::Permitted;
use audit::Change;
use base::{DataCenterId, Fault};
use store::Batch;

const VERB: &str = "Cannot remove Data Center";

/// Removes a data center that has neither clusters nor storage domains, with its networks.
///
/// # Errors
/// 404 for an unknown one; 409 for one that still has clusters or storage domains.
pub async fn remove(
    call: &Permitted,
    rooms: &Rooms,
    id: DataCenterId,
) -> Result<Accepted<DataCenterId>, Fault> {
    decide(rooms, |snapshot, now| {
        let dc = snapshot
            .data_center(id)
            .ok_or_else(|| Fault::not_found("data center", id))?;
        if let Some(domain) = snapshot.storage_domains_of(id).next() {
            return Err(Fault::conflict(
                "ERROR_CANNOT_REMOVE_POOL_WITH_ACTIVE_DOMAINS",
                format!(
                    "{VERB}. Data center {} has storage domain {}; remove that first.",
                    dc.name, domain.name
                ),
            ));
        }
        if let Some(cluster) = snapshot.clusters_of(id).next() {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_STORAGE_POOL_HAS_CLUSTERS",
                format!(
                    "{VERB}. Data center {} has cluster {}; remove that first.",
                    dc.name, cluster.name
                ),
            ));
        }
        let mut batch = Batch::new();
        for network in snapshot.networks_of(id) {
            for profile in snapshot.vnic_profiles_of(network.id) {
                batch.delete(profile.clone());
            }
            batch.delete(network.clone());
        }
        batch.event(configured::event(
            call,
            now,
            Change::DataCenterRemoved,
            &dc.name,
        ));
        batch.delete(dc.clone());
        Ok((batch, Accepted::done(id)))
    })
    .await
}
