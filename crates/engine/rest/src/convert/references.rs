//! References to other entities as they stand within one: id and address, so that clients can follow.

use super::links::href;
use base::{
    ClusterId, DataCenterId, DiskId, GroupId, HostId, MacPoolId, NetworkId, RoleId,
    SchedulingPolicyId, StorageDomainId, TagId, TemplateId, UserId, VmId, VnicProfileId,
    WorkflowId,
};

macro_rules! references {
    ($($name:ident($id:ty) -> $type:ident at $path:literal;)*) => {$(
        pub(super) fn $name(id: $id) -> Box<api_v4::$type> {
            Box::new(api_v4::$type {
                href: Some(href(&format!(concat!($path, "/{}"), id))),
                id: Some(id.to_string()),
                ..api_v4::$type::default()
            })
        }
    )*};
}

references! {
    data_center(DataCenterId) -> DataCenter at "datacenters";
    cluster(ClusterId) -> Cluster at "clusters";
    mac_pool(MacPoolId) -> MacPool at "macpools";
    host(HostId) -> Host at "hosts";
    storage_domain(StorageDomainId) -> StorageDomain at "storagedomains";
    disk(DiskId) -> Disk at "disks";
    network(NetworkId) -> Network at "networks";
    vnic_profile(VnicProfileId) -> VnicProfile at "vnicprofiles";
    template(TemplateId) -> Template at "templates";
    vm(VmId) -> Vm at "vms";
    user(UserId) -> User at "users";
    job(WorkflowId) -> Job at "jobs";
    scheduling_policy(SchedulingPolicyId) -> SchedulingPolicy at "schedulingpolicies";
    tag(TagId) -> Tag at "tags";
    role(RoleId) -> Role at "roles";
    group(GroupId) -> Group at "groups";
}
