//! Logical networks and vNIC profiles as the API shows them.

use super::attributes::{self, names};
use super::numbers::{int, missing, unsigned, wrong};
use super::{carry, find, links, references};
use api_v4::{NetworkStatus, NetworkUsage, VnicPassThroughMode};
use base::{Fault, NetworkId};
use domain::clusters::Cluster;
use domain::networks::{Network, NetworkUse, VnicProfile};
use operations::networks::add::NetworkAdd;
use operations::networks::update::NetworkUpdate;
use operations::vnic_profiles::VnicProfileChange;
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
        comment: Some(profile.comment.clone()),
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

/// A network as a cluster it is attached to sees it.
#[must_use]
pub fn cluster_network(
    snapshot: &Snapshot,
    cluster: &Cluster,
    network: &Network,
) -> Option<api_v4::Network> {
    let purpose = network.use_in(cluster.id)?;
    // What no other network carries, the management network does.
    let carried = |is: fn(NetworkUse) -> bool| {
        let mut others = snapshot
            .networks_of(cluster.data_center)
            .filter(|n| n.id != network.id)
            .filter_map(|n| n.use_in(cluster.id));
        is(purpose) || network.management && !others.any(is)
    };
    let display = carried(|u| u.display);
    let migration = carried(|u| u.migration);
    let mut usages = Vec::new();
    if network.vm_network {
        usages.push(NetworkUsage::Vm);
    }
    if network.management {
        usages.extend([NetworkUsage::Management, NetworkUsage::DefaultRoute]);
    }
    if display {
        usages.push(NetworkUsage::Display);
    }
    if migration {
        usages.push(NetworkUsage::Migration);
    }
    let mut shown = api_v4::Network {
        cluster: Some(references::cluster(cluster.id)),
        display: Some(display),
        required: Some(purpose.required),
        usages: Some(usages),
        ..self::network(snapshot, network)
    };
    let ids = [cluster.id.to_string(), network.id.to_string()];
    links::place(&mut shown, "clusters/{}/networks/{}", &[&ids[0], &ids[1]]);
    Some(shown)
}

/// Do VMs go on it? The other usages are its clusters' matter.
fn vm_network(wanted: &api_v4::Network) -> Option<bool> {
    let usages = wanted.usages.as_ref()?;
    Some(usages.contains(&NetworkUsage::Vm))
}

fn vlan(wanted: &api_v4::Network) -> Result<Option<Option<u16>>, Fault> {
    let Some(vlan) = wanted.vlan.as_deref() else {
        return Ok(None);
    };
    let tag = vlan.id.as_deref().filter(|tag| !tag.is_empty());
    tag.map(|tag| {
        tag.parse()
            .map_err(|_| wrong("network.vlan.id", format!("`{tag}` is no VLAN tag")))
    })
    .transpose()
    .map(Some)
}

/// A new network: a name and a data center are needed.
///
/// # Errors
/// 400 for what is missing or can't be; 404 for an unknown data center; 501 for what can't be set yet.
pub fn network_add(snapshot: &Snapshot, wanted: &api_v4::Network) -> Result<NetworkAdd, Fault> {
    let known = names(&[attributes::NETWORK, attributes::NETWORK_NEW]);
    carry::check(wanted, &api_v4::Network::default(), &known)?;
    let dc = wanted
        .data_center
        .as_deref()
        .ok_or_else(|| missing("network.data_center"))?;
    let dc = find::data_center(snapshot, "network.data_center", dc)?;
    Ok(NetworkAdd {
        name: wanted.name.clone().ok_or_else(|| missing("network.name"))?,
        description: wanted.description.clone().unwrap_or_default(),
        comment: wanted.comment.clone().unwrap_or_default(),
        data_center: dc.id,
        bridge: wanted.vdsm_name.clone(),
        vlan: vlan(wanted)?.flatten(),
        mtu: unsigned("network.mtu", wanted.mtu)?.unwrap_or(0),
        vm_network: vm_network(wanted).unwrap_or(true),
        profile: wanted.profile_required.unwrap_or(true),
        everywhere: false,
    })
}

