//! `templates`, with the disks and network cards of each.

use super::listing;
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{DiskId, Fault, NicId, TemplateId, VmId};
use domain::Noun;
use domain::roles::permits;
use domain::templates::Template;
use operations::templates::{add as adding, remove as removing};
use std::sync::Arc;

fn find(ask: &Ask) -> Result<Arc<Template>, Fault> {
    let id: TemplateId = ask.id(0, TemplateId::WHAT)?;
    ask.snapshot
        .template(id)
        .cloned()
        .ok_or_else(|| Fault::not_found(TemplateId::WHAT, id))
}

/// `GET templates`.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    listing::everything(ask, convert::template)
}

/// `GET templates/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    Ok(Answer::entity(convert::template(
        &ask.snapshot,
        &*find(ask)?,
    )))
}

/// `POST templates`: from a machine that is down.
pub async fn add(ask: &Ask) -> Result<Answer, Fault> {
    let wanted: api_v4::Template = ask.read()?;
    for name in ["clone_permissions", "seal"] {
        if ask.parameters.flag(name)? == Some(true) {
            return Err(Fault::not_supported(format!(
                "making a template with `{name}`"
            )));
        }
    }
    let template = convert::template_add(&ask.snapshot, &wanted)?;
    let vm = ask.snapshot.vm(template.vm);
    let vm = vm.ok_or_else(|| Fault::not_found(VmId::WHAT, template.vm))?;
    let permitted =
        ask.permitted_on(permits::CREATE_TEMPLATE, Noun::DataCenter, vm.data_center.0)?;
    let accepted = adding::add(&permitted, &ask.front.rooms, template).await?;
    let snapshot = ask.fresh();
    let template = snapshot
        .template(accepted.id)
        .ok_or_else(|| Fault::not_found(TemplateId::WHAT, accepted.id))?;
    Ok(Answer::added(
        convert::template(&snapshot, template),
        accepted.job,
    ))
}

/// `DELETE templates/{}`.
pub async fn remove(ask: &Ask) -> Result<Answer, Fault> {
    let template = find(ask)?;
    let accepted = removing::remove(ask.permitted()?, &ask.front.rooms, template.id).await?;
    Ok(Answer::done(accepted.job))
}

/// `GET templates/{}/diskattachments`.
pub fn disk_attachments(ask: &Ask) -> Result<Answer, Fault> {
    let template = find(ask)?;
    let attachments = template
        .hardware
        .disks
        .iter()
        .map(|a| convert::template_disk_attachment(&ask.snapshot, &template, a))
        .collect();
    listing::plain(ask, attachments)
}

/// `GET templates/{}/diskattachments/{}`.
pub fn disk_attachment(ask: &Ask) -> Result<Answer, Fault> {
    let template = find(ask)?;
    let id: DiskId = ask.id(1, "disk attachment")?;
    let attachment = template
        .hardware
        .disks
        .iter()
        .find(|a| a.disk == id)
        .ok_or_else(|| Fault::not_found("disk attachment", id))?;
    Ok(Answer::entity(convert::template_disk_attachment(
        &ask.snapshot,
        &template,
        attachment,
    )))
}

/// `GET templates/{}/nics`.
pub fn nics(ask: &Ask) -> Result<Answer, Fault> {
    let template = find(ask)?;
    let nics = template
        .hardware
        .nics
        .iter()
        .map(|nic| convert::template_nic(&ask.snapshot, &template, nic))
        .collect();
    listing::plain(ask, nics)
}

/// `GET templates/{}/nics/{}`.
pub fn nic(ask: &Ask) -> Result<Answer, Fault> {
    let template = find(ask)?;
    let id: NicId = ask.id(1, NicId::WHAT)?;
    let nic = template
        .hardware
        .nics
        .iter()
        .find(|nic| nic.id == id)
        .ok_or_else(|| Fault::not_found(NicId::WHAT, id))?;
    Ok(Answer::entity(convert::template_nic(
        &ask.snapshot,
        &template,
        nic,
    )))
}
