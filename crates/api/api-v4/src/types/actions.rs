//! Actions, faults and what actions give back.

use super::{
    AuthorizedKey, AutoPinningPolicy, Certificate, Cluster, ClusterUpgradeAction, DataCenter, Disk,
    DiskAttachment, DiskProfile, GlusterBrick, GlusterVolumeProfileDetails, Host, HostNic,
    HostNicVirtualFunctionsConfiguration, ImageTransfer, IscsiDetails, Job, LogicalUnit,
    NetworkAttachment, NetworkLabel, Permission, PowerManagement, ProxyTicket, Quota,
    RegistrationConfiguration, Snapshot, Ssh, StorageConnection, StorageDomain, StorageDomainLease,
    Template, Ticket, Vm, VnicProfileMapping,
};
use api_schema::api_type;

api_type! {
    /// An action on a resource: its arguments and its result.
    entity Action = "action", "actions" {
        name: String,
        description: String,
        comment: String,
        activate: bool,
        allow_partial_import: bool,
        async_ as "async": bool,
        attach_wgt: bool,
        attachment: Box<DiskAttachment>,
        authorized_key: Box<AuthorizedKey>,
        auto_pinning_policy: AutoPinningPolicy,
        bricks: Vec<GlusterBrick>,
        certificates: Vec<Certificate>,
        check_connectivity: bool,
        clone: bool,
        clone_permissions: bool,
        cluster: Box<Cluster>,
        collapse_snapshots: bool,
        commit_on_success: bool,
        connection: Box<StorageConnection>,
        connectivity_timeout: i64,
        correlation_id: String,
        data_center: Box<DataCenter>,
        deploy_hosted_engine: bool,
        details: Box<GlusterVolumeProfileDetails>,
        directory: String,
        discard_snapshots: bool,
        discovered_targets: Vec<IscsiDetails>,
        disk: Box<Disk>,
        disk_profile: Box<DiskProfile>,
        disks: Vec<Disk>,
        exclusive: bool,
        fault: Box<Fault>,
        fence_type: String,
        filename: String,
        filter: bool,
        fix_layout: bool,
        follow: String,
        force: bool,
        grace_period: Box<GracePeriod>,
        host: Box<Host>,
        image: String,
        image_transfer: Box<ImageTransfer>,
        import_as_template: bool,
        is_attached: bool,
        iscsi: Box<IscsiDetails>,
        iscsi_targets: Vec<String> = "iscsi_target",
        job: Box<Job>,
        lease: Box<StorageDomainLease>,
        logical_units: Vec<LogicalUnit>,
        maintenance_after_restart: bool,
        maintenance_enabled: bool,
        migrate_vms_in_affinity_closure: bool,
        modified_bonds: Vec<HostNic>,
        modified_labels: Vec<NetworkLabel>,
        modified_network_attachments: Vec<NetworkAttachment>,
        optimize_cpu_settings: bool,
        option: Box<Option>,
        pause: bool,
        permission: Box<Permission>,
        power_management: Box<PowerManagement>,
        proxy_ticket: Box<ProxyTicket>,
        quota: Box<Quota>,
        reason: String,
        reassign_bad_macs: bool,
        reboot: bool,
        registration_configuration: Box<RegistrationConfiguration>,
        remote_viewer_connection_file: String,
        removed_bonds: Vec<HostNic>,
        removed_labels: Vec<NetworkLabel>,
        removed_network_attachments: Vec<NetworkAttachment>,
        resolution_type: String,
        restore_memory: bool,
        root_password: String,
        seal: bool,
        snapshot: Box<Snapshot>,
        source_host: Box<Host>,
        ssh: Box<Ssh>,
        status: String,
        stop_gluster_service: bool,
        storage_domain: Box<StorageDomain>,
        storage_domains: Vec<StorageDomain>,
        succeeded: bool,
        synchronized_network_attachments: Vec<NetworkAttachment>,
        template: Box<Template>,
        ticket: Box<Ticket>,
        timeout: i64,
        undeploy_hosted_engine: bool,
        upgrade_action: ClusterUpgradeAction,
        upgrade_percent_complete: i64,
        use_cloud_init: bool,
        use_ignition: bool,
        use_initialization: bool,
        use_sysprep: bool,
        virtual_functions_configuration: Box<HostNicVirtualFunctionsConfiguration>,
        vm: Box<Vm>,
        vnic_profile_mappings: Vec<VnicProfileMapping>,
        volatile: bool,
    }

    /// Why a request was refused.
    value Fault = "fault", "faults" {
        detail: String,
        reason: String,
    }

    /// How long to wait before an action begins.
    value GracePeriod = "grace_period", "grace_periods" {
        expiry: i64,
    }

    /// A name with a value, as fencing agents and gluster volumes have.
    value Option = "option", "options" {
        name: String,
        type_ as "type": String,
        value: String,
    }

    /// A name with a value.
    value Property = "property", "properties" {
        name: String,
        value: String,
    }

    /// A property that an administrator defined.
    value CustomProperty = "custom_property", "custom_properties" {
        name: String,
        regexp: String,
        value: String,
    }

    /// A package of a host's software.
    value Package = "package", "packages" {
        name: String,
    }

    /// A way to log in without a password.
    entity Method = "method", "methods" {
    }

    /// A product.
    entity Product = "product", "products" {
        name: String,
        description: String,
        comment: String,
    }

    /// A vendor.
    entity Vendor = "vendor", "vendors" {
        name: String,
        description: String,
        comment: String,
    }

    /// A version with its parts.
    entity Version = "version", "versions" {
        name: String,
        description: String,
        comment: String,
        build: i64,
        full_version: String,
        major: i64,
        minor: i64,
        revision: i64,
    }

    /// What every entity has.
    entity Identified = "identified", "identifieds" {
        name: String,
        description: String,
        comment: String,
    }
}
