//! `datacenters`, with what belongs to each.

use super::listing;
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{ClusterId, DataCenterId, Fault, NetworkId, StorageDomainId};
use domain::data_centers::DataCenter;
use operations::data_centers as verbs;
use std::sync::Arc;

fn find(ask: &Ask) -> Result<Arc<DataCenter>, Fault> {
    let id: DataCenterId = ask.id(0, DataCenterId::WHAT)?;
    ask.snapshot
        .data_center(id)
        .cloned()
        .ok_or_else(|| Fault::not_found(DataCenterId::WHAT, id))
}

/// `GET datacenters`.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    listing::everything(ask, convert::data_center)
}

/// `GET datacenters/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    Ok(Answer::entity(convert::data_center(
        &ask.snapshot,
        &*find(ask)?,
    )))
}

fn shown(ask: &Ask, id: DataCenterId) -> Result<api_v4::DataCenter, Fault> {
    let snapshot = ask.fresh();
    let dc = snapshot
        .data_center(id)
        .ok_or_else(|| Fault::not_found(DataCenterId::WHAT, id))?;
    Ok(convert::data_center(&snapshot, dc))
}

/// `POST datacenters`.
pub async fn add(ask: &Ask) -> Result<Answer, Fault> {
    let wanted: api_v4::DataCenter = ask.read()?;
    let dc = convert::data_center_add(&wanted)?;
    let accepted = verbs::add::add(ask.permitted()?, &ask.front.rooms, dc).await?;
    Ok(Answer::added(shown(ask, accepted.id)?, accepted.job))
}

/// `PUT datacenters/{}`.
pub async fn update(ask: &Ask) -> Result<Answer, Fault> {
    let dc = find(ask)?;
    let wanted: api_v4::DataCenter = ask.read()?;
    let change = convert::data_center_update(&ask.snapshot, &dc, &wanted)?;
    verbs::update::update(ask.permitted()?, &ask.front.rooms, dc.id, change).await?;
    Ok(Answer::entity(shown(ask, dc.id)?))
}

/// `DELETE datacenters/{}`.
pub async fn remove(ask: &Ask) -> Result<Answer, Fault> {
    let dc = find(ask)?;
    if ask.parameters.flag("force")? == Some(true) {
        return Err(Fault::not_supported("removing a data center by force"));
    }
    let accepted = verbs::remove::remove(ask.permitted()?, &ask.front.rooms, dc.id).await?;
    Ok(Answer::done(accepted.job))
}

/// `GET datacenters/{}/clusters`.
pub fn clusters(ask: &Ask) -> Result<Answer, Fault> {
    let dc = find(ask)?;
    listing::searched(ask, ask.snapshot.clusters_of(dc.id), convert::cluster)
}

/// `GET datacenters/{}/clusters/{}`.
pub fn cluster(ask: &Ask) -> Result<Answer, Fault> {
    let dc = find(ask)?;
    let id: ClusterId = ask.id(1, ClusterId::WHAT)?;
    let cluster = ask.snapshot.cluster(id).filter(|c| c.data_center == dc.id);
    let cluster = cluster.ok_or_else(|| Fault::not_found(ClusterId::WHAT, id))?;
    Ok(Answer::entity(convert::cluster(&ask.snapshot, cluster)))
}

/// `GET datacenters/{}/networks`.
pub fn networks(ask: &Ask) -> Result<Answer, Fault> {
    let dc = find(ask)?;
    listing::searched(ask, ask.snapshot.networks_of(dc.id), convert::network)
}

/// `GET datacenters/{}/networks/{}`.
pub fn network(ask: &Ask) -> Result<Answer, Fault> {
    let dc = find(ask)?;
    let id: NetworkId = ask.id(1, NetworkId::WHAT)?;
    let network = ask.snapshot.network(id).filter(|n| n.data_center == dc.id);
    let network = network.ok_or_else(|| Fault::not_found(NetworkId::WHAT, id))?;
    Ok(Answer::entity(convert::network(&ask.snapshot, network)))
}

/// `GET datacenters/{}/storagedomains`.
pub fn storage_domains(ask: &Ask) -> Result<Answer, Fault> {
    let dc = find(ask)?;
    listing::searched(
        ask,
        ask.snapshot.storage_domains_of(dc.id),
        convert::storage_domain,
    )
}

/// `GET datacenters/{}/storagedomains/{}`.
pub fn storage_domain(ask: &Ask) -> Result<Answer, Fault> {
    let dc = find(ask)?;
    let id: StorageDomainId = ask.id(1, StorageDomainId::WHAT)?;
    let domain = ask
        .snapshot
        .storage_domain(id)
        .filter(|d| d.data_center == Some(dc.id));
    let domain = domain.ok_or_else(|| Fault::not_found(StorageDomainId::WHAT, id))?;
    Ok(Answer::entity(convert::storage_domain(
        &ask.snapshot,
        domain,
    )))
}
