//! Disks, their attachments, transfers and backups.

use super::{
    BackupPhase, CheckpointState, DiskBackup, DiskBackupMode, DiskContentType, DiskFormat,
    DiskInterface, DiskProfile, DiskStatus, DiskStorageType, Host, HostStorage, Image,
    ImageTransferDirection, ImageTransferPhase, ImageTransferTimeoutPolicy, InstanceType,
    OpenStackVolumeType, Permission, QcowVersion, Quota, ScsiGenericIO, Snapshot, Statistic,
    StorageDomain, Template, Vm,
};
use api_schema::api_type;
use base::Timestamp;

api_type! {
    /// A disk.
    entity Disk = "disk", "disks" {
        name: String,
        description: String,
        comment: String,
        active: bool,
        actual_size: i64,
        alias: String,
        backup: DiskBackup,
        backup_mode: DiskBackupMode,
        bootable: bool,
        content_type: DiskContentType,
        disk_profile: Box<DiskProfile>,
        disk_snapshots: Vec<DiskSnapshot> = linked,
        external_disk: String,
        format: DiskFormat,
        image_id: String,
        initial_size: i64,
        instance_type: Box<InstanceType>,
        interface: DiskInterface,
        logical_name: String,
        lun_storage: Box<HostStorage>,
        openstack_volume_type: Box<OpenStackVolumeType>,
        permissions: Vec<Permission> = linked,
        propagate_errors: bool,
        provisioned_size: i64,
        qcow_version: QcowVersion,
        quota: Box<Quota>,
        read_only: bool,
        sgio: ScsiGenericIO,
        shareable: bool,
        snapshot: Box<Snapshot>,
        sparse: bool,
        statistics: Vec<Statistic> = linked,
        status: DiskStatus,
        storage_domain: Box<StorageDomain>,
        storage_domains: Vec<StorageDomain> = linked,
        storage_type: DiskStorageType,
        template: Box<Template>,
        total_size: i64,
        uses_scsi_reservation: bool,
        vm: Box<Vm>,
        vms: Vec<Vm> = linked,
        wipe_after_delete: bool,
    }

    /// A disk in a VM or template.
    entity DiskAttachment = "disk_attachment", "disk_attachments" {
        name: String,
        description: String,
        comment: String,
        active: bool,
        bootable: bool,
        disk: Box<Disk>,
        interface: DiskInterface,
        logical_name: String,
        pass_discard: bool,
        read_only: bool,
        template: Box<Template>,
        uses_scsi_reservation: bool,
        vm: Box<Vm>,
    }

    /// A disk as it was at a snapshot.
    entity DiskSnapshot = "disk_snapshot", "disk_snapshots" {
        name: String,
        description: String,
        comment: String,
        active: bool,
        actual_size: i64,
        alias: String,
        backup: DiskBackup,
        backup_mode: DiskBackupMode,
        bootable: bool,
        content_type: DiskContentType,
        disk: Box<Disk>,
        disk_profile: Box<DiskProfile>,
        disk_snapshots: Vec<DiskSnapshot> = linked,
        external_disk: String,
        format: DiskFormat,
        image_id: String,
        initial_size: i64,
        instance_type: Box<InstanceType>,
        interface: DiskInterface,
        logical_name: String,
        lun_storage: Box<HostStorage>,
        openstack_volume_type: Box<OpenStackVolumeType>,
        parent: Box<DiskSnapshot>,
        permissions: Vec<Permission> = linked,
        propagate_errors: bool,
        provisioned_size: i64,
        qcow_version: QcowVersion,
        quota: Box<Quota>,
        read_only: bool,
        sgio: ScsiGenericIO,
        shareable: bool,
        snapshot: Box<Snapshot>,
        sparse: bool,
        statistics: Vec<Statistic> = linked,
        status: DiskStatus,
        storage_domain: Box<StorageDomain>,
        storage_domains: Vec<StorageDomain> = linked,
        storage_type: DiskStorageType,
        template: Box<Template>,
        total_size: i64,
        uses_scsi_reservation: bool,
        vm: Box<Vm>,
        vms: Vec<Vm> = linked,
        wipe_after_delete: bool,
    }

    /// An upload or download of a disk.
    entity ImageTransfer = "image_transfer", "image_transfers" {
        name: String,
        description: String,
        comment: String,
        active: bool,
        backup: Box<Backup>,
        direction: ImageTransferDirection,
        disk: Box<Disk>,
        format: DiskFormat,
        host: Box<Host>,
        image: Box<Image>,
        inactivity_timeout: i64,
        phase: ImageTransferPhase,
        proxy_url: String,
        shallow: bool,
        snapshot: Box<DiskSnapshot>,
        timeout_policy: ImageTransferTimeoutPolicy,
        transfer_url: String,
        transferred: i64,
    }

    /// A backup of a VM's disks.
    entity Backup = "backup", "backups" {
        name: String,
        description: String,
        comment: String,
        creation_date: Timestamp,
        disks: Vec<Disk> = linked,
        from_checkpoint_id: String,
        host: Box<Host>,
        modification_date: Timestamp,
        phase: BackupPhase,
        snapshot: Box<Snapshot>,
        to_checkpoint_id: String,
        vm: Box<Vm>,
    }

    /// A point from which incremental backups start.
    entity Checkpoint = "checkpoint", "checkpoints" {
        name: String,
        description: String,
        comment: String,
        creation_date: Timestamp,
        disks: Vec<Disk> = linked,
        parent_id: String,
        state: CheckpointState,
        vm: Box<Vm>,
    }

    /// Sizes of blocks and how often they occurred.
    value BlockStatistic = "block_statistic", "block_statistics" {
        statistics: Vec<Statistic>,
    }
}
