//! Enumerations of `types/imports.rs`.

use api_schema::api_enum;

api_enum! {
    /// Configuration type.
    ConfigurationType { Ova = "ova", Ovf = "ovf" }

    /// External VM provider type.
    ExternalVmProviderType { Kvm = "kvm", Vmware = "vmware", Xen = "xen" }
}
