//! What a network card may be.

use base::{Fault, VnicProfileId};
use domain::names::{self, Alphabet};
use domain::vms::{Nic, Vm};
use projection::Snapshot;

/// The name is legal and no other card of the VM has it.
pub(crate) fn check_name<'a>(
    vm: &Vm,
    name: &str,
    mut others: impl Iterator<Item = &'a Nic>,
) -> Result<(), Fault> {
    names::check_name("NIC", name, names::NIC_NAME_MAX, Alphabet::AsciiDot)?;
    if others.any(|n| n.name == name) {
        return Err(Fault::conflict(
            "NETWORK_INTERFACE_NAME_ALREADY_IN_USE",
            format!(
                "VM {} has a network interface {name} already; choose another name.",
                vm.name
            ),
        ));
    }
    Ok(())
}

/// The profile is there, and its network belongs to the VM's data center and takes VMs.
pub(crate) fn check_profile(
    snapshot: &Snapshot,
    vm: &Vm,
    profile: VnicProfileId,
) -> Result<(), Fault> {
    let profile = snapshot
        .vnic_profile(profile)
        .ok_or_else(|| Fault::not_found("vNIC profile", profile))?;
    let network = snapshot
        .network(profile.network)
        .ok_or_else(|| Fault::not_found("network", profile.network))?;
    if network.data_center != vm.data_center {
        return Err(Fault::conflict(
            "NETWORK_NOT_EXISTS_IN_CURRENT_CLUSTER",
            format!(
                "Network {} belongs to another data center than VM {}.",
                network.name, vm.name
            ),
        ));
    }
    if network.use_in(vm.cluster).is_none() {
        return Err(Fault::conflict(
            "NETWORK_NOT_EXISTS_IN_CURRENT_CLUSTER",
            format!(
                "Network {} is not attached to the cluster of VM {}.",
                network.name, vm.name
            ),
        ));
    }
    if !network.vm_network {
        return Err(Fault::conflict(
            "ACTION_TYPE_FAILED_NOT_A_VM_NETWORK",
            format!("Network {} takes no virtual machines.", network.name),
        ));
    }
    Ok(())
}
