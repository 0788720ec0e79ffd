//! oVirt's permits and predefined roles, with their fixed numbers and ids.

/// One thing that a role allows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Permit {
    /// oVirt's number; the API's id.
    pub id: u16,
    /// oVirt's name as the API writes it.
    pub name: &'static str,
    /// Only roles of administrators may hold it.
    pub administrative: bool,
}

/// A predefined role.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PredefinedRole {
    /// Its id.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// For administrators.
    pub administrative: bool,
    /// Who has it on an object sees the objects below it.
    pub sees_children: bool,
    /// Numbers of its permits, ascending.
    pub permits: &'static [u16],
}

impl PredefinedRole {
    /// Its permits in full.
    pub fn permits(&self) -> impl Iterator<Item = &'static Permit> {
        self.permits.iter().filter_map(|id| permit(*id))
    }
}

/// The permit of that number.
#[must_use]
pub fn permit(id: u16) -> Option<&'static Permit> {
    let at = PERMITS.binary_search_by_key(&id, |p| p.id).ok()?;
    PERMITS.get(at)
}

/// The id of the role that may do everything.
pub const SUPER_USER: &str = "00000000-0000-0000-0000-000000000001";
/// The group that everybody belongs to.
pub const EVERYONE: &str = "eee00000-0000-0000-0000-123456789eee";

const fn user(id: u16, name: &'static str) -> Permit {
    Permit {
        id,
        name,
        administrative: false,
    }
}

const fn admin(id: u16, name: &'static str) -> Permit {
    Permit {
        id,
        name,
        administrative: true,
    }
}

/// Every permit by its number.
pub const PERMITS: &[Permit] = &[
    user(1, "create_vm"),
    user(2, "delete_vm"),
    user(3, "edit_vm_properties"),
    user(5, "change_vm_cd"),
    user(6, "migrate_vm"),
    user(7, "connect_to_vm"),
    admin(8, "import_export_vm"),
    user(9, "configure_vm_network"),
    user(10, "configure_vm_storage"),
    user(11, "move_vm"),
    user(12, "manipulate_vm_snapshots"),
    user(13, "reconnect_to_vm"),
    admin(14, "change_vm_custom_properties"),
    admin(15, "edit_admin_vm_properties"),
    user(16, "create_instance"),
    user(17, "reboot_vm"),
    user(18, "stop_vm"),
    user(19, "shut_down_vm"),
    user(21, "hibernate_vm"),
    user(22, "run_vm"),
    user(23, "reset_vm"),
    admin(100, "create_host"),
    admin(101, "edit_host_configuration"),
    admin(102, "delete_host"),
    admin(103, "manipulate_host"),
    admin(104, "configure_host_network"),
    user(200, "create_template"),
    user(201, "edit_template_properties"),
    user(202, "delete_template"),
    user(203, "copy_template"),
    user(204, "configure_template_network"),
    admin(205, "edit_admin_template_properties"),
    user(300, "create_vm_pool"),
    user(301, "edit_vm_pool_configuration"),
    user(302, "delete_vm_pool"),
    user(303, "vm_pool_basic_operations"),
    admin(400, "create_cluster"),
    admin(401, "edit_cluster_configuration"),
    admin(402, "delete_cluster"),
    admin(403, "configure_cluster_network"),
    admin(404, "assign_cluster_network"),
    admin(500, "manipulate_users"),
    admin(501, "manipulate_roles"),
    user(502, "manipulate_permissions"),
    user(503, "add_users_and_groups_from_directory"),
    user(504, "edit_profile"),
    admin(600, "create_storage_domain"),
    admin(601, "edit_storage_domain_configuration"),
    admin(602, "delete_storage_domain"),
    admin(603, "manipulate_storage_domain"),
    admin(700, "create_storage_pool"),
    admin(701, "delete_storage_pool"),
    admin(702, "edit_storage_pool_configuration"),
    admin(703, "configure_storage_pool_network"),
    admin(704, "create_storage_pool_network"),
    admin(705, "delete_storage_pool_network"),
    admin(800, "configure_engine"),
    admin(900, "configure_quota"),
    user(901, "consume_quota"),
    admin(1000, "create_gluster_volume"),
    admin(1001, "manipulate_gluster_volume"),
    admin(1002, "delete_gluster_volume"),
    admin(1003, "manipulate_gluster_hook"),
    admin(1004, "manipulate_gluster_service"),
    user(1100, "create_disk"),
    user(1101, "attach_disk"),
    user(1102, "edit_disk_properties"),
    user(1103, "configure_disk_storage"),
    user(1104, "delete_disk"),
    admin(1105, "configure_scsi_generic_io"),
    user(1106, "access_image_storage"),
    user(1107, "disk_live_storage_migration"),
    user(1108, "sparsify_disk"),
    admin(1109, "reduce_disk"),
    admin(1110, "backup_disk"),
    admin(1203, "configure_network_vnic_profile"),
    admin(1204, "create_network_vnic_profile"),
    admin(1205, "delete_network_vnic_profile"),
    user(1300, "login"),
    admin(1301, "tag_management"),
    admin(1302, "bookmark_management"),
    admin(1303, "event_notification_management"),
    admin(1304, "audit_log_management"),
    admin(1400, "inject_external_events"),
    admin(1500, "inject_external_tasks"),
    admin(1550, "manipulate_affinity_groups"),
    admin(1560, "configure_storage_disk_profile"),
    admin(1561, "create_storage_disk_profile"),
    admin(1562, "delete_storage_disk_profile"),
    user(1563, "attach_disk_profile"),
    admin(1660, "create_mac_pool"),
    admin(1661, "edit_mac_pool"),
    admin(1662, "delete_mac_pool"),
    admin(1663, "configure_mac_pool"),
    user(1664, "connect_to_serial_console"),
    admin(1665, "delete_cpu_profile"),
    admin(1666, "update_cpu_profile"),
    admin(1667, "create_cpu_profile"),
    admin(1668, "assign_cpu_profile"),
];

