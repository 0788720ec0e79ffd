//! Enumerations of `types/providers.rs`.

use api_schema::api_enum;

api_enum! {
    /// Network plugin type.
    NetworkPluginType { OpenVswitch = "open_vswitch" }

    /// Open stack network provider type.
    OpenStackNetworkProviderType { External = "external", Neutron = "neutron" }

    /// Openstack volume authentication key usage type.
    OpenstackVolumeAuthenticationKeyUsageType { Ceph = "ceph" }
}
