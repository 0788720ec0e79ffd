//! Values of fields that know a few words only, as version 4 of the API writes them.

pub(crate) type Words = &'static [&'static str];

pub(crate) const VM_STATUS: Words = &[
    "up",
    "down",
    "powering_up",
    "powering_down",
    "paused",
    "migrating",
    "suspended",
    "saving_state",
    "restoring_state",
    "wait_for_launch",
    "reboot_in_progress",
    "not_responding",
    "image_locked",
    "image_illegal",
    "unassigned",
    "unknown",
];
pub(crate) const VM_TYPE: Words = &["desktop", "server", "high_performance"];
pub(crate) const ARCHITECTURE: Words = &["x86_64", "aarch64", "ppc64", "s390x", "undefined"];
pub(crate) const BIOS_TYPE: Words = &[
    "cluster_default",
    "i440fx_sea_bios",
    "q35_sea_bios",
    "q35_ovmf",
    "q35_secure_boot",
];
pub(crate) const HOST_STATUS: Words = &[
    "up",
    "down",
    "connecting",
    "error",
    "initializing",
    "install_failed",
    "installing",
    "installing_os",
    "kdumping",
    "maintenance",
    "non_operational",
    "non_responsive",
    "pending_approval",
    "preparing_for_maintenance",
    "reboot",
    "unassigned",
    "unknown",
];
pub(crate) const HOST_TYPE: Words = &["rhel", "ovirt_node", "rhev_h"];
pub(crate) const HEALTH: Words = &["ok", "info", "warning", "error", "failure"];
pub(crate) const TEMPLATE_STATUS: Words = &["ok", "locked", "illegal"];
pub(crate) const POOL_TYPE: Words = &["automatic", "manual"];
pub(crate) const DATA_CENTER_STATUS: Words = &[
    "uninitialized",
    "up",
    "maintenance",
    "not_operational",
    "problematic",
    "contend",
    "unknown",
];
pub(crate) const STORAGE_STATUS: Words = &[
    "active",
    "inactive",
    "locked",
    "maintenance",
    "preparing_for_maintenance",
    "activating",
    "detaching",
    "mixed",
    "unattached",
    "unknown",
];
pub(crate) const STORAGE_SHARED_STATUS: Words =
    &["unattached", "active", "inactive", "mixed", "locked"];
/// Where it lies, and what it is for.
pub(crate) const STORAGE_TYPE: Words = &[
    "nfs",
    "iscsi",
    "fcp",
    "localfs",
    "posixfs",
    "glusterfs",
    "glance",
    "cinder",
    "managed_block_storage",
    "data",
    "export",
    "iso",
    "image",
];
pub(crate) const DISK_STATUS: Words = &["ok", "locked", "illegal"];
pub(crate) const DISK_TYPE: Words = &["image", "lun", "cinder", "managed_block_storage"];
pub(crate) const DISK_CONTENT: Words = &[
    "data",
    "iso",
    "ovf_store",
    "memory_dump_volume",
    "memory_metadata_volume",
    "hosted_engine",
    "hosted_engine_sanlock",
    "hosted_engine_metadata",
    "hosted_engine_configuration",
    "backup_scratch",
];
pub(crate) const ALLOCATION: Words = &["sparse", "thin", "preallocated"];
pub(crate) const VOLUME_TYPE: Words = &[
    "distribute",
    "replicate",
    "distributed_replicate",
    "disperse",
    "distributed_disperse",
];
pub(crate) const VOLUME_STATUS: Words = &["up", "down", "unknown"];
pub(crate) const TRANSPORT: Words = &["tcp", "rdma"];
pub(crate) const QUOTA_ENFORCEMENT: Words = &["disabled", "audit", "enabled"];
pub(crate) const PROVIDER_TYPE: Words = &[
    "foreman",
    "openstack_network",
    "openstack_image",
    "openstack_volume",
    "external_network",
    "vmware",
    "kvm",
    "xen",
    "kubevirt",
];
pub(crate) const JOB_STATUS: Words = &["started", "finished", "failed", "aborted", "unknown"];
pub(crate) const USER_TYPE: Words = &["user", "group"];
/// From harmless to grave: these can be compared with `<` and `>`.
pub(crate) const SEVERITY: Words = &["normal", "warning", "error", "alert"];
