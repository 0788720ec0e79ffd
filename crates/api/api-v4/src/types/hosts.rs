//! Hosts and their parts.

use super::{
    AffinityLabel, AutoNumaStatus, Cluster, Cpu, Display, ExternalHostProvider,
    ExternalNetworkProviderConfiguration, ExternalStatus, HostNic, HostProtocol, HostStatus,
    HostStorage, HostType, IscsiDetails, KatelloErratum, KdumpStatus, Ksm, MessageBrokerType,
    NetworkAttachment, NumaTuneMode, OperatingSystem, Option, Permission, PmProxyType,
    PowerManagementStatus, Product, Property, RngSource, SeLinuxMode, SpmStatus,
    SshAuthenticationMethod, Statistic, StorageConnectionExtension, Tag, TransparentHugePages,
    UnmanagedNetwork, User, Vendor, Version, VgpuPlacement, Vm,
};
use api_schema::api_type;

api_type! {
    /// A hypervisor.
    entity Host = "host", "hosts" {
        name: String,
        description: String,
        comment: String,
        address: String,
        affinity_labels: Vec<AffinityLabel> = linked,
        agents: Vec<Agent> = linked,
        auto_numa_status: AutoNumaStatus,
        certificate: Box<Certificate>,
        cluster: Box<Cluster>,
        cpu: Box<Cpu>,
        cpu_units: Vec<HostCpuUnit> = linked,
        device_passthrough: Box<HostDevicePassthrough>,
        devices: Vec<HostDevice> = linked,
        display: Box<Display>,
        external_host_provider: Box<ExternalHostProvider>,
        external_network_provider_configurations: Vec<ExternalNetworkProviderConfiguration> = linked,
        external_status: ExternalStatus,
        hardware_information: Box<HardwareInformation>,
        hooks: Vec<Hook> = linked,
        numa_nodes as "host_numa_nodes": Vec<NumaNode> = linked,
        hosted_engine: Box<HostedEngine>,
        iscsi: Box<IscsiDetails>,
        katello_errata: Vec<KatelloErratum> = linked,
        kdump_status: KdumpStatus,
        ksm: Box<Ksm>,
        libvirt_version: Box<Version>,
        max_scheduling_memory: i64,
        memory: i64,
        network_attachments: Vec<NetworkAttachment> = linked,
        network_operation_in_progress: bool,
        nics: Vec<HostNic> = linked,
        numa_supported: bool,
        os: Box<OperatingSystem>,
        override_iptables: bool,
        ovn_configured: bool,
        permissions: Vec<Permission> = linked,
        port: i64,
        power_management: Box<PowerManagement>,
        protocol: HostProtocol,
        reinstallation_required: bool,
        root_password: String,
        se_linux: Box<SeLinux>,
        spm: Box<Spm>,
        ssh: Box<Ssh>,
        statistics: Vec<Statistic> = linked,
        status: HostStatus,
        status_detail: String,
        storage_connection_extensions: Vec<StorageConnectionExtension> = linked,
        storages: Vec<HostStorage> = linked,
        summary: Box<VmSummary>,
        tags: Vec<Tag> = linked,
        transparent_huge_pages as "transparent_hugepages": Box<TransparentHugePages>,
        type_ as "type": HostType,
        unmanaged_networks: Vec<UnmanagedNetwork> = linked,
        update_available: bool,
        version: Box<Version>,
        vgpu_placement: VgpuPlacement,
    }

    /// A logical CPU of a host.
    entity HostCpuUnit = "host_cpu_unit", "host_cpu_units" {
        name: String,
        description: String,
        comment: String,
        core_id: i64,
        cpu_id: i64,
        runs_vdsm: bool,
        socket_id: i64,
        vms: Vec<Vm> = linked,
    }

    /// A device of a host.
    entity HostDevice = "host_device", "host_devices" {
        name: String,
        description: String,
        comment: String,
        capability: String,
        driver: String,
        host: Box<Host>,
        iommu_group: i64,
        m_dev_types: Vec<MDevType>,
        parent_device: Box<HostDevice>,
        physical_function: Box<HostDevice>,
        placeholder: bool,
        product: Box<Product>,
        vendor: Box<Vendor>,
        virtual_functions: i64,
        vm: Box<Vm>,
    }

    /// Whether devices can be handed to guests.
    value HostDevicePassthrough = "host_device_passthrough", "host_device_passthroughs" {
        enabled: bool,
    }

    /// The host as a place of the hosted engine.
    value HostedEngine = "hosted_engine", "hosted_engines" {
        active: bool,
        configured: bool,
        global_maintenance: bool,
        local_maintenance: bool,
        score: i64,
    }

    /// Maker and model of a host.
    value HardwareInformation = "hardware_information", "hardware_informations" {
        family: String,
        manufacturer: String,
        product_name: String,
        serial_number: String,
        supported_rng_sources: Vec<RngSource> = "supported_rng_source",
        uuid: String,
        version: String,
    }

    /// A script that runs on a host at an event.
    entity Hook = "hook", "hooks" {
        name: String,
        description: String,
        comment: String,
        event_name: String,
        host: Box<Host>,
        md5: String,
    }

    /// A kernel.
    value Kernel = "kernel", "kernels" {
        version: Box<Version>,
    }

    /// SELinux of a host.
    value SeLinux = "se_linux", "se_linuxs" {
        mode: SeLinuxMode,
    }

    /// The host as storage pool manager.
    value Spm = "spm", "spms" {
        priority: i64,
        status: SpmStatus,
    }

    /// How to reach a host by SSH.
    entity Ssh = "ssh", "sshs" {
        name: String,
        description: String,
        comment: String,
        authentication_method: SshAuthenticationMethod,
        fingerprint: String,
        port: i64,
        public_key: String,
        user: Box<User>,
    }

    /// How many VMs a host has.
    value VmSummary = "vm_summary", "vm_summaries" {
        active: i64,
        migrating: i64,
        total: i64,
    }

    /// How a host is fenced.
    value PowerManagement = "power_management", "power_managements" {
        address: String,
        agents: Vec<Agent>,
        automatic_pm_enabled: bool,
        enabled: bool,
        kdump_detection: bool,
        options: Vec<Option>,
        password: String,
        pm_proxies: Vec<PmProxy>,
        status: PowerManagementStatus,
        type_ as "type": String,
        username: String,
    }

    /// Where a fencing command may run.
    value PmProxy = "pm_proxy", "pm_proxies" {
        type_ as "type": PmProxyType,
    }

    /// A fencing agent.
    entity Agent = "agent", "agents" {
        name: String,
        description: String,
        comment: String,
        address: String,
        concurrent: bool,
        encrypt_options: bool,
        host: Box<Host>,
        options: Vec<Option>,
        order: i64,
        password: String,
        port: i64,
        type_ as "type": String,
        username: String,
    }

    /// What an agent of a network provider needs.
    value AgentConfiguration = "agent_configuration", "agent_configurations" {
        address: String,
        broker_type: MessageBrokerType,
        network_mappings: String,
        password: String,
        port: i64,
        username: String,
    }

    /// A certificate.
    entity Certificate = "certificate", "certificates" {
        name: String,
        description: String,
        comment: String,
        content: String,
        organization: String,
        subject: String,
    }

    /// A type of mediated devices.
    value MDevType = "m_dev_type", "m_dev_types" {
        name: String,
        description: String,
        available_instances: i64,
        human_readable_name: String,
    }

    /// A NUMA node.
    entity NumaNode = "host_numa_node", "host_numa_nodes" {
        name: String,
        description: String,
        comment: String,
        cpu: Box<Cpu>,
        host: Box<Host>,
        index: i64,
        memory: i64,
        node_distance: String,
        statistics: Vec<Statistic> = linked,
    }

    /// A NUMA node of a VM.
    entity VirtualNumaNode = "vm_numa_node", "vm_numa_nodes" {
        name: String,
        description: String,
        comment: String,
        cpu: Box<Cpu>,
        host: Box<Host>,
        index: i64,
        memory: i64,
        node_distance: String,
        numa_node_pins: Vec<NumaNodePin>,
        numa_tune_mode: NumaTuneMode,
        statistics: Vec<Statistic> = linked,
        vm: Box<Vm>,
    }

    /// A binding of NUMA nodes.
    value NumaNodePin = "numa_node_pin", "numa_node_pins" {
        host_numa_node: Box<NumaNode>,
        index: i64,
        pinned: bool,
    }

    /// What a switch told by LLDP.
    entity LinkLayerDiscoveryProtocolElement = "link_layer_discovery_protocol_element", "link_layer_discovery_protocol_elements" {
        name: String,
        description: String,
        comment: String,
        oui: i64,
        properties: Vec<Property>,
        subtype: i64,
        type_ as "type": i64,
    }

    /// A ticket for the console's proxy.
    value ProxyTicket = "proxy_ticket", "proxy_tickets" {
        value: String,
    }
}
