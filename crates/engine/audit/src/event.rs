//! The events that can happen, each with the objects it tells of.

use crate::configured::Change;
use crate::kind::EventKind;
use base::{Call, HostId, Timestamp};
use domain::data_centers::DataCenter;
use domain::disks::Disk;
use domain::events::{About, NewEvent};
use domain::hosts::Host;
use domain::networks::Network;
use domain::storage::StorageDomain;
use domain::templates::Template;
use domain::vms::{Nic, PauseReason, Vm};

/// Longest message of an event in characters (oVirt's `MaxAuditLogMessageLength`).
const MESSAGE_MAX: usize = 10_000;

/// Something an operator may want to know of. Objects are given as they were when it happened, so
/// that the text stays true when they are renamed or removed.
#[derive(Clone, Debug)]
pub enum AuditEvent {
    // Engine and sessions.
    /// The engine works.
    EngineStarted,
    /// The engine was told to end.
    EngineStopped,
    /// A backup of everything was handed out.
    EngineBackedUp,
    /// A backup could not be made.
    EngineBackupFailed {
        /// Why.
        message: String,
    },
    /// The database was restored from a backup.
    EngineRestored {
        /// When the backup was made.
        made: Timestamp,
        /// Titles of the jobs that were under way then; they were ended.
        jobs: Vec<String>,
    },
    /// After a restore a host told of a run that began, or came there, after the backup.
    VmTakenOver {
        /// With that run.
        vm: Vm,
        /// The host's name.
        host: String,
    },
    /// After a restore a host told of VMs that were made after the backup.
    VmsNotKnown {
        /// The host.
        host: Host,
        /// Their ids.
        vms: Vec<base::VmId>,
    },
    /// Somebody logged in.
    LoggedIn {
        /// Where from (address).
        from: String,
        /// The session's public id.
        session: String,
    },
    /// Somebody could not log in; the call's actor is nobody yet.
    LoginFailed {
        /// The name that was given.
        user: String,
        /// Where from (address).
        from: String,
        /// Why, without secrets.
        reason: String,
    },
    /// Somebody logged out.
    LoggedOut,
    /// A password was changed.
    PasswordChanged {
        /// Whose (`admin@internal`).
        user: String,
    },

    // Virtual machines: running.
    /// A start was accepted.
    VmStartAccepted {
        /// With the new run.
        vm: Vm,
        /// The chosen host's name.
        host: String,
    },
    /// A run is up for the first time.
    VmUp {
        /// With its run.
        vm: Vm,
        /// The host's name.
        host: String,
    },
    /// A start failed on every host that was tried.
    VmStartFailed {
        /// The machine.
        vm: Vm,
        /// The last host that was tried.
        host: Option<HostId>,
        /// Why.
        message: String,
    },
    /// A power off was accepted.
    VmStopAccepted {
        /// The machine.
        vm: Vm,
        /// Where it runs.
        host: Option<HostId>,
    },
    /// The guest is being asked to end.
    VmShutdownAccepted {
        /// The machine.
        vm: Vm,
        /// Where it runs.
        host: Option<HostId>,
    },
    /// Ending a run failed.
    VmStopFailed {
        /// The machine.
        vm: Vm,
        /// Where it runs.
        host: Option<HostId>,
        /// Why.
        message: String,
    },
    /// A run ended as somebody wanted.
    VmDown {
        /// The machine as it ran.
        vm: Vm,
        /// Where it ran.
        host: Option<HostId>,
        /// How it ended.
        message: String,
    },
    /// A run ended although nobody wanted that.
    VmDownError {
        /// The machine as it ran.
        vm: Vm,
        /// Where it ran.
        host: Option<HostId>,
        /// What went wrong.
        message: String,
    },
    /// Its CPUs stand still.
    VmPaused {
        /// The machine.
        vm: Vm,
        /// Where it runs.
        host: Option<HostId>,
        /// Why.
        reason: PauseReason,
    },
    /// It goes on after an error had paused it.
    VmRecovered {
        /// The machine.
        vm: Vm,
        /// Where it runs.
        host: Option<HostId>,
    },
    /// QEMU does not answer.
    VmNotResponding {
        /// The machine.
        vm: Vm,
        /// Where it runs.
        host: Option<HostId>,
    },
    /// Its host is lost, nothing is known of it.
    VmUnknown {
        /// The machine.
        vm: Vm,
        /// Where it ran.
        host: Option<HostId>,
    },
    /// Something is known of it again.
    VmStatusRestored {
        /// The machine.
        vm: Vm,
        /// Where it runs.
        host: Option<HostId>,
    },

