//! What can be asked about: objects, their fields, and which objects they can be joined with.
//!
//! The lists are oVirt's (semantics of its search language), with a few joins more.

use crate::fields::{Field, FieldDef, Kind};
use crate::words;

macro_rules! objects {
    ($($(#[$doc:meta])* $object:ident $one:literal / $many:literal joins [$($join:ident),*] {
        $($field:ident $kind:expr;)*
    })*) => {
        /// A kind of object.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Object { $($(#[$doc])* $object),* }

        impl Object {
            /// All of them.
            pub const ALL: &'static [Object] = &[$(Object::$object),*];
            /// Its name for one (`Vm`).
            #[must_use]
            pub fn one(self) -> &'static str {
                match self { $(Object::$object => $one),* }
            }
            /// Its name for many (`Vms`), which a search begins with.
            #[must_use]
            pub fn many(self) -> &'static str {
                match self { $(Object::$object => $many),* }
            }
            /// The objects whose fields a search for these may name.
            #[must_use]
            pub fn joins(self) -> &'static [Object] {
                match self { $(Object::$object => &[$(Object::$join),*]),* }
            }
            /// Its fields.
            #[must_use]
            pub fn fields(self) -> &'static [FieldDef] {
                match self {
                    $(Object::$object => {
                        const FIELDS: &[FieldDef] =
                            &[$(FieldDef { field: Field::$field, kind: $kind }),*];
                        FIELDS
                    })*
                }
            }
        }
    };
}

