//! `networks` and `vnicprofiles`.

use super::listing::{self, Searchable};
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{Fault, NetworkId, VnicProfileId};
use domain::networks::{Network, VnicProfile};
use projection::Snapshot;
use search::Field;
use std::borrow::Cow;
use std::sync::Arc;

fn find(ask: &Ask) -> Result<Arc<Network>, Fault> {
    let id: NetworkId = ask.id(0, NetworkId::WHAT)?;
    ask.snapshot
        .network(id)
        .cloned()
        .ok_or_else(|| Fault::not_found(NetworkId::WHAT, id))
}

/// `GET networks`.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    listing::searched(ask, ask.snapshot.networks(), convert::network)
}

/// `GET networks/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    Ok(Answer::entity(convert::network(
        &ask.snapshot,
        &*find(ask)?,
    )))
}

/// `GET networks/{}/vnicprofiles`.
pub fn vnic_profiles_of(ask: &Ask) -> Result<Answer, Fault> {
    let network = find(ask)?;
    listing::searched(
        ask,
        ask.snapshot.vnic_profiles_of(network.id),
        convert::vnic_profile,
    )
}

/// `GET networks/{}/vnicprofiles/{}`.
pub fn vnic_profile_of(ask: &Ask) -> Result<Answer, Fault> {
    let network = find(ask)?;
    let id: VnicProfileId = ask.id(1, VnicProfileId::WHAT)?;
    let profile = ask
        .snapshot
        .vnic_profile(id)
        .filter(|p| p.network == network.id);
    let profile = profile.ok_or_else(|| Fault::not_found(VnicProfileId::WHAT, id))?;
    Ok(Answer::entity(convert::vnic_profile(
        &ask.snapshot,
        profile,
    )))
}

/// `GET vnicprofiles`.
pub fn vnic_profiles(ask: &Ask) -> Result<Answer, Fault> {
    listing::searched(ask, ask.snapshot.vnic_profiles(), convert::vnic_profile)
}

/// `GET vnicprofiles/{}`.
pub fn vnic_profile(ask: &Ask) -> Result<Answer, Fault> {
    let id: VnicProfileId = ask.id(0, VnicProfileId::WHAT)?;
    let profile = ask.snapshot.vnic_profile(id);
    let profile = profile.ok_or_else(|| Fault::not_found(VnicProfileId::WHAT, id))?;
    Ok(Answer::entity(convert::vnic_profile(
        &ask.snapshot,
        profile,
    )))
}

impl Searchable for Network {
    const FIELDS: &'static [Field] = &[Field::Name, Field::Id, Field::DataCenter];

    fn field(&self, snapshot: &Snapshot, name: &str) -> Option<Cow<'_, str>> {
        Some(match name {
            "name" => Cow::Borrowed(&self.name),
            "id" => self.id.to_string().into(),
            "datacenter" => snapshot.data_center(self.data_center)?.name.clone().into(),
            _ => return None,
        })
    }
}

impl Searchable for VnicProfile {
    const FIELDS: &'static [Field] = &[Field::Name, Field::Id];

    fn field(&self, _: &Snapshot, name: &str) -> Option<Cow<'_, str>> {
        Some(match name {
            "name" => Cow::Borrowed(&self.name),
            "id" => self.id.to_string().into(),
            _ => return None,
        })
    }
}
