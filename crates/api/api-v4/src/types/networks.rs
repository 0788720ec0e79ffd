//! Logical networks and vNIC profiles.

use super::{
    Cluster, CustomProperty, DataCenter, DnsResolverConfiguration, Ip, NetworkLabel, NetworkStatus,
    NetworkUsage, Nic, OpenStackNetworkProvider, Permission, Qos, Version, Vlan,
    VnicPassThroughMode,
};
use api_schema::api_type;

api_type! {
    /// A logical network.
    entity Network = "network", "networks" {
        name: String,
        description: String,
        comment: String,
        cluster: Box<Cluster>,
        data_center: Box<DataCenter>,
        display: bool,
        dns_resolver_configuration: Box<DnsResolverConfiguration>,
        external_provider: Box<OpenStackNetworkProvider>,
        external_provider_physical_network: Box<Network>,
        ip: Box<Ip>,
        mtu: i64,
        network_labels: Vec<NetworkLabel> = linked,
        permissions: Vec<Permission> = linked,
        port_isolation: bool,
        profile_required: bool,
        qos: Box<Qos>,
        required: bool,
        status: NetworkStatus,
        stp: bool,
        usages: Vec<NetworkUsage> = "usage",
        vdsm_name: String,
        vlan: Box<Vlan>,
        vnic_profiles: Vec<VnicProfile> = linked,
    }

    /// How a vNIC joins a network.
    entity VnicProfile = "vnic_profile", "vnic_profiles" {
        name: String,
        description: String,
        comment: String,
        custom_properties: Vec<CustomProperty>,
        failover: Box<VnicProfile>,
        migratable: bool,
        network: Box<Network>,
        network_filter: Box<NetworkFilter>,
        pass_through: Box<VnicPassThrough>,
        permissions: Vec<Permission> = linked,
        port_mirroring: bool,
        qos: Box<Qos>,
    }

    /// Whether a vNIC is a virtual function.
    value VnicPassThrough = "vnic_pass_through", "vnic_pass_throughs" {
        mode: VnicPassThroughMode,
    }

    /// Which profile replaces one of another engine.
    value VnicProfileMapping = "vnic_profile_mapping", "vnic_profile_mappings" {
        source_network_name: String,
        source_network_profile_name: String,
        target_vnic_profile: Box<VnicProfile>,
    }

    /// Port mirroring.
    value PortMirroring = "port_mirroring", "port_mirrorings" {
    }

    /// A packet filter.
    entity NetworkFilter = "network_filter", "network_filters" {
        name: String,
        description: String,
        comment: String,
        version: Box<Version>,
    }

    /// An argument of a packet filter.
    entity NetworkFilterParameter = "network_filter_parameter", "network_filter_parameters" {
        name: String,
        description: String,
        comment: String,
        nic: Box<Nic>,
        value: String,
    }
}
