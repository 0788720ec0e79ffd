//! `hosts`, with the figures and network cards of each.

use super::listing;
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{Fault, HostId};
use domain::hosts::Host;
use operations::hosts::{
    activate::activate as host_activate, maintenance::deactivate as host_deactivate,
};
use std::sync::Arc;

fn find(ask: &Ask) -> Result<Arc<Host>, Fault> {
    let id: HostId = ask.id(0, HostId::WHAT)?;
    ask.snapshot
        .host(id)
        .cloned()
        .ok_or_else(|| Fault::not_found(HostId::WHAT, id))
}

/// `GET hosts`.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    listing::everything(ask, convert::host)
}

/// `GET hosts/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    Ok(Answer::entity(convert::host(&ask.snapshot, &*find(ask)?)))
}

/// `POST hosts/{}/deactivate`: done when it is accepted.
pub async fn deactivate(ask: &Ask) -> Result<Answer, Fault> {
    let host = find(ask)?;
    let action: api_v4::Action = ask.read_or_empty()?;
    if action.stop_gluster_service == Some(true) {
        return Err(Fault::not_supported("stopping Gluster's service"));
    }
    let accepted = host_deactivate(
        ask.permitted()?,
        &ask.front.rooms,
        host.id,
        action.reason.clone(),
    )
    .await?;
    Ok(Answer::done(accepted.job))
}

/// `POST hosts/{}/activate`.
pub async fn activate(ask: &Ask) -> Result<Answer, Fault> {
    let host = find(ask)?;
    let accepted = host_activate(ask.permitted()?, &ask.front.rooms, host.id).await?;
    Ok(Answer::done(accepted.job))
}

/// `GET hosts/{}/statistics`.
pub fn statistics(ask: &Ask) -> Result<Answer, Fault> {
    let host = find(ask)?;
    listing::plain(ask, convert::host_statistics(&ask.snapshot, &host))
}

/// `GET hosts/{}/statistics/{}`.
pub fn statistic(ask: &Ask) -> Result<Answer, Fault> {
    let host = find(ask)?;
    listing::member(
        ask,
        convert::host_statistics(&ask.snapshot, &host),
        1,
        "statistic",
    )
}

/// `GET hosts/{}/nics`.
pub fn nics(ask: &Ask) -> Result<Answer, Fault> {
    let host = find(ask)?;
    listing::plain(ask, convert::host_nics(&ask.snapshot, &host))
}

/// `GET hosts/{}/nics/{}`.
pub fn nic(ask: &Ask) -> Result<Answer, Fault> {
    let host = find(ask)?;
    listing::member(ask, convert::host_nics(&ask.snapshot, &host), 1, "host NIC")
}

/// `POST hosts`: nothing is installed over SSH yet, so a host joins by enrolling itself.
pub async fn add(ask: &Ask) -> Result<Answer, Fault> {
    let wanted: api_v4::Host = ask.read()?;
    Err(Fault::conflict(
        "ACTION_TYPE_FAILED_HOST_INSTALLATION_NOT_SUPPORTED",
        format!(
            "Cannot add Host. The engine can't install {} over SSH; run `vireo-agent enrol` there with a one-time token.",
            wanted.name.as_deref().unwrap_or("the host")
        ),
    ))
}

/// `GET hosts/{}/networkattachments`: networks are not set up from here yet.
pub fn network_attachments(ask: &Ask) -> Result<Answer, Fault> {
    find(ask)?;
    listing::empty::<api_v4::NetworkAttachment>(ask)
}

/// `GET hosts/{}/devices`: hosts do not tell of their devices yet.
pub fn devices(ask: &Ask) -> Result<Answer, Fault> {
    find(ask)?;
    listing::empty::<api_v4::HostDevice>(ask)
}

/// `GET hosts/{}/hooks`: agents have none.
pub fn hooks(ask: &Ask) -> Result<Answer, Fault> {
    find(ask)?;
    listing::empty::<api_v4::Hook>(ask)
}
