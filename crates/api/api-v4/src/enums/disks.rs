//! Enumerations of `types/disks.rs`.

use api_schema::api_enum;

api_enum! {
    /// Backup phase.
    BackupPhase {
        Failed = "failed",
        Finalizing = "finalizing",
        Initializing = "initializing",
        Ready = "ready",
        Starting = "starting",
        Succeeded = "succeeded",
    }

    /// Checkpoint state.
    CheckpointState { Created = "created", Invalid = "invalid" }

    /// Disk backup.
    DiskBackup { Incremental = "incremental", None = "none" }

    /// Disk backup mode.
    DiskBackupMode { Full = "full", Incremental = "incremental" }

    /// Disk content type.
    DiskContentType {
        BackupScratch = "backup_scratch",
        Data = "data",
        HostedEngine = "hosted_engine",
        HostedEngineConfiguration = "hosted_engine_configuration",
        HostedEngineMetadata = "hosted_engine_metadata",
        HostedEngineSanlock = "hosted_engine_sanlock",
        Iso = "iso",
        MemoryDumpVolume = "memory_dump_volume",
        MemoryMetadataVolume = "memory_metadata_volume",
        OvfStore = "ovf_store",
    }

    /// Disk format.
    DiskFormat { Cow = "cow", Raw = "raw" }

    /// Disk interface.
    DiskInterface {
        Ide = "ide",
        Sata = "sata",
        SpaprVscsi = "spapr_vscsi",
        Virtio = "virtio",
        VirtioScsi = "virtio_scsi",
    }

    /// Disk status.
    DiskStatus { Illegal = "illegal", Locked = "locked", Ok = "ok" }

    /// Disk storage type.
    DiskStorageType {
        Cinder = "cinder",
        Image = "image",
        Lun = "lun",
        ManagedBlockStorage = "managed_block_storage",
    }

    /// Disk type.
    DiskType { Data = "data", System = "system" }

    /// Image transfer direction.
    ImageTransferDirection { Download = "download", Upload = "upload" }

    /// Image transfer phase.
    ImageTransferPhase {
        Cancelled = "cancelled",
        CancelledSystem = "cancelled_system",
        CancelledUser = "cancelled_user",
        FinalizingCleanup = "finalizing_cleanup",
        FinalizingFailure = "finalizing_failure",
        FinalizingSuccess = "finalizing_success",
        FinishedCleanup = "finished_cleanup",
        FinishedFailure = "finished_failure",
        FinishedSuccess = "finished_success",
        Initializing = "initializing",
        PausedSystem = "paused_system",
        PausedUser = "paused_user",
        Resuming = "resuming",
        Transferring = "transferring",
        Unknown = "unknown",
    }

    /// Image transfer timeout policy.
    ImageTransferTimeoutPolicy { Cancel = "cancel", Legacy = "legacy", Pause = "pause" }

    /// Qcow version.
    QcowVersion { Qcow2V2 = "qcow2_v2", Qcow2V3 = "qcow2_v3" }

    /// SCSI generic I/O.
    ScsiGenericIO {
        Disabled = "disabled",
        Filtered = "filtered",
        Unfiltered = "unfiltered",
    }
}
