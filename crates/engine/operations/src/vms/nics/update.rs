//! Changing a network card.

use crate::{Accepted, Rooms};
use base::{Call, Fault, NicId, VmId, VnicProfileId};
use domain::networks::MacAddress;
use domain::vms::NicInterface;

/// What is to change; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NicUpdate {
    /// Name.
    pub name: Option<String>,
    /// Model.
    pub interface: Option<NicInterface>,
    /// The network it joins; `Some(None)` is no network.
    pub profile: Option<Option<VnicProfileId>>,
    /// Address.
    pub mac: Option<MacAddress>,
    /// It is in the machine.
    pub plugged: Option<bool>,
    /// Its cable is in.
    pub linked: Option<bool>,
}

/// Changes a card of a VM that is down.
///
/// # Errors
/// As `add`; 404 when the VM has no such card.
pub async fn update(
    call: &Call,
    rooms: &Rooms,
    vm: VmId,
    nic: NicId,
    change: NicUpdate,
) -> Result<Accepted<NicId>, Fault> {
    let _ = (call, rooms, vm, nic, change);
    Err(Fault::not_supported("updating a NIC"))
}