/// Every predefined role.
pub const ROLES: &[PredefinedRole] = &[
    PredefinedRole {
        id: "00000000-0000-0000-0000-000000000001",
        name: "SuperUser",
        administrative: true,
        sees_children: true,
        permits: &[
            1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 21, 22, 23, 100, 101, 102,
            103, 104, 200, 201, 202, 203, 204, 205, 300, 301, 302, 303, 400, 401, 402, 403, 404,
            500, 501, 502, 503, 600, 601, 602, 603, 700, 701, 702, 703, 704, 705, 800, 900, 901,
            1000, 1001, 1002, 1003, 1004, 1100, 1101, 1102, 1103, 1104, 1105, 1106, 1107, 1108,
            1109, 1110, 1203, 1204, 1205, 1300, 1301, 1302, 1303, 1304, 1400, 1500, 1550, 1560,
            1561, 1562, 1563, 1660, 1661, 1662, 1663, 1664, 1665, 1666, 1667, 1668,
        ],
    },
    PredefinedRole {
        id: "00000000-0000-0000-0001-000000000001",
        name: "UserRole",
        administrative: false,
        sees_children: true,
        permits: &[5, 7, 17, 18, 19, 21, 22, 23, 303, 1106, 1300],
    },
    PredefinedRole {
        id: "00000000-0000-0000-0001-000000000002",
        name: "PowerUserRole",
        administrative: false,
        sees_children: false,
        permits: &[1, 200, 1100, 1106, 1300, 1563, 1665, 1666, 1667, 1668],
    },
    PredefinedRole {
        id: "def00001-0000-0000-0000-def000000001",
        name: "ClusterAdmin",
        administrative: true,
        sees_children: true,
        permits: &[
            1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 17, 18, 19, 21, 22, 23, 100, 101, 102, 103,
            104, 300, 301, 302, 303, 400, 401, 402, 403, 502, 503, 1100, 1101, 1102, 1103, 1104,
            1107, 1108, 1109, 1110, 1300, 1301, 1302, 1303, 1304, 1550, 1563, 1665, 1666, 1667,
            1668,
        ],
    },
    PredefinedRole {
        id: "def00002-0000-0000-0000-def000000002",
        name: "DataCenterAdmin",
        administrative: true,
        sees_children: true,
        permits: &[
            1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 17, 18, 19, 21, 22, 23, 100, 101, 102, 103,
            104, 200, 201, 202, 203, 204, 205, 300, 301, 302, 303, 400, 401, 402, 403, 404, 502,
            503, 700, 701, 702, 703, 704, 705, 900, 901, 1100, 1101, 1102, 1103, 1104, 1105, 1107,
            1108, 1109, 1110, 1203, 1204, 1205, 1300, 1301, 1302, 1303, 1304, 1550, 1563, 1663,
            1665, 1666, 1667, 1668,
        ],
    },
    PredefinedRole {
        id: "def00003-0000-0000-0000-def000000003",
        name: "StorageAdmin",
        administrative: true,
        sees_children: true,
        permits: &[
            600, 601, 602, 603, 1100, 1101, 1102, 1103, 1104, 1106, 1107, 1108, 1109, 1110, 1300,
            1301, 1302, 1303, 1304, 1560, 1561, 1562, 1563,
        ],
    },
    PredefinedRole {
        id: "def00004-0000-0000-0000-def000000004",
        name: "HostAdmin",
        administrative: true,
        sees_children: true,
        permits: &[
            100, 101, 102, 103, 104, 600, 601, 602, 603, 1300, 1301, 1302, 1303, 1304, 1560, 1561,
            1562, 1563,
        ],
    },
    PredefinedRole {
        id: "def00005-0000-0000-0000-def000000005",
        name: "NetworkAdmin",
        administrative: true,
        sees_children: true,
        permits: &[
            9, 104, 204, 403, 404, 703, 704, 705, 1203, 1204, 1205, 1300, 1301, 1302, 1303, 1304,
        ],
    },
    PredefinedRole {
        id: "def00006-0000-0000-0000-def000000006",
        name: "UserVmManager",
        administrative: false,
        sees_children: true,
        permits: &[
            1, 2, 3, 5, 7, 9, 10, 12, 17, 18, 19, 21, 22, 23, 502, 503, 1100, 1101, 1102, 1104,
            1108, 1109, 1110, 1300, 1664, 1668,
        ],
    },
    PredefinedRole {
        id: "def00007-0000-0000-0000-def000000007",
        name: "VmPoolAdmin",
        administrative: true,
        sees_children: true,
        permits: &[1, 300, 301, 302, 303, 1300, 1301, 1302, 1303, 1304, 1668],
    },
    PredefinedRole {
        id: "def00008-0000-0000-0000-def000000008",
        name: "TemplateAdmin",
        administrative: true,
        sees_children: true,
        permits: &[
            200, 201, 202, 203, 204, 205, 502, 503, 1106, 1300, 1301, 1302, 1303, 1304,
        ],
    },
    PredefinedRole {
        id: "def0000a-0000-0000-0000-def00000000a",
        name: "QuotaConsumer",
        administrative: false,
        sees_children: false,
        permits: &[901],
    },
    PredefinedRole {
        id: "def0000a-0000-0000-0000-def00000000b",
        name: "DiskOperator",
        administrative: false,
        sees_children: true,
        permits: &[502, 503, 1100, 1101, 1102, 1104, 1108, 1109, 1110, 1300],
    },
    PredefinedRole {
        id: "def0000a-0000-0000-0000-def00000000c",
        name: "DiskCreator",
        administrative: false,
        sees_children: false,
        permits: &[1100, 1300],
    },
    PredefinedRole {
        id: "def0000b-0000-0000-0000-def00000000b",
        name: "GlusterAdmin",
        administrative: true,
        sees_children: true,
        permits: &[
            100, 101, 102, 103, 104, 400, 401, 402, 403, 404, 1000, 1001, 1002, 1003, 1004, 1300,
            1301, 1302, 1303, 1304,
        ],
    },
    PredefinedRole {
        id: "def0000a-0000-0000-0000-def00000000d",
        name: "VmCreator",
        administrative: false,
        sees_children: false,
        permits: &[1, 1100, 1300, 1668],
    },
    PredefinedRole {
        id: "def0000a-0000-0000-0000-def00000000e",
        name: "TemplateCreator",
        administrative: false,
        sees_children: false,
        permits: &[200, 1300],
    },
    PredefinedRole {
        id: "def0000a-0000-0000-0000-def00000000f",
        name: "TemplateOwner",
        administrative: false,
        sees_children: true,
        permits: &[201, 202, 203, 204, 502, 503, 1300],
    },
    PredefinedRole {
        id: "def0000c-0000-0000-0000-def000000000",
        name: "ExternalEventsCreator",
        administrative: false,
        sees_children: false,
        permits: &[1400],
    },
    PredefinedRole {
        id: "def0000d-0000-0000-0000-def000000000",
        name: "ExternalTasksCreator",
        administrative: false,
        sees_children: false,
        permits: &[1500],
    },
    PredefinedRole {
        id: "def0000a-0000-0000-0000-def000000010",
        name: "VnicProfileUser",
        administrative: false,
        sees_children: false,
        permits: &[9, 204, 1300],
    },
    PredefinedRole {
        id: "def00009-0000-0000-0000-def000000009",
        name: "UserTemplateBasedVm",
        administrative: false,
        sees_children: false,
        permits: &[1, 1668],
    },
    PredefinedRole {
        id: "def00011-0000-0000-0000-def000000011",
        name: "InstanceCreator",
        administrative: false,
        sees_children: false,
        permits: &[16, 1100, 1300],
    },
    PredefinedRole {
        id: "def00012-0000-0000-0000-def000000012",
        name: "UserInstanceManager",
        administrative: false,
        sees_children: false,
        permits: &[
            2, 3, 5, 7, 10, 12, 17, 18, 19, 21, 22, 23, 502, 503, 1100, 1101, 1102, 1104, 1108,
            1109, 1110, 1300, 1664,
        ],
    },
    PredefinedRole {
        id: "def0000c-0000-0000-0000-def00000000c",
        name: "ReadOnlyAdmin",
        administrative: true,
        sees_children: true,
        permits: &[1300],
    },
    PredefinedRole {
        id: "def00011-0000-0000-0000-def000000013",
        name: "TagManager",
        administrative: true,
        sees_children: false,
        permits: &[1300, 1301, 1304],
    },
    PredefinedRole {
        id: "def00011-0000-0000-0000-def000000014",
        name: "BookmarkManager",
        administrative: true,
        sees_children: false,
        permits: &[1300, 1302, 1304],
    },
    PredefinedRole {
        id: "def00011-0000-0000-0000-def000000015",
        name: "EventNotificationManager",
        administrative: true,
        sees_children: false,
        permits: &[1300, 1303, 1304],
    },
    PredefinedRole {
        id: "def00011-0000-0000-0000-def000000016",
        name: "AuditLogManager",
        administrative: true,
        sees_children: false,
        permits: &[1300, 1304],
    },
    PredefinedRole {
        id: "def00013-0000-0000-0000-def000000013",
        name: "MacPoolAdmin",
        administrative: true,
        sees_children: true,
        permits: &[1300, 1660, 1661, 1662, 1663],
    },
    PredefinedRole {
        id: "def00014-0000-0000-0000-def000000014",
        name: "MacPoolUser",
        administrative: false,
        sees_children: true,
        permits: &[1300, 1663],
    },
    PredefinedRole {
        id: "def00020-0000-0000-0000-abc000000010",
        name: "DiskProfileUser",
        administrative: false,
        sees_children: false,
        permits: &[1563],
    },
    PredefinedRole {
        id: "def00006-0000-0000-0000-def000000011",
        name: "UserVmRunTimeManager",
        administrative: false,
        sees_children: false,
        permits: &[
            1, 2, 3, 5, 7, 9, 10, 17, 18, 19, 21, 22, 23, 502, 503, 1100, 1101, 1102, 1104, 1108,
            1109, 1110, 1300, 1668,
        ],
    },
    PredefinedRole {
        id: "def00021-0000-0000-0000-def000000015",
        name: "UserProfileEditor",
        administrative: false,
        sees_children: false,
        permits: &[504],
    },
    PredefinedRole {
        id: "def00030-0000-0000-0000-def000000011",
        name: "VmImporterExporter",
        administrative: true,
        sees_children: true,
        permits: &[8, 1300, 1563, 1668],
    },
    PredefinedRole {
        id: "def00017-0000-0000-0000-def000000017",
        name: "CpuProfileOperator",
        administrative: false,
        sees_children: false,
        permits: &[1668],
    },
    PredefinedRole {
        id: "def00016-0000-0000-0000-def000000016",
        name: "CpuProfileCreator",
        administrative: true,
        sees_children: false,
        permits: &[1665, 1666, 1667, 1668],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_tables_fit_each_other() {
        assert!(PERMITS.windows(2).all(|p| p[0].id < p[1].id));
        let ids: BTreeSet<&str> = ROLES.iter().map(|r| r.id).collect();
        assert_eq!(ids.len(), ROLES.len(), "ids are unique");
        for role in ROLES {
            assert_eq!(role.permits().count(), role.permits.len(), "{}", role.name);
            assert!(role.permits.is_sorted(), "{}", role.name);
        }
    }

    #[test]
    fn the_super_user_may_nearly_everything() {
        let role = ROLES.iter().find(|r| r.id == SUPER_USER).unwrap();
        assert_eq!(role.name, "SuperUser");
        assert!(role.permits().any(|p| p.name == "create_vm"));
    }
}
