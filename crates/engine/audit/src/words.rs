//! The text of each event, in whole sentences that stand alone.

use crate::event::AuditEvent;
use domain::vms::PauseReason;

/// The text. `who` is the login of the user, or `SYSTEM`.
pub(crate) fn words(event: &AuditEvent, who: &str) -> String {
    match event {
        AuditEvent::EngineStarted => "The engine started.".to_owned(),
        AuditEvent::EngineStopped => "The engine was stopped.".to_owned(),
        AuditEvent::EngineBackedUp => format!("A backup of the engine was made by {who}."),
        AuditEvent::EngineBackupFailed { message } => {
            format!("A backup of the engine failed: {}", sentence(message))
        }
        AuditEvent::EngineRestored { made, jobs } => restored_words(made, jobs),
        AuditEvent::VmTakenOver { vm, host } => format!(
            "VM {} runs on host {host} since after the backup that the engine was restored from; it is taken over as it runs.",
            vm.name
        ),
        AuditEvent::VmsNotKnown { host, vms } => {
            let ids: Vec<String> = vms.iter().map(ToString::to_string).collect();
            format!(
                "On host {} run VMs that the engine does not know, made after the backup that it was restored from; they are left alone: {}.",
                host.name,
                ids.join(", ")
            )
        }
        AuditEvent::LoggedIn { from, session } => {
            format!("User {who} logged in from {from} with session {session}.")
        }
        AuditEvent::LoginFailed { user, from, reason } => {
            format!(
                "User {user} could not log in from {from}: {}",
                sentence(reason)
            )
        }
        AuditEvent::LoggedOut => format!("User {who} logged out."),
        AuditEvent::PasswordChanged { user } => {
            format!("The password of user {user} was changed by {who}.")
        }
        _ => object_words(event, who),
    }
}

fn object_words(event: &AuditEvent, who: &str) -> String {
    run_words(event, who)
        .or_else(|| moving_words(event, who))
        .or_else(|| vm_words(event, who))
        .or_else(|| disk_words(event, who))
        .or_else(|| template_words(event, who))
        .or_else(|| infrastructure_words(event, who))
        .unwrap_or_else(|| event.kind().name.to_owned())
}

fn restored_words(made: &base::Timestamp, jobs: &[String]) -> String {
    let mut text =
        format!("The engine was restored from a backup of {made}; later changes are not known.");
    if !jobs.is_empty() {
        text.push_str(&format!(
            " Jobs that were under way then were ended, and what they worked on must be looked at: {}.",
            jobs.join("; ")
        ));
    }
    text
}

fn run_words(event: &AuditEvent, who: &str) -> Option<String> {
    use AuditEvent as E;
    Some(match event {
        E::VmStartAccepted { vm, host } => {
            format!(
                "VM {} was started by {who}; it starts on host {host}.",
                vm.name
            )
        }
        E::VmUp { vm, host } => format!("VM {} is up on host {host}.", vm.name),
        E::VmStartFailed { vm, message, .. } => {
            format!(
                "VM {} could not be started for {who}: {}",
                vm.name,
                sentence(message)
            )
        }
        E::VmStopAccepted { vm, .. } => format!("VM {} is powered off by {who}.", vm.name),
        E::VmShutdownAccepted { vm, .. } => {
            format!("{who} asked the guest of VM {} to shut down.", vm.name)
        }
        E::VmStopFailed { vm, message, .. } => {
            format!(
                "VM {} could not be stopped for {who}: {}",
                vm.name,
                sentence(message)
            )
        }
        E::VmDown { vm, message, .. } => format!("VM {} is down. {}", vm.name, sentence(message)),
        E::VmDownError { vm, message, .. } => {
            format!(
                "VM {} went down with an error: {}",
                vm.name,
                sentence(message)
            )
        }
        E::VmPaused { vm, reason, .. } => match reason {
            PauseReason::User => format!("VM {} is paused.", vm.name),
            PauseReason::Eio => format!("VM {} is paused because of a storage error.", vm.name),
            PauseReason::Enospc => {
                format!(
                    "VM {} is paused because its storage has no space left.",
                    vm.name
                )
            }
            PauseReason::Eperm => {
                format!(
                    "VM {} is paused because its storage denies access.",
                    vm.name
                )
            }
            PauseReason::Other => format!("VM {} is paused because of an error.", vm.name),
        },
        E::VmRecovered { vm, .. } => format!("VM {} goes on after it was paused.", vm.name),
        E::VmNotResponding { vm, .. } => format!("VM {} does not respond.", vm.name),
        E::VmUnknown { vm, .. } => {
            format!(
                "The state of VM {} is unknown, since its host is lost.",
                vm.name
            )
        }
        E::VmStatusRestored { vm, .. } => format!("The state of VM {} is known again.", vm.name),
        _ => return None,
    })
}