    // Virtual machines: moving.
    /// A run is on its way to another host.
    VmMigrationStarted {
        /// The machine as it runs.
        vm: Vm,
        /// Names of the hosts it leaves and goes to.
        way: (String, String),
        /// Nobody asked for this VM's move (its host is emptied).
        by_system: bool,
    },
    /// A run is on another host.
    VmMigrated {
        /// The machine as it runs now.
        vm: Vm,
        /// Names of the hosts it left and is on.
        way: (String, String),
        /// Seconds it took.
        seconds: u64,
    },
    /// It could not go to one host; another is tried.
    VmMigrationTriesAgain {
        /// The machine as it runs.
        vm: Vm,
        /// Name of the host that could not take it.
        host: String,
        /// Why.
        message: String,
    },
    /// A run stays where it was.
    VmMigrationFailed {
        /// The machine as it runs.
        vm: Vm,
        /// Names of the hosts it is on and should have gone to.
        way: (String, String),
        /// Why.
        message: String,
    },
    /// Somebody gave up the way of a run to another host.
    VmMigrationCancelled {
        /// The machine as it runs.
        vm: Vm,
    },

    // Virtual machines: making and changing.
    /// It was made at once.
    VmAdded {
        /// The machine.
        vm: Vm,
    },
    /// Making it with its disks has begun.
    VmAddStarted {
        /// The machine.
        vm: Vm,
    },
    /// It was made with its disks.
    VmAddFinished {
        /// The machine.
        vm: Vm,
    },
    /// Making it failed.
    VmAddFailed {
        /// The machine that is no more.
        vm: Vm,
        /// Why.
        message: String,
    },
    /// Its configuration was changed.
    VmUpdated {
        /// The machine as it is now.
        vm: Vm,
    },
    /// It was removed.
    VmRemoved {
        /// The machine that is no more.
        vm: Vm,
    },
    /// It was removed, but some of its disks could not be.
    VmRemovedWithIllegalDisks {
        /// The machine that is no more.
        vm: Vm,
        /// Names of the disks.
        disks: Vec<String>,
    },
    /// Removing it failed.
    VmRemoveFailed {
        /// The machine.
        vm: Vm,
        /// Why.
        message: String,
    },
    /// A network card was added.
    NicAdded {
        /// The machine.
        vm: Vm,
        /// The card.
        nic: Nic,
    },
    /// A network card was changed.
    NicUpdated {
        /// The machine.
        vm: Vm,
        /// The card as it is now.
        nic: Nic,
    },
    /// A network card was removed.
    NicRemoved {
        /// The machine.
        vm: Vm,
        /// The card that is no more.
        nic: Nic,
    },

