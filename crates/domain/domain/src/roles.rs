//! oVirt's permits and roles: those that come with the engine, with their fixed numbers and ids, and
//! those that users make.
//!
//! Who has which role on what is in `rights`.

use crate::entity::Claim;
use base::{Generation, RoleId};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, LazyLock};

/// oVirt's number of a permit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PermitId(pub u16);

impl PermitId {
    /// Its name, as the API writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        permit(self.0).map_or("unknown", |p| p.name)
    }
}

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

impl Permit {
    /// Does a role that users make show what is below an object because it holds this permit
    /// (`allowsViewingChildren` of oVirt's action groups)? Permits to make things in a container and
    /// those that are about the system show nothing.
    #[must_use]
    pub fn shows_children(&self) -> bool {
        use permits::*;
        let hiding = [
            CREATE_VM,
            CREATE_INSTANCE,
            CREATE_TEMPLATE,
            CREATE_VM_POOL,
            CREATE_DISK,
            ACCESS_IMAGE_STORAGE,
            LOGIN,
            TAG_MANAGEMENT,
            BOOKMARK_MANAGEMENT,
            EVENT_NOTIFICATION_MANAGEMENT,
            AUDIT_LOG_MANAGEMENT,
            INJECT_EXTERNAL_EVENTS,
            INJECT_EXTERNAL_TASKS,
        ];
        !hiding.contains(&PermitId(self.id))
    }
}

/// A role: oVirt's or one that a user made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// Bumped by each stored change.
    pub generation: Generation,
    /// Unique name.
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub description: String,
    /// For administrators.
    pub administrative: bool,
    /// Who has it on an object sees the objects below it.
    pub sees_children: bool,
    /// Numbers of its permits, ascending.
    pub permits: Vec<PermitId>,
}

impl Role {
    /// Its name is unique.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        vec![Claim::new(
            "role-name",
            crate::names::claim_form(&self.name),
        )]
    }

    /// Does it hold the permit? O(log permits).
    #[must_use]
    pub fn holds(&self, permit: PermitId) -> bool {
        self.permits.binary_search(&permit).is_ok()
    }

    /// Its permits in full.
    pub fn permits(&self) -> impl Iterator<Item = &'static Permit> {
        self.permits.iter().filter_map(|id| permit(id.0))
    }

    /// Did it come with the engine? Such a one is never changed or removed.
    #[must_use]
    pub fn is_shipped(&self) -> bool {
        shipped(self.id).is_some()
    }
}

/// The role that comes with the engine under that id.
#[must_use]
pub fn shipped(id: RoleId) -> Option<&'static Arc<Role>> {
    SHIPPED.iter().find(|r| r.id == id)
}

/// The permit of that number.
#[must_use]
pub fn permit(id: u16) -> Option<&'static Permit> {
    let at = PERMITS.binary_search_by_key(&id, |p| p.id).ok()?;
    PERMITS.get(at)
}

/// Roles that come with the engine and that the engine itself gives or asks for.
pub mod known {
    use base::RoleId;

    /// May do everything.
    pub const SUPER_USER: RoleId = RoleId::known(1);
    /// Manages one VM; whoever makes a VM gets it on it.
    pub const USER_VM_MANAGER: RoleId = RoleId::known(0xdef00006_0000_0000_0000_def000000006);
    /// Manages one disk; whoever makes a disk gets it on it.
    pub const DISK_OPERATOR: RoleId = RoleId::known(0xdef0000a_0000_0000_0000_def00000000b);
    /// Manages one template; whoever makes a template gets it on it.
    pub const TEMPLATE_OWNER: RoleId = RoleId::known(0xdef0000a_0000_0000_0000_def00000000f);
    /// Makes VMs from a template.
    pub const USER_TEMPLATE_BASED_VM: RoleId =
        RoleId::known(0xdef00009_0000_0000_0000_def000000009);
    /// Uses a vNIC profile.
    pub const VNIC_PROFILE_USER: RoleId = RoleId::known(0xdef0000a_0000_0000_0000_def000000010);
    /// Changes its own profile.
    pub const USER_PROFILE_EDITOR: RoleId = RoleId::known(0xdef00021_0000_0000_0000_def000000015);
    /// Uses a MAC pool.
    pub const MAC_POOL_USER: RoleId = RoleId::known(0xdef00014_0000_0000_0000_def000000014);
}

