//! Enumerations of `types/vms.rs`.

use api_schema::api_enum;

api_enum! {
    /// Cloud init network protocol.
    CloudInitNetworkProtocol { Eni = "eni", OpenstackMetadata = "openstack_metadata" }

    /// CPU pinning policy.
    CpuPinningPolicy {
        Dedicated = "dedicated",
        IsolateThreads = "isolate_threads",
        Manual = "manual",
        None = "none",
        ResizeAndPinNuma = "resize_and_pin_numa",
    }

    /// Payload encoding.
    PayloadEncoding { Base64 = "base64", Plaintext = "plaintext" }

    /// Snapshot status.
    SnapshotStatus { InPreview = "in_preview", Locked = "locked", Ok = "ok" }

    /// Snapshot type.
    SnapshotType {
        Active = "active",
        Preview = "preview",
        Regular = "regular",
        Stateless = "stateless",
    }

    /// VM affinity.
    VmAffinity {
        Migratable = "migratable",
        Pinned = "pinned",
        UserMigratable = "user_migratable",
    }

    /// VM device type.
    VmDeviceType { Cdrom = "cdrom", Floppy = "floppy" }

    /// VM pool type.
    VmPoolType { Automatic = "automatic", Manual = "manual" }

    /// VM status.
    VmStatus {
        Down = "down",
        ImageLocked = "image_locked",
        Migrating = "migrating",
        NotResponding = "not_responding",
        Paused = "paused",
        PoweringDown = "powering_down",
        PoweringUp = "powering_up",
        RebootInProgress = "reboot_in_progress",
        RestoringState = "restoring_state",
        SavingState = "saving_state",
        Suspended = "suspended",
        Unassigned = "unassigned",
        Unknown = "unknown",
        Up = "up",
        WaitForLaunch = "wait_for_launch",
    }

    /// VM storage error resume behaviour.
    VmStorageErrorResumeBehaviour {
        AutoResume = "auto_resume",
        Kill = "kill",
        LeavePaused = "leave_paused",
    }

    /// VM type.
    VmType {
        Desktop = "desktop",
        HighPerformance = "high_performance",
        Server = "server",
    }
}
