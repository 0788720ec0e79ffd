//! Data centers, quotas and quality of service.

use super::{
    Cluster, DataCenterStatus, Disk, Network, Permission, QosType, QuotaModeType,
    StorageConnection, StorageDomain, StorageFormat, User, Version, Vm,
};
use api_schema::api_type;

api_type! {
    /// A data center.
    entity DataCenter = "data_center", "data_centers" {
        name: String,
        description: String,
        comment: String,
        clusters: Vec<Cluster> = linked,
        iscsi_bonds: Vec<IscsiBond> = linked,
        local: bool,
        mac_pool: Box<MacPool>,
        networks: Vec<Network> = linked,
        permissions: Vec<Permission> = linked,
        qoss: Vec<Qos> = linked,
        quota_mode: QuotaModeType,
        quotas: Vec<Quota> = linked,
        status: DataCenterStatus,
        storage_domains: Vec<StorageDomain> = linked,
        storage_format: StorageFormat,
        supported_versions: Vec<Version>,
        version: Box<Version>,
    }

    /// Ranges of MAC addresses.
    entity MacPool = "mac_pool", "mac_pools" {
        name: String,
        description: String,
        comment: String,
        allow_duplicates: bool,
        default_pool: bool,
        permissions: Vec<Permission> = linked,
        ranges: Vec<Range>,
    }

    /// A range of MAC addresses.
    value Range = "range", "ranges" {
        from: String,
        to: String,
    }

    /// A limit of what a data center's users may take.
    entity Quota = "quota", "quotas" {
        name: String,
        description: String,
        comment: String,
        cluster_hard_limit_pct: i64,
        cluster_soft_limit_pct: i64,
        data_center: Box<DataCenter>,
        disks: Vec<Disk>,
        permissions: Vec<Permission> = linked,
        quota_cluster_limits: Vec<QuotaClusterLimit> = linked,
        quota_storage_limits: Vec<QuotaStorageLimit> = linked,
        storage_hard_limit_pct: i64,
        storage_soft_limit_pct: i64,
        users: Vec<User>,
        vms: Vec<Vm>,
    }

    /// A quota's limit in a cluster.
    entity QuotaClusterLimit = "quota_cluster_limit", "quota_cluster_limits" {
        name: String,
        description: String,
        comment: String,
        cluster: Box<Cluster>,
        memory_limit: f64,
        memory_usage: f64,
        quota: Box<Quota>,
        vcpu_limit: i64,
        vcpu_usage: i64,
    }

    /// A quota's limit in a storage domain.
    entity QuotaStorageLimit = "quota_storage_limit", "quota_storage_limits" {
        name: String,
        description: String,
        comment: String,
        limit: i64,
        quota: Box<Quota>,
        storage_domain: Box<StorageDomain>,
        usage: f64,
    }

    /// Quality of service.
    entity Qos = "qos", "qoss" {
        name: String,
        description: String,
        comment: String,
        cpu_limit: i64,
        data_center: Box<DataCenter>,
        inbound_average: i64,
        inbound_burst: i64,
        inbound_peak: i64,
        max_iops: i64,
        max_read_iops: i64,
        max_read_throughput: i64,
        max_throughput: i64,
        max_write_iops: i64,
        max_write_throughput: i64,
        outbound_average: i64,
        outbound_average_linkshare: i64,
        outbound_average_realtime: i64,
        outbound_average_upperlimit: i64,
        outbound_burst: i64,
        outbound_peak: i64,
        type_ as "type": QosType,
    }

    /// Networks that carry iSCSI together.
    entity IscsiBond = "iscsi_bond", "iscsi_bonds" {
        name: String,
        description: String,
        comment: String,
        data_center: Box<DataCenter>,
        networks: Vec<Network> = linked,
        storage_connections: Vec<StorageConnection> = linked,
    }
}
