//! Changes of configuration: one row each, since all of them tell the same: what, which, by whom.

/// Something that was configured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// `USER_ADD_STORAGE_POOL`.
    DataCenterAdded,
    /// `USER_REMOVE_STORAGE_POOL`.
    DataCenterRemoved,
    /// `USER_ADD_CLUSTER`.
    ClusterAdded,
    /// `USER_UPDATE_CLUSTER`.
    ClusterUpdated,
    /// `USER_REMOVE_CLUSTER`.
    ClusterRemoved,
    /// `MAC_POOL_ADD_SUCCESS`.
    MacPoolAdded,
    /// `MAC_POOL_EDIT_SUCCESS`.
    MacPoolUpdated,
    /// `MAC_POOL_REMOVE_SUCCESS`.
    MacPoolRemoved,
    /// `NETWORK_UPDATE_NETWORK`.
    NetworkUpdated,
    /// `NETWORK_REMOVE_NETWORK`.
    NetworkRemoved,
    /// `NETWORK_ATTACH_NETWORK_TO_CLUSTER`.
    NetworkAttached,
    /// `NETWORK_UPDTAE_NETWORK_ON_CLUSTER`.
    NetworkUseUpdated,
    /// `NETWORK_DETACH_NETWORK_TO_CLUSTER`.
    NetworkDetached,
    /// `ADD_VNIC_PROFILE`.
    VnicProfileAdded,
    /// `UPDATE_VNIC_PROFILE`.
    VnicProfileUpdated,
    /// `REMOVE_VNIC_PROFILE`.
    VnicProfileRemoved,
    /// `USER_ADD_TAG`.
    TagAdded,
    /// `USER_UPDATE_TAG`.
    TagUpdated,
    /// `USER_MOVE_TAG`.
    TagMoved,
    /// `USER_REMOVE_TAG`.
    TagRemoved,
    /// `USER_ATTACH_TAG_TO_VM`.
    VmTagged,
    /// `USER_DETACH_VM_FROM_TAG`.
    VmUntagged,
    /// `USER_ATTACH_TAG_TO_VDS`.
    HostTagged,
    /// `USER_DETACH_VDS_FROM_TAG`.
    HostUntagged,
    /// `USER_ATTACH_TAG_TO_TEMPLATE`.
    TemplateTagged,
    /// `USER_DETACH_TEMPLATE_FROM_TAG`.
    TemplateUntagged,
    /// `USER_ATTACH_TAG_TO_USER`.
    UserTagged,
    /// `USER_DETACH_USER_FROM_TAG`.
    UserUntagged,
    /// `USER_ADD_BOOKMARK`.
    BookmarkAdded,
    /// `USER_UPDATE_BOOKMARK`.
    BookmarkUpdated,
    /// `USER_REMOVE_BOOKMARK`.
    BookmarkRemoved,
    /// `USER_ADDED_AFFINITY_GROUP`.
    AffinityGroupAdded,
    /// `USER_UPDATED_AFFINITY_GROUP`.
    AffinityGroupUpdated,
    /// `USER_REMOVED_AFFINITY_GROUP`.
    AffinityGroupRemoved,
    /// `USER_ADDED_AFFINITY_LABEL`.
    AffinityLabelAdded,
    /// `USER_UPDATED_AFFINITY_LABEL`.
    AffinityLabelUpdated,
    /// `USER_REMOVED_AFFINITY_LABEL`.
    AffinityLabelRemoved,
    /// `USER_ADD_CLUSTER_POLICY`.
    SchedulingPolicyAdded,
    /// `USER_UPDATE_CLUSTER_POLICY`.
    SchedulingPolicyUpdated,
    /// `USER_REMOVE_CLUSTER_POLICY`.
    SchedulingPolicyRemoved,
    /// `USER_ADD_VM_TEMPLATE`.
    InstanceTypeAdded,
    /// `USER_UPDATE_VM_TEMPLATE`.
    InstanceTypeUpdated,
    /// `USER_REMOVE_VM_TEMPLATE_FINISHED`.
    InstanceTypeRemoved,
    /// `USER_ADD_ROLE`.
    RoleAdded,
    /// `USER_UPDATE_ROLE`.
    RoleUpdated,
    /// `USER_REMOVE_ROLE`.
    RoleRemoved,
    /// `USER_ADD_PERMISSION`.
    PermissionAdded,
    /// `USER_REMOVE_PERMISSION`.
    PermissionRemoved,
    /// `EXTERNAL_EVENT_NORMAL`; oVirt has no event of its own.
    UserAdded,
    /// `EXTERNAL_EVENT_NORMAL`; oVirt has no event of its own.
    UserUpdated,
    /// `EXTERNAL_EVENT_NORMAL`; oVirt has no event of its own.
    UserRemoved,
    /// `EXTERNAL_EVENT_NORMAL`; oVirt has no event of its own.
    GroupAdded,
    /// `EXTERNAL_EVENT_NORMAL`; oVirt has no event of its own.
    GroupUpdated,
    /// `EXTERNAL_EVENT_NORMAL`; oVirt has no event of its own.
    GroupRemoved,
    /// `EXTERNAL_EVENT_NORMAL`; oVirt has no event of its own.
    TokenAdded,
    /// `EXTERNAL_EVENT_NORMAL`; oVirt has no event of its own.
    TokenRevoked,
}

