//! Which fields can be asked for, and the object's side of the question.

use std::borrow::Cow;

/// An object that can be asked.
pub trait Fields {
    /// What the field of that name ([`Field::name`]) holds; `None` when it holds nothing.
    fn field(&self, name: &str) -> Option<Cow<'_, str>>;

    /// Does the field hold something that fits? Fields that hold several things (tags) ask each.
    fn any(&self, name: &str, fits: &dyn Fn(&str) -> bool) -> bool {
        fits(&self.field(name).unwrap_or_default())
    }
}

/// A field that is supported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
    /// `name`, for disks also `alias`.
    Name,
    /// `id`.
    Id,
    /// `status`, as the API names it.
    Status,
    /// `cluster`, its name.
    Cluster,
    /// `datacenter`, its name.
    DataCenter,
    /// `tag`: the tags of an object and those above them.
    Tag,
    /// `usrname`: a login with its directory.
    UserName,
    /// `storage.name`: the storage domains of a data center.
    Storage,
}

impl Field {
    /// The name that `Fields` is asked with.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::Id => "id",
            Field::Status => "status",
            Field::Cluster => "cluster",
            Field::DataCenter => "datacenter",
            Field::Tag => "tag",
            Field::UserName => "usrname",
            Field::Storage => "storage.name",
        }
    }

    /// A field by what a user writes, in any case.
    pub(crate) fn of(word: &str) -> Option<Field> {
        Some(match word.to_ascii_lowercase().as_str() {
            "name" | "alias" => Field::Name,
            "id" => Field::Id,
            "status" => Field::Status,
            "cluster" => Field::Cluster,
            "datacenter" => Field::DataCenter,
            "tag" => Field::Tag,
            "usrname" => Field::UserName,
            "storage" | "storage.name" | "storages.name" => Field::Storage,
            _ => return None,
        })
    }
}

/// Is it a field of some object in oVirt (semantics 5.6) that is not supported yet?
pub(crate) fn is_known(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    KNOWN.split_ascii_whitespace().any(|k| k == word)
}

/// Is it the name of an object (`Vms`, `host`) that oVirt lets a search begin with or refer to?
pub(crate) fn is_object(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let one = word.strip_suffix('s').unwrap_or(&word);
    OBJECTS
        .split_ascii_whitespace()
        .any(|k| k == word || k == one)
}

const OBJECTS: &str = "vm host template pool cluster datacenter storage disk volume quota network \
    provider instancetype imagetype session job vnicprofile event user group aduser adgroup errata \
    nic vnic cluster_network host_network";

const KNOWN: &str = "comment ip host fqdn uptime os creationdate address cpu_usage mem_usage \
    network_usage memory guaranteed_memory migration_progress_percent apps pool loggedinuser tag \
    type quota description architecture custom_emulated_machine custom_cpu_type \
    compatibility_level custom_compatibility_level created_by_user_id next_run_config_exists \
    has_illegal_images bios_type k8s_namespace vcpus external_status load version cpus cpu_speed \
    cpu_model active_vms migrating_vms committed_mem update_available ha_score spm_id hw_id \
    childcount mem sealed version_name assigned_vm_count running_vm_count cpu_type initialized \
    local compatibility_version shared_status free_size used_size total_size committed \
    wipe_after_delete discard_after_delete low_space_threshold critical_space_threshold backup \
    provisioned_size size actual_size creation_date shareable disk_type disk_content_type \
    allocation_policy number_of_vms vm_names last_modified severity message time usrname \
    event_host event_vm event_template event_storage event_datacenter event_volume \
    correlation_id origin custom_event_id deleted lastname user_and_domain login directory \
    department grpname storagepoolname thresholdstoragepercentage thresholdclusterpercentage \
    gracestoragepercentage graceclusterpercentage enforcementtype vlanid stp mtu vmnetwork label \
    provider_name qos_name network_name cluster_name host_name mac port_mirroring passthrough \
    network_filter failover url user_id user_name authz_name source_ip transport_type \
    replica_count username title allnames groupname";
