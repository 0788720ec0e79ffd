//! `hosts`, with the figures and network cards of each.

use super::listing::{self, Searchable};
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::{convert, words};
use base::{Fault, HostId};
use domain::hosts::Host;
use operations::hosts::{
    activate::activate as host_activate, maintenance::deactivate as host_deactivate,
};
use projection::Snapshot;
use search::Field;
use std::borrow::Cow;
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
    listing::everything(ask, ask.snapshot.hosts(), convert::host)
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
    let accepted =
        host_deactivate(&ask.call, &ask.front.rooms, host.id, action.reason.clone()).await?;
    Ok(Answer::done(accepted.job))
}

/// `POST hosts/{}/activate`.
pub async fn activate(ask: &Ask) -> Result<Answer, Fault> {
    let host = find(ask)?;
    let accepted = host_activate(&ask.call, &ask.front.rooms, host.id).await?;
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

impl Searchable for Host {
    const FIELDS: &'static [Field] = &[
        Field::Name,
        Field::Id,
        Field::Status,
        Field::Cluster,
        Field::DataCenter,
        Field::Tag,
    ];

    fn any(&self, snapshot: &Snapshot, name: &str, fits: &dyn Fn(&str) -> bool) -> bool {
        match name {
            "tag" => listing::tagged(snapshot, self.id.0, fits),
            _ => fits(&self.field(snapshot, name).unwrap_or_default()),
        }
    }

    fn field(&self, snapshot: &Snapshot, name: &str) -> Option<Cow<'_, str>> {
        Some(match name {
            "name" => Cow::Borrowed(&self.name),
            "id" => self.id.to_string().into(),
            "status" => words::host(snapshot.host_status(self.id)).into(),
            "cluster" => snapshot.cluster(self.cluster)?.name.clone().into(),
            "datacenter" => {
                let cluster = snapshot.cluster(self.cluster)?;
                snapshot
                    .data_center(cluster.data_center)?
                    .name
                    .clone()
                    .into()
            }
            _ => return None,
        })
    }
}
