//! From a snapshot to the scheduler's question: which hosts are there, what does this VM need.

use base::{Fault, HostId};
use domain::hosts::HostStatus;
use domain::vms::Vm;
use projection::Snapshot;
use scheduling::{Candidate, GUEST_OVERHEAD_BYTES, NoHost, Request};
use std::collections::BTreeSet;

/// Chooses a host for a VM, leaving out those that have just failed.
///
/// O(hosts of the cluster × their running VMs).
///
/// # Errors
/// 409 `ACTION_TYPE_FAILED_NO_VDS_AVAILABLE_IN_CLUSTER` with every host's reason.
pub fn choose_host(snapshot: &Snapshot, vm: &Vm, excluded: &[HostId]) -> Result<HostId, Fault> {
    let cluster = snapshot
        .cluster(vm.cluster)
        .ok_or_else(|| Fault::not_found("cluster", vm.cluster))?;
    let request = request(snapshot, vm, excluded, cluster.memory_overcommit_percent)?;
    let candidates: Vec<Candidate> = snapshot
        .hosts()
        .filter(|h| h.cluster == vm.cluster)
        .map(|h| candidate(snapshot, h, |_| true))
        .collect();
    scheduling::choose(&request, &candidates).map_err(|none| no_host("run", &cluster.name, &none))
}

/// Chooses a host for a VM that runs: not one of `excluded`, and the one that somebody wants, if any.
/// What is on its way to a host counts there already.
///
/// O(hosts of the cluster × their running VMs).
///
/// # Errors
/// As [`choose_host`].
pub fn choose_another_host(
    snapshot: &Snapshot,
    vm: &Vm,
    excluded: &[HostId],
    wanted: Option<HostId>,
) -> Result<HostId, Fault> {
    let cluster = snapshot
        .cluster(vm.cluster)
        .ok_or_else(|| Fault::not_found("cluster", vm.cluster))?;
    let mut request = request(snapshot, vm, excluded, cluster.memory_overcommit_percent)?;
    if let Some(wanted) = wanted {
        request.only = vec![wanted];
    }
    let mut candidates: Vec<Candidate> = snapshot
        .hosts()
        .filter(|h| h.cluster == vm.cluster)
        .map(|h| candidate(snapshot, h, |_| true))
        .collect();
    let coming: Vec<(HostId, u64)> = candidates
        .iter()
        .flat_map(|c| snapshot.vms_on_host(c.id))
        .filter_map(|other| {
            let migration = other.run.as_ref()?.migration?;
            Some((migration.to, other.hardware.memory_bytes))
        })
        .collect();
    for (to, bytes) in coming {
        if let Some(candidate) = candidates.iter_mut().find(|c| c.id == to) {
            candidate.memory_promised_bytes = candidate
                .memory_promised_bytes
                .saturating_add(bytes)
                .saturating_add(GUEST_OVERHEAD_BYTES);
            candidate.vms += 1;
        }
    }
    scheduling::choose(&request, &candidates)
        .map_err(|none| no_host("migrate", &cluster.name, &none))
}

/// Does the VM's host still have room for it? Two starts at the same moment may have chosen the same
/// host from the same snapshot: the one that was asked for later gives way.
///
/// # Errors
/// As [`choose_host`], for that host.
pub fn keeps_its_place(snapshot: &Snapshot, vm: &Vm, host: HostId) -> Result<(), Fault> {
    let cluster = snapshot
        .cluster(vm.cluster)
        .ok_or_else(|| Fault::not_found("cluster", vm.cluster))?;
    let Some(host) = snapshot.host(host) else {
        return Err(Fault::not_found("host", host));
    };
    let turn = |vm: &Vm| vm.run.as_ref().map(|r| (r.started.is_none(), r.requested));
    let before = |other: &Vm| other.id != vm.id && (turn(other), other.id) < (turn(vm), vm.id);
    let request = request(snapshot, vm, &[], cluster.memory_overcommit_percent)?;
    let mut candidate = candidate(snapshot, host, before);
    // Only room is asked for again. What was observed may be missing (after a restart of the engine),
    // and only this host can be asked whether the VM runs there already.
    candidate.up = true;
    candidate.storage.clone_from(&request.storage);
    candidate.bridges.clone_from(&request.bridges);
    scheduling::choose(&request, &[candidate])
        .map(drop)
        .map_err(|none| no_host("run", &cluster.name, &none))
}

fn request(
    snapshot: &Snapshot,
    vm: &Vm,
    excluded: &[HostId],
    overcommit_percent: u32,
) -> Result<Request, Fault> {
    let mut bridges = BTreeSet::new();
    for nic in vm.hardware.nics.iter().filter(|n| n.plugged) {
        if let Some(network) = nic
            .profile
            .and_then(|p| snapshot.vnic_profile(p))
            .and_then(|p| snapshot.network(p.network))
        {
            bridges.insert(network.bridge.clone());
        }
    }
    let mut storage = BTreeSet::new();
    for attachment in vm.hardware.disks.iter().filter(|d| d.active) {
        let disk = snapshot
            .disk(attachment.disk)
            .ok_or_else(|| Fault::not_found("disk", attachment.disk))?;
        storage.insert(disk.storage_domain);
    }
    Ok(Request {
        cluster: vm.cluster,
        only: vm.hardware.placement.hosts.clone(),
        excluded: excluded.to_vec(),
        vcpus: vm.hardware.topology.vcpus(),
        memory_bytes: vm.hardware.memory_bytes,
        overcommit_percent,
        bridges: bridges.into_iter().collect(),
        storage: storage.into_iter().collect(),
    })
}

fn candidate(
    snapshot: &Snapshot,
    host: &domain::hosts::Host,
    counts: impl Fn(&Vm) -> bool,
) -> Candidate {
    let facts = host.facts.clone().unwrap_or_default();
    let cluster = snapshot.cluster(host.cluster);
    let cores = facts.cpu_sockets.saturating_mul(facts.cpu_cores);
    let threads = if cluster.is_some_and(|c| c.threads_as_cores) {
        facts.cpu_threads.max(1)
    } else {
        1
    };
    let mut promised = 0u64;
    let mut vms = 0u32;
    for vm in snapshot.vms_on_host(host.id).filter(|vm| counts(vm)) {
        promised = promised
            .saturating_add(vm.hardware.memory_bytes)
            .saturating_add(GUEST_OVERHEAD_BYTES);
        vms += 1;
    }
    Candidate {
        id: host.id,
        name: host.name.clone(),
        cluster: host.cluster,
        up: snapshot.host_status(host.id) == Some(HostStatus::Up),
        cpus: cores.saturating_mul(threads),
        memory_bytes: facts.memory_bytes,
        memory_promised_bytes: promised,
        vms,
        bridges: facts.bridges,
        storage: snapshot
            .host_observed(host.id)
            .map(|o| o.storage.clone())
            .unwrap_or_default(),
    }
}

fn no_host(verb: &str, cluster: &str, none: &NoHost) -> Fault {
    let mut fault = Fault::conflict(
        "ACTION_TYPE_FAILED_NO_VDS_AVAILABLE_IN_CLUSTER",
        format!(
            "Cannot {verb} VM. There is no host in cluster {cluster} that satisfies current scheduling constraints."
        ),
    );
    for rejection in &none.rejections {
        fault = fault.and(rejection.to_string());
    }
    fault
}
