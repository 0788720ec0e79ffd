//! `clusters`, with the networks of each.

use super::listing::{self, Searchable};
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{ClusterId, Fault, NetworkId};
use domain::clusters::Cluster;
use projection::Snapshot;
use search::Field;
use std::borrow::Cow;
use std::sync::Arc;

fn find(ask: &Ask) -> Result<Arc<Cluster>, Fault> {
    let id: ClusterId = ask.id(0, ClusterId::WHAT)?;
    ask.snapshot
        .cluster(id)
        .cloned()
        .ok_or_else(|| Fault::not_found(ClusterId::WHAT, id))
}

/// `GET clusters`.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    listing::searched(ask, ask.snapshot.clusters(), convert::cluster)
}

/// `GET clusters/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    Ok(Answer::entity(convert::cluster(
        &ask.snapshot,
        &*find(ask)?,
    )))
}

/// `GET clusters/{}/networks`: every network of the data center is in each of its clusters.
pub fn networks(ask: &Ask) -> Result<Answer, Fault> {
    let cluster = find(ask)?;
    listing::searched(
        ask,
        ask.snapshot.networks_of(cluster.data_center),
        convert::network,
    )
}

/// `GET clusters/{}/networks/{}`.
pub fn network(ask: &Ask) -> Result<Answer, Fault> {
    let cluster = find(ask)?;
    let id: NetworkId = ask.id(1, NetworkId::WHAT)?;
    let network = ask
        .snapshot
        .network(id)
        .filter(|n| n.data_center == cluster.data_center);
    let network = network.ok_or_else(|| Fault::not_found(NetworkId::WHAT, id))?;
    Ok(Answer::entity(convert::network(&ask.snapshot, network)))
}

impl Searchable for Cluster {
    const FIELDS: &'static [Field] = &[Field::Name, Field::Id, Field::Cluster, Field::DataCenter];

    fn field(&self, snapshot: &Snapshot, name: &str) -> Option<Cow<'_, str>> {
        Some(match name {
            "name" | "cluster" => Cow::Borrowed(&self.name),
            "id" => self.id.to_string().into(),
            "datacenter" => snapshot.data_center(self.data_center)?.name.clone().into(),
            _ => return None,
        })
    }
}
