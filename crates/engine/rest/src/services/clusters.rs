//! `clusters`, with the networks of each.

use super::listing;
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{ClusterId, Fault, NetworkId};
use domain::Noun;
use domain::clusters::Cluster;
use domain::roles::permits;
use operations::clusters as verbs;
use operations::networks::attach as attaching;
use std::sync::Arc;

/// The cluster that the path names.
pub fn find(ask: &Ask) -> Result<Arc<Cluster>, Fault> {
    let id: ClusterId = ask.id(0, ClusterId::WHAT)?;
    ask.snapshot
        .cluster(id)
        .cloned()
        .ok_or_else(|| Fault::not_found(ClusterId::WHAT, id))
}

/// `GET clusters`.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    listing::everything(ask, convert::cluster)
}

/// `GET clusters/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    Ok(Answer::entity(convert::cluster(
        &ask.snapshot,
        &*find(ask)?,
    )))
}

fn shown(ask: &Ask, id: ClusterId) -> Result<api_v4::Cluster, Fault> {
    let snapshot = ask.fresh();
    let cluster = snapshot
        .cluster(id)
        .ok_or_else(|| Fault::not_found(ClusterId::WHAT, id))?;
    Ok(convert::cluster(&snapshot, cluster))
}

/// `POST clusters`.
pub async fn add(ask: &Ask) -> Result<Answer, Fault> {
    let wanted: api_v4::Cluster = ask.read()?;
    let (dc, set) = convert::cluster_add(&ask.snapshot, &wanted)?;
    let permitted = ask.permitted_on(permits::CREATE_CLUSTER, Noun::DataCenter, dc.0)?;
    let accepted = verbs::add::add(&permitted, &ask.front.rooms, dc, set).await?;
    Ok(Answer::added(shown(ask, accepted.id)?, accepted.job))
}

/// `PUT clusters/{}`.
pub async fn update(ask: &Ask) -> Result<Answer, Fault> {
    let cluster = find(ask)?;
    let wanted: api_v4::Cluster = ask.read()?;
    let set = convert::cluster_update(&ask.snapshot, &cluster, &wanted)?;
    verbs::update::update(ask.permitted()?, &ask.front.rooms, cluster.id, set).await?;
    Ok(Answer::entity(shown(ask, cluster.id)?))
}

/// `DELETE clusters/{}`.
pub async fn remove(ask: &Ask) -> Result<Answer, Fault> {
    let cluster = find(ask)?;
    let accepted = verbs::remove::remove(ask.permitted()?, &ask.front.rooms, cluster.id).await?;
    Ok(Answer::done(accepted.job))
}

/// `GET clusters/{}/networks`: those that are attached to it.
pub fn networks(ask: &Ask) -> Result<Answer, Fault> {
    let cluster = find(ask)?;
    let networks = ask
        .snapshot
        .networks_of(cluster.data_center)
        .filter_map(|n| convert::cluster_network(&ask.snapshot, &cluster, n))
        .collect();
    listing::plain(ask, networks)
}

fn attached(ask: &Ask, cluster: ClusterId, id: NetworkId) -> Result<api_v4::Network, Fault> {
    let snapshot = ask.fresh();
    snapshot
        .cluster(cluster)
        .zip(snapshot.network(id))
        .filter(|(cluster, network)| network.data_center == cluster.data_center)
        .and_then(|(cluster, network)| convert::cluster_network(&snapshot, cluster, network))
        .ok_or_else(|| Fault::not_found(NetworkId::WHAT, id))
}

/// `GET clusters/{}/networks/{}`.
pub fn network(ask: &Ask) -> Result<Answer, Fault> {
    let cluster = find(ask)?;
    let id: NetworkId = ask.id(1, NetworkId::WHAT)?;
    Ok(Answer::entity(attached(ask, cluster.id, id)?))
}

/// `POST clusters/{}/networks`.
pub async fn attach(ask: &Ask) -> Result<Answer, Fault> {
    let cluster = find(ask)?;
    let wanted: api_v4::Network = ask.read()?;
    let (network, purpose) = convert::network_attach(&ask.snapshot, &cluster, &wanted)?;
    let rooms = &ask.front.rooms;
    attaching::attach(ask.permitted()?, rooms, cluster.id, network, purpose).await?;
    Ok(Answer::added(attached(ask, cluster.id, network)?, None))
}

/// `PUT clusters/{}/networks/{}`.
pub async fn update_network(ask: &Ask) -> Result<Answer, Fault> {
    let cluster = find(ask)?;
    let id: NetworkId = ask.id(1, NetworkId::WHAT)?;
    let wanted: api_v4::Network = ask.read()?;
    let before = attached(ask, cluster.id, id)?;
    convert::network_use_check(&wanted, &before)?;
    let change = |purpose: &mut _| convert::network_use(&wanted, purpose);
    attaching::update(ask.permitted()?, &ask.front.rooms, cluster.id, id, change).await?;
    Ok(Answer::entity(attached(ask, cluster.id, id)?))
}

/// `DELETE clusters/{}/networks/{}`.
pub async fn detach(ask: &Ask) -> Result<Answer, Fault> {
    let cluster = find(ask)?;
    let id: NetworkId = ask.id(1, NetworkId::WHAT)?;
    attaching::detach(ask.permitted()?, &ask.front.rooms, cluster.id, id).await?;
    Ok(Answer::done(None))
}

/// `GET clusters/{}/enabledfeatures`: there are no optional features yet.
pub fn enabled_features(ask: &Ask) -> Result<Answer, Fault> {
    find(ask)?;
    listing::empty::<api_v4::ClusterFeature>(ask)
}
