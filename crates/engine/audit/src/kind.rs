//! oVirt's number, name and severity of each event. Clients filter by them: they never change.

use crate::event::AuditEvent;
use domain::events::Severity;
use domain::vms::PauseReason;

/// What kind of event it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EventKind {
    /// oVirt's code.
    pub code: i32,
    /// oVirt's name of it.
    pub name: &'static str,
    /// How bad.
    pub severity: Severity,
}

const fn normal(code: i32, name: &'static str) -> EventKind {
    EventKind {
        code,
        name,
        severity: Severity::Normal,
    }
}

const fn warning(code: i32, name: &'static str) -> EventKind {
    EventKind {
        code,
        name,
        severity: Severity::Warning,
    }
}

const fn alert(code: i32, name: &'static str) -> EventKind {
    EventKind {
        code,
        name,
        severity: Severity::Alert,
    }
}

const fn error(code: i32, name: &'static str) -> EventKind {
    EventKind {
        code,
        name,
        severity: Severity::Error,
    }
}

/// The table.
pub(crate) fn kind_of(event: &AuditEvent) -> EventKind {
    use AuditEvent as E;
    match event {
        E::EngineStarted => normal(1, "VDC_START"),
        E::EngineStopped => normal(2, "VDC_STOP"),
        E::EngineBackedUp => normal(9025, "ENGINE_BACKUP_COMPLETED"),
        E::EngineBackupFailed { .. } => error(9026, "ENGINE_BACKUP_FAILED"),
        E::EngineRestored { .. } | E::VmTakenOver { .. } => warning(9802, "EXTERNAL_EVENT_WARNING"),
        E::VmsNotKnown { .. } => error(9803, "EXTERNAL_EVENT_ERROR"),
        E::LoggedIn { .. } => normal(30, "USER_VDC_LOGIN"),
        E::LoginFailed { .. } => error(114, "USER_VDC_LOGIN_FAILED"),
        E::LoggedOut => normal(31, "USER_VDC_LOGOUT"),
        E::PasswordChanged { .. } => normal(346, "USER_PASSWORD_CHANGED"),

        E::VmStartAccepted { .. } => normal(153, "USER_STARTED_VM"),
        E::VmUp { .. } => normal(32, "USER_RUN_VM"),
        E::VmStartFailed { .. } => error(54, "USER_FAILED_RUN_VM"),
        E::VmStopAccepted { .. } => normal(33, "USER_STOP_VM"),
        E::VmShutdownAccepted { .. } => normal(73, "USER_INITIATED_SHUTDOWN_VM"),
        E::VmStopFailed { .. } => error(56, "USER_FAILED_STOP_VM"),
        E::VmDown { .. } => normal(61, "VM_DOWN"),
        E::VmDownError { .. } => error(119, "VM_DOWN_ERROR"),
        E::VmPaused { reason, .. } => match reason {
            PauseReason::User => normal(1025, "VM_PAUSED"),
            PauseReason::Eio => error(145, "VM_PAUSED_EIO"),
            PauseReason::Enospc => error(138, "VM_PAUSED_ENOSPC"),
            PauseReason::Eperm => error(146, "VM_PAUSED_EPERM"),
            PauseReason::Other => error(139, "VM_PAUSED_ERROR"),
        },
        E::VmRecovered { .. } => normal(196, "VM_RECOVERED_FROM_PAUSE_ERROR"),
        E::VmNotResponding { .. } => warning(126, "VM_NOT_RESPONDING"),
        E::VmUnknown { .. } => warning(142, "VM_SET_TO_UNKNOWN_STATUS"),
        E::VmStatusRestored { .. } => normal(163, "VM_STATUS_RESTORED"),

        E::VmMigrationStarted { by_system, .. } => match by_system {
            false => normal(62, "VM_MIGRATION_START"),
            true => normal(67, "VM_MIGRATION_START_SYSTEM_INITIATED"),
        },
        E::VmMigrated { .. } => normal(63, "VM_MIGRATION_DONE"),
        E::VmMigrationTriesAgain { .. } => warning(128, "VM_MIGRATION_TRYING_RERUN"),
        E::VmMigrationFailed { .. } => error(65, "VM_MIGRATION_FAILED"),
        E::VmMigrationCancelled { .. } => normal(161, "VM_CANCEL_MIGRATION"),

        E::VmAdded { .. } => normal(34, "USER_ADD_VM"),
        E::VmAddStarted { .. } => normal(37, "USER_ADD_VM_STARTED"),
        E::VmAddFinished { .. } => normal(53, "USER_ADD_VM_FINISHED_SUCCESS"),
        E::VmAddFailed { .. } => error(60, "USER_ADD_VM_FINISHED_FAILURE"),
        E::VmUpdated { .. } => normal(35, "USER_UPDATE_VM"),
        E::VmRemoved { .. } => normal(113, "USER_REMOVE_VM_FINISHED"),
        E::VmRemovedWithIllegalDisks { .. } => {
            warning(172, "USER_REMOVE_VM_FINISHED_WITH_ILLEGAL_DISKS")
        }
        E::VmRemoveFailed { .. } => error(59, "USER_FAILED_REMOVE_VM"),
        E::NicAdded { .. } => normal(932, "NETWORK_ADD_VM_INTERFACE"),
        E::NicUpdated { .. } => normal(934, "NETWORK_UPDATE_VM_INTERFACE"),
        E::NicRemoved { .. } => normal(930, "NETWORK_REMOVE_VM_INTERFACE"),

        E::DiskAddStarted { vm: None, .. } => normal(2020, "USER_ADD_DISK"),
        E::DiskAddStarted { vm: Some(_), .. } => normal(78, "USER_ADD_DISK_TO_VM"),
        E::DiskAdded { vm: None, .. } => normal(2021, "USER_ADD_DISK_FINISHED_SUCCESS"),
        E::DiskAdded { vm: Some(_), .. } => normal(97, "USER_ADD_DISK_TO_VM_FINISHED_SUCCESS"),
        E::DiskAddFailed { vm: None, .. } => error(2022, "USER_ADD_DISK_FINISHED_FAILURE"),
        E::DiskAddFailed { vm: Some(_), .. } => error(98, "USER_ADD_DISK_TO_VM_FINISHED_FAILURE"),
        E::DiskUpdated { .. } => normal(86, "USER_UPDATE_DISK"),
        // 371 is what oVirt's own system tests wait for.
        E::DiskExtended { .. } => normal(371, "USER_EXTEND_DISK_SIZE_SUCCESS"),
        E::DiskExtendFailed { .. } => error(370, "USER_EXTEND_DISK_SIZE_FAILURE"),
        E::DiskRemoveStarted { .. } => normal(2038, "USER_REMOVE_DISK_INITIATED"),
        E::DiskRemoved { .. } => normal(2014, "USER_FINISHED_REMOVE_DISK"),
        E::DiskRemoveFailed { .. } => warning(2015, "USER_FINISHED_FAILED_REMOVE_DISK"),
        E::DiskImportStarted { .. } => normal(2027, "USER_IMPORT_IMAGE"),
        E::DiskImported { .. } => normal(2028, "USER_IMPORT_IMAGE_FINISHED_SUCCESS"),
        E::DiskImportFailed { .. } => error(2029, "USER_IMPORT_IMAGE_FINISHED_FAILURE"),
        E::DiskAttached { .. } => normal(2016, "USER_ATTACH_DISK_TO_VM"),
        E::DiskAttachmentUpdated { .. } => normal(88, "USER_UPDATE_VM_DISK"),
        E::DiskDetached { .. } => normal(2018, "USER_DETACH_DISK_FROM_VM"),

        E::TemplateAddStarted { .. } => normal(48, "USER_ADD_VM_TEMPLATE"),
        E::TemplateAdded { .. } => normal(51, "USER_ADD_VM_TEMPLATE_FINISHED_SUCCESS"),
        E::TemplateAddFailed { .. } => error(52, "USER_ADD_VM_TEMPLATE_FINISHED_FAILURE"),
        E::TemplateRemoved { .. } => normal(251, "USER_REMOVE_VM_TEMPLATE_FINISHED"),
        E::TemplateRemoveFailed { .. } => error(110, "USER_FAILED_REMOVE_VM_TEMPLATE"),

        E::HostAdded { .. } => normal(42, "USER_ADD_VDS"),
        E::HostEnrolled { .. } => normal(504, "VDS_INSTALL"),
        E::HostUp { .. } => normal(13, "VDS_DETECTED"),
        E::HostNotResponding { .. } => warning(9027, "VDS_HOST_NOT_RESPONDING"),
        E::HostNonResponsive { .. } => error(12, "VDS_FAILURE"),
        E::HostNonOperational { .. } => normal(517, "VDS_SET_NONOPERATIONAL"),
        E::HostMaintenanceStarted { reason, .. } => match reason {
            Some(_) => normal(600, "USER_VDS_MAINTENANCE"),
            None => normal(620, "USER_VDS_MAINTENANCE_WITHOUT_REASON"),
        },
        E::HostMaintenance { .. } => normal(15, "VDS_MAINTENANCE"),
        E::HostMaintenanceWaits { .. } => warning(602, "USER_VDS_MAINTENANCE_MIGRATION_FAILED"),
        E::HostMaintenanceFailed { .. } => error(17, "VDS_MAINTENANCE_FAILED"),
        E::HostActivated { .. } => normal(16, "VDS_ACTIVATE"),
        E::DiskMoveStarted { .. } => normal(2008, "USER_MOVED_DISK"),
        E::DiskMoved { .. } => normal(2010, "USER_MOVED_DISK_FINISHED_SUCCESS"),
        E::DiskMoveFailed { .. } => error(2011, "USER_MOVED_DISK_FINISHED_FAILURE"),
        E::HostRecovered { .. } => normal(14, "VDS_RECOVER"),
        E::HostCertificateEnds { .. } => warning(845, "HOST_CERTIFICATION_IS_ABOUT_TO_EXPIRE"),
        E::HostCertificateEnded { .. } => alert(877, "HOST_CERTIFICATION_HAS_EXPIRED"),
        E::EngineCertificateEnds { .. } => warning(847, "ENGINE_CERTIFICATION_IS_ABOUT_TO_EXPIRE"),
        E::EngineCertificateEnded { .. } => alert(846, "ENGINE_CERTIFICATION_HAS_EXPIRED"),
        // oVirt has no such events: these numbers are far from its own.
        E::ApiCertificateRefused { .. } => error(100_001, "API_CERTIFICATE_REFUSED"),
        E::EngineFenced { .. } => alert(100_002, "ENGINE_FENCED"),

        E::StorageDomainAdded { .. } => normal(956, "USER_ADD_STORAGE_DOMAIN"),
        E::StorageDomainAddFailed { .. } => error(957, "USER_ADD_STORAGE_DOMAIN_FAILED"),
        E::StorageDomainActivated { .. } => normal(966, "USER_ACTIVATED_STORAGE_DOMAIN"),
        E::StorageDomainLost { .. } => warning(970, "SYSTEM_DEACTIVATED_STORAGE_DOMAIN"),
        E::StorageDomainSpaceLow { .. } => warning(26, "IRS_DISK_SPACE_LOW"),
        E::StorageDomainSpaceCritical { .. } => error(201, "IRS_DISK_SPACE_LOW_ERROR"),
        E::Configured { change, .. } => {
            let (code, name) = change.code();
            normal(code, name)
        }
        E::NetworkAdded { .. } => normal(942, "NETWORK_ADD_NETWORK"),
        E::DataCenterUpdated { .. } => normal(952, "USER_UPDATE_STORAGE_POOL"),
    }
}