fn moving_words(event: &AuditEvent, who: &str) -> Option<String> {
    use AuditEvent as E;
    Some(match event {
        E::VmMigrationStarted {
            vm,
            way: (from, to),
            by_system,
        } => {
            let why = match by_system {
                true => "to empty its host".to_owned(),
                false => format!("by {who}"),
            };
            format!(
                "VM {} is moved from host {from} to host {to} {why}.",
                vm.name
            )
        }
        E::VmMigrated {
            vm,
            way: (from, to),
            seconds,
        } => format!(
            "VM {} was moved from host {from} to host {to} within {seconds} s.",
            vm.name
        ),
        E::VmMigrationTriesAgain { vm, host, message } => format!(
            "VM {} could not be moved to host {host}; another host is tried. {}",
            vm.name,
            sentence(message)
        ),
        E::VmMigrationFailed {
            vm,
            way: (from, to),
            message,
        } => format!(
            "VM {} could not be moved to host {to} and stays on host {from}: {}",
            vm.name,
            sentence(message)
        ),
        E::VmMigrationCancelled { vm } => {
            format!("The move of VM {} to another host was cancelled.", vm.name)
        }
        E::DiskMoveStarted { disk, to } => format!(
            "{who} began to move disk {} to storage domain {to}.",
            disk.name
        ),
        E::DiskMoved { disk, to } => {
            format!("Disk {} was moved to storage domain {to}.", disk.name)
        }
        E::DiskMoveFailed { disk, to, message } => format!(
            "Disk {} could not be moved to storage domain {to} and stays where it is: {}",
            disk.name,
            sentence(message)
        ),
        E::HostMaintenanceStarted { host, reason } => match reason {
            Some(reason) => format!(
                "Host {} is switched to maintenance by {who}. Reason: {}",
                host.name,
                sentence(reason)
            ),
            None => format!("Host {} is switched to maintenance by {who}.", host.name),
        },
        E::HostMaintenance { host } => format!("Host {} is in maintenance.", host.name),
        E::HostMaintenanceWaits { host, vms } => format!(
            "Host {} cannot go to maintenance yet, since these VMs could not be moved away: {}. It is tried again.",
            host.name,
            vms.join(", ")
        ),
        E::HostMaintenanceFailed { host, message } => format!(
            "Host {} could not be switched to maintenance: {}",
            host.name,
            sentence(message)
        ),
        E::HostActivated { host } => format!("Host {} was activated by {who}.", host.name),
        _ => return None,
    })
}

fn vm_words(event: &AuditEvent, who: &str) -> Option<String> {
    use AuditEvent as E;
    Some(match event {
        E::VmAdded { vm } => format!("VM {} was created by {who}.", vm.name),
        E::VmAddStarted { vm } => format!("{who} began to create VM {}.", vm.name),
        E::VmAddFinished { vm } => format!("VM {} was created with its disks for {who}.", vm.name),
        E::VmAddFailed { vm, message } => {
            format!(
                "VM {} could not be created for {who}: {}",
                vm.name,
                sentence(message)
            )
        }
        E::VmUpdated { vm } => format!("The configuration of VM {} was changed by {who}.", vm.name),
        E::VmRemoved { vm } => format!("VM {} was removed by {who}.", vm.name),
        E::VmRemovedWithIllegalDisks { vm, disks } => format!(
            "VM {} was removed by {who}, but these disks could not be removed and are illegal now: {}. \
             Remove them again when their storage works.",
            vm.name,
            disks.join(", ")
        ),
        E::VmRemoveFailed { vm, message } => {
            format!(
                "VM {} could not be removed for {who}: {}",
                vm.name,
                sentence(message)
            )
        }
        E::NicAdded { vm, nic } => format!(
            "Network interface {} ({}) was added to VM {} by {who}.",
            nic.name, nic.mac, vm.name
        ),
        E::NicUpdated { vm, nic } => format!(
            "Network interface {} ({}) of VM {} was changed by {who}.",
            nic.name, nic.mac, vm.name
        ),
        E::NicRemoved { vm, nic } => format!(
            "Network interface {} ({}) was removed from VM {} by {who}.",
            nic.name, nic.mac, vm.name
        ),
        _ => return None,
    })
}

