//! Enumerations of `types/data_centers.rs`.

use api_schema::api_enum;

api_enum! {
    /// Data center status.
    DataCenterStatus {
        Contend = "contend",
        Maintenance = "maintenance",
        NotOperational = "not_operational",
        Problematic = "problematic",
        Uninitialized = "uninitialized",
        Up = "up",
    }

    /// QoS type.
    QosType {
        Cpu = "cpu",
        Hostnetwork = "hostnetwork",
        Network = "network",
        Storage = "storage",
    }

    /// Quota mode type.
    QuotaModeType { Audit = "audit", Disabled = "disabled", Enabled = "enabled" }

    /// Storage format.
    StorageFormat { V1 = "v1", V2 = "v2", V3 = "v3", V4 = "v4", V5 = "v5" }
}
