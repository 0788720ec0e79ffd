//! Choosing a host for a VM: filters take hosts away and say why, weights order the rest.
//!
//! Pure: a decision on facts that the caller took from one snapshot. Reserving the place is the
//! caller's (it commits the choice with its compare-and-set).

mod filters;
mod weights;

use base::{ClusterId, HostId};
use std::fmt;

/// A host as the scheduler sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Its id.
    pub id: HostId,
    /// Its name, for reasons.
    pub name: String,
    /// Its cluster.
    pub cluster: ClusterId,
    /// It is up.
    pub up: bool,
    /// Logical CPUs (cores, or threads where they count as cores).
    pub cpus: u32,
    /// Physical memory in bytes.
    pub memory_bytes: u64,
    /// Memory promised to VMs that run or start there, with their overhead, in bytes.
    pub memory_promised_bytes: u64,
    /// VMs that run or start there.
    pub vms: u32,
    /// Bridges that VMs may be attached to.
    pub bridges: Vec<String>,
    /// Storage domains it has connected.
    pub storage: Vec<base::StorageDomainId>,
}

/// What has to be placed.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Only hosts of this cluster.
    pub cluster: ClusterId,
    /// Only these hosts; empty is any.
    pub only: Vec<HostId>,
    /// Hosts that refused already.
    pub excluded: Vec<HostId>,
    /// vCPUs.
    pub vcpus: u32,
    /// Memory of the guest in bytes.
    pub memory_bytes: u64,
    /// Per cent of a host's memory that may be promised (100: no over-commit).
    pub overcommit_percent: u32,
    /// Bridges its NICs need.
    pub bridges: Vec<String>,
    /// Storage domains its disks lie on.
    pub storage: Vec<base::StorageDomainId>,
}

/// Bytes that QEMU itself needs beside the guest's memory (VDSM's `guest_ram_overhead`, 65 MiB).
pub const GUEST_OVERHEAD_BYTES: u64 = 65 << 20;
/// Bytes kept for the host itself (VDSM's `host_mem_reserve` and `extra_mem_reserve`, 321 MiB).
pub const HOST_RESERVE_BYTES: u64 = 321 << 20;

/// Why a host was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The host's name.
    pub host: String,
    /// The filter, by oVirt's name.
    pub filter: &'static str,
    /// The reason as a clause (`has 512 MiB free for VMs, 1024 MiB are needed`).
    pub reason: String,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "The host {} did not satisfy internal filter {} because it {}.",
            self.host, self.filter, self.reason
        )
    }
}

/// No host can take it; one rejection for each host of the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoHost {
    /// In the order of the candidates.
    pub rejections: Vec<Rejection>,
}

/// Picks a host. O(candidates × (bridges + storage domains of the request)).
///
/// # Errors
/// With every host's reason when none is left.
pub fn choose(request: &Request, candidates: &[Candidate]) -> Result<HostId, NoHost> {
    let mut fit: Vec<&Candidate> = Vec::new();
    let mut rejections = Vec::new();
    for host in candidates.iter().filter(|c| c.cluster == request.cluster) {
        match filters::rejection(request, host) {
            None => fit.push(host),
            Some((filter, reason)) => rejections.push(Rejection {
                host: host.name.clone(),
                filter,
                reason,
            }),
        }
    }
    weights::best(&fit).ok_or(NoHost { rejections })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GIB: u64 = 1 << 30;

    fn host(n: u128, free_gib: u64) -> Candidate {
        Candidate {
            id: HostId::known(n),
            name: format!("h{n}"),
            cluster: ClusterId::known(1),
            up: true,
            cpus: 4,
            memory_bytes: 64 * GIB,
            memory_promised_bytes: (64 - free_gib) * GIB,
            vms: 0,
            bridges: vec!["ovirtmgmt".into()],
            storage: Vec::new(),
        }
    }

    fn request(gib: u64) -> Request {
        Request {
            cluster: ClusterId::known(1),
            only: Vec::new(),
            excluded: Vec::new(),
            vcpus: 2,
            memory_bytes: gib * GIB,
            overcommit_percent: 100,
            bridges: vec!["ovirtmgmt".into()],
            storage: Vec::new(),
        }
    }

    #[test]
    fn the_host_with_most_room_is_taken() {
        let hosts = [host(1, 8), host(2, 32), host(3, 16)];
        assert_eq!(choose(&request(4), &hosts), Ok(HostId::known(2)));
    }

    #[test]
    fn every_reason_is_told() {
        let mut down = host(2, 32);
        down.up = false;
        let mut bare = host(3, 32);
        bare.bridges.clear();
        let mut small = host(4, 32);
        small.cpus = 1;
        let refused = choose(&request(16), &[host(1, 8), down, bare, small]).unwrap_err();
        let words: Vec<String> = refused.rejections.iter().map(ToString::to_string).collect();
        assert!(
            words[0].contains("h1") && words[0].contains("Memory"),
            "{words:?}"
        );
        assert!(words[1].contains("not up"), "{words:?}");
        assert!(words[2].contains("ovirtmgmt"), "{words:?}");
        assert!(words[3].contains("CPU"), "{words:?}");
    }

    #[test]
    fn excluded_pinned_and_foreign_hosts_are_not_taken() {
        let mut foreign = host(3, 60);
        foreign.cluster = ClusterId::known(9);
        let hosts = [host(1, 40), host(2, 30), foreign];
        let mut r = request(4);
        r.excluded = vec![HostId::known(1)];
        assert_eq!(choose(&r, &hosts), Ok(HostId::known(2)));
        r.only = vec![HostId::known(1)];
        assert_eq!(choose(&r, &hosts).unwrap_err().rejections.len(), 2);
    }

    proptest! {
        #[test]
        fn a_chosen_host_has_room(free in proptest::collection::vec(0u64..64, 1..8), want in 1u64..64) {
            let hosts: Vec<Candidate> = free.iter().enumerate().map(|(i, f)| host(i as u128 + 1, *f)).collect();
            match choose(&request(want), &hosts) {
                Ok(id) => {
                    let h = hosts.iter().find(|h| h.id == id).unwrap();
                    prop_assert!(h.memory_promised_bytes + want * GIB + GUEST_OVERHEAD_BYTES + HOST_RESERVE_BYTES <= h.memory_bytes);
                }
                Err(e) => prop_assert_eq!(e.rejections.len(), hosts.len()),
            }
        }
    }
}
