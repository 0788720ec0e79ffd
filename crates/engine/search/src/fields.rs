//! Names of fields, and what kind of values they hold.

use crate::query::Operator;
use crate::words::Words;

macro_rules! fields {
    ($($field:ident = $name:literal),* $(,)?) => {
        /// A field's name; which objects have it is in `objects`.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Field { $(#[doc = concat!("`", $name, "`")] $field),* }

        impl Field {
            /// As it is written in a search.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Field::$field => $name),* }
            }
        }
    };
}

fields! {
    ActiveVms = "active_vms",
    ActualSize = "actual_size",
    Address = "address",
    Alias = "alias",
    AllocationPolicy = "allocation_policy",
    Apps = "apps",
    Architecture = "architecture",
    AssignedVmCount = "assigned_vm_count",
    AuthzName = "authz_name",
    Backup = "backup",
    BiosType = "bios_type",
    ChildCount = "childcount",
    Cluster = "cluster",
    ClusterName = "cluster_name",
    Comment = "comment",
    Committed = "committed",
    CommittedMem = "committed_mem",
    CompatibilityLevel = "compatibility_level",
    CompatibilityVersion = "compatibility_version",
    CorrelationId = "correlation_id",
    CpuModel = "cpu_model",
    CpuSpeed = "cpu_speed",
    CpuType = "cpu_type",
    CpuUsage = "cpu_usage",
    Cpus = "cpus",
    CreatedByUserId = "created_by_user_id",
    CreationDate = "creationdate",
    CreationDateOfDisk = "creation_date",
    CriticalSpaceThreshold = "critical_space_threshold",
    CustomCompatibilityLevel = "custom_compatibility_level",
    CustomCpuType = "custom_cpu_type",
    CustomEmulatedMachine = "custom_emulated_machine",
    CustomEventId = "custom_event_id",
    DataCenter = "datacenter",
    Deleted = "deleted",
    Department = "department",
    Description = "description",
    Directory = "directory",
    DiscardAfterDelete = "discard_after_delete",
    DiskContentType = "disk_content_type",
    DiskType = "disk_type",
    EnforcementType = "enforcementtype",
    EventDataCenter = "event_datacenter",
    EventHost = "event_host",
    EventStorage = "event_storage",
    EventTemplate = "event_template",
    EventVm = "event_vm",
    EventVolume = "event_volume",
    ExternalStatus = "external_status",
    Failover = "failover",
    Fqdn = "fqdn",
    FreeSize = "free_size",
    GraceCluster = "graceclusterpercentage",
    GraceStorage = "gracestoragepercentage",
    GrpName = "grpname",
    GuaranteedMemory = "guaranteed_memory",
    HaScore = "ha_score",
    HasIllegalImages = "has_illegal_images",
    Host = "host",
    HostName = "host_name",
    HwId = "hw_id",
    Id = "id",
    Initialized = "initialized",
    Ip = "ip",
    K8sNamespace = "k8s_namespace",
    Label = "label",
    LastModified = "last_modified",
    LastName = "lastname",
    Load = "load",
    Local = "local",
    LoggedInUser = "loggedinuser",
    Login = "login",
    LowSpaceThreshold = "low_space_threshold",
    Mac = "mac",
    Mem = "mem",
    MemUsage = "mem_usage",
    Memory = "memory",
    Message = "message",
    MigratingVms = "migrating_vms",
    MigrationProgress = "migration_progress_percent",
    Mtu = "mtu",
    Name = "name",
    NetworkFilter = "network_filter",
    NetworkName = "network_name",
    NetworkUsage = "network_usage",
    NextRunConfigExists = "next_run_config_exists",
    NumberOfVms = "number_of_vms",
    Origin = "origin",
    Os = "os",
    Passthrough = "passthrough",
    Pool = "pool",
    PortMirroring = "port_mirroring",
    ProviderName = "provider_name",
    ProvisionedSize = "provisioned_size",
    QosName = "qos_name",
    Quota = "quota",
    ReplicaCount = "replica_count",
    RunningVmCount = "running_vm_count",
    Sealed = "sealed",
    Severity = "severity",
    Shareable = "shareable",
    SharedStatus = "shared_status",
    Size = "size",
    SourceIp = "source_ip",
    SpmId = "spm_id",
    Status = "status",
    StoragePoolName = "storagepoolname",
    Stp = "stp",
    StripeCount = "stripe_count",
    Tag = "tag",
    ThresholdCluster = "thresholdclusterpercentage",
    ThresholdStorage = "thresholdstoragepercentage",
    Time = "time",
    TotalSize = "total_size",
    TransportType = "transport_type",
    Type = "type",
    UpdateAvailable = "update_available",
    Uptime = "uptime",
    Url = "url",
    UsedSize = "used_size",
    UserAndDomain = "user_and_domain",
    UserId = "user_id",
    UserName = "user_name",
    UsrName = "usrname",
    Vcpus = "vcpus",
    Version = "version",
    VersionName = "version_name",
    VlanId = "vlanid",
    VmNames = "vm_names",
    VmNetwork = "vmnetwork",
    WipeAfterDelete = "wipe_after_delete",
}

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Text that a search without a field looks at, too.
    Text,
    /// Text that only a search by this field looks at.
    Label,
    /// A number; memory in MiB, sizes of storage in GiB, percentages from 0 to 100.
    Number,
    /// `true` or `false`.
    Truth,
    /// One of a few words.
    Words(Words),
    /// One of a few words, from least to most.
    Ranks(Words),
    /// A moment.
    Moment,
    /// A span of time.
    Span,
    /// Known to oVirt, not kept by this version.
    Unkept,
}

impl Kind {
    /// The operators that it can be compared with.
    #[must_use]
    pub fn operators(self) -> &'static [Operator] {
        use Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        match self {
            Kind::Text | Kind::Label | Kind::Truth | Kind::Words(_) => &[Equal, NotEqual],
            Kind::Number | Kind::Ranks(_) | Kind::Moment | Kind::Span | Kind::Unkept => {
                &[Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual]
            }
        }
    }
    /// The words it knows, where it knows a few only.
    #[must_use]
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Kind::Words(words) | Kind::Ranks(words) => words,
            Kind::Truth => &["true", "false"],
            _ => &[],
        }
    }
    /// Does it hold text?
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, Kind::Text | Kind::Label)
    }
}

/// A field of an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FieldDef {
    /// Its name.
    pub field: Field,
    /// What it holds.
    pub kind: Kind,
}