/// What a body changes of a network.
///
/// # Errors
/// As `network_add`.
pub fn network_update(
    snapshot: &Snapshot,
    network: &Network,
    wanted: &api_v4::Network,
) -> Result<NetworkUpdate, Fault> {
    let known = names(&[attributes::NETWORK]);
    let mut shown = self::network(snapshot, network);
    if let (Some(shown), Some(wanted)) = (&mut shown.data_center, &wanted.data_center) {
        shown.name.clone_from(&wanted.name);
    }
    carry::check(wanted, &shown, &known)?;
    Ok(NetworkUpdate {
        name: wanted.name.clone(),
        description: wanted.description.clone(),
        comment: wanted.comment.clone(),
        vlan: vlan(wanted)?,
        mtu: unsigned("network.mtu", wanted.mtu)?,
        vm_network: vm_network(wanted),
    })
}

/// Which network a body attaches to a cluster, and what for. It is required unless the body says
/// otherwise.
///
/// # Errors
/// 400 when the network is missing; 404 for an unknown one; 501 for what can't be set yet.
pub fn network_attach(
    snapshot: &Snapshot,
    cluster: &Cluster,
    wanted: &api_v4::Network,
) -> Result<(NetworkId, NetworkUse), Fault> {
    let network = find::network(snapshot, "network", cluster.data_center, wanted)?;
    let shown = self::network(snapshot, network);
    network_use_check(wanted, &shown)?;
    let mut purpose = NetworkUse {
        required: true,
        ..NetworkUse::default()
    };
    network_use(wanted, &mut purpose);
    Ok((network.id, purpose))
}

/// A body says nothing of a network in a cluster that can't be set there.
///
/// # Errors
/// 501 for the first such element.
pub fn network_use_check(wanted: &api_v4::Network, shown: &api_v4::Network) -> Result<(), Fault> {
    carry::check(wanted, shown, &names(&[attributes::NETWORK_USE]))
}

/// What a network is for after a body.
pub fn network_use(wanted: &api_v4::Network, purpose: &mut NetworkUse) {
    purpose.required = wanted.required.unwrap_or(purpose.required);
    if let Some(usages) = &wanted.usages {
        purpose.display = usages.contains(&NetworkUsage::Display);
        purpose.migration = usages.contains(&NetworkUsage::Migration);
    }
    purpose.display = wanted.display.unwrap_or(purpose.display);
}

/// Whose profile a body makes.
///
/// # Errors
/// 400 when the network is missing; 404 for an unknown one.
pub fn vnic_profile_network(
    snapshot: &Snapshot,
    wanted: &api_v4::VnicProfile,
) -> Result<NetworkId, Fault> {
    let network = wanted
        .network
        .as_deref()
        .ok_or_else(|| missing("vnic_profile.network"))?;
    let id = network
        .id
        .as_deref()
        .ok_or_else(|| missing("vnic_profile.network.id"))?;
    let id: NetworkId = find::id(id, NetworkId::WHAT)?;
    snapshot
        .network(id)
        .map(|n| n.id)
        .ok_or_else(|| Fault::not_found(NetworkId::WHAT, id))
}

/// What a body sets of a profile; `before` is the profile as it is, none for a new one.
///
/// # Errors
/// 400 for what is missing; 501 for what can't be set yet.
pub fn vnic_profile_change(
    wanted: &api_v4::VnicProfile,
    before: Option<&api_v4::VnicProfile>,
) -> Result<VnicProfileChange, Fault> {
    let shown = before.cloned().unwrap_or_else(|| api_v4::VnicProfile {
        pass_through: Some(Box::new(api_v4::VnicPassThrough {
            mode: Some(VnicPassThroughMode::Disabled),
        })),
        ..api_v4::VnicProfile::default()
    });
    let mut known = names(&[attributes::VNIC_PROFILE]);
    if before.is_none() {
        known.extend(names(&[attributes::VNIC_PROFILE_NEW]));
        if wanted.name.is_none() {
            return Err(missing("vnic_profile.name"));
        }
    }
    carry::check(wanted, &shown, &known)?;
    Ok(VnicProfileChange {
        name: wanted.name.clone(),
        description: wanted.description.clone(),
        comment: wanted.comment.clone(),
        port_mirroring: wanted.port_mirroring,
    })
}
