//! Every service of the API with its operations, made from the inventory of oVirt 4.5 (Python SDK
//! 4.6.3), maintained by hand since. Several operations of the SDK that are one request (`add_from_vm`) are
//! one here.

use super::{Service, act, add, get, remove, service, update};
use crate::types::{
    AffinityGroup, AffinityLabel, Agent, Api, Application, Backup, Balance, Bookmark, Cdrom,
    Certificate, Checkpoint, Cluster, ClusterFeature, ClusterLevel, CpuProfile, DataCenter, Disk,
    DiskAttachment, DiskProfile, DiskSnapshot, Domain, Event, EventSubscription,
    ExternalComputeResource, ExternalDiscoveredHost, ExternalHostGroup, ExternalHostProvider,
    ExternalNetworkProviderConfiguration, ExternalProvider, ExternalTemplateImport,
    ExternalVmImport, File, Filter, GlusterBrick, GlusterHook, GlusterVolume, GraphicsConsole,
    Group, Hook, Host, HostCpuUnit, HostDevice, HostNic, HostStorage, Icon, Image, ImageTransfer,
    InstanceType, IscsiBond, Job, KatelloErratum, LinkLayerDiscoveryProtocolElement, MacPool,
    Network, NetworkAttachment, NetworkFilter, NetworkFilterParameter, NetworkLabel, Nic, NumaNode,
    OpenStackImage, OpenStackImageProvider, OpenStackNetwork, OpenStackNetworkProvider,
    OpenStackSubnet, OpenStackVolumeProvider, OpenStackVolumeType,
    OpenstackVolumeAuthenticationKey, OperatingSystemInfo, Option, Permission, Permit, Qos, Quota,
    QuotaClusterLimit, QuotaStorageLimit, ReportedDevice, Role, SchedulingPolicy,
    SchedulingPolicyUnit, Session, Snapshot, SshPublicKey, Statistic, Step, StorageConnection,
    StorageConnectionExtension, StorageDomain, Tag, Template, UnmanagedNetwork, User, UserOption,
    VirtualNumaNode, Vm, VmMediatedDevice, VmPool, VnicProfile, Watchdog, Weight,
};
use api_schema::Api as _;

