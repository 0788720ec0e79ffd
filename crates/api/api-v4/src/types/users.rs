//! Users, groups, roles and permissions.

use super::{
    Cluster, DataCenter, Disk, Host, Ip, NotifiableEvent, NotificationMethod, Property,
    StorageDomain, Tag, Template, Vm, VmPool,
};
use api_schema::api_type;

api_type! {
    /// A user.
    entity User = "user", "users" {
        name: String,
        description: String,
        comment: String,
        department: String,
        domain: Box<Domain>,
        domain_entry_id: String,
        email: String,
        groups: Vec<Group> = linked,
        last_name: String,
        logged_in: bool,
        namespace: String,
        options: Vec<UserOption> = linked,
        password: String,
        permissions: Vec<Permission> = linked,
        principal: String,
        roles: Vec<Role> = linked,
        ssh_public_keys: Vec<SshPublicKey> = linked,
        tags: Vec<Tag> = linked,
        user_name: String,
        user_options: Vec<Property>,
    }

    /// A stored preference of a user.
    entity UserOption = "user_option", "user_options" {
        name: String,
        description: String,
        comment: String,
        content: String,
        user: Box<User>,
    }

    /// A group of users.
    entity Group = "group", "groups" {
        name: String,
        description: String,
        comment: String,
        domain: Box<Domain>,
        domain_entry_id: String,
        namespace: String,
        permissions: Vec<Permission> = linked,
        roles: Vec<Role> = linked,
        tags: Vec<Tag> = linked,
    }

    /// A role: a set of permits.
    entity Role = "role", "roles" {
        name: String,
        description: String,
        comment: String,
        administrative: bool,
        mutable: bool,
        permits: Vec<Permit> = linked,
        user: Box<User>,
    }

    /// One thing that a role allows.
    entity Permit = "permit", "permits" {
        name: String,
        description: String,
        comment: String,
        administrative: bool,
        role: Box<Role>,
    }

    /// A role given to a user or group on an object.
    entity Permission = "permission", "permissions" {
        name: String,
        description: String,
        comment: String,
        cluster: Box<Cluster>,
        data_center: Box<DataCenter>,
        disk: Box<Disk>,
        group: Box<Group>,
        host: Box<Host>,
        role: Box<Role>,
        storage_domain: Box<StorageDomain>,
        template: Box<Template>,
        user: Box<User>,
        vm: Box<Vm>,
        vm_pool: Box<VmPool>,
    }

    /// A directory of users.
    entity Domain = "domain", "domains" {
        name: String,
        description: String,
        comment: String,
        groups: Vec<Group> = linked,
        user: Box<User>,
        users: Vec<User> = linked,
    }

    /// A key of a user for the serial console.
    entity SshPublicKey = "ssh_public_key", "ssh_public_keys" {
        name: String,
        description: String,
        comment: String,
        content: String,
        user: Box<User>,
    }

    /// A key that a guest shall trust.
    entity AuthorizedKey = "authorized_key", "authorized_keys" {
        name: String,
        description: String,
        comment: String,
        key: String,
        user: Box<User>,
    }

    /// Somebody at a VM's console.
    entity Session = "session", "sessions" {
        name: String,
        description: String,
        comment: String,
        console_user: bool,
        ip: Box<Ip>,
        protocol: String,
        user: Box<User>,
        vm: Box<Vm>,
    }

    /// An event that a user wants to be told of.
    entity EventSubscription = "event_subscription", "event_subscriptions" {
        name: String,
        description: String,
        comment: String,
        address: String,
        event: NotifiableEvent,
        notification_method: NotificationMethod,
        user: Box<User>,
    }
}
