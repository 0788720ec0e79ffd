//! `macpools`.

use super::listing;
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{Fault, MacPoolId};
use operations::mac_pools as verbs;
use projection::Snapshot;

fn shown(snapshot: &Snapshot, id: MacPoolId) -> Result<api_v4::MacPool, Fault> {
    let pool = snapshot
        .mac_pool(id)
        .ok_or_else(|| Fault::not_found(MacPoolId::WHAT, id))?;
    Ok(convert::mac_pool(pool))
}

/// `GET macpools`.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    let pools = ask.snapshot.mac_pools().map(|p| convert::mac_pool(p));
    listing::plain(ask, pools.collect())
}

/// `GET macpools/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    let id = ask.id(0, MacPoolId::WHAT)?;
    Ok(Answer::entity(shown(&ask.snapshot, id)?))
}

/// `POST macpools`.
pub async fn add(ask: &Ask) -> Result<Answer, Fault> {
    let set = convert::mac_pool_change(&ask.read()?, None)?;
    let accepted = verbs::add(ask.permitted()?, &ask.front.rooms, set).await?;
    Ok(Answer::added(shown(&ask.fresh(), accepted.id)?, None))
}

/// `PUT macpools/{}`.
pub async fn update(ask: &Ask) -> Result<Answer, Fault> {
    let id = ask.id(0, MacPoolId::WHAT)?;
    let before = shown(&ask.snapshot, id)?;
    let set = convert::mac_pool_change(&ask.read()?, Some(&before))?;
    verbs::update(ask.permitted()?, &ask.front.rooms, id, set).await?;
    Ok(Answer::entity(shown(&ask.fresh(), id)?))
}

/// `DELETE macpools/{}`.
pub async fn remove(ask: &Ask) -> Result<Answer, Fault> {
    let id = ask.id(0, MacPoolId::WHAT)?;
    verbs::remove(ask.permitted()?, &ask.front.rooms, id).await?;
    Ok(Answer::done(None))
}
