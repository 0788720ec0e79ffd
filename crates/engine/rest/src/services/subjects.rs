//! What the parts of the v4 API that are not served yet belong to: the words by which a refusal and
//! `docs/api-coverage.md` name them.

use api_v4::services::{Operation, Path};

/// Actions, by the last segment of their path.
const ACTIONS: &[(&str, &[&str])] = &[
    ("Gluster", &["refreshglusterhealstatus"]),
    (
        "VM life cycle",
        &["reboot", "reset", "screenshot", "suspend", "maintenance"],
    ),
    (
        "VM snapshots",
        &[
            "commitsnapshot",
            "freezefilesystems",
            "previewsnapshot",
            "restore",
            "thawfilesystems",
            "undosnapshot",
        ],
    ),
    (
        "consoles",
        &[
            "logon",
            "proxyticket",
            "remoteviewerconnectionfile",
            "ticket",
        ],
    ),
    ("pools", &["allocatevm", "detach"]),
    ("copies of VMs and disks", &["clone", "copy"]),
    ("NUMA and CPU pinning", &["autopincpuandnumanodes"]),
    (
        "host installation and upgrade",
        &[
            "approve",
            "enrollcertificate",
            "install",
            "upgrade",
            "upgradecheck",
        ],
    ),
    ("power management", &["fence"]),
    (
        "host networks",
        &[
            "commitnetconfig",
            "copyhostnetworks",
            "setupnetworks",
            "syncallnetworks",
            "updatevirtualfunctionsconfiguration",
        ],
    ),
    (
        "block storage",
        &[
            "discoveriscsi",
            "iscsidiscover",
            "iscsilogin",
            "reduceluns",
            "refreshlun",
            "refreshluns",
            "unregisteredstoragedomainsdiscover",
        ],
    ),
    ("host life cycle", &["forceselectspm", "refresh"]),
    ("clusters", &["resetemulatedmachine"]),
    ("configuration", &["reloadconfigurations"]),
];

/// Everything else, by the last word of the path that stands here.
const WORDS: &[(&str, &[&str])] = &[
    (
        "Gluster",
        &["glusterbricks", "glusterhooks", "glustervolumes"],
    ),
    (
        "rights",
        &["groups", "permissions", "permits", "roles", "domains"],
    ),
    ("users", &["users"]),
    (
        "users' settings",
        &["eventsubscriptions", "options", "sshpublickeys"],
    ),
    (
        "quotas",
        &["quotaclusterlimits", "quotas", "quotastoragelimits"],
    ),
    (
        "quality of service",
        &["cpuprofiles", "diskprofiles", "qoss"],
    ),
    (
        "block storage",
        &[
            "iscsibonds",
            "storage",
            "storageconnectionextensions",
            "storageserverconnections",
        ],
    ),
    ("storage domains", &["storageconnections", "storagedomains"]),
    ("ISO and image files", &["files", "images"]),
    ("disks", &["disks"]),
    ("VM snapshots", &["disksnapshots", "snapshots"]),
    ("incremental backup", &["backups", "checkpoints"]),
    ("image transfer", &["imagetransfers"]),
    ("pools", &["vmpools"]),
    (
        "providers",
        &[
            "externalhostproviders",
            "externalnetworkproviderconfigurations",
            "externalnetworkproviders",
            "katelloerrata",
            "openstackimageproviders",
            "openstacknetworkproviders",
            "openstackvolumeproviders",
        ],
    ),
    (
        "import from elsewhere",
        &["externaltemplateimports", "externalvmimports"],
    ),
    (
        "host networks",
        &[
            "linklayerdiscoveryprotocolelements",
            "networkattachments",
            "networklabels",
            "unmanagednetworks",
            "virtualfunctionallowedlabels",
            "virtualfunctionallowednetworks",
        ],
    ),
    (
        "networks",
        &[
            "networkfilterparameters",
            "networkfilters",
            "networks",
            "vnicprofiles",
        ],
    ),
    ("NUMA and CPU pinning", &["cpuunits", "numanodes"]),
    (
        "host devices",
        &["devices", "hostdevices", "mediateddevices"],
    ),
    (
        "VM devices",
        &[
            "cdroms",
            "diskattachments",
            "graphicsconsoles",
            "nics",
            "watchdogs",
        ],
    ),
    (
        "guest information",
        &["applications", "reporteddevices", "sessions"],
    ),
    ("figures", &["statistics"]),
    ("power management", &["fenceagents"]),
    ("host hooks", &["hooks"]),
    (
        "affinity",
        &["affinitygroups", "affinitylabels", "hostlabels", "vmlabels"],
    ),
    ("tags", &["tags"]),
    ("cluster features", &["clusterfeatures", "enabledfeatures"]),
    ("external jobs", &["jobs", "steps"]),
    ("events", &["events"]),
    (
        "scheduling",
        &["schedulingpolicies", "schedulingpolicyunits"],
    ),
    ("MAC pools", &["macpools"]),
    ("instance types", &["instancetypes"]),
    ("templates", &["templates"]),
    ("clusters", &["clusterlevels", "clusters"]),
    ("bookmarks", &["bookmarks"]),
    ("fixed lists", &["icons", "operatingsystems"]),
    ("data centers", &["datacenters"]),
    ("host life cycle", &["hosts"]),
    ("VM life cycle", &["vms"]),
];

/// Which subject an operation at a path belongs to.
#[must_use]
pub fn subject(path: &Path, operation: &Operation) -> &'static str {
    let of = |table: &'static [(&str, &[&str])], word: &str| {
        let found = table.iter().find(|(_, words)| words.contains(&word));
        found.map(|(subject, _)| *subject)
    };
    let stands = |word: &str| path.path.split('/').any(|s| s == word);
    let moves = ["export", "import", "register"].contains(&operation.action);
    // What a storage domain holds that no data center knows.
    let stored = path.path.starts_with("storagedomains/") && (stands("vms") || stands("templates"));
    if stands("glustervolumes") {
        return "Gluster";
    }
    if stands("snapshots") {
        return "VM snapshots";
    }
    if moves || stored {
        return "export and import";
    }
    of(ACTIONS, operation.action)
        .or_else(|| path.path.rsplit('/').find_map(|word| of(WORDS, word)))
        .unwrap_or("the system")
}

#[cfg(test)]
mod tests {
    use super::*;
    use api_v4::services::ALL;

    fn of(path: &str, name: &str) -> &'static str {
        let path = ALL.iter().find(|p| p.path == path).unwrap();
        let operation = path.service.operations.iter().find(|o| o.name == name);
        subject(path, operation.unwrap())
    }

    #[test]
    fn a_part_of_the_api_belongs_to_what_it_is_about() {
        assert_eq!(of("vms/{vm}/snapshots", "list"), "VM snapshots");
        assert_eq!(of("vms/{vm}", "preview_snapshot"), "VM snapshots");
        assert_eq!(of("vms/{vm}", "suspend"), "VM life cycle");
        assert_eq!(of("vmpools/{vm-pool}/permissions", "add"), "rights");
        assert_eq!(of("hosts/{host}", "setup_networks"), "host networks");
        assert_eq!(
            of(
                "clusters/{cluster}/glustervolumes/{gluster-volume}",
                "start"
            ),
            "Gluster"
        );
    }

    #[test]
    fn nothing_is_without_a_subject_but_the_root() {
        for path in ALL.iter().filter(|p| !p.path.is_empty()) {
            for operation in path.service.operations {
                assert_ne!(
                    subject(path, operation),
                    "the system",
                    "{}.{}",
                    path.path,
                    operation.name
                );
            }
        }
    }
}
