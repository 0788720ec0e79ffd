//! Adding a network card to a VM.

use crate::{Accepted, Rooms};
use base::{Call, Fault, NicId, VmId, VnicProfileId};
use domain::networks::MacAddress;
use domain::vms::NicInterface;

/// The card to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NicAdd {
    /// Name, unique in the VM.
    pub name: String,
    /// Model; `None` is virtio.
    pub interface: Option<NicInterface>,
    /// The network it joins; `None` is no network.
    pub profile: Option<VnicProfileId>,
    /// Address; `None` takes one from the cluster's MAC pool.
    pub mac: Option<MacAddress>,
    /// It is in the machine.
    pub plugged: bool,
    /// Its cable is in.
    pub linked: bool,
}

/// Adds a card to a VM that is down.
///
/// # Errors
/// 400 for a bad name; 404 for an unknown VM or profile; 409 for a name or address in use, a profile
/// of another data center, an exhausted pool, or a VM that runs or is locked.
pub async fn add(
    call: &Call,
    rooms: &Rooms,
    vm: VmId,
    nic: NicAdd,
) -> Result<Accepted<NicId>, Fault> {
    let _ = (call, rooms, vm, nic);
    Err(Fault::not_supported("adding a NIC"))
}
