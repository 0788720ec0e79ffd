//! Enumerations of `types/clusters.rs`.

use api_schema::api_enum;

api_enum! {
    /// BIOS type.
    BiosType {
        ClusterDefault = "cluster_default",
        I440fxSeaBios = "i440fx_sea_bios",
        Q35Ovmf = "q35_ovmf",
        Q35SeaBios = "q35_sea_bios",
        Q35SecureBoot = "q35_secure_boot",
    }

    /// FIPS mode.
    FipsMode { Disabled = "disabled", Enabled = "enabled", Undefined = "undefined" }

    /// Firewall type.
    FirewallType { Firewalld = "firewalld", Iptables = "iptables" }

    /// Inheritable boolean.
    InheritableBoolean { False = "false", Inherit = "inherit", True = "true" }

    /// Log max memory used threshold type.
    LogMaxMemoryUsedThresholdType {
        AbsoluteValueInMb = "absolute_value_in_mb",
        Percentage = "percentage",
    }

    /// Migrate on error.
    MigrateOnError {
        DoNotMigrate = "do_not_migrate",
        Migrate = "migrate",
        MigrateHighlyAvailable = "migrate_highly_available",
    }

    /// Migration bandwidth assignment method.
    MigrationBandwidthAssignmentMethod {
        Auto = "auto",
        Custom = "custom",
        HypervisorDefault = "hypervisor_default",
    }

    /// Parallel migrations policy.
    ParallelMigrationsPolicy {
        Auto = "auto",
        AutoParallel = "auto_parallel",
        Custom = "custom",
        Disabled = "disabled",
        Inherit = "inherit",
    }

    /// Policy unit type.
    PolicyUnitType {
        Filter = "filter",
        LoadBalancing = "load_balancing",
        Weight = "weight",
    }

    /// RNG source.
    RngSource { Hwrng = "hwrng", Random = "random", Urandom = "urandom" }

    /// Serial number policy.
    SerialNumberPolicy { Custom = "custom", Host = "host", None = "none", Vm = "vm" }

    /// Switch type.
    SwitchType { Legacy = "legacy", Ovs = "ovs" }
}
