//! Removing a cluster.

use crate::deciding::decide;
use crate::{Accepted, Rooms, checks, configured, memberships};
use access::Permitted;
use audit::Change;
use base::{ClusterId, Fault};
use store::Batch;

const VERB: &str = "Cannot remove Cluster";

/// Removes a cluster without hosts, VMs and templates, with its affinity groups.
///
/// # Errors
/// 404 for an unknown one; 409 for one that is not empty.
pub async fn remove(
    call: &Permitted,
    rooms: &Rooms,
    id: ClusterId,
) -> Result<Accepted<ClusterId>, Fault> {
    decide(rooms, |snapshot, now| {
        let cluster = checks::cluster(snapshot, id)?;
        let held = |key: &str, what: &str, name: &str| {
            Fault::conflict(
                key,
                format!("{VERB}. Cluster {} still has {what} {name}.", cluster.name),
            )
        };
        if let Some(host) = snapshot.hosts_of(id).next() {
            return Err(held(
                "VDS_CANNOT_REMOVE_CLUSTER_VDS_DETECTED",
                "host",
                &host.name,
            ));
        }
        if let Some(vm) = snapshot.vms_of_cluster(id).next() {
            return Err(held(
                "VM_CANNOT_REMOVE_CLUSTER_VMS_DETECTED",
                "VM",
                &vm.name,
            ));
        }
        if let Some(template) = snapshot.templates_of(id).next() {
            return Err(held(
                "VMT_CANNOT_REMOVE_CLUSTER_VMTS_DETECTED",
                "template",
                &template.name,
            ));
        }
        let mut batch = Batch::new();
        for group in snapshot.affinity_groups_of(id) {
            memberships::forget(snapshot, group.id.0, &mut batch);
            batch.delete(group.clone());
        }
        for network in snapshot.networks_of(cluster.data_center) {
            let mut next = (**network).clone();
            let was_in = next.clusters.as_mut().and_then(|c| c.remove(&id));
            if was_in.is_some() {
                batch.put(next);
            }
        }
        let about = configured::of_data_center(cluster.data_center);
        batch.event(configured::about(
            call,
            now,
            Change::ClusterRemoved,
            &cluster.name,
            about,
        ));
        batch.delete(cluster.clone());
        Ok((batch, Accepted::done(id)))
    })
    .await
}
