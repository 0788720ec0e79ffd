//! Storage domains, connections and what storage is made of.

use super::{
    DataCenter, Disk, DiskSnapshot, ExternalStatus, GlusterVolume, Host, ImageFileType, LunStatus,
    NfsVersion, Permission, Property, Qos, StorageDomainStatus, StorageDomainType, StorageFormat,
    StorageType, Template, Vm,
};
use api_schema::api_type;

api_type! {
    /// A storage domain.
    entity StorageDomain = "storage_domain", "storage_domains" {
        name: String,
        description: String,
        comment: String,
        available: i64,
        backup: bool,
        block_size: i64,
        committed: i64,
        critical_space_action_blocker: i64,
        data_center: Box<DataCenter>,
        data_centers: Vec<DataCenter> = linked,
        discard_after_delete: bool,
        disk_profiles: Vec<DiskProfile> = linked,
        disk_snapshots: Vec<DiskSnapshot> = linked,
        disks: Vec<Disk> = linked,
        external_status: ExternalStatus,
        files: Vec<File> = linked,
        host: Box<Host>,
        images: Vec<Image> = linked,
        import: bool,
        master: bool,
        permissions: Vec<Permission> = linked,
        status: StorageDomainStatus,
        storage: Box<HostStorage>,
        storage_connections: Vec<StorageConnection> = linked,
        storage_format: StorageFormat,
        supports_discard: bool,
        supports_discard_zeroes_data: bool,
        templates: Vec<Template> = linked,
        type_ as "type": StorageDomainType,
        used: i64,
        vms: Vec<Vm> = linked,
        warning_low_space_indicator: i64,
        wipe_after_delete: bool,
    }

    /// A lease on a storage domain.
    value StorageDomainLease = "storage_domain_lease", "storage_domain_leases" {
        storage_domain: Box<StorageDomain>,
    }

    /// How to reach storage.
    entity StorageConnection = "storage_connection", "storage_connections" {
        name: String,
        description: String,
        comment: String,
        address: String,
        gluster_volume: Box<GlusterVolume>,
        host: Box<Host>,
        mount_options: String,
        nfs_retrans: i64,
        nfs_timeo: i64,
        nfs_version: NfsVersion,
        password: String,
        path: String,
        port: i64,
        portal: String,
        target: String,
        type_ as "type": StorageType,
        username: String,
        vfs_type: String,
    }

    /// Credentials of a host for iSCSI targets.
    entity StorageConnectionExtension = "storage_connection_extension", "storage_connection_extensions" {
        name: String,
        description: String,
        comment: String,
        host: Box<Host>,
        password: String,
        target: String,
        username: String,
    }

    /// Storage as a host sees it.
    entity HostStorage = "host_storage", "host_storages" {
        name: String,
        description: String,
        comment: String,
        address: String,
        driver_options: Vec<Property>,
        driver_sensitive_options: Vec<Property>,
        host: Box<Host>,
        logical_units: Vec<LogicalUnit>,
        mount_options: String,
        nfs_retrans: i64,
        nfs_timeo: i64,
        nfs_version: NfsVersion,
        override_luns: bool,
        password: String,
        path: String,
        port: i64,
        portal: String,
        target: String,
        type_ as "type": StorageType,
        username: String,
        vfs_type: String,
        volume_group: Box<VolumeGroup>,
    }

    /// A LUN.
    entity LogicalUnit = "logical_unit", "logical_units" {
        active_paths: i64,
        address: String,
        discard_max_size: i64,
        discard_zeroes_data: bool,
        disk_id: String,
        lun_mapping: i64,
        password: String,
        paths: i64,
        port: i64,
        portal: String,
        product_id: String,
        serial: String,
        size: i64,
        status: LunStatus,
        storage_domain_id: String,
        target: String,
        username: String,
        vendor_id: String,
        volume_group_id: String,
    }

    /// A volume group of LUNs.
    entity VolumeGroup = "volume_group", "volume_groups" {
        name: String,
        logical_units: Vec<LogicalUnit>,
    }

    /// An iSCSI target.
    value IscsiDetails = "iscsi_details", "iscsi_detailss" {
        address: String,
        disk_id: String,
        initiator: String,
        lun_mapping: i64,
        password: String,
        paths: i64,
        port: i64,
        portal: String,
        product_id: String,
        serial: String,
        size: i64,
        status: String,
        storage_domain_id: String,
        target: String,
        username: String,
        vendor_id: String,
        volume_group_id: String,
    }

    /// A file on an ISO domain.
    entity File = "file", "files" {
        name: String,
        description: String,
        comment: String,
        content: String,
        storage_domain: Box<StorageDomain>,
        type_ as "type": String,
    }

    /// An image of an image provider.
    entity Image = "image", "images" {
        name: String,
        description: String,
        comment: String,
        size: i64,
        storage_domain: Box<StorageDomain>,
        type_ as "type": ImageFileType,
    }

    /// A disk profile: a name for quality of service.
    entity DiskProfile = "disk_profile", "disk_profiles" {
        name: String,
        description: String,
        comment: String,
        permissions: Vec<Permission> = linked,
        qos: Box<Qos>,
        storage_domain: Box<StorageDomain>,
    }
}
