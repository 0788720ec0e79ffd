//! Which of the hosts that can take a VM is the best: most memory left, then fewest VMs, then name.

use crate::Candidate;
use base::HostId;
use std::cmp::Reverse;

/// The best of them; `None` when there are none. Ties go by name, so that a decision can be repeated.
pub(crate) fn best(hosts: &[&Candidate]) -> Option<HostId> {
    hosts
        .iter()
        .max_by_key(|h| {
            (
                h.memory_bytes.saturating_sub(h.memory_promised_bytes),
                Reverse(h.vms),
                Reverse(&h.name),
            )
        })
        .map(|h| h.id)
}
