//! Logical networks and vNIC profiles as the API shows them.

use super::{links, numbers::int, references};
use api_v4::{NetworkStatus, NetworkUsage, VnicPassThroughMode};
use domain::networks::{Network, VnicProfile};
use projection::Snapshot;

/// A network.
#[must_use]
pub fn network(_: &Snapshot, network: &Network) -> api_v4::Network {
    let mut usages = Vec::new();
    if network.vm_network {
        usages.push(NetworkUsage::Vm);
    }
    if network.management {
        usages.extend([
            NetworkUsage::Management,
            NetworkUsage::Display,
            NetworkUsage::Migration,
            NetworkUsage::DefaultRoute,
        ]);
    }
    let mut shown = api_v4::Network {
        name: Some(network.name.clone()),
        description: Some(network.description.clone()),
        comment: Some(network.comment.clone()),
        data_center: Some(references::data_center(network.data_center)),
        display: Some(network.management),
        mtu: int(network.mtu),
        port_isolation: Some(false),
        required: Some(network.management),
        status: Some(NetworkStatus::Operational),
        stp: Some(false),
        usages: Some(usages),
        vdsm_name: Some(network.bridge.clone()),
        vlan: network.vlan.map(|tag| {
            Box::new(api_v4::Vlan {
                id: Some(tag.to_string()),
                ..api_v4::Vlan::default()
            })
        }),
        ..api_v4::Network::default()
    };
    links::place(&mut shown, "networks/{}", &[&network.id.to_string()]);
    shown
}

/// A vNIC profile.
#[must_use]
pub fn vnic_profile(_: &Snapshot, profile: &VnicProfile) -> api_v4::VnicProfile {
    let mut shown = api_v4::VnicProfile {
        name: Some(profile.name.clone()),
        description: Some(profile.description.clone()),
        comment: Some(String::new()),
        custom_properties: Some(Vec::new()),
        network: Some(references::network(profile.network)),
        pass_through: Some(Box::new(api_v4::VnicPassThrough {
            mode: Some(VnicPassThroughMode::Disabled),
        })),
        port_mirroring: Some(profile.port_mirroring),
        ..api_v4::VnicProfile::default()
    };
    links::place(&mut shown, "vnicprofiles/{}", &[&profile.id.to_string()]);
    shown
}