    // Disks.
    /// Making a disk has begun.
    DiskAddStarted {
        /// The disk.
        disk: Disk,
        /// The machine it is made for.
        vm: Option<Vm>,
    },
    /// A disk was made.
    DiskAdded {
        /// The disk.
        disk: Disk,
        /// The machine it was made for.
        vm: Option<Vm>,
    },
    /// Making a disk failed.
    DiskAddFailed {
        /// The disk that is no more, or illegal.
        disk: Disk,
        /// The machine it was to be made for.
        vm: Option<Vm>,
        /// Why.
        message: String,
    },
    /// A disk's properties were changed.
    DiskUpdated {
        /// The disk as it is now.
        disk: Disk,
    },
    /// A disk has grown.
    DiskExtended {
        /// The disk as it is now.
        disk: Disk,
    },
    /// Growing a disk failed.
    DiskExtendFailed {
        /// The disk.
        disk: Disk,
        /// Bytes it should have got.
        wanted_bytes: u64,
        /// Why.
        message: String,
    },
    /// Removing a disk has begun.
    DiskRemoveStarted {
        /// The disk.
        disk: Disk,
    },
    /// A disk was removed.
    DiskRemoved {
        /// The disk that is no more.
        disk: Disk,
    },
    /// Removing a disk failed; it is illegal now.
    DiskRemoveFailed {
        /// The disk.
        disk: Disk,
        /// Why.
        message: String,
    },
    /// Importing an image file as a disk has begun.
    DiskImportStarted {
        /// The disk.
        disk: Disk,
        /// The file's path on the host.
        path: String,
    },
    /// An image file was imported as a disk.
    DiskImported {
        /// The disk.
        disk: Disk,
        /// The file's path on the host.
        path: String,
    },
    /// Importing an image file failed.
    DiskImportFailed {
        /// The disk that is no more, or illegal.
        disk: Disk,
        /// The file's path on the host.
        path: String,
        /// Why.
        message: String,
    },
    /// A disk was attached.
    DiskAttached {
        /// The disk.
        disk: Disk,
        /// The machine.
        vm: Vm,
    },
    /// How a disk is attached was changed.
    DiskAttachmentUpdated {
        /// The disk.
        disk: Disk,
        /// The machine.
        vm: Vm,
    },
    /// A disk was detached.
    DiskDetached {
        /// The disk.
        disk: Disk,
        /// The machine.
        vm: Vm,
    },

    /// Moving a disk to another storage domain has begun.
    DiskMoveStarted {
        /// The disk, where it still is.
        disk: Disk,
        /// Name of the storage domain it goes to.
        to: String,
    },
    /// A disk was moved.
    DiskMoved {
        /// The disk, where it is now.
        disk: Disk,
        /// Name of the storage domain.
        to: String,
    },
    /// A disk could not be moved and is where it was.
    DiskMoveFailed {
        /// The disk.
        disk: Disk,
        /// Name of the storage domain it should have gone to.
        to: String,
        /// Why.
        message: String,
    },

    // Templates.
    /// Making a template has begun.
    TemplateAddStarted {
        /// The template.
        template: Template,
        /// Name of the machine it is made from.
        vm: String,
    },
    /// A template is ready.
    TemplateAdded {
        /// The template.
        template: Template,
    },
    /// Making a template failed.
    TemplateAddFailed {
        /// The template that is no more.
        template: Template,
        /// Why.
        message: String,
    },
    /// A template was removed.
    TemplateRemoved {
        /// The template that is no more.
        template: Template,
    },
    /// Removing a template failed.
    TemplateRemoveFailed {
        /// The template.
        template: Template,
        /// Why.
        message: String,
    },

    // Hosts.
    /// A host was added; its agent has to enrol.
    HostAdded {
        /// The host.
        host: Host,
    },
    /// The host's agent has a certificate of this engine.
    HostEnrolled {
        /// The host.
        host: Host,
    },
    /// The host is up.
    HostUp {
        /// The host.
        host: Host,
    },
    /// The host does not answer; the grace time runs.
    HostNotResponding {
        /// The host.
        host: Host,
        /// What the connection said.
        message: String,
    },
    /// The host did not answer within the grace time.
    HostNonResponsive {
        /// The host.
        host: Host,
        /// What the connection said.
        message: String,
    },
    /// The host answers, but is unfit.
    HostNonOperational {
        /// The host.
        host: Host,
        /// Why.
        reason: String,
    },
    /// The host's certificate was not renewed and ends soon.
    HostCertificateEnds {
        /// The host.
        host: Host,
        /// The certificate's end.
        expires: Timestamp,
    },
    /// The host's certificate has ended: it can't be connected until it joins anew.
    HostCertificateEnded {
        /// The host.
        host: Host,
        /// The certificate's end.
        expires: Timestamp,
    },
    /// A certificate of the engine's own ends soon.
    EngineCertificateEnds {
        /// Which one.
        whose: String,
        /// The certificate's end.
        expires: Timestamp,
    },
    /// A certificate of the engine's own has ended.
    EngineCertificateEnded {
        /// Which one.
        whose: String,
        /// The certificate's end.
        expires: Timestamp,
    },
    /// The files of the API's outside certificate can't be used.
    ApiCertificateRefused {
        /// The file and what is wrong with it.
        problem: String,
    },
    /// A host obeys another engine, which has taken it over from this one.
    EngineFenced {
        /// The host.
        host: Host,
        /// The newest fence epoch that it has heard.
        newest: u64,
    },
    /// The host answers again after it was non responsive.
    HostRecovered {
        /// The host.
        host: Host,
    },

