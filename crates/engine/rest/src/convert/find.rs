//! What a reference in a body means: an id or, without one, a name.

use super::numbers::missing;
use base::{DataCenterId, Fault, HostId, StorageDomainId, TemplateId};
use domain::clusters::Cluster;
use domain::data_centers::DataCenter;
use domain::hosts::Host;
use domain::networks::{Network, VnicProfile};
use domain::storage::StorageDomain;
use domain::templates::Template;
use domain::vms::Vm;
use projection::Snapshot;
use std::str::FromStr;
use std::sync::Arc;

/// An id of a body. What is no id can't be found.
pub(super) fn id<T: FromStr>(text: &str, what: &str) -> Result<T, Fault> {
    text.parse()
        .map_err(|_| Fault::not_found(what, shown(text)))
}

fn shown(text: &str) -> String {
    text.chars().take(64).collect()
}

/// The one that `id` or `name` means.
fn one<'a, I: FromStr, N>(
    path: &str,
    what: &str,
    reference: (&Option<String>, &Option<String>),
    by_id: impl FnOnce(I) -> Option<&'a Arc<N>>,
    by_name: impl FnOnce(&str) -> Result<Option<&'a Arc<N>>, Fault>,
) -> Result<&'a Arc<N>, Fault> {
    match reference {
        (Some(text), _) if !text.is_empty() => {
            by_id(id(text, what)?).ok_or_else(|| Fault::not_found(what, shown(text)))
        }
        (_, Some(name)) => by_name(name)?.ok_or_else(|| Fault::not_found(what, shown(name))),
        _ => Err(missing(&format!("{path}.id|name"))),
    }
}

/// The only one of several, or a fault that says there are more.
fn only<'a, N>(
    what: &str,
    name: &str,
    mut found: impl Iterator<Item = &'a Arc<N>>,
) -> Result<Option<&'a Arc<N>>, Fault> {
    let first = found.next();
    if found.next().is_some() {
        return Err(Fault::bad_request(
            "AMBIGUOUS_NAME",
            format!(
                "More than one {what} has the name `{}`; give the id.",
                shown(name)
            ),
        ));
    }
    Ok(first)
}

pub(super) fn cluster<'a>(
    snapshot: &'a Snapshot,
    path: &str,
    wanted: &api_v4::Cluster,
) -> Result<&'a Arc<Cluster>, Fault> {
    one(
        path,
        "cluster",
        (&wanted.id, &wanted.name),
        |id| snapshot.cluster(id),
        |name| Ok(snapshot.cluster_named(name)),
    )
}

pub(super) fn host<'a>(
    snapshot: &'a Snapshot,
    path: &str,
    wanted: &api_v4::Host,
) -> Result<&'a Arc<Host>, Fault> {
    one(
        path,
        "host",
        (&wanted.id, &wanted.name),
        |id| snapshot.host(id),
        |name| Ok(snapshot.host_named(name)),
    )
}

/// The host that an action names.
pub fn host_named(snapshot: &Snapshot, wanted: &api_v4::Host) -> Result<HostId, Fault> {
    host(snapshot, "action.host", wanted).map(|host| host.id)
}

/// The storage domain that an action names.
pub fn storage_domain_named(
    snapshot: &Snapshot,
    wanted: &api_v4::StorageDomain,
) -> Result<StorageDomainId, Fault> {
    storage_domain(snapshot, "action.storage_domain", wanted).map(|domain| domain.id)
}

pub(super) fn storage_domain<'a>(
    snapshot: &'a Snapshot,
    path: &str,
    wanted: &api_v4::StorageDomain,
) -> Result<&'a Arc<StorageDomain>, Fault> {
    one(
        path,
        "storage domain",
        (&wanted.id, &wanted.name),
        |id| snapshot.storage_domain(id),
        |name| Ok(snapshot.storage_domain_named(name)),
    )
}

/// A template of a data center, or Blank.
pub(super) fn template<'a>(
    snapshot: &'a Snapshot,
    path: &str,
    data_center: DataCenterId,
    wanted: &api_v4::Template,
) -> Result<&'a Arc<Template>, Fault> {
    one(
        path,
        "template",
        (&wanted.id, &wanted.name),
        |id: TemplateId| snapshot.template(id),
        |name| Ok(snapshot.template_named(data_center, name)),
    )
}

/// A VM of any data center.
pub(super) fn vm<'a>(
    snapshot: &'a Snapshot,
    path: &str,
    wanted: &api_v4::Vm,
) -> Result<&'a Arc<Vm>, Fault> {
    one(
        path,
        "virtual machine",
        (&wanted.id, &wanted.name),
        |id| snapshot.vm(id),
        |name| {
            let found = snapshot
                .data_centers()
                .filter_map(|dc| snapshot.vm_named(dc.id, name));
            only("virtual machine", name, found)
        },
    )
}

/// A vNIC profile of a data center; a name may come with its network's.
pub(super) fn vnic_profile<'a>(
    snapshot: &'a Snapshot,
    path: &str,
    data_center: DataCenterId,
    wanted: &api_v4::VnicProfile,
) -> Result<&'a Arc<VnicProfile>, Fault> {
    one(
        path,
        "vNIC profile",
        (&wanted.id, &wanted.name),
        |id| snapshot.vnic_profile(id),
        |name| {
            let network = wanted.network.as_deref();
            let found = snapshot
                .networks_of(data_center)
                .filter(|n| match network {
                    Some(api_v4::Network { id: Some(id), .. }) => n.id.to_string() == *id,
                    Some(api_v4::Network {
                        name: Some(name), ..
                    }) => n.name == *name,
                    _ => true,
                })
                .filter_map(|n| snapshot.vnic_profile_named(n.id, name));
            only("vNIC profile", name, found)
        },
    )
}

pub(super) fn data_center<'a>(
    snapshot: &'a Snapshot,
    path: &str,
    wanted: &api_v4::DataCenter,
) -> Result<&'a Arc<DataCenter>, Fault> {
    one(
        path,
        "data center",
        (&wanted.id, &wanted.name),
        |id| snapshot.data_center(id),
        |name| Ok(snapshot.data_center_named(name)),
    )
}

/// A network of a data center.
pub(super) fn network<'a>(
    snapshot: &'a Snapshot,
    path: &str,
    data_center: DataCenterId,
    wanted: &api_v4::Network,
) -> Result<&'a Arc<Network>, Fault> {
    one(
        path,
        "network",
        (&wanted.id, &wanted.name),
        |id| snapshot.network(id),
        |name| Ok(snapshot.network_named(data_center, name)),
    )
}