/// Every permit by its name.
pub mod permits {
    use super::PermitId;

    /// `create_vm`.
    pub const CREATE_VM: PermitId = PermitId(1);
    /// `delete_vm`.
    pub const DELETE_VM: PermitId = PermitId(2);
    /// `edit_vm_properties`.
    pub const EDIT_VM_PROPERTIES: PermitId = PermitId(3);
    /// `change_vm_cd`.
    pub const CHANGE_VM_CD: PermitId = PermitId(5);
    /// `migrate_vm`.
    pub const MIGRATE_VM: PermitId = PermitId(6);
    /// `connect_to_vm`.
    pub const CONNECT_TO_VM: PermitId = PermitId(7);
    /// `import_export_vm`.
    pub const IMPORT_EXPORT_VM: PermitId = PermitId(8);
    /// `configure_vm_network`.
    pub const CONFIGURE_VM_NETWORK: PermitId = PermitId(9);
    /// `configure_vm_storage`.
    pub const CONFIGURE_VM_STORAGE: PermitId = PermitId(10);
    /// `move_vm`.
    pub const MOVE_VM: PermitId = PermitId(11);
    /// `manipulate_vm_snapshots`.
    pub const MANIPULATE_VM_SNAPSHOTS: PermitId = PermitId(12);
    /// `reconnect_to_vm`.
    pub const RECONNECT_TO_VM: PermitId = PermitId(13);
    /// `change_vm_custom_properties`.
    pub const CHANGE_VM_CUSTOM_PROPERTIES: PermitId = PermitId(14);
    /// `edit_admin_vm_properties`.
    pub const EDIT_ADMIN_VM_PROPERTIES: PermitId = PermitId(15);
    /// `create_instance`.
    pub const CREATE_INSTANCE: PermitId = PermitId(16);
    /// `reboot_vm`.
    pub const REBOOT_VM: PermitId = PermitId(17);
    /// `stop_vm`.
    pub const STOP_VM: PermitId = PermitId(18);
    /// `shut_down_vm`.
    pub const SHUT_DOWN_VM: PermitId = PermitId(19);
    /// `hibernate_vm`.
    pub const HIBERNATE_VM: PermitId = PermitId(21);
    /// `run_vm`.
    pub const RUN_VM: PermitId = PermitId(22);
    /// `reset_vm`.
    pub const RESET_VM: PermitId = PermitId(23);
    /// `create_host`.
    pub const CREATE_HOST: PermitId = PermitId(100);
    /// `edit_host_configuration`.
    pub const EDIT_HOST_CONFIGURATION: PermitId = PermitId(101);
    /// `delete_host`.
    pub const DELETE_HOST: PermitId = PermitId(102);
    /// `manipulate_host`.
    pub const MANIPULATE_HOST: PermitId = PermitId(103);
    /// `configure_host_network`.
    pub const CONFIGURE_HOST_NETWORK: PermitId = PermitId(104);
    /// `create_template`.
    pub const CREATE_TEMPLATE: PermitId = PermitId(200);
    /// `edit_template_properties`.
    pub const EDIT_TEMPLATE_PROPERTIES: PermitId = PermitId(201);
    /// `delete_template`.
    pub const DELETE_TEMPLATE: PermitId = PermitId(202);
    /// `copy_template`.
    pub const COPY_TEMPLATE: PermitId = PermitId(203);
    /// `configure_template_network`.
    pub const CONFIGURE_TEMPLATE_NETWORK: PermitId = PermitId(204);
    /// `edit_admin_template_properties`.
    pub const EDIT_ADMIN_TEMPLATE_PROPERTIES: PermitId = PermitId(205);
    /// `create_vm_pool`.
    pub const CREATE_VM_POOL: PermitId = PermitId(300);
    /// `edit_vm_pool_configuration`.
    pub const EDIT_VM_POOL_CONFIGURATION: PermitId = PermitId(301);
    /// `delete_vm_pool`.
    pub const DELETE_VM_POOL: PermitId = PermitId(302);
    /// `vm_pool_basic_operations`.
    pub const VM_POOL_BASIC_OPERATIONS: PermitId = PermitId(303);
    /// `create_cluster`.
    pub const CREATE_CLUSTER: PermitId = PermitId(400);
    /// `edit_cluster_configuration`.
    pub const EDIT_CLUSTER_CONFIGURATION: PermitId = PermitId(401);
    /// `delete_cluster`.
    pub const DELETE_CLUSTER: PermitId = PermitId(402);
    /// `configure_cluster_network`.
    pub const CONFIGURE_CLUSTER_NETWORK: PermitId = PermitId(403);
    /// `assign_cluster_network`.
    pub const ASSIGN_CLUSTER_NETWORK: PermitId = PermitId(404);
    /// `manipulate_users`.
    pub const MANIPULATE_USERS: PermitId = PermitId(500);
    /// `manipulate_roles`.
    pub const MANIPULATE_ROLES: PermitId = PermitId(501);
    /// `manipulate_permissions`.
    pub const MANIPULATE_PERMISSIONS: PermitId = PermitId(502);
    /// `add_users_and_groups_from_directory`.
    pub const ADD_USERS_AND_GROUPS_FROM_DIRECTORY: PermitId = PermitId(503);
    /// `edit_profile`.
    pub const EDIT_PROFILE: PermitId = PermitId(504);
    /// `create_storage_domain`.
    pub const CREATE_STORAGE_DOMAIN: PermitId = PermitId(600);
    /// `edit_storage_domain_configuration`.
    pub const EDIT_STORAGE_DOMAIN_CONFIGURATION: PermitId = PermitId(601);
    /// `delete_storage_domain`.
    pub const DELETE_STORAGE_DOMAIN: PermitId = PermitId(602);
    /// `manipulate_storage_domain`.
    pub const MANIPULATE_STORAGE_DOMAIN: PermitId = PermitId(603);
    /// `create_storage_pool`.
    pub const CREATE_STORAGE_POOL: PermitId = PermitId(700);
    /// `delete_storage_pool`.
    pub const DELETE_STORAGE_POOL: PermitId = PermitId(701);
    /// `edit_storage_pool_configuration`.
    pub const EDIT_STORAGE_POOL_CONFIGURATION: PermitId = PermitId(702);
    /// `configure_storage_pool_network`.
    pub const CONFIGURE_STORAGE_POOL_NETWORK: PermitId = PermitId(703);
    /// `create_storage_pool_network`.
    pub const CREATE_STORAGE_POOL_NETWORK: PermitId = PermitId(704);
    /// `delete_storage_pool_network`.
    pub const DELETE_STORAGE_POOL_NETWORK: PermitId = PermitId(705);
    /// `configure_engine`.
    pub const CONFIGURE_ENGINE: PermitId = PermitId(800);
    /// `configure_quota`.
    pub const CONFIGURE_QUOTA: PermitId = PermitId(900);
    /// `consume_quota`.
    pub const CONSUME_QUOTA: PermitId = PermitId(901);
    /// `create_gluster_volume`.
    pub const CREATE_GLUSTER_VOLUME: PermitId = PermitId(1000);
    /// `manipulate_gluster_volume`.
    pub const MANIPULATE_GLUSTER_VOLUME: PermitId = PermitId(1001);
    /// `delete_gluster_volume`.
    pub const DELETE_GLUSTER_VOLUME: PermitId = PermitId(1002);
    /// `manipulate_gluster_hook`.
    pub const MANIPULATE_GLUSTER_HOOK: PermitId = PermitId(1003);
    /// `manipulate_gluster_service`.
    pub const MANIPULATE_GLUSTER_SERVICE: PermitId = PermitId(1004);
    /// `create_disk`.
    pub const CREATE_DISK: PermitId = PermitId(1100);
    /// `attach_disk`.
    pub const ATTACH_DISK: PermitId = PermitId(1101);
    /// `edit_disk_properties`.
    pub const EDIT_DISK_PROPERTIES: PermitId = PermitId(1102);
    /// `configure_disk_storage`.
    pub const CONFIGURE_DISK_STORAGE: PermitId = PermitId(1103);
    /// `delete_disk`.
    pub const DELETE_DISK: PermitId = PermitId(1104);
    /// `configure_scsi_generic_io`.
    pub const CONFIGURE_SCSI_GENERIC_IO: PermitId = PermitId(1105);
    /// `access_image_storage`.
    pub const ACCESS_IMAGE_STORAGE: PermitId = PermitId(1106);
    /// `disk_live_storage_migration`.
    pub const DISK_LIVE_STORAGE_MIGRATION: PermitId = PermitId(1107);
    /// `sparsify_disk`.
    pub const SPARSIFY_DISK: PermitId = PermitId(1108);
    /// `reduce_disk`.
    pub const REDUCE_DISK: PermitId = PermitId(1109);
    /// `backup_disk`.
    pub const BACKUP_DISK: PermitId = PermitId(1110);
    /// `configure_network_vnic_profile`.
    pub const CONFIGURE_NETWORK_VNIC_PROFILE: PermitId = PermitId(1203);
    /// `create_network_vnic_profile`.
    pub const CREATE_NETWORK_VNIC_PROFILE: PermitId = PermitId(1204);
    /// `delete_network_vnic_profile`.
    pub const DELETE_NETWORK_VNIC_PROFILE: PermitId = PermitId(1205);
    /// `login`.
    pub const LOGIN: PermitId = PermitId(1300);
    /// `tag_management`.
    pub const TAG_MANAGEMENT: PermitId = PermitId(1301);
    /// `bookmark_management`.
    pub const BOOKMARK_MANAGEMENT: PermitId = PermitId(1302);
    /// `event_notification_management`.
    pub const EVENT_NOTIFICATION_MANAGEMENT: PermitId = PermitId(1303);
    /// `audit_log_management`.
    pub const AUDIT_LOG_MANAGEMENT: PermitId = PermitId(1304);
    /// `inject_external_events`.
    pub const INJECT_EXTERNAL_EVENTS: PermitId = PermitId(1400);
    /// `inject_external_tasks`.
    pub const INJECT_EXTERNAL_TASKS: PermitId = PermitId(1500);
    /// `manipulate_affinity_groups`.
    pub const MANIPULATE_AFFINITY_GROUPS: PermitId = PermitId(1550);
    /// `configure_storage_disk_profile`.
    pub const CONFIGURE_STORAGE_DISK_PROFILE: PermitId = PermitId(1560);
    /// `create_storage_disk_profile`.
    pub const CREATE_STORAGE_DISK_PROFILE: PermitId = PermitId(1561);
    /// `delete_storage_disk_profile`.
    pub const DELETE_STORAGE_DISK_PROFILE: PermitId = PermitId(1562);
    /// `attach_disk_profile`.
    pub const ATTACH_DISK_PROFILE: PermitId = PermitId(1563);
    /// `create_mac_pool`.
    pub const CREATE_MAC_POOL: PermitId = PermitId(1660);
    /// `edit_mac_pool`.
    pub const EDIT_MAC_POOL: PermitId = PermitId(1661);
    /// `delete_mac_pool`.
    pub const DELETE_MAC_POOL: PermitId = PermitId(1662);
    /// `configure_mac_pool`.
    pub const CONFIGURE_MAC_POOL: PermitId = PermitId(1663);
    /// `connect_to_serial_console`.
    pub const CONNECT_TO_SERIAL_CONSOLE: PermitId = PermitId(1664);
    /// `delete_cpu_profile`.
    pub const DELETE_CPU_PROFILE: PermitId = PermitId(1665);
    /// `update_cpu_profile`.
    pub const UPDATE_CPU_PROFILE: PermitId = PermitId(1666);
    /// `create_cpu_profile`.
    pub const CREATE_CPU_PROFILE: PermitId = PermitId(1667);
    /// `assign_cpu_profile`.
    pub const ASSIGN_CPU_PROFILE: PermitId = PermitId(1668);
}

