//! Verbs on vNIC profiles: add, update, remove.

use crate::deciding::decide;
use crate::{Accepted, Rooms, checks, configured};
use access::Permitted;
use audit::Change;
use base::{Fault, Generation, NetworkId, VnicProfileId};
use domain::names::{self, Alphabet};
use domain::networks::VnicProfile;
use projection::Snapshot;
use std::sync::Arc;
use store::Batch;

/// Longest name of a profile.
const NAME_MAX: usize = 50;

/// What is to be set; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VnicProfileChange {
    /// Name.
    pub name: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Free text.
    pub comment: Option<String>,
    /// The card sees all traffic of the network.
    pub port_mirroring: Option<bool>,
}

impl VnicProfileChange {
    fn apply(&self, profile: &mut VnicProfile) {
        if let Some(name) = &self.name {
            profile.name.clone_from(name);
        }
        if let Some(description) = &self.description {
            profile.description.clone_from(description);
        }
        if let Some(comment) = &self.comment {
            profile.comment.clone_from(comment);
        }
        profile.port_mirroring = self.port_mirroring.unwrap_or(profile.port_mirroring);
    }
}

/// Adds a profile to a network that takes VMs.
///
/// # Errors
/// 400 for a bad name or a network without VMs; 404 for an unknown network; 409 for a name in use.
pub async fn add(
    call: &Permitted,
    rooms: &Rooms,
    network: NetworkId,
    set: VnicProfileChange,
) -> Result<Accepted<VnicProfileId>, Fault> {
    const VERB: &str = "Cannot create VM network interface profile";
    let id = VnicProfileId::random(&*rooms.random);
    decide(rooms, |snapshot, now| {
        let of = snapshot
            .network(network)
            .ok_or_else(|| Fault::not_found(NetworkId::WHAT, network))?;
        if !of.vm_network {
            return Err(Fault::bad_request(
                "ACTION_TYPE_FAILED_CANNOT_ADD_VNIC_PROFILE_TO_NON_VM_NETWORK",
                format!("{VERB}. Network {} takes no virtual machines.", of.name),
            ));
        }
        let mut profile = VnicProfile {
            id,
            generation: Generation::NEW,
            name: String::new(),
            description: String::new(),
            comment: String::new(),
            network,
            port_mirroring: false,
        };
        set.apply(&mut profile);
        check(snapshot, &profile, VERB)?;
        let mut batch = Batch::new();
        batch.event(configured::about(
            call,
            now,
            Change::VnicProfileAdded,
            &profile.name,
            configured::of_data_center(of.data_center),
        ));
        // The network is written again, so that nobody removes it at the same moment.
        batch.put(of.clone());
        batch.put(profile);
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Changes a profile.
///
/// # Errors
/// As `add`; 404 for an unknown one; 501 for port mirroring while a running VM uses it.
pub async fn update(
    call: &Permitted,
    rooms: &Rooms,
    id: VnicProfileId,
    set: VnicProfileChange,
) -> Result<Accepted<VnicProfileId>, Fault> {
    decide(rooms, |snapshot, now| {
        let profile = find(snapshot, id)?;
        let mut next = (**profile).clone();
        set.apply(&mut next);
        check(snapshot, &next, "Cannot edit VM network interface profile")?;
        let mut batch = Batch::new();
        if next != **profile {
            batch.event(configured::event(
                call,
                now,
                Change::VnicProfileUpdated,
                &next.name,
            ));
            batch.put(next);
        }
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Removes a profile that no card uses.
///
/// # Errors
/// 404 for an unknown one; 409 for one in use.
pub async fn remove(
    call: &Permitted,
    rooms: &Rooms,
    id: VnicProfileId,
) -> Result<Accepted<VnicProfileId>, Fault> {
    const VERB: &str = "Cannot remove VM network interface profile";
    decide(rooms, |snapshot, now| {
        let profile = find(snapshot, id)?;
        if let Some(user) = user_of(snapshot, id) {
            return Err(Fault::conflict(
                "ACTION_TYPE_FAILED_VNIC_PROFILE_IN_ONE_USE",
                format!("{VERB}. Profile {} is used by {user}.", profile.name),
            ));
        }
        let mut batch = Batch::new();
        batch.event(configured::event(
            call,
            now,
            Change::VnicProfileRemoved,
            &profile.name,
        ));
        batch.delete(profile.clone());
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Some VM or template with a card on the profile, in words.
pub(crate) fn user_of(snapshot: &Snapshot, id: VnicProfileId) -> Option<String> {
    let vm = snapshot.vms_with_profile(id).next();
    vm.map(|vm| format!("VM {}", vm.name)).or_else(|| {
        let template = snapshot.templates_with_profile(id).next()?;
        Some(format!("template {}", template.name))
    })
}

fn find(snapshot: &Snapshot, id: VnicProfileId) -> Result<&Arc<VnicProfile>, Fault> {
    snapshot
        .vnic_profile(id)
        .ok_or_else(|| Fault::not_found(VnicProfileId::WHAT, id))
}

fn check(snapshot: &Snapshot, profile: &VnicProfile, verb: &str) -> Result<(), Fault> {
    names::check_name("vNIC profile", &profile.name, NAME_MAX, Alphabet::AsciiDot)?;
    names::check_text("description", &profile.description, names::DESCRIPTION_MAX)?;
    names::check_text("comment", &profile.comment, checks::COMMENT_MAX)?;
    let same = snapshot.vnic_profile_named(profile.network, &profile.name);
    if same.is_some_and(|p| p.id != profile.id) {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_VNIC_PROFILE_NAME_IN_USE",
            format!(
                "{verb}. The network has a profile {} already; choose another name.",
                profile.name
            ),
        ));
    }
    Ok(())
}
