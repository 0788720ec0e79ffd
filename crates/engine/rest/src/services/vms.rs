//! `vms`: the machines, what can be done to them, and what stands below each.

use super::listing;
use crate::api::answer::Answer;
use crate::api::ask::Ask;
use crate::convert;
use base::{Fault, VmId};
use domain::Noun;
use domain::roles::permits;
use domain::vms::Vm;
use operations::vms::migrate::{
    MigrateOptions, cancel_migration as vm_cancel_migration, migrate as vm_migrate,
};
use operations::vms::remove::{VmRemove, remove as vm_remove};
use operations::vms::start::{StartOptions, start as vm_start};
use operations::vms::{add as adding, stop as stopping, update as updating};
use std::sync::Arc;

/// The machine that the path names.
pub fn find(ask: &Ask) -> Result<Arc<Vm>, Fault> {
    let id: VmId = ask.id(0, VmId::WHAT)?;
    ask.snapshot
        .vm(id)
        .cloned()
        .ok_or_else(|| Fault::not_found(VmId::WHAT, id))
}

/// `GET vms`.
pub fn list(ask: &Ask) -> Result<Answer, Fault> {
    listing::everything(ask, convert::vm)
}

/// `GET vms/{}`.
pub fn get(ask: &Ask) -> Result<Answer, Fault> {
    Ok(Answer::entity(convert::vm(&ask.snapshot, &*find(ask)?)))
}

fn shown(ask: &Ask, id: VmId) -> Result<api_v4::Vm, Fault> {
    let snapshot = ask.fresh();
    let vm = snapshot
        .vm(id)
        .ok_or_else(|| Fault::not_found(VmId::WHAT, id))?;
    Ok(convert::vm(&snapshot, vm))
}

/// `POST vms`; `clone=true` copies the template's disks.
pub async fn add(ask: &Ask) -> Result<Answer, Fault> {
    let wanted: api_v4::Vm = ask.read()?;
    let mut vm = convert::vm_add(&ask.snapshot, &wanted)?;
    vm.clone |= ask.parameters.flag("clone")?.unwrap_or(false);
    let permitted = ask.permitted_on(permits::CREATE_VM, Noun::Cluster, vm.cluster.0)?;
    ask.permitted_on(permits::CREATE_VM, Noun::Template, vm.template.0)?;
    let accepted = adding::add(&permitted, &ask.front.rooms, vm).await?;
    Ok(Answer::added(shown(ask, accepted.id)?, accepted.job))
}

/// `PUT vms/{}`.
pub async fn update(ask: &Ask) -> Result<Answer, Fault> {
    let vm = find(ask)?;
    let running = ask
        .snapshot
        .vm_status(vm.id)
        .is_some_and(|s| s.is_running());
    if running && ask.parameters.flag("next_run")? == Some(true) {
        return Err(Fault::not_supported(
            "changing a running VM for its next run (`next_run`)",
        ));
    }
    let wanted: api_v4::Vm = ask.read()?;
    let change = convert::vm_update(&ask.snapshot, &vm, &wanted)?;
    if let Some(cluster) = change.cluster.filter(|id| *id != vm.cluster) {
        ask.permitted_on(permits::CREATE_VM, Noun::Cluster, cluster.0)?;
    }
    updating::update(ask.permitted()?, &ask.front.rooms, vm.id, change).await?;
    Ok(Answer::entity(shown(ask, vm.id)?))
}

/// `DELETE vms/{}`; `detach_only=true` keeps its disks.
pub async fn remove(ask: &Ask) -> Result<Answer, Fault> {
    let vm = find(ask)?;
    let detach_only = ask.parameters.flag("detach_only")?.unwrap_or(false);
    if ask.parameters.flag("force")? == Some(true) {
        return Err(Fault::not_supported("removing a VM by force"));
    }
    let accepted = vm_remove(
        ask.permitted()?,
        &ask.front.rooms,
        vm.id,
        VmRemove { detach_only },
    )
    .await?;
    Ok(Answer::done(accepted.job))
}

/// `POST vms/{}/start`: done when the start is accepted.
pub async fn start(ask: &Ask) -> Result<Answer, Fault> {
    let vm = find(ask)?;
    let action: api_v4::Action = ask.read_or_empty()?;
    let asked = [
        ("vm", action.vm.is_some()),
        ("use_cloud_init", action.use_cloud_init == Some(true)),
        ("use_sysprep", action.use_sysprep == Some(true)),
        ("use_ignition", action.use_ignition == Some(true)),
        (
            "use_initialization",
            action.use_initialization == Some(true),
        ),
        ("volatile", action.volatile == Some(true)),
    ];
    if let Some((name, _)) = asked.iter().find(|(_, asked)| *asked) {
        return Err(Fault::not_supported(format!("starting a VM with `{name}`")));
    }
    let options = StartOptions {
        paused: action.pause.unwrap_or(false),
    };
    let accepted = vm_start(ask.permitted()?, &ask.front.rooms, vm.id, options).await?;
    Ok(Answer::done(accepted.job))
}

