//! From the domain's nouns to v4 types, and from v4 bodies to the verbs' inputs.
//!
//! These are the signatures that `services` calls; their bodies follow, one file for each noun.

#![allow(missing_docs)]
use base::Fault;
use domain::{
    clusters::Cluster, data_centers::DataCenter, disks::Disk, events::Event, hosts::Host, jobs::*,
    networks::*, storage::StorageDomain, templates::Template, users::User, vms::*,
};
use projection::Snapshot;
macro_rules! show { ($($n:ident($($a:ty),*) -> $t:ty;)*) => { $(pub fn $n($(_: $a),*) -> $t { Default::default() })* } }
macro_rules! take { ($($n:ident($($a:ty),*) -> $t:ty;)*) => { $(pub fn $n($(_: $a),*) -> Result<$t, Fault> { Err(Fault::not_supported(stringify!($n))) })* } }
show! {
 vm(&Snapshot,&Vm)->api_v4::Vm; data_center(&Snapshot,&DataCenter)->api_v4::DataCenter; cluster(&Snapshot,&Cluster)->api_v4::Cluster;
 host(&Snapshot,&Host)->api_v4::Host; host_nics(&Snapshot,&Host)->Vec<api_v4::HostNic>; host_statistics(&Snapshot,&Host)->Vec<api_v4::Statistic>;
 network(&Snapshot,&Network)->api_v4::Network; vnic_profile(&Snapshot,&VnicProfile)->api_v4::VnicProfile;
 storage_domain(&Snapshot,&StorageDomain)->api_v4::StorageDomain; disk(&Snapshot,&Disk)->api_v4::Disk;
 vm_statistics(&Snapshot,&Vm)->Vec<api_v4::Statistic>; reported_devices(&Snapshot,&Vm)->Vec<api_v4::ReportedDevice>;
 graphics_consoles(&Snapshot,&Vm,bool)->Vec<api_v4::GraphicsConsole>;
 vm_nic(&Snapshot,&Vm,&Nic)->api_v4::Nic; vm_disk_attachment(&Snapshot,&Vm,&DiskAttachment)->api_v4::DiskAttachment;
 template(&Snapshot,&Template)->api_v4::Template; template_nic(&Snapshot,&Template,&Nic)->api_v4::Nic; template_disk_attachment(&Snapshot,&Template,&DiskAttachment)->api_v4::DiskAttachment;
 event(&Snapshot,&Event)->api_v4::Event; job(&WorkflowRow)->api_v4::Job; step(&WorkflowRow,usize,&StepRow)->api_v4::Step; user(&Snapshot,&User)->api_v4::User;
}
take! {
 vm_add(&Snapshot,&api_v4::Vm)->operations::vms::add::VmAdd; vm_update(&Snapshot,&api_v4::Vm)->operations::vms::update::VmUpdate;
 nic_add(&Snapshot,&Vm,&api_v4::Nic)->operations::vms::nics::add::NicAdd; nic_update(&Snapshot,&Vm,&api_v4::Nic)->operations::vms::nics::update::NicUpdate;
 disk_add(&Snapshot,&api_v4::Disk)->operations::disks::add::DiskAdd; disk_update(&Snapshot,&api_v4::Disk)->operations::disks::update::DiskUpdate;
 disk_attach(&Snapshot,&api_v4::DiskAttachment)->operations::disks::attach::DiskAttach;
 disk_add_attached(&Snapshot,&Vm,&api_v4::DiskAttachment)->operations::disks::add::DiskAdd;
 attachment_update(&Snapshot,&api_v4::DiskAttachment)->operations::disks::attachment_update::AttachmentUpdate;
 template_add(&Snapshot,&api_v4::Template)->operations::templates::add::TemplateAdd;
}