objects! {
    /// A virtual machine.
    Vm "Vm" / "Vms"
        joins [Host, Template, Event, User, Storage, Vnic, Cluster, DataCenter, Disk, Network] {
        Name Kind::Text;
        Comment Kind::Text;
        Status Kind::Words(words::VM_STATUS);
        Ip Kind::Text;
        Host Kind::Text;
        Fqdn Kind::Text;
        Uptime Kind::Span;
        Os Kind::Text;
        CreationDate Kind::Moment;
        Address Kind::Text;
        CpuUsage Kind::Number;
        MemUsage Kind::Number;
        NetworkUsage Kind::Unkept;
        Memory Kind::Number;
        GuaranteedMemory Kind::Number;
        MigrationProgress Kind::Unkept;
        Apps Kind::Unkept;
        Cluster Kind::Text;
        Pool Kind::Text;
        LoggedInUser Kind::Unkept;
        Tag Kind::Label;
        DataCenter Kind::Text;
        Type Kind::Words(words::VM_TYPE);
        Quota Kind::Text;
        Id Kind::Label;
        Description Kind::Text;
        Architecture Kind::Words(words::ARCHITECTURE);
        CustomEmulatedMachine Kind::Text;
        CustomCpuType Kind::Text;
        CompatibilityLevel Kind::Number;
        CustomCompatibilityLevel Kind::Number;
        CreatedByUserId Kind::Label;
        NextRunConfigExists Kind::Truth;
        HasIllegalImages Kind::Truth;
        BiosType Kind::Words(words::BIOS_TYPE);
        K8sNamespace Kind::Text;
        Vcpus Kind::Number;
    }
    /// A hypervisor.
    Host "Host" / "Hosts"
        joins [Vm, Template, Event, User, Storage, Nic, Cluster, DataCenter] {
        Name Kind::Text;
        Comment Kind::Text;
        Description Kind::Text;
        Status Kind::Words(words::HOST_STATUS);
        ExternalStatus Kind::Words(words::HEALTH);
        Cluster Kind::Text;
        Address Kind::Text;
        CpuUsage Kind::Number;
        MemUsage Kind::Number;
        NetworkUsage Kind::Unkept;
        Load Kind::Number;
        Version Kind::Text;
        Cpus Kind::Number;
        Memory Kind::Number;
        CpuSpeed Kind::Number;
        CpuModel Kind::Text;
        ActiveVms Kind::Number;
        MigratingVms Kind::Number;
        CommittedMem Kind::Number;
        Tag Kind::Label;
        Type Kind::Words(words::HOST_TYPE);
        DataCenter Kind::Text;
        Architecture Kind::Words(words::ARCHITECTURE);
        UpdateAvailable Kind::Unkept;
        HaScore Kind::Unkept;
        SpmId Kind::Unkept;
        HwId Kind::Label;
        Id Kind::Label;
    }
    /// A template.
    Template "Template" / "Templates"
        joins [Vm, Host, Event, User, Storage, Vnic, Cluster, DataCenter, Disk] {
        Name Kind::Text;
        Comment Kind::Text;
        Os Kind::Text;
        CreationDate Kind::Moment;
        ChildCount Kind::Number;
        Mem Kind::Number;
        Description Kind::Text;
        Status Kind::Words(words::TEMPLATE_STATUS);
        Sealed Kind::Unkept;
        Cluster Kind::Text;
        DataCenter Kind::Text;
        Quota Kind::Text;
        Architecture Kind::Words(words::ARCHITECTURE);
        VersionName Kind::Text;
        Tag Kind::Label;
        Id Kind::Label;
    }
    /// A pool of VMs.
    Pool "Pool" / "Pools" joins [] {
        Name Kind::Text;
        Description Kind::Text;
        Comment Kind::Text;
        Type Kind::Words(words::POOL_TYPE);
        Cluster Kind::Text;
        DataCenter Kind::Text;
        Architecture Kind::Words(words::ARCHITECTURE);
        AssignedVmCount Kind::Number;
        RunningVmCount Kind::Number;
        Id Kind::Label;
    }
    /// A cluster.
    Cluster "Cluster" / "Clusters" joins [DataCenter, Storage, ClusterNetwork, Host, Vm] {
        Name Kind::Text;
        Cluster Kind::Label;
        Description Kind::Text;
        Comment Kind::Text;
        Architecture Kind::Words(words::ARCHITECTURE);
        CompatibilityLevel Kind::Number;
        CpuType Kind::Text;
        Initialized Kind::Truth;
        DataCenter Kind::Text;
        Id Kind::Label;
    }
    /// A data center.
    DataCenter "DataCenter" / "DataCenter" joins [Cluster, Storage, Network] {
        Name Kind::Text;
        DataCenter Kind::Label;
        Description Kind::Text;
        Local Kind::Truth;
        Status Kind::Words(words::DATA_CENTER_STATUS);
        Comment Kind::Text;
        CompatibilityVersion Kind::Number;
        Id Kind::Label;
    }
    /// A storage domain.
    Storage "Storage" / "Storages" joins [Host, Cluster, DataCenter, Vm, Template, Disk] {
        Name Kind::Text;
        Status Kind::Words(words::STORAGE_STATUS);
        SharedStatus Kind::Words(words::STORAGE_SHARED_STATUS);
        ExternalStatus Kind::Words(words::HEALTH);
        DataCenter Kind::Text;
        Type Kind::Words(words::STORAGE_TYPE);
        FreeSize Kind::Number;
        UsedSize Kind::Number;
        TotalSize Kind::Number;
        Committed Kind::Number;
        Comment Kind::Text;
        Description Kind::Text;
        WipeAfterDelete Kind::Truth;
        DiscardAfterDelete Kind::Truth;
        LowSpaceThreshold Kind::Number;
        CriticalSpaceThreshold Kind::Number;
        Backup Kind::Truth;
        Id Kind::Label;
    }
    /// A virtual disk.
    Disk "Disk" / "Disks" joins [Storage, DataCenter, Vm, Template] {
        Alias Kind::Text;
        Name Kind::Label;
        Description Kind::Text;
        ProvisionedSize Kind::Number;
        Size Kind::Number;
        ActualSize Kind::Number;
        CreationDateOfDisk Kind::Moment;
        Shareable Kind::Truth;
        Status Kind::Words(words::DISK_STATUS);
        DiskType Kind::Words(words::DISK_TYPE);
        DiskContentType Kind::Words(words::DISK_CONTENT);
        AllocationPolicy Kind::Words(words::ALLOCATION);
        NumberOfVms Kind::Number;
        VmNames Kind::Text;
        Quota Kind::Text;
        Id Kind::Label;
        WipeAfterDelete Kind::Truth;
        LastModified Kind::Unkept;
        DataCenter Kind::Label;
    }
    /// A Gluster volume.
    Volume "Volume" / "Volumes" joins [] {
        Name Kind::Text;
        Type Kind::Words(words::VOLUME_TYPE);
        TransportType Kind::Words(words::TRANSPORT);
        ReplicaCount Kind::Number;
        StripeCount Kind::Number;
        Status Kind::Words(words::VOLUME_STATUS);
        Cluster Kind::Text;
    }
    /// A quota.
    Quota "Quota" / "Quotas" joins [] {
        Name Kind::Text;
        StoragePoolName Kind::Text;
        Description Kind::Text;
        ThresholdStorage Kind::Number;
        ThresholdCluster Kind::Number;
        GraceStorage Kind::Number;
        GraceCluster Kind::Number;
        EnforcementType Kind::Words(words::QUOTA_ENFORCEMENT);
    }
    /// A logical network.
    Network "Network" / "Networks"
        joins [ClusterNetwork, HostNetwork, Provider, Cluster, DataCenter] {
        Name Kind::Text;
        Description Kind::Text;
        Comment Kind::Text;
        VlanId Kind::Number;
        Stp Kind::Truth;
        Mtu Kind::Number;
        VmNetwork Kind::Truth;
        DataCenter Kind::Text;
        Label Kind::Text;
        ProviderName Kind::Text;
        QosName Kind::Text;
        Id Kind::Label;
    }
    /// A provider of networks, images or volumes.
    Provider "Provider" / "Providers" joins [] {
        Name Kind::Text;
        Type Kind::Words(words::PROVIDER_TYPE);
        Description Kind::Text;
        Url Kind::Text;
    }
    /// An instance type.
    InstanceType "InstanceType" / "InstanceTypes" joins [] {
        Name Kind::Text;
        Description Kind::Text;
        Comment Kind::Text;
        Id Kind::Label;
    }
    /// A login that goes on.
    Session "Session" / "Sessions" joins [] {
        UserId Kind::Label;
        UserName Kind::Text;
        AuthzName Kind::Text;
        SourceIp Kind::Text;
        Id Kind::Label;
    }
    /// A job.
    Job "Job" / "Jobs" joins [] {
        CorrelationId Kind::Label;
        Description Kind::Text;
        Status Kind::Words(words::JOB_STATUS);
        Id Kind::Label;
    }
    /// A vNIC profile.
    VnicProfile "VnicProfile" / "VnicProfiles" joins [Network] {
        Name Kind::Text;
        Description Kind::Text;
        PortMirroring Kind::Truth;
        Passthrough Kind::Truth;
        NetworkName Kind::Text;
        CompatibilityVersion Kind::Number;
        DataCenter Kind::Text;
        QosName Kind::Text;
        NetworkFilter Kind::Unkept;
        Failover Kind::Text;
        Id Kind::Label;
    }
    /// Something that happened.
    Event "Event" / "Events"
        joins [Vm, Host, Template, User, Cluster, DataCenter, Storage, Disk] {
        Type Kind::Number;
        Severity Kind::Ranks(words::SEVERITY);
        Message Kind::Text;
        Time Kind::Moment;
        UsrName Kind::Text;
        EventHost Kind::Label;
        EventVm Kind::Label;
        EventTemplate Kind::Label;
        EventStorage Kind::Label;
        EventDataCenter Kind::Label;
        EventVolume Kind::Label;
        CorrelationId Kind::Label;
        Origin Kind::Label;
        CustomEventId Kind::Number;
        Deleted Kind::Truth;
        Cluster Kind::Label;
        DataCenter Kind::Label;
        Id Kind::Number;
    }
    /// A user.
    User "User" / "Users" joins [Vm, Host, Template, Event] {
        Name Kind::Text;
        LastName Kind::Text;
        UsrName Kind::Text;
        UserAndDomain Kind::Text;
        Login Kind::Text;
        Directory Kind::Text;
        Department Kind::Text;
        Tag Kind::Label;
        Pool Kind::Text;
        Type Kind::Words(words::USER_TYPE);
        Id Kind::Label;
    }
    /// A group of users.
    Group "Group" / "Groups" joins [] {
        GrpName Kind::Text;
        Name Kind::Text;
        Id Kind::Label;
    }
    /// A network card of a VM or template.
    Vnic "Vnic" / "Vnics" joins [] {
        NetworkName Kind::Text;
        Mac Kind::Text;
        Name Kind::Text;
    }
    /// A network card of a host.
    Nic "Nic" / "Nics" joins [] {
        NetworkName Kind::Text;
        Mac Kind::Text;
        Name Kind::Text;
    }
    /// A network that is attached to a cluster.
    ClusterNetwork "Cluster_network" / "Cluster_networks" joins [] {
        NetworkName Kind::Text;
        ClusterName Kind::Text;
    }
    /// A network that a host has.
    HostNetwork "Host_network" / "Host_networks" joins [] {
        HostName Kind::Text;
    }
}

impl Object {
    /// An object by its name for one or many, in any case.
    #[must_use]
    pub fn named(word: &str) -> Option<Object> {
        Object::ALL.iter().copied().find(|object| {
            let one = object.one();
            word.eq_ignore_ascii_case(one)
                || word.eq_ignore_ascii_case(object.many())
                || word
                    .strip_suffix(['s', 'S'])
                    .is_some_and(|word| word.eq_ignore_ascii_case(one))
        })
    }

    /// One of its fields, by what a user writes in any case.
    #[must_use]
    pub fn field(self, word: &str) -> Option<&'static FieldDef> {
        self.fields()
            .iter()
            .find(|def| def.field.name().eq_ignore_ascii_case(word))
    }

    /// Can this version answer how those two are related? oVirt relates users to objects by their
    /// permissions.
    #[must_use]
    pub fn is_related_to(self, other: Object) -> bool {
        let by_permission = |a, b| a == Object::User && b != Object::Event;
        let by_provider = (self, other) == (Object::Network, Object::Provider);
        !(by_permission(self, other) || by_permission(other, self) || by_provider)
    }
}