impl Change {
    /// Every one of them.
    pub const ALL: &[Change] = &[
        Change::DataCenterAdded,
        Change::DataCenterRemoved,
        Change::ClusterAdded,
        Change::ClusterUpdated,
        Change::ClusterRemoved,
        Change::MacPoolAdded,
        Change::MacPoolUpdated,
        Change::MacPoolRemoved,
        Change::NetworkUpdated,
        Change::NetworkRemoved,
        Change::NetworkAttached,
        Change::NetworkUseUpdated,
        Change::NetworkDetached,
        Change::VnicProfileAdded,
        Change::VnicProfileUpdated,
        Change::VnicProfileRemoved,
        Change::TagAdded,
        Change::TagUpdated,
        Change::TagMoved,
        Change::TagRemoved,
        Change::VmTagged,
        Change::VmUntagged,
        Change::HostTagged,
        Change::HostUntagged,
        Change::TemplateTagged,
        Change::TemplateUntagged,
        Change::UserTagged,
        Change::UserUntagged,
        Change::BookmarkAdded,
        Change::BookmarkUpdated,
        Change::BookmarkRemoved,
        Change::AffinityGroupAdded,
        Change::AffinityGroupUpdated,
        Change::AffinityGroupRemoved,
        Change::AffinityLabelAdded,
        Change::AffinityLabelUpdated,
        Change::AffinityLabelRemoved,
        Change::SchedulingPolicyAdded,
        Change::SchedulingPolicyUpdated,
        Change::SchedulingPolicyRemoved,
        Change::InstanceTypeAdded,
        Change::InstanceTypeUpdated,
        Change::InstanceTypeRemoved,
        Change::RoleAdded,
        Change::RoleUpdated,
        Change::RoleRemoved,
        Change::PermissionAdded,
        Change::PermissionRemoved,
        Change::UserAdded,
        Change::UserUpdated,
        Change::UserRemoved,
        Change::GroupAdded,
        Change::GroupUpdated,
        Change::GroupRemoved,
        Change::TokenAdded,
        Change::TokenRevoked,
    ];

