//! Changing a cluster.

use super::change::{self, ClusterChange};
use crate::deciding::decide;
use crate::{Accepted, Rooms, checks, configured};
use access::Permitted;
use audit::Change;
use base::{ClusterId, Fault};
use domain::names::claim_form;
use store::Batch;

const VERB: &str = "Cannot edit Cluster";

/// Changes a cluster.
///
/// # Errors
/// 400 for a bad name or value; 404 for a reference to nothing; 409 for a name in use, or a lower
/// version while it has hosts.
pub async fn update(
    call: &Permitted,
    rooms: &Rooms,
    id: ClusterId,
    set: ClusterChange,
) -> Result<Accepted<ClusterId>, Fault> {
    decide(rooms, |snapshot, now| {
        let cluster = checks::cluster(snapshot, id)?;
        let mut next = (**cluster).clone();
        set.apply(&mut next, VERB)?;
        change::check(snapshot, &next, VERB)?;
        if claim_form(&next.name) != claim_form(&cluster.name) {
            change::name_is_free(snapshot, &next.name, VERB)?;
        }
        if next.version < cluster.version && snapshot.hosts_of(id).next().is_some() {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_CANNOT_DECREASE_CLUSTER_WITH_HOSTS_COMPATIBILITY_VERSION",
                format!(
                    "{VERB}. Cluster {} has hosts; its compatibility version can't be lowered.",
                    cluster.name
                ),
            ));
        }
        let mut batch = Batch::new();
        if next != **cluster {
            let about = configured::of_cluster(id);
            batch.event(configured::about(
                call,
                now,
                Change::ClusterUpdated,
                &next.name,
                about,
            ));
            batch.put(next);
        }
        Ok((batch, Accepted::done(id)))
    })
    .await
}
