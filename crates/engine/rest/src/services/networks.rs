//! `networks` and `vnicprofiles`.

use super::listing;
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use access::Permitted;
use base::{Fault, NetworkId, VnicProfileId};
use domain::Noun;
use domain::networks::Network;
use domain::roles::permits;
use operations::{networks as verbs, vnic_profiles};
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
    listing::everything(ask, convert::network)
}

/// `GET networks/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    Ok(Answer::entity(convert::network(
        &ask.snapshot,
        &*find(ask)?,
    )))
}

fn shown(ask: &Ask, id: NetworkId) -> Result<api_v4::Network, Fault> {
    let snapshot = ask.fresh();
    let network = snapshot
        .network(id)
        .ok_or_else(|| Fault::not_found(NetworkId::WHAT, id))?;
    Ok(convert::network(&snapshot, network))
}

/// `POST networks`.
pub async fn add(ask: &Ask) -> Result<Answer, Fault> {
    let wanted: api_v4::Network = ask.read()?;
    let network = convert::network_add(&ask.snapshot, &wanted)?;
    let permitted = ask.permitted_on(
        permits::CREATE_STORAGE_POOL_NETWORK,
        Noun::DataCenter,
        network.data_center.0,
    )?;
    let accepted = verbs::add::add(&permitted, &ask.front.rooms, network).await?;
    Ok(Answer::added(shown(ask, accepted.id)?, accepted.job))
}

/// `PUT networks/{}`.
pub async fn update(ask: &Ask) -> Result<Answer, Fault> {
    let network = find(ask)?;
    let wanted: api_v4::Network = ask.read()?;
    let change = convert::network_update(&ask.snapshot, &network, &wanted)?;
    verbs::update::update(ask.permitted()?, &ask.front.rooms, network.id, change).await?;
    Ok(Answer::entity(shown(ask, network.id)?))
}

/// `DELETE networks/{}`.
pub async fn remove(ask: &Ask) -> Result<Answer, Fault> {
    let network = find(ask)?;
    verbs::remove::remove(ask.permitted()?, &ask.front.rooms, network.id).await?;
    Ok(Answer::done(None))
}

fn profile_shown(ask: &Ask, id: VnicProfileId) -> Result<api_v4::VnicProfile, Fault> {
    let snapshot = ask.fresh();
    let profile = snapshot
        .vnic_profile(id)
        .ok_or_else(|| Fault::not_found(VnicProfileId::WHAT, id))?;
    Ok(convert::vnic_profile(&snapshot, profile))
}

/// `POST vnicprofiles`.
pub async fn add_profile(ask: &Ask) -> Result<Answer, Fault> {
    let wanted: api_v4::VnicProfile = ask.read()?;
    let network = convert::vnic_profile_network(&ask.snapshot, &wanted)?;
    let permitted = ask.permitted_on(
        permits::CREATE_NETWORK_VNIC_PROFILE,
        Noun::Network,
        network.0,
    )?;
    added_profile(ask, &permitted, network, &wanted).await
}

/// `POST networks/{}/vnicprofiles`.
pub async fn add_profile_of(ask: &Ask) -> Result<Answer, Fault> {
    let network = find(ask)?;
    added_profile(ask, ask.permitted()?, network.id, &ask.read()?).await
}

async fn added_profile(
    ask: &Ask,
    permitted: &Permitted,
    network: NetworkId,
    wanted: &api_v4::VnicProfile,
) -> Result<Answer, Fault> {
    let set = convert::vnic_profile_change(wanted, None)?;
    let accepted = vnic_profiles::add(permitted, &ask.front.rooms, network, set).await?;
    Ok(Answer::added(profile_shown(ask, accepted.id)?, None))
}

/// `PUT vnicprofiles/{}`.
pub async fn update_profile(ask: &Ask) -> Result<Answer, Fault> {
    let id: VnicProfileId = ask.id(0, VnicProfileId::WHAT)?;
    let before = profile_shown(ask, id)?;
    let set = convert::vnic_profile_change(&ask.read()?, Some(&before))?;
    vnic_profiles::update(ask.permitted()?, &ask.front.rooms, id, set).await?;
    Ok(Answer::entity(profile_shown(ask, id)?))
}

/// `DELETE vnicprofiles/{}`.
pub async fn remove_profile(ask: &Ask) -> Result<Answer, Fault> {
    let id: VnicProfileId = ask.id(0, VnicProfileId::WHAT)?;
    vnic_profiles::remove(ask.permitted()?, &ask.front.rooms, id).await?;
    Ok(Answer::done(None))
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
pub fn profiles(ask: &Ask) -> Result<Answer, Fault> {
    listing::everything(ask, convert::vnic_profile)
}

/// `GET vnicprofiles/{}`.
pub fn profile(ask: &Ask) -> Result<Answer, Fault> {
    let id: VnicProfileId = ask.id(0, VnicProfileId::WHAT)?;
    let profile = ask.snapshot.vnic_profile(id);
    let profile = profile.ok_or_else(|| Fault::not_found(VnicProfileId::WHAT, id))?;
    Ok(Answer::entity(convert::vnic_profile(
        &ask.snapshot,
        profile,
    )))
}