    /// oVirt's code and name of it.
    pub(crate) fn code(self) -> (i32, &'static str) {
        match self {
            Change::DataCenterAdded => (950, "USER_ADD_STORAGE_POOL"),
            Change::DataCenterRemoved => (954, "USER_REMOVE_STORAGE_POOL"),
            Change::ClusterAdded => (809, "USER_ADD_CLUSTER"),
            Change::ClusterUpdated => (811, "USER_UPDATE_CLUSTER"),
            Change::ClusterRemoved => (813, "USER_REMOVE_CLUSTER"),
            Change::MacPoolAdded => (10700, "MAC_POOL_ADD_SUCCESS"),
            Change::MacPoolUpdated => (10702, "MAC_POOL_EDIT_SUCCESS"),
            Change::MacPoolRemoved => (10704, "MAC_POOL_REMOVE_SUCCESS"),
            Change::NetworkUpdated => (1114, "NETWORK_UPDATE_NETWORK"),
            Change::NetworkRemoved => (944, "NETWORK_REMOVE_NETWORK"),
            Change::NetworkAttached => (946, "NETWORK_ATTACH_NETWORK_TO_CLUSTER"),
            Change::NetworkUseUpdated => (1112, "NETWORK_UPDTAE_NETWORK_ON_CLUSTER"),
            Change::NetworkDetached => (948, "NETWORK_DETACH_NETWORK_TO_CLUSTER"),
            Change::VnicProfileAdded => (1122, "ADD_VNIC_PROFILE"),
            Change::VnicProfileUpdated => (1124, "UPDATE_VNIC_PROFILE"),
            Change::VnicProfileRemoved => (1126, "REMOVE_VNIC_PROFILE"),
            Change::TagAdded => (432, "USER_ADD_TAG"),
            Change::TagUpdated => (430, "USER_UPDATE_TAG"),
            Change::TagMoved => (555, "USER_MOVE_TAG"),
            Change::TagRemoved => (434, "USER_REMOVE_TAG"),
            Change::VmTagged => (440, "USER_ATTACH_TAG_TO_VM"),
            Change::VmUntagged => (446, "USER_DETACH_VM_FROM_TAG"),
            Change::HostTagged => (442, "USER_ATTACH_TAG_TO_VDS"),
            Change::HostUntagged => (444, "USER_DETACH_VDS_FROM_TAG"),
            Change::TemplateTagged => (183, "USER_ATTACH_TAG_TO_TEMPLATE"),
            Change::TemplateUntagged => (185, "USER_DETACH_TEMPLATE_FROM_TAG"),
            Change::UserTagged => (436, "USER_ATTACH_TAG_TO_USER"),
            Change::UserUntagged => (448, "USER_DETACH_USER_FROM_TAG"),
            Change::BookmarkAdded => (350, "USER_ADD_BOOKMARK"),
            Change::BookmarkUpdated => (352, "USER_UPDATE_BOOKMARK"),
            Change::BookmarkRemoved => (354, "USER_REMOVE_BOOKMARK"),
            Change::AffinityGroupAdded => (10350, "USER_ADDED_AFFINITY_GROUP"),
            Change::AffinityGroupUpdated => (10352, "USER_UPDATED_AFFINITY_GROUP"),
            Change::AffinityGroupRemoved => (10354, "USER_REMOVED_AFFINITY_GROUP"),
            Change::AffinityLabelAdded => (10380, "USER_ADDED_AFFINITY_LABEL"),
            Change::AffinityLabelUpdated => (10382, "USER_UPDATED_AFFINITY_LABEL"),
            Change::AffinityLabelRemoved => (10384, "USER_REMOVED_AFFINITY_LABEL"),
            Change::SchedulingPolicyAdded => (9910, "USER_ADD_CLUSTER_POLICY"),
            Change::SchedulingPolicyUpdated => (9912, "USER_UPDATE_CLUSTER_POLICY"),
            Change::SchedulingPolicyRemoved => (9914, "USER_REMOVE_CLUSTER_POLICY"),
            Change::InstanceTypeAdded => (48, "USER_ADD_VM_TEMPLATE"),
            Change::InstanceTypeUpdated => (49, "USER_UPDATE_VM_TEMPLATE"),
            Change::InstanceTypeRemoved => (251, "USER_REMOVE_VM_TEMPLATE_FINISHED"),
            Change::RoleAdded => (854, "USER_ADD_ROLE"),
            Change::RoleUpdated => (856, "USER_UPDATE_ROLE"),
            Change::RoleRemoved => (858, "USER_REMOVE_ROLE"),
            Change::PermissionAdded => (850, "USER_ADD_PERMISSION"),
            Change::PermissionRemoved => (852, "USER_REMOVE_PERMISSION"),
            Change::UserAdded => (9801, "EXTERNAL_EVENT_NORMAL"),
            Change::UserUpdated => (9801, "EXTERNAL_EVENT_NORMAL"),
            Change::UserRemoved => (9801, "EXTERNAL_EVENT_NORMAL"),
            Change::GroupAdded => (9801, "EXTERNAL_EVENT_NORMAL"),
            Change::GroupUpdated => (9801, "EXTERNAL_EVENT_NORMAL"),
            Change::GroupRemoved => (9801, "EXTERNAL_EVENT_NORMAL"),
            Change::TokenAdded => (9801, "EXTERNAL_EVENT_NORMAL"),
            Change::TokenRevoked => (9801, "EXTERNAL_EVENT_NORMAL"),
        }
    }

