//! Attaching a network to a cluster, changing what it is for there, and detaching it.

use crate::deciding::decide;
use crate::{Accepted, Rooms, checks, configured};
use access::Permitted;
use audit::Change;
use base::{ClusterId, Fault, NetworkId};
use domain::clusters::Cluster;
use domain::events::About;
use domain::networks::{Network, NetworkUse};
use projection::Snapshot;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Batch;

/// Attaches a network of the cluster's data center.
///
/// # Errors
/// 404 for an unknown network or cluster; 400 for a network of another data center; 409 when it is
/// attached already.
pub async fn attach(
    call: &Permitted,
    rooms: &Rooms,
    cluster: ClusterId,
    network: NetworkId,
    purpose: NetworkUse,
) -> Result<Accepted<NetworkId>, Fault> {
    decide(rooms, |snapshot, now| {
        let (of, network) = find(snapshot, cluster, network)?;
        if network.use_in(cluster).is_some() {
            return Err(Fault::conflict(
                "NETWORK_ALREADY_ATTACHED_TO_CLUSTER",
                format!(
                    "Network {} is attached to cluster {} already.",
                    network.name, of.name
                ),
            ));
        }
        let mut next = (**network).clone();
        uses(snapshot, &mut next).insert(cluster, purpose);
        let mut batch = Batch::new();
        batch.event(configured::about(
            call,
            now,
            Change::NetworkAttached,
            &next.name,
            about(of),
        ));
        // The cluster is written again, so that nobody removes it at the same moment.
        batch.put(of.clone());
        let id = next.id;
        batch.put(next);
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Changes what an attached network is for; `change` gets what it is for now.
///
/// # Errors
/// 404 when it is not attached; 409 when the management network would no longer be required.
pub async fn update(
    call: &Permitted,
    rooms: &Rooms,
    cluster: ClusterId,
    network: NetworkId,
    change: impl Fn(&mut NetworkUse) + Send + Sync,
) -> Result<Accepted<NetworkId>, Fault> {
    decide(rooms, |snapshot, now| {
        let (of, network) = find(snapshot, cluster, network)?;
        let before = network
            .use_in(cluster)
            .ok_or_else(|| Fault::not_found("network in the cluster", network.id))?;
        let mut after = before;
        change(&mut after);
        if network.management && !after.required {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_MANAGEMENT_NETWORK_REQUIRED",
                format!(
                    "Network {} is the management network; it has to be required.",
                    network.name
                ),
            ));
        }
        let mut batch = Batch::new();
        if after != before {
            let mut next = (**network).clone();
            uses(snapshot, &mut next).insert(cluster, after);
            batch.event(configured::about(
                call,
                now,
                Change::NetworkUseUpdated,
                &next.name,
                about(of),
            ));
            batch.put(next);
        }
        Ok((batch, Accepted::done(network.id)))
    })
    .await
}

/// Detaches a network.
///
/// # Errors
/// 404 when it is not attached; 409 for the management network, or while a VM of the cluster is on it.
pub async fn detach(
    call: &Permitted,
    rooms: &Rooms,
    cluster: ClusterId,
    network: NetworkId,
) -> Result<Accepted<NetworkId>, Fault> {
    decide(rooms, |snapshot, now| {
        let (of, network) = find(snapshot, cluster, network)?;
        if network.use_in(cluster).is_none() {
            return Err(Fault::not_found("network in the cluster", network.id));
        }
        if network.management {
            return Err(Fault::conflict(
                "NETWORK_CANNOT_REMOVE_MANAGEMENT_NETWORK",
                format!(
                    "Network {} is the management network; it stays.",
                    network.name
                ),
            ));
        }
        let on_it = snapshot
            .vnic_profiles_of(network.id)
            .flat_map(|p| snapshot.vms_with_profile(p.id))
            .find(|vm| vm.cluster == cluster);
        if let Some(vm) = on_it {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_NETWORK_IN_ONE_USE",
                format!("VM {} is on network {}.", vm.name, network.name),
            ));
        }
        let mut next = (**network).clone();
        uses(snapshot, &mut next).remove(&cluster);
        let mut batch = Batch::new();
        batch.event(configured::about(
            call,
            now,
            Change::NetworkDetached,
            &next.name,
            about(of),
        ));
        batch.put(next);
        Ok((batch, Accepted::done(network.id)))
    })
    .await
}

fn find(
    snapshot: &Snapshot,
    cluster: ClusterId,
    network: NetworkId,
) -> Result<(&Arc<Cluster>, &Arc<Network>), Fault> {
    let cluster = checks::cluster(snapshot, cluster)?;
    let network = snapshot
        .network(network)
        .ok_or_else(|| Fault::not_found(NetworkId::WHAT, network))?;
    if network.data_center != cluster.data_center {
        return Err(Fault::bad_request(
            "ACTION_TYPE_FAILED_NETWORK_FROM_DIFFERENT_DC",
            format!(
                "Network {} is in another data center than cluster {}.",
                network.name, cluster.name
            ),
        ));
    }
    Ok((cluster, network))
}

/// The network's clusters, each by name where it was in all of them.
fn uses<'a>(
    snapshot: &Snapshot,
    network: &'a mut Network,
) -> &'a mut BTreeMap<ClusterId, NetworkUse> {
    let all: BTreeMap<ClusterId, NetworkUse> = snapshot
        .clusters_of(network.data_center)
        .filter_map(|c| Some((c.id, network.use_in(c.id)?)))
        .collect();
    network.clusters.insert(all)
}

fn about(cluster: &Cluster) -> About {
    About {
        cluster: Some(cluster.id),
        data_center: Some(cluster.data_center),
        ..About::default()
    }
}