    /// A host goes to maintenance; its VMs are moved away first.
    HostMaintenanceStarted {
        /// The host.
        host: Host,
        /// Why, if somebody said so.
        reason: Option<String>,
    },
    /// A host is in maintenance.
    HostMaintenance {
        /// The host.
        host: Host,
    },
    /// A host can't be emptied yet: these VMs could not be moved.
    HostMaintenanceWaits {
        /// The host.
        host: Host,
        /// Names of the VMs.
        vms: Vec<String>,
    },
    /// A host does not go to maintenance.
    HostMaintenanceFailed {
        /// The host.
        host: Host,
        /// Why.
        message: String,
    },
    /// A host is used again.
    HostActivated {
        /// The host.
        host: Host,
    },

    // Storage and data centers.
    /// A storage domain was made.
    StorageDomainAdded {
        /// The domain.
        domain: StorageDomain,
    },
    /// Making a storage domain failed.
    StorageDomainAddFailed {
        /// The domain that is no more.
        domain: StorageDomain,
        /// Why.
        message: String,
    },
    /// A storage domain can be used.
    StorageDomainActivated {
        /// The domain.
        domain: StorageDomain,
    },
    /// No host reaches a storage domain any more.
    StorageDomainLost {
        /// The domain.
        domain: StorageDomain,
        /// What hosts said.
        message: String,
    },
    /// A storage domain has less free space than its warning level.
    StorageDomainSpaceLow {
        /// The domain.
        domain: StorageDomain,
        /// Free bytes.
        available_bytes: u64,
    },
    /// A storage domain has less free space than disks may be made with.
    StorageDomainSpaceCritical {
        /// The domain.
        domain: StorageDomain,
        /// Free bytes.
        available_bytes: u64,
    },
    /// A data center's properties were changed.
    DataCenterUpdated {
        /// The data center as it is now.
        data_center: DataCenter,
    },
    /// A logical network was added.
    NetworkAdded {
        /// The network.
        network: Network,
    },
    /// Something else was configured.
    Configured {
        /// What was done.
        change: Change,
        /// The object's name.
        name: String,
        /// What it belongs to.
        about: About,
    },
}

impl AuditEvent {
    /// Code, name and severity.
    #[must_use]
    pub fn kind(&self) -> EventKind {
        crate::kind::kind_of(self)
    }

    /// The record to be stored: who did it, what it is about, and the text.
    #[must_use]
    pub fn at(self, call: &Call, now: Timestamp) -> NewEvent {
        let kind = self.kind();
        let about = About {
            user: call.actor.user_id(),
            user_name: Some(call.actor.name().to_owned()),
            address: call.source.address.clone(),
            token: call.source.token,
            ..crate::about::about(&self)
        };
        NewEvent {
            code: kind.code,
            severity: kind.severity,
            message: crate::words::words(&self, call.actor.name())
                .chars()
                .take(MESSAGE_MAX)
                .collect(),
            at: now,
            correlation_id: call.correlation_id.clone(),
            about,
            external: None,
        }
    }
}
