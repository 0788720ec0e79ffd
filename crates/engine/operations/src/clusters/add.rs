//! Adding a cluster.

use super::change::{self, ClusterChange};
use crate::deciding::decide;
use crate::{Accepted, Rooms, configured};
use access::Permitted;
use audit::Change;
use base::{ClusterId, DataCenterId, Fault, Generation};
use domain::clusters::{Cluster, ClusterPolicies};
use store::Batch;

const VERB: &str = "Cannot create Cluster";

/// Adds a cluster to a data center. What `set` does not name is oVirt's default; its version is the
/// data center's, its MAC pool the default one.
///
/// # Errors
/// 400 for a bad name or value; 404 for a reference to nothing; 409 for a name in use, or a second
/// cluster of a local data center.
pub async fn add(
    call: &Permitted,
    rooms: &Rooms,
    data_center: DataCenterId,
    set: ClusterChange,
) -> Result<Accepted<ClusterId>, Fault> {
    let id = ClusterId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let dc = snapshot
            .data_center(data_center)
            .ok_or_else(|| Fault::not_found("data center", data_center))?;
        if dc.local && snapshot.clusters_of(dc.id).next().is_some() {
            return Err(Fault::conflict(
                "CLUSTER_CANNOT_ADD_MORE_THEN_ONE_HOST_TO_LOCAL_STORAGE",
                format!(
                    "{VERB}. Data center {} has local storage and one cluster already.",
                    dc.name
                ),
            ));
        }
        let pool = snapshot
            .mac_pools()
            .find(|p| p.default)
            .ok_or_else(|| Fault::not_found("MAC pool", "default"))?;
        let mut cluster = Cluster {
            id,
            generation: Generation::NEW,
            name: String::new(),
            description: String::new(),
            comment: String::new(),
            data_center,
            version: dc.version,
            cpu_type: String::new(),
            memory_overcommit_percent: 100,
            threads_as_cores: false,
            ballooning: true,
            ksm: true,
            mac_pool: pool.id,
            policies: ClusterPolicies::default(),
            created: now,
        };
        set.apply(&mut cluster, VERB)?;
        change::check(snapshot, &cluster, VERB)?;
        change::name_is_free(snapshot, &cluster.name, VERB)?;
        let about = configured::of_cluster(id);
        let mut batch = Batch::new();
        batch.event(configured::about(
            call,
            now,
            Change::ClusterAdded,
            &cluster.name,
            about,
        ));
        batch.put(cluster);
        Ok((batch, Accepted::done(id)))
    })
    .await
}
