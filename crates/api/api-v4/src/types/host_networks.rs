//! The networks of hosts.

use super::{
    BootProtocol, Host, IpVersion, Network, Nic, NicStatus, Option, Property, Qos, Statistic,
};
use api_schema::api_type;

api_type! {
    /// A network card of a host.
    entity HostNic = "host_nic", "host_nics" {
        name: String,
        description: String,
        comment: String,
        ad_aggregator_id: i64,
        base_interface: String,
        bonding: Box<Bonding>,
        boot_protocol: BootProtocol,
        bridged: bool,
        check_connectivity: bool,
        custom_configuration: bool,
        host: Box<Host>,
        ip: Box<Ip>,
        ipv6: Box<Ip>,
        ipv6_boot_protocol: BootProtocol,
        mac: Box<Mac>,
        mtu: i64,
        network: Box<Network>,
        network_labels: Vec<NetworkLabel> = linked,
        override_configuration: bool,
        physical_function: Box<HostNic>,
        properties: Vec<Property>,
        qos: Box<Qos>,
        speed: i64,
        statistics: Vec<Statistic> = linked,
        status: NicStatus,
        virtual_functions_configuration: Box<HostNicVirtualFunctionsConfiguration>,
        vlan: Box<Vlan>,
    }

    /// SR-IOV of a host's network card.
    value HostNicVirtualFunctionsConfiguration = "host_nic_virtual_functions_configuration", "host_nic_virtual_functions_configurations" {
        all_networks_allowed: bool,
        max_number_of_virtual_functions: i64,
        number_of_virtual_functions: i64,
    }

    /// Network cards that act as one.
    value Bonding = "bonding", "bondings" {
        active_slave: Box<HostNic>,
        ad_partner_mac: Box<Mac>,
        options: Vec<Option>,
        slaves: Vec<HostNic>,
    }

    /// A network on a host's card.
    entity NetworkAttachment = "network_attachment", "network_attachments" {
        name: String,
        description: String,
        comment: String,
        dns_resolver_configuration: Box<DnsResolverConfiguration>,
        host: Box<Host>,
        host_nic: Box<HostNic>,
        in_sync: bool,
        ip_address_assignments: Vec<IpAddressAssignment>,
        network: Box<Network>,
        properties: Vec<Property>,
        qos: Box<Qos>,
        reported_configurations: Vec<ReportedConfiguration>,
    }

    /// How an address is got.
    value IpAddressAssignment = "ip_address_assignment", "ip_address_assignments" {
        assignment_method: BootProtocol,
        ip: Box<Ip>,
    }

    /// An IP address.
    value Ip = "ip", "ips" {
        address: String,
        gateway: String,
        netmask: String,
        version: IpVersion,
    }

    /// An Ethernet address.
    value Mac = "mac", "macs" {
        address: String,
    }

    /// A VLAN tag, which is its id.
    entity Vlan = "vlan", "vlans" {
    }

    /// A network on a host that the engine does not know.
    entity UnmanagedNetwork = "unmanaged_network", "unmanaged_networks" {
        name: String,
        description: String,
        comment: String,
        host: Box<Host>,
        host_nic: Box<HostNic>,
    }

    /// A label that puts networks on cards.
    entity NetworkLabel = "network_label", "network_labels" {
        name: String,
        description: String,
        comment: String,
        host_nic: Box<HostNic>,
        network: Box<Network>,
    }

    /// A setting of a network as a host has it.
    value ReportedConfiguration = "reported_configuration", "reported_configurations" {
        name: String,
        actual_value: String,
        expected_value: String,
        in_sync: bool,
    }

    /// Name servers.
    value DnsResolverConfiguration = "dns_resolver_configuration", "dns_resolver_configurations" {
        name_servers: Vec<String> = "name_server",
    }

    /// Name servers and search domains.
    value Dns = "dns", "dnss" {
        search_domains: Vec<Host>,
        servers: Vec<Host>,
    }

    /// Network settings for a guest's first start.
    value NetworkConfiguration = "network_configuration", "network_configurations" {
        dns: Box<Dns>,
        nics: Vec<Nic>,
    }

    /// A card's settings for a guest's first start.
    value NicConfiguration = "nic_configuration", "nic_configurations" {
        name: String,
        boot_protocol: BootProtocol,
        ip: Box<Ip>,
        ipv6: Box<Ip>,
        ipv6_boot_protocol: BootProtocol,
        on_boot: bool,
    }
}
