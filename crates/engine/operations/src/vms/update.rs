//! Changing a VM's configuration.

use super::add::{check_texts, name_is_free};
use super::hardware::{self, HardwareChange};
use crate::deciding::decide;
use crate::{Accepted, Rooms, checks};
use access::Permitted;
use audit::AuditEvent;
use base::{ClusterId, Fault, VmId};
use domain::names::claim_form;
use domain::vms::Vm;
use store::Batch;

/// What is to change; `None` stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VmUpdate {
    /// New name.
    pub name: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// New comment.
    pub comment: Option<String>,
    /// Another cluster of the same data center.
    pub cluster: Option<ClusterId>,
    /// Removal is refused.
    pub delete_protected: Option<bool>,
    /// Hardware.
    pub hardware: HardwareChange,
}

const VERB: &str = "Cannot edit VM";

/// Changes a VM. While it runs only name, texts, delete protection and high availability can change.
///
/// # Errors
/// 400 for a bad name or hardware; 404 for an unknown VM or cluster; 409 for a name in use or a
/// locked VM; 501 for a change that a running VM can't take yet.
pub async fn update(
    call: &Permitted,
    rooms: &Rooms,
    id: VmId,
    change: VmUpdate,
) -> Result<Accepted<VmId>, Fault> {
    decide(rooms, |snapshot, now| {
        let vm = checks::vm(snapshot, id)?;
        checks::vm_is_free(vm, VERB)?;
        let mut next = (**vm).clone();
        if let Some(name) = &change.name {
            next.name.clone_from(name);
        }
        if let Some(description) = &change.description {
            next.description.clone_from(description);
        }
        if let Some(comment) = &change.comment {
            next.comment.clone_from(comment);
        }
        next.delete_protected = change.delete_protected.unwrap_or(next.delete_protected);
        if let Some(cluster) = change.cluster {
            let cluster = checks::cluster(snapshot, cluster)?;
            if cluster.data_center != vm.data_center {
                return Err(Fault::conflict(
                    "ACTION_TYPE_FAILED_CLUSTER_IN_DIFFERENT_DATA_CENTER",
                    format!(
                        "{VERB}. Cluster {} is in another data center.",
                        cluster.name
                    ),
                ));
            }
            next.cluster = cluster.id;
        }
        change.hardware.apply(&mut next.hardware)?;
        check_texts(&next.name, &next.description, &next.comment)?;
        if claim_form(&next.name) != claim_form(&vm.name) {
            name_is_free(snapshot, vm.data_center, &next.name, VERB)?;
        }
        hardware::check_hosts(snapshot, &next.hardware, next.cluster)?;
        if vm.run.is_some() && !may_change_running(vm, &next) {
            return Err(Fault::not_supported(format!(
                "changing the hardware or cluster of the running VM {}; shut it down first",
                vm.name
            )));
        }
        let mut batch = Batch::new();
        if next != **vm {
            batch.event(AuditEvent::VmUpdated { vm: next.clone() }.at(call, now));
            batch.put(next);
        }
        Ok((batch, Accepted::done(id)))
    })
    .await
}

/// Nothing differs but what a running machine does not see.
fn may_change_running(vm: &Vm, next: &Vm) -> bool {
    let mut hardware = next.hardware.clone();
    hardware.high_availability = vm.hardware.high_availability;
    hardware == vm.hardware && next.cluster == vm.cluster
}
