//! Other systems that the engine works with.

use super::{
    AgentConfiguration, Certificate, DataCenter, Host, NetworkPluginType,
    OpenStackNetworkProviderType, OpenstackVolumeAuthenticationKeyUsageType, Property,
};
use api_schema::api_type;
use base::Timestamp;

api_type! {
    /// Any provider.
    entity ExternalProvider = "external_provider", "external_providers" {
        name: String,
        description: String,
        comment: String,
        authentication_url: String,
        password: String,
        properties: Vec<Property>,
        requires_authentication: bool,
        url: String,
        username: String,
    }

    /// A provider of hosts (Foreman).
    entity ExternalHostProvider = "external_host_provider", "external_host_providers" {
        name: String,
        description: String,
        comment: String,
        authentication_url: String,
        certificates: Vec<Certificate> = linked,
        compute_resources: Vec<ExternalComputeResource> = linked,
        discovered_hosts: Vec<ExternalDiscoveredHost> = linked,
        host_groups: Vec<ExternalHostGroup> = linked,
        hosts: Vec<Host> = linked,
        password: String,
        properties: Vec<Property>,
        requires_authentication: bool,
        url: String,
        username: String,
    }

    /// A host of a provider.
    entity ExternalHost = "external_host", "external_hosts" {
        name: String,
        description: String,
        comment: String,
        address: String,
        external_host_provider: Box<ExternalHostProvider>,
    }

    /// A host that a provider discovered.
    entity ExternalDiscoveredHost = "external_discovered_host", "external_discovered_hosts" {
        name: String,
        description: String,
        comment: String,
        external_host_provider: Box<ExternalHostProvider>,
        ip: String,
        last_report: String,
        mac: String,
        subnet_name: String,
    }

    /// A group of hosts of a provider.
    entity ExternalHostGroup = "external_host_group", "external_host_groups" {
        name: String,
        description: String,
        comment: String,
        architecture_name: String,
        domain_name: String,
        external_host_provider: Box<ExternalHostProvider>,
        operating_system_name: String,
        subnet_name: String,
    }

    /// A compute resource of a provider.
    entity ExternalComputeResource = "external_compute_resource", "external_compute_resources" {
        name: String,
        description: String,
        comment: String,
        external_host_provider: Box<ExternalHostProvider>,
        provider: String,
        url: String,
        user: String,
    }

    /// A network provider on a host.
    entity ExternalNetworkProviderConfiguration = "external_network_provider_configuration", "external_network_provider_configurations" {
        name: String,
        description: String,
        comment: String,
        external_network_provider: Box<ExternalProvider>,
        host: Box<Host>,
    }

    /// A provider that speaks OpenStack.
    entity OpenStackProvider = "open_stack_provider", "open_stack_providers" {
        name: String,
        description: String,
        comment: String,
        authentication_url: String,
        password: String,
        properties: Vec<Property>,
        requires_authentication: bool,
        tenant_name: String,
        url: String,
        username: String,
    }

    /// An image of Glance.
    entity OpenStackImage = "openstack_image", "openstack_images" {
        name: String,
        description: String,
        comment: String,
        openstack_image_provider: Box<OpenStackImageProvider>,
    }

    /// Glance.
    entity OpenStackImageProvider = "openstack_image_provider", "openstack_image_providers" {
        name: String,
        description: String,
        comment: String,
        authentication_url: String,
        certificates: Vec<Certificate> = linked,
        images: Vec<OpenStackImage> = linked,
        password: String,
        properties: Vec<Property>,
        requires_authentication: bool,
        tenant_name: String,
        url: String,
        username: String,
    }

    /// A network of Neutron.
    entity OpenStackNetwork = "openstack_network", "openstack_networks" {
        name: String,
        description: String,
        comment: String,
        openstack_network_provider: Box<OpenStackNetworkProvider>,
    }

    /// Neutron, or a provider that speaks its language.
    entity OpenStackNetworkProvider = "openstack_network_provider", "openstack_network_providers" {
        name: String,
        description: String,
        comment: String,
        agent_configuration: Box<AgentConfiguration>,
        authentication_url: String,
        auto_sync: bool,
        certificates: Vec<Certificate> = linked,
        external_plugin_type: String,
        networks: Vec<OpenStackNetwork> = linked,
        password: String,
        plugin_type: NetworkPluginType,
        project_domain_name: String,
        project_name: String,
        properties: Vec<Property>,
        read_only: bool,
        requires_authentication: bool,
        subnets: Vec<OpenStackSubnet> = linked,
        tenant_name: String,
        type_ as "type": OpenStackNetworkProviderType,
        unmanaged: bool,
        url: String,
        user_domain_name: String,
        username: String,
    }

    /// A subnet of Neutron.
    entity OpenStackSubnet = "openstack_subnet", "openstack_subnets" {
        name: String,
        description: String,
        comment: String,
        cidr: String,
        dns_servers: Vec<String> = "dns_server",
        gateway: String,
        ip_version: String,
        openstack_network: Box<OpenStackNetwork>,
    }

    /// Cinder.
    entity OpenStackVolumeProvider = "openstack_volume_provider", "openstack_volume_providers" {
        name: String,
        description: String,
        comment: String,
        authentication_keys: Vec<OpenstackVolumeAuthenticationKey> = linked,
        authentication_url: String,
        certificates: Vec<Certificate> = linked,
        data_center: Box<DataCenter>,
        password: String,
        properties: Vec<Property>,
        requires_authentication: bool,
        tenant_name: String,
        url: String,
        username: String,
        volume_types: Vec<OpenStackVolumeType> = linked,
    }

    /// A volume type of Cinder.
    entity OpenStackVolumeType = "open_stack_volume_type", "open_stack_volume_types" {
        name: String,
        description: String,
        comment: String,
        openstack_volume_provider: Box<OpenStackVolumeProvider>,
        properties: Vec<Property>,
    }

    /// A key for Cinder's volumes.
    entity OpenstackVolumeAuthenticationKey = "openstack_volume_authentication_key", "openstack_volume_authentication_keys" {
        name: String,
        description: String,
        comment: String,
        creation_date: Timestamp,
        openstack_volume_provider: Box<OpenStackVolumeProvider>,
        usage_type: OpenstackVolumeAuthenticationKeyUsageType,
        uuid: String,
        value: String,
    }
}
