//! What the attributes of bodies do: one table for each type, which the conversions check bodies against
//! and `docs/api-coverage.md` is made from.
//!
//! An attribute that is in no table must say what a GET shows anyway (`carry`). *Stored* is said of what is
//! kept and shown while nothing else comes of it, with the reason; take the word away in the change that
//! makes it act.

use api_publish::Attribute;
use api_publish::Effect::{Acts, Engine, Stored};

/// Their names, for `carry::check`.
pub(super) fn names(tables: &[&[Attribute]]) -> Vec<&'static str> {
    tables.concat().iter().map(|(name, _)| *name).collect()
}

/// A VM beside its hardware.
pub(super) const VM: &[Attribute] = &[
    ("name", Acts),
    ("description", Acts),
    ("comment", Acts),
    ("cluster", Acts),
    ("delete_protected", Acts),
    ("creation_time", Engine),
    ("display.address", Engine),
    ("display.port", Engine),
    ("display.secure_port", Engine),
    ("fqdn", Engine),
    ("guest_operating_system", Engine),
    ("guest_time_zone", Engine),
    ("has_illegal_images", Engine),
    ("host", Engine),
    ("next_run_configuration_exists", Engine),
    ("original_template", Engine),
    ("start_time", Engine),
    ("status", Engine),
    ("status_detail", Engine),
    ("stop_reason", Engine),
    ("stop_time", Engine),
];

/// What is read of a new VM besides.
pub(super) const VM_NEW: &[Attribute] = &[
    ("template", Acts),
    ("storage_domain", Acts),
    ("disk_attachments", Acts),
];

/// The hardware of a VM or an instance type.
pub(super) const HARDWARE: &[Attribute] = &[
    (
        "type",
        Stored(
            "desktops and servers differ by sound, USB and pinning, and none of these devices can be had yet",
        ),
    ),
    ("memory", Acts),
    (
        "memory_policy.guaranteed",
        Stored(
            "it is checked against the memory and told to the host; room is found for the whole memory, which is on the safe side",
        ),
    ),
    (
        "memory_policy.max",
        Stored(
            "it is the ceiling for memory that is plugged in while the VM runs, which can't be done yet",
        ),
    ),
    ("memory_policy.ballooning", Acts),
    ("cpu.topology", Acts),
    ("cpu_shares", Acts),
    (
        "os.type",
        Stored(
            "it must be a known name; devices that depend on the system (Windows' clock, disks of old systems) are chosen by hand",
        ),
    ),
    ("os.boot", Acts),
    (
        "bios.type",
        Stored(
            "the two values that are taken, cluster default and Q35 with SeaBIOS, are the same machine",
        ),
    ),
    (
        "console",
        Stored("there is no serial console and no proxy that would show it yet"),
    ),
    ("display.type", Acts),
    ("graphics_consoles", Acts),
    (
        "high_availability",
        Stored("nothing starts a VM again whose host has failed yet"),
    ),
    ("placement_policy", Acts),
    ("start_paused", Acts),
    ("time_zone.name", Stored("every clock starts at UTC yet")),
    ("rng_device.source", Acts),
];

/// A template; what its VM has is copied.
pub(super) const TEMPLATE: &[Attribute] = &[
    ("name", Acts),
    ("description", Acts),
    ("comment", Acts),
    ("vm", Acts),
    ("cluster", Acts),
    ("storage_domain", Acts),
];

/// An instance type beside its hardware.
pub(super) const INSTANCE_TYPE: &[Attribute] = &[
    ("name", Acts),
    ("description", Acts),
    ("comment", Acts),
    ("creation_time", Engine),
    ("status", Engine),
];

const NOT_MOVED: &str =
    "no VM is moved because of its host's state yet, only when somebody asks for it";
const MIGRATION: &str =
    "a migration is done as libvirt does it by itself, with Vireo's own steps when it does not end";
const UNITS: &str =
    "hosts are chosen by built-in filters and weights, which policies do not change yet";
const FIRST_HOST: &str = "guests get the model that QEMU gives by default, on every host";

