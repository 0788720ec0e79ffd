//! Addresses for network cards, from a cluster's MAC pool.

use base::Fault;
use domain::networks::{MacAddress, MacPool};
use projection::Snapshot;

/// Hands out addresses that no VM has. A commit that loses the address to another card decides again.
pub(crate) struct Macs<'a> {
    snapshot: &'a Snapshot,
    pool: &'a MacPool,
    /// Handed out in this decision.
    handed: Vec<MacAddress>,
}

impl<'a> Macs<'a> {
    /// The pool of a cluster.
    pub(crate) fn of(
        snapshot: &'a Snapshot,
        cluster: &domain::clusters::Cluster,
    ) -> Result<Self, Fault> {
        let pool = snapshot
            .mac_pool(cluster.mac_pool)
            .ok_or_else(|| Fault::not_found("MAC pool", cluster.mac_pool))?;
        Ok(Macs {
            snapshot,
            pool,
            handed: Vec::new(),
        })
    }

    /// The lowest free address. O(log n) for each range and each one handed out before.
    ///
    /// # Errors
    /// 409 `MAC_POOL_NOT_ENOUGH_MAC_ADDRESSES`.
    pub(crate) fn next(&mut self) -> Result<MacAddress, Fault> {
        let free = self
            .pool
            .ranges
            .iter()
            .find_map(|(first, last)| self.free(*first, *last));
        let mac = free.ok_or_else(|| {
            Fault::conflict(
                "MAC_POOL_NOT_ENOUGH_MAC_ADDRESSES",
                format!("MAC pool {} has no free address left.", self.pool.name),
            )
        })?;
        self.handed.push(mac);
        Ok(mac)
    }

    fn free(&self, mut first: MacAddress, last: MacAddress) -> Option<MacAddress> {
        loop {
            let mac = self.snapshot.free_mac(first, last)?;
            if !self.handed.contains(&mac) {
                return Some(mac);
            }
            first = MacAddress::from_number(mac.number() + 1)?;
        }
    }

    /// May several cards have an address that was given by hand?
    pub(crate) fn shared(&self) -> bool {
        self.pool.allow_duplicates
    }

    /// An address given by hand is free, or the pool allows duplicates.
    ///
    /// # Errors
    /// 409 `NETWORK_MAC_ADDRESS_IN_USE`.
    pub(crate) fn check(&self, mac: MacAddress) -> Result<(), Fault> {
        if self.shared() || !self.snapshot.mac_is_taken(mac) {
            return Ok(());
        }
        Err(Fault::conflict(
            "NETWORK_MAC_ADDRESS_IN_USE",
            format!("MAC address {mac} is already in use."),
        ))
    }
}
