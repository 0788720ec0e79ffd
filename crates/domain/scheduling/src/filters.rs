//! Which hosts can't take a VM, and why. One question each, in the order in which they are asked.

use crate::{Candidate, GUEST_OVERHEAD_BYTES, HOST_RESERVE_BYTES, Request};

type Filter = (&'static str, fn(&Request, &Candidate) -> Option<String>);

/// oVirt's filter names; the first that says no names the reason.
const FILTERS: &[Filter] = &[
    ("Status", status),
    ("PinToHost", pin_to_host),
    ("Rerun", rerun),
    ("CPU", cpu),
    ("Memory", memory),
    ("Network", network),
    ("Storage", storage),
];

/// The first filter that rejects the host, with its reason.
pub(crate) fn rejection(request: &Request, host: &Candidate) -> Option<(&'static str, String)> {
    FILTERS
        .iter()
        .find_map(|(name, filter)| filter(request, host).map(|reason| (*name, reason)))
}

fn status(_: &Request, host: &Candidate) -> Option<String> {
    (!host.up).then(|| "is not up".to_owned())
}

fn pin_to_host(request: &Request, host: &Candidate) -> Option<String> {
    (!request.only.is_empty() && !request.only.contains(&host.id))
        .then(|| "is not one of the hosts the VM is pinned to".to_owned())
}

fn rerun(request: &Request, host: &Candidate) -> Option<String> {
    request
        .excluded
        .contains(&host.id)
        .then(|| "has failed to start the VM just now".to_owned())
}

fn cpu(request: &Request, host: &Candidate) -> Option<String> {
    (request.vcpus > host.cpus)
        .then(|| format!("has {} CPUs, the VM has {} vCPUs", host.cpus, request.vcpus))
}

fn memory(request: &Request, host: &Candidate) -> Option<String> {
    let usable = u128::from(host.memory_bytes) * u128::from(request.overcommit_percent) / 100;
    let used = u128::from(host.memory_promised_bytes) + u128::from(HOST_RESERVE_BYTES);
    let free = usable.saturating_sub(used);
    let needed = u128::from(request.memory_bytes) + u128::from(GUEST_OVERHEAD_BYTES);
    (needed > free).then(|| {
        format!(
            "has {} MiB free for VMs, {} MiB are needed",
            free >> 20,
            needed >> 20
        )
    })
}

fn network(request: &Request, host: &Candidate) -> Option<String> {
    let missing = request.bridges.iter().find(|b| !host.bridges.contains(b))?;
    Some(format!("lacks the network bridge `{missing}`"))
}

fn storage(request: &Request, host: &Candidate) -> Option<String> {
    let missing = request.storage.iter().find(|d| !host.storage.contains(d))?;
    Some(format!("has no connection to storage domain {missing}"))
}
