//! A VM as the API shows it.

use super::{graphics_console, hardware, links, numbers::int, references};
use api_v4::VmStatus;
use domain::disks::DiskStatus;
use domain::vms::status::VmStatus as Status;
use domain::vms::{GuestInfo, PauseReason, Vm, VmObserved};
use projection::Snapshot;

/// All of it, with what its host last said when it runs.
#[must_use]
pub fn vm(snapshot: &Snapshot, vm: &Vm) -> api_v4::Vm {
    let status = snapshot.vm_status(vm.id).unwrap_or(Status::Unknown);
    let mut shown = api_v4::Vm {
        name: Some(vm.name.clone()),
        description: Some(vm.description.clone()),
        comment: Some(vm.comment.clone()),
        cluster: Some(references::cluster(vm.cluster)),
        template: Some(references::template(vm.template)),
        original_template: Some(references::template(vm.template)),
        creation_time: Some(vm.created),
        delete_protected: Some(vm.delete_protected),
        has_illegal_images: Some(vm.hardware.disks.iter().any(|a| {
            snapshot
                .disk(a.disk)
                .is_some_and(|d| d.status == DiskStatus::Illegal)
        })),
        next_run_configuration_exists: Some(false),
        run_once: Some(false),
        status: Some(self::status(status)),
        status_detail: snapshot
            .vm_pause_reason(vm.id)
            .map(|reason| pause(reason).to_owned()),
        ..api_v4::Vm::default()
    };
    hardware::on_vm(&mut shown, &vm.hardware);
    if let Some(run) = &vm.run {
        shown.host = run.host.map(references::host);
        // Until the host says when, it is when the start was accepted.
        shown.start_time = match status {
            Status::WaitForLaunch => run.started,
            _ => Some(run.started.unwrap_or(run.requested)),
        };
        let seen = snapshot
            .vm_observed(vm.id)
            .filter(|seen| seen.epoch == run.epoch);
        if let Some(seen) = seen {
            running(&mut shown, vm, seen);
        }
    } else {
        shown.stop_time = vm.last_exit.as_ref().map(|exit| exit.at);
    }
    links::place(&mut shown, "vms/{}", &[&vm.id.to_string()]);
    shown
}

/// What only a running machine has.
fn running(shown: &mut api_v4::Vm, vm: &Vm, seen: &VmObserved) {
    let guest = &seen.guest;
    shown.fqdn.clone_from(&guest.hostname);
    shown.guest_operating_system = guest_os(guest).map(Box::new);
    shown.guest_time_zone = guest.timezone.as_ref().map(|(name, seconds)| {
        let sign = if *seconds < 0 { '-' } else { '+' };
        let minutes = seconds.unsigned_abs() / 60;
        Box::new(api_v4::TimeZone {
            name: Some(name.clone()),
            utc_offset: Some(format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)),
        })
    });
    if let (Some(display), Some(first)) = (&mut shown.display, vm.hardware.graphics.first())
        && let Some(console) = graphics_console::address_of(seen, first.protocol)
    {
        display.address = Some(console.address.clone());
        display.port = console.port.and_then(int);
        display.secure_port = console.tls_port.and_then(int);
    }
}

fn guest_os(guest: &GuestInfo) -> Option<api_v4::GuestOperatingSystem> {
    if guest.os.is_none() && guest.kernel.is_none() {
        return None;
    }
    Some(api_v4::GuestOperatingSystem {
        distribution: guest.os.clone(),
        kernel: guest.kernel.as_ref().map(|release| {
            Box::new(api_v4::Kernel {
                version: Some(Box::new(super::host::version(release))),
            })
        }),
        ..api_v4::GuestOperatingSystem::default()
    })
}

fn status(status: Status) -> VmStatus {
    match status {
        Status::Down => VmStatus::Down,
        Status::ImageLocked => VmStatus::ImageLocked,
        Status::WaitForLaunch => VmStatus::WaitForLaunch,
        Status::PoweringUp => VmStatus::PoweringUp,
        Status::Up => VmStatus::Up,
        Status::Paused => VmStatus::Paused,
        Status::PoweringDown => VmStatus::PoweringDown,
        Status::Migrating => VmStatus::Migrating,
        Status::RebootInProgress => VmStatus::RebootInProgress,
        Status::NotResponding => VmStatus::NotResponding,
        Status::Unknown => VmStatus::Unknown,
    }
}

fn pause(reason: PauseReason) -> &'static str {
    match reason {
        PauseReason::User => "noerr",
        PauseReason::Eio => "eio",
        PauseReason::Enospc => "enospc",
        PauseReason::Eperm => "eperm",
        PauseReason::Other => "eother",
    }
}
