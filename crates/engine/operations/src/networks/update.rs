//! Changing a logical network.

use super::add::check_values;
use crate::deciding::decide;
use crate::{Accepted, Rooms, configured, vnic_profiles};
use access::Permitted;
use audit::Change;
use base::{Fault, NetworkId};
use store::Batch;

/// What is to be set; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetworkUpdate {
    /// Name.
    pub name: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Free text.
    pub comment: Option<String>,
    /// VLAN tag; `Some(None)` takes it away.
    pub vlan: Option<Option<u16>>,
    /// Bytes; 0 is the default.
    pub mtu: Option<u32>,
    /// VMs may be attached.
    pub vm_network: Option<bool>,
}

const VERB: &str = "Cannot edit Logical Network";

/// Changes a network. Its bridge keeps its name.
///
/// # Errors
/// 400 for a bad name, VLAN tag or MTU; 404 for an unknown one; 409 for a name in use, or when VMs are
/// to be kept off a network that some are on.
pub async fn update(
    call: &Permitted,
    rooms: &Rooms,
    id: NetworkId,
    change: NetworkUpdate,
) -> Result<Accepted<NetworkId>, Fault> {
    decide(rooms, |snapshot, now| {
        let network = snapshot
            .network(id)
            .ok_or_else(|| Fault::not_found(NetworkId::WHAT, id))?;
        let mut next = (**network).clone();
        if let Some(name) = &change.name {
            next.name.clone_from(name);
        }
        if let Some(description) = &change.description {
            next.description.clone_from(description);
        }
        if let Some(comment) = &change.comment {
            next.comment.clone_from(comment);
        }
        next.vlan = change.vlan.unwrap_or(next.vlan);
        next.mtu = change.mtu.unwrap_or(next.mtu);
        next.vm_network = change.vm_network.unwrap_or(next.vm_network);
        check_values(
            &next.name,
            &next.description,
            &next.comment,
            next.vlan,
            next.mtu,
        )?;
        let same = snapshot.network_named(next.data_center, &next.name);
        if same.is_some_and(|n| n.id != id) {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_NETWORK_NAME_IN_USE",
                format!(
                    "{VERB}. The network name {} is already in use; choose another one.",
                    next.name
                ),
            ));
        }
        if network.vm_network && !next.vm_network {
            let mut users = snapshot
                .vnic_profiles_of(id)
                .filter_map(|p| vnic_profiles::user_of(snapshot, p.id));
            if let Some(user) = users.next() {
                return Err(Fault::conflict(
                    "ACTION_TYPE_FAILED_NETWORK_IN_ONE_USE",
                    format!("{VERB}. {user} is on network {}.", network.name),
                ));
            }
        }
        let mut batch = Batch::new();
        if next != **network {
            batch.event(configured::about(
                call,
                now,
                Change::NetworkUpdated,
                &next.name,
                configured::of_data_center(next.data_center),
            ));
            batch.put(next);
        }
        Ok((batch, Accepted::done(id)))
    })
    .await
}
