//! Removing a logical network with its vNIC profiles.

use crate::deciding::decide;
use crate::{Accepted, Rooms, configured, vnic_profiles};
use access::Permitted;
use audit::Change;
use base::{Fault, NetworkId};
use store::Batch;

const VERB: &str = "Cannot remove Logical Network";

/// Removes a network that no VM or template is on.
///
/// # Errors
/// 404 for an unknown one; 409 for the management network, or one in use.
pub async fn remove(
    call: &Permitted,
    rooms: &Rooms,
    id: NetworkId,
) -> Result<Accepted<NetworkId>, Fault> {
    decide(rooms, |snapshot, now| {
        let network = snapshot
            .network(id)
            .ok_or_else(|| Fault::not_found(NetworkId::WHAT, id))?;
        if network.management {
            return Err(Fault::conflict(
                "NETWORK_CANNOT_REMOVE_MANAGEMENT_NETWORK",
                format!(
                    "{VERB}. {} is the management network; it stays.",
                    network.name
                ),
            ));
        }
        let mut batch = Batch::new();
        for profile in snapshot.vnic_profiles_of(id) {
            if let Some(user) = vnic_profiles::user_of(snapshot, profile.id) {
                return Err(Fault::conflict(
                    "ACTION_TYPE_FAILED_NETWORK_IN_ONE_USE",
                    format!("{VERB}. {user} is on network {}.", network.name),
                ));
            }
            batch.delete(profile.clone());
        }
        batch.event(configured::about(
            call,
            now,
            Change::NetworkRemoved,
            &network.name,
            configured::of_data_center(network.data_center),
        ));
        batch.delete(network.clone());
        Ok((batch, Accepted::done(id)))
    })
    .await
}