/// A predefined role, as the table below writes it.
struct Predefined {
    id: &'static str,
    name: &'static str,
    administrative: bool,
    sees_children: bool,
    permits: &'static [u16],
}

/// The roles that come with the engine, in oVirt's order.
pub static SHIPPED: LazyLock<Vec<Arc<Role>>> = LazyLock::new(|| {
    let role = |r: &Predefined| {
        Arc::new(Role {
            id: r.id.parse().unwrap_or(RoleId::known(0)),
            generation: Generation::NEW,
            name: r.name.to_owned(),
            description: r.name.to_owned(),
            administrative: r.administrative,
            sees_children: r.sees_children,
            permits: r.permits.iter().map(|id| PermitId(*id)).collect(),
        })
    };
    PREDEFINED.iter().map(role).collect()
});

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
const PREDEFINED: &[Predefined] = &[
    Predefined {
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
    Predefined {
        id: "00000000-0000-0000-0001-000000000001",
        name: "UserRole",
        administrative: false,
        sees_children: true,
        permits: &[5, 7, 17, 18, 19, 21, 22, 23, 303, 1106, 1300],
    },
    Predefined {
        id: "00000000-0000-0000-0001-000000000002",
        name: "PowerUserRole",
        administrative: false,
        sees_children: false,
        permits: &[1, 200, 1100, 1106, 1300, 1563, 1665, 1666, 1667, 1668],
    },
    Predefined {
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
    Predefined {
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
    Predefined {
        id: "def00003-0000-0000-0000-def000000003",
        name: "StorageAdmin",
        administrative: true,
        sees_children: true,
        permits: &[
            600, 601, 602, 603, 1100, 1101, 1102, 1103, 1104, 1106, 1107, 1108, 1109, 1110, 1300,
            1301, 1302, 1303, 1304, 1560, 1561, 1562, 1563,
        ],
    },
    Predefined {
        id: "def00004-0000-0000-0000-def000000004",
        name: "HostAdmin",
        administrative: true,
        sees_children: true,
        permits: &[
            100, 101, 102, 103, 104, 600, 601, 602, 603, 1300, 1301, 1302, 1303, 1304, 1560, 1561,
            1562, 1563,
        ],
    },
    Predefined {
        id: "def00005-0000-0000-0000-def000000005",
        name: "NetworkAdmin",
        administrative: true,
        sees_children: true,
        permits: &[
            9, 104, 204, 403, 404, 703, 704, 705, 1203, 1204, 1205, 1300, 1301, 1302, 1303, 1304,
        ],
    },
    Predefined {
        id: "def00006-0000-0000-0000-def000000006",
        name: "UserVmManager",
        administrative: false,
        sees_children: true,
        permits: &[
            1, 2, 3, 5, 7, 9, 10, 12, 17, 18, 19, 21, 22, 23, 502, 503, 1100, 1101, 1102, 1104,
            1108, 1109, 1110, 1300, 1664, 1668,
        ],
    },
    Predefined {
        id: "def00007-0000-0000-0000-def000000007",
        name: "VmPoolAdmin",
        administrative: true,
        sees_children: true,
        permits: &[1, 300, 301, 302, 303, 1300, 1301, 1302, 1303, 1304, 1668],
    },
    Predefined {
        id: "def00008-0000-0000-0000-def000000008",
        name: "TemplateAdmin",
        administrative: true,
        sees_children: true,
        permits: &[
            200, 201, 202, 203, 204, 205, 502, 503, 1106, 1300, 1301, 1302, 1303, 1304,
        ],
    },
    Predefined {
        id: "def0000a-0000-0000-0000-def00000000a",
        name: "QuotaConsumer",
        administrative: false,
        sees_children: false,
        permits: &[901],
    },
    Predefined {
        id: "def0000a-0000-0000-0000-def00000000b",
        name: "DiskOperator",
        administrative: false,
        sees_children: true,
        permits: &[502, 503, 1100, 1101, 1102, 1104, 1108, 1109, 1110, 1300],
    },
    Predefined {
        id: "def0000a-0000-0000-0000-def00000000c",
        name: "DiskCreator",
        administrative: false,
        sees_children: false,
        permits: &[1100, 1300],
    },
    Predefined {
        id: "def0000b-0000-0000-0000-def00000000b",
        name: "GlusterAdmin",
        administrative: true,
        sees_children: true,
        permits: &[
            100, 101, 102, 103, 104, 400, 401, 402, 403, 404, 1000, 1001, 1002, 1003, 1004, 1300,
            1301, 1302, 1303, 1304,
        ],
    },
    Predefined {
        id: "def0000a-0000-0000-0000-def00000000d",
        name: "VmCreator",
        administrative: false,
        sees_children: false,
        permits: &[1, 1100, 1300, 1668],
    },
    Predefined {
        id: "def0000a-0000-0000-0000-def00000000e",
        name: "TemplateCreator",
        administrative: false,
        sees_children: false,
        permits: &[200, 1300],
    },
    Predefined {
        id: "def0000a-0000-0000-0000-def00000000f",
        name: "TemplateOwner",
        administrative: false,
        sees_children: true,
        permits: &[201, 202, 203, 204, 502, 503, 1300],
    },
    Predefined {
        id: "def0000c-0000-0000-0000-def000000000",
        name: "ExternalEventsCreator",
        administrative: false,
        sees_children: false,
        permits: &[1400],
    },
    Predefined {
        id: "def0000d-0000-0000-0000-def000000000",
        name: "ExternalTasksCreator",
        administrative: false,
        sees_children: false,
        permits: &[1500],
    },
    Predefined {
        id: "def0000a-0000-0000-0000-def000000010",
        name: "VnicProfileUser",
        administrative: false,
        sees_children: false,
        permits: &[9, 204, 1300],
    },
    Predefined {
        id: "def00009-0000-0000-0000-def000000009",
        name: "UserTemplateBasedVm",
        administrative: false,
        sees_children: false,
        permits: &[1, 1668],
    },
    Predefined {
        id: "def00011-0000-0000-0000-def000000011",
        name: "InstanceCreator",
        administrative: false,
        sees_children: false,
        permits: &[16, 1100, 1300],
    },
    Predefined {
        id: "def00012-0000-0000-0000-def000000012",
        name: "UserInstanceManager",
        administrative: false,
        sees_children: false,
        permits: &[
            2, 3, 5, 7, 10, 12, 17, 18, 19, 21, 22, 23, 502, 503, 1100, 1101, 1102, 1104, 1108,
            1109, 1110, 1300, 1664,
        ],
    },
    Predefined {
        id: "def0000c-0000-0000-0000-def00000000c",
        name: "ReadOnlyAdmin",
        administrative: true,
        sees_children: true,
        permits: &[1300],
    },
    Predefined {
        id: "def00011-0000-0000-0000-def000000013",
        name: "TagManager",
        administrative: true,
        sees_children: false,
        permits: &[1300, 1301, 1304],
    },
    Predefined {
        id: "def00011-0000-0000-0000-def000000014",
        name: "BookmarkManager",
        administrative: true,
        sees_children: false,
        permits: &[1300, 1302, 1304],
    },
    Predefined {
        id: "def00011-0000-0000-0000-def000000015",
        name: "EventNotificationManager",
        administrative: true,
        sees_children: false,
        permits: &[1300, 1303, 1304],
    },
    Predefined {
        id: "def00011-0000-0000-0000-def000000016",
        name: "AuditLogManager",
        administrative: true,
        sees_children: false,
        permits: &[1300, 1304],
    },
    Predefined {
        id: "def00013-0000-0000-0000-def000000013",
        name: "MacPoolAdmin",
        administrative: true,
        sees_children: true,
        permits: &[1300, 1660, 1661, 1662, 1663],
    },
    Predefined {
        id: "def00014-0000-0000-0000-def000000014",
        name: "MacPoolUser",
        administrative: false,
        sees_children: true,
        permits: &[1300, 1663],
    },
    Predefined {
        id: "def00020-0000-0000-0000-abc000000010",
        name: "DiskProfileUser",
        administrative: false,
        sees_children: false,
        permits: &[1563],
    },
    Predefined {
        id: "def00006-0000-0000-0000-def000000011",
        name: "UserVmRunTimeManager",
        administrative: false,
        sees_children: false,
        permits: &[
            1, 2, 3, 5, 7, 9, 10, 17, 18, 19, 21, 22, 23, 502, 503, 1100, 1101, 1102, 1104, 1108,
            1109, 1110, 1300, 1668,
        ],
    },
    Predefined {
        id: "def00021-0000-0000-0000-def000000015",
        name: "UserProfileEditor",
        administrative: false,
        sees_children: false,
        permits: &[504],
    },
    Predefined {
        id: "def00030-0000-0000-0000-def000000011",
        name: "VmImporterExporter",
        administrative: true,
        sees_children: true,
        permits: &[8, 1300, 1563, 1668],
    },
    Predefined {
        id: "def00017-0000-0000-0000-def000000017",
        name: "CpuProfileOperator",
        administrative: false,
        sees_children: false,
        permits: &[1668],
    },
    Predefined {
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
        let ids: BTreeSet<RoleId> = SHIPPED.iter().map(|r| r.id).collect();
        assert_eq!(ids.len(), SHIPPED.len(), "ids are unique and well formed");
        assert!(!ids.contains(&RoleId::known(0)));
        for role in SHIPPED.iter() {
            assert_eq!(role.permits().count(), role.permits.len(), "{}", role.name);
            assert!(role.permits.is_sorted(), "{}", role.name);
        }
    }

    #[test]
    fn roles_that_the_engine_gives_are_those_of_their_names() {
        let name = |id| shipped(id).map(|r| r.name.as_str());
        assert_eq!(name(known::SUPER_USER), Some("SuperUser"));
        assert_eq!(name(known::USER_VM_MANAGER), Some("UserVmManager"));
        assert_eq!(name(known::DISK_OPERATOR), Some("DiskOperator"));
        assert_eq!(name(known::TEMPLATE_OWNER), Some("TemplateOwner"));
        assert_eq!(
            name(known::USER_TEMPLATE_BASED_VM),
            Some("UserTemplateBasedVm")
        );
        assert_eq!(name(known::VNIC_PROFILE_USER), Some("VnicProfileUser"));
        assert_eq!(name(known::USER_PROFILE_EDITOR), Some("UserProfileEditor"));
        assert_eq!(name(known::MAC_POOL_USER), Some("MacPoolUser"));
    }

    #[test]
    fn the_super_user_may_everything_but_make_instances_and_edit_profiles() {
        let role = shipped(known::SUPER_USER).unwrap();
        let lacking: Vec<&str> = PERMITS
            .iter()
            .filter(|p| !role.holds(PermitId(p.id)))
            .map(|p| p.name)
            .collect();
        assert_eq!(lacking, ["create_instance", "edit_profile"]);
    }
}
