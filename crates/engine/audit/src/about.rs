//! Which objects an event belongs to, so that it is found from each of them.

use crate::event::AuditEvent;
use base::HostId;
use domain::disks::Disk;
use domain::events::About;
use domain::hosts::Host;
use domain::storage::StorageDomain;
use domain::templates::Template;
use domain::vms::Vm;

/// The objects of an event; who did it is not here.
pub(crate) fn about(event: &AuditEvent) -> About {
    use AuditEvent as E;
    match event {
        E::EngineStarted
        | E::EngineCertificateEnds { .. }
        | E::EngineCertificateEnded { .. }
        | E::ApiCertificateRefused { .. }
        | E::EngineStopped
        | E::EngineBackedUp
        | E::EngineBackupFailed { .. }
        | E::EngineRestored { .. }
        | E::LoggedIn { .. }
        | E::LoginFailed { .. }
        | E::LoggedOut
        | E::PasswordChanged { .. } => About::default(),

        E::VmsNotKnown { host, .. } => of_host(host),
        E::VmStartAccepted { vm, .. }
        | E::VmTakenOver { vm, .. }
        | E::VmUp { vm, .. }
        | E::VmMigrationStarted { vm, .. }
        | E::VmMigrated { vm, .. }
        | E::VmMigrationTriesAgain { vm, .. }
        | E::VmMigrationFailed { vm, .. }
        | E::VmMigrationCancelled { vm } => of_vm(vm, vm.run.as_ref().and_then(|r| r.host)),
        E::VmStartFailed { vm, host, .. }
        | E::VmStopAccepted { vm, host }
        | E::VmShutdownAccepted { vm, host }
        | E::VmStopFailed { vm, host, .. }
        | E::VmDown { vm, host, .. }
        | E::VmDownError { vm, host, .. }
        | E::VmPaused { vm, host, .. }
        | E::VmRecovered { vm, host }
        | E::VmNotResponding { vm, host }
        | E::VmUnknown { vm, host }
        | E::VmStatusRestored { vm, host } => of_vm(vm, *host),

        E::VmAdded { vm }
        | E::VmAddStarted { vm }
        | E::VmAddFinished { vm }
        | E::VmAddFailed { vm, .. }
        | E::VmUpdated { vm }
        | E::VmRemoved { vm }
        | E::VmRemovedWithIllegalDisks { vm, .. }
        | E::VmRemoveFailed { vm, .. }
        | E::NicAdded { vm, .. }
        | E::NicUpdated { vm, .. }
        | E::NicRemoved { vm, .. } => of_vm(vm, None),

        E::DiskAddStarted { disk, vm }
        | E::DiskAdded { disk, vm }
        | E::DiskAddFailed { disk, vm, .. } => of_disk(disk, vm.as_ref()),
        E::DiskUpdated { disk }
        | E::DiskExtended { disk }
        | E::DiskMoveStarted { disk, .. }
        | E::DiskMoved { disk, .. }
        | E::DiskMoveFailed { disk, .. }
        | E::DiskExtendFailed { disk, .. }
        | E::DiskRemoveStarted { disk }
        | E::DiskRemoved { disk }
        | E::DiskRemoveFailed { disk, .. }
        | E::DiskImportStarted { disk, .. }
        | E::DiskImported { disk, .. }
        | E::DiskImportFailed { disk, .. } => of_disk(disk, None),
        E::DiskAttached { disk, vm }
        | E::DiskAttachmentUpdated { disk, vm }
        | E::DiskDetached { disk, vm } => of_disk(disk, Some(vm)),

        E::TemplateAddStarted { template, .. }
        | E::TemplateAdded { template }
        | E::TemplateAddFailed { template, .. }
        | E::TemplateRemoved { template }
        | E::TemplateRemoveFailed { template, .. } => of_template(template),

        E::HostAdded { host }
        | E::HostEnrolled { host }
        | E::HostUp { host }
        | E::HostNotResponding { host, .. }
        | E::HostNonResponsive { host, .. }
        | E::HostNonOperational { host, .. }
        | E::HostMaintenanceStarted { host, .. }
        | E::HostMaintenance { host }
        | E::HostMaintenanceWaits { host, .. }
        | E::HostMaintenanceFailed { host, .. }
        | E::HostActivated { host }
        | E::HostCertificateEnds { host, .. }
        | E::HostCertificateEnded { host, .. }
        | E::EngineFenced { host, .. }
        | E::HostRecovered { host } => of_host(host),

        E::StorageDomainAdded { domain }
        | E::StorageDomainAddFailed { domain, .. }
        | E::StorageDomainActivated { domain }
        | E::StorageDomainLost { domain, .. }
        | E::StorageDomainSpaceLow { domain, .. }
        | E::StorageDomainSpaceCritical { domain, .. } => of_storage_domain(domain),
        E::Configured { about, .. } => about.clone(),
        E::NetworkAdded { network } => About {
            data_center: Some(network.data_center),
            ..About::default()
        },
        E::DataCenterUpdated { data_center } => About {
            data_center: Some(data_center.id),
            ..About::default()
        },
    }
}

fn of_vm(vm: &Vm, host: Option<HostId>) -> About {
    About {
        vm: Some(vm.id),
        host,
        cluster: Some(vm.cluster),
        data_center: Some(vm.data_center),
        template: Some(vm.template),
        ..About::default()
    }
}

fn of_disk(disk: &Disk, vm: Option<&Vm>) -> About {
    About {
        disk: Some(disk.id),
        storage_domain: Some(disk.storage_domain),
        ..vm.map(|vm| of_vm(vm, None)).unwrap_or_default()
    }
}

fn of_template(template: &Template) -> About {
    About {
        template: Some(template.id),
        cluster: template.cluster,
        data_center: template.data_center,
        ..About::default()
    }
}

fn of_host(host: &Host) -> About {
    About {
        host: Some(host.id),
        cluster: Some(host.cluster),
        ..About::default()
    }
}

fn of_storage_domain(domain: &StorageDomain) -> About {
    About {
        storage_domain: Some(domain.id),
        data_center: domain.data_center,
        ..About::default()
    }
}