/// A cluster.
pub(super) const CLUSTER: &[Attribute] = &[
    ("name", Acts),
    ("description", Acts),
    ("comment", Acts),
    ("version.major", Acts),
    ("version.minor", Acts),
    ("cpu.type", Stored(FIRST_HOST)),
    ("cpu.architecture", Stored(FIRST_HOST)),
    ("memory_policy.over_commit", Acts),
    (
        "memory_policy.transparent_hugepages",
        Stored("hosts keep what their system has set"),
    ),
    ("threads_as_cores", Acts),
    (
        "ballooning_enabled",
        Stored("each VM says for itself whether it has a balloon, and nothing inflates one yet"),
    ),
    ("ksm", Stored("hosts keep what their system has set")),
    ("mac_pool", Acts),
    ("error_handling", Stored(NOT_MOVED)),
    (
        "fencing_policy",
        Stored("hosts have no power management yet"),
    ),
    ("migration.auto_converge", Stored(MIGRATION)),
    ("migration.compressed", Stored(MIGRATION)),
    ("migration.encrypted", Stored(MIGRATION)),
    ("migration.bandwidth", Stored(MIGRATION)),
    ("migration.policy", Stored(MIGRATION)),
    ("scheduling_policy", Stored(UNITS)),
    ("custom_scheduling_policy_properties", Stored(UNITS)),
    (
        "serial_number",
        Stored("the serial number that a guest sees is its VM's id"),
    ),
    (
        "required_rng_sources",
        Stored("every host has /dev/urandom, the only source that a VM can have"),
    ),
    (
        "log_max_memory_used_threshold",
        Stored("no event tells of a host's memory yet"),
    ),
    (
        "log_max_memory_used_threshold_type",
        Stored("no event tells of a host's memory yet"),
    ),
    (
        "ha_reservation",
        Stored("nothing starts a VM again whose host has failed yet"),
    ),
    (
        "optional_reason",
        Stored("it tells user interfaces whether to ask"),
    ),
    (
        "maintenance_reason_required",
        Stored("it tells user interfaces to ask; the engine does not insist"),
    ),
];

/// What is read of a new cluster besides.
pub(super) const CLUSTER_NEW: &[Attribute] = &[("data_center", Acts)];

/// A data center.
pub(super) const DATA_CENTER: &[Attribute] = &[
    ("name", Acts),
    ("description", Acts),
    ("comment", Acts),
    (
        "local",
        Stored("storage is told apart by what it is, not by the data center that it is in"),
    ),
    ("version.major", Acts),
    ("version.minor", Acts),
    ("status", Engine),
    ("storage_format", Engine),
    ("supported_versions", Engine),
];

/// A network, where it is made.
pub(super) const NETWORK: &[Attribute] = &[
    ("name", Acts),
    ("description", Acts),
    ("comment", Acts),
    (
        "vlan",
        Stored(
            "networks are set up on hosts by their administrators yet, who give the bridge its VLAN",
        ),
    ),
    ("mtu", Acts),
    ("usages", Acts),
    ("status", Engine),
];

/// What is read of a new network besides.
pub(super) const NETWORK_NEW: &[Attribute] = &[
    ("data_center", Acts),
    ("vdsm_name", Acts),
    ("profile_required", Acts),
];

/// A network in a cluster.
pub(super) const NETWORK_USE: &[Attribute] = &[
    (
        "required",
        Stored("a host that lacks the network gets no VM that needs it, required or not"),
    ),
    (
        "display",
        Stored("consoles listen where the host's agent is told to"),
    ),
    (
        "usages",
        Stored("migrations and consoles use the host's address yet"),
    ),
    ("name", Acts),
    ("status", Engine),
    ("cluster", Engine),
];

/// A vNIC profile.
pub(super) const VNIC_PROFILE: &[Attribute] = &[
    ("name", Acts),
    ("description", Acts),
    ("comment", Acts),
    ("port_mirroring", Stored("bridges do not mirror yet")),
];

/// What is read of a new vNIC profile besides.
pub(super) const VNIC_PROFILE_NEW: &[Attribute] = &[("network", Acts)];

/// A VM's network card.
pub(super) const NIC: &[Attribute] = &[
    ("name", Acts),
    ("interface", Acts),
    ("mac", Acts),
    ("plugged", Acts),
    ("linked", Acts),
    ("vnic_profile", Acts),
    ("vm", Engine),
];

/// A disk's attachment to a VM.
pub(super) const DISK_ATTACHMENT: &[Attribute] = &[
    ("active", Acts),
    ("bootable", Acts),
    ("disk", Acts),
    ("interface", Acts),
    ("logical_name", Engine),
    ("pass_discard", Acts),
    ("read_only", Acts),
    ("vm", Engine),
];

