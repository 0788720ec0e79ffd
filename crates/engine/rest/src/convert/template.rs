//! A template as the API shows it, and the body that makes one.

use super::attributes::{TEMPLATE, names};
use super::numbers::missing;
use super::{carry, find, hardware, links, numbers::int, references, vm_body};
use api_v4::TemplateStatus;
use base::Fault;
use domain::templates::{self, Template};
use operations::templates::add::TemplateAdd;
use projection::Snapshot;

/// All of it.
#[must_use]
pub fn template(_: &Snapshot, template: &Template) -> api_v4::Template {
    let mut shown = api_v4::Template {
        name: Some(template.name.clone()),
        description: Some(template.description.clone()),
        comment: Some(template.comment.clone()),
        cluster: template.cluster.map(references::cluster),
        creation_time: Some(template.created),
        delete_protected: Some(false),
        status: Some(match template.status {
            templates::TemplateStatus::Ok => TemplateStatus::Ok,
            templates::TemplateStatus::Locked => TemplateStatus::Locked,
            templates::TemplateStatus::Illegal => TemplateStatus::Illegal,
        }),
        version: Some(Box::new(api_v4::TemplateVersion {
            base_template: Some(references::template(template.id)),
            version_name: Some(template.version_name.clone()),
            version_number: int(template.version_number),
        })),
        ..api_v4::Template::default()
    };
    hardware::on_template(&mut shown, &template.hardware);
    links::place(&mut shown, "templates/{}", &[&template.id.to_string()]);
    shown
}

/// A new template: a name and a VM are needed. What the VM is to be is not read, but for its disks.
///
/// # Errors
/// 400 for what is missing; 404 for references to nothing; 501 for what can't be made yet.
pub fn template_add(snapshot: &Snapshot, wanted: &api_v4::Template) -> Result<TemplateAdd, Fault> {
    let name = wanted
        .name
        .clone()
        .ok_or_else(|| missing("template.name"))?;
    let source = wanted.vm.as_deref().ok_or_else(|| missing("template.vm"))?;
    let vm = find::vm(snapshot, "template.vm", source)?;
    let mut shown = api_v4::Template::default();
    hardware::on_template(&mut shown, &vm.hardware);
    carry::check(wanted, &shown, &names(&[TEMPLATE]))?;
    let cluster = wanted
        .cluster
        .as_deref()
        .map(|c| find::cluster(snapshot, "template.cluster", c))
        .transpose()?;
    let domain = wanted
        .storage_domain
        .as_deref()
        .map(|d| find::storage_domain(snapshot, "template.storage_domain", d))
        .transpose()?;
    Ok(TemplateAdd {
        name,
        description: wanted.description.clone(),
        comment: wanted.comment.clone(),
        vm: vm.id,
        cluster: cluster.map(|c| c.id),
        storage_domain: domain.map(|d| d.id),
        disks: vm_body::disk_copies(snapshot, "template.vm.disk_attachments", source)?,
    })
}
