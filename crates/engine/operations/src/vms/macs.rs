//! Addresses for network cards, from a cluster's MAC pool.

use base::Fault;
use domain::networks::{MacAddress, MacPool};
use projection::Snapshot;
use std::collections::HashSet;

/// Hands out addresses that no VM has. A commit that loses the address to another card decides again.
pub(crate) struct Macs<'a> {
    pool: &'a MacPool,
    taken: HashSet<MacAddress>,
}

impl<'a> Macs<'a> {
    /// The pool of a cluster. O(network cards of all VMs).
    pub(crate) fn of(
        snapshot: &'a Snapshot,
        cluster: &domain::clusters::Cluster,
    ) -> Result<Self, Fault> {
        let pool = snapshot
            .mac_pool(cluster.mac_pool)
            .ok_or_else(|| Fault::not_found("MAC pool", cluster.mac_pool))?;
        let taken = snapshot
            .vms()
            .flat_map(|vm| vm.hardware.nics.iter().map(|n| n.mac))
            .collect();
        Ok(Macs { pool, taken })
    }

    /// The first free address. O(addresses taken).
    ///
    /// # Errors
    /// 409 `MAC_POOL_NOT_ENOUGH_MAC_ADDRESSES`.
    pub(crate) fn next(&mut self) -> Result<MacAddress, Fault> {
        let free = self
            .pool
            .ranges
            .iter()
            .flat_map(|(first, last)| first.number()..=last.number())
            .filter_map(MacAddress::from_number)
            .find(|mac| !self.taken.contains(mac));
        let mac = free.ok_or_else(|| {
            Fault::conflict(
                "MAC_POOL_NOT_ENOUGH_MAC_ADDRESSES",
                format!("MAC pool {} has no free address left.", self.pool.name),
            )
        })?;
        self.taken.insert(mac);
        Ok(mac)
    }

    /// An address given by hand is free.
    ///
    /// # Errors
    /// 409 `NETWORK_MAC_ADDRESS_IN_USE`.
    pub(crate) fn check(&self, mac: MacAddress) -> Result<(), Fault> {
        if self.taken.contains(&mac) {
            return Err(Fault::conflict(
                "NETWORK_MAC_ADDRESS_IN_USE",
                format!("MAC address {mac} is already in use."),
            ));
        }
        Ok(())
    }
}