/// `POST vms/{}/stop`.
pub async fn stop(ask: &Ask) -> Result<Answer, Fault> {
    let vm = find(ask)?;
    plain(ask, "stopping a VM")?;
    let accepted = stopping::stop(ask.permitted()?, &ask.front.rooms, vm.id).await?;
    Ok(Answer::done(accepted.job))
}

/// `POST vms/{}/shutdown`.
pub async fn shutdown(ask: &Ask) -> Result<Answer, Fault> {
    let vm = find(ask)?;
    plain(ask, "shutting a VM down")?;
    let accepted = stopping::shutdown(ask.permitted()?, &ask.front.rooms, vm.id).await?;
    Ok(Answer::done(accepted.job))
}

/// `POST vms/{}/migrate`: done when the migration is accepted.
pub async fn migrate(ask: &Ask) -> Result<Answer, Fault> {
    let vm = find(ask)?;
    let action: api_v4::Action = ask.read_or_empty()?;
    if action.cluster.is_some() {
        return Err(Fault::not_supported("migrating a VM to another cluster"));
    }
    if action.migrate_vms_in_affinity_closure == Some(true) {
        return Err(Fault::not_supported("migrating an affinity group"));
    }
    let host = match &action.host {
        None => None,
        Some(host) => Some(convert::host_named(&ask.snapshot, host)?),
    };
    let options = MigrateOptions {
        host,
        force: action.force.unwrap_or(false),
        by_system: false,
        parent: None,
    };
    let accepted = vm_migrate(ask.permitted()?, &ask.front.rooms, vm.id, options).await?;
    Ok(Answer::done(accepted.job))
}

/// `POST vms/{}/cancelmigration`.
pub async fn cancel_migration(ask: &Ask) -> Result<Answer, Fault> {
    let vm = find(ask)?;
    plain(ask, "cancelling a migration")?;
    let accepted = vm_cancel_migration(ask.permitted()?, &ask.front.rooms, vm.id).await?;
    Ok(Answer::done(accepted.job))
}

/// An action that takes nothing but (harmless) `async`, `reason` and `force`.
fn plain(ask: &Ask, what: &str) -> Result<(), Fault> {
    let action: api_v4::Action = ask.read_or_empty()?;
    if action.force == Some(true) {
        return Err(Fault::not_supported(format!("{what} by force")));
    }
    Ok(())
}

/// `GET vms/{}/statistics`.
pub fn statistics(ask: &Ask) -> Result<Answer, Fault> {
    let vm = find(ask)?;
    listing::plain(ask, convert::vm_statistics(&ask.snapshot, &vm))
}

/// `GET vms/{}/statistics/{}`.
pub fn statistic(ask: &Ask) -> Result<Answer, Fault> {
    let vm = find(ask)?;
    listing::member(
        ask,
        convert::vm_statistics(&ask.snapshot, &vm),
        1,
        "statistic",
    )
}

/// `GET vms/{}/reporteddevices`.
pub fn reported_devices(ask: &Ask) -> Result<Answer, Fault> {
    let vm = find(ask)?;
    listing::plain(ask, convert::reported_devices(&ask.snapshot, &vm))
}

/// `GET vms/{}/reporteddevices/{}`.
pub fn reported_device(ask: &Ask) -> Result<Answer, Fault> {
    let vm = find(ask)?;
    listing::member(
        ask,
        convert::reported_devices(&ask.snapshot, &vm),
        1,
        "reported device",
    )
}

/// `GET vms/{}/graphicsconsoles`.
pub fn graphics_consoles(ask: &Ask) -> Result<Answer, Fault> {
    let vm = find(ask)?;
    let current = ask.parameters.flag("current")?.unwrap_or(false);
    listing::plain(ask, convert::graphics_consoles(&ask.snapshot, &vm, current))
}

/// `GET vms/{}/graphicsconsoles/{}`.
pub fn graphics_console(ask: &Ask) -> Result<Answer, Fault> {
    let vm = find(ask)?;
    let current = ask.parameters.flag("current")?.unwrap_or(false);
    let consoles = convert::graphics_consoles(&ask.snapshot, &vm, current);
    listing::member(ask, consoles, 1, "graphics console")
}
