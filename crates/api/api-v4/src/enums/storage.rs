//! Enumerations of `types/storage.rs`.

use api_schema::api_enum;

api_enum! {
    /// Image file type.
    ImageFileType { Disk = "disk", Floppy = "floppy", Iso = "iso" }

    /// LUN status.
    LunStatus { Free = "free", Unusable = "unusable", Used = "used" }

    /// NFS version.
    NfsVersion {
        Auto = "auto",
        V3 = "v3",
        V4 = "v4",
        V40 = "v4_0",
        V41 = "v4_1",
        V42 = "v4_2",
    }

    /// Storage domain status.
    StorageDomainStatus {
        Activating = "activating",
        Active = "active",
        Detaching = "detaching",
        Inactive = "inactive",
        Locked = "locked",
        Maintenance = "maintenance",
        Mixed = "mixed",
        PreparingForMaintenance = "preparing_for_maintenance",
        Unattached = "unattached",
        Unknown = "unknown",
    }

    /// Storage domain type.
    StorageDomainType {
        Data = "data",
        Export = "export",
        Image = "image",
        Iso = "iso",
        ManagedBlockStorage = "managed_block_storage",
        Volume = "volume",
    }

    /// Storage type.
    StorageType {
        Cinder = "cinder",
        Fcp = "fcp",
        Glance = "glance",
        Glusterfs = "glusterfs",
        Iscsi = "iscsi",
        Localfs = "localfs",
        ManagedBlockStorage = "managed_block_storage",
        Nfs = "nfs",
        Posixfs = "posixfs",
    }
}
