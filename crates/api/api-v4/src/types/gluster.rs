//! Gluster volumes.

use super::{
    BlockStatistic, Cluster, GlusterBrickStatus, GlusterHookStatus, GlusterVolumeStatus,
    GlusterVolumeType, HookContentType, HookStage, Host, InstanceType, Option, Statistic, Template,
    TransportType, Vm,
};
use api_schema::api_type;

api_type! {
    /// A gluster volume.
    entity GlusterVolume = "gluster_volume", "gluster_volumes" {
        name: String,
        description: String,
        comment: String,
        bricks: Vec<GlusterBrick> = linked,
        cluster: Box<Cluster>,
        disperse_count: i64,
        options: Vec<Option>,
        redundancy_count: i64,
        replica_count: i64,
        statistics: Vec<Statistic> = linked,
        status: GlusterVolumeStatus,
        stripe_count: i64,
        transport_types: Vec<TransportType> = "transport_type",
        volume_type: GlusterVolumeType,
    }

    /// A volume's profile.
    entity GlusterVolumeProfileDetails = "gluster_volume_profile_details", "gluster_volume_profile_detailss" {
        name: String,
        description: String,
        comment: String,
        brick_profile_details: Vec<BrickProfileDetail>,
        nfs_profile_details: Vec<NfsProfileDetail>,
    }

    /// A brick.
    entity GlusterBrick = "brick", "bricks" {
        name: String,
        description: String,
        comment: String,
        brick_dir: String,
        device: String,
        fs_name: String,
        gluster_clients: Vec<GlusterClient>,
        gluster_volume: Box<GlusterVolume>,
        instance_type: Box<InstanceType>,
        memory_pools: Vec<GlusterMemoryPool>,
        mnt_options: String,
        pid: i64,
        port: i64,
        server_id: String,
        statistics: Vec<Statistic> = linked,
        status: GlusterBrickStatus,
        template: Box<Template>,
        vm: Box<Vm>,
        vms: Vec<Vm> = linked,
    }

    /// A brick in detail.
    entity GlusterBrickAdvancedDetails = "gluster_brick_advanced_details", "gluster_brick_advanced_detailss" {
        name: String,
        description: String,
        comment: String,
        device: String,
        fs_name: String,
        gluster_clients: Vec<GlusterClient>,
        instance_type: Box<InstanceType>,
        memory_pools: Vec<GlusterMemoryPool>,
        mnt_options: String,
        pid: i64,
        port: i64,
        template: Box<Template>,
        vm: Box<Vm>,
        vms: Vec<Vm> = linked,
    }

    /// Memory pools of a brick.
    value GlusterBrickMemoryInfo = "brick_memoryinfo", "gluster_brick_memory_infos" {
        memory_pools: Vec<GlusterMemoryPool>,
    }

    /// A memory pool.
    entity GlusterMemoryPool = "memory_pool", "memory_pools" {
        name: String,
        description: String,
        comment: String,
        alloc_count: i64,
        cold_count: i64,
        hot_count: i64,
        max_alloc: i64,
        max_stdalloc: i64,
        padded_size: i64,
        pool_misses: i64,
        type_ as "type": String,
    }

    /// A client of a brick.
    value GlusterClient = "gluster_client", "gluster_clients" {
        bytes_read: i64,
        bytes_written: i64,
        client_port: i64,
        host_name: String,
    }

    /// A script that runs on gluster's events.
    entity GlusterHook = "gluster_hook", "gluster_hooks" {
        name: String,
        description: String,
        comment: String,
        checksum: String,
        cluster: Box<Cluster>,
        conflict_status: i64,
        conflicts: String,
        content: String,
        content_type: HookContentType,
        gluster_command: String,
        server_hooks: Vec<GlusterServerHook> = linked,
        stage: HookStage,
        status: GlusterHookStatus,
    }

    /// Such a script on one host.
    entity GlusterServerHook = "server_hook", "server_hooks" {
        name: String,
        description: String,
        comment: String,
        checksum: String,
        content_type: HookContentType,
        host: Box<Host>,
        status: GlusterHookStatus,
    }

    /// A brick's profile.
    value BrickProfileDetail = "brick_profile_detail", "brick_profile_details" {
        brick: Box<GlusterBrick>,
        profile_details: Vec<ProfileDetail>,
    }

    /// The NFS server's profile.
    value NfsProfileDetail = "nfs_profile_detail", "nfs_profile_details" {
        nfs_server_ip: String,
        profile_details: Vec<ProfileDetail>,
    }

    /// Any profile.
    value EntityProfileDetail = "entity_profile_detail", "entity_profile_details" {
        profile_details: Vec<ProfileDetail>,
    }

    /// Figures of a profile.
    value ProfileDetail = "profile_detail", "profile_details" {
        block_statistics: Vec<BlockStatistic>,
        duration: i64,
        fop_statistics: Vec<FopStatistic>,
        profile_type: String,
        statistics: Vec<Statistic>,
    }

    /// Figures of one file operation.
    value FopStatistic = "fop_statistic", "fop_statistics" {
        name: String,
        statistics: Vec<Statistic>,
    }
}