    /// The text.
    pub(crate) fn words(self, name: &str, who: &str) -> String {
        match self {
            Change::DataCenterAdded => format!("Data center {name} was added by {who}."),
            Change::DataCenterRemoved => format!("Data center {name} was removed by {who}."),
            Change::ClusterAdded => format!("Cluster {name} was added by {who}."),
            Change::ClusterUpdated => format!("Cluster {name} was changed by {who}."),
            Change::ClusterRemoved => format!("Cluster {name} was removed by {who}."),
            Change::MacPoolAdded => format!("MAC pool {name} was added by {who}."),
            Change::MacPoolUpdated => format!("MAC pool {name} was changed by {who}."),
            Change::MacPoolRemoved => format!("MAC pool {name} was removed by {who}."),
            Change::NetworkUpdated => format!("Network {name} was changed by {who}."),
            Change::NetworkRemoved => format!("Network {name} was removed by {who}."),
            Change::NetworkAttached => format!("Network {name} was attached by {who}."),
            Change::NetworkUseUpdated => {
                format!("What network {name} is for was changed by {who}.")
            }
            Change::NetworkDetached => format!("Network {name} was detached by {who}."),
            Change::VnicProfileAdded => format!("vNIC profile {name} was added by {who}."),
            Change::VnicProfileUpdated => format!("vNIC profile {name} was changed by {who}."),
            Change::VnicProfileRemoved => format!("vNIC profile {name} was removed by {who}."),
            Change::TagAdded => format!("Tag {name} was added by {who}."),
            Change::TagUpdated => format!("Tag {name} was changed by {who}."),
            Change::TagMoved => format!("Tag {name} was moved by {who}."),
            Change::TagRemoved => format!("Tag {name} was removed by {who}."),
            Change::VmTagged => format!("{name} was put on a VM by {who}."),
            Change::VmUntagged => format!("{name} was taken off a VM by {who}."),
            Change::HostTagged => format!("{name} was put on a host by {who}."),
            Change::HostUntagged => format!("{name} was taken off a host by {who}."),
            Change::TemplateTagged => format!("{name} was put on a template by {who}."),
            Change::TemplateUntagged => format!("{name} was taken off a template by {who}."),
            Change::UserTagged => format!("{name} was put on a user by {who}."),
            Change::UserUntagged => format!("{name} was taken off a user by {who}."),
            Change::BookmarkAdded => format!("Bookmark {name} was added by {who}."),
            Change::BookmarkUpdated => format!("Bookmark {name} was changed by {who}."),
            Change::BookmarkRemoved => format!("Bookmark {name} was removed by {who}."),
            Change::AffinityGroupAdded => format!("Affinity group {name} was added by {who}."),
            Change::AffinityGroupUpdated => format!("Affinity group {name} was changed by {who}."),
            Change::AffinityGroupRemoved => format!("Affinity group {name} was removed by {who}."),
            Change::AffinityLabelAdded => format!("Affinity label {name} was added by {who}."),
            Change::AffinityLabelUpdated => format!("Affinity label {name} was changed by {who}."),
            Change::AffinityLabelRemoved => format!("Affinity label {name} was removed by {who}."),
            Change::SchedulingPolicyAdded => {
                format!("Scheduling policy {name} was added by {who}.")
            }
            Change::SchedulingPolicyUpdated => {
                format!("Scheduling policy {name} was changed by {who}.")
            }
            Change::SchedulingPolicyRemoved => {
                format!("Scheduling policy {name} was removed by {who}.")
            }
            Change::InstanceTypeAdded => format!("Instance type {name} was added by {who}."),
            Change::InstanceTypeUpdated => format!("Instance type {name} was changed by {who}."),
            Change::InstanceTypeRemoved => format!("Instance type {name} was removed by {who}."),
            Change::RoleAdded => format!("Role {name} was added by {who}."),
            Change::RoleUpdated => format!("Role {name} was changed by {who}."),
            Change::RoleRemoved => format!("Role {name} was removed by {who}."),
            Change::PermissionAdded => format!("{name} was given by {who}."),
            Change::PermissionRemoved => format!("{name} was taken away by {who}."),
            Change::UserAdded => format!("User {name} was added by {who}."),
            Change::UserUpdated => format!("User {name} was changed by {who}."),
            Change::UserRemoved => format!("User {name} was removed by {who}."),
            Change::GroupAdded => format!("Group {name} was added by {who}."),
            Change::GroupUpdated => format!("The members of group {name} were changed by {who}."),
            Change::GroupRemoved => format!("Group {name} was removed by {who}."),
            Change::TokenAdded => format!("Access token {name} was made by {who}."),
            Change::TokenRevoked => format!("Session or access token {name} was ended by {who}."),
        }
    }
}