/// What of a disk only the engine sets, and hints without a meaning for files.
pub(super) const DISK_ENGINE: &[Attribute] = &[
    ("actual_size", Engine),
    ("image_id", Engine),
    ("initial_size", Engine),
    ("qcow_version", Engine),
    ("status", Engine),
    ("total_size", Engine),
    ("vms", Engine),
];

/// A new disk.
pub(super) const DISK: &[Attribute] = &[
    ("name", Acts),
    ("alias", Acts),
    ("description", Acts),
    ("format", Acts),
    ("sparse", Acts),
    ("provisioned_size", Acts),
    ("shareable", Acts),
    ("storage_domain", Acts),
    ("storage_domains", Acts),
    ("propagate_errors", Acts),
    ("wipe_after_delete", Acts),
];

/// A disk that changes.
pub(super) const DISK_CHANGE: &[Attribute] = &[
    ("name", Acts),
    ("alias", Acts),
    ("description", Acts),
    ("provisioned_size", Acts),
    ("shareable", Acts),
    ("propagate_errors", Acts),
    ("wipe_after_delete", Acts),
];

/// A disk that is copied.
pub(super) const DISK_COPY: &[Attribute] = &[
    ("name", Acts),
    ("alias", Acts),
    ("format", Acts),
    ("sparse", Acts),
    ("storage_domain", Acts),
    ("storage_domains", Acts),
    ("provisioned_size", Acts),
];

const AFFINITY: &str = "the choice of a host does not look at affinity groups yet";

/// An affinity group.
pub(super) const AFFINITY_GROUP: &[Attribute] = &[
    ("name", Acts),
    ("description", Acts),
    ("priority", Stored(AFFINITY)),
    ("vms_rule", Stored(AFFINITY)),
    ("hosts_rule", Stored(AFFINITY)),
    ("positive", Stored(AFFINITY)),
    ("enforcing", Stored(AFFINITY)),
    ("cluster", Engine),
];

/// An affinity label.
pub(super) const AFFINITY_LABEL: &[Attribute] = &[
    ("name", Acts),
    ("has_implicit_affinity_group", Stored(AFFINITY)),
];

/// A scheduling policy.
pub(super) const SCHEDULING_POLICY: &[Attribute] = &[
    ("name", Acts),
    ("description", Acts),
    ("properties", Stored(UNITS)),
];

/// All that is told in `docs/api-coverage.md`, by the tag of the type. A host has none: it joins by
/// enrolling itself, and PUT answers 501.
pub(crate) fn all() -> Vec<(&'static str, Vec<Attribute>)> {
    vec![
        ("vm", [VM, VM_NEW, HARDWARE].concat()),
        ("host", Vec::new()),
        ("template", TEMPLATE.to_vec()),
        ("instance_type", [INSTANCE_TYPE, HARDWARE].concat()),
        ("cluster", [CLUSTER, CLUSTER_NEW].concat()),
        ("data_center", DATA_CENTER.to_vec()),
        ("network", [NETWORK, NETWORK_NEW].concat()),
        ("network (in a cluster)", NETWORK_USE.to_vec()),
        ("vnic_profile", [VNIC_PROFILE, VNIC_PROFILE_NEW].concat()),
        ("nic", NIC.to_vec()),
        ("disk_attachment", DISK_ATTACHMENT.to_vec()),
        ("disk", [DISK, DISK_ENGINE].concat()),
        ("affinity_group", AFFINITY_GROUP.to_vec()),
        ("affinity_label", AFFINITY_LABEL.to_vec()),
        ("scheduling_policy", SCHEDULING_POLICY.to_vec()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn an_attribute_stands_once_for_each_type_and_exists() {
        for (tag, all) in all() {
            let tag = tag.split(' ').next().unwrap();
            let of = api_v4::types::NEW.iter().map(|new| new());
            let record = of.into_iter().find(|r| r.desc().tag == tag).unwrap();
            let mut seen = BTreeSet::new();
            for (name, effect) in all {
                assert!(seen.insert(name), "{tag}.{name} stands twice");
                let first = name.split('.').next().unwrap();
                assert!(record.desc().field(first).is_some(), "{tag}.{name}");
                if let Stored(why) = effect {
                    assert!(why.len() > 10, "{tag}.{name} has no reason");
                }
            }
        }
    }
}