fn disk_words(event: &AuditEvent, who: &str) -> Option<String> {
    use AuditEvent as E;
    let to = |vm: &Option<domain::vms::Vm>| {
        vm.as_ref()
            .map_or_else(String::new, |vm| format!(" for VM {}", vm.name))
    };
    Some(match event {
        E::DiskAddStarted { disk, vm } => {
            format!("{who} began to create disk {}{}.", disk.name, to(vm))
        }
        E::DiskAdded { disk, vm } => format!("Disk {} was created{}.", disk.name, to(vm)),
        E::DiskAddFailed { disk, vm, message } => {
            format!(
                "Disk {} could not be created{}: {}",
                disk.name,
                to(vm),
                sentence(message)
            )
        }
        E::DiskUpdated { disk } => {
            format!(
                "The properties of disk {} were changed by {who}.",
                disk.name
            )
        }
        E::DiskExtended { disk } => {
            format!(
                "Disk {} was extended to {} for {who}.",
                disk.name,
                size(disk.provisioned_bytes)
            )
        }
        E::DiskExtendFailed {
            disk,
            wanted_bytes,
            message,
        } => format!(
            "Disk {} could not be extended to {}: {}",
            disk.name,
            size(*wanted_bytes),
            sentence(message)
        ),
        E::DiskRemoveStarted { disk } => format!("{who} began to remove disk {}.", disk.name),
        E::DiskRemoved { disk } => format!("Disk {} was removed for {who}.", disk.name),
        E::DiskRemoveFailed { disk, message } => format!(
            "Disk {} could not be removed and is illegal now: {} Remove it again when its storage works.",
            disk.name,
            sentence(message)
        ),
        E::DiskImportStarted { disk, path } => {
            format!("{who} began to import {path} as disk {}.", disk.name)
        }
        E::DiskImported { disk, path } => format!("{path} was imported as disk {}.", disk.name),
        E::DiskImportFailed {
            disk,
            path,
            message,
        } => {
            format!(
                "{path} could not be imported as disk {}: {}",
                disk.name,
                sentence(message)
            )
        }
        E::DiskAttached { disk, vm } => {
            format!(
                "Disk {} was attached to VM {} by {who}.",
                disk.name, vm.name
            )
        }
        E::DiskAttachmentUpdated { disk, vm } => format!(
            "How disk {} is attached to VM {} was changed by {who}.",
            disk.name, vm.name
        ),
        E::DiskDetached { disk, vm } => {
            format!(
                "Disk {} was detached from VM {} by {who}.",
                disk.name, vm.name
            )
        }
        _ => return None,
    })
}

fn template_words(event: &AuditEvent, who: &str) -> Option<String> {
    use AuditEvent as E;
    Some(match event {
        E::TemplateAddStarted { template, vm } => {
            format!(
                "{who} began to create template {} from VM {vm}.",
                template.name
            )
        }
        E::TemplateAdded { template } => {
            format!("Template {} was created for {who}.", template.name)
        }
        E::TemplateAddFailed { template, message } => {
            format!(
                "Template {} could not be created: {}",
                template.name,
                sentence(message)
            )
        }
        E::TemplateRemoved { template } => {
            format!("Template {} was removed for {who}.", template.name)
        }
        E::TemplateRemoveFailed { template, message } => {
            format!(
                "Template {} could not be removed: {}",
                template.name,
                sentence(message)
            )
        }
        _ => return None,
    })
}

