//! Enumerations of `types/networks.rs`.

use api_schema::api_enum;

api_enum! {
    /// Network status.
    NetworkStatus { NonOperational = "non_operational", Operational = "operational" }

    /// Network usage.
    NetworkUsage {
        DefaultRoute = "default_route",
        Display = "display",
        Gluster = "gluster",
        Management = "management",
        Migration = "migration",
        Vm = "vm",
    }

    /// Vnic pass through mode.
    VnicPassThroughMode { Disabled = "disabled", Enabled = "enabled" }
}
