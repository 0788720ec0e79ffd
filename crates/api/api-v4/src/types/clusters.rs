//! Clusters and their policies.

use super::{
    BiosType, ClusterFeature, Cpu, DataCenter, Display, ExternalProvider, FipsMode, FirewallType,
    GlusterHook, GlusterVolume, Group, Host, InheritableBoolean, LogMaxMemoryUsedThresholdType,
    MacPool, MigrateOnError, MigrationBandwidthAssignmentMethod, Network, NetworkFilter,
    ParallelMigrationsPolicy, Permission, PolicyUnitType, Property, Qos, RngSource,
    SerialNumberPolicy, SwitchType, Template, User, Version, Vm,
};
use api_schema::api_type;

api_type! {
    /// A cluster.
    entity Cluster = "cluster", "clusters" {
        name: String,
        description: String,
        comment: String,
        affinity_groups: Vec<AffinityGroup> = linked,
        ballooning_enabled: bool,
        bios_type: BiosType,
        cpu: Box<Cpu>,
        cpu_profiles: Vec<CpuProfile> = linked,
        custom_scheduling_policy_properties: Vec<Property>,
        data_center: Box<DataCenter>,
        display: Box<Display>,
        enabled_features: Vec<ClusterFeature> = linked,
        error_handling: Box<ErrorHandling>,
        external_network_providers: Vec<ExternalProvider> = linked,
        fencing_policy: Box<FencingPolicy>,
        fips_mode: FipsMode,
        firewall_type: FirewallType,
        gluster_hooks: Vec<GlusterHook> = linked,
        gluster_service: bool,
        gluster_tuned_profile: String,
        gluster_volumes: Vec<GlusterVolume> = linked,
        ha_reservation: bool,
        ksm: Box<Ksm>,
        log_max_memory_used_threshold: i64,
        log_max_memory_used_threshold_type: LogMaxMemoryUsedThresholdType,
        mac_pool: Box<MacPool>,
        maintenance_reason_required: bool,
        management_network: Box<Network>,
        memory_policy: Box<MemoryPolicy>,
        migration: Box<MigrationOptions>,
        network_filters: Vec<NetworkFilter> = linked,
        networks: Vec<Network> = linked,
        optional_reason: bool,
        permissions: Vec<Permission> = linked,
        required_rng_sources: Vec<RngSource> = "required_rng_source",
        scheduling_policy: Box<SchedulingPolicy>,
        serial_number: Box<SerialNumber>,
        supported_versions: Vec<Version>,
        switch_type: SwitchType,
        threads_as_cores: bool,
        trusted_service: bool,
        tunnel_migration: bool,
        upgrade_correlation_id: String,
        upgrade_in_progress: bool,
        upgrade_percent_complete: i64,
        version: Box<Version>,
        virt_service: bool,
        vnc_encryption: bool,
    }

    /// What happens to VMs of a host that becomes non-operational.
    value ErrorHandling = "error_handling", "error_handlings" {
        on_error: MigrateOnError,
    }

    /// When hosts are fenced.
    value FencingPolicy = "fencing_policy", "fencing_policies" {
        enabled: bool,
        skip_if_connectivity_broken: Box<SkipIfConnectivityBroken>,
        skip_if_gluster_bricks_up: bool,
        skip_if_gluster_quorum_not_met: bool,
        skip_if_sd_active: Box<SkipIfSdActive>,
    }

    /// No fencing while too many hosts are away.
    value SkipIfConnectivityBroken = "skip_if_connectivity_broken", "skip_if_connectivity_brokens" {
        enabled: bool,
        threshold: i64,
    }

    /// No fencing while the host holds its storage lease.
    value SkipIfSdActive = "skip_if_sd_active", "skip_if_sd_actives" {
        enabled: bool,
    }

    /// Sharing of equal memory pages.
    value Ksm = "ksm", "ksms" {
        enabled: bool,
        merge_across_nodes: bool,
    }

    /// How much more memory VMs may have than hosts.
    value MemoryOverCommit = "memory_over_commit", "memory_over_commits" {
        percent: i64,
    }

    /// Limits and sharing of memory.
    value MemoryPolicy = "memory_policy", "memory_policies" {
        ballooning: bool,
        guaranteed: i64,
        max: i64,
        over_commit: Box<MemoryOverCommit>,
        transparent_huge_pages as "transparent_hugepages": Box<TransparentHugePages>,
    }

    /// Transparent huge pages.
    value TransparentHugePages = "transparent_hugepages", "transparent_huge_pagess" {
        enabled: bool,
    }

    /// How VMs migrate.
    value MigrationOptions = "migration", "migration_optionss" {
        auto_converge: InheritableBoolean,
        bandwidth: Box<MigrationBandwidth>,
        compressed: InheritableBoolean,
        custom_parallel_migrations: i64,
        encrypted: InheritableBoolean,
        parallel_migrations_policy: ParallelMigrationsPolicy,
        policy: Box<MigrationPolicy>,
    }

    /// How much bandwidth migrations take.
    value MigrationBandwidth = "migration_bandwidth", "migration_bandwidths" {
        assignment_method: MigrationBandwidthAssignmentMethod,
        custom_value: i64,
    }

    /// A set of rules for migrations.
    entity MigrationPolicy = "migration_policy", "migration_policies" {
        name: String,
        description: String,
        comment: String,
    }

    /// Which serial number VMs get.
    value SerialNumber = "serial_number", "serial_numbers" {
        policy: SerialNumberPolicy,
        value: String,
    }

    /// A CPU profile: a name for quality of service.
    entity CpuProfile = "cpu_profile", "cpu_profiles" {
        name: String,
        description: String,
        comment: String,
        cluster: Box<Cluster>,
        permissions: Vec<Permission> = linked,
        qos: Box<Qos>,
    }

    /// How hosts are chosen.
    entity SchedulingPolicy = "scheduling_policy", "scheduling_policies" {
        name: String,
        description: String,
        comment: String,
        balances: Vec<Balance> = linked,
        default_policy: bool,
        filters: Vec<Filter> = linked,
        locked: bool,
        properties: Vec<Property>,
        weight: Vec<Weight> = linked,
    }

    /// A part that scheduling policies are made of.
    entity SchedulingPolicyUnit = "scheduling_policy_unit", "scheduling_policy_units" {
        name: String,
        description: String,
        comment: String,
        enabled: bool,
        internal: bool,
        properties: Vec<Property>,
        type_ as "type": PolicyUnitType,
    }

    /// A filter in a scheduling policy.
    entity Filter = "filter", "filters" {
        name: String,
        description: String,
        comment: String,
        position: i64,
        scheduling_policy_unit: Box<SchedulingPolicyUnit>,
    }

    /// A weight in a scheduling policy.
    entity Weight = "weight", "weights" {
        name: String,
        description: String,
        comment: String,
        factor: i64,
        scheduling_policy: Box<SchedulingPolicy>,
        scheduling_policy_unit: Box<SchedulingPolicyUnit>,
    }

    /// A balancer in a scheduling policy.
    entity Balance = "balance", "balances" {
        name: String,
        description: String,
        comment: String,
        scheduling_policy: Box<SchedulingPolicy>,
        scheduling_policy_unit: Box<SchedulingPolicyUnit>,
    }

    /// VMs and hosts that shall be together or apart.
    entity AffinityGroup = "affinity_group", "affinity_groups" {
        name: String,
        description: String,
        comment: String,
        broken: bool,
        cluster: Box<Cluster>,
        enforcing: bool,
        host_labels: Vec<AffinityLabel> = linked,
        hosts: Vec<Host> = linked,
        hosts_rule: Box<AffinityRule>,
        positive: bool,
        priority: f64,
        vm_labels: Vec<AffinityLabel> = linked,
        vms: Vec<Vm> = linked,
        vms_rule: Box<AffinityRule>,
    }

    /// A label that binds VMs to hosts.
    entity AffinityLabel = "affinity_label", "affinity_labels" {
        name: String,
        description: String,
        comment: String,
        has_implicit_affinity_group: bool,
        hosts: Vec<Host> = linked,
        read_only: bool,
        vms: Vec<Vm> = linked,
    }

    /// Whether a rule of an affinity group is on, and how strictly.
    value AffinityRule = "affinity_rule", "affinity_rules" {
        enabled: bool,
        enforcing: bool,
        positive: bool,
    }

    /// A tag.
    entity Tag = "tag", "tags" {
        name: String,
        description: String,
        comment: String,
        group: Box<Group>,
        host: Box<Host>,
        parent: Box<Tag>,
        template: Box<Template>,
        user: Box<User>,
        vm: Box<Vm>,
    }
}