#[rustfmt::skip]
mod all {
    use super::*;
    pub(in crate::services) static AFFINITY_GROUP_HOST_LABEL_SERVICE: Service = service("AffinityGroupHostLabelService", AffinityLabel::type_desc, &[
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static AFFINITY_GROUP_HOST_LABELS_SERVICE: Service = service("AffinityGroupHostLabelsService", AffinityLabel::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static AFFINITY_GROUP_HOST_SERVICE: Service = service("AffinityGroupHostService", Host::type_desc, &[
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static AFFINITY_GROUP_HOSTS_SERVICE: Service = service("AffinityGroupHostsService", Host::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static AFFINITY_GROUP_SERVICE: Service = service("AffinityGroupService", AffinityGroup::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static AFFINITY_GROUP_VM_LABEL_SERVICE: Service = service("AffinityGroupVmLabelService", AffinityLabel::type_desc, &[
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static AFFINITY_GROUP_VM_LABELS_SERVICE: Service = service("AffinityGroupVmLabelsService", AffinityLabel::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static AFFINITY_GROUP_VM_SERVICE: Service = service("AffinityGroupVmService", Vm::type_desc, &[
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static AFFINITY_GROUP_VMS_SERVICE: Service = service("AffinityGroupVmsService", Vm::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static AFFINITY_GROUPS_SERVICE: Service = service("AffinityGroupsService", AffinityGroup::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static AFFINITY_LABEL_HOST_SERVICE: Service = service("AffinityLabelHostService", Host::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &[]),
    ]);
    pub(in crate::services) static AFFINITY_LABEL_HOSTS_SERVICE: Service = service("AffinityLabelHostsService", Host::type_desc, &[
        get("list", &["follow"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static AFFINITY_LABEL_SERVICE: Service = service("AffinityLabelService", AffinityLabel::type_desc, &[
        get("get", &["follow"]),
        update("update", &[]),
        remove("remove", &[]),
    ]);
    pub(in crate::services) static AFFINITY_LABEL_VM_SERVICE: Service = service("AffinityLabelVmService", Vm::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &[]),
    ]);
    pub(in crate::services) static AFFINITY_LABEL_VMS_SERVICE: Service = service("AffinityLabelVmsService", Vm::type_desc, &[
        get("list", &["follow"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static AFFINITY_LABELS_SERVICE: Service = service("AffinityLabelsService", AffinityLabel::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static ASSIGNED_AFFINITY_LABEL_SERVICE: Service = service("AssignedAffinityLabelService", AffinityLabel::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &[]),
    ]);
    pub(in crate::services) static ASSIGNED_AFFINITY_LABELS_SERVICE: Service = service("AssignedAffinityLabelsService", AffinityLabel::type_desc, &[
        get("list", &["follow"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static ASSIGNED_CPU_PROFILE_SERVICE: Service = service("AssignedCpuProfileService", CpuProfile::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static ASSIGNED_CPU_PROFILES_SERVICE: Service = service("AssignedCpuProfilesService", CpuProfile::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static ASSIGNED_DISK_PROFILE_SERVICE: Service = service("AssignedDiskProfileService", DiskProfile::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static ASSIGNED_DISK_PROFILES_SERVICE: Service = service("AssignedDiskProfilesService", DiskProfile::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static ASSIGNED_PERMISSIONS_SERVICE: Service = service("AssignedPermissionsService", Permission::type_desc, &[
        get("list", &["follow"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static ASSIGNED_ROLES_SERVICE: Service = service("AssignedRolesService", Role::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static ASSIGNED_TAG_SERVICE: Service = service("AssignedTagService", Tag::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static ASSIGNED_TAGS_SERVICE: Service = service("AssignedTagsService", Tag::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static ASSIGNED_VNIC_PROFILE_SERVICE: Service = service("AssignedVnicProfileService", VnicProfile::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static ASSIGNED_VNIC_PROFILES_SERVICE: Service = service("AssignedVnicProfilesService", VnicProfile::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static ATTACHED_STORAGE_DOMAIN_DISK_SERVICE: Service = service("AttachedStorageDomainDiskService", Disk::type_desc, &[
        get("get", &["follow"]),
        update("update", &[]),
        remove("remove", &[]),
        act("copy", "copy", &["disk", "storage_domain"], ""),
        act("export", "export", &["storage_domain"], ""),
        act("move", "move", &["async", "filter", "storage_domain"], ""),
        act("register", "register", &[], ""),
        act("sparsify", "sparsify", &[], ""),
    ]);
    pub(in crate::services) static ATTACHED_STORAGE_DOMAIN_DISKS_SERVICE: Service = service("AttachedStorageDomainDisksService", Disk::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &["unregistered"]),
    ]);
    pub(in crate::services) static ATTACHED_STORAGE_DOMAIN_SERVICE: Service = service("AttachedStorageDomainService", StorageDomain::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
        act("activate", "activate", &["async"], ""),
        act("deactivate", "deactivate", &["async", "force"], ""),
    ]);
    pub(in crate::services) static ATTACHED_STORAGE_DOMAINS_SERVICE: Service = service("AttachedStorageDomainsService", StorageDomain::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static BALANCE_SERVICE: Service = service("BalanceService", Balance::type_desc, &[
        get("get", &["filter", "follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static BALANCES_SERVICE: Service = service("BalancesService", Balance::type_desc, &[
        get("list", &["filter", "follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static BOOKMARK_SERVICE: Service = service("BookmarkService", Bookmark::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static BOOKMARKS_SERVICE: Service = service("BookmarksService", Bookmark::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static CLUSTER_ENABLED_FEATURE_SERVICE: Service = service("ClusterEnabledFeatureService", ClusterFeature::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &[]),
    ]);
    pub(in crate::services) static CLUSTER_ENABLED_FEATURES_SERVICE: Service = service("ClusterEnabledFeaturesService", ClusterFeature::type_desc, &[
        get("list", &["follow"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static CLUSTER_EXTERNAL_PROVIDERS_SERVICE: Service = service("ClusterExternalProvidersService", ExternalProvider::type_desc, &[
        get("list", &["follow"]),
    ]);
    pub(in crate::services) static CLUSTER_FEATURE_SERVICE: Service = service("ClusterFeatureService", ClusterFeature::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static CLUSTER_FEATURES_SERVICE: Service = service("ClusterFeaturesService", ClusterFeature::type_desc, &[
        get("list", &["follow"]),
    ]);
    pub(in crate::services) static CLUSTER_LEVEL_SERVICE: Service = service("ClusterLevelService", ClusterLevel::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static CLUSTER_LEVELS_SERVICE: Service = service("ClusterLevelsService", ClusterLevel::type_desc, &[
        get("list", &["follow"]),
    ]);
    pub(in crate::services) static CLUSTER_NETWORK_SERVICE: Service = service("ClusterNetworkService", Network::type_desc, &[
        get("get", &["follow"]),
        update("update", &[]),
        remove("remove", &[]),
    ]);
    pub(in crate::services) static CLUSTER_NETWORKS_SERVICE: Service = service("ClusterNetworksService", Network::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static CLUSTER_SERVICE: Service = service("ClusterService", Cluster::type_desc, &[
        get("get", &["filter", "follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
        act("refreshglusterhealstatus", "refresh_gluster_heal_status", &[], ""),
        act("resetemulatedmachine", "reset_emulated_machine", &["async"], ""),
        act("syncallnetworks", "sync_all_networks", &["async"], ""),
        act("upgrade", "upgrade", &["async", "correlation_id", "upgrade_action", "upgrade_percent_complete"], ""),
    ]);
    pub(in crate::services) static CLUSTERS_SERVICE: Service = service("ClustersService", Cluster::type_desc, &[
        get("list", &["case_sensitive", "filter", "follow", "max", "search"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static CPU_PROFILE_SERVICE: Service = service("CpuProfileService", CpuProfile::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static CPU_PROFILES_SERVICE: Service = service("CpuProfilesService", CpuProfile::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static DATA_CENTER_NETWORK_SERVICE: Service = service("DataCenterNetworkService", Network::type_desc, &[
        get("get", &["follow"]),
        update("update", &[]),
        remove("remove", &[]),
    ]);
    pub(in crate::services) static DATA_CENTER_NETWORKS_SERVICE: Service = service("DataCenterNetworksService", Network::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static DATA_CENTER_SERVICE: Service = service("DataCenterService", DataCenter::type_desc, &[
        get("get", &["filter", "follow"]),
        update("update", &["async"]),
        remove("remove", &["async", "force"]),
        act("cleanfinishedtasks", "clean_finished_tasks", &["async"], ""),
        act("setmaster", "set_master", &["async", "storage_domain"], ""),
    ]);
    pub(in crate::services) static DATA_CENTERS_SERVICE: Service = service("DataCentersService", DataCenter::type_desc, &[
        get("list", &["case_sensitive", "filter", "follow", "max", "search"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static DISK_ATTACHMENT_SERVICE: Service = service("DiskAttachmentService", DiskAttachment::type_desc, &[
        get("get", &["follow"]),
        update("update", &[]),
        remove("remove", &["detach_only"]),
    ]);
    pub(in crate::services) static DISK_ATTACHMENTS_SERVICE: Service = service("DiskAttachmentsService", DiskAttachment::type_desc, &[
        get("list", &["follow"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static DISK_PROFILE_SERVICE: Service = service("DiskProfileService", DiskProfile::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static DISK_PROFILES_SERVICE: Service = service("DiskProfilesService", DiskProfile::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static DISK_SERVICE: Service = service("DiskService", Disk::type_desc, &[
        get("get", &["all_content", "follow"]),
        update("update", &[]),
        remove("remove", &["async"]),
        act("convert", "convert", &["disk", "follow"], ""),
        act("copy", "copy", &["async", "disk", "disk_profile", "filter", "quota", "storage_domain"], ""),
        act("export", "export", &["async", "filter", "storage_domain"], ""),
        act("move", "move", &["async", "disk_profile", "filter", "quota", "storage_domain"], ""),
        act("reduce", "reduce", &["async"], ""),
        act("refreshlun", "refresh_lun", &["host"], ""),
        act("sparsify", "sparsify", &[], ""),
    ]);
    pub(in crate::services) static DISK_SNAPSHOT_SERVICE: Service = service("DiskSnapshotService", DiskSnapshot::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static DISK_SNAPSHOTS_SERVICE: Service = service("DiskSnapshotsService", DiskSnapshot::type_desc, &[
        get("list", &["follow", "include_active", "include_template", "max"]),
    ]);
    pub(in crate::services) static DISKS_SERVICE: Service = service("DisksService", Disk::type_desc, &[
        get("list", &["case_sensitive", "follow", "max", "search"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static DOMAIN_GROUP_SERVICE: Service = service("DomainGroupService", Group::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static DOMAIN_GROUPS_SERVICE: Service = service("DomainGroupsService", Group::type_desc, &[
        get("list", &["case_sensitive", "follow", "max", "search"]),
    ]);
    pub(in crate::services) static DOMAIN_SERVICE: Service = service("DomainService", Domain::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static DOMAIN_USER_GROUPS_SERVICE: Service = service("DomainUserGroupsService", Group::type_desc, &[
        get("list", &["follow"]),
    ]);
    pub(in crate::services) static DOMAIN_USER_SERVICE: Service = service("DomainUserService", User::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static DOMAIN_USERS_SERVICE: Service = service("DomainUsersService", User::type_desc, &[
        get("list", &["case_sensitive", "follow", "max", "search"]),
    ]);
    pub(in crate::services) static DOMAINS_SERVICE: Service = service("DomainsService", Domain::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static ENGINE_KATELLO_ERRATA_SERVICE: Service = service("EngineKatelloErrataService", KatelloErratum::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static EVENT_SERVICE: Service = service("EventService", Event::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static EVENT_SUBSCRIPTION_SERVICE: Service = service("EventSubscriptionService", EventSubscription::type_desc, &[
        get("get", &[]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static EVENT_SUBSCRIPTIONS_SERVICE: Service = service("EventSubscriptionsService", EventSubscription::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static EVENTS_SERVICE: Service = service("EventsService", Event::type_desc, &[
        get("list", &["case_sensitive", "follow", "from", "max", "search"]),
        add("add", &[]),
        act("undelete", "undelete", &["async"], ""),
    ]);
    pub(in crate::services) static EXTERNAL_COMPUTE_RESOURCE_SERVICE: Service = service("ExternalComputeResourceService", ExternalComputeResource::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static EXTERNAL_COMPUTE_RESOURCES_SERVICE: Service = service("ExternalComputeResourcesService", ExternalComputeResource::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static EXTERNAL_DISCOVERED_HOST_SERVICE: Service = service("ExternalDiscoveredHostService", ExternalDiscoveredHost::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static EXTERNAL_DISCOVERED_HOSTS_SERVICE: Service = service("ExternalDiscoveredHostsService", ExternalDiscoveredHost::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static EXTERNAL_HOST_GROUP_SERVICE: Service = service("ExternalHostGroupService", ExternalHostGroup::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static EXTERNAL_HOST_GROUPS_SERVICE: Service = service("ExternalHostGroupsService", ExternalHostGroup::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static EXTERNAL_HOST_PROVIDER_SERVICE: Service = service("ExternalHostProviderService", ExternalHostProvider::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
        act("importcertificates", "import_certificates", &["certificates"], ""),
        act("testconnectivity", "test_connectivity", &["async"], ""),
    ]);
    pub(in crate::services) static EXTERNAL_HOST_PROVIDERS_SERVICE: Service = service("ExternalHostProvidersService", ExternalHostProvider::type_desc, &[
        get("list", &["follow", "max", "search"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static EXTERNAL_HOST_SERVICE: Service = service("ExternalHostService", Host::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static EXTERNAL_HOSTS_SERVICE: Service = service("ExternalHostsService", Host::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static EXTERNAL_NETWORK_PROVIDER_CONFIGURATION_SERVICE: Service = service("ExternalNetworkProviderConfigurationService", ExternalNetworkProviderConfiguration::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static EXTERNAL_NETWORK_PROVIDER_CONFIGURATIONS_SERVICE: Service = service("ExternalNetworkProviderConfigurationsService", ExternalNetworkProviderConfiguration::type_desc, &[
        get("list", &["follow"]),
    ]);
    pub(in crate::services) static EXTERNAL_PROVIDER_CERTIFICATE_SERVICE: Service = service("ExternalProviderCertificateService", Certificate::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static EXTERNAL_PROVIDER_CERTIFICATES_SERVICE: Service = service("ExternalProviderCertificatesService", Certificate::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static EXTERNAL_TEMPLATE_IMPORTS_SERVICE: Service = service("ExternalTemplateImportsService", ExternalTemplateImport::type_desc, &[
        add("add", &[]),
    ]);
    pub(in crate::services) static EXTERNAL_VM_IMPORTS_SERVICE: Service = service("ExternalVmImportsService", ExternalVmImport::type_desc, &[
        add("add", &[]),
    ]);
    pub(in crate::services) static FENCE_AGENT_SERVICE: Service = service("FenceAgentService", Agent::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static FENCE_AGENTS_SERVICE: Service = service("FenceAgentsService", Agent::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static FILE_SERVICE: Service = service("FileService", File::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static FILES_SERVICE: Service = service("FilesService", File::type_desc, &[
        get("list", &["case_sensitive", "follow", "max", "refresh", "search"]),
    ]);
    pub(in crate::services) static FILTER_SERVICE: Service = service("FilterService", Filter::type_desc, &[
        get("get", &["filter", "follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static FILTERS_SERVICE: Service = service("FiltersService", Filter::type_desc, &[
        get("list", &["filter", "follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static GLUSTER_BRICK_SERVICE: Service = service("GlusterBrickService", GlusterBrick::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
        act("replace", "replace", &["async", "force"], ""),
    ]);
    pub(in crate::services) static GLUSTER_BRICKS_SERVICE: Service = service("GlusterBricksService", GlusterBrick::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &["replica_count", "stripe_count"]),
        remove("remove", &["async", "bricks", "replica_count"]),
        act("activate", "activate", &["async", "bricks"], ""),
        act("migrate", "migrate", &["async", "bricks"], ""),
        act("stopmigrate", "stop_migrate", &["async", "bricks"], ""),
    ]);
    pub(in crate::services) static GLUSTER_HOOK_SERVICE: Service = service("GlusterHookService", GlusterHook::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
        act("disable", "disable", &["async"], ""),
        act("enable", "enable", &["async"], ""),
        act("resolve", "resolve", &["async", "host", "resolution_type"], ""),
    ]);
    pub(in crate::services) static GLUSTER_HOOKS_SERVICE: Service = service("GlusterHooksService", GlusterHook::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static GLUSTER_VOLUME_SERVICE: Service = service("GlusterVolumeService", GlusterVolume::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
        act("getprofilestatistics", "get_profile_statistics", &[], "details"),
        act("rebalance", "rebalance", &["async", "fix_layout", "force"], ""),
        act("resetalloptions", "reset_all_options", &["async"], ""),
        act("resetoption", "reset_option", &["async", "force", "option"], ""),
        act("setoption", "set_option", &["async", "option"], ""),
        act("start", "start", &["async", "force"], ""),
        act("startprofile", "start_profile", &["async"], ""),
        act("stop", "stop", &["async", "force"], ""),
        act("stopprofile", "stop_profile", &["async"], ""),
        act("stoprebalance", "stop_rebalance", &["async"], ""),
    ]);
    pub(in crate::services) static GLUSTER_VOLUMES_SERVICE: Service = service("GlusterVolumesService", GlusterVolume::type_desc, &[
        get("list", &["case_sensitive", "follow", "max", "search"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static GROUP_SERVICE: Service = service("GroupService", Group::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static GROUPS_SERVICE: Service = service("GroupsService", Group::type_desc, &[
        get("list", &["case_sensitive", "follow", "max", "search"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static HOST_CPU_UNITS_SERVICE: Service = service("HostCpuUnitsService", HostCpuUnit::type_desc, &[
        get("list", &["follow"]),
    ]);
    pub(in crate::services) static HOST_DEVICE_SERVICE: Service = service("HostDeviceService", HostDevice::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static HOST_DEVICES_SERVICE: Service = service("HostDevicesService", HostDevice::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static HOST_HOOK_SERVICE: Service = service("HostHookService", Hook::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static HOST_HOOKS_SERVICE: Service = service("HostHooksService", Hook::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static HOST_NIC_SERVICE: Service = service("HostNicService", HostNic::type_desc, &[
        get("get", &["all_content", "follow"]),
        act("updatevirtualfunctionsconfiguration", "update_virtual_functions_configuration", &["async", "virtual_functions_configuration"], ""),
    ]);
    pub(in crate::services) static HOST_NICS_SERVICE: Service = service("HostNicsService", HostNic::type_desc, &[
        get("list", &["all_content", "follow", "max"]),
    ]);
    pub(in crate::services) static HOST_NUMA_NODE_SERVICE: Service = service("HostNumaNodeService", NumaNode::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static HOST_NUMA_NODES_SERVICE: Service = service("HostNumaNodesService", NumaNode::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static HOST_SERVICE: Service = service("HostService", Host::type_desc, &[
        get("get", &["all_content", "filter", "follow"]),
        update("update", &["async"]),
        remove("remove", &["async", "force"]),
        act("activate", "activate", &["async"], ""),
        act("approve", "approve", &["activate", "async", "cluster", "host", "reboot"], ""),
        act("commitnetconfig", "commit_net_config", &["async"], ""),
        act("copyhostnetworks", "copy_host_networks", &["async", "source_host"], ""),
        act("deactivate", "deactivate", &["async", "reason", "stop_gluster_service"], ""),
        act("discoveriscsi", "discover_iscsi", &["async", "iscsi"], "discovered_targets"),
        act("enrollcertificate", "enroll_certificate", &["async"], ""),
        act("fence", "fence", &["async", "fence_type", "maintenance_after_restart"], "power_management"),
        act("forceselectspm", "force_select_spm", &["async"], ""),
        act("install", "install", &["activate", "async", "deploy_hosted_engine", "host", "image", "reboot", "root_password", "ssh", "undeploy_hosted_engine"], ""),
        act("iscsidiscover", "iscsi_discover", &["async", "iscsi"], "iscsi_targets"),
        act("iscsilogin", "iscsi_login", &["async", "iscsi"], ""),
        act("refresh", "refresh", &["async"], ""),
        act("setupnetworks", "setup_networks", &["async", "check_connectivity", "commit_on_success", "connectivity_timeout", "modified_bonds", "modified_labels", "modified_network_attachments", "removed_bonds", "removed_labels", "removed_network_attachments", "synchronized_network_attachments"], ""),
        act("syncallnetworks", "sync_all_networks", &["async"], ""),
        act("unregisteredstoragedomainsdiscover", "unregistered_storage_domains_discover", &["async", "iscsi"], "storage_domains"),
        act("upgrade", "upgrade", &["async", "image", "reboot", "timeout"], ""),
        act("upgradecheck", "upgrade_check", &[], ""),
    ]);
    pub(in crate::services) static HOST_STORAGE_SERVICE: Service = service("HostStorageService", HostStorage::type_desc, &[
        get("list", &["follow", "report_status"]),
    ]);
    pub(in crate::services) static HOSTS_SERVICE: Service = service("HostsService", Host::type_desc, &[
        get("list", &["all_content", "case_sensitive", "check_vms_in_affinity_closure", "filter", "follow", "max", "migration_target_of", "search"]),
        add("add", &["activate", "deploy_hosted_engine", "reboot", "undeploy_hosted_engine"]),
    ]);
    pub(in crate::services) static ICON_SERVICE: Service = service("IconService", Icon::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static ICONS_SERVICE: Service = service("IconsService", Icon::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static IMAGE_SERVICE: Service = service("ImageService", Image::type_desc, &[
        get("get", &["follow"]),
        act("import", "import", &["async", "cluster", "disk", "import_as_template", "storage_domain", "template"], ""),
    ]);
    pub(in crate::services) static IMAGE_TRANSFER_SERVICE: Service = service("ImageTransferService", ImageTransfer::type_desc, &[
        get("get", &["follow"]),
        act("cancel", "cancel", &[], ""),
        act("extend", "extend", &[], ""),
        act("finalize", "finalize", &[], ""),
        act("pause", "pause", &[], ""),
        act("resume", "resume", &[], ""),
    ]);
    pub(in crate::services) static IMAGE_TRANSFERS_SERVICE: Service = service("ImageTransfersService", ImageTransfer::type_desc, &[
        get("list", &["follow"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static IMAGES_SERVICE: Service = service("ImagesService", Image::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static INSTANCE_TYPE_GRAPHICS_CONSOLE_SERVICE: Service = service("InstanceTypeGraphicsConsoleService", GraphicsConsole::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static INSTANCE_TYPE_GRAPHICS_CONSOLES_SERVICE: Service = service("InstanceTypeGraphicsConsolesService", GraphicsConsole::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static INSTANCE_TYPE_NIC_SERVICE: Service = service("InstanceTypeNicService", Nic::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static INSTANCE_TYPE_NICS_SERVICE: Service = service("InstanceTypeNicsService", Nic::type_desc, &[
        get("list", &["follow", "max", "search"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static INSTANCE_TYPE_SERVICE: Service = service("InstanceTypeService", InstanceType::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static INSTANCE_TYPE_WATCHDOG_SERVICE: Service = service("InstanceTypeWatchdogService", Watchdog::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static INSTANCE_TYPE_WATCHDOGS_SERVICE: Service = service("InstanceTypeWatchdogsService", Watchdog::type_desc, &[
        get("list", &["follow", "max", "search"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static INSTANCE_TYPES_SERVICE: Service = service("InstanceTypesService", InstanceType::type_desc, &[
        get("list", &["case_sensitive", "follow", "max", "search"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static ISCSI_BOND_SERVICE: Service = service("IscsiBondService", IscsiBond::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static ISCSI_BONDS_SERVICE: Service = service("IscsiBondsService", IscsiBond::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static JOB_SERVICE: Service = service("JobService", Job::type_desc, &[
        get("get", &["follow"]),
        act("clear", "clear", &["async"], ""),
        act("end", "end", &["async", "force", "succeeded"], ""),
    ]);
    pub(in crate::services) static JOBS_SERVICE: Service = service("JobsService", Job::type_desc, &[
        get("list", &["case_sensitive", "follow", "max", "search"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static KATELLO_ERRATA_SERVICE: Service = service("KatelloErrataService", KatelloErratum::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static KATELLO_ERRATUM_SERVICE: Service = service("KatelloErratumService", KatelloErratum::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static LINK_LAYER_DISCOVERY_PROTOCOL_SERVICE: Service = service("LinkLayerDiscoveryProtocolService", LinkLayerDiscoveryProtocolElement::type_desc, &[
        get("list", &["follow"]),
    ]);
    pub(in crate::services) static MAC_POOL_SERVICE: Service = service("MacPoolService", MacPool::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static MAC_POOLS_SERVICE: Service = service("MacPoolsService", MacPool::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static NETWORK_ATTACHMENT_SERVICE: Service = service("NetworkAttachmentService", NetworkAttachment::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static NETWORK_ATTACHMENTS_SERVICE: Service = service("NetworkAttachmentsService", NetworkAttachment::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static NETWORK_FILTER_SERVICE: Service = service("NetworkFilterService", NetworkFilter::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static NETWORK_FILTERS_SERVICE: Service = service("NetworkFiltersService", NetworkFilter::type_desc, &[
        get("list", &["follow"]),
    ]);
    pub(in crate::services) static NETWORK_LABEL_SERVICE: Service = service("NetworkLabelService", NetworkLabel::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static NETWORK_LABELS_SERVICE: Service = service("NetworkLabelsService", NetworkLabel::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static NETWORK_SERVICE: Service = service("NetworkService", Network::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static NETWORKS_SERVICE: Service = service("NetworksService", Network::type_desc, &[
        get("list", &["case_sensitive", "follow", "max", "search"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static NIC_NETWORK_FILTER_PARAMETER_SERVICE: Service = service("NicNetworkFilterParameterService", NetworkFilterParameter::type_desc, &[
        get("get", &["follow"]),
        update("update", &[]),
        remove("remove", &[]),
    ]);
    pub(in crate::services) static NIC_NETWORK_FILTER_PARAMETERS_SERVICE: Service = service("NicNetworkFilterParametersService", NetworkFilterParameter::type_desc, &[
        get("list", &["follow"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static OPENSTACK_IMAGE_PROVIDER_SERVICE: Service = service("OpenstackImageProviderService", OpenStackImageProvider::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
        act("importcertificates", "import_certificates", &["certificates"], ""),
        act("testconnectivity", "test_connectivity", &["async"], ""),
    ]);
    pub(in crate::services) static OPENSTACK_IMAGE_PROVIDERS_SERVICE: Service = service("OpenstackImageProvidersService", OpenStackImageProvider::type_desc, &[
        get("list", &["follow", "max", "search"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static OPENSTACK_IMAGE_SERVICE: Service = service("OpenstackImageService", OpenStackImage::type_desc, &[
        get("get", &["follow"]),
        act("import", "import", &["async", "cluster", "disk", "import_as_template", "storage_domain", "template"], ""),
    ]);
    pub(in crate::services) static OPENSTACK_IMAGES_SERVICE: Service = service("OpenstackImagesService", OpenStackImage::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static OPENSTACK_NETWORK_PROVIDER_SERVICE: Service = service("OpenstackNetworkProviderService", OpenStackNetworkProvider::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
        act("importcertificates", "import_certificates", &["certificates"], ""),
        act("testconnectivity", "test_connectivity", &["async"], ""),
    ]);
    pub(in crate::services) static OPENSTACK_NETWORK_PROVIDERS_SERVICE: Service = service("OpenstackNetworkProvidersService", OpenStackNetworkProvider::type_desc, &[
        get("list", &["follow", "max", "search"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static OPENSTACK_NETWORK_SERVICE: Service = service("OpenstackNetworkService", OpenStackNetwork::type_desc, &[
        get("get", &["follow"]),
        act("import", "import", &["async", "data_center"], ""),
    ]);
    pub(in crate::services) static OPENSTACK_NETWORKS_SERVICE: Service = service("OpenstackNetworksService", OpenStackNetwork::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static OPENSTACK_SUBNET_SERVICE: Service = service("OpenstackSubnetService", OpenStackSubnet::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static OPENSTACK_SUBNETS_SERVICE: Service = service("OpenstackSubnetsService", OpenStackSubnet::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static OPENSTACK_VOLUME_AUTHENTICATION_KEY_SERVICE: Service = service("OpenstackVolumeAuthenticationKeyService", OpenstackVolumeAuthenticationKey::type_desc, &[
        get("get", &["follow"]),
        update("update", &[]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static OPENSTACK_VOLUME_AUTHENTICATION_KEYS_SERVICE: Service = service("OpenstackVolumeAuthenticationKeysService", OpenstackVolumeAuthenticationKey::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static OPENSTACK_VOLUME_PROVIDER_SERVICE: Service = service("OpenstackVolumeProviderService", OpenStackVolumeProvider::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async", "force"]),
        act("importcertificates", "import_certificates", &["certificates"], ""),
        act("testconnectivity", "test_connectivity", &["async"], ""),
    ]);
    pub(in crate::services) static OPENSTACK_VOLUME_PROVIDERS_SERVICE: Service = service("OpenstackVolumeProvidersService", OpenStackVolumeProvider::type_desc, &[
        get("list", &["follow", "max", "search"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static OPENSTACK_VOLUME_TYPE_SERVICE: Service = service("OpenstackVolumeTypeService", OpenStackVolumeType::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static OPENSTACK_VOLUME_TYPES_SERVICE: Service = service("OpenstackVolumeTypesService", OpenStackVolumeType::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static OPERATING_SYSTEM_SERVICE: Service = service("OperatingSystemService", OperatingSystemInfo::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static OPERATING_SYSTEMS_SERVICE: Service = service("OperatingSystemsService", OperatingSystemInfo::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static PERMISSION_SERVICE: Service = service("PermissionService", Permission::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static PERMIT_SERVICE: Service = service("PermitService", Permit::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static PERMITS_SERVICE: Service = service("PermitsService", Permit::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static QOS_SERVICE: Service = service("QosService", Qos::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static QOSS_SERVICE: Service = service("QossService", Qos::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static QUOTA_CLUSTER_LIMIT_SERVICE: Service = service("QuotaClusterLimitService", QuotaClusterLimit::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static QUOTA_CLUSTER_LIMITS_SERVICE: Service = service("QuotaClusterLimitsService", QuotaClusterLimit::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static QUOTA_SERVICE: Service = service("QuotaService", Quota::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static QUOTA_STORAGE_LIMIT_SERVICE: Service = service("QuotaStorageLimitService", QuotaStorageLimit::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static QUOTA_STORAGE_LIMITS_SERVICE: Service = service("QuotaStorageLimitsService", QuotaStorageLimit::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static QUOTAS_SERVICE: Service = service("QuotasService", Quota::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static ROLE_SERVICE: Service = service("RoleService", Role::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static ROLES_SERVICE: Service = service("RolesService", Role::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static SCHEDULING_POLICIES_SERVICE: Service = service("SchedulingPoliciesService", SchedulingPolicy::type_desc, &[
        get("list", &["filter", "follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static SCHEDULING_POLICY_SERVICE: Service = service("SchedulingPolicyService", SchedulingPolicy::type_desc, &[
        get("get", &["filter", "follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static SCHEDULING_POLICY_UNIT_SERVICE: Service = service("SchedulingPolicyUnitService", SchedulingPolicyUnit::type_desc, &[
        get("get", &["filter", "follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static SCHEDULING_POLICY_UNITS_SERVICE: Service = service("SchedulingPolicyUnitsService", SchedulingPolicyUnit::type_desc, &[
        get("list", &["filter", "follow", "max"]),
    ]);
    pub(in crate::services) static SNAPSHOT_CDROM_SERVICE: Service = service("SnapshotCdromService", Cdrom::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static SNAPSHOT_CDROMS_SERVICE: Service = service("SnapshotCdromsService", Cdrom::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static SNAPSHOT_DISK_SERVICE: Service = service("SnapshotDiskService", Disk::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static SNAPSHOT_DISKS_SERVICE: Service = service("SnapshotDisksService", Disk::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static SNAPSHOT_NIC_SERVICE: Service = service("SnapshotNicService", Nic::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static SNAPSHOT_NICS_SERVICE: Service = service("SnapshotNicsService", Nic::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static SNAPSHOT_SERVICE: Service = service("SnapshotService", Snapshot::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["all_content", "async"]),
        act("restore", "restore", &["async", "disks", "restore_memory"], ""),
    ]);
    pub(in crate::services) static SNAPSHOTS_SERVICE: Service = service("SnapshotsService", Snapshot::type_desc, &[
        get("list", &["all_content", "follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static SSH_PUBLIC_KEY_SERVICE: Service = service("SshPublicKeyService", SshPublicKey::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static SSH_PUBLIC_KEYS_SERVICE: Service = service("SshPublicKeysService", SshPublicKey::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static STATISTIC_SERVICE: Service = service("StatisticService", Statistic::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static STATISTICS_SERVICE: Service = service("StatisticsService", Statistic::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static STEP_SERVICE: Service = service("StepService", Step::type_desc, &[
        get("get", &["follow"]),
        act("end", "end", &["async", "force", "succeeded"], ""),
    ]);
    pub(in crate::services) static STEPS_SERVICE: Service = service("StepsService", Step::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static STORAGE_DOMAIN_CONTENT_DISK_SERVICE: Service = service("StorageDomainContentDiskService", Disk::type_desc, &[
        get("get", &["filter", "follow"]),
    ]);
    pub(in crate::services) static STORAGE_DOMAIN_CONTENT_DISKS_SERVICE: Service = service("StorageDomainContentDisksService", Disk::type_desc, &[
        get("list", &["case_sensitive", "follow", "max", "search"]),
    ]);
    pub(in crate::services) static STORAGE_DOMAIN_DISK_SERVICE: Service = service("StorageDomainDiskService", Disk::type_desc, &[
        get("get", &["follow"]),
        update("update", &[]),
        remove("remove", &[]),
        act("copy", "copy", &["disk", "storage_domain"], ""),
        act("export", "export", &["storage_domain"], ""),
        act("move", "move", &["async", "filter", "storage_domain"], ""),
        act("reduce", "reduce", &["async"], ""),
        act("sparsify", "sparsify", &[], ""),
    ]);
    pub(in crate::services) static STORAGE_DOMAIN_DISKS_SERVICE: Service = service("StorageDomainDisksService", Disk::type_desc, &[
        get("list", &["follow", "max", "unregistered"]),
        add("add", &["unregistered"]),
    ]);
    pub(in crate::services) static STORAGE_DOMAIN_SERVER_CONNECTION_SERVICE: Service = service("StorageDomainServerConnectionService", StorageConnection::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static STORAGE_DOMAIN_SERVER_CONNECTIONS_SERVICE: Service = service("StorageDomainServerConnectionsService", StorageConnection::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static STORAGE_DOMAIN_SERVICE: Service = service("StorageDomainService", StorageDomain::type_desc, &[
        get("get", &["filter", "follow"]),
        update("update", &["async"]),
        remove("remove", &["async", "destroy", "format", "host"]),
        act("isattached", "is_attached", &["async", "host"], "is_attached"),
        act("reduceluns", "reduce_luns", &["logical_units"], ""),
        act("refreshluns", "refresh_luns", &["async", "logical_units"], ""),
        act("updateovfstore", "update_ovf_store", &["async"], ""),
    ]);
    pub(in crate::services) static STORAGE_DOMAIN_TEMPLATE_SERVICE: Service = service("StorageDomainTemplateService", Template::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
        act("import", "import", &["async", "clone", "cluster", "exclusive", "storage_domain", "template", "vm"], ""),
        act("register", "register", &["allow_partial_import", "async", "clone", "cluster", "exclusive", "registration_configuration", "template", "vnic_profile_mappings"], ""),
    ]);
    pub(in crate::services) static STORAGE_DOMAIN_TEMPLATES_SERVICE: Service = service("StorageDomainTemplatesService", Template::type_desc, &[
        get("list", &["follow", "max", "unregistered"]),
    ]);
    pub(in crate::services) static STORAGE_DOMAIN_VM_DISK_ATTACHMENT_SERVICE: Service = service("StorageDomainVmDiskAttachmentService", DiskAttachment::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static STORAGE_DOMAIN_VM_DISK_ATTACHMENTS_SERVICE: Service = service("StorageDomainVmDiskAttachmentsService", DiskAttachment::type_desc, &[
        get("list", &["follow"]),
    ]);
    pub(in crate::services) static STORAGE_DOMAIN_VM_SERVICE: Service = service("StorageDomainVmService", Vm::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
        act("import", "import", &["async", "clone", "cluster", "collapse_snapshots", "exclusive", "storage_domain", "vm"], ""),
        act("register", "register", &["allow_partial_import", "async", "clone", "cluster", "reassign_bad_macs", "registration_configuration", "vm", "vnic_profile_mappings"], ""),
    ]);
    pub(in crate::services) static STORAGE_DOMAIN_VMS_SERVICE: Service = service("StorageDomainVmsService", Vm::type_desc, &[
        get("list", &["follow", "max", "unregistered"]),
    ]);
    pub(in crate::services) static STORAGE_DOMAINS_SERVICE: Service = service("StorageDomainsService", StorageDomain::type_desc, &[
        get("list", &["case_sensitive", "filter", "follow", "max", "search"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static STORAGE_SERVER_CONNECTION_EXTENSION_SERVICE: Service = service("StorageServerConnectionExtensionService", StorageConnectionExtension::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static STORAGE_SERVER_CONNECTION_EXTENSIONS_SERVICE: Service = service("StorageServerConnectionExtensionsService", StorageConnectionExtension::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static STORAGE_SERVER_CONNECTION_SERVICE: Service = service("StorageServerConnectionService", StorageConnection::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async", "force"]),
        remove("remove", &["async", "host"]),
    ]);
    pub(in crate::services) static STORAGE_SERVER_CONNECTIONS_SERVICE: Service = service("StorageServerConnectionsService", StorageConnection::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static STORAGE_SERVICE: Service = service("StorageService", HostStorage::type_desc, &[
        get("get", &["follow", "report_status"]),
    ]);
    pub(in crate::services) static SYSTEM_OPTION_SERVICE: Service = service("SystemOptionService", Option::type_desc, &[
        get("get", &["version"]),
    ]);
    pub(in crate::services) static SYSTEM_OPTIONS_SERVICE: Service = service("SystemOptionsService", Option::type_desc, &[
    ]);
    pub(in crate::services) static SYSTEM_PERMISSIONS_SERVICE: Service = service("SystemPermissionsService", Permission::type_desc, &[
        get("list", &["follow"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static SYSTEM_SERVICE: Service = service("SystemService", Api::type_desc, &[
        get("get", &["follow"]),
        act("reloadconfigurations", "reload_configurations", &["async"], ""),
    ]);
    pub(in crate::services) static TAG_SERVICE: Service = service("TagService", Tag::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static TAGS_SERVICE: Service = service("TagsService", Tag::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static TEMPLATE_CDROM_SERVICE: Service = service("TemplateCdromService", Cdrom::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static TEMPLATE_CDROMS_SERVICE: Service = service("TemplateCdromsService", Cdrom::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static TEMPLATE_DISK_ATTACHMENT_SERVICE: Service = service("TemplateDiskAttachmentService", DiskAttachment::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["force", "storage_domain"]),
    ]);
    pub(in crate::services) static TEMPLATE_DISK_ATTACHMENTS_SERVICE: Service = service("TemplateDiskAttachmentsService", DiskAttachment::type_desc, &[
        get("list", &["follow"]),
    ]);
    pub(in crate::services) static TEMPLATE_GRAPHICS_CONSOLE_SERVICE: Service = service("TemplateGraphicsConsoleService", GraphicsConsole::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static TEMPLATE_GRAPHICS_CONSOLES_SERVICE: Service = service("TemplateGraphicsConsolesService", GraphicsConsole::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static TEMPLATE_MEDIATED_DEVICE_SERVICE: Service = service("TemplateMediatedDeviceService", VmMediatedDevice::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static TEMPLATE_MEDIATED_DEVICES_SERVICE: Service = service("TemplateMediatedDevicesService", VmMediatedDevice::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static TEMPLATE_NIC_SERVICE: Service = service("TemplateNicService", Nic::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static TEMPLATE_NICS_SERVICE: Service = service("TemplateNicsService", Nic::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static TEMPLATE_SERVICE: Service = service("TemplateService", Template::type_desc, &[
        get("get", &["filter", "follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
        act("export", "export", &["directory", "exclusive", "filename", "host", "storage_domain"], ""),
    ]);
    pub(in crate::services) static TEMPLATE_WATCHDOG_SERVICE: Service = service("TemplateWatchdogService", Watchdog::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static TEMPLATE_WATCHDOGS_SERVICE: Service = service("TemplateWatchdogsService", Watchdog::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static TEMPLATES_SERVICE: Service = service("TemplatesService", Template::type_desc, &[
        get("list", &["case_sensitive", "filter", "follow", "max", "search"]),
        add("add", &["clone_permissions", "seal"]),
    ]);
    pub(in crate::services) static UNMANAGED_NETWORK_SERVICE: Service = service("UnmanagedNetworkService", UnmanagedNetwork::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static UNMANAGED_NETWORKS_SERVICE: Service = service("UnmanagedNetworksService", UnmanagedNetwork::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static USER_OPTION_SERVICE: Service = service("UserOptionService", UserOption::type_desc, &[
        get("get", &[]),
        remove("remove", &[]),
    ]);
    pub(in crate::services) static USER_OPTIONS_SERVICE: Service = service("UserOptionsService", UserOption::type_desc, &[
        get("list", &[]),
        add("add", &[]),
    ]);
    pub(in crate::services) static USER_SERVICE: Service = service("UserService", User::type_desc, &[
        get("get", &["follow"]),
        update("update", &[]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static USERS_SERVICE: Service = service("UsersService", User::type_desc, &[
        get("list", &["case_sensitive", "follow", "max", "search"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static VIRTUAL_FUNCTION_ALLOWED_NETWORK_SERVICE: Service = service("VirtualFunctionAllowedNetworkService", Network::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static VIRTUAL_FUNCTION_ALLOWED_NETWORKS_SERVICE: Service = service("VirtualFunctionAllowedNetworksService", Network::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static VM_APPLICATION_SERVICE: Service = service("VmApplicationService", Application::type_desc, &[
        get("get", &["filter", "follow"]),
    ]);
    pub(in crate::services) static VM_APPLICATIONS_SERVICE: Service = service("VmApplicationsService", Application::type_desc, &[
        get("list", &["filter", "follow", "max"]),
    ]);
    pub(in crate::services) static VM_BACKUP_DISK_SERVICE: Service = service("VmBackupDiskService", Disk::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static VM_BACKUP_DISKS_SERVICE: Service = service("VmBackupDisksService", Disk::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static VM_BACKUP_SERVICE: Service = service("VmBackupService", Backup::type_desc, &[
        get("get", &["follow"]),
        act("finalize", "finalize", &[], ""),
    ]);
    pub(in crate::services) static VM_BACKUPS_SERVICE: Service = service("VmBackupsService", Backup::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &["require_consistency", "use_active"]),
    ]);
    pub(in crate::services) static VM_CDROM_SERVICE: Service = service("VmCdromService", Cdrom::type_desc, &[
        get("get", &["current", "follow"]),
        update("update", &["current"]),
    ]);
    pub(in crate::services) static VM_CDROMS_SERVICE: Service = service("VmCdromsService", Cdrom::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static VM_CHECKPOINT_DISK_SERVICE: Service = service("VmCheckpointDiskService", Disk::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static VM_CHECKPOINT_DISKS_SERVICE: Service = service("VmCheckpointDisksService", Disk::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static VM_CHECKPOINT_SERVICE: Service = service("VmCheckpointService", Checkpoint::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static VM_CHECKPOINTS_SERVICE: Service = service("VmCheckpointsService", Checkpoint::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static VM_GRAPHICS_CONSOLE_SERVICE: Service = service("VmGraphicsConsoleService", GraphicsConsole::type_desc, &[
        get("get", &["current", "follow"]),
        remove("remove", &["async"]),
        act("proxyticket", "proxy_ticket", &["async"], "proxy_ticket"),
        act("remoteviewerconnectionfile", "remote_viewer_connection_file", &[], "remote_viewer_connection_file"),
        act("ticket", "ticket", &["ticket"], "ticket"),
    ]);
    pub(in crate::services) static VM_GRAPHICS_CONSOLES_SERVICE: Service = service("VmGraphicsConsolesService", GraphicsConsole::type_desc, &[
        get("list", &["current", "follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static VM_HOST_DEVICE_SERVICE: Service = service("VmHostDeviceService", HostDevice::type_desc, &[
        get("get", &["follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static VM_HOST_DEVICES_SERVICE: Service = service("VmHostDevicesService", HostDevice::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static VM_MEDIATED_DEVICE_SERVICE: Service = service("VmMediatedDeviceService", VmMediatedDevice::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static VM_MEDIATED_DEVICES_SERVICE: Service = service("VmMediatedDevicesService", VmMediatedDevice::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static VM_NIC_SERVICE: Service = service("VmNicService", Nic::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
        act("activate", "activate", &["async"], ""),
        act("deactivate", "deactivate", &["async"], ""),
    ]);
    pub(in crate::services) static VM_NICS_SERVICE: Service = service("VmNicsService", Nic::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static VM_NUMA_NODE_SERVICE: Service = service("VmNumaNodeService", VirtualNumaNode::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static VM_NUMA_NODES_SERVICE: Service = service("VmNumaNodesService", VirtualNumaNode::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static VM_POOL_SERVICE: Service = service("VmPoolService", VmPool::type_desc, &[
        get("get", &["filter", "follow"]),
        update("update", &["async", "seal"]),
        remove("remove", &["async"]),
        act("allocatevm", "allocate_vm", &["async"], ""),
    ]);
    pub(in crate::services) static VM_POOLS_SERVICE: Service = service("VmPoolsService", VmPool::type_desc, &[
        get("list", &["case_sensitive", "filter", "follow", "max", "search"]),
        add("add", &["seal"]),
    ]);
    pub(in crate::services) static VM_REPORTED_DEVICE_SERVICE: Service = service("VmReportedDeviceService", ReportedDevice::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static VM_REPORTED_DEVICES_SERVICE: Service = service("VmReportedDevicesService", ReportedDevice::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static VM_SERVICE: Service = service("VmService", Vm::type_desc, &[
        get("get", &["all_content", "filter", "follow", "next_run", "ovf_as_ova"]),
        update("update", &["async", "next_run"]),
        remove("remove", &["async", "detach_only", "force"]),
        act("autopincpuandnumanodes", "auto_pin_cpu_and_numa_nodes", &["async", "optimize_cpu_settings"], ""),
        act("cancelmigration", "cancel_migration", &["async"], ""),
        act("clone", "clone", &["async", "discard_snapshots", "storage_domain", "vm"], ""),
        act("commitsnapshot", "commit_snapshot", &["async"], ""),
        act("detach", "detach", &["async"], ""),
        act("export", "export", &["async", "directory", "discard_snapshots", "exclusive", "filename", "host", "storage_domain"], ""),
        act("freezefilesystems", "freeze_filesystems", &["async"], ""),
        act("logon", "logon", &["async"], ""),
        act("maintenance", "maintenance", &["async", "maintenance_enabled"], ""),
        act("migrate", "migrate", &["async", "cluster", "force", "host", "migrate_vms_in_affinity_closure"], ""),
        act("previewsnapshot", "preview_snapshot", &["async", "disks", "lease", "restore_memory", "snapshot", "vm"], ""),
        act("reboot", "reboot", &["async", "force"], ""),
        act("reordermacaddresses", "reorder_mac_addresses", &["async"], ""),
        act("reset", "reset", &["async"], ""),
        act("screenshot", "screenshot", &[], ""),
        act("shutdown", "shutdown", &["async", "force", "reason"], ""),
        act("start", "start", &["async", "attach_wgt", "authorized_key", "filter", "pause", "use_cloud_init", "use_ignition", "use_initialization", "use_sysprep", "vm", "volatile"], ""),
        act("stop", "stop", &["async", "force", "reason"], ""),
        act("suspend", "suspend", &["async"], ""),
        act("thawfilesystems", "thaw_filesystems", &["async"], ""),
        act("ticket", "ticket", &["async", "ticket"], "ticket"),
        act("undosnapshot", "undo_snapshot", &["async"], ""),
    ]);
    pub(in crate::services) static VM_SESSION_SERVICE: Service = service("VmSessionService", Session::type_desc, &[
        get("get", &["follow"]),
    ]);
    pub(in crate::services) static VM_SESSIONS_SERVICE: Service = service("VmSessionsService", Session::type_desc, &[
        get("list", &["follow", "max"]),
    ]);
    pub(in crate::services) static VM_WATCHDOG_SERVICE: Service = service("VmWatchdogService", Watchdog::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static VM_WATCHDOGS_SERVICE: Service = service("VmWatchdogsService", Watchdog::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static VMS_SERVICE: Service = service("VmsService", Vm::type_desc, &[
        get("list", &["all_content", "case_sensitive", "filter", "follow", "max", "ovf_as_ova", "search"]),
        add("add", &["auto_pinning_policy", "clone", "clone_permissions", "filter", "seal"]),
    ]);
    pub(in crate::services) static VNIC_PROFILE_SERVICE: Service = service("VnicProfileService", VnicProfile::type_desc, &[
        get("get", &["follow"]),
        update("update", &["async"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static VNIC_PROFILES_SERVICE: Service = service("VnicProfilesService", VnicProfile::type_desc, &[
        get("list", &["follow", "max"]),
        add("add", &[]),
    ]);
    pub(in crate::services) static WEIGHT_SERVICE: Service = service("WeightService", Weight::type_desc, &[
        get("get", &["filter", "follow"]),
        remove("remove", &["async"]),
    ]);
    pub(in crate::services) static WEIGHTS_SERVICE: Service = service("WeightsService", Weight::type_desc, &[
        get("list", &["filter", "follow", "max"]),
        add("add", &[]),
    ]);
}

pub(super) use all::*;