fn infrastructure_words(event: &AuditEvent, who: &str) -> Option<String> {
    use AuditEvent as E;
    Some(match event {
        E::HostAdded { host } => format!(
            "Host {} ({}) was added by {who}; its agent has to enrol.",
            host.name, host.address
        ),
        E::HostEnrolled { host } => format!("The agent of host {} enrolled.", host.name),
        E::HostUp { host } => format!("Host {} is up.", host.name),
        E::HostNotResponding { host, message } => format!(
            "Host {} does not respond; it is given some time to come back. {}",
            host.name,
            sentence(message)
        ),
        E::HostNonResponsive { host, message } => {
            format!(
                "Host {} is non responsive: {}",
                host.name,
                sentence(message)
            )
        }
        E::HostNonOperational { host, reason } => {
            format!(
                "Host {} is non operational: {}",
                host.name,
                sentence(reason)
            )
        }
        E::HostCertificateEnds { host, expires } => format!(
            "The certificate of host {} ends on {expires} and was not renewed; the host must be connected for that.",
            host.name
        ),
        E::HostCertificateEnded { host, expires } => format!(
            "The certificate of host {} ended on {expires}. Run `vireoctl host renew-token {}` and \
             then, on the host, the command that it prints.",
            host.name, host.name
        ),
        E::EngineCertificateEnds { whose, expires } => {
            format!("The certificate of {whose} ends on {expires}.")
        }
        E::EngineCertificateEnded { whose, expires } => {
            format!("The certificate of {whose} ended on {expires}.")
        }
        E::ApiCertificateRefused { problem } => format!(
            "The API's outside certificate cannot be used; the one before is shown on. {}",
            sentence(problem)
        ),
        E::EngineFenced { host, newest } => format!(
            "This engine is fenced from host {}: another engine has taken it over (fence epoch \
             {newest}). Stop this engine, or start it again to take the host back.",
            host.name
        ),
        E::HostRecovered { host } => format!("Host {} responds again.", host.name),
        E::StorageDomainAdded { domain } => {
            format!("Storage domain {} was created for {who}.", domain.name)
        }
        E::StorageDomainAddFailed { domain, message } => {
            format!(
                "Storage domain {} could not be created: {}",
                domain.name,
                sentence(message)
            )
        }
        E::StorageDomainActivated { domain } => {
            format!("Storage domain {} was activated.", domain.name)
        }
        E::StorageDomainLost { domain, message } => format!(
            "Storage domain {} is inactive, since no host reaches it. {}",
            domain.name,
            sentence(message)
        ),
        E::StorageDomainSpaceLow {
            domain,
            available_bytes,
        } => format!(
            "Storage domain {} has {} left, less than {} % of its space.",
            domain.name,
            size(*available_bytes),
            domain.warning_low_space_percent
        ),
        E::StorageDomainSpaceCritical {
            domain,
            available_bytes,
        } => format!(
            "Storage domain {} has {} left; below {} GiB no disks are created or extended on it.",
            domain.name,
            size(*available_bytes),
            domain.critical_space_gib
        ),
        E::NetworkAdded { network } => {
            format!("Network {} was added by {who}.", network.name)
        }
        E::Configured { change, name, .. } => change.words(name, who),
        E::DataCenterUpdated { data_center } => format!(
            "The properties of data center {} were changed by {who}.",
            data_center.name
        ),
        _ => return None,
    })
}

/// A clause as a sentence: it ends with a full stop.
fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '!', '?']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// Bytes as a person reads them: whole GiB or MiB where they are, else bytes.
fn size(bytes: u64) -> String {
    const MIB: u64 = 1 << 20;
    const GIB: u64 = 1 << 30;
    match bytes {
        b if b >= GIB && b % GIB == 0 => format!("{} GiB", b / GIB),
        b if b >= GIB => format!("{}.{} GiB", b / GIB, (b % GIB) * 10 / GIB),
        b if b >= MIB => format!("{} MiB", b / MIB),
        b => format!("{b} bytes"),
    }
}
